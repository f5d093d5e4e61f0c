#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
What rasdaemon wrote, as lines of JSON: {"ras": TABLE, COLUMN: VALUE, ...} of each row.

Usage: rasdaemon.py DATABASE
"""

import json
import sqlite3
import sys


def main():
    """All rows of the tables that this kernel's events fill"""
    database = sqlite3.connect(sys.argv[1])
    database.row_factory = sqlite3.Row
    for table in ("memory_failure_event", "arm_event", "mc_event"):
        for row in database.execute(f"SELECT * FROM {table}"):
            print(json.dumps({"ras": table, **{k: row[k] for k in row.keys()
                                               if not isinstance(row[k], bytes)}}))


main()
