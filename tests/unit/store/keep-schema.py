#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A store as SQL text, for test-schema.c: schema-N.sql beside this file.

Usage: keep-schema.py STORE
"""
import pathlib
import sqlite3
import sys

store = sqlite3.connect(sys.argv[1])
pragmas = {
    name: store.execute(f"PRAGMA {name}").fetchone()[0]
    for name in ("auto_vacuum", "application_id", "user_version")
}
kept = pathlib.Path(__file__).parent / f"schema-{pragmas['user_version']}.sql"
with kept.open("x", encoding="utf-8") as out:
    out.write("-- SPDX-License-Identifier: GPL-2.0-only\n")
    for name, value in pragmas.items():
        out.write(f"PRAGMA {name} = {value};\n")
    for line in store.iterdump():
        out.write(line + "\n")
