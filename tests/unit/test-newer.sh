#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A store that a newer seatop wrote: whatever reads one says so in one line, shows what it
# can, and never says that all is well.
#
# Usage: test-newer.sh SEASTAT SEATOP MAKE-INCIDENT

seastat=$(realpath "$1") seatop=$(realpath "$2") make=$(realpath "$3")
# shellcheck source=tests/unit/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"
cd "$tmp" || exit 1
export LC_ALL=C.UTF-8 TZ=UTC

# store NAME SQL: what a newer program may have made of an incident's store
store()
{
	cp a.db "$1.db" &&
		python3 - "$1.db" "$2" <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.executescript(sys.argv[2] + "; PRAGMA user_version = 99")
END
}

# in_a_line: what is said is one line, which says whose store it is.
in_a_line()
{
	[ "$(grep -c 'newer seatop' err)" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
}

# readers NAME STATUS: all that read NAME.db, and the status of those that need all of it
readers()
{
	local name=$1 status=$2
	check "$name: report" run 1 "$seastat" report "$name.db"
	check "$name: report says whose it is" grep -q 'a newer seatop wrote it' out
	check "$name: report --json" run 1 "$seastat" report --json "$name.db"
	check "$name: that says so as well" grep -q '"kind":"newer"' out
	check "$name: check cannot tell" run 2 "$seastat" check --policy policy "$name.db"
	check "$name: check says why" grep -q 'newer seatop' out err
	check "$name: metrics" run "$status" "$seastat" metrics "$name.db"
	check "$name: metrics say why" grep -q \
		'^sea_data_incomplete{reason="newer"} 1\|a newer seatop wrote it' out err
	check "$name: seatop --replay" run "$status" "$seatop" --json --replay "$name.db"
	check "$name: it says so" says 'newer seatop'
	check "$name: export" run "$status" "$seastat" export "$name.db"
	check "$name: it says so in one line" in_a_line
	check "$name: nobody records into it" run 3 "$seastat" import ndjson text --store "$name.db"
	check "$name: that is told in one line" in_a_line
}

"$make" a.db b.db >made 2>&1 || cat made
# What a version may add: a table, columns, causes, kinds, numbers.
store more '
	CREATE TABLE weather (seq INTEGER PRIMARY KEY, sky TEXT NOT NULL);
	INSERT INTO weather VALUES (1, "grey");
	ALTER TABLE sea ADD COLUMN mood TEXT;
	ALTER TABLE tick ADD COLUMN moon INTEGER NOT NULL DEFAULT 4;
	INSERT INTO tick_loss SELECT max(seq), "blizzard", 3 FROM tick;
	UPDATE sea SET disposition = 17, reason = 23 WHERE seq = (SELECT max(seq) FROM sea);
	UPDATE host_event SET kind = "comet" WHERE seq = (SELECT max(seq) FROM host_event);
	UPDATE gap SET cause = "strike"'
# What it may take away: a table, a column that others are asked with.
store fewer '
	DROP TABLE host_event;
	DROP TABLE tick_latency;
	DROP TABLE detail_sum;
	ALTER TABLE page DROP COLUMN node'
"$seastat" export b.db >text 2>/dev/null
printf '[opted_in]\nat_least = 1%%\n' >policy
readers more 2
readers fewer 3

finish
