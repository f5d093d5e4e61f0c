#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
seastat metrics and seastat record --textfile over a made-up feed: do other parsers take
the text, and does it say what the recording does? TAP.

Usage: test-metrics.py SEASTAT-FAKE
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics

KINDS = ("claimed", "host_owned", "not_opted_in", "forwarded", "unknown")


class Failed(Exception):
    """What a test expected and did not find"""


class Skipped(Exception):
    """What this machine lacks"""


def expect(condition, what):
    """A test goes on only if this holds."""
    if not condition:
        raise Failed(what)


class Metrics:
    """The verbs, in a directory of their own"""

    def __init__(self, seastat, directory):
        self.seastat = seastat
        self.dir = pathlib.Path(directory)
        self.prom = self.dir / "seatop.prom"

    def run(self, *args, status=0):
        """Standard output of a verb, and its one line of standard error"""
        done = subprocess.run([self.seastat, *map(str, args)], capture_output=True, text=True,
                              check=False, cwd=self.dir)
        expect(done.returncode == status, f"{args}: status {done.returncode}: {done.stderr}")
        return done.stdout, done.stderr

    def record(self, store, until, made_up="vms=3,details=1", **options):
        """A recorder that is stopped when until(its textfile's samples) holds"""
        env = dict(os.environ, MADE_UP=made_up)
        with subprocess.Popen([self.seastat, "record", "--store", store, "--interval", "0.1",
                               "--textfile", self.prom], env=env, cwd=self.dir,
                              stderr=subprocess.PIPE, **options) as recorder:
            deadline = time.monotonic() + 60
            while not (self.prom.exists() and until()):
                expect(recorder.poll() is None, "the recorder ended by itself")
                expect(time.monotonic() < deadline, "what was waited for did not come")
                time.sleep(0.05)
            recorder.send_signal(signal.SIGTERM)
            recorder.wait()
            expect(recorder.returncode in (0, 2), f"status {recorder.returncode}")
            return recorder.stderr.read().decode()

    def ticks(self, store):
        """Ticks that the store has by now"""
        out = subprocess.run([self.seastat, "export", store], capture_output=True, text=True,
                             check=False, cwd=self.dir).stdout
        return sum('"type":"tick"' in line for line in out.splitlines())


def samples(text, parse=openmetrics):
    """{(name, labels): value}; the parser says what is no valid text."""
    found = {}
    for family in parse.text_string_to_metric_families(text):
        for sample in family.samples:
            expect(sample.timestamp is None, f"{sample.name} has a timestamp")
            key = (sample.name, tuple(sorted(sample.labels.items())))
            expect(key not in found, f"{key} is there twice")
            found[key] = sample.value
    return found


def value(found, name, **labels):
    """Of one sample"""
    return found[(name, tuple(sorted(labels.items())))]


def counted(export):
    """What the ticks of a recording add up to, by disposition; rows that left are no news."""
    sums = dict.fromkeys(KINDS, 0)
    for line in export.splitlines():
        for row in json.loads(line).get("rows", []):
            for kind in KINDS:
                sums[kind] += row.get(kind, 0) if row.get("row") != "gone" else 0
    return sums


def test_equal_to_the_recording(m):
    """Three dialects of the same samples, which are the recording's"""
    m.record("sea.db", lambda: m.ticks("sea.db") >= 4)
    export = m.run("export", "sea.db")[0]
    text = m.run("metrics", "sea.db")[0]
    expect(text.endswith("\n# EOF\n"), "no end")
    found = samples(text)
    for kind, number in counted(export).items():
        expect(value(found, "sea_taken_total", disposition=kind) == number, kind)
    vms = [v for (name, labels), v in found.items()
           if name == "sea_vm_taken" and ("disposition", "forwarded") in labels]
    expect(sum(vms) == value(found, "sea_taken_total", disposition="forwarded"), "sum of VMs")
    expect(value(found, "sea_vms_running") == 3 == value(found, "sea_opt_in_vms", state="yes"),
           "VMs")
    expect(found == samples(text, prometheus), "the other parser reads other samples")
    typed = m.run("metrics", "--format", "prometheus", "sea.db")[0]
    expect(found == samples(typed, prometheus), "prometheus has other samples")
    expect("# TYPE sea_taken_total counter\n" in typed and "# EOF" not in typed, "no types")
    strict = m.run("metrics", "--format", "openmetrics", "sea.db")[0]
    expect(found == samples(strict), "openmetrics has other samples")
    expect("# TYPE sea_taken counter\n" in strict, "no types")
    again = subprocess.run([m.seastat, "metrics", "-"], input=export, capture_output=True,
                           text=True, check=True).stdout
    expect(found == samples(again), "text has other samples")


