# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes TAP and the figures.
# $kernel, $what: as for `inside`; $exit: the kernel has KVM_EXIT_ARM_SEA.

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
	# What a VMM asks of KVM. A register costs more where the answer to an SEA may be one:
	# with the exit, and without our tracepoints. A VM's end is hooked everywhere.
	($tools[] | select(.with | startswith("seatop")) | . as $t
		| ("set_vcpu_events", "vcpu") as $deed
		| test("\($t.with): \($deed) costs no more (\($none[$deed]) without, \($t.is.cost[$deed]) with)";
			$t.is.cost[$deed] - $none[$deed] <= $none[$deed] / 100)),
	# The hooks on the host's side are called for bad memory only.
	($tools[] | select(.with | startswith("seatop")) | . as $t
		| ("page_fault", "signal", "process") as $deed
		| test("\($t.with): a \($deed) costs no more (\($none[$deed]) without, \($t.is.cost[$deed]) with)";
			# Two runs of nothing differ by up to 3 % in what a process costs.
			$t.is.cost[$deed] - $none[$deed] <= $none[$deed] / (if $deed == "process" then 30 else 100 end))),
	($tools[] | select(.with | startswith("seatop")) | . as $t
		| ($t.is.cost.set_one_reg - $none.set_one_reg) as $more
		| test("\($t.with): a KVM_SET_ONE_REG costs \($more) more, as is documented";
			$more <= (if ($exit | not) or ($t.with | endswith("tracepoint")) then $none.set_one_reg / 100
				elif $t.with | endswith("trampoline") then 200 else 1000 end))),
	($tools[] | select(.with | startswith("seatop"))
		| test("\(.with): a VM's end costs \(.is.cost.vm - $none.vm) more, of \($none.vm)";
			.is.cost.vm - $none.vm <= 2500 + $none.vm / 100)),
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
