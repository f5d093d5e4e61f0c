#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares the text of the kvm_sea_* tracepoints with what sea-vm knows. TAP.

usage: check-trace.py NAME TEXT TRUTH RECORD

TEXT is ftrace's or trace-cmd's, TRUTH and RECORD are sea-vm's.
"""
import collections
import json
import re
import sys

ADDRESS = r"(0x[0-9a-f]+|unknown)"
SEA = re.compile(r"VM: (?P<vm>\d+), vCPU: (?P<vcpu>\d+), PC: (?P<pc>0x[0-9a-f]{16}), "
                 r"ESR: (?P<esr>0x[0-9a-f]{8}) \((?P<ec>\w+), (?P<fsc>[A-Z]+(_TTW\(-?\d\))?)\), "
                 rf"FAR: (?P<far>{ADDRESS}), IPA: (?P<ipa>{ADDRESS}), reason: (?P<reason>[a-z0-9_]+)")
ANSWER = re.compile(r"VM: (?P<vm>\d+), vCPU: (?P<vcpu>\d+), PC: (?P<pc>0x[0-9a-f]{16}), "
                    r"response: (?P<response>[a-z]+), latency: (?P<latency>\d+) ns")
LINE = re.compile(r"\b(kvm_sea_\w+):\s+(.*\S)\s*$")

DISPOSITIONS = ("claimed", "host_owned", "not_opted_in", "forwarded")
EC = {0x20: "IABT_LOW", 0x24: "DABT_LOW", 0x25: "DABT_CUR"}
FNV, S1PTW, VNCR = 1 << 10, 1 << 7, 1 << 13


def fsc_name(fsc):
    return {0x10: "EXTABT", 0x18: "SECC"}.get(
        fsc, f"SEA_TTW({fsc - 0x14})" if fsc < 0x18 else f"SECC_TTW({fsc - 0x1c})")


def verdict(ok, name, details=()):
    print(f"{'ok' if ok else 'not ok'} - {name}")
    for line in details[:10]:
        print(f"# {line}")
    return ok


def number(text):
    return None if text == "unknown" else int(text, 16)


def read_text(path):
    """The events in their order, and the lines that are not whole."""
    events, broken = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            found = LINE.search(line)
            if not found:
                continue
            name, text = found.groups()
            match = (ANSWER if name == "kvm_sea_answered" else SEA).fullmatch(text)
            if match:
                events.append((name.removeprefix("kvm_sea_"), match.groupdict()))
            else:
                broken.append(line.rstrip())
    return events, broken


def contradictions(events):
    """What a line says must agree with the syndrome that it gives."""
    wrong = []
    for name, e in events:
        if name == "answered":
            if not 0 < int(e["latency"]) < 60e9:
                wrong.append(f"{name}: {e}")
            continue
        esr, walk = int(e["esr"], 16), e["fsc"].endswith(")")
        reason = {"claimed": "none", "host_owned": e["reason"]}.get(
            name, "ambiguous_walk" if walk else "none")
        if name == "host_owned" and e["reason"] not in ("no_ras", "vncr", "s2_walk"):
            reason = "one of a host's"
        if e["reason"] == "s2_walk" and not (walk and esr & S1PTW):
            reason = "not s2_walk"
        # Of an access through VNCR_EL2, KVM knows no address of the guest's.
        vncr = e["ec"] == "DABT_CUR"
        if vncr != bool(esr & VNCR) or e["reason"] == "vncr" and not vncr:
            reason = "not vncr"
        if (e["ec"] != EC.get(esr >> 26 & 0x3f) or e["fsc"] != fsc_name(esr & 0x3f)
                or e["reason"] != reason
                or (number(e["far"]) is None) != bool(vncr or esr & FNV and not walk)
                or (vncr or walk or esr & FNV) and number(e["ipa"]) is not None):
            wrong.append(f"{name}: {e}")
    return wrong


def count(events, pid):
    counts = collections.Counter()
    for name, e in events:
        if int(e["vm"]) == pid:
            counts[name] += 1
            counts[e.get("reason", e.get("response"))] += 1
    return counts


def compare_exits(forwarded, exits):
    """Of one vCPU: the tracepoint's and the exit's fields, in their order."""
    wrong = []
    if len(forwarded) != len(exits):
        wrong.append(f"{len(forwarded)} in the trace, {len(exits)} exits")
    for e, exit_ in zip(forwarded, exits):
        esr, flags = int(exit_["esr"], 16), int(exit_["flags"], 16)
        far = None if esr & FNV else int(exit_["gva"], 16)
        ipa = int(exit_["gpa"], 16) if flags & 1 else None
        if (int(e["pc"], 16), number(e["far"]), number(e["ipa"])) != (
                int(exit_["pc"], 16), far, ipa) or int(e["esr"], 16) & esr != esr:
            wrong.append(f"{e} but exit {exit_}")
    return wrong


def compare_accesses(events, accesses):
    """Of one vCPU: an address that the CPU gave is one that the guest accessed, whatever
    became of the SEA. What was accessed beside that, in storms, are instructions."""
    pages, wrong = {int(a["gva"], 16): int(a["gpa"], 16) for a in accesses}, []
    for name, e in events:
        if name == "answered" or number(e["far"]) is None:
            continue
        far, walk = number(e["far"]), e["fsc"].endswith(")")
        if (far not in pages if e["ec"] != "IABT_LOW" else far != int(e["pc"], 16)) or (
                not walk and number(e["ipa"]) != pages.get(far)):
            wrong.append(f"{name}: {e} but accesses {accesses}")
    return wrong


def main():
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    name = sys.argv[1]
    events, broken = read_text(sys.argv[2])
    with open(sys.argv[3], encoding="utf-8") as file:
        truths = [json.loads(line) for line in file]
    with open(sys.argv[4], encoding="utf-8") as file:
        records = list(map(json.loads, file))

    good = verdict(bool(events) and not broken, f"{name}: every field is in each of {len(events)} lines",
                   broken)
    wrong = contradictions(events)
    good &= verdict(not wrong, f"{name}: EC, FSC, reason and addresses agree with ESR", wrong)
    for truth in truths:
        # VMs of one process have one name.
        counts, wanted = count(events, truth["pid"]), collections.Counter()
        for vm in truth["vms"]:
            wanted.update({**vm["sea"], **vm["reason"], **vm["response"], "exits": vm["exits"]})
        hits, exited = sum(wanted[d] for d in DISPOSITIONS), wanted.pop("exits")
        wrong = [f"{k}: {counts[k]} lines, truth {n}" for k, n in wanted.items() if counts[k] != n]
        if counts["answered"] != exited:
            wrong.append(f"answered: {counts['answered']} lines, {exited} exits")
        good &= verdict(not wrong, f"{name}: {truth['name']}: as many lines of each kind as the "
                        f"device counted, {hits}", wrong)
        mine = {kind: [e for e in records if e["run"] == truth["name"] and e["event"] == kind]
                for kind in ("access", "exit")}
        if not mine["access"]:
            continue
        elsewhere, otherwise = [], []
        for vcpu in range(truth["vms"][0]["vcpus"]):
            seen = [(n, e) for n, e in events
                    if int(e["vm"]) == truth["pid"] and int(e["vcpu"]) == vcpu]
            elsewhere += compare_accesses(seen, [e for e in mine["access"] if e["vcpu"] == vcpu])
            otherwise += compare_exits([e for n, e in seen if n == "forwarded"],
                                       [e for e in mine["exit"] if e["vcpu"] == vcpu])
        good &= verdict(not elsewhere, f"{name}: {truth['name']}: FAR and IPA are those of "
                        f"{len(mine['access'])} accesses", elsewhere)
        if mine["exit"]:
            good &= verdict(not otherwise, f"{name}: {truth['name']}: PC, ESR, FAR, IPA are "
                            f"those of {len(mine['exit'])} exits", otherwise)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
