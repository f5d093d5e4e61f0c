# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}.
# $source: as for `inside`; $skips: whether the kernel skips programs that count.

def test($what; $ok; $seen): {test: "\($source): \($what)", ok: $ok, seen: (if $ok then null else $seen end)};

(map(.truth // empty | .vms[].hits) | add) as $hits
| (map(.seatop // empty) | last) as $seatop
| (map(.status // empty) | last) as $status
| $seatop.totals.total as $counted | $seatop.lost as $lost
| (if $skips then
	test("the kernel skipped programs: \($lost.missed) missed"; $lost.missed > 0; $lost),
	test("what it skipped is in what is lost, and the status says so";
		$lost.total == ($lost | del(.total) | add) and $status == 2; [$lost, $status]),
	test("\($counted) counted and \($lost.unseen) unseen are the truth, \($hits)";
		$counted + $lost.unseen == $hits; [$seatop.totals, $lost]),
	test("no more is unseen than was missed"; $lost.unseen <= $lost.missed; $lost),
	test("the check saw all"; $seatop.check.checked == $hits; $seatop.check)
   else
	# The check is a trampoline's program then, and is skipped: that makes no count too low.
	test("all SEAs are counted, \($hits)"; $counted == $hits and $lost.unseen == 0; [$seatop.totals, $lost]),
	test("the kernel kept \($hits - $seatop.check.checked) from the check, which is no loss";
		$seatop.check.checked < $hits and $lost.total == 0 and $status == 0; [$lost, $seatop.check, $status])
   end)
