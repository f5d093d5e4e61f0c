# SPDX-License-Identifier: GPL-2.0-only
"""
A random walk: keys and sizes, one after the other, at a seatop on a pseudo terminal. It
has to live through them, and to give the terminal back as it was.
"""

import fcntl
import os
import pathlib
import pty
import random
import select
import signal
import struct
import tempfile
import termios
import time

# All that a keyboard sends, and what it does not: parts of sequences, a mouse, bytes that
# are no UTF-8. Not the keys that end it, nor
# Ctrl-S, which the terminal takes for itself.
KEYS = [bytes([c]) for c in range(1, 256) if c not in (3, 0x13, 0x1c, ord("q"))]
KEYS += [b"\x1b[A", b"\x1b[B", b"\x1bOA", b"\x1bOB", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F",
         b"\x1bOP", b"\x1b[17~", b"\x1b[", b"\x1b[M !!", b"\x1b[M !%", b"\x1b[M`!!", b"\x1b[Ma!!"]
# Those that do most come more often.
OFTEN = [b"\r", b"\x1b", b"j", b"k", b"l", b"t", b"h", b"s", b"c", b"m", b"[", b"]", b"{", b"}", b"b", b"/",
         b"a", b"n", b" ", b"e", b"z", b"<", b">", b"R", b"u", b"g", b"G"]
CHUNK = 64
SILENCE = 120  # seconds without any output are a hang
# b leads into it: whatever is stored is older than an hour.
STORE = pathlib.Path(__file__).resolve().parent.parent / "samples" / "three-hosts.ndjson"
FEED = "vms=40,idle=10,mix,details=40,ends=5"


def set_size(fd, lines, columns):
    """Another size, and the signal that tells of it"""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def start(program, directory, slave):
    """seatop on the terminal; its messages go to a file"""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1):
        os.dup2(slave, fd)
    os.dup2(os.open(os.path.join(directory, "stderr"), os.O_WRONLY | os.O_CREAT, 0o600), 2)
    os.chdir(directory)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    env = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8", MADE_UP=FEED)
    os.execve(program, [program, "-d", "0.1", "--store", str(STORE)], env)
    return 0


# Esc leaves what is being typed, and Ctrl-L paints all: the answer to it begins with this.
AGAIN = 0.3  # seconds until the sign is sent again
SIGN, ANSWER = b"\x1b\x0c", b"\x1b[H\x1b[2J"


class Ended(Exception):
    """It ended, with this status"""


def look_after(pid):
    """Raises Ended if it has"""
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        raise Ended(os.waitstatus_to_exitcode(status))


def exchange(master, pid, data, until=None):
    """Writes data, and drops what comes until that has come. False: it does not come."""
    deadline, got = time.monotonic() + SILENCE, b""
    again = time.monotonic() + AGAIN
    while data or (until and until not in got):
        readable, writable, _ = select.select([master], [master] if data else [], [], AGAIN)
        if readable:
            got = got[-len(ANSWER):] + os.read(master, 65536)
        if writable:
            data = data[os.write(master, data):]
        # What came before it may have taken the sign for a part of its own.
        if not data and time.monotonic() > again:
            data, again = SIGN, time.monotonic() + AGAIN
            look_after(pid)
        if time.monotonic() > deadline:
            return False
    return True


def walk(program, nr_keys, seed):
    """Why it went wrong, or None"""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        master, slave = pty.openpty()
        set_size(slave, 24, 80)
        before = termios.tcgetattr(slave)
        pid = start(program, directory, slave)
        try:
            try:
                why = press_all(master, rng, nr_keys, pid) or end(master, pid)
            except Ended as status:
                why = f"it ended with status {status} before it was told to"
            messages = pathlib_read(os.path.join(directory, "stderr"))
            if "Sanitizer" in messages or "runtime error" in messages:
                why = f"{why or ''}\n{messages}"
            if not why and termios.tcgetattr(slave) != before:
                why = "the terminal's modes are not what they were"
        finally:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
            os.close(master)
            os.close(slave)
    return f"seed {seed}: {why}" if why else None


def pathlib_read(path):
    """The text of a file"""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def press_all(master, rng, nr_keys, pid):
    """Presses keys, with another size now and then; why that failed, or None"""
    # Ahead of the first paint keys would be the terminal's.
    if not exchange(master, pid, b"", b"Trust"):
        return "nothing is painted"
    left = nr_keys
    while left > 0:
        if rng.random() < 0.3:
            set_size(master, rng.choice([1, 2, 3, 4, 5, 7, 10, 24, 60]),
                     rng.choice([1, 2, 10, 40, 80, 200]))
        keys = b"".join(rng.choice(OFTEN if rng.random() < 0.6 else KEYS)
                        for _ in range(rng.randint(1, CHUNK)))
        left -= len(keys)
        if not exchange(master, pid, keys + SIGN, ANSWER):
            return f"it does not answer after {keys!r}"
    return None


def end(master, pid):
    """q ends it, from wherever it is: Esc leaves what is being typed."""
    deadline = time.monotonic() + SILENCE
    try:
        while time.monotonic() < deadline:
            for key in (b"\x1b", b"q"):
                # Esc and q at once would be one key, Alt-q.
                exchange(master, pid, key)
                select.select([master], [], [], 0.1)
                look_after(pid)
    except Ended as status:
        return None if status.args[0] in (0, 2) else f"it ended with status {status}"
    return "q does not end it"
