# SPDX-License-Identifier: GPL-2.0-only
#
# The lines of doctor/inside, slurped, to TAP. $has is what the host has; $source
# is what seatop takes there.

(map({key: .step, value: .}) | from_entries) as $steps
| ($has | index("exit") != null) as $exit
| ($has | index("statistics") != null) as $statistics
| ($has | index("acpi") != null) as $acpi
| def step(name): $steps[name] // error("no step " + name);
  def test(name; ok): if ok then "ok - \(name)" else "not ok - \(name)" end;
  def sum: [.[]?] | add // 0;
  def taken: [.sources[] | select(.taken)][0];
  [
	step("alone") as $s | $s.report as $r
	| test("doctor: nothing to do"; $s.status == 0 and $r.status == 0
		and ($r.level == "ok" or $r.level == "note")),
	test("doctor: the source"; ($r | taken.name) == $source and ($r | taken.tells_all)),
	test("doctor: a check of the other kind if there is one";
		($r | taken.check) == (if $check == "null" then null else $check end)),
	test("doctor: every hook alive"; [$r | taken.hooks[].alive] | length > 2 and all(. == "yes")),
	test("doctor: what KVM has"; $r.kvm == {has_exit: $exit, opt_in_known: true,
		feat_ras: true, statistics: $statistics}),
	test("doctor: what firmware reports";
		if $acpi then $r.hest.sea_enabled == 1 else $r.hest == null end),
	test("doctor: its own VM is in no list"; $r.vms == []),
	test("doctor: BPF is not measured any more"; step("stats-off").value == 0),

	(step("names") as $s
	| test("names: ends well"; $s.status == 0 and $s.list.unlisted == 0),
	(step("shapes").expect[] as $e
		| [$s.list.vms[] | select(.pid == $e.pid)] as $got
		| test("names: \($e.vms) VMs with \($e.vcpus) vCPUs, opted in: \($e.opt_in)";
			($got | length) == $e.vms and
			($got | all(.vcpus == $e.vcpus and .opt_in == $e.opt_in)))),
	test("names: nothing else"; ($s.list.vms | length) == ([step("shapes").expect[].vms] | add))),

	(step("small") as $s
	| test("seatop: each VM without a row is counted once";
		$s.status == 0 and ($s.live.vms | length) == 2 and
		$s.live.totals.vms_unlisted == ([step("shapes").expect[].vms] | add) - 2)),

	(step("vms") as $s
	| test("doctor: VMs that did not opt in, where they could";
		$s.status == (if $exit then 1 else 0 end) and
		([$s.report.checks[] | select(.topic == "vm")] | length) ==
			(if $exit then 7 else 0 end))),
	(step("no-kvm") as $s
	| test("doctor: without /dev/kvm there is something to do, and opt-ins are not known";
		$s.status == 1 and $s.report.kvm == null and
		([$s.report.vms[].opt_in] | length > 0 and all(. == "unknown")))),
	(step("hidden") as $s | ($s.report | taken.hooks) as $hooks
	| test("doctor: hidden addresses, so nothing is proven of these functions";
		$s.status == 1 and
		([$hooks[] | select(.function == "apei_claim_sea") | .alive] | length > 0
			and all(. == "unknown")) and
		([$hooks[] | select(.function == "kvm_arch_destroy_vm") | .alive] | all(. == "yes")))),

	(("none", "39", "38") as $caps
	| test("capabilities \($caps): seatop says what is missing";
		step("caps \($caps)") | .status == 3 and .live == null and
			(.error | test("CAP_BPF and CAP_PERFMON"))),
	  test("capabilities \($caps): doctor, too";
		step("doctor \($caps)") | .status == 3 and .report.level == "impossible")),
	(("38,39", "34,38,39", "21") as $caps
	| test("capabilities \($caps): seatop counts, knows who opted in, and proves what it may";
		step("caps \($caps)") | .status == 0 and .live.source == $source and
			([.live.vms[].opt_in] | length > 0 and all(. != "unknown")) and
			.live.proven == ($source == "tracepoint" or $caps == "34,38,39"))),
	(("38,39", "21") as $caps
	| test("capabilities \($caps): doctor sees hooks called that it can try, and proves no others";
		step("doctor \($caps)") | .status == 1 and
			([.report | taken.hooks[] | select(.function == "apei_claim_sea"
				or .function == "kvm_handle_guest_sea") | .alive]
				| length > 0 and all(. == "unknown")) and
			([.report | taken.hooks[] | select(.function == "kvm_arch_destroy_vm")
				| .alive] | length > 0 and all(. == "yes")))),

	test("seatop: no capability is left, nor a way to one";
		step("dropped").value | test("CapPrm: 0+ CapEff: 0+ CapBnd: 0+ CapAmb: 0+ NoNewPrivs: 1")),
	(step("ended") as $s
	| test("seatop: running VMs without SEAs are in its first line";
		([$s.first.vms[] | select(.ended | not)] | length) ==
			([step("shapes").expect[].vms] | add)),
	test("seatop: they ended, all of them";
		$s.status == 0 and ($s.live.vms | length) == ($s.first.vms | length) and
			($s.live.vms | all(.ended)))),

	(if $statistics then
		(step("before") as $s | $s.live.vms[0] as $vm
		| test("before: seven, and none of them twice";
			$s.status == 0 and $s.truth.vms[0].hits == 7 and
			$vm.before == {claimed: 0, host_owned: 0, not_opted_in: 7, forwarded: 0} and
			$vm.total == 0 and $s.live.totals.before.not_opted_in == 7)),
		(range(1; 6) as $n | step("storm \($n)") as $s
		| [$s.live.vms[] | select(.name == "storm-\($n)")][0] as $vm
		| $s.truth.vms[0].sea as $truth
		| test("storm \($n): \($vm.before | sum) before and \($vm.total) counted make \($truth | sum), by disposition";
			$s.status <= 2 and $s.live.check.unseen == 0 and ($vm.before | sum) > 0 and
			([("claimed", "host_owned", "not_opted_in", "forwarded") as $d
				| $vm.before[$d] + $vm.dispositions[$d] == $truth[$d]] | all)))
	else empty end),

	(if $steps["paranoid 3"] then
		test("perf_event_paranoid 3: seatop says what to do about it";
			step("paranoid 3") | .status == 3 and (.error | test("perf_event_paranoid")))
	else empty end),

	(if $steps.blind then
		(step("blind") as $s
		| test("blind: seatop says how many passed the source by";
			$s.status == 2 and $s.truth.vms[0].hits == 5 and
			$s.live.check == {hook: "trampoline", checked: 5, unseen: 5} and
			$s.live.lost.unseen == 5))
	else empty end),

	test("lockdown for integrity: all works"; step("lockdown integrity").status == 0),
	test("lockdown for confidentiality: nothing does, and that is said";
		step("lockdown confidentiality") | .status == 3 and
			([.report.checks[] | select(.level == "impossible") | .text]
				| any(test("locked down"))))
  ][]
