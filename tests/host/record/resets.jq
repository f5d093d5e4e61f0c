# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside-resets` printed, with $n, how often the machine was
# reset: {test, ok, seen}.

def test($what; $ok; $seen): ($ok == true) as $well
	| {test: $what, ok: $well, seen: (if $well then null else $seen end)};
def counts: [.claimed, .host_owned, .not_opted_in, .forwarded] | map(. // 0) | add;

. as $lines
| [$lines[] | select(.type == "session")] as $sessions
| [$lines[] | select(.type == "gap")] as $gaps
| [$lines[] | select(.boot and .truth)] as $truths
# Of each boot: until when it is recorded, and what the VMs had that were done by then
| [$sessions[] | select(.end == "lost") | . as $session
	| [$lines[] | select(.type == "vm" and .session == $session.session) | {vm, pid}] | unique as $vms
	| [$lines[] | select(.type == "tick" and .session == $session.session) | .rows[]?] as $rows
	| [$truths[] | select(.boot == $session.boot_id and .up * 1e9 < $session.ended_ns) | .truth] as $done
	| ($done | group_by(.pid) | map({key: (.[0].pid | tostring), value: (map(.vms[].hits) | sort)})
		| from_entries) as $wanted
	| ($vms | group_by(.pid) | map({key: (.[0].pid | tostring), value: [.[].vm as $vm
		| [$rows[] | select(.vm == $vm) | counts] | add // 0]}) | from_entries) as $counted
	| {session: $session.session, done: ($done | length),
		# The first VMs of each process, in the order in which they came
		wrong: [$wanted | to_entries[] | . as $w | ($counted[$w.key] // [])[:($w.value | length)] as $c
			| select(($c | sort) != $w.value) | {pid: $w.key, wanted: $w.value, counted: $c}]}] as $boots
| test("reset \($n) times: each session is told as lost, and each time between as a gap";
	($boots | length) == $n and ($gaps | map(select(.why == "the host was started anew")) | length) == $n;
	[$sessions, $gaps]),
test("each time that is told as missing begins where the last tick was";
	[$gaps[] | . as $gap | ($sessions | map(select(.session == $gap.session - 1)) | last) as $s
		| $gap.since == $s.ended] | all; [$gaps, $sessions]),
test("all \([$boots[].done] | add) VMs that were done before such a time have the counts that they had";
	([$boots[].done] | add) > 0 and ($boots | all(.wrong == [])); $boots | map(select(.wrong != [])))
