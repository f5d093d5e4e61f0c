# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed on $host. Writes TAP.

def test(name; ok; seen):
	if ok then "ok - \($host): \(name)" else "not ok - \($host): \(name)\n# \(seen | tojson | .[:2000])" end;
def says($pattern): any(.said[]; test($pattern));
# QMP's answer to the command with this id
def answer($id): [.events[] | select(.id == $id)] | first;
def failures: [.events[] | select(.event == "MEMORY_FAILURE").data];
def failures($action): [failures[]
	| select(. == {recipient: "guest", action: $action, flags: {"action-required": true, recursive: false}})];

(map(.snapshot // empty) | last.vms) as $rows
| [.[] | select(.guest) | . as $g | . + {row: ([$rows[] | select(.pid == $g.pid)] | first)}] as $vms
| def vm($name): ([$vms[] | select(.guest == $name)] | first) // error("no VM \($name)");
  def row: {hits, dispositions: .row.dispositions, responses: .row.responses};
  # All that the device counted, and nothing else, went this way.
  def all_of($way; $n): .hits == $n and .row.dispositions[$way] == $n
	and ([.row.dispositions[]] | add) == $n;
  # And each was answered by an abort, of which QEMU told by QMP.
  def injected($n): all_of("forwarded"; $n) and .row.responses.injected == $n
	and ([.row.responses[]] | add) == $n and (failures("inject") | length) == $n;
  def check($of): [.[] | select(.check == $of).result] | first;
  def compare($of): [.[] | select(.compare == $of).result] | first;

# Before
(vm("web-1")
	| test("before: the guest panics"; says("Kernel panic - not syncing: Asynchronous SError")
		and (says("guest: the process") | not); .said),
	test("before: 1 SEA by the device, 1 not_opted_in by seatop"; all_of("not_opted_in"; 1); row)),
test("before: the small guests get an SError each";
	[$vms[] | select(.guest | startswith("old-"))]
		| length == 9 and all(.[]; all_of("not_opted_in"; 1) and (.said[1] | startswith("serror ")));
	[$vms[] | select(.guest | startswith("old-")) | row + {said}]),
(check("before") as $c
	| test("check before: fail, by opted_in, not_opted_in and pages_not_held";
		$c.verdict == "fail" and ([$c.rules[] | select(.verdict == "fail").name] | sort)
			== ["not_opted_in", "opted_in", "pages_not_held"]; $c)),

# After
(vm("web-2")
	| test("after: the process that read gets SIGBUS for the page, and only that one";
		[.said[] | select(startswith("guest: ")) | select(test("tagged|ready|touched") | not)]
			== ["guest: SIGBUS at the page", "guest: the process died of Bus error",
				"guest: value 70616765206f6620", "guest: the process ended with status 0"]
			and (says("panic") | not); .said),
	test("after: 1 SEA by the device, 1 forwarded and injected by seatop, 1 MEMORY_FAILURE by QMP";
		injected(1) and (failures | length) == 1; row + {events}),
	test("after: no migration while the guest has the page";
		answer("bad").error.desc // "" | test("hardware poisoned memory"); .events),
	test("after: the guest takes all its memory after a reset, and does not meet the page";
		says("guest: touched") and .hits == 1; row + {said}),
	test("after: migration once that is done"; answer("state").return.status == "completed"; .events)),
([$vms[] | select(.guest | startswith("new-"))] as $new
	| test("after: the small guests get an abort each";
		($new | length) == 9 and all($new[]; injected(1)); [$new[] | row + {events}]),
	test("after: the syndrome says what the hardware said: data abort, external, with an address";
		all($new[] | select(.guest != "new-2"); .said[1] == "abort 0000000096000210"); [$new[].said]),
	test("after: and for a fetch, instruction abort"; all($new[] | select(.guest == "new-2");
		.said[1] == "abort 0000000086000210"); [$new[].said])),
(check("after") as $c
	| test("check after: pass, every rule"; $c.verdict == "pass";
		[$c.rules[] | select(.verdict != "pass") | {name, verdict, found, why}])),
(compare("after") as $c
	| [$c.comparisons[] | select(.name == "not_opted_in" or .name == "without")] as $seen
	| test("compare: not_opted_in and without are better, and nothing is worse";
		all($seen[]; .verdict == "pass" and .p_adjusted < 0.05) and ($seen | length) == 2
			and all($c.comparisons[]; .verdict != "fail"); $c)),
(compare("back") as $c
	| test("compare: back again both are worse"; $c.verdict == "fail"
		and ([$c.comparisons[] | select(.verdict == "fail").name] | sort)
			== ["not_opted_in", "without"]; $c)),

# What a VMM that answers has to get right besides
(vm("web-3")
	| test("after migration: SIGBUS without an address, as the CPU reports none";
		says("guest: SIGBUS at \\(nil\\)") and says("guest: the process died of Bus error")
			and injected(1); row + {said, error}),
	test("bad memory at an unknown address: no migration";
		answer("bad").error.desc // "" | test("address"); .events)),
(vm("far")
	| test("no address: the syndrome has FnV"; .said[1] == "abort 0000000096000610" and injected(1);
		row + {said})),
(vm("plain")
	| test("QEMU without privileges: each access is an SEA, and is answered";
		injected(2) and [.said[1:3][]] == ["abort 0000000096000210", "abort 0000000096000210"];
		row + {said, events}),
	test("QEMU without privileges: it says that the host does not know";
		.error | test("Cannot tell the host's kernel of bad memory"); .error)),
(vm("loop")
	| test("a guest that returns to the same instruction: stopped after 1,000 answers";
		all_of("forwarded"; 1001) and .row.responses.injected == 1000
			and .row.responses.abandoned == 1 and (failures("inject") | length) == 1000
			and (failures("fatal") | length) == 1; row),
	test("a guest that returns to the same instruction: QEMU says so";
		.error | test("has taken the same synchronous external abort 1000 times"); .error)),
(vm("loop-2")
	| test("the same after the host has taken the page away: 1 SEA, and SIGBUS 1,000 times";
		all_of("forwarded"; 1) and (failures("inject") | length) == 1000
			and (failures("fatal") | length) == 1; row)),
test("sea-to-user without KVM is refused"; any(.[]; .no_kvm // "" | test("sea-to-user needs KVM"));
	[.[].no_kvm // empty]),
test("no row is of anything else"; ([$rows[].pid] - [$vms[].pid]) == []; $rows | map({name, pid}))
