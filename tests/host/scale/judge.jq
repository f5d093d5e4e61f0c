# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}.

def plain: sub("#[0-9]+$"; "");
# What one VM had, as a text that sorts and compares
def of_row: [.pid, .dispositions.forwarded, .dispositions.not_opted_in, .responses.injected,
	.total] | tojson;
def sums: {total: (map(.total) | add), forwarded: (map(.dispositions.forwarded) | add),
	not_opted_in: (map(.dispositions.not_opted_in) | add),
	injected: (map(.responses.injected) | add)};
def minus($b): . as $a | $a | with_entries(.value -= $b[.key]);
def test($what; $ok; $seen): {test: $what, ok: $ok, seen: (if $ok then null else $seen end)};

(map(.truth // empty)) as $truths
| (map(.roomy // empty) | last) as $roomy
| (map(.full // empty) | last) as $full
| (map(.memory // empty) | last) as $memory
| [$truths[] | . as $t | .vms[] | {pid: $t.pid, name: $t.name,
	dispositions: .sea, responses: .response, total: .hits}] as $wanted
| ($wanted | map(of_row) | sort) as $vms
| ($roomy.vms | map(of_row) | sort) as $rows
| ($wanted | sums) as $all
# Rows of the small table: VMs that came first, each as it was
| ($full.vms | map(of_row) | sort) as $kept
| ($full.vms | sums) as $kept_sums
| ($truths | group_by(.pid) | map(select(map(.name) | unique | length > 1))) as $reused
| test("2,000 VMs were there"; $vms | length == 2000; $vms | length),
  test("pids came round, with another VMM"; $reused | length >= 5; $reused | length),
  # Whole processes come and go between two reads of a seatop, and leave no other name.
  test("each row has the name of a VM with its pid";
	([$roomy.vms[] | [.pid, (.name | plain)]] - [$wanted[] | [.pid, .name]]) == [];
	[$roomy.vms[] | [.pid, .name]] - [$wanted[] | [.pid, .name]] | .[:5]),
  test("each name is there as often as it has VMs";
	([$roomy.vms[].name | plain] | sort) == ([$wanted[].name] | sort); null),
  test("each row of the small table has the name of a VM with its pid";
	([$full.vms[] | [.pid, (.name | plain)]] - [$wanted[] | [.pid, .name]]) == [];
	[$full.vms[] | [.pid, .name]] - [$wanted[] | [.pid, .name]] | .[:5]),
  test("each VM has a row, with its pid and its counts"; $rows == $vms;
	{missing: ($vms - $rows)[:5], "not theirs": ($rows - $vms)[:5], rows: ($rows | length)}),
  test("no row of one VM has another start time than its process";
	[$roomy.vms | group_by([.pid, (.name | plain)])[]
		| map(.start_ns) | unique | length == 1] | all; null),
  test("no VM is left: all have ended"; [$roomy.vms[].ended] | all;
	[$roomy.vms[] | select(.ended | not) | .name][:5]),
  test("the totals are the truth"; ([$roomy.totals] | sums) == $all;
	{seen: ([$roomy.totals] | sums), truth: $all}),
  test("nothing went to the row other, nothing was missed"; $roomy.other.total == 0
	and ($roomy.lost | .table_full + .no_vcpu + .missed + .unseen + .answers) == 0; $roomy.lost),
  test("the small table is full"; ($full.vms | length) == 64 and $full.totals.vms_seen == 64;
	[($full.vms | length), $full.totals.vms_seen]),
  test("its rows are those of VMs"; ($kept - $vms) == []; ($kept - $vms)[:5]),
  test("its row other has all that the others had"; ([$full.other] | sums) == ($all | minus($kept_sums));
	{other: ([$full.other] | sums), truth: ($all | minus($kept_sums))}),
  test("its totals are the truth"; ([$full.totals] | sums) == $all;
	{seen: ([$full.totals] | sums), truth: $all}),
  test("as much is lost to the full table as went to other";
	$full.lost.table_full == ([$full.other] | sums | .total + .injected); $full.lost),
  # Its JSON, as objects and as text, is most of what a row costs.
  test("seatop with room for all takes up to 16 KiB a VM";
	$memory.at_most[0] - $memory.at_first[0] <= 1920 * 16; $memory),
  test("seatop with a full table takes no more for 1,920 VMs more";
	$memory.at_most[1] - $memory.at_first[1] <= 1024; $memory),
  {memory: $memory}
