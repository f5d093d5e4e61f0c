#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
seastat record as the service that contrib/ makes of it: its unit, its configuration
file, what it tells its manager, and what it writes to the journal.

Usage: test-service.py SEASTAT-FAKE UNIT CONF
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

SEASTAT, UNIT, CONF = sys.argv[1:]
# systemd-analyze says 16 for 1.6.
MOST_EXPOSED = 20
PATIENCE = 60

tmp = pathlib.Path(tempfile.mkdtemp())
number = 0
failed = False


def check(name, passed, why=""):
    global number, failed
    number += 1
    print(f"{'ok' if passed else 'not ok'} {number} - {name}", flush=True)
    if not passed:
        failed = True
        for line in str(why).splitlines():
            print(f"# {line}")


def skip(name, why):
    global number
    number += 1
    print(f"ok {number} - {name} # SKIP {why}", flush=True)


def run(*args, **kwargs):
    return subprocess.run(args, capture_output=True, text=True, check=False, **kwargs)


class Service:
    """A recorder, and the socket that it tells its manager things by."""

    def __init__(self, conf, *args, made_up="vms=3", watchdog=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = tmp / f"notify-{len(list(tmp.iterdir()))}"
        self.socket.bind(str(path))
        self.socket.settimeout(PATIENCE)
        self.stderr = open(tmp / "stderr", "w+", encoding="utf-8")
        status = os.fstat(self.stderr.fileno())
        env = {
            **os.environ,
            "NOTIFY_SOCKET": str(path),
            "MADE_UP": made_up,
            "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}",
        }
        if watchdog:
            env["WATCHDOG_USEC"] = str(watchdog)
        command = [SEASTAT, "record", "--config", str(conf), *args]
        # systemd has what is to come behind the fork in it.
        if watchdog:
            command = ["sh", "-c", 'export WATCHDOG_PID=$$; exec "$@"', "sh", *command]
        self.process = subprocess.Popen(command, stderr=self.stderr, env=env)

    def hears(self, what):
        """Until the manager hears this; False: it ended, or nothing came"""
        try:
            while True:
                said = self.socket.recv(4096).decode()
                if re.search(what, said):
                    return True
        except TimeoutError:
            return False

    def says(self, what):
        self.stderr.seek(0)
        return re.search(what, self.stderr.read(), re.M)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def write(name, text):
    (tmp / name).write_text(text, encoding="utf-8")
    return tmp / name


def uncommented():
    """The configuration with all its defaults as lines of their own"""
    text = pathlib.Path(CONF).read_text(encoding="utf-8")
    text = re.sub(r"^#([a-z-]+ = )", r"\1", text, flags=re.M)
    names = write("names", "comm:vm1 db01\n")
    text = re.sub(r"^store = .*", f"store = {tmp}/sea.db", text, flags=re.M)
    text = re.sub(r"^textfile = .*", f"textfile = {tmp}/seatop.prom", text, flags=re.M)
    return re.sub(r"^names = .*", f"names = {names}", text, flags=re.M)


def test_unit():
    if not shutil.which("systemd-analyze"):
        skip("the unit is exposed as little as promised", "no systemd-analyze")
        return
    result = run("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", UNIT)
    check("the unit is exposed as little as promised", result.returncode == 0, result.stdout[-300:])
    result = run("systemd-analyze", "verify", UNIT)
    # The program is not installed, and neither are the manuals.
    other = [
        line
        for line in result.stderr.splitlines()
        if "is not executable" not in line and "man " not in line and UNIT.rsplit("/", 1)[-1] in line
    ]
    check("the unit has nothing that systemd does not know", not other, "\n".join(other))


def test_conf():
    text = pathlib.Path(CONF).read_text(encoding="utf-8")
    keys = set(re.findall(r"^#?([a-z-]+) = ", text, flags=re.M))
    options = set(re.findall(r"^ {2,6}(?:-., )?--([a-z-]+)", run(SEASTAT, "record", "--help").stdout, flags=re.M))
    options -= {"config", "help", "usage", "version", "verbose"}
    check("each option stands in the configuration file", keys == options, keys ^ options)


def test_life():
    conf = write("all.conf", uncommented())
    service = Service(conf)
    check("the manager hears that it is ready", service.hears("READY=1"))
    check("what is said in the file holds", service.hears("STATUS=3 VMs, [0-9]+ SEAs; the store is written"))
    check("the store is where the file says", (tmp / "sea.db").exists())
    conf.write_text(uncommented().replace("interval = 1", "interval = 0.1\ncolour = blue"))
    service.process.send_signal(signal.SIGHUP)
    check("SIGHUP: it reads again", service.hears("RELOADING=1\nMONOTONIC_USEC=[0-9]+"))
    check("SIGHUP: it is ready again", service.hears("READY=1"))
    check("SIGHUP: and says so, for the journal", service.says("^<6>seastat: the configuration was read again"))
    line = 1 + conf.read_text().splitlines().index("colour = blue")
    check(
        "an unknown key costs a warning with its line",
        service.says(f"^<4>seastat: {conf}:{line}: no option is called so: 'colour' is left out$"),
    )
    check("one file was read with all its defaults, without a warning", not service.says(f"{conf}:[0-9]+: (?!no option)"))
    conf.write_text("interval = often\n")
    service.process.send_signal(signal.SIGHUP)
    check("SIGHUP: a bad file", service.hears("READY=1"))
    check(
        "SIGHUP: a bad file leaves all as it was, and is told",
        service.says(f"^<3>seastat: {conf}:1: interval: 'often' is no interval: 0.1 to 3600 seconds$"),
    )
    conf.write_text(uncommented().replace("max-vms = 1024", "max-vms = 7"))
    service.process.send_signal(signal.SIGHUP)
    check("SIGHUP: what needs a start anew", service.hears("READY=1"))
    check("SIGHUP: what needs a start anew is told", service.says("^<4>seastat: store, source, textfile and max-vms change when"))
    service.process.send_signal(signal.SIGTERM)
    check("SIGTERM: the manager hears that it stops", service.hears("STOPPING=1"))
    check("SIGTERM: it ends well", service.process.wait(PATIENCE) == 0)


def test_watchdog():
    conf = write("rare.conf", f"interval = 3600\nstore = {tmp}/rare.db\n")
    service = Service(conf, watchdog=200000)
    check("the watchdog hears of it though nothing happens", service.hears("WATCHDOG=1"))
    check("and again", service.hears("WATCHDOG=1"))
    check("it ends well, in the midst of an interval", service.end() == 0)


def test_command_line():
    conf = write("line.conf", f"[record]\nstore = /nonexistent/sea.db\nverbose = no\n\n[other]\nstore = x\n")
    service = Service(conf, "--store", f"{tmp}/line.db")
    check("the command line goes over the file", service.hears("READY=1"))
    check(
        "another section's lines are left out",
        service.says("line.conf:6: in another section than this program's, 'store' is left out"),
    )
    service.end()


def refused(name, text, why):
    result = run(SEASTAT, "record", "--config", str(write("refused.conf", text)))
    lines = result.stderr.splitlines()
    check(name, result.returncode == 3 and len(lines) == 1 and why in lines[0], result.stderr)


def test_refused():
    refused("a bad value", "interval = 1\n\nmax-vms = many\n", "refused.conf:3: max-vms: 'many' is no number of VMs")
    refused("a bad flag", "verbose = perhaps\n", "refused.conf:1: verbose: 'perhaps' is neither yes nor no")
    refused("a line that is none", "interval = 1\nstore\n", "a line is not KEY = VALUE: the first is line 2")
    refused("a long line", "#" + "x" * 5000 + "\ninterval = x\n", "refused.conf:2: interval: 'x' is no interval")
    result = run(SEASTAT, "record", "--config", "/nonexistent")
    check("no file", result.returncode == 3 and "cannot read the configuration /nonexistent: No such" in result.stderr)


try:
    for test in (test_unit, test_conf, test_life, test_watchdog, test_command_line, test_refused):
        test()
finally:
    shutil.rmtree(tmp)
print(f"1..{number}")
sys.exit(failed)
