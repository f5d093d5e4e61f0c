#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Do the documents say what the registry of fields says, and does seatop write what its
JSON Schema says? TAP.

Usage: test-reference.py REFERENCE SEATOP-FAKE TREE [--update]

--update writes the documents instead of looking at them.
"""

import json
import os
import pathlib
import subprocess
import sys

import jsonschema

# Parts of manuals: which manual has them
PARTS = {"columns": "seatop", "fields": "seatop", "losses": "seatop", "keys": "seatop",
         "metrics": "seastat-metrics", "incomplete": "seastat-metrics",
         "report-columns": "seastat-report", "report-fields": "seastat-report"}
# JSON Schemas: which document is which part
SCHEMAS = {"schema": "seatop-2.schema.json", "report-schema": "seatop-report-1.schema.json"}


def said(reference, part):
    """What the registry says"""
    return subprocess.run([reference, part], check=True, capture_output=True, text=True).stdout


def marks(part):
    """The comments around a table in the manual"""
    return f"; begin {part}: by tests/unit/reference\n", f"\n; end {part}\n"


def replaced(text, part, table):
    """The manual with the table in it"""
    begin, end = marks(part)
    head, rest = text.split(begin)
    return head + begin + table + end + rest.split(end)[1]


def lines_of(seatop, *options, **made_up):
    """What seatop writes about a made-up feed"""
    env = dict(os.environ, MADE_UP=",".join(f"{k.replace('__', '.')}={v}" for k, v in made_up.items()))
    out = subprocess.run([seatop, "--json", "-d", "0.1", "-n", "3", *options], env=env, check=False,
                         capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return [json.loads(line) for line in out.splitlines()]


def main():
    """One test a document, and one a feed"""
    reference, seatop, tree = sys.argv[1:4]
    manuals = {page: pathlib.Path(tree, "man", f"{page}.8.scd") for page in PARTS.values()}
    texts = {page: path.read_text(encoding="utf-8") for page, path in manuals.items()}
    if sys.argv[4:] == ["--update"]:
        for part, page in PARTS.items():
            texts[page] = replaced(texts[page], part, said(reference, part))
        for page, path in manuals.items():
            path.write_text(texts[page], encoding="utf-8")
        for part, name in SCHEMAS.items():
            pathlib.Path(tree, "docs", name).write_text(said(reference, part), encoding="utf-8")
        return 0
    tests = [(f"{page}(8) has the {part} of the registry",
              lambda part=part, page=page:
              replaced(texts[page], part, said(reference, part)) == texts[page])
             for part, page in PARTS.items()]
    schema = json.loads(said(reference, "schema"))
    tests += [(f"docs/{name} is that of the registry",
               lambda part=part, name=name:
               pathlib.Path(tree, "docs", name).read_text(encoding="utf-8") == said(reference, part))
              for part, name in SCHEMAS.items()]
    validator = jsonschema.Draft7Validator(schema)
    feeds = {"three VMs": {}, "ends and losses": {"vms": 5, "ends": 1, "lost__missed": 3},
             "ticks that fail": {"fails": 1}, "no VM": {"vms": 0},
             "no sight": {"blind": 1, "no_list": 1, "unchecked": 1, "unproven": 1}}
    for name, made_up in feeds.items():
        def fits(made_up=made_up):
            lines = lines_of(seatop, **made_up)
            return lines and all(validator.is_valid(line) for line in lines)
        tests.append((f"seatop writes what its schema says: {name}", fits))

    def notices():
        line = lines_of(seatop)[-1]
        del line["vms"][0]["key"]
        other = lines_of(seatop)[-1]
        other["totals"]["total"] = "3"
        return not validator.is_valid(line) and not validator.is_valid(other)
    tests.append(("the schema notices what is missing, and what is of another type", notices))
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        good = test()
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        if not good and ("registry" in name):
            print(f"# {sys.argv[0]} {' '.join(sys.argv[1:4])} --update writes it anew")
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
