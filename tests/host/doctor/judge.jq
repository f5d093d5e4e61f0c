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
  # The lines that ask for something, or say that something cannot be told
  def ids: [.report.checks[] | select(.level != "ok" and .level != "note") | .id];
  # Of the line with this id: what is said, and what to do
  def said(id): [.report.checks[] | select(.id == id)][0]
	| "\(.level): \(.what): \(.why // ""); \(.remedy // "")";
  # The one thing that is wrong is named, and the status is that
  def only(name; status; id; words): step(name)
	| .status == status and .report.status == status and ids == [id] and (said(id) | test(words));
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
	test("doctor: what Linux took of it"; ($s | said("firmware")) as $said
		| if $acpi then $r.hest.sea_taken == 1 and ($said | test("^ok: .* by SEA: 1, served by Linux: all"))
		  else ($s | said("device-tree") | test("^note: ")) end),
	test("doctor: where it is"; $r.namespaces == {pid: "initial", user: "initial"}
		and $r.lockdown == "none"),
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
	| test("doctor: VMs that did not opt in, where they could, are no reason to act on this host";
		$s.status == 0 and
		([$s.report.checks[] | select(.id == "vm-no-opt-in")] | length) ==
			(if $exit then 7 else 0 end))),
	(step("no-kvm") as $s
	| test("doctor: without /dev/kvm, opt-ins are not known";
		$s.status == 2 and ($s | ids | index("no-dev-kvm") != null) and
		$s.report.kvm == null and
		([$s.report.vms[].opt_in] | length > 0 and all(. == "unknown")))),
	(step("hidden") as $s | ($s.report | taken.hooks) as $hooks
	| test("doctor: hidden addresses, and why they are hidden from root";
		$s | said("symbols-kptr-restrict") | test("^unknown: .*kptr_restrict is 2.*; set it")),
	  test("doctor: hidden addresses, so nothing is proven of these functions";
		$s.status == 2 and
		([$hooks[] | select(.function == "apei_claim_sea") | .alive] | length > 0
			and all(. == "unknown")) and
		([$hooks[] | select(.function == "kvm_arch_destroy_vm") | .alive] | all(. == "yes")))),

	(step("pid namespace") as $s
	| test("pid namespace: doctor says that the VMs outside are missing";
		$s.status == 2 and $s.report.vms == [] and $s.report.namespaces.pid == "other" and
		($s | said("pid-namespace") | test("^incomplete: .*; run in the host")))),
	(step("pid namespace names") as $s
	| test("pid namespace: names lists what it sees, and that there may be more";
		$s.status == 2 and $s.list.vms == [] and $s.list.unlisted == null)),
	(step("pid namespace seatop") as $s
	| test("pid namespace: seatop does not call its list whole";
		$s.status == 2 and $s.live.totals.vms_unlisted == null)),
	test("user namespace: doctor says that its capabilities do not count";
		only("user namespace"; 3; "user-namespace"; "do not count for BPF; run it as root of the host")),
	test("user namespace: seatop, too";
		step("user namespace seatop") | .status == 3 and (.error | test("do not count for BPF"))),
	test("hidepid: what to do about it"; only("hidepid"; 1; "hidepid"; "hidepid=.*; mount it with gid=")),
	test("no securityfs: a note"; step("no securityfs") | .status == 0 and ids == [] and
		.report.lockdown == null and (said("lockdown-unknown") | test("^note: .*mount it"))),
	test("a host that panics at the first bad page";
		only("failure panics"; 1; "failure-panics"; "memory_failure_recovery is 0")),
	(if $steps["unrecoverable panics"] then
		test("a host that panics at a bad page of its own"; step("unrecoverable panics")
			| .status == 0 and (said("unrecoverable-panics") | test("^note: ")))
	else empty end),

	(("none", "39", "38") as $caps
	| test("capabilities \($caps): seatop says what is missing";
		step("caps \($caps)") | .status == 3 and .live == null and
			(.error | test("CAP_BPF and CAP_PERFMON"))),
	  test("capabilities \($caps): doctor, too";
		step("doctor \($caps)") | .status == 3 and .report.level == "impossible" and
			(ids | index("no-capabilities") != null))),
	(("38,39", "34,38,39", "21") as $caps
	| test("capabilities \($caps): seatop counts, knows who opted in, and proves what it may";
		step("caps \($caps)") | .status == 0 and .live.source == $source and
			([.live.vms[].opt_in] | length > 0 and all(. != "unknown")) and
			.live.proven == ($source == "tracepoint" or $caps == "34,38,39"))),
	(("38,39", "21") as $caps
	| test("capabilities \($caps): doctor sees hooks called that it can try, and proves no others";
		step("doctor \($caps)") | .status == 2 and (ids | index("symbols-syslog") != null) and
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

	test("lockdown for integrity: all works"; step("lockdown integrity")
		| .status == 0 and .report.lockdown == "integrity"),
	test("lockdown for confidentiality: nothing does, and that is said";
		only("lockdown confidentiality"; 3; "locked-down"; "is locked down .*; boot with lockdown=")),
	test("lockdown for confidentiality, without securityfs: the cause is told all the same";
		only("lockdown hidden"; 3; "locked-down"; "lets no BPF program read its memory.*; boot with")),
	test("lockdown for confidentiality, without securityfs: seatop, too";
		step("lockdown hidden seatop") | .status == 3 and
			(.error | test("lets no BPF program read its memory")))
  ][]
