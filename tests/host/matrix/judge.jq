# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed for one source, with $boot, a line of
# `hosts`, and $vms, what demo/compare.jq made of it. Writes an object: what was
# seen of that source on that host, and its tests.

def wrong_opt_in: .ended == false and (
	(.dispositions.forwarded > 0 and .opt_in != "yes")
	or (.dispositions.not_opted_in > 0 and .opt_in != "no"));
def answers: .responses | .injected + .resumed + .abandoned;
def test($what; $ok; $seen): {test: $what, ok: $ok, seen: (if $ok then null else $seen end)};

(map(.source // empty) | first) as $source
| (map(.refused // empty) | first) as $refused
| (map(.truth // empty)) as $truths
| (map(.live // empty) | last) as $live
| (map(.snapshot // empty) | last) as $last
| ($boot.sources | index($source) != null) as $expected
| {kernel: $boot.kernel, has: $boot.has, options: $boot.options, source: $source,
	refused: ($refused | if . then sub("^seatop: "; "") else . end), vms: $vms}
| if $refused then
	.tests = [test("\($source) attaches or not, as expected"; $expected | not; $refused)]
else
	([$live.vms[] | select(.ended == false)]) as $there
	| ([$truths[] | .pid as $pid | .vms[] | [$pid, .vcpus]] | sort) as $wanted
	| .opt_in = ($there | map(.opt_in) | unique)
	| .latency = ([$last.vms[] | select(answers > 0)] | length > 0)
	| .ends = ([$last.vms[] | select(.ended)] | length > 0)
	| .tests = [
		test("\($source) attaches or not, as expected"; $expected; "it does"),
		($vms[] | test("\(.name) vm \(.vm // "?"): the counts equal the truth"; .equal; .)),
		test("who opted in"; ($there | length) > 0 and ($there | any(wrong_opt_in) | not);
			$there | map(select(wrong_opt_in) | {name, opt_in, dispositions})),
		# A VMM that was killed is not there any more.
		test("the vCPUs of all VMs that are there";
			([$there[] | [.pid, .vcpus]] | length > 0 and (. - $wanted) == []);
			[$there[] | [.pid, .vcpus]] - $wanted),
		test("a latency for each response"; [$last.vms[] | .latency.count == answers] | all;
			[$last.vms[] | select(.latency.count != answers) | {name, latency, responses}]),
		test("the end of each VM"; [$last.vms[] | .ended] | all;
			[$last.vms[] | select(.ended | not) | .name])
	]
end
