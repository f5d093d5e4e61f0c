#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Whose are the data races that KCSAN reports?

Reads a console log on standard input and prints it with each report put into one
line: "KCSAN: ..." for a race that has KVM's, APEI's or memory_failure()'s code on
either side, and "others' race: ..." for all that the list does not name as a race
of upstream's there. So what is left of "KCSAN: " is for us to answer for.

KCSAN names functions. The file of each, and of what was inlined into it, is
asked of the kernel's debugging information.

    races.py VMLINUX LIST <console.log
"""

import re
import subprocess
import sys

# Whose races are ours to answer for: what the series changes, and what it calls
OURS = re.compile(r'(^|/)(arch/arm64/kvm/|virt/kvm/|drivers/acpi/apei/|mm/memory-failure\.c'
                  r'|arch/arm64/kernel/acpi\.c|arch/arm64/include/asm/kvm_|include/linux/kvm_'
                  r'|include/kvm/|include/acpi/(apei|ghes)\.h)')
TIME = r'(?:\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?)?'
TITLE = re.compile(TIME + r'BUG: KCSAN: (?P<what>.*)')
FRAME = re.compile(TIME + r' +(?P<symbol>[\w.$]+)\+(?P<offset>0x[0-9a-f]+)/(?P<size>0x[0-9a-f]+)'
                   r'(?: \[\w+\])?$')
SIDE = re.compile(TIME + r'(?:race at unknown origin, with )?(?:read|write|read-write|assert no '
                  r'(?:accesses|writes)).* (?:to|of|by) ')
END = re.compile(TIME + r'={60,}')
# Below this, a stack is what an interrupt happened to come upon.
ENTRY = re.compile(r'el[01][th]_64_')
# No function of the kernel's, and none that KCSAN sees into
JITED = re.compile(r'bpf_(prog|trampoline|dispatcher)_')


class Report:
    """One report: its title, and a list of frames for each side of the race."""

    def __init__(self, what):
        self.what = what
        self.sides = []

    def frames(self):
        """What ran by intent, innermost first: nothing that was interrupted."""
        for side in self.sides:
            for frame in side:
                if ENTRY.match(frame[0]):
                    break
                if not JITED.match(frame[0]):
                    yield frame


def read(lines):
    """Yields lines and Reports. A report that has no end ends with the log."""
    report = None
    for line in lines:
        line = line.rstrip('\r\n')
        title = TITLE.search(line)
        if title:
            if report:
                yield report
            report = Report(title['what'])
        elif not report:
            yield line
        elif END.match(line):
            yield report
            report = None
        elif SIDE.match(line):
            report.sides.append([])
        elif (frame := FRAME.match(line)):
            if not report.sides:
                report.sides.append([])
            report.sides[-1].append((frame['symbol'], int(frame['offset'], 16),
                                     int(frame['size'], 16)))
        else:
            # Somebody else's line, or one that says more of the race: either
            # is judged as it would be elsewhere.
            yield line
    if report:
        yield report


def addresses(vmlinux, frames):
    """The addresses of the calls that frames stand for. Static functions may
    share a name: their sizes tell most of them apart, and all that are left count."""
    table = subprocess.run(['aarch64-linux-gnu-nm', '--defined-only', vmlinux], check=True,
                           text=True, stdout=subprocess.PIPE).stdout
    found = {}
    for line in table.splitlines():
        address, _, name = line.split()
        found.setdefault(name, []).append(int(address, 16))
    # As kallsyms has it, a function ends where the next symbol begins.
    starts = sorted({start for some in found.values() for start in some})
    ends = dict(zip(starts, starts[1:]))
    for frame in frames:
        symbol, offset, size = frame
        places = found.get(symbol, [])
        exact = [start for start in places if ends.get(start, start) - start == size]
        # A frame holds the address that the call returns to.
        yield frame, [start + offset - 4 for start in exact or places]


def files(vmlinux, frames):
    """Maps each frame to the files of its function and of all inlined there."""
    asked = list(addresses(vmlinux, frames))
    places = sorted({place for _, some in asked for place in some})
    said = subprocess.run(['aarch64-linux-gnu-addr2line', '-a', '-i', '-e', vmlinux],
                          input=''.join(f'{place:#x}\n' for place in places), check=True,
                          text=True, stdout=subprocess.PIPE).stdout
    names, place = {}, None
    for line in said.splitlines():
        if re.fullmatch(r'0x[0-9a-f]+', line):
            place = int(line, 16)
            names[place] = set()
        else:
            names[place].add(line.rsplit(':', 1)[0])
    return {frame: set().union(*(names[place] for place in some)) for frame, some in asked}


def known(path):
    """The list: a line for each race, its two functions and who says it is harmless."""
    races = set()
    with open(path, encoding='utf-8') as text:
        for line in text:
            words = line.split('#', 1)[0].split()
            if words:
                races.add(frozenset(words))
    return races


def innermost(report):
    """The functions that raced, as the title has them: without offsets."""
    names = re.sub(r'^(assert: )?(data-)?race in ', '', report.what).split(' / ')
    return frozenset(re.sub(r'\+0x.*', '', name.strip()) for name in names)


def main():
    """See the top of this file."""
    vmlinux, listed = sys.argv[1:]
    # A console says what it likes.
    sys.stdin.reconfigure(errors='surrogateescape')
    sys.stdout.reconfigure(errors='surrogateescape')
    lines = list(read(sys.stdin))
    reports = [line for line in lines if isinstance(line, Report)]
    frames = sorted({frame for report in reports for frame in report.frames()})
    where = files(vmlinux, frames) if frames else {}
    upstream = known(listed)
    for line in lines:
        if not isinstance(line, Report):
            print(line)
            continue
        ours = [frame[0] for frame in line.frames()
                if any(OURS.search(name) for name in where[frame])]
        # Without a stack, nothing says that it is not ours.
        if not any(line.sides):
            print(f'KCSAN: {line.what} (a report without a stack)')
        elif any(not where[frame] for frame in line.frames()):
            print(f'KCSAN: {line.what} (no debugging information for all of its stacks)')
        elif not ours:
            print(f"others' race: {line.what}")
        elif innermost(line) in upstream:
            print(f"others' race: {line.what} (listed; by way of {ours[0]})")
        else:
            print(f'KCSAN: {line.what} (by way of {ours[0]})')


if __name__ == '__main__':
    main()
