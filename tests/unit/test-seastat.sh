#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seastat's command line: what it says, to whom, and with which exit status.
# Usage: test-seastat.sh SEASTAT; prints TAP.

set -u

seastat=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C.UTF-8

number=0
failed=0

# check NAME STATUS OUT ERR COMMAND...: patterns (grep -E) that standard output
# and error have; an empty one: nothing is written there. One line of error at most.
check()
{
	local name=$1 status=$2 out=$3 err=$4 rc=0 ok=yes
	shift 4
	"$@" >out 2>err </dev/null || rc=$?
	[ "$rc" -eq "$status" ] || ok=no
	if [ -n "$out" ]; then grep -qE -- "$out" out || ok=no; else [ ! -s out ] || ok=no; fi
	if [ -n "$err" ]; then grep -qE -- "$err" err || ok=no; else [ ! -s err ] || ok=no; fi
	[ "$(wc -l <err)" -le 1 ] || ok=no
	number=$((number + 1))
	if [ "$ok" = yes ]; then
		echo "ok $number - $name"
	else
		failed=1
		echo "not ok $number - $name"
		echo "# exit status $rc, expected $status"
		sed 's/^/# stdout: /' out
		sed 's/^/# stderr: /' err
	fi
}

full_disk()
{
	"$@" >/dev/full
}

check "no verb" 3 '' '^seastat: which verb' "$seastat"
check "an unknown verb" 3 '' "^seastat: no verb is called 'dcotor'" "$seastat" dcotor
check "--help" 0 'doctor +can this host' '' "$seastat" --help
check "--version" 0 '^seastat [0-9]' '' "$seastat" --version
for verb in doctor names; do
	check "$verb --help" 0 "^Usage: seastat $verb " '' "$seastat" "$verb" --help
	check "$verb, an unknown option" 3 '' "^seastat $verb: .*nosuch" "$seastat" "$verb" --nosuch
	check "$verb, one argument too many" 3 '' "^seastat: 'x' is one argument" \
		"$seastat" "$verb" x
	check "$verb, a file of names that is not there" 3 '' '^seastat: .*/nonexistent' \
		"$seastat" "$verb" --names /nonexistent
	check "$verb --help on a full disk" 3 '' '^seastat: cannot write' \
		full_disk "$seastat" "$verb" --help
done

if [ "$(uname -m)" != aarch64 ]; then
	check "doctor on another machine" 3 '^impossible tracing .*needs arm64 KVM' '' \
		"$seastat" doctor
	check "doctor --json on another machine" 3 '"status":3,"level":"impossible"' '' \
		"$seastat" doctor --json
	check "doctor on a full disk" 3 '' '^seastat: cannot write.*No space' \
		full_disk "$seastat" doctor
	check "names on another machine" 3 '' '^seastat: .*needs arm64 KVM' "$seastat" names
fi

echo "1..$number"
exit "$failed"
