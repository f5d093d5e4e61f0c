# SPDX-License-Identifier: GPL-2.0-only
"""
The hosts of the fleet: what each recorded, as text for seastat import ndjson, and which
alerts it gets. Each has two recordings: in the first nothing has happened yet, and in the
second something has.

Most are cut from tests/samples/three-hosts.ndjson, which the emulated host recorded: a
session up to a tick before its first SEA, and up to a later one. So more than one alert
may come, as on a real host. What the sample does not have is made up: see made_up_hosts().
"""

import datetime
import json
import pathlib
import re
import uuid

SAMPLE = pathlib.Path(__file__).resolve().parents[1] / "samples" / "three-hosts.ndjson"

VMS = ("db-1", "web-1", "mail \"1\"\\", "cache-1")

# 2^21 microseconds, 2 seconds, and more
SLOW_SLOT = "21"
SLOW_NS = 3_000_000_000


class Host:
    """
    first, second: what the recordings have; see recording(). sample: or those of the
    sample; see Sample. alerts: which fire after the second. What is left: mess(path) does
    something to the textfile then. age: so many seconds earlier is all of the second.
    """

    def __init__(self, name, alerts, second=None, sample=None, mess=None, live=None, age=0):
        self.name, self.alerts, self.mess, self.live = name, alerts, mess, live
        self.sample, self.age = sample, age
        self.second = second or {}
        self.boot_id = str(uuid.uuid4())

    def text(self, nth, now):
        """Of the first (0) or second (1) recording; now: s since 1970"""
        age = self.age if nth else 0
        if self.sample:
            return self.sample.text(nth, now - age)
        return recording(self, self.second if nth else {}, now + 60 * nth - age, 1000 + 60 * nth)


class Sample:
    """
    A session of a host of the sample. It ends at the first tick that until() takes, or
    without until, at the last one before any SEA.
    """

    def __init__(self, host, until=None):
        lines = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
        numbers = [line["session"] for line in lines
                   if line["type"] == "session" and line["host"] == host]
        for number in dict.fromkeys(numbers):
            self.lines = [line for line in lines if line.get("session") == number]
            ticks = [i for i, line in enumerate(self.lines) if line["type"] == "tick"]
            listed = [i for i in ticks if self.lines[i].get("rows")]
            hit = [i for i in listed if any(taken(row) for row in self.lines[i]["rows"])]
            quiet = [i for i in ticks if listed and hit and listed[0] <= i < hit[0]]
            taken_by = [i for i in ticks if until and until(self.lines[i])]
            if quiet and (taken_by or not until):
                self.cuts = (quiet[0] if not until else quiet[-1],
                             quiet[-1] if not until else taken_by[0])
                return
        raise ValueError(f"{SAMPLE.name}: {host} has no such session")

    def text(self, nth, now):
        """The first (0) or second (1) recording; the first one's last tick is now."""
        end = self.cuts[nth] + 1
        # What a tick shows for the last time is told behind it.
        while end < len(self.lines) and self.lines[end]["type"] in ("end", "host"):
            end += 1
        moved = now - seconds(self.lines[self.cuts[0]]["time"])
        header = {"type": "recording", "schema": "seatop.recording/1"}
        text = "".join(json.dumps(line) + "\n" for line in [header, *self.lines[:end]])
        return re.sub(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z"',
                      lambda m: f'"{when(seconds(m[1]) + moved)[:-1]}{m[2] or ""}Z"', text)


def taken(row):
    """SEAs that a row of a tick counts"""
    return sum(row.get(name, 0) for name in (
        "claimed", "host_owned", "not_opted_in", "forwarded", "unknown"))


def has(name, least=1):
    """For until: a VM has so many of these in the tick."""
    return lambda tick: any(row.get(name, 0) >= least for row in tick.get("rows", []))


def is_blind(tick):
    """For until: somebody switched the hooks off."""
    return tick.get("state", {}).get("blind_since_ns")


def answered(number, slot="9", ns=700_000):
    """So many forwarded SEAs and their answers"""
    return {"forwarded": number, "injected": number, "latency_ns": number * ns,
            "latency": {slot: number}}


