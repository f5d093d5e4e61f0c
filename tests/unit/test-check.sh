#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seastat check over fleets that are made up: what it says, with which exit status.
# Usage: test-check.sh SEASTAT MADE-UP-FLEET SOURCE-ROOT; prints TAP.

set -u

seastat=$(realpath "$1") fleet=$(realpath "$2") root=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C.UTF-8 TZ=UTC
number=0 failed=0

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
	tell "$name" "$ok"
}

# tell NAME yes|no
tell()
{
	number=$((number + 1))
	if [ "$2" = yes ]; then
		echo "ok $number - $1"
	else
		failed=1
		echo "not ok $number - $1"
		sed 's/^/# stdout: /' out
		sed 's/^/# stderr: /' err
	fi
}

# schema NAME: out is what the schema says.
schema()
{
	python3 -c '
import json, sys, jsonschema
jsonschema.validate(json.load(open("out")), json.load(open(sys.argv[1])))' \
		"$root/docs/seatop-$1-1.schema.json" 2>err
}

mkdir fleet
"$fleet" fleet 100 3 || exit 1
run=("$seastat" check)
printf '[opted_in]\nat_least = 99%%\n[abandoned]\nat_most = 0\n' >good
printf '[opted_in]\nat_least = 99%%\n[not_opted_in]\nat_most = 0\n[sigbus]\nat_most = 0\nleast_seas = 2\n' >few
printf '[label ring]\ncanary = hv0000[1-9]\nrest = *\n' >labels

check "no policy" 3 '' '^seastat: which policy' "${run[@]}" fleet
check "no recording" 3 '' '^seastat: which recordings' "${run[@]}" --policy good
check "a policy that is not there" 3 '' '^seastat: cannot read nosuch: No such file' \
	"${run[@]}" --policy nosuch fleet
printf '[sigbus]\n\nat_most = none\n' >bad
check "a policy that is wrong: file and line" 3 '' "^seastat: bad:3: 'none' is no bound" \
	"${run[@]}" --policy bad fleet
check "--help" 0 'Usage: seastat check \[OPTION...\] STORE\.\.\.' '' "${run[@]}" --help
check "a directory without recordings" 3 '' '^seastat: no recording is in' "${run[@]}" --policy good .

check "pass" 0 '^pass$' '' "${run[@]}" --policy good fleet
tell "the fleet is summed up" "$(grep -qF \
	'100 recordings, 100 hosts, 4.8e+04 VM-hours, 1 SEAs of 1 VMs, 2026-11-23T00:00:00Z to 2026-11-24T00:00:00Z' out &&
	echo yes || echo no)"
check "pass, as JSON" 0 '"verdict":"pass"' '' "${run[@]}" --json --policy good fleet
tell "that is as the schema says" "$(schema check && echo yes || echo no)"
check "cannot tell" 2 '^cannot tell sigbus .*' '' "${run[@]}" --policy few fleet
check "cannot tell, as JSON" 2 '"verdict":"cannot_tell"' '' "${run[@]}" --json --policy few fleet
tell "that is as the schema says" "$(schema check && echo yes || echo no)"
python3 -c 'import sqlite3; d = sqlite3.connect("fleet/hv00007.db"); d.execute("UPDATE tick_listed SET opt_in = 1"); d.commit()'
check "one host of 100: 1%" 0 '^pass        opted_in .*1980 of 2000 running VMs' '' "${run[@]}" --policy good fleet
check "that host" 1 '^fail        opted_in .* 0 of 20 running VMs' '' "${run[@]}" --policy good --host hv00007 fleet
check "by label" 1 '^fail .* 160 of 180 running VMs' '' "${run[@]}" --policy good --labels labels --label ring=canary fleet
check "no such label" 3 '' '^seastat: no host can have the label ring=x' "${run[@]}" --policy good --labels labels --label ring=x fleet
check "no label" 3 '' "^seastat: 'ring' is no label" "${run[@]}" --policy good --label ring fleet
check "by the VM's name" 2 ' 100 running VMs|99 of 100 running VMs' '' "${run[@]}" --policy good --vm vm20 fleet
check "fail, as JSON" 1 '"verdict":"fail"' '' "${run[@]}" --json --policy good --host hv00007 fleet
tell "that is as the schema says" "$(schema check && echo yes || echo no)"
check "a host that is not there" 2 '0 hosts' '' "${run[@]}" --policy good --host nosuch fleet
check "half of the time nobody watched" 2 'cannot tell gaps .*1200 h of 2400 h \(50%\)' '' \
	"${run[@]}" --policy good --since 2026-11-23T12:00:00Z --until 2026-11-24T12:00:00Z fleet
check "--since alone is until now" 2 '^cannot tell gaps' '' "${run[@]}" --policy good --since 2026-11-23 fleet
check "a time that is none" 3 '' "^seastat: 'noon' is no time" "${run[@]}" --policy good --since noon fleet
check "a window the wrong way around" 3 '' 'is not before' \
	"${run[@]}" --policy good --since 2026-11-24 --until 2026-11-23 fleet
echo letters >fleet/letters.db
check "one that cannot be read" 2 '^cannot tell opted_in .*' '^seastat check: cannot use fleet/letters.db' \
	"${run[@]}" --policy good fleet
