# SPDX-License-Identifier: GPL-2.0-only
#
# The lines of tests/kernel/cost, slurped, as TAP. $without and $kernel: the names
# of the two kernels; $events: how many tracepoints the series has.

# sea-cost prints two decimals, and no difference has more.
def cents: . * 100 | round / 100;

def commas: tostring | gsub("(?<digit>[0-9])(?=([0-9]{3})+(\\.|$))"; "\(.digit),");

def verdict(ok; text): (if ok then "ok" else "not ok" end) + " - " + text;

# An exit's cost with these events on: the least of all runs, and by what the least of
# each boot differ
def cost($kernel; $with; $exit):
	map(select(.kernel == $kernel and .with == $with))
	| group_by(.boot) | map(map(.cost[$exit]) | min)
	| if length == 0 then error("\($kernel) was not run with \($with)") else . end
	| {least: min, spread: (max - min | cents)};

# An instruction more in each exit is 1; what comes by chance must stay below half of it.
def half: 0.5;

def more($before; $after): $after.least - $before.least | cents;

def from_to($before; $after):
	"\($before.least | commas) and \($after.least | commas) instructions";

def exits($exit; $name; $sense; fits):
	cost($without; "nothing"; $exit) as $before
	| cost($kernel; "nothing"; $exit) as $off
	| cost($kernel; "kvm_sea_*"; $exit) as $on
	| ([$before, $off, $on | .spread] | max) as $spread
	| cost($without; "kvm_exit"; $exit) as $traced_before
	| cost($kernel; "kvm_exit"; $exit) as $traced
	| verdict($spread < half; "\($name): one instruction would show, runs of one kernel differ by \($spread)"),
	verdict(more($before; $traced_before) > 1 and more($off; $traced) > 1;
		"\($name): the event kvm_exit shows: \(from_to($off; $traced))"),
	verdict(more($before; $off) | fits < half;
		"\($name) costs \($sense) on \($kernel) than on \($without): \(from_to($before; $off))"),
	verdict(more($before; $on) | fits < half;
		"\($name) costs \($sense) on \($kernel) with its events on: \(from_to($before; $on))");

exits("hypercall"; "a hypercall"; "neither more nor less"; fabs),
exits("mmio"; "an MMIO exit"; "no more"; .),
exits("stage2_fault"; "a stage 2 fault"; "no more"; .),
verdict(all(.[] | select(.with == "kvm_sea_*"); .on == $events);
	"\($kernel): all \($events) events were on"),
(cost($kernel; "nothing"; "sea") as $off
	| cost($kernel; "kvm_sea_*"; "sea") as $on
	| verdict(more($off; $on) > 100; "\($kernel): the events saw the SEAs: \(from_to($off; $on))")),
(. as $all
	| ([$without, "nothing"], [$kernel, "nothing"], [$kernel, "kvm_sea_*"]) as [$name, $with]
	| "# | \($name) | \($with) | \(
		[("hypercall", "mmio", "stage2_fault", "sea") as $exit
			| $all | cost($name; $with; $exit).least | commas]
		| join(" | ")) |")
