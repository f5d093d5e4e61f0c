# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside` printed, and writes {test, ok, seen}.
# $kernel: whose name goes into the tests; $ipa: whether this kernel knows the address of
# the guest's page, and so its page of the host.

def hex: if . == null then null else ltrimstr("0x") | explode | reduce .[] as $c (0;
	. * 16 + (if $c >= 97 then $c - 87 else $c - 48 end)) end;
def test($what; $ok; $seen): {test: "\($kernel): \($what)", ok: $ok, seen: (if $ok then null else $seen end)};

map(.page // empty) as $pages
| map(.record // empty) as $records
| (map(select(.died) | {(.died): .pid}) | add) as $died
| (map(.status // empty) | last) as $status
| map(select(.ras == "memory_failure_event")) as $rows
| (map(.report // empty) | first.host_events) as $events
| [$records[] | select(.type == "vm")] as $vms
| [$records[] | select(.type == "host")] as $host
# The second VM of a process has a name of its own.
| def process: if . then sub("#.*"; "") else . end;
  # What the recording has of the VM of that name
  def vm($name): [$vms[] | select(.name == $name)] | last;
  def of($type; $name): [$records[] | select(.type == $type and .vm == vm($name).vm)];
  def truth($name): [$pages[] | select(.name == $name)] | first;
  def sigbus($name): [$host[] | select(.kind == "sigbus" and .vm == vm($name).vm)];
  def failure($name): [$host[] | select(.kind == "memory_failure" and (.pfn | hex) == truth($name).pfn)];
(
test("the recorder is content"; $status == 0; $status),
# A VM may have been told of before its name was known.
test("all VMs were met, each by its name"; ($vms | group_by(.vm) | map(last.name | process) | sort)
	== ($pages | unique_by(.name, .vm) | map(.name)); [$vms, $pages]),

# Who was killed: the page, the page taken out, the signal, the end
(("killed", "held") as $name
| test("\($name): one SEA, claimed"; [of("sea"; $name)[].disposition] == ["claimed"]; of("sea"; $name)),
test("\($name): memory_failure() took out the very page, at once";
	failure($name) | length == 1 and .[0].result == 0; [failure($name), truth($name)]),
# The page is not known where KVM sends the signal, because it met the page when it was bad already.
test("\($name): SIGBUS MCEERR_AR to its thread, for the address and the page that went bad";
	sigbus($name) | length == 1 and .[0].code == 4 and .[0].pid == $died[$name]
		and (.[0].address | hex) - (.[0].address | hex) % 4096 == truth($name).hva
		and (if .[0].pfn or $ipa then (.[0].pfn | hex) == truth($name).pfn else true end)
		and .[0].tid == of("sea"; $name)[0].tid;
	[sigbus($name), truth($name)]),
# Also where the VM outlived its VMM for a moment
test("\($name): it ended by SIGBUS"; of("end"; $name) | length == 1 and .[0].wait_status % 128 == 7; of("end"; $name)),
test("\($name): SEA, then page taken out and signal, then end";
	[sigbus($name)[0].boottime_ns, failure($name)[0].boottime_ns] as $both
	| [of("sea"; $name)[0].boottime_ns, ($both | min), ($both | max), of("end"; $name)[0].ended_ns] | . == sort;
	[of("sea"; $name), failure($name), sigbus($name), of("end"; $name)])),

# Who survived
test("survivor: the page was taken out, and it got SIGBUS MCEERR_AR";
	(failure("survivor") | length == 1 and .[0].result == 0) and (sigbus("survivor") | length == 1 and .[0].code == 4
		and (if .[0].pfn or $ipa then (.[0].pfn | hex) == truth("survivor").pfn else true end)); [failure("survivor"), sigbus("survivor"), truth("survivor")]),
test("survivor: it ended by itself, with exit status 0"; [of("end"; "survivor")[].wait_status] == [0]; of("end"; "survivor")),

# Two VMs of one process: the thread tells whose signal it is.
([$pages[] | select(.name == "pair")] as $two
| [$records[] | select(.type == "sea") | select(.vm as $id | any($vms[]; .vm == $id and (.name | process) == "pair"))] as $seas
| [$host[] | select(.kind == "sigbus" and .pid == $two[0].pid)] as $signals
| test("pair: two VMs of one process, one SEA each";
	($two | length) == 2 and ($seas | length) == 2 and ($seas[0].vm != $seas[1].vm); [$two, $seas]),
  test("pair: each VM's SIGBUS is its own, for the page that it hit";
	($signals | length) == 2 and all($signals[]; . as $signal
		| (.address | hex) as $address
		| any($seas[]; .vm == $signal.vm and .tid == $signal.tid)
		and any($two[]; .hva == $address - $address % 4096))
		and ($signals[0].vm != $signals[1].vm); [$signals, $seas, $two])),

# The page that cannot be taken out
(if truth("stuck") then
	test("stuck: memory_failure() fails"; failure("stuck") | length >= 1 and all(.[]; .result < 0); [failure("stuck"), $host]),
	test("stuck: SIGBUS without an address, once"; sigbus("stuck") | length == 1 and .[0].code == 128 and .[0].address == null;
		sigbus("stuck"))
 else empty end),

# The page that nobody took out, and who had it next
test("first, second: one SEA each, unclaimed";
	[of("sea"; "first")[], of("sea"; "second")[] | .disposition != "claimed"] == [true, true]; [of("sea"; "first"), of("sea"; "second")]),
test("first, second: it is the same page of the host"; truth("first").pfn == truth("second").pfn; $pages),
test("first, second: the host did nothing about it, and sent nothing";
	(failure("first") | length) == 0 and (sigbus("first") + sigbus("second") | length) == 0; [failure("first"), sigbus("first")]),
(if $ipa then
	("killed", "held", "survivor", "first", "second") as $name
	| of("sea"; $name)[0].page as $page
	| test("\($name): address and frame of the page are those that went bad";
		($page.hva | hex) == truth($name).hva and ($page.pfn | hex) == truth($name).pfn and $page.size == 4096;
		[of("sea"; $name), truth($name)]),
	  test("\($name): the host holds it for bad: \(if truth($name).disposition == "claimed" then "yes" else "no" end)";
		$page.poisoned == (if truth($name).disposition == "claimed" then 1 else 0 end); $page)
 else
	test("no page is made up"; [$records[] | select(.page != null)] == []; [$records[] | select(.page != null)])
 end),
test("first, second: both ended by themselves";
	[of("end"; "first")[], of("end"; "second")[] | .wait_status] == [0, 0]; [of("end"; "first"), of("end"; "second")]),
# Debian's rasdaemon, which ran beside us. Its rows have whole seconds.
([$host[] | select(.kind == "memory_failure_event") | .pfn] as $told
| test("rasdaemon has what the kernel told us of: \($told | length) pages";
	($told | length) > 0 and ([$rows[].pfn] | sort) == ($told | sort); [$rows, $told])),
([$rows[] | . as $row
	| {row: ., page: ([$pages[] | select(.pfn == ($row.pfn | hex)) | .name] | first),
	   event: ([$events[] | select(.kind == "memory_failure_event" and .pfn == $row.pfn
		and .time == ($row.timestamp | sub(" "; "T") | sub(" .*"; ".000000000Z")))] | first)}] as $linked
| test("each row of rasdaemon's that was imported is told"; $linked | all(.event); $linked),
  test("it is linked to the VM whose page it is\(if $ipa then "" else ", or to none" end)";
	$linked | all(if .event.linked_vm or $ipa then (.event.linked_vm | process) == .page else true end); $linked),
  test("and a link by the page is sure"; $linked | all(if .event.link // "" | test("same page")
	then .event.link | endswith(": sure") else $ipa | not end); $linked)),

test("nothing else was sent, and nothing else taken out";
	([$host[] | select(.kind == "sigbus")] | length) == (if truth("stuck") then 6 else 5 end)
	and all($host[] | select(.kind == "memory_failure"); (.pfn | hex) as $pfn | any($pages[]; .pfn == $pfn)); $host)
)