rm fleet/letters.db
"$seastat" export fleet/hv00100.db >text
check "the text form" 0 '^pass$' '' "${run[@]}" --policy good text
check "one and the same, twice" 0 '1 sessions are in more than one recording' '' \
	"${run[@]}" --policy good text fleet/hv00100.db
check "the output on a full disk" 3 '' '^seastat: cannot write' sh -c '"$@" >/dev/full' sh "${run[@]}" --policy good text

# Compare: half of the hosts lose all their VMs to SIGBUS.
mkdir worse
cp fleet/hv000*.db worse
python3 - <<'END'
import glob, sqlite3
for path in glob.glob("worse/hv0000*.db"):
    db = sqlite3.connect(path)
    db.execute("INSERT INTO vm_end SELECT 1000 + vm, 1, 1, 1795395600000000000, vm, 1, 7 FROM vm_session")
    db.commit()
END
compare=("$seastat" compare)
check "compare one" 3 '' '^seastat: which two' "${compare[@]}" fleet
check "compare three" 3 '' "^seastat: 'text' is one argument too many" "${compare[@]}" fleet fleet text
check "a ratio that is none" 3 '' "^seastat: '1' is no ratio" "${compare[@]}" --ratio 1 fleet fleet
check "a power that is none" 3 '' "^seastat: '100' is no power" "${compare[@]}" --power 100 fleet fleet
check "compare with itself" 2 '^cannot tell sigbus ' '' "${compare[@]}" fleet fleet
check "compare with worse" 1 '^fail        sigbus +0 in 4.8e\+04 h +180 in ' '' "${compare[@]}" fleet worse
check "as JSON" 1 '"verdict":"fail"' '' "${compare[@]}" --json fleet worse
tell "that is as the schema says" "$(schema compare && echo yes || echo no)"
check "the other way around" 2 '^pass        sigbus ' '' "${compare[@]}" worse fleet
check "two windows of one" 2 '^cannot tell seas +1 in 2.4e\+04 h +0 in 2.4e\+04 h' '' "${compare[@]}" \
	--base-until 2026-11-23T12:00:00Z --new-since 2026-11-23T12:00:00Z --new-until 2026-11-24T00:00:00Z fleet fleet
check "no difference on data that is incomplete" 2 'no difference is told, as the data is incomplete: new: see rule gaps' '' \
	"${compare[@]}" --new-until 2026-11-25T00:00:00Z fleet worse
tell "none of them is told" "$([ "$(grep -c '^fail\|^pass' out)" -eq 0 ] && echo yes || echo no)"
printf '[gaps]\nat_most = 60%%\n[sigbus]\nat_most = 0\n' >lax
check "unless a policy allows for it" 1 '^fail        sigbus ' '' \
	"${compare[@]}" --policy lax --new-until 2026-11-25T00:00:00Z fleet worse
check "compare --help" 0 'BASE NEW' '' "${compare[@]}" --help

# On a terminal it says how far it is: here it waits for its first recording of two.
mkdir slow
mkfifo slow/a.ndjson
cp fleet/hv00002.db slow/b.db
script -qec "$seastat check --policy good slow" terminal </dev/null >/dev/null 2>err &
shows=$!
{
	# Progress is shown after 0.2 s at the earliest.
	sleep 0.5
	"$seastat" export fleet/hv00001.db
} >slow/a.ndjson
wait "$shows"
tr '\r' '\n' <terminal >out
tell "progress is shown on a terminal" "$(grep -q '^1 of 2 recordings' out && echo yes || echo no)"
tell "it is gone when the verdict comes" \
	"$(grep -A 1 '^1 of 2 recordings' out | tail -n 1 | grep -q $'^\033\\[K2 recordings, 2 hosts' && echo yes || echo no)"

check "--as-rules takes no recording" 3 '' '^seastat: --as-rules' "${run[@]}" --as-rules --policy good fleet
check "--as-rules" 0 'alert: SeaOptedIn' '' "${run[@]}" --as-rules --policy "$root/contrib/policy.conf"
# The causes of the policy's alert are among those of the other one.
causes=$(sed -n '/alert: SeaLosses/,/for:/s/.*cause=~"\([^"]*\)".*/\1/p' out | head -n 1)
missing=$(tr '|' '\n' <<<"$causes" | while read -r cause; do
	grep -qE "sea_lost_total\{cause=~\"([^\"]*\|)?$cause(\|[^\"]*)?\"" \
		"$root/contrib/prometheus/seatop.rules.yml" || echo "$cause"
done)
tell "the alert over losses has all causes that make counts too low" \
	"$([ -n "$causes" ] && [ -z "$missing" ] && echo yes || echo no)"
promtool=${PROMTOOL:-promtool}
if command -v "$promtool" >/dev/null; then
	cp out rules.yml
	cp "$root/tests/unit/policy-rules-test.yml" .
	check "promtool takes the rules" 0 'SUCCESS: [0-9]+ rules found' '' "$promtool" check rules rules.yml
	check "promtool tests the rules" 0 'SUCCESS' '' "$promtool" test rules policy-rules-test.yml
else
	echo "ok $((number += 1)) - promtool # SKIP no promtool; ./check has one"
fi

echo "1..$number"
exit "$failed"
