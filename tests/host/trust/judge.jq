# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}. $has: the
# sources that the kernel has, best first: ["tracepoint", "trampoline", "kprobe"].

. as $lines
| def test($what; $ok; $seen): {test: $what, ok: $ok, seen: (if $ok then null else $seen end)};
  def of($name): $lines | map(select(.case == $name));
  def live($name): of($name) | (map(select(has("live"))) | last) // error("no case " + $name);
  def hits($name): [of($name)[] | .truth // empty | .vms[].sea[]] | add // 0;
  def seen($c): {status: $c.status, error: $c.error, source: $c.live.source, lost: $c.live.lost,
	totals: $c.live.totals, check: $c.live.check, blind: $c.live.blind};
  # All SEAs are counted, and nothing says otherwise.
  def counted($name; $what): live($name) as $c | hits($name) as $hits
	| test("\($what): all \($hits) SEAs are counted";
		$hits > 0 and $c.live.totals.total == $hits and $c.live.lost.total == 0 and $c.status == 0;
		[$hits, seen($c)]);
  # It does not start, and says which switch is off.
  def refused($name; $switch): live($name) as $c
	| test("\($name): no source can count, and the error names \($switch)";
		$c.status == 3 and $c.live == null and ($c.error | contains($switch)); seen($c));
  # The source went blind: that is a loss, whatever is counted.
  def blinded($name; $switch): live($name) as $c | hits($name) as $hits
	| test("\($name): \($c.live.totals.total) of \($hits) are counted, and a loss says so";
		$c.live.totals.total < $hits and $c.live.lost.disarmed >= 1 and $c.status == 2;
		[$hits, seen($c)]);
  # The check went blind: the counts are right, and it is said that it saw less.
  def unchecked($name): live($name) as $c | hits($name) as $hits
	| test("\($name): all \($hits) are counted, and it is said that the check saw \($c.live.check.checked)";
		$c.live.totals.total == $hits and $c.live.check.checked < $hits
			and $c.live.lost.overseen == $hits - $c.live.check.checked and $c.status == 2;
		[$hits, seen($c)]);
  ($has[0]) as $best
| ($has | index("trampoline") != null) as $trampoline
| (
	(of("killed") | map(select(.before)) | last) as $k
	| test("killed: no program, map, link or kprobe event is left of \($k.during.programs - $k.before.programs)";
		$k.during.programs > $k.before.programs and $k.after == $k.before and $k.events == 0; $k)
),
counted("ftrace off"; "kernel.ftrace_enabled was 0"),
test("ftrace off: what needs ftrace is not taken"; live("ftrace off").live.source != "trampoline";
	live("ftrace off").live.source),
(if $trampoline then counted("kprobes off"; "kprobes/enabled was 0")
 else refused("kprobes off"; "kprobes/enabled") end),
(if $best == "tracepoint" then counted("both off"; "both were 0")
 else refused("both off"; "kprobes/enabled") end),
(if $best == "trampoline" then blinded("ftrace goes off"; "kernel.ftrace_enabled")
 elif $best == "tracepoint" then unchecked("ftrace goes off")
 else counted("ftrace goes off"; "kernel.ftrace_enabled went to 0") end),
(if $best == "kprobe" then blinded("kprobes go off"; "kprobes/enabled")
 elif $best == "trampoline" then unchecked("kprobes go off")
 else counted("kprobes go off"; "kprobes/enabled went to 0") end),
(live("ghost") as $c
| test("ghost: a VM whose end no hook saw has ended"; [$c.live.vms[] | .ended] == [true]; $c.live.vms)),
(live("pid namespace") as $c | hits("pid namespace") as $hits
| test("pid namespace: all \($hits) SEAs of the VM outside are counted, and the list is said not to be whole";
	$c.live.totals.total == $hits and $c.live.lost.total == 0 and $c.status == 2
		and $c.live.totals.vms_unlisted == null;
	[$hits, seen($c)])),
(live("user namespace") as $c
| test("user namespace: it does not start, and says why";
	$c.status == 3 and ($c.error | contains("namespace")); seen($c))),
counted("two"; "two seatops, one of them killed, and three doctors"),
(of("two") | (map(.listed // empty) | last) as $listed
| test("two: nobody lists the others' own VMs"; $listed == ["first", "second"]; $listed)),
counted("disguised"; "a VMM that is called sea-scratch-vm"),
(live("disguised") as $c
| test("disguised: it is listed"; [$c.live.vms[] | .vcpus] == [2]; $c.live.vms)),
(live("cpus") as $c | hits("cpus") as $hits | (of("cpus") | map(.times // empty) | last) as $times
| test("cpus: a CPU goes and comes \($times) times, and \($c.live.totals.total) counted and \($c.live.lost.unseen) unseen are the truth, \($hits)";
	$times > 1 and $hits > 100 and $c.live.totals.total + $c.live.lost.unseen == $hits
		and ($c.live.lost.unseen <= $c.live.lost.missed or $c.live.lost.missed == null)
		and ($c.status == 2) == ($c.live.lost.total > 0);
	[$hits, seen($c)])),
counted("clock"; "the clock goes an hour on and two back"),
(of("clock") | (map(select(.intervals)) | last) as $t
| test("clock: intervals and the start do not follow it";
	($t.started | length) == 1 and ($t.intervals | all(. < 600000000000)); $t)),
(live("stopped") as $c | hits("stopped") as $hits
| test("stopped: \($c.live.totals.total) of a storm are counted, though it was stopped for 20 s";
	$hits > 100 and $c.live.totals.total == $hits and $c.live.lost.unseen == 0; [$hits, seen($c)])),
counted("hidepid"; "/proc with hidepid"),
counted("renamed"; "a kernel whose struct file is another"),
(live("renamed") as $c
| test("renamed: the list of VMs is missing, and nothing is said of vCPUs";
	$c.live.vms | length > 0 and all(.vcpus == null); $c.live.vms)),
(of("doctor") | last as $d
| test("hest_disable: doctor does not say that firmware's reports are taken";
	[$d.report.checks[] | select(.topic == "firmware" and .level == "ok")] == [];
	[$d.report.checks[] | select(.topic == "firmware")]))