def hosts():
    """All of them"""
    free = ["SeaNotOptedIn", "SeaPageNotHeld"]
    return [
        Host("well", [], sample=Sample("arm-host-1")),
        Host("not-opted-in", free, sample=Sample("arm-host-1", has("not_opted_in"))),
        Host("ended", [*free, "SeaVmEnded"], sample=Sample("arm-host-1", has("claimed"))),
        # One of its VMMs had resumed three times before.
        Host("abandoned", [*free, "SeaVmEnded", "SeaResumedLoop", "SeaAbandoned"],
             sample=Sample("arm-host-1", has("abandoned"))),
        # Its details were over the rate of their VM: nobody needs to come for that.
        Host("storm", [*free, "SeaHostOwnedStorm"],
             sample=Sample("arm-host-1", has("host_owned", 1000))),
        Host("blind", ["SeaHooksBlind", "SeaHooksUnproven", "SeaLosses", "SeaVmEnded"],
             sample=Sample("arm-host-3", is_blind)),
        # The recorder stopped long ago, and its file is still there.
        Host("gone", ["SeaRecorderGone"], sample=Sample("arm-host-1"), age=4000),
        Host("old-file", ["SeaRecorderGone"], sample=Sample("arm-host-1"), mess="age"),
        Host("deleted", ["SeaRecorderGone"], sample=Sample("arm-host-1"), mess="delete"),
        # Its store cannot grow any more: a recorder that runs, as no recording has that.
        Host("full", ["SeaStoreUnwritable"], live="full"),
        *made_up_hosts(),
    ]


def made_up_hosts():
    """
    What the sample has not: an SEA that waits for its answer at a tick, a VMM that takes more
    than a second for it, VMs that run on with fewer of them opted in, a ring buffer that was
    full, VMs that nothing lists, a tick that could not be read. And a name that nobody gives
    to a VM.
    """
    return [
        Host("hostile-name", [], {"rows": {2: {"claimed": 2}, 3: answered(50)}}),
        Host("pending", ["SeaPending"], {"rows": {2: {"forwarded": 1}}}),
        Host("slow", ["SeaAnswersSlow"], {"rows": {1: answered(50, SLOW_SLOT, SLOW_NS)}}),
        Host("opt-in-fell", ["SeaOptInFell"], {"opt_in": "no"}),
        # Details alone: counts are exact, and nobody needs to come.
        Host("details-lost", [], {"lost": {"ring_full": 20}}),
        Host("incomplete", ["SeaDataIncomplete"], {"state": {"unlisted": 3}}),
        Host("gap", ["SeaDataIncomplete"], {"gap": "tick"}),
    ]


def seconds(text):
    """Since 1970, of a time as recordings have it, without the fraction"""
    return int(datetime.datetime.fromisoformat(text[:19] + "+00:00").timestamp())


def when(seconds):
    """As recordings have times"""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace(
        "+00:00", "Z")


def recording(host, what, wall, boot):
    """
    The text of one session that began at `wall` (s since 1970) and `boot` (s since the
    host's boot), and had a tick ten seconds later. what: rows, {VM's number: counters};
    opt_in of the first two VMs; state, lost: of the tick; gap, the cause of one that is
    not over.
    """
    end = {"session": 1, "time": when(wall + 10), "boottime_ns": (boot + 10) * 10**9}
    begin = {"session": 1, "time": when(wall), "boottime_ns": boot * 10**9}
    lines = [{"type": "recording", "schema": "seatop.recording/1"},
             {"type": "session", **begin, "run": str(uuid.uuid4()), "boot_id": host.boot_id,
              "host": host.name, "kernel": "6.12.95", "machine": "aarch64",
              "program": "seastat record", "version": "0.1.0", "source": "tracepoint",
              "tells_all": True, "started": when(wall), "started_ns": boot * 10**9,
              "end": "runs"}]
    rows = []
    for number, name in enumerate(VMS, 1):
        lines.append({"type": "vm", **begin, "vm": number, "pid": 1000 + number,
                      "start_ns": 10**9, "creator": 1000 + number, "creator_fd": 11,
                      "first": when(wall), "first_ns": boot * 10**9, "name": name,
                      "origin": "cmdline", "comm": "qemu-system-aar"})
        counters = dict(what.get("rows", {}).get(number, {}))
        if counters:
            counters |= {"last": hex(((boot + 9) * 10**9) & ~0xff), "last_time": when(wall + 9)}
        opt_in = what.get("opt_in", "yes") if number <= 2 else "yes"
        rows.append({"vm": number, **counters, "listed": {"vcpus": 2, "opt_in": opt_in}})
    lines.append({"type": "tick", **end, "first": end["time"], "first_ns": end["boottime_ns"],
                  "ticks": 1, "seen_vms": len(VMS), "lost": what.get("lost", {}),
                  "state": {"tells_all": True, **what.get("state", {})}, "rows": rows})
    if "gap" in what:
        lines.append({"type": "gap", **end, "cause": what["gap"], "since": end["time"],
                      "since_ns": end["boottime_ns"], "why": "made up"})
    return "".join(json.dumps(line) + "\n" for line in lines)
