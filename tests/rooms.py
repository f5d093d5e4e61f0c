#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Holds lib/ against docs/architecture.md: a file includes its own room and earlier
ones only, units do not include each other in a circle, and who is neither in tools/
nor in lib/show neither prints nor exits. Prints what is not so; status 1 then.
"""

import pathlib
import re
import sys

# The order in which data flows
ROOMS = ["base", "arm", "names", "model", "trace", "store", "import", "report", "show", "doctor"]

INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
PRINTS = re.compile(r"\b(printf|puts|putchar|perror|exit|_exit|abort)\s*\(|\b(stdout|stderr)\b")
SHOWS = {"show"}


def name_of(path):
    """The unit of a file: X-internal.h is of X, for its test."""
    return path[: -len(".h")].removesuffix("-internal")


def units(lib):
    """Unit (ROOM/NAME) -> the units that it includes, and its text without comments"""
    includes, text = {}, {}
    for path in sorted(lib.glob("*/*.[ch]")):
        unit = name_of(str(path.relative_to(lib)))
        source = path.read_text(encoding="utf-8")
        found = {name_of(i) for i in INCLUDE.findall(source) if "/" in i}
        includes.setdefault(unit, set()).update(found - {unit})
        text[unit] = text.get(unit, "") + COMMENT.sub("", source)
    return includes, text


def circle(includes):
    """One circle of units, or None"""
    done, way = set(), []

    def visit(unit):
        if unit in way:
            return way[way.index(unit):] + [unit]
        if unit in done:
            return None
        way.append(unit)
        for other in sorted(includes.get(unit, ())):
            found = visit(other)
            if found:
                return found
        way.pop()
        done.add(unit)
        return None

    for unit in sorted(includes):
        found = visit(unit)
        if found:
            return found
    return None


def faults(lib):
    """What is not as it should be, a line each"""
    includes, text = units(lib)
    for unit, others in sorted(includes.items()):
        room = unit.split("/")[0]
        if room not in ROOMS:
            yield f"lib/{unit}: {room} is no room"
            continue
        for other in sorted(others):
            target = other.split("/")[0]
            if target not in ROOMS or ROOMS.index(target) > ROOMS.index(room):
                yield f"lib/{unit} includes {other}.h, which is a later room"
    found = circle(includes)
    if found:
        yield "a circle: " + " -> ".join(found)
    for unit, source in sorted(text.items()):
        if unit.split("/")[0] in SHOWS:
            continue
        for line in source.splitlines():
            if PRINTS.search(line):
                yield f"lib/{unit} prints or exits: {line.strip()}"


def main():
    """TAP is the caller's: the lines and the status say it all."""
    lib = pathlib.Path(__file__).resolve().parent.parent / "lib"
    lines = list(faults(lib))
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
