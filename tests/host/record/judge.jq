# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, with $has, what the host has; $replayed and
# $reported, what demo/compare.jq made of the last line of a replay and of a report about
# the fourth session; $report and $report_4, a report about all sessions and that one.
# Writes {test, ok, seen}.

def test($what; $ok; $seen): ($ok == true) as $well
	| {test: $what, ok: $well, seen: (if $well then null else $seen end)};
def sums(f): reduce .[] as $o ({}; reduce ($o | f | to_entries[]) as $e (.; .[$e.key] += $e.value));
def kinds: ["claimed", "host_owned", "not_opted_in", "forwarded", "unknown"];
def reasons: ["no_ras", "vncr", "s2_walk", "ambiguous_walk"];
def responses: ["injected", "resumed", "abandoned"];
def pick($names): . as $o | [$names[] | {key: ., value: ($o[.] // 0)}] | from_entries;
def all_of($names): pick($names) | add;
def in_session($n): map(select(.session == $n));
def of_type($type): map(select(.type == $type));

# What a VM's rows in the ticks of a session add up to, by its number
def counted($n):
	in_session($n) | of_type("tick") | [.[].rows[]? | select(.vm)] | group_by(.vm)
	| map({key: (.[0].vm | tostring), value: sums(with_entries(select(.value | type == "number")))})
	| from_entries;
# SEAs of a session that were written after its last tick, as its recorder was killed
def uncounted($n):
	in_session($n) | (map(.type == "tick") | rindex([true]) // -1) as $last | .[$last + 1:] | of_type("sea");
# The numbers of a process's VMs
def ids($n; $pid): in_session($n) | of_type("vm") | map(select(.pid == $pid) | .vm) | unique;

# An SEA as the VMM saw it, and as it was recorded
def by_vmm: [.vcpu, .esr, (if .gva == "0" then null else .gva end),
	(if .flags == "0" then null else .gpa end), .pc];
def by_us: [.vcpu, .esr, .far, .ipa, .pc];
# An access that met bad memory, as the VMM had it done, and as it was recorded
def access_by_vmm: [.vcpu, .gva];
def access_by_us: [.vcpu, .far];
def by_vcpu(f): group_by(.vcpu) | map({key: (.[0].vcpu | tostring), value: map(f)}) | from_entries;
# In the same order, but for what was over the rate
def has_all_of($some): . as $theirs | reduce $some[] as $x ({at: 0, ok: true};
	.at as $at | ($theirs[$at:] | index([$x])) as $i
	| if $i == null then .ok = false else .at += $i + 1 end) | .ok;

def vmm($n; $lines; $seen):
	. as $truth
	| ($lines | ids($n; $truth.pid)) as $ids
	| ($lines | counted($n)) as $counted
	| ($lines | in_session($n) | map(select(.vm as $vm | $ids | index($vm)))) as $records
	| ($records | of_type("sea")) as $seas
	| ($records | of_type("answer")) as $answers
	| [$ids[] | $counted[tostring] // {}] as $rows
	| [$truth.vms[]] as $vms
	| ($rows | sums(.)) as $sum
	| "\($truth.name) (\($truth.scenario))" as $who
	| test("\($who): the ticks add up to the truth, VM by VM";
		([$rows[] | pick(kinds)] | sort) == ([$vms[] | .sea | pick(kinds)] | sort)
			and ($rows | sums(pick(reasons))) == ($vms | sums(.reason | pick(reasons)))
			and ($rows | sums(pick(responses))) == ($vms | sums(.response | pick(responses)));
		{$rows, truth: $vms}),
	# The name that can be had at once may be another one.
	test("\($who): each VM has its name and its end";
		([$records | of_type("vm") | group_by(.vm)[] | last.name | sub("#[0-9]+$"; "")] | unique)
				== [$truth.name]
			and ($records | of_type("end") | length) == ($vms | length);
		$records | map(select(.type == "vm" or .type == "end"))),
	test("\($who): every SEA and answer is told, or counted as over the rate";
		($seas | length) + ($answers | length) + ($sum | all_of(["lost_ratelimit", "lost_ring_full"]))
			== ($sum | all_of(kinds + responses));
		{seas: ($seas | length), answers: ($answers | length), $sum}),
	($seen | map(select(.event == "exit"))) as $exits
	| if ($exits | length) == 0 then empty else
		($seas | map(select(.disposition == "forwarded"))) as $forwarded
		| test("\($who): each of \($forwarded | length) forwarded SEAs is recorded as the VMM saw it";
			($exits | by_vcpu(by_vmm)) as $theirs
				| ($forwarded | sort_by(.boottime_ns) | by_vcpu(by_us)) as $ours
				| if ($forwarded | length) == ($exits | length) then $ours == $theirs
				else $ours | to_entries | all(. as $o | $theirs[.key] // [] | has_all_of($o.value)) end;
			{$exits, $forwarded}),
		# That an SEA's answer has the fields of the SEA, and a time that it can have taken
		test("\($who): each of \($answers | length) answers is one to an SEA that was recorded";
			($answers | length) > 0 and
			($answers | map(by_us)) - ($exits | map(by_vmm)) == []
				and ($answers | all(.latency_ns > 0 and .response != null));
			$answers)
	end,
	($seen | map(select(.event == "access"))) as $accesses
	| ($seas | map(select(.disposition == "claimed" or .disposition == "not_opted_in"))) as $others
	| if ($others | length) == 0 then empty else
		test("\($who): each of \($others | length) others is recorded with the access that it came of";
			($others | map(access_by_us)) - ($accesses | map(access_by_vmm)) == []
				and ($others | all(.ipa == null or (.ipa as $ipa | $accesses | any(.gpa == $ipa))))
				# Before 6.15 nothing says whether HPFAR_EL2 was valid: no address is told.
				and ($others | all((.ipa == null) ==
					(.reason == "ambiguous_walk" or ($has | index("ipa") | not))));
			{$accesses, $others})
	end,
	($seas | map(select(.disposition == "host_owned"))) as $owned
	| if ($owned | length) == 0 then empty else
		test("\($who): each of \($owned | length) of the host's own has a reason, a syndrome and an address of the VM's";
			$owned | all(.reason == "s2_walk" or .reason == "no_ras") and all(.esr != null)
				and (map(.vcpu) | unique) - ($accesses | map(.vcpu) | unique) == [];
			$owned | .[:5])
	end;

# Of one process's VMs, what a report says beside their counts
def told_in_report($lines):
	. as $truth
	| ($lines | ids(4; $truth.pid)) as $ids
	| [$report_4[0].vms[] | select(.pid == $truth.pid)] as $vms
	| ($lines | in_session(4) | of_type("sea") | map(select(.vm as $vm | $ids | index($vm)))) as $seas
	| "\($truth.name) (\($truth.scenario))" as $who
	| test("seastat report: \($who): SEAs, details, SIGBUSes and pages are as many as there were";
		([$vms[].seas] | sort) == ([$truth.vms[].hits] | sort)
			and ([$vms[].details] | add) == ($seas | length)
			and ([$vms[].sigbus.sent] | add) == ([$truth.vms[].sigbus] | add)
			and ([$vms[] | (.pages.hit // 0)] | add)
				== ($seas | map([.vm, (.page.pfn // empty)]) | map(select(length == 2)) | unique | length);
		{$vms, truth: $truth.vms, seas: ($seas | length)}),
	test("seastat report: \($who): the time of the first and the last SEA, and how it ended";
		([$vms[].first_sea] | min) == ($seas | map(.time) | min)
			and ([$vms[].last_sea] | max) == ($seas | map(.time) | max)
			and ($vms | all(.ended != null and .opt_in != null
				and (.fate == "ended_unanswered") == (.responses.abandoned + .responses.pending > 0)));
		{$vms, first: ($seas | map(.time) | min), last: ($seas | map(.time) | max)});

def stays($lines):
	. as $truth
	| ($lines | map(select(.type == "session" and .end != "runs"))) as $ends
	| ($lines | of_type("gap")) as $gaps
	| [range(1; 4) as $n | $lines | in_session($n) | of_type("vm")
		| map(select(.pid == $truth.pid)) | last | {pid, start_ns, creator, creator_fd}] as $keys
	| [range(1; 4) as $n | ($lines | ids($n; $truth.pid) | first | tostring) as $id
		| $lines | counted($n) | .[$id] | all_of(kinds)] as $counts
	| test("how the sessions ended"; ($ends | map([.session, .end]) | unique)
			== [[1, "stopped"], [2, "lost"], [3, "stopped"], [4, "stopped"]]; $ends),
	test("each time that nobody counted is told, and why";
		($gaps | map([.session, .cause, .why])) == [[2, "recorder", "the recorder was stopped"],
			[3, "recorder", "the recorder was killed"], [4, "recorder", "the recorder was stopped"]];
		$gaps),
	test("each such time begins where the last tick was, and ends where the next session begins";
		$gaps | map(. as $gap
			| ($lines | in_session($gap.session) | of_type("session")[0].started_ns) as $next
			| ($ends | in_session($gap.session - 1)[-1].ended_ns) as $last
			| $gap.since_ns == $last and $gap.until_ns == $next and $last < $next) | all;
		$gaps),
	test("a VM that runs on while recorders come and go stays the same VM";
		($keys | unique | length) == 1 and $keys[0].pid != null; $keys),
	test("\($truth.vms[0].hits) SEAs of it: \($counts) in the sessions, the others in the time between";
		($counts | all(. > 0)) and ($counts | add) < $truth.vms[0].hits; [$counts, $truth]),
	test("seastat report: the VM that runs on has the SEAs of all three sessions";
		[$report[0].vms[] | select(.pid == $truth.pid) | .seas]
			== [($counts | add) + ($lines | uncounted(2) | length)];
		[$counts, ($report[0].vms | map(select(.pid == $truth.pid)))]),
	# Session by session: what the kernel had counted before, and what we have counted since
	if $has | index("stats") then
		([$lines | in_session(3) | of_type("tick") | .[].rows[]? | .listed // empty
			| select(.has_before) | all_of(["before_claimed", "before_host_owned",
				"before_not_opted_in", "before_forwarded"])] | last) as $before
		| test("the kernel's statistics have what was between: \($before) before the third session, and \($counts[2]) in it";
			$before + $counts[2] == $truth.vms[0].hits; [$before, $counts, $truth])
	else empty end;

. as $lines
| (map(.stays // empty) | first | stays($lines)),
(map(.truth // empty) | .[] as $truth
	| $truth | vmm(4; $lines; $lines | map(select(.seen == $truth.name)))),
test("no VM is recorded that was not there";
	([$lines | in_session(4) | of_type("vm") | .[].pid] - [$lines[] | .truth // empty | .pid]) == []; null),
test("a VMM that thinks for 300 ms has answers that took as long";
	(($has | index("exit")) == null) or (($lines | map(.truth // empty) | map(select(.name == "cache-2")) | first.pid) as $pid
		| ($lines | ids(4; $pid)) as $ids
		| $lines | of_type("answer") | map(select(.session == 4 and (.vm as $vm | $ids | index($vm))))
		| length > 0 and all(.latency_ns >= 300000000 and .latency_ns < 60000000000));
	$lines | of_type("answer") | map(select(.latency_ns > 300000000))),
test("the time of each record is in its session, and the two clocks agree";
	[range(1; 5) as $n | ($lines | in_session($n) | of_type("session")) as $s
		| $lines | in_session($n) | map(select(.type == "sea" or .type == "answer" or .type == "tick")) | .[]
		# One that was killed ends with its last tick; the SEAs behind that are told.
		| .boottime_ns >= $s[0].started_ns
			and (.boottime_ns <= ($s | last | .ended_ns)
				or (.type == "sea" and ($s | last | .end) == "lost"
					and .boottime_ns <= ($s | last | .ended_ns) + 1500000000))
			and .time >= $s[0].started] | all; null),
($replayed[] | test("seatop --replay: \(.name // "a VM that was not there") vm \(.vm // "?"): the last table equals the truth";
	.equal; .)),
test("seatop --replay shows VMs"; ($replayed | length) > 0; $replayed),
($reported[] | test("seastat report: \(.name // "a VM that was not there") vm \(.vm // "?"): what it counts equals the truth";
	.equal; .)),
test("seastat report names VMs"; ($reported | length) > 0; $reported),
(map(.truth // empty) | .[] | told_in_report($lines)),
test("seastat report: the sum of all VMs is that of the ticks, and of what the killed recorder told before its next one";
	([$lines[] | select(.type == "tick") | .rows[]? | select(.vm) | all_of(kinds)] | add)
		+ ($lines | uncounted(2) | length) == ([$report[0].vms[].seas] | add); $report[0].totals),
test("seastat report tells each time that nobody counted";
	([$report[0].doubts[] | select(.kind == "gap")] | length) == ($lines | of_type("gap") | length);
	$report[0].doubts),
{bytes: (map(.bytes // empty) | last), records: (of_type("sea") + of_type("answer") | length)}
