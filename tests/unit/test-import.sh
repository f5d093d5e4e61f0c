#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seastat import of what other tools wrote, from the command line to the store.
#
# Usage: test-import.sh SEASTAT SEATOP SAMPLES TRACECMD(true|false)

seastat=$(realpath "$1") seatop=$(realpath "$2") samples=$(realpath "$3") tracecmd=$4
# shellcheck source=tests/unit/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"
cd "$tmp" || exit 1
export TZ=UTC

# exported STORE EXPRESSION: how many records of the export it is true of
exported()
{
	"$seastat" export --addresses "$1" | python3 -c '
import collections, json, sys
total = 0
for line in sys.stdin:
    fields = collections.defaultdict(lambda: None, json.loads(line))
    total += bool(eval(sys.argv[1], {}, fields))
print(total)' "$2"
}

check "a kernel log, of which one line is not understood" \
	run 2 "$seastat" import kernel-log "$samples/kernel-6.1.dmesg.txt" --store sea.db
check "the sum is told" grep -q "23 lines, 1 boot: 0 SEAs, 0 answers, 8 events" out
check "the line is told" says "line 20: Memory failure: lost its number"
check "events are in the store" [ "$(exported sea.db 'type == "host"')" = 8 ]
check "with their page" [ "$(exported sea.db 'type == "host" and pfn == "0x823456"')" = 3 ]

check "the journal on standard input" \
	run 2 "$seastat" import kernel-log - --store sea.db <"$samples/kernel-6.12.journal.json"
check "is added" [ "$(exported sea.db 'type == "host"')" = 11 ]
check "each boot is a session" [ "$(exported sea.db 'type == "session" and end == "stopped"')" = 3 ]

check "a trace of the boot that the store knows" run 2 "$seastat" import ftrace \
	"$samples/trace-6.12.txt" --boot-id 5ee4fa21-6f8b-4a8c-9df0-0123456789ab --store sea.db
check "its losses are told" says "had lost 18 events or more itself"
check "SEAs are in the store" [ "$(exported sea.db 'type == "sea"')" = 4 ]
check "with the host of the boot" [ "$(exported sea.db \
	'type == "session" and source == "ftrace trace-6.12.txt" and host == "rack7" and end == "stopped"')" = 1 ]
check "with its clock" [ "$(exported sea.db \
	'type == "sea" and time.startswith("2026-11-23T07:05:44")')" -ge 1 ]
check "seatop replays it" run 2 "$seatop" --json --replay sea.db
check "and counts them" python3 -c '
import json
last = json.loads(open("out").readlines()[-1])
assert last["totals"]["total"] == 4, last["totals"]'

check "an export gives the same again" bash -c "
	'$seastat' export --addresses sea.db >first && '$seastat' import ndjson first --store again.db &&
	'$seastat' export --addresses again.db | cmp - first"

python3 - <<'PYTHON'
import sqlite3
db = sqlite3.connect("ras.db")
db.execute("CREATE TABLE memory_failure_event (id INTEGER PRIMARY KEY, timestamp TEXT, pfn TEXT,"
           " page_type TEXT, action_result TEXT)")
db.execute("INSERT INTO memory_failure_event VALUES (1, '2026-11-30 06:00:00 +0000', '0x7',"
           " 'huge page', 'Failed')")
db.commit()
PYTHON
check "rasdaemon's file" run 0 "$seastat" import rasdaemon ras.db --host rack1 --store ras-sea.db
check "its row is in the store" [ "$(exported ras-sea.db \
	'type == "host" and pfn == "0x7" and time == "2026-11-30T06:00:00.000000000Z"')" = 1 ]

check "no such format" run 3 "$seastat" import punchcards x --store sea.db
check "no such file" run 3 "$seastat" import ftrace missing --store new.db
check "no such clock" run 3 "$seastat" import ftrace x --clock sundial --store new.db
check "no such boot" run 3 "$seastat" import ftrace x --boot-id 7 --store new.db
echo "not a database, by far not one" >text
check "not rasdaemon's" run 3 "$seastat" import rasdaemon text --store sea.db
check "leaves the store as it was" [ "$(exported sea.db 'type == "host"')" = 11 ]

python3 "$samples/make-trace-dat.py" trace.dat
if [ "$tracecmd" = true ]; then
	check "trace.dat" run 0 "$seastat" import trace.dat trace.dat --clock boot --store dat.db
	check "has its SEA" [ "$(exported dat.db \
		'type == "sea" and esr == "0x92000410" and ipa == "0x40003000" and tid == 4021')" = 1 ]
	check "and its answer" [ "$(exported dat.db 'type == "answer" and latency_ns == 900123')" = 1 ]
	wrong=
	for ((cut = 0; cut < 4300; cut += 61)); do
		head -c "$cut" trace.dat >cut.dat
		rc=0
		"$seastat" import trace.dat cut.dat --store cut.db >out 2>err || rc=$?
		# An error is one line; the process of the store never dies.
		[ "$rc" -le 3 ] && { [ "$rc" -ne 3 ] || [ "$(wc -l <err)" -eq 1 ]; } || wrong+=" $cut"
	done
	check "a trace.dat that was cut costs no more than itself$wrong" [ -z "$wrong" ]
else
	check "without libtracecmd it is said what to do" \
		run 3 "$seastat" import trace.dat trace.dat --store dat.db
	check "in one line" says "trace-cmd report"
fi

finish
