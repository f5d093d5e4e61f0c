#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Writes a trace.dat (version 6, see trace-cmd.dat.v6(5)) with an SEA and its answer.

Usage: make-trace-dat.py OUT [PAGE]: pages of so many bytes; 4096 unless given
"""

import struct
import sys

PAGE = int(sys.argv[2]) if len(sys.argv) > 2 else 4096

HEADER_PAGE = (
    "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
    "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
    "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
    "\tfield: char data;\toffset:16;\tsize:%d;\tsigned:1;\n" % (PAGE - 16)
)

HEADER_EVENT = (
    "# compressed entry header\n"
    "\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n"
    "\tpadding     : type == 29\n\ttime_extend : type == 30\n\ttime_stamp : type == 31\n"
    "\tdata max type_len  == 28\n"
)

COMMON = (
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
    "\tfield:pid_t vm;\toffset:8;\tsize:4;\tsigned:1;\n"
    "\tfield:unsigned int vcpu_id;\toffset:12;\tsize:4;\tsigned:0;\n"
    "\tfield:u64 vcpu_pc;\toffset:16;\tsize:8;\tsigned:0;\n"
)

SEA = (
    "name: kvm_sea_forwarded\nID: 1001\nformat:\n" + COMMON +
    "\tfield:u64 esr;\toffset:24;\tsize:8;\tsigned:0;\n"
    "\tfield:u64 far;\toffset:32;\tsize:8;\tsigned:0;\n"
    "\tfield:u64 ipa;\toffset:40;\tsize:8;\tsigned:0;\n"
    "\tfield:unsigned int reason;\toffset:48;\tsize:4;\tsigned:0;\n\n"
    'print fmt: "VM: %d, vCPU: %u, PC: 0x%016llx, ESR: 0x%08llx (%s, %s), FAR: %s, IPA: %s, '
    'reason: %s", REC->vm, REC->vcpu_id, REC->vcpu_pc, REC->esr, '
    '__print_symbolic((REC->esr >> 26) & 0x3f, { 0x24, "DABT_LOW" }), '
    '__print_symbolic(REC->esr & 0x3f, { 0x10, "EXTABT" }), '
    '__print_symbolic(REC->far, { 0xffffffffffffffff, "unknown" }), '
    '__print_symbolic(REC->ipa, { 0xffffffffffffffff, "unknown" }), '
    '__print_symbolic(REC->reason, { 0, "none" }, { 4, "ambiguous_walk" })\n'
)

ANSWER = (
    "name: kvm_sea_answered\nID: 1002\nformat:\n" + COMMON +
    "\tfield:unsigned int response;\toffset:24;\tsize:4;\tsigned:0;\n"
    "\tfield:u64 latency_ns;\toffset:32;\tsize:8;\tsigned:0;\n\n"
    'print fmt: "VM: %d, vCPU: %u, PC: 0x%016llx, response: %s, latency: %llu ns", '
    'REC->vm, REC->vcpu_id, REC->vcpu_pc, __print_symbolic(REC->response, '
    '{ 0, "injected" }, { 1, "resumed" }), REC->latency_ns\n'
)

UNKNOWN = 2**64 - 1


def sized(text, form):
    return struct.pack(form, len(text)) + text.encode()


def event(delta, payload):
    assert len(payload) % 4 == 0 and len(payload) <= 112
    return struct.pack("<I", len(payload) // 4 | delta << 5) + payload


def common(identity, pid):
    return struct.pack("<HBBi", identity, 0, 1, pid)


def page(start, events):
    body = b"".join(events)
    return (struct.pack("<QQ", start, len(body)) + body).ljust(PAGE, b"\0")


def main():
    vcpu = struct.pack("<iIQ", 4017, 2, 0xffff8012c0d8)
    data = page(900_500_000_000, [
        event(0, common(1001, 4021) + vcpu +
              struct.pack("<QQQII", 0x92000410, UNKNOWN, 0x40003000, 0, 0)),
        event(900_123, common(1002, 4021) + vcpu + struct.pack("<IIQ", 0, 0, 900_123)),
    ])
    head = b"\x17\x08\x44tracing6\0" + struct.pack("<BBI", 0, 8, PAGE)
    head += b"header_page\0" + sized(HEADER_PAGE, "<Q")
    head += b"header_event\0" + sized(HEADER_EVENT, "<Q")
    head += struct.pack("<I", 0)
    head += struct.pack("<I", 1) + b"kvm\0" + struct.pack("<I", 2)
    head += sized(SEA, "<Q") + sized(ANSWER, "<Q")
    head += sized("", "<I") + sized("", "<I") + sized("4021 CPU 2/KVM\n", "<Q")
    head += struct.pack("<I", 1) + b"options  \0" + struct.pack("<H", 0) + b"flyrecord\0"
    at = (len(head) + 16 + PAGE - 1) // PAGE * PAGE
    head += struct.pack("<QQ", at, len(data))
    with open(sys.argv[1], "wb") as out:
        out.write(head.ljust(at, b"\0") + data)


if __name__ == "__main__":
    main()
