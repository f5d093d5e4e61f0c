#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recordings of tests/samples: they are read whole, and show what there can be.
#
# Usage: test-samples.sh SEASTAT SEATOP SAMPLE...

seastat=$(realpath "$1") seatop=$(realpath "$2")
shift 2
# shellcheck source=tests/unit/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"

# same_bytes SAMPLE: into a store and out of it again
same_bytes()
{
	rm -f "$tmp/sea.db"
	"$seastat" import ndjson "$1" --store "$tmp/sea.db" &&
		"$seastat" export --addresses "$tmp/sea.db" >"$tmp/again" && cmp "$1" "$tmp/again"
}

# replayed SAMPLE: its last table counts SEAs, and says that it is a recording's.
# 2: something was lost, which the recording says.
replayed()
{
	"$seatop" --json --replay "$1" >"$tmp/lines" || [ $? -eq 2 ] || return 1
	tail -n 1 "$tmp/lines" | grep '"replayed":true' | grep -q '"total":[1-9]'
}

is_small()
{
	[ "$(stat -c %s "$1")" -lt $((300 * 1024)) ]
}

for sample; do
	name=${sample##*/}
	check "$name: into a store and out of it: the same bytes" same_bytes "$sample"
	check "$name: is replayed" replayed "$sample"
	check "$name: is small" is_small "$sample"
done
for word in '"disposition":"'{claimed,host_owned,not_opted_in,forwarded}'"' \
	'"reason":"'{no_ras,vncr,s2_walk,ambiguous_walk}'"' '"response":"'{injected,resumed,abandoned}'"' \
	'"why":"the recorder was stopped"' '"lost":{"disarmed":' '"lost":{"ratelimit":' \
	'"before_forwarded":[1-9]' '"kind":"sigbus"' '"wait_status":7'; do
	check "one of them has $word" grep -q "$word" "$@"
done
finish
