#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The command line: what it says, to whom, and with which exit status.
# Usage: test-seatop.sh SEATOP SEATOP-FAKE; prints TAP.
#
# shellcheck disable=SC2016,SC2317

set -u

seatop=$(realpath "$1")
fake=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C.UTF-8
unset COLUMNS

number=0
failed=0

# result NAME PASSED [WHY]
result()
{
	number=$((number + 1))
	if [ "$2" = yes ]; then
		echo "ok $number - $1"
	else
		failed=1
		echo "not ok $number - $1"
		printf '%s\n' "${3-}" | sed 's/^/# /'
		sed 's/^/# stdout: /' out 2>/dev/null
		sed 's/^/# stderr: /' err 2>/dev/null
	fi
}

skip()
{
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

# run STATUS COMMAND...: runs it into the files out and err; sets `status_ok`.
run()
{
	local want=$1 got
	shift
	rm -f out err
	"$@" >out 2>err </dev/null
	got=$?
	status_ok=yes
	why="exit status $got, not $want"
	[ "$got" = "$want" ] || status_ok=no
}

# says_only TEXT: it is in the one line on stderr.
says_only()
{
	[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$1" err
}

# one_line NAME TEXT: status was right, nothing on stdout, one line on stderr
# that has the text in it and starts with the program's name.
one_line()
{
	local ok=$status_ok
	[ ! -s out ] || { ok=no; why="there is output"; }
	[ "$(wc -l <err)" = 1 ] || { ok=no; why="not one line"; }
	[ "$(tail -c 1 err | od -An -c | tr -d ' ')" = '\n' ] || { ok=no; why="no newline"; }
	grep -q '^seatop: ' err || { ok=no; why="no program's name"; }
	grep -qF -- "$2" err || { ok=no; why="does not say '$2'"; }
	result "$1" "$ok" "$why"
}

# check NAME COMMAND...: status was right and the command succeeds.
check()
{
	local name=$1 ok=$status_ok
	shift
	"$@" >&2 || { ok=no; why="failed: $*"; }
	result "$name" "$ok" "$why"
}

### Usage

run 3 "$seatop" --bogus
one_line "unknown option" "--bogus"
run 3 "$seatop" -Z
one_line "unknown short option" "'Z'"
run 3 "$seatop" -d
one_line "option without its argument" "'d'"
for bad in 0 0.09 3601 -1 1s nan inf 1e999 0x '' ' '; do
	run 3 "$seatop" "--delay=$bad"
	one_line "bad interval '$bad'" "0.1 to 3600 seconds"
done
run 3 "$seatop" abc
one_line "bad positional interval" "'abc' is no interval"
run 3 "$seatop" 1 0
one_line "bad count" "'0' is no number of intervals"
run 3 "$seatop" 1 2 3
one_line "one argument too many" "'3'"
run 3 "$seatop" -n -5
one_line "negative count" "'-5'"
run 3 "$seatop" -1 1 5
one_line "--once with a count" "--once is for one interval, and not for 5"
run 3 "$seatop" -p 0
one_line "bad pid" "'0' is no pid"
run 3 "$seatop" -s nope
one_line "bad sort column" "'nope'"
run 3 "$seatop" -o VM,nope
one_line "bad column" "'nope'"
run 3 "$seatop" --max-vms=0
one_line "bad --max-vms" "1 to 65536"

run 3 "$seatop" --source=nope
one_line "bad source" "'nope'"

run 3 "$seatop" --names
one_line "--names without its file" "'--names'"
run 3 "$seatop" --names=/nonexistent
one_line "--names: no such file" "cannot read the names in /nonexistent: No such file"
run 3 "$seatop" --names=.
one_line "--names: a directory" "cannot read the names in .: Is a directory"
printf '# rack 7\n\n1001 db01\nkey-only\n' >names
run 3 "$seatop" --names=names
one_line "--names: a key without a name" "names in names: line 4: a key without a name"
printf '1001 db01\n2147483648 x\n' >names
run 3 "$seatop" --names=names
one_line "--names: no pid" "line 2: the key is a number, but no pid"
printf 'a b\nc d\na e\n' >names
run 3 "$seatop" --names=names
one_line "--names: a key twice" "line 3: the key a is on line 1 already"
printf 'a \033[2J\n' >names
run 3 "$seatop" --names=names
one_line "--names: an escape sequence" "line 1: not UTF-8, or a character that cannot be shown"
printf 'a \377\n' >names
run 3 "$seatop" --names=names
one_line "--names: not UTF-8" "line 1: not UTF-8"
printf 'a b\n' >"$(printf 'evil\033name')"
printf 'a' >"$(printf 'evil\033name')"
run 3 "$seatop" --names="$(printf 'evil\033name')"
one_line "--names: a file name with an escape in it" "evil name: line 1"

run 0 "$seatop" --version
check "version" grep -qE '^seatop [0-9]+\.[0-9]+\.[0-9]+$' out
run 0 "$seatop" --help
check "help has the columns" grep -qE '^  NOOPT +SEAs not_opted_in$' out
check "help has nothing on stderr" test ! -s err

### Environment

if [ "$(uname -m)" != aarch64 ]; then
	run 3 "$seatop" -J -n 1
	one_line "no arm64" "live tracing needs arm64 KVM: this machine is $(uname -m)"
else
	skip "no arm64" "this is arm64"
fi

### Output that cannot be written

run 3 bash -c '"$1" --version >&-' - "$seatop"
one_line "stdout closed" "standard output is closed"
run 3 bash -c '"$1" -J -n 1 -d 0.1 >&-' - "$fake"
one_line "stdout closed, live" "standard output is closed"
run 3 bash -c '"$1" --version >/dev/full' - "$seatop"
one_line "full disk, version" "No space left on device"
run 3 bash -c '"$1" -J -n 1 -d 0.1 >/dev/full' - "$fake"
one_line "full disk, JSON" "No space left on device"
# The first table fills the pipe's reader, then the reader leaves.
run 3 bash -c 'set -o pipefail; "$1" -J -d 0.1 | head -n 1 >/dev/null' - "$fake"
one_line "reader left" "Broken pipe"
run 0 bash -c '"$1" -J -n 1 -d 0.1 2>&-' - "$fake"
check "stderr closed" test "$(wc -l <out)" = 2
run 0 bash -c '"$1" -J -n 1 -d 0.1 <&-' - "$fake"
check "stdin closed" test "$(wc -l <out)" = 2

run 3 bash -c 'ulimit -f 1; "$1" -J -n 1 -d 0.1 >file' - "$fake"
one_line "file as large as ulimit -f lets it be" "File too large"

### JSON

run 0 "$fake" -J 0.1 3
check "JSON: the zeros at once, then every interval" test "$(wc -l <out)" = 4
check "JSON: nothing on stderr" test ! -s err
check "JSON: every line is an object of the schema" python3 - out <<'EOF'
import json, sys

ticks = [json.loads(line) for line in open(sys.argv[1])]
assert [t["tick"] for t in ticks] == [0, 1, 2, 3]
assert all(t["schema"] == "seatop/2" for t in ticks)
assert ticks[0]["vms"] == [] and ticks[0]["interval_ns"] == 0
assert [t["totals"]["total"] for t in ticks] == [0, 3, 6, 9]
assert [vm["name"] for vm in ticks[1]["vms"]] == ["vm1-1001", "vm2-1002", "vm3-1003"]
assert all(0.05e9 < t["interval_ns"] < 2e9 for t in ticks[1:])
assert 1 < ticks[2]["vms"][0]["rate"] < 20
EOF
run 0 "$fake" -J -1 -d 0.1
check "JSON: --once is one line, after the interval" grep -q '"tick":1' out
check "JSON: --once is one line" test "$(wc -l <out)" = 1
run 0 "$fake" -J -d 0.1 -n 1 -m 'vm2*'
check "JSON: --vm" python3 -c '
import json
tick = json.loads(open("out").readlines()[1])
assert [vm["id"] for vm in tick["vms"]] == [2] and tick["totals"]["total"] == 3'

check "JSON: --active leaves out who took none" bash -c '
	MADE_UP=vms=4,idle=3 "$1" -J --active -d 0.1 -n 1 | tail -n 1 |
		jq -e "[.vms[].id] == [4] and .filtered and .totals.vms == 4"' - "$fake"
check "JSON: a line for each VM" bash -c '
	"$1" --lines -d 0.1 -n 1 | jq -se "map([.type, .tick, .id]) == [[\"tick\", 0, null],
		[\"tick\", 1, null], [\"vm\", 1, 1], [\"vm\", 1, 2], [\"vm\", 1, 3]]"' - "$fake"
run 0 "$fake" -J -d 0.1 -n 1 -s VM -r 2
check "JSON: --rows" python3 -c '
import json
tick = json.loads(open("out").readlines()[1])
assert [vm["id"] for vm in tick["vms"]] == [1, 2] and tick["totals"]["total"] == 3'

printf '# rack 7\n1001\tdas D\303\274sseldorfer  Datenbank-System \r\nvm2-* web\n' >names
run 0 "$fake" --names=names -J -d 0.1 -n 1
check "--names: pid and pattern" python3 -c '
import json
tick = json.loads(open("out").readlines()[1])
assert [(vm["name"], vm["name_origin"]) for vm in tick["vms"]] == [
    ("das D\u00fcsseldorfer  Datenbank-System", "map-file"),
    ("web", "map-file"), ("vm3-1003", "comm")]'
run 0 "$fake" --names=names -J -d 0.1 -n 1 -m web
check "--vm: by the name of --names" python3 -c '
import json
tick = json.loads(open("out").readlines()[1])
assert [vm["id"] for vm in tick["vms"]] == [2]'
run 0 bash -c '"$1" --names=<(cat names) -b -1 -d 0.1 -o VM,ORIGIN' - "$fake"
check "--names: from a pipe, in a table" grep -qE '^web +map-file$' out
run 0 env COLUMNS=80 "$fake" --names=names -1 -d 0.1
check "--names: 80 columns with a long name" test "$(wc -L <out)" -le 80

# in_locale NAME COMMAND...: in a locale that need not be on this machine.
in_locale()
{
	local name=$1
	shift
	[ -e "locales/$name.UTF-8" ] || { mkdir -p locales &&
		localedef -i "$name" -f UTF-8 "./locales/$name.UTF-8" >&2; } || return 1
	LOCPATH=$PWD/locales LC_ALL=$name.UTF-8 "$@"
}

run 0 in_locale de_DE env printf '%.1f\n' 0.5
check "there is a locale with a decimal comma" grep -qx 0,5 out
run 0 in_locale de_DE "$fake" -J 0.1 1
check "decimal comma: an interval and JSON have points" python3 -c '
import json
assert 1 < json.loads(open("out").readlines()[1])["totals"]["rate"] < 40'
run 0 in_locale de_DE "$fake" -1 0.1
check "decimal comma: so have tables" grep -qE ', last [0-9]+\.[0-9]s, ' out

run 0 in_locale tr_TR "$fake" -1 -d 0.1 -s pid -o vm,inj
check "Turkish: columns by small letters" grep -qE '^VM +INJ$' out

# signalled SIGNAL COMMAND...: sends the signal after the first line of output.
signalled()
{
	python3 - "$@" <<'EOF'
import signal, subprocess, sys

# A shell that runs us in the background has some of them ignored, which a child
# inherits.
for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
    signal.signal(number, signal.SIG_DFL)
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
first = p.stdout.readline()
p.send_signal(getattr(signal, sys.argv[1]))
sys.stdout.buffer.write(first + p.stdout.read())
sys.exit(p.wait())
EOF
}

for signal in SIGINT SIGTERM SIGHUP SIGQUIT; do
	run 0 signalled $signal "$fake" -J -d 10
	check "$signal: the last state is printed, status 0" test "$(wc -l <out)" = 2
done
run 0 signalled SIGHUP nohup "$fake" -J -d 1 -n 1
check "nohup: SIGHUP does not end it" \
	test "$(tail -n 1 out | jq '.interval_ns >= 900000000')" = true

# names_again COMMAND...: changes the file of --names, sends SIGHUP, and waits for the name.
names_again()
{
	python3 - "$@" <<'EOF'
import pathlib, signal, subprocess, sys

signal.signal(signal.SIGHUP, signal.SIG_DFL)
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)

def until(name):
    line = " "
    while line and f'"name":"{name}"' not in line:
        line = p.stdout.readline()

until("before")
pathlib.Path("names").write_text("vm1-* after\n")
p.send_signal(signal.SIGHUP)
until("after")
# One that is wrong changes nothing, and is told.
pathlib.Path("names").write_text("vm1-*\n")
p.send_signal(signal.SIGHUP)
for i in range(3):
    if '"name":"after"' not in p.stdout.readline():
        sys.exit(1)
p.send_signal(signal.SIGTERM)
p.stdout.read()
sys.exit(p.wait())
EOF
}
printf 'vm1-* before\n' >names
run 0 names_again "$fake" -J -d 0.1 --names names
result "SIGHUP: the file of --names is read again" "$status_ok" "$why"
check "SIGHUP: a file of --names that is wrong is told" grep -q 'line 1: a key without a name' err

# full_pipe HOW COMMAND...: sends SIGTERM while a line is written that is longer than the
# pipe. HOW: unread, or read_late, the reader goes on in time.
full_pipe()
{
	python3 - "$@" <<'EOF'
import array, fcntl, os, signal, subprocess, sys, termios, time

signal.signal(signal.SIGTERM, signal.SIG_DFL)
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 4096)
p = subprocess.Popen(sys.argv[2:], stdout=w)
os.close(w)
unread = array.array("i", [0])
while not unread[0] and p.poll() is None:
    time.sleep(0.05)
    fcntl.ioctl(r, termios.FIONREAD, unread)
p.send_signal(signal.SIGTERM)
if sys.argv[1] == "read_late":
    with os.fdopen(r, "rb") as pipe:
        sys.stdout.buffer.write(pipe.read())
sys.exit(p.wait(60))
EOF
}

run 3 full_pipe unread env MADE_UP=vms=20 "$fake" -J -d 0.1
one_line "SIGTERM while nobody reads" "told to stop while nobody reads it"

run 2 full_pipe read_late env MADE_UP=vms=20,unseen "$fake" -J -d 0.1
check "SIGTERM while a line is written: the last look comes after it" \
	test "$(tail -n 1 out | jq .lost.unseen)" = 1

run 2 env MADE_UP=lost.ring_full=1 "$fake" -J -d 0.1 -n 1
check "something lost: status 2" test "$(tail -n 1 out | jq -c '[.lost.total, .lost.ring_full]')" = "[1,1]"

# unseen COUNTS: the lines have these.
unseen()
{
	test "$(jq .lost.unseen out | tr '\n' ' ')" = "$1 "
}

run 2 env MADE_UP=unseen "$fake" -J -d 0.1 -n 2
check "the last line is the last look" unseen "0 0 1"
run 2 env MADE_UP=unseen "$fake" -J -1 -d 0.1
check "--once: so is the only one" unseen "1"
run 2 signalled SIGTERM env MADE_UP=unseen "$fake" -J -d 10
check "SIGTERM: so is the last state" unseen "0 1"

run 0 env MADE_UP=late "$fake" -J -d 0.1 -n 2
check "a VM that came and went during the last look has its name" python3 -c '
import json
late = json.loads(open("out").readlines()[-1])["vms"][3]
assert (late["name"], late["name_origin"]) == ("late", "cmdline"), late'

# Ticks 2 and 3 of five cannot be read: the next one has all that they would have had.
run 2 env MADE_UP=fails=2 "$fake" -J -d 0.1 -n 5
check "a tick that cannot be read is lost, and no SEA with it" test "$(jq -c '[.tick, .totals.total, .totals.new, .lost.tick]' out | tr '\n' ' ')" = \
	"[0,0,0,0] [1,3,3,0] [2,12,9,2] [3,15,3,2] "
run 0 env MADE_UP=ends=2,vms=2 "$fake" -J -d 0.1 -n 4
check "a VM that ended keeps its last counts" test "$(jq -c '[.vms[] | [.total, .ended]]' out | tail -n 1)" = \
	"[[3,true],[2,true]]"
# The wall clock goes back an hour: what is known of an SEA does not move.
run 0 env MADE_UP=ends=1,vms=1,steps=3 "$fake" -J -d 0.1 -n 5
check "the time of an SEA stays when the clock is set" test \
	"$(jq -r '.vms[0].last.time // empty' out | sort -u | wc -l)" = 1
check "the clock was set" python3 -c '
import json
times = [json.loads(line)["time"] for line in open("out")]
assert times != sorted(times), times'

### Tables

run 0 "$fake" -n 2 -d 0.1
check "no terminal: tables" test "$(grep -c '^VM  *PID ' out)" = 2
check "a table at once, one each interval" test "$(grep -c ': source fake, ' out)" = 3
check "says on stderr that it traces" grep -qx 'Tracing SEAs... Hit Ctrl-C to end.' err
run 0 "$fake" -1 -d 0.1
check "--once: one table" test "$(grep -c ': source fake, ' out)" = 1
check "as wide as needed" grep -q 'forwarded (ambiguous walk) 0s ago$' out
run 0 env COLUMNS=60 "$fake" -1 -d 0.1
check "COLUMNS" test "$(wc -L <out)" -le 60
run 0 "$fake" -1 -d 0.1 -s VM -r 1 -o VM,FWD
check "--sort, --rows, --columns" grep -qx 'vm1-1001   1' out
check "rows left out are counted" grep -qx '(2 VMs more)' out
run 0 "$fake" -1 -d 0.1 -f 'VM3|vm1' -s VM -R -o VM
check "--filter, --reverse: as on the screen" test "$(grep '^vm' out | tr -d '\n')" = vm3-1003vm1-1001
check "what the filter leaves is summed up" grep -qx 'shown: 2 of 3 VMs, 2 of 3 SEAs' out
run 0 env MADE_UP=vms=3,ends=1 "$fake" -1 -d 0.1 --running
check "--running leaves out who ended" grep -q '^shown: 2 of 3 VMs' out
run 3 "$fake" -J -o VM
check "--columns are refused with JSON" says_only "--columns is for tables: --json has all fields"
run 0 "$fake" -1 -d 0.1 -r 0
check "--rows 0 is all" test "$(grep -c '^vm' out)" = 3
run 0 "$fake" -1 -d 0.1 -T
check "--timestamp" grep -qE '^20[0-9-]+T[0-9:]+[+-][0-9]{4} ' out

### A terminal

# on_terminal COMMAND...: on a pseudo terminal of 24 lines by 80 columns; what
# is in the file keys gets pressed after a second.
on_terminal()
{
	python3 - "$@" <<'EOF'
import fcntl, os, pty, select, signal, struct, sys, termios, time

pid, fd = pty.fork()
if pid == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ["TERM"] = os.environ.get("TEST_TERM", "vt100")
    os.execv(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
start, sent, resized, output = time.time(), False, False, b""
while time.time() - start < 20:
    if select.select([fd], [], [], 0.1)[0]:
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        output += data
    if not resized and time.time() - start > 0.6:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 40, 0, 0))
        resized = True
    if not sent and time.time() - start > 1.2:
        os.write(fd, os.environ.get("TEST_KEYS", "").encode())
        sent = True
sys.stdout.buffer.write(output)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status)
EOF
}

