# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside-kills` printed: {test, ok, seen}.

def test($what; $ok; $seen): ($ok == true) as $well
	| {test: $what, ok: $well, seen: (if $well then null else $seen end)};
def counts: [.claimed, .host_owned, .not_opted_in, .forwarded] | map(. // 0) | add;
def before: [.before_claimed, .before_host_owned, .before_not_opted_in, .before_forwarded]
	| map(. // 0) | add;

. as $lines
| map(select(.kill)) as $kills
| ($kills | length) as $n
| [$lines[] | select(.type == "session")] as $sessions
| [$lines[] | select(.type == "gap")] as $gaps
| ([$lines[] | .truth // empty | select(.name == "storm")] | first) as $storm
| [range(1; $n + 2) as $s
	| ([$lines[] | select(.type == "vm" and .session == $s and .pid == $storm.pid)] | first) as $vm
	| [$lines[] | select(.type == "tick" and .session == $s) | .rows[]? | select(.vm == $vm.vm)] as $rows
	| {session: $s, key: ($vm | {pid, start_ns, creator, creator_fd}), counted: ([$rows[] | counts] | add),
		before: ([$rows[] | .listed // empty | select(.has_before) | before] | last)}] as $storms
# VMs that came and went: their processes are one, their SEAs are few.
| [$lines[] | .truth // empty | select(.name == "rounds") | .vms[].hits] as $rounds
| ([$lines[] | select(.type == "vm" and .name == "rounds")] | length) as $seen_rounds
| test("killed \($n) times: nothing that a reader had found is gone after it";
	$n > 0 and ($kills | all(.found >= .told)); $kills | map(select(.found < .told))),
test("the recording has them all: \([$lines[] | select(.type == "sea")] | length)";
	([$lines[] | select(.type == "sea")] | length) >= ([$kills[].found] | max); $kills[-1:]),
test("each session but the last one is told as lost, and each time between as a gap";
	($sessions | map(select(.end == "lost")) | map(.session) | unique) == [range(1; $n + 1)]
		and ($gaps | map(select(.why == "the recorder was killed")) | length) == $n
		and ($gaps | all(.since_ns < .until_ns)); [$sessions, $gaps]),
test("the VM of the storm stays one VM"; [$storms[].key] | unique | length == 1; $storms),
test("what each session began with is at least what the one before had";
	[range(1; $n + 1) as $i | $storms[$i].before + 4 >= $storms[$i - 1].before + $storms[$i - 1].counted] | all;
	$storms),
test("the sessions and the times between have all of \($storm.vms[0].hits) SEAs: \($storms[-1].before) before the last session, \($storms[-1].counted) in it";
	$storms[-1].before + $storms[-1].counted == $storm.vms[0].hits; $storms[-2:]),
test("no session has more than there were";
	([$storms[].counted] | add) <= $storm.vms[0].hits; $storms),
test("\($seen_rounds) of \($rounds | length) short VMs were seen"; $seen_rounds > $n; [$seen_rounds, ($rounds | length)])
