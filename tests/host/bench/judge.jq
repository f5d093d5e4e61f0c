# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes TAP and the figures.
# $kernel, $what: as for `inside`.

def test($name; $ok): "\(if $ok then "ok" else "not ok" end) - \($kernel): \($name)";
def is_tool: .with | test("^(seatop|bpftrace|trace-cmd), ");

# How long each tool takes until it is attached, and its memory then
def start:
	def mean($key): map(.is[$key]) | add / length | round;
	map(select(is_tool)) | group_by(.with)[]
	| test("\(first.with): starts"; length == (if $what == "cost" then 1 else 3 end)
		and all(.[]; .is.ms > 0 and .is.rss_kib > 0)),
	"# \($kernel) | \(first.with) | \(mean("ms")) ms \(map(.is.ms)) | \(mean("rss_kib")) KiB resident, "
		+ "\(mean("pss_kib")) KiB in proportion";

# Two runs of nothing differ by less than one.
def cost:
	. as $all
	| ($all | map(select(.with == "nothing")) | first.is.cost) as $none
	| ($all | map(select(is_tool))) as $tools
	| (("seatop", "bpftrace", "trace-cmd") as $tool
		| test("\($tool) attaches"; $tools | any(.with | startswith($tool)))),
	($tools[] | . as $t | ("hypercall", "mmio", "stage2_fault") as $exit
		| test("\($t.with): \($exit) costs no more (\($none[$exit]) without, \($t.is.cost[$exit]) with)";
			$t.is.cost[$exit] - $none[$exit] <= $none[$exit] / 200)),
	($tools[] | test("\(.with): it saw every SEA (\(.counted) of \(.is.hits))"; .counted == .is.hits)),
	($tools[] | test("\(.with): an SEA costs more (\(.is.cost.sea) instructions)";
		.is.cost.sea > $none.sea + 100)),
	# That these figures would show a hook on that path
	($all[] | select(.with | test("guest_abort")) | .is.cost.mmio as $mmio
		| test("a kprobe on kvm_handle_guest_abort() shows (\($mmio) an MMIO exit)";
			$mmio > $none.mmio * 1.05)),
	($all[] | "# \($kernel) | \(.with) | " + ([.is.cost[] | round | tostring] | join(" | "))),
	start;

if $what == "cost" then cost else start end
