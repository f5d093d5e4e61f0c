#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
What seastat record --journal tells, and seastat export --format journal: against the
made-up feed, the catalog, and systemd-journal-remote if it is there. TAP.

Usage: test-journal.py SEASTAT-FAKE TREE
       test-journal.py --listen SEASTAT-FAKE STORE: in namespaces of its own
"""
import collections
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

MADE_UP = "vms=3,ends=4,details=1,fails=2,lost.ring_full=7"
REMOTE = "/lib/systemd/systemd-journal-remote"
PATIENCE = 60


def entries_of(text):
    """Entries of the journal export format, or of its native protocol"""
    for entry in text.split("\n\n"):
        if entry.strip():
            yield dict(line.split("=", 1) for line in entry.strip().split("\n"))


def kinds_of(tree):
    """The ids in the header"""
    text = pathlib.Path(tree, "lib/report/notice.h").read_text(encoding="utf-8")
    return dict(re.findall(r'X\((\w+), "([0-9a-f]{32})"', text))


def listen(seastat, store):
    """Stands in for journald, and prints what it is told."""
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
    os.makedirs("/run/systemd/journal")
    journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.bind("/run/systemd/journal/socket")
    journal.settimeout(PATIENCE)
    recorder = subprocess.Popen([seastat, "record", "--journal", "--store", store, "--interval", "0.1"],
                                env={**os.environ, "MADE_UP": MADE_UP})
    ended = 0
    while True:
        entry = journal.recv(65536).decode()
        print(entry, flush=True)
        ended += " ended after " in entry
        if ended == 3:
            recorder.terminate()
        if "MESSAGE=seastat record ended (stopped)" in entry:
            return recorder.wait(PATIENCE)


class Tap:
    """Tests, counted"""

    def __init__(self):
        self.number = 0
        self.failed = False

    def check(self, name, passed, why=""):
        self.number += 1
        self.failed |= not passed
        print(f"{'ok' if passed else 'not ok'} {self.number} - {name}")
        for line in [] if passed else str(why).splitlines():
            print(f"# {line}")

    def skip(self, name, why):
        self.number += 1
        print(f"ok {self.number} - {name} # SKIP {why}")


def test_again(tap, seastat, store, kinds):
    """The second run on one store says that nobody recorded in between."""
    result = subprocess.run(["unshare", "-rm", sys.executable, __file__, "--listen", seastat, store], check=False,
                            capture_output=True, text=True)
    gaps = [e for e in entries_of(result.stdout) if e["MESSAGE_ID"] == kinds["GAP"] and e["SEA_CAUSE"] == "recorder"]
    tap.check("live: the time between two runs is told", [e["SEA_WHY"] for e in gaps] == ["the recorder was stopped"],
              result.stdout + result.stderr)


def test_live(tap, seastat, store):
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        tap.skip("a recorder tells the journal", "no namespaces")
        subprocess.run(["timeout", "3", seastat, "record", "--store", store, "--interval", "0.1"], check=False,
                       env={**os.environ, "MADE_UP": MADE_UP})
        return None
    result = subprocess.run(["unshare", "-rm", sys.executable, __file__, "--listen", seastat, store], check=False,
                            capture_output=True, text=True)
    told = list(entries_of(result.stdout))
    tap.check("a recorder tells the journal", result.returncode == 0 and told, result.stderr)
    return told


def look_at(tap, name, told, kinds):
    by_kind = collections.defaultdict(list)
    for entry in told:
        by_kind[entry["MESSAGE_ID"]].append(entry)
    nr = {kind: len(by_kind[number]) for kind, number in kinds.items()}
    tap.check(f"{name}: start and stop once, three ends, two losses, a gap",
              (nr["STARTED"], nr["STOPPED"], nr["VM_ENDED"], nr["LOSS"], nr["GAP"]) == (1, 1, 3, 2, 1), nr)
    seas = by_kind[kinds["SEA"]]
    first = [entry for entry in seas if entry["SEA_COUNT"] == entry["SEA_TOTAL"]]
    tap.check(f"{name}: the first SEA of each VM at once, the others together",
              len(first) == 3 and 3 < len(seas) <= 6, seas)
    for end in by_kind[kinds["VM_ENDED"]]:
        told_of = sum(int(e["SEA_COUNT"]) for e in seas if e["SEA_VM"] == end["SEA_VM"])
        tap.check(f"{name}: {end['SEA_VM']} is told of as often as it was counted", told_of == int(end["SEA_COUNT"]),
                  (told_of, end))
    tap.check(f"{name}: no address of a guest",
              not re.search("12345678|80001000|10001234", json.dumps(told)), told)
    lost = {entry["SEA_LOSS"]: entry["SEA_COUNT"] for entry in by_kind[kinds["LOSS"]]}
    tap.check(f"{name}: losses by cause", lost.get("ring_full") == "7" and "tick" in lost, lost)


def test_remote(tap, text, told, tmp):
    if not os.path.exists(REMOTE) or not shutil.which("journalctl"):
        tap.skip("systemd-journal-remote takes them", "it is not installed")
        return
    result = subprocess.run([REMOTE, f"--output={tmp}/remote.journal", "-"], input=text, check=False,
                            capture_output=True, text=True)
    tap.check("systemd-journal-remote takes them", result.returncode == 0, result.stderr)
    shown = subprocess.run(["journalctl", f"--file={tmp}/remote.journal", "-o", "json", "--no-pager"], check=False,
                           capture_output=True, text=True)
    taken = [json.loads(line) for line in shown.stdout.splitlines()]
    same = [{key: entry.get(key) for key in sent if not key.startswith("__")} for entry, sent in zip(taken, told)]
    sent = [{key: value for key, value in entry.items() if not key.startswith("__")} for entry in told]
    tap.check("journalctl shows the same", len(taken) == len(told) and same == sent, shown.stderr + str(same[:2]))


def test_catalog(tap, tree, kinds, told):
    text = pathlib.Path(tree, "contrib/seatop.catalog").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^-- ([0-9a-f]{32})\n(.*?)(?=^-- |\Z)", text, flags=re.M | re.S))
    tap.check("the catalog explains each kind, and no other", set(parts) == set(kinds.values()),
              set(parts) ^ set(kinds.values()))
    missing = [(entry["MESSAGE"], field) for entry in told
               for field in re.findall("@(\\w+)@", parts[entry["MESSAGE_ID"]]) if field not in entry]
    tap.check("each entry has the fields that its text names", not missing, missing)
    if not shutil.which("journalctl"):
        tap.skip("journalctl takes the catalog", "there is none")
        return
    with tempfile.TemporaryDirectory() as root:
        catalog = pathlib.Path(root, "usr/lib/systemd/catalog")
        catalog.mkdir(parents=True)
        pathlib.Path(root, "var/lib/systemd/catalog").mkdir(parents=True)
        (catalog / "seatop.catalog").write_text(text, encoding="utf-8")
        subprocess.run(["journalctl", f"--root={root}", "--update-catalog"], check=False, capture_output=True)
        listed = subprocess.run(["journalctl", f"--root={root}", "--list-catalog"], check=False, capture_output=True,
                                text=True)
    tap.check("journalctl takes the catalog", all(number in listed.stdout for number in kinds.values()),
              listed.stdout + listed.stderr)


def main():
    seastat, tree = os.path.abspath(sys.argv[1]), sys.argv[2]
    tap, kinds = Tap(), kinds_of(tree)
    with tempfile.TemporaryDirectory() as tmp:
        store = f"{tmp}/sea.db"
        live = test_live(tap, seastat, store)
        export = subprocess.run([seastat, "export", "--format", "journal", store], check=False, capture_output=True,
                                text=True)
        tap.check("export", export.returncode == 0, export.stderr)
        told = list(entries_of(export.stdout))
        look_at(tap, "exported", told, kinds)
        if live:
            look_at(tap, "live", live, kinds)
            tap.check("a recording tells what was told live",
                      [e["MESSAGE"] for e in live] == [e["MESSAGE"] for e in told],
                      [(a["MESSAGE"], b["MESSAGE"]) for a, b in zip(live, told)])
            test_again(tap, seastat, store, kinds)
        test_remote(tap, export.stdout, told, tmp)
        test_catalog(tap, tree, kinds, told)
    print(f"1..{tap.number}")
    return tap.failed


if sys.argv[1] == "--listen":
    sys.exit(listen(*sys.argv[2:]))
sys.exit(main())
