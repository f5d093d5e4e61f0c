# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the shell tests share: a directory $tmp of their own, and tests as TAP. Sourced,
# never run. A test ends with `finish`.

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
number=0 failed=0

# check NAME COMMAND...: one test. If it fails, what it said is shown, and what the last
# run() left.
check()
{
	local name=$1 file
	shift
	number=$((number + 1))
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $number - $name"
		return
	fi
	failed=1
	echo "not ok $number - $name"
	for file in said out err; do
		[ ! -s "$tmp/$file" ] || head -n 20 "$tmp/$file" | sed "s/^/# $file: /"
	done
}

# run STATUS COMMAND...: output to $tmp/out and $tmp/err
run()
{
	local expected=$1 rc=0
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" || rc=$?
	[ "$rc" -eq "$expected" ]
}

# says TEXT: a line on standard error has it.
says()
{
	grep -qF -- "$1" "$tmp/err"
}

# says_only TEXT: it is the one line there.
says_only()
{
	[ "$(wc -l <"$tmp/err")" -eq 1 ] && says "$1"
}

finish()
{
	echo "1..$number"
	exit "$failed"
}