def test_textfile_is_that_of_the_store(m):
    """At its end, the recorder has written what its store says."""
    m.record("sea.db", lambda: m.ticks("sea.db") >= 3)
    expect(m.prom.read_text() == m.run("metrics", "sea.db")[0], "they differ")
    expect(m.prom.stat().st_mode & 0o777 == 0o644, "others cannot read it")
    expect(sorted(p.name for p in m.dir.iterdir() if p.name.startswith(".")) == [],
           "something is left beside it")


def test_restart_goes_on(m):
    """Counters never fall, not even in the first text of the next recorder."""
    m.record("sea.db", lambda: m.ticks("sea.db") >= 3)
    first = samples(m.prom.read_text())
    ticks = m.ticks("sea.db")
    seen = []

    def higher():
        seen.append(samples(m.prom.read_text()))
        return m.ticks("sea.db") >= ticks + 3
    m.record("sea.db", higher)
    seen.append(samples(m.prom.read_text()))
    before = first
    for after in seen:
        for key, number in before.items():
            if key[0].endswith(("_total", "_count", "_bucket")):
                expect(after.get(key, -1) >= number, f"{key} fell from {number}")
        before = after
    taken = ("sea_taken_total", (("disposition", "forwarded"),))
    expect(before[taken] > first[taken], "nothing was counted")
    expect(value(before, "sea_gaps_total", cause="recorder") == 1, "no gap between the two")
    expect(seen[-1] == samples(m.run("metrics", "sea.db")[0]), "the store says otherwise")


def test_many_vms(m):
    """2,000 VMs make as many series as the manual promises."""
    m.record("sea.db", lambda: m.ticks("sea.db") >= 3, "vms=2000,idle=5")
    found = samples(m.run("metrics", "sea.db")[0])
    expect(300 < len(found) <= 110 + 14 * 22, f"{len(found)} series")
    expect(len({labels for name, labels in found if name == "sea_vm_pending"}) == 22, "VMs")
    found = samples(m.run("metrics", "--top", "1000", "sea.db")[0])
    expect(13 * 1000 < len(found) <= 110 + 14 * 1002, f"{len(found)} series")
    expect(value(found, "sea_vms_running") == 2000, "VMs")


def test_losses(m):
    """By cause; those of counts make the data incomplete, and the status 2."""
    m.record("sea.db", lambda: m.ticks("sea.db") >= 3, "lost.missed=4,lost.ring_full=2")
    found = samples(m.run("metrics", "sea.db", status=2)[0])
    expect(value(found, "sea_lost_total", cause="missed") == 4, "missed")
    expect(value(found, "sea_lost_total", cause="ring_full") == 2, "ring_full")
    expect(value(found, "sea_data_incomplete", reason="losses") == 1, "incomplete")
    m.record("other.db", lambda: m.ticks("other.db") >= 3, "lost.ring_full=2")
    found = samples(m.run("metrics", "other.db")[0])
    expect(value(found, "sea_data_incomplete", reason="losses") == 0, "details alone")


def test_promtool(m):
    """promtool finds nothing to say about any of the texts."""
    promtool = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if not promtool:
        raise Skipped("no promtool; ./check has one")
    m.record("sea.db", lambda: m.ticks("sea.db") >= 3)
    for text in (m.run("metrics", "sea.db")[0],
                 m.run("metrics", "--format", "prometheus", "sea.db")[0]):
        done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True,
                              text=True, check=False)
        expect(done.returncode == 0 and not done.stderr, done.stderr)


def test_textfile_fails(m):
    """At the start that is an error; later the recording goes on."""
    err = m.run("record", "--store", "sea.db", "--textfile", "/nonexistent/a.prom", status=3)[1]
    expect(err.count("\n") == 1 and "cannot write /nonexistent/a.prom" in err, err)
    m.run("metrics", "--textfile", "/nonexistent/a.prom", "sea.db", status=3)


def test_usage(m):
    """One line each"""
    for args, what in ((("--top", "x"), "no number of VMs"), (("--format", "xml"), "no format is called"),
                       (("a", "b"), "one argument too many"), (("none.db",), "cannot open")):
        err = m.run("metrics", *args, status=3)[1]
        expect(err.count("\n") == 1 and what in err, err)


def main():
    """Each test in a directory of its own"""
    tests = [test for name, test in sorted(globals().items()) if name.startswith("test_")]
    failed = 0
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as directory:
            try:
                test(Metrics(os.path.abspath(sys.argv[1]), directory))
                print(f"ok {number} - {test.__name__}")
            except Skipped as why:
                print(f"ok {number} - {test.__name__} # SKIP {why}")
            except (Failed, ValueError, KeyError) as why:
                failed += 1
                print(f"not ok {number} - {test.__name__}")
                print("".join(f"# {line}\n" for line in str(why).splitlines()[:20]), end="")
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
