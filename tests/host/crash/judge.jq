# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}.

def test($what; $ok; $seen): {test: "\($kernel): \($what)", ok: $ok, seen: (if $ok then null else $seen end)};
def one($key): map(.[$key] // empty) | first;

one("hits") as $hits | one("kept") as $kept | one("report") as $report | one("last") as $last
| one("said") as $said | one("again") as $again
| [.[] | select(.doctor)] as $boots
| ($report.sessions | map(select(.source == "ftrace last-boot"))) as $imported
| ($kept.sessions | first) as $before
| ($report.vms | map(select(.name == "storm"))) as $storm
| (
test("the machine was started twice"; ($boots | length) == 2 and $boots[0].boot == 0 and $boots[1].boot > 0; $boots | map(.boot)),
test("doctor says that the buffer is set up"; all($boots[]; [.doctor.checks[].id] | index("last-boot")); $boots[0].doctor.checks),
test("the store of before the panic ends before the last SEAs"; $kept.totals.seas < $hits - 40; [$kept.totals.seas, $hits]),
test("the recorder says what it found"; $said | test("the end of the last boot is in the store now: [1-9][0-9]* SEAs"); $said),
test("it is one session of the boot that panicked";
	($imported | length) == 1 and $imported[0].boot_id == $before.boot_id and $imported[0].host == $before.host
		and ([$report.sessions[] | select(.boot_id != $before.boot_id)] | length) == 2;
	$report.sessions),
# The panic may stop a CPU between the access and KVM.
test("all SEAs up to the panic are there, as many as the device counted: \($hits)";
	$hits - $report.totals.seas | . == 0 or . == 1; [$report.totals, $hits]),
test("each with its detail"; $report.totals.details == $report.totals.seas; $report.totals),
test("they are those of the VM, by its name"; ($storm | length) == 1 and $storm[0].seas == $report.totals.seas; $report.vms),
test("the last of them is in the imported session, and later than the last tick";
	$last.time > $before.last_tick and $last.disposition == "forwarded"; [$last, $before]),
test("a recorder that starts again finds nothing more"; $again | test("last boot") | not; $again)
)
