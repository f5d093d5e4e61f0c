#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seastat report over the recordings of make-incident: the forms that it writes, and its
# exit statuses.
#
# Usage: test-report.sh SEASTAT MAKE-INCIDENT TREE

seastat=$(realpath "$1") make=$(realpath "$2") tree=$(realpath "$3")
# shellcheck source=tests/unit/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"
cd "$tmp" || exit 1
export LC_ALL=C.UTF-8 TZ=Europe/Berlin

# refused TEXT ARGUMENT...: status 3 and one line on standard error that has the text
refused()
{
	local text=$1
	shift
	run 3 "$seastat" "$@" && [ ! -s out ] && says_only "$text"
}

# valid: the JSON is what the schema says, and the schema notices what is wrong.
valid()
{
	python3 -c '
import copy, json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
report = json.load(open("out"))
check = jsonschema.Draft7Validator(schema)
errors = [e.message for e in check.iter_errors(report)]
assert not errors, errors
for path in (["totals", "seas"], ["answers", "trust"], ["vms", 0, "name"], ["pages", 0, "hits"]):
    broken = copy.deepcopy(report)
    last = broken
    for step in path[:-1]:
        last = last[step]
    del last[path[-1]]
    assert not check.is_valid(broken), path
' "$tree/docs/seatop-report-1.schema.json" 2>err
}

# json_says PROGRAM: of the JSON in out, as `r`
json_says()
{
	python3 -c "
import json
r = json.load(open('out'))
assert $1, r" 2>err
}

"$make" a.db b.db >log 2>&1 || sed 's/^/# /' log

check "a report of an incident" run 1 "$seastat" report a.db
check "it begins with all of it in a sentence" \
	grep -q '^1008 SEAs hit 4 VMs; 2 of them ended soon after; 2 unanswered; DATA INCOMPLETE$' out
check "five questions" [ "$(grep -c '^[WDC][a-zVM ]*?' out)" -eq 5 ]
check "JSON" run 1 "$seastat" report --json a.db b.db
check "one line" [ "$(wc -l <out)" -eq 1 ]
check "the JSON is valid" valid
check "its numbers" json_says "(r['totals']['seas'], len(r['vms']), r['status']) == (1009, 5, 1)"
check "times are in UTC" json_says "r['vms'][1]['ended'] == '2026-11-23T06:49:34.400000000Z'"
check "addresses are left out" json_says "'0x40003000' not in json.dumps(r)"
check "with addresses" run 1 "$seastat" report --json --addresses b.db a.db
check "they are there" json_says "any(p['ipa'] == '0x80001000' for p in r['pages'])"
check "a window" run 1 "$seastat" report --json --since 2026-11-23T06:49:44Z --until '2026-11-23 07:49:45' a.db
check "in UTC and by the local clock" json_says "r['totals']['seas'] == 2"
check "one VM" run 1 "$seastat" report --json --vm 'db*' a.db
check "it alone" json_says "[v['name'] for v in r['vms']] == ['db01']"
for by in vm page vcpu cpu host disposition reason response esr opt-in hour day; do
	check "by $by" run 1 "$seastat" report --by "$by" a.db b.db
	check "by $by has a table" grep -q '^\(VM\|PAGE\|GROUP\) ' out
	check "by $by as CSV" run 1 "$seastat" report --csv --by "$by" a.db b.db
	check "by $by has as many cells in each row" \
		python3 -c "import csv; assert len({len(r) for r in csv.reader(open('out'))}) == 1"
done
check "CSV is safe to open" run 0 "$seastat" report --csv b.db
check "a name stays one cell" python3 -c "
import csv
assert list(csv.reader(open('out')))[1][0] == '</script>]]><b>\"\'&=1+1'"
check "a page" run 1 "$seastat" report --html page.html a.db b.db
check "it says nothing else" [ ! -s out ]
check "it is whole" [ "$(tail -n 1 page.html)" = "</html>" ]
check "nothing is left beside it" [ "$(find . -name '.page*' | wc -l)" -eq 0 ]
check "the page on standard output" run 1 "$seastat" report --html - a.db b.db
check "it is the same" cmp -s <(grep -v 'By seastat report' out) <(grep -v 'By seastat report' page.html)
if command -v tidy >/dev/null; then
	check "tidy finds nothing" eval 'tidy -q -e page.html 2>err && [ ! -s err ]'
else
	check "tidy finds nothing # SKIP there is no tidy" true
fi
check "each tag of the page is closed" python3 -c '
import html.parser
class Tags(html.parser.HTMLParser):
    open_tags = []
    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open_tags.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag, tag
