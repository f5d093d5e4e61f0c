#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What SQLite says of a store: "ok", or what is wrong with it."""

import sqlite3
import sys

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print("\n".join(row[0] for row in database.execute("PRAGMA integrity_check")))
print("\n".join(map(str, database.execute("PRAGMA foreign_key_check"))), end="")
