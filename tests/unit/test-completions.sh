#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What bash offers for words that were begun. Usage: test-completions.sh SEASTAT SEATOP DIR

seastat=$1 seatop=$2 dir=$3 number=0 failed=0
# shellcheck source=/dev/null
. "$dir/seastat" && . "$dir/seatop" || exit 1

# offers EXPECTED FUNCTION WORD...: the last of the words is the one that was begun.
offers()
{
	local expected=$1 function=$2
	shift 2
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	"$function"
	number=$((number + 1))
	if [ "${COMPREPLY[*]}" = "$expected" ]; then
		echo "ok $number - ${*:2}"
	else
		failed=1
		echo "not ok $number - ${*:2}"
		echo "# ${COMPREPLY[*]}"
	fi
}

offers "record" _seastat "$seastat" rec
offers "--keep-days --keep-size --keep-unacked --keep-unexported" _seastat "$seastat" record --keep
offers "--names" _seastat "$seastat" record --nam
offers "--addresses" _seastat "$seastat" export --add
offers "" _seastat "$seastat" export /tm
offers "--replay" _seatop "$seatop" --rep
echo "1..$number"
exit "$failed"