tags = Tags()
tags.feed(open("page.html").read())
assert not tags.open_tags, tags.open_tags'
check "no such directory" refused "No such file or directory" report --html none/page.html a.db
check "the text form" run 0 "$seastat" export a.db
mv out a.ndjson
check "says the same" run 1 "$seastat" report --json a.ndjson
check "to the number" json_says "r['totals']['seas'] == 1008 and r['sessions'][0]['redacted']"
check "from standard input" eval "$(printf '%q report --json - <a.ndjson >out 2>err; [ $? -eq 1 ]' "$seastat")"
check "both are counted once" run 1 "$seastat" report --json a.ndjson a.db
check "once" json_says "r['totals']['seas'] == 1008 and sum(f['skipped'] for f in r['files']) == 2"
check "an incident as one file" run 0 "$seastat" export --incident --since 2026-11-23T06:49:40Z --until 2026-11-23T06:49:48Z a.db
mv out incident.ndjson
check "addresses are left out of it" [ "$(grep -c '"ipa":"\|"far":"' incident.ndjson)" -eq 0 ]
check "it can be imported" run 0 "$seastat" import ndjson incident.ndjson --store incident.db
check "a report of it" run 1 "$seastat" report --json incident.db
check "it has what is of the window alone" json_says "(r['totals']['seas'], [v['name'] for v in r['vms']], r['vms'][0]['fate']) == (2, ['web'], 'ended_unanswered')"
check "a window without an incident" refused "are for --incident" export --since -1h a.db
check "a time of nothing is incomplete" run 2 "$seastat" report --since 2020-01-01 --until 2020-01-02 a.db
check "no such file" refused "cannot open nothing.db" report nothing.db
check "no recording" refused "it is no recording" report "$tree/meson.build"
check "no such field" refused "there is no --by 'colour'" report --by colour a.db
check "no time" refused "is no time" report --since soon a.db
check "a window that is none" refused "--since has to be before --until" report --since now --until -1h a.db
"$seastat" export a.db >ack.ndjson
"$seastat" import ndjson ack.ndjson --store ack.db >out 2>err
"$seastat" report --json ack.db >all.json 2>err
vms() { python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["vms"]))' "$1"; }
check "--new without a mark is all of it" [ "$("$seastat" report --json --new ack.db | wc -c)" -gt 1000 ]
"$seastat" report --ack ack.db >out 2>err
check "--ack says what it says without" grep -q "Who was hit" out
"$seastat" report --json --new ack.db >new.json 2>err
check "--new after --ack has nothing" [ "$(vms all.json)" -gt 0 -a "$(vms new.json)" -eq 0 ]
"$seastat" report --json ack.db >again.json 2>err
check "--ack deletes nothing" [ "$(vms again.json)" -eq "$(vms all.json)" ]
check "--ack of a text is an error" run 3 "$seastat" report --ack ack.ndjson
check "--ack of two" refused "one store" report --ack a.db ack.db
check "--ack of some VMs" refused "all VMs" report --ack --vm web a.db
check "--new and --since" refused "too many" report --new --since -1h a.db
check "two forms" refused "is enough" report --json --csv a.db
check "--rows: so many, and how many more" eval 'run 1 "$seastat" report --rows 1 a.db && grep -qx "(3 more; --rows 0 shows all)" out'
check "--sort, --reverse, --columns: of the table by page" run 1 "$seastat" report --by page --sort hits -R -o HITS,page --csv a.db
check "so CSV has them" python3 -c "
import csv
rows = list(csv.reader(open('out')))
hits = [int(row[0]) for row in rows[1:]]
assert rows[0] == ['hits', 'PAGE'] and len(hits) > 1 and hits == sorted(hits), rows"
check "--filter: of these alone" run 1 "$seastat" report --json --filter 'DB|web' a.db
check "and it is told" json_says "sorted(v['name'] for v in r['vms']) == ['db01', 'web'] and r['filter']['text'] == 'DB|web' and r['filter']['left_out']['vms'] == 2 and r['filter']['left_out']['seas'] + r['totals']['seas'] == 1008"
check "--pid: of nobody" run 2 "$seastat" report --json --pid 1 a.db
check "is told as well" json_says "(r['vms'], r['filter']['pid'], r['filter']['left_out']) == ([], 1, {'vms': 4, 'seas': 1008})"
check "--running: the table" run 1 "$seastat" report --running a.db
check "says what it leaves out" grep -qE '^\(VMs that run: 2 of 4, [0-9]+ of 1008 SEAs\)$' out
check "--running: JSON" run 1 "$seastat" report --running --json --rows 1 a.db
check "tells it, too" json_says "len(r['vms']) == 1 and (r['table']['running'], r['table']['more'], r['table']['hidden']['vms']) == (True, 1, 2)"
check "the JSON is valid still" valid
check "--running by page" refused "for the table by vm, and not by page" report --running --by page a.db
check "a column of another table" refused "no column is called 'CLAIM'" report --by page --sort CLAIM a.db
check "--columns and JSON" refused "--columns is for tables: --json has all fields" report --json -o VM a.db
check "--sort and HTML" refused "--html has all rows in its own order" report --html page.html --sort VM a.db
check "--ack of those that a text finds" refused "all VMs" report --ack --filter web ack.db
check "no rows" refused "no number of rows" report --limit -1 a.db

finish
