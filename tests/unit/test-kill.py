#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
seastat record, killed by SIGKILL at random moments while SEAs come in: what was in the
store stays there, nothing is half there, and the time that is missing is told.

The made-up feed counts one SEA of each VM in each tick after the first, and tells of so
many single SEAs in each tick after the second: so a store says by itself what has to be
in it.

Usage: test-kill.py SEASTAT-FAKE SEATOP [KILLS]
"""
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

SEASTAT, SEATOP = sys.argv[1:3]
KILLS = int(sys.argv[3]) if sys.argv[3:] else 200
VMS = 4

# Single SEAs in each tick, and options: the second is always too large, and deletes.
STORES = [(20, []), (3000, ["--keep-size", "4"]), (0, []), (200, ["--keep-days", "1"])]

failures = []


def fail(what):
    failures.append(what)


def connect(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def last_record(path):
    """What a reader sees is in the store for certain."""
    try:
        with connect(path) as store:
            return store.execute("SELECT max(seq) FROM tick").fetchone()[0] or 0
    except sqlite3.OperationalError:
        return 0


def copy_and_read(path, number):
    """A copy of files that are written to may be of no use, but it hurts nobody."""
    copy = path.parent / f"{path.stem}-copy-{number}"
    copy.mkdir()
    for file in path.parent.glob(path.name + "*"):
        try:
            shutil.copy(file, copy / file.name)
        except FileNotFoundError:
            pass
    status = subprocess.run([SEASTAT, "export", str(copy / path.name)], check=False, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL).returncode
    if status not in (0, 2, 3):
        fail(f"{path.name}: export of a copy ends with {status}")
    shutil.rmtree(copy)


def kill_one(path, details, options, chance, number):
    recorder = subprocess.Popen(
        [SEASTAT, "record", "--store", str(path), "--interval", "0.1", *options],
        env={**os.environ, "MADE_UP": f"vms={VMS},details={details}"}, stderr=subprocess.PIPE, text=True)
    time.sleep(chance.uniform(0.4, 2.4))
    before = last_record(path)
    if number % 10 == 0:
        copy_and_read(path, number)
    recorder.send_signal(signal.SIGKILL)
    said = recorder.communicate()[1]
    if recorder.returncode != -signal.SIGKILL:
        fail(f"{path.name}: it ended by itself: {said}")
    if last_record(path) < before:
        fail(f"{path.name}: record {before} was there and is gone")


def look_at_sessions(path, store, details, deletes):
    rows = store.execute(
        "SELECT s.id, (SELECT count(*) FROM tick WHERE session = s.id),"
        " (SELECT count(*) FROM sea WHERE session = s.id),"
        " (SELECT count(*) FROM answer WHERE session = s.id) FROM session s ORDER BY s.id").fetchall()
    for session, ticks, seas, answers in rows:
        counted = dict(store.execute(
            "SELECT vm, sum(forwarded) FROM tick_vm v JOIN tick t ON t.seq = v.tick"
            " WHERE t.session = ? GROUP BY vm", (session,)).fetchall())
        if any(number != ticks - 1 for number in counted.values()) and not deletes:
            fail(f"{path.name}: session {session} has {ticks} ticks and counts {counted}")
        if len(set(counted.values())) > 1:
            fail(f"{path.name}: session {session} has parts of ticks: {counted}")
        if session == len(rows):
            details = 0
        told = details * max(0, ticks - 2)
        if not deletes and (seas != told or answers != told):
            fail(f"{path.name}: session {session} has {ticks} ticks, {seas} SEAs and {answers} answers")
    return len(rows)


def look_at_gaps(path, store):
    """Each time between two sessions is told, from the last tick to the next start."""
    sessions = store.execute("SELECT id, started_ns, last_ns, end FROM session ORDER BY id").fetchall()
    for (_, _, last, end), (number, started, _, _) in zip(sessions, sessions[1:]):
        gap = store.execute("SELECT since_ns, until_ns, why FROM gaps WHERE session = ? AND cause = 'recorder'",
                            (number,)).fetchall()
        if end != "lost" or gap != [(last, started, "the recorder was killed")]:
            fail(f"{path.name}: before session {number}: {end}, {last} to {started} is told as {gap}")


def wait_until_small(path, size):
    """Too much came for what was killed all the time. It gets there."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with connect(path) as store:
            if store.execute("PRAGMA page_count").fetchone()[0] * 4096 <= size:
                return
        time.sleep(0.2)
    fail(f"{path.name}: it stays larger than {size} bytes")


def torture(*args):
    """Whatever goes wrong in a thread is a failure."""
    try:
        torture_one(*args)
    except Exception as error:  # pylint: disable=broad-except
        fail(f"{args[0].name}: {error!r}")


def torture_one(path, details, options, kills):
    chance = random.Random(path.name)
    for number in range(kills):
        kill_one(path, details, options, chance, number)
    # The last one ends well, and tells what the ones before it did not.
    recorder = subprocess.Popen([SEASTAT, "record", "--store", str(path), "--interval", "0.1", *options],
                                env={**os.environ, "MADE_UP": f"vms={VMS}"})
    before = last_record(path)
    while recorder.poll() is None and last_record(path) == before:
        time.sleep(0.1)
    if "--keep-size" in options:
        wait_until_small(path, int(options[1]) << 20)
    recorder.terminate()
    if recorder.wait(60):
        fail(f"{path.name}: the last one ends with {recorder.returncode}")
    with connect(path) as store:
        if store.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            fail(f"{path.name}: its integrity is gone")
        nr = look_at_sessions(path, store, details, bool(options))
        look_at_gaps(path, store)
        print(f"# {path.name}: {nr} sessions, {store.execute('SELECT count(*) FROM tick').fetchone()[0]} ticks,"
              f" {path.stat().st_size} bytes", flush=True)
    for program in ([SEASTAT, "export", str(path)], [SEATOP, "--json", "--replay", str(path)]):
        result = subprocess.run(program, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if result.returncode not in (0, 2):
            fail(f"{path.name}: {program[1]} ends with {result.returncode}: {result.stderr}")


def main():
    tmp = pathlib.Path(tempfile.mkdtemp())
    threads = [
        threading.Thread(target=torture, args=(tmp / f"store-{i}.db", details, options, KILLS // len(STORES)))
        for i, (details, options) in enumerate(STORES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shutil.rmtree(tmp)
    print(f"{'not ok' if failures else 'ok'} 1 - {KILLS} times killed")
    for failure in failures[:20]:
        print(f"# {failure}")
    print("1..1")
    return bool(failures)


sys.exit(main())
