# SPDX-License-Identifier: GPL-2.0-only
"""
The hosts of the fleet: what each recorded, as text for seastat import ndjson, and which
alerts it gets. Each has two recordings: all is well in the first, and in the second,
another session of the same host, something happens.
"""

import datetime
import json
import uuid

VMS = ("db-1", "web-1", "mail \"1\"\\", "cache-1")

# 2^21 microseconds, 2 seconds, and more
SLOW_SLOT = "21"
SLOW_NS = 3_000_000_000


class Host:
    """
    first, second: what the recordings have; see recording(). alerts: which fire after the
    second. What is left: mess(path) does something to the textfile then.
    """

    def __init__(self, name, alerts, second=None, mess=None, live=None, first=None):
        self.name, self.alerts, self.mess, self.live = name, alerts, mess, live
        self.first = first or {}
        self.second = second or {}
        self.boot_id = str(uuid.uuid4())


def answered(number, slot="9", ns=700_000, response="injected", **more):
    """So many forwarded SEAs and their answers"""
    return dict(forwarded=number, latency_ns=number * ns, latency={slot: number},
                **{response: number}, **more)


def hosts():
    """All of them"""
    return [
        Host("well", [], {"rows": {1: answered(3), 2: {"claimed": 2}}}),
        Host("not-opted-in", ["SeaNotOptedIn"], {"rows": {1: {"not_opted_in": 1}}}),
        Host("pending", ["SeaPending"], {"rows": {2: {"forwarded": 1}}}),
        Host("abandoned", ["SeaAbandoned"], {"rows": {1: answered(1, response="abandoned")}}),
        Host("resumed", ["SeaResumedLoop"], {"rows": {3: answered(50, response="resumed")}}),
        Host("storm", ["SeaHostOwnedStorm"],
             {"rows": {1: {"host_owned": 90000, "s2_walk": 90000}}}),
        Host("ended", ["SeaVmEnded"], {"rows": {4: {"claimed": 1}}, "ends": 4}),
        Host("slow", ["SeaAnswersSlow"], {"rows": {1: answered(50, SLOW_SLOT, SLOW_NS)}}),
        Host("opt-in-fell", ["SeaOptInFell"], {"opt_in": "no"}),
        Host("unproven", ["SeaHooksUnproven"], {"state": {"unproven": True}}),
        Host("blind", ["SeaHooksBlind"], {"state": {"blind_since_ns": 1}}),
        Host("losses", ["SeaLosses"], {"lost": {"missed": 3}}),
        # Details alone: counts are exact, and nobody needs to come.
        Host("details-lost", [], {"lost": {"ratelimit": 300, "ring_full": 20}}),
        Host("incomplete", ["SeaDataIncomplete"], {"state": {"unlisted": 3}}),
        Host("gap", ["SeaDataIncomplete"], {"gap": "tick"}),
        # The recorder stopped long ago, and its file is still there.
        Host("gone", ["SeaRecorderGone"], {"age": 4000}),
        Host("old-file", ["SeaRecorderGone"], mess="age"),
        Host("deleted", ["SeaRecorderGone"], mess="delete"),
        # Its store cannot grow any more: a recorder that runs, as no recording has that.
        Host("full", ["SeaStoreUnwritable"], live="full"),
    ]


def when(seconds):
    """As recordings have times"""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace(
        "+00:00", "Z")


def recording(host, what, wall, boot):
    """
    The text of one session that began at `wall` (s since 1970) and `boot` (s since the
    host's boot), and had a tick ten seconds later. what: rows, {VM's number: counters};
    ends, the number of a VM that ended; opt_in of the first two VMs; state, lost: of the
    tick; gap, the cause of one that is not over; age: so much earlier is all of it.
    """
    wall -= what.get("age", 0)
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
        if what.get("ends") == number:
            counters["ended_ns"] = (boot + 10) * 10**9
        opt_in = what.get("opt_in", "yes") if number <= 2 else "yes"
        rows.append({"vm": number, **counters, "listed": {"vcpus": 2, "opt_in": opt_in}})
    lines.append({"type": "tick", **end, "first": end["time"], "first_ns": end["boottime_ns"],
                  "ticks": 1, "seen_vms": len(VMS), "lost": what.get("lost", {}),
                  "state": {"tells_all": True, **what.get("state", {})}, "rows": rows})
    if "ends" in what:
        lines.append({"type": "end", **end, "vm": what["ends"], "ended_ns": end["boottime_ns"],
                      "wait_status": -1})
    if "gap" in what:
        lines.append({"type": "gap", **end, "cause": what["gap"], "since": end["time"],
                      "since_ns": end["boottime_ns"], "why": "made up"})
    return "".join(json.dumps(line) + "\n" for line in lines)
