# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what demo/inside printed on one emulated host, and writes an
# object for each VM: its counts by seatop, the truth, and whether the two are
# equal. The truth is what the ras-poison device and the VMM counted.

def counts: {dispositions, reasons, responses: (.responses | del(.pending))};
def none: {
	dispositions: {claimed: 0, host_owned: 0, not_opted_in: 0, forwarded: 0, unknown: 0},
	reasons: {no_ras: 0, vncr: 0, s2_walk: 0, ambiguous_walk: 0},
	responses: {injected: 0, resumed: 0, abandoned: 0}
};
def wanted: none * {dispositions: .sea, reasons: .reason, responses: .response};
def order: sort_by(.key | [.dispositions, .reasons, .responses] | tojson);
# All that the device counted is accounted for, one disposition each.
def whole: ([.sea[]] | add) + .guest_own == .hits and .exits == .sea.forwarded;

(map(.truth | values)) as $truths
| (map(.snapshot | values) | last) as $snapshot
| if ($truths | length) == 0 or $snapshot == null then error("no truth, or no snapshot") else . end
| ($truths[] | . as $t
	# Several VMs of a process share its name, with #2 and so on in the order in
	# which they were seen: pair equals.
	| ([$snapshot.vms[] | select(.pid == $t.pid) | {key: counts, row: .}] | order) as $rows
	| ([.vms[] | {key: wanted, vm: .}] | order) as $vms
	| range([($rows | length), ($vms | length)] | max) as $i
	| ($rows[$i].key // none) as $counts
	| $vms[$i].vm as $vm
	| {
		host: $host,
		name: $t.name,
		pid: $t.pid,
		vm: ($vm.vm // $i),
		scenario: $t.scenario,
		claimed: $counts.dispositions.claimed,
		host_owned: $counts.dispositions.host_owned,
		not_opted_in: $counts.dispositions.not_opted_in,
		forwarded: $counts.dispositions.forwarded,
		unknown: $counts.dispositions.unknown,
		reasons: $counts.reasons,
		responses: $counts.responses,
		seatop_name: $rows[$i].row.name,
		truth: $vm,
		equal: ($vm != null and ($vm | whole) and $counts == $vms[$i].key
			and ($rows[$i].row == null
				or ($rows[$i].row.name | sub("#[0-9]+$"; "")) == $t.name))
	}),
# What nobody claims must not be there.
  ([$snapshot.vms[].pid] - [$truths[].pid] | unique[]
	| {host: $host, name: null, pid: ., truth: null, equal: false}),
  ($snapshot | select(.other.total > 0 or .lost.no_vcpu > 0 or .totals.answered_early > 0)
	| {host: $host, name: "other", truth: null, equal: false, lost: .lost})
