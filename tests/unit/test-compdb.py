#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""compile_commands.json has the BPF source too, once, and can be run.

Usage: test-compdb.py BUILD-ROOT SOURCE-ROOT
"""

import json
import pathlib
import subprocess
import sys


def main() -> None:
    build, source = map(pathlib.Path, sys.argv[1:])
    bpf = (source / "bpf/sea_trace.bpf.c").resolve()
    entries = json.loads((build / "compile_commands.json").read_text())

    def is_for(entry, path):
        return (pathlib.Path(entry["directory"]) / entry["file"]).resolve() == path

    assert any(is_for(e, (source / "lib/trace/open.c").resolve()) for e in entries)
    (entry,) = [e for e in entries if is_for(e, bpf)]
    command = [*entry["arguments"], "-fsyntax-only"]
    subprocess.run(command, cwd=entry["directory"], check=True)


if __name__ == "__main__":
    main()
