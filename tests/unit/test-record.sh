#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seastat record, export and import, and seatop --replay, over a made-up feed.
#
# Usage: test-record.sh SEASTAT-FAKE SEATOP

seastat=$(realpath "$1") seatop=$(realpath "$2")
# shellcheck source=tests/unit/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"
cd "$tmp" || exit 1

# SEAs that a recording's ticks add up to
seas()
{
	python3 -c '
import json, sys
rows = [r for l in sys.stdin for r in json.loads(l).get("rows", [])]
kinds = ("claimed", "host_owned", "not_opted_in", "forwarded", "unknown")
print(sum(r.get(k, 0) for r in rows for k in kinds if r.get("row") != "gone"))'
}

MADE_UP=vms=5,details=2,lost.ring_full=1 "$seastat" record --store sea.db --interval 0.1 2>err &
recorder=$!
# Five ticks are enough, whenever they are there.
until [ "$("$seastat" export sea.db 2>/dev/null | grep -c '"type":"tick"')" -ge 5 ]; do
	kill -0 "$recorder" 2>/dev/null || break
	sleep 0.2
done
check "a second recorder is refused" run 3 "$seastat" record --store sea.db
check "a second recorder is refused in one line" says_only "another recorder does"
kill -TERM "$recorder"
wait "$recorder"
check "the recorder ends well" [ "$?" -eq 0 ]

check "export" run 0 "$seastat" export --addresses sea.db
mv out first
check "a header, a session, its end" [ "$(grep -c '"type":"session"\|"type":"recording"' first)" -eq 3 ]
check "details are in it" grep -q '"type":"sea"' first
check "import" run 0 "$seastat" import ndjson first --store again.db
check "export again" run 0 "$seastat" export --addresses again.db
check "the same bytes" cmp -s out first
check "text from text" run 0 "$seastat" export --addresses first
check "the same bytes from text" cmp -s out first

# mark NAME: the number of the last record that the mark is behind
mark()
{
	python3 - "$1" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect("sea.db").execute("SELECT seq FROM mark WHERE name = ?", sys.argv[1:]).fetchone())
PYTHON
}

check "no mark without --mark" [ "$(mark exported)" = None ]
check "export --mark" run 0 "$seastat" export --mark sea.db
check "it is behind the last record" [ "$(mark exported)" = "($(grep -vc '"type":"recording"' out),)" ]
check "a text has no marks" run 3 "$seastat" export --mark first
check "that is told in a line" says_only "cannot use first: it is no recording"

check "replay a store" run 2 "$seatop" --json --replay sea.db
tail -n 1 out >last
check "the last line counts what the ticks add up to" \
	[ "$(python3 -c 'import json; print(json.load(open("last"))["totals"]["total"])')" = "$(seas <first)" ]
check "it says that it is a recording's" grep -q '"replayed":true' last
"$seatop" --json --replay - <first >out 2>err
check "replay text from standard input" [ "$(tail -n 1 out)" = "$(cat last)" ]
check "replay as tables" run 2 "$seatop" --batch --replay sea.db
check "nothing is said of tracing" [ ! -s err ]
check "replay from a time past the end" run 2 "$seatop" --json --replay sea.db --at now
check "that shows the last two ticks" [ "$(wc -l <out)" -eq 2 ]
check "so many intervals" run 2 "$seatop" --json --replay sea.db 1 2
check "so many intervals are one tick more" [ "$(wc -l <out)" -eq 3 ]

# More comes than can be taken: there always is a record, and SIGTERM is heard all the same.
MADE_UP=vms=100,details=20000 "$seastat" record --store storm.db --interval 0.1 2>err &
recorder=$!
until "$seastat" export storm.db 2>/dev/null | grep -q '"type":"tick"'; do
	kill -0 "$recorder" 2>/dev/null || break
	sleep 0.2
done
kill -TERM "$recorder"
wait "$recorder"
ended=$?
# 2: it had to leave details out.
[ "$ended" -ne 2 ] || ended=0
check "SIGTERM ends it in a storm" [ "$ended" -eq 0 ]

# The wall clock goes back an hour in the fourth tick; CLOCK_BOOTTIME does not.
MADE_UP=vms=2,details=1,steps=4 "$seastat" record --store jump.db --interval 0.1 2>err &
recorder=$!
until [ "$("$seastat" export jump.db 2>/dev/null | grep -c '"type":"tick"')" -ge 8 ]; do
	kill -0 "$recorder" 2>/dev/null || break
	sleep 0.2
done
kill -TERM "$recorder"
wait "$recorder"
check "a clock that jumps: it ends well" [ "$?" -eq 0 ]
"$seastat" export jump.db >jump 2>err
check "a clock that jumps: order and counts are there" python3 -c '
import json
ticks = [json.loads(l) for l in open("jump") if "\"tick\"" in l]
assert any(b["time"] < a["time"] for a, b in zip(ticks, ticks[1:]))
assert all(b["boottime_ns"] > a["boottime_ns"] for a, b in zip(ticks, ticks[1:]))
counts = [r["forwarded"] for t in ticks for r in t.get("rows", []) if "forwarded" in r]
assert sum(counts) == 2 * (len(ticks) - 1), counts'
check "a clock that jumps: replay" run 0 "$seatop" --json --replay jump.db
check "a clock that jumps: the replay has all ticks" [ "$(wc -l <out)" -eq "$(grep -c '"type":"tick"' jump)" ]

head -c 100 first >torn
check "a torn text" run 3 "$seastat" import ndjson torn --store torn.db
check "a torn text is told in a line" says_only "line 2: it is no JSON object, or was cut off"
echo letters >letters
check "a foreign file" run 3 "$seastat" export letters
check "a foreign file is told in a line" says_only "it is no recording"
check "no file" run 3 "$seatop" --replay /nonexistent
check "no file is told in a line" says_only "cannot open /nonexistent: No such file"
check "--at alone" run 3 "$seatop" --at now
check "--at alone is told in a line" says_only "--at and --speed are for --replay"
check "a time that is none" run 3 "$seatop" --replay sea.db --at noon
check "a time that is none is told in a line" says_only "'noon' is no time"
check "import without a store" run 3 "$seastat" import ndjson first
check "import of another format" run 3 "$seastat" import csv first --store x.db
check "that is told in a line" says_only "no format is called 'csv'"

finish
