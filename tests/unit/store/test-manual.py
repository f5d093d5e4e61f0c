#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Does seatop-store(5) have all tables, columns and members of the text, and no others?
The scene of test-schema has every kind of record, with every member in one of them. TAP.

Usage: test-manual.py TEST-SCHEMA SEASTAT TREE
"""
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

# Members of all lines; and those that the scene has not: it is of one program's store.
COMMON = {"type", "session", "time", "boottime_ns", "vm"}
UNSEEN = {
    ("session", "redacted"), ("tick", "state.pid_namespace"), ("answer", "pid"), ("answer", "start_ns"),
    ("answer", "comm"), ("tick", "rows[].unknown"), ("tick", "rows[].no_ras"), ("tick", "rows[].resumed"),
    ("tick", "rows[].abandoned"), ("tick", "rows[].lost_ring_full"), ("tick", "rows[].lost_name"),
    ("pruned", "what"), ("pruned", "until"), ("pruned", "records"),
}


def sections(text, title):
    """Of a part of the manual: heading, and the names in the first cells of its table"""
    part = text.split(f"\n# {title}\n")[1].split("\n# ")[0]
    for section in part.split("\n## ")[1:]:
        cells = re.findall(r"^\|[\[ ] +(.+)$", section, flags=re.M)
        names = [name for cell in cells if not cell.startswith("*") for name in cell.split(", ")]
        yield section.split("\n")[0], names


def members(line, prefix=""):
    for name, value in line.items():
        yield prefix + name
        if prefix + name in ("rows[].latency", "lost"):
            continue
        if isinstance(value, dict):
            yield from members(value, f"{prefix}{name}.")
        for element in value if isinstance(value, list) else []:
            if isinstance(element, dict):
                yield from members(element, f"{prefix}{name}[].")


def main():
    scene, seastat, tree = sys.argv[1:4]
    text = pathlib.Path(tree, "man", "seatop-store.5.scd").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as tmp:
        store = f"{tmp}/sea.db"
        subprocess.run([scene, "--write", store], check=True)
        lines = subprocess.run([seastat, "export", "--addresses", store], check=True, capture_output=True, text=True)
        db = sqlite3.connect(store)
        tables = [name for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")]
        columns = {(table, row[1]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")}
        version = db.execute("PRAGMA user_version").fetchone()[0]
    written = {(line["type"], name) for line in map(json.loads, lines.stdout.splitlines()) for name in members(line)}
    written = {(kind, name) for kind, name in written if name not in COMMON - {"schema"}} | UNSEEN
    documented = {(table, name) for table, names in sections(text, "TABLES") for name in names}
    told = {(kind, name) for kind, names in sections(text, "TEXT") for name in names}
    tests = [
        ("each column is in the manual, and no other", columns, documented),
        ("each member of the text is in the manual, and no other", written, told),
        ("the version is in the manual", {True}, {f"which is {version}." in text}),
    ]
    for number, (name, is_so, is_said) in enumerate(tests, 1):
        print(f"{'ok' if is_so == is_said else 'not ok'} {number} - {name}")
        for kind in sorted(is_so ^ is_said, key=str):
            print(f"# {kind}: {'not in the manual' if kind in is_so else 'in the manual only'}")
    print(f"1..{len(tests)}")
    return any(a != b for _, a, b in tests)


sys.exit(main())
