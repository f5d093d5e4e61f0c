#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run-fuzzer.sh REPLAY FUZZ CORPUS: a short run from the corpus, with the dictionary
# that is beside it for some. What it finds is left in the directory of the test, with
# the command that shows it again. FUZZ_SECONDS makes it a longer one, and FUZZ_TIMEOUT
# gives each input more than 5 seconds: at the lowest priority, say.

set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
"$1" "$3" "$work/corpus"
dictionary=${3%/*}/../$(basename "$3" .txt).dict
[ ! -e "$dictionary" ] || set -- "$@" "-dict=$dictionary"
"$2" ${4:+"$4"} -max_total_time="${FUZZ_SECONDS:-5}" -timeout="${FUZZ_TIMEOUT:-5}" -max_len=8192 -print_final_stats=1 \
	-artifact_prefix="$PWD/${2##*/}-" "$work/corpus"
