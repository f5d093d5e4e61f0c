# SPDX-License-Identifier: GPL-2.0-only
"""
What somebody does at a terminal besides pressing keys of the screen: stops it and goes on,
has no colours or few, repaints over a stray message, leaves in a storm, hangs up.
"""

import os
import pty
import re
import select
import signal
import tempfile
import termios
import time

import walk

PATIENCE = 120
FEED = "vms=30,mix,details=30"
# More than can be taken: there always is a record.
STORM = "vms=1000,mix,details=50000"
# As a terminal gets them: another screen, and back; the colours of text by their numbers
ENTERS, LEAVES = b"\x1b[?1049h", b"\x1b[?1049l"
COLOUR = re.compile(rb"\x1b\[(?:[0-9]+;)*(3[0-9]|9[0-7])(?:;[0-9]+)*m")


class Failed(Exception):
    """What did not come, or should not have"""


class Hands:
    """A program on a terminal of its own"""

    def __init__(self, argv, environment):
        self.master, self.slave = pty.openpty()
        walk.set_size(self.slave, 24, 80)
        self.before = termios.tcgetattr(self.slave)
        self.got = b""
        self.pid = os.fork()
        if not self.pid:
            os.login_tty(self.slave)
            os.close(self.master)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
                signal.signal(number, signal.SIG_DFL)
            env = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8", MADE_UP=FEED, PS1="$ ",
                       HOME="/nonexistent")
            for name in ("NO_COLOR", "XDG_CONFIG_HOME"):
                env.pop(name, None)
            env.update(environment)
            os.execve(argv[0], argv, env)

    def wait(self, text):
        """Reads until the text came. Returns all that came up to it."""
        end = time.monotonic() + PATIENCE
        while text not in self.got:
            if time.monotonic() > end:
                raise Failed(f"{text!r} does not come, but {self.got[-300:]!r}")
            if select.select([self.master], [], [], 1)[0]:
                self.got += os.read(self.master, 65536)
        at = self.got.index(text) + len(text)
        came, self.got = self.got[:at], self.got[at:]
        return came

    def press(self, keys):
        """Keys, as bytes"""
        os.write(self.master, keys)

    def status(self):
        """Waits for its end, reading what it still writes. Its status, and the seconds."""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.pid = 0
                return os.waitstatus_to_exitcode(status), time.monotonic() - began
            if self.master >= 0 and select.select([self.master], [], [], 0.005)[0]:
                os.read(self.master, 65536)
            elif self.master < 0:
                time.sleep(0.005)
        raise Failed("it does not end")

    def hang_up(self):
        """The terminal goes away."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def close(self):
        """Ends it, if nothing else did"""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)


def seatop(program, **environment):
    """seatop, painted once"""
    hands = Hands([program, "-d", "0.2"], environment)
    hands.came = hands.wait(b"Quit")
    return hands


def stop_and_go_on(program):
    """Ctrl-Z leads to the shell, whose terminal is as it was; fg leads back."""
    hands = Hands(["/bin/bash", "--norc", "-i"], {})
    try:
        hands.wait(b"$ ")
        hands.press(f"'{program}' -d 0.2\n".encode())
        hands.wait(b"Quit")
        hands.press(b"\x1a")
        hands.wait(LEAVES)
        hands.wait(b"Stopped")
        hands.press(b"stty -a\n")
        modes = hands.wait(b"extproc")
        if b" icanon" not in modes or b" -echo " in modes:
            raise Failed(f"the shell's terminal is not as it was: {modes!r}")
        hands.press(b"fg\n")
        hands.wait(ENTERS)
        hands.wait(b"Quit")
        hands.press(b"q")
        hands.wait(LEAVES)
        hands.press(b"exit\n")
        hands.status()
    finally:
        hands.close()


def colours_of(program, **environment):
    """The colours that are painted with"""
    hands = seatop(program, **environment)
    try:
        came = hands.came + hands.wait(b"vm30-1030")
        hands.press(b"q")
        hands.status()
        return {int(found) for found in COLOUR.findall(came)} - {39}
    finally:
        hands.close()


def colours(program):
    """Eight are enough; with NO_COLOR, and where there are none, there is none."""
    eight = colours_of(program, TERM="xterm")
    if not eight or max(eight) > 37:
        raise Failed(f"TERM=xterm: colours {eight}")
    for environment in ({"NO_COLOR": "1"}, {"TERM": "vt100"}):
        none = colours_of(program, **environment)
        if none:
            raise Failed(f"{environment}: colours {none}")
    if colours_of(program, NO_COLOR="") != eight:
        raise Failed("NO_COLOR that is empty takes the colours away")


def repaint(program):
    """What something else wrote goes away with Ctrl-L."""
    hands = seatop(program)
    try:
        os.write(hands.slave, b"kernel: a stray message")
        hands.wait(b"a stray message")
        hands.press(b"\x0c")
        hands.wait(walk.ANSWER)
        hands.wait(b"Trust")
        hands.wait(b"Quit")
    finally:
        hands.close()


def leave(program, key):
    """The key ends it in a storm, and the terminal is as it was. Returns the seconds."""
    hands = seatop(program, MADE_UP=STORM)
    try:
        hands.wait(b"vm1000-2000")
        hands.press(key)
        status, seconds = hands.status()
        if status not in (0, 2):
            raise Failed(f"it ended with status {status}")
        if termios.tcgetattr(hands.slave) != hands.before:
            raise Failed("the terminal's modes are not what they were")
        return seconds
    finally:
        hands.close()


def silent_store(program):
    """A store that does not answer holds up nobody: keys are answered, and q ends it."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "store")
        os.mkfifo(path)
        hands = Hands([program, "-d", "0.2", "--store", path], {})
        try:
            hands.wait(b"vm30-1030")
            hands.press(b"b")
            hands.wait(b"reading ")
            hands.press(b"t")
            hands.wait(b"Can these numbers be trusted?")
            hands.press(b"q")
            hands.status()
        finally:
            hands.close()


def hang_up(program):
    """A terminal that is gone ends it, also if SIGHUP is taken for the file of --names."""
    with tempfile.NamedTemporaryFile("w") as names:
        names.write("vm1-* web\n")
        names.flush()
        for arguments in ([], ["--names", names.name]):
            hands = Hands([program, "-d", "0.2", *arguments], {})
            try:
                hands.wait(b"Quit")
                hands.hang_up()
                hands.status()
            finally:
                hands.close()


def all_tests(program, report):
    """All of them"""
    for name, test in (
            ("Ctrl-Z leads to the shell, and fg back", stop_and_go_on),
            ("eight colours, NO_COLOR, and a terminal without any", colours),
            ("Ctrl-L paints over a stray message", repaint),
            ("q ends it in a storm", lambda p: leave(p, b"q")),
            ("Ctrl-C ends it in a storm", lambda p: leave(p, b"\x03")),
            ("a store that does not answer holds up nobody", silent_store),
            ("a terminal that hangs up ends it", hang_up)):
        try:
            seconds = test(program)
            report.test(name + (f" # after {seconds * 1000:.0f} ms" if seconds else ""))
        except Failed as why:
            report.test(name, str(why))
