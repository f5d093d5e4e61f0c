#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and runs padding.c. Usage: padding.sh GCC HEADER SOURCE INCLUDE...
set -e
gcc=$1 header=$2 source=$3
shift 3
program=$(mktemp)
trap 'rm -f "$program"' EXIT
"$gcc" -D_GNU_SOURCE -std=gnu11 "${@/#/-I}" -o "$program" "$source"
"$program" >"$header"