TEST_KEYS=q run 0 on_terminal "$fake" -d 0.2
check "terminal: painted, q quits" grep -q 'vm1-1001' out
check "terminal: repainted for the new size" grep -q "$(printf '\xe2\x80\xa6')" out
TEST_KEYS=$'\003' run 0 on_terminal "$fake" -d 0.2
check "terminal: Ctrl-C quits" grep -q 'vm1-1001' out
TEST_TERM=dumb run 0 on_terminal "$fake" -d 0.1 -n 1
check "dumb terminal: tables" grep -q 'Tracing SEAs' out
run 0 on_terminal "$fake" -b -d 0.1 -n 1
check "terminal: --batch" grep -q 'Tracing SEAs' out

# stuck SECONDS COMMAND...: on a pseudo terminal that takes nothing from the first
# output on; ended by SIGTERM after so long. The terminal's modes have to be restored.
stuck()
{
	python3 - "$@" <<'EOF'
import os, pty, select, signal, sys, termios, time

master, slave = pty.openpty()
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    for fd in 0, 1, 2:
        os.dup2(slave, fd)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ["TERM"] = "vt100"
    os.execv(sys.argv[2], sys.argv[2:])
os.read(master, 1)
os.write(master, b"\x13")
time.sleep(float(sys.argv[1]))
os.kill(pid, signal.SIGTERM)
for _ in range(150):
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        break
    time.sleep(0.1)
else:
    os.kill(pid, signal.SIGKILL)
    sys.exit("SIGTERM does not end it")
if termios.tcgetattr(slave) != before:
    sys.exit("the terminal's modes are not what they were")
sys.exit(os.waitstatus_to_exitcode(status))
EOF
}

run 3 stuck 1 "$fake" -d 0.1
check "terminal that takes nothing: SIGTERM ends it" test ! -s err
run 3 stuck 1 "$fake" -b -d 0.1
check "terminal that takes nothing, --batch: SIGTERM ends it" test ! -s err

echo "1..$number"
exit $failed
