# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed on $host, with $compared, what
# demo/compare.jq made of it. Writes TAP.

def test(name; ok; seen):
	if ok then "ok - \($host): \(name)" else "not ok - \($host): \(name)\n# \(seen)" end;
def named($e): .name == $e.name and .name_origin == $e.origin;

(map(.snapshot // empty) | last.vms) as $rows
| (map(.names // empty) | last.vms) as $listed
| map(.expect // empty) as $expected
| map(.guest // empty) as $guests
| ($expected[] | . as $e
	| [$rows[] | select(.pid == $e.pid)] as $row
	| [$listed[] | select(.pid == $e.pid)] as $in_list
	| [$compared[] | select(.pid == $e.pid)] as $counts
	| ($guests[] | select(.pid == $e.pid)) as $guest
	| test("\(.case): \(.name) (\(.origin))"; ($row | length) == 1 and ($row[0] | named($e));
		$row | map({name, name_origin})),
	test("\(.case): \(.seas) \(.disposition), by seatop and by the device";
		($counts | length) == 1 and $counts[0].equal and $counts[0].truth.hits == $e.seas
			and $counts[0].truth.sea[$e.disposition] == $e.seas; $counts),
	if $e.disposition == "claimed" then
		test("\(.case): QEMU gave up, and its guest saw nothing";
			($guest.said | length) == 1 and $guest.status == 1
				and ($guest.error | test("Hardware memory error")); $guest)
	else
		test("\(.case): \(.seas) SErrors in the guest, and then what it had written";
			($guest.said | length) == $e.seas + 2
				# Exception class 0x2f
				and ($guest.said[1:-1] | all(test("^serror 00000000b[ef]")))
				and ($guest.said[-1] | sub("value"; "ready")) == $guest.said[0];
			$guest),
		test("\(.case): in the list of VMs, \(.vcpus) vCPUs, not opted in";
			($in_list | length) == 1 and ($in_list[0] | named($e)
				and .vcpus == $e.vcpus and .opt_in == "no"); $in_list)
	end),
test("no row is of anything else"; ($rows | length) == ($expected | length);
	$rows | map({name, pid}))
