#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares two records of sea-vm, field by field, and says in TAP what differs.

usage: compare-records.py DIFFERENCES RECORD OTHER-RECORD

The records are named after their kernels.
DIFFERENCES lists what is meant to differ; see the file of that name.
"""
import collections
import fnmatch
import json
import pathlib
import sys

ABSENT = "-"
PLACE = ("run", "vm", "vcpu", "step", "event")


class Intended:
    def __init__(self, text, reason):
        self.text, self.reason, self.seen = text, reason, 0
        self.run, self.field, self.one, self.other = (w.strip() for w in text.split("|"))

    def covers(self, run, field, one, other):
        return (fnmatch.fnmatchcase(run, self.run) and field == self.field
                and self.one in ("*", one) and self.other in ("*", other))


def read_intended(path):
    intended, reason, in_reason = [], "", False
    with open(path, encoding="utf-8") as file:
        for line in map(str.strip, file):
            if not line or line.startswith("#"):
                continue
            if line.startswith("reason:"):
                text = line.removeprefix("reason:").strip()
                reason = f"{reason} {text}" if in_reason else text
                in_reason = True
                continue
            in_reason = False
            if not reason:
                raise SystemExit(f"{path}: no reason given for: {line}")
            intended.append(Intended(line, reason))
    return intended


def read_record(path):
    """By run, then by VM and vCPU: the events in their order."""
    runs = collections.OrderedDict()
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            cpu = (event["vm"], event.get("vcpu", ABSENT))
            runs.setdefault(event["run"], {}).setdefault(cpu, []).append(event)
    return runs


def place(event):
    return " ".join(f"{k} {event[k]}" for k in PLACE[1:] if k in event) if event else "nothing"


def compare_run(run, one, other, names, intended):
    """Returns the number of equal and of intended fields, and what is wrong."""
    equal, meant, wrong = 0, 0, []
    for cpu in sorted(set(one) | set(other), key=str):
        events, others = one.get(cpu, []), other.get(cpu, [])
        for i in range(max(len(events), len(others))):
            a = events[i] if i < len(events) else {}
            b = others[i] if i < len(others) else {}
            if place(a) != place(b):
                wrong.append(f"{place(a)} on {names[0]}, {place(b)} on {names[1]}")
                break
            for field in [k for k in {**a, **b} if k not in PLACE]:
                x, y = a.get(field, ABSENT), b.get(field, ABSENT)
                if x == y:
                    equal += 1
                    continue
                name = f"{a['event']}.{field}"
                listed = [d for d in intended if d.covers(run, name, x, y)]
                for difference in listed:
                    difference.seen += 1
                if listed:
                    meant += 1
                else:
                    wrong.append(f"{place(a)}: {field} is {x} on {names[0]}, {y} on {names[1]}")
    return equal, meant, wrong


def verdict(ok, name, details=()):
    print(f"{'ok' if ok else 'not ok'} - {name}")
    for line in details:
        print(f"# {line}")
    return ok


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    intended = read_intended(sys.argv[1])
    names = [pathlib.Path(path).stem for path in sys.argv[2:]]
    records = [read_record(path) for path in sys.argv[2:]]
    good = verdict(bool(records[0]) and list(records[0]) == list(records[1]),
                   f"the same {len(records[0])} runs on both")
    for run in records[0]:
        equal, meant, wrong = compare_run(run, records[0][run], records[1].get(run, {}),
                                         names, intended)
        name = f"{run}: {equal} fields equal"
        if meant:
            name += f", {meant} differ as intended"
        good &= verdict(equal > 0 and not wrong, name, wrong)
    for d in intended:
        good &= verdict(d.seen > 0, f"intended: {d.text}: {d.seen} times", [d.reason] if not d.seen else ())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
