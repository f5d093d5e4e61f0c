# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}.

def test($what; $ok; $seen): {test: $what, ok: $ok, seen: (if $ok then null else $seen end)};
def step($name): map(select(.step == $name));

# What has to be the same of an SEA and of its answer, whoever gives it
def told: {vcpu, esr, far, ipa, pc, tid};

def details($source):
	step("details \($source)") as $all
	| ($all | map(select(.sea == "forwarded")) | group_by([.pid, .vcpu])) as $seas
	| ($all | map(select(.answer)) | group_by([.pid, .vcpu])) as $answers
	| test("\($source): each forwarded SEA has an answer, of every kind";
		($seas | map(length)) == ($answers | map(length)) and
			([$answers[][].answer] | unique) == ["abandoned", "injected", "resumed"];
		$all),
	test("\($source): an answer has the details of its SEA";
		[$seas[][] | told] == [$answers[][] | told];
		[[$seas[][] | told], [$answers[][] | told]] | transpose
			| map(select(.[0] != .[1])));

def seatop($name): step($name) | (map(.live // empty) | last) + {status: (map(.status // empty) | last)};
def hits($name): step($name) | [.[] | .truth // empty | .vms[].hits] | add;

(("tracepoint", "trampoline", "kprobe") as $source | details($source)),

(seatop("full") as $s | hits("full") as $hits
| test("kprobe, nothing can be remembered: no SEA is counted, all \($hits) are lost by cause";
	$hits > 0 and $s.totals.total == 0 and $s.lost.no_vcpu == $hits and $s.status == 2;
	[$s.totals, $s.lost]),
test("kprobe, nothing can be remembered: the VMs have ended all the same";
	($s.vms | length) == 2 and ($s.vms | all(.ended)); $s.vms)),

(seatop("blind") as $s | hits("blind") as $hits
| test("the last line has all \($hits) SEAs that the source did not see";
	$hits == 4 and $s.lost.unseen == $hits and $s.status == 2; [$s.lost, $s.check, $s.status])),
(seatop("sighted") as $s | hits("sighted") as $hits
| test("the last line has none if it saw them";
	$s.totals.total == $hits and $s.lost.unseen == 0 and $s.status == 0;
	[$s.lost, $s.check, $s.status])),

(seatop("moved") as $s
| test("tracepoint: an answer goes where its SEA is, though the VM has a row since";
	($s.vms | map([.name, .total, .responses.injected])) == [["slow", 0, 0]] and
		$s.other.total == 1 and $s.other.responses.injected == 1 and
		$s.other.responses.pending == 0; [$s.vms, $s.other])),

(("tracepoint", "trampoline", "kprobe") as $source | seatop("storm \($source)") as $s
| test("\($source): nothing is lost of \($s.totals.total) SEAs of a storm";
	$s.totals.total > 300 and $s.totals.total == hits("storm \($source)") and
		$s.lost.total == 0 and $s.status == 0; [$s.totals, $s.lost, $s.status]))
