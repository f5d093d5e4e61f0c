# SPDX-License-Identifier: GPL-2.0-only
"""
A random walk: keys and sizes, one after the other, at a seatop on a pseudo terminal. It
has to live through them, and to give the terminal back as it was.
"""

import fcntl
import os
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
OFTEN = [b"\r", b"\x1b", b"j", b"k", b"l", b"t", b"h", b"s", b"c", b"m", b"[", b"]", b"{", b"}", b"/",
         b"a", b"n", b" ", b"e", b"z", b"<", b">", b"R", b"u", b"g", b"G"]
CHUNK = 64
SILENCE = 120  # seconds without any output are a hang
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
    os.execve(program, [program, "-d", "0.1"], env)
    return 0


def unread(slave):
    """Bytes of keys that were not read yet"""
    return struct.unpack("i", fcntl.ioctl(slave, termios.TIOCINQ, b"\0" * 4))[0]


def exchange(master, slave, data):
    """Writes data until all of it was read, and drops what comes meanwhile. False: it hangs."""
    end = time.monotonic() + SILENCE
    while data or unread(slave):
        readable, writable, _ = select.select([master], [master] if data else [], [], 0.01)
        if readable:
            os.read(master, 65536)
        if writable:
            data = data[os.write(master, data):]
        if time.monotonic() > end:
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
            why = press_all(master, slave, rng, nr_keys, pid) or end(master, slave, pid)
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


def has_ended(pid):
    """How it ended, in words; None: it has not"""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return f"it ended with status {os.waitstatus_to_exitcode(status)}" if ended else None


def press_all(master, slave, rng, nr_keys, pid):
    """Presses keys, with another size now and then; why that failed, or None"""
    # The first paint: before it, keys would be echoed by the terminal.
    if not select.select([master], [], [], SILENCE)[0]:
        return "nothing is painted"
    left = nr_keys
    while left > 0:
        if rng.random() < 0.3:
            set_size(master, rng.choice([1, 2, 3, 4, 5, 7, 10, 24, 60]),
                     rng.choice([1, 2, 10, 40, 80, 200]))
        keys = b"".join(rng.choice(OFTEN if rng.random() < 0.6 else KEYS)
                        for _ in range(rng.randint(1, CHUNK)))
        left -= len(keys)
        if not exchange(master, slave, keys):
            return "it takes no keys any more"
        why = has_ended(pid)
        if why:
            return f"{why} after {keys!r}"
    return None


def end(master, slave, pid):
    """q ends it, from wherever it is: Esc leaves what is being typed."""
    deadline = time.monotonic() + SILENCE
    while time.monotonic() < deadline:
        for key in (b"\x1b", b"q"):
            # Esc and q at once would be one key, Alt-q.
            if not exchange(master, slave, key):
                return "it does not read q"
            time.sleep(0.1)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                return None if code in (0, 2) else f"it ended with status {code}"
    return "q does not end it"
