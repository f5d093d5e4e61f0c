#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Add a BPF source to the build directory's compile_commands.json.

Usage: compdb.py SOURCE COMMAND...

Run by Meson, which names the build directory in MESON_BUILD_ROOT. With the
entry clangd and clang-tidy read the source as the build compiles it.
"""

import json
import os
import pathlib
import sys


def main() -> None:
    source, command = sys.argv[1], sys.argv[2:]
    build = pathlib.Path(os.environ["MESON_BUILD_ROOT"])
    database = build / "compile_commands.json"

    source = os.path.join(os.environ["MESON_SOURCE_ROOT"], source)
    entries = json.loads(database.read_text()) if database.exists() else []
    entries = [e for e in entries if os.path.join(e["directory"], e["file"]) != source]
    entries.append(
        {
            "directory": str(build),
            "arguments": [*command, "-c", source],
            "file": source,
        }
    )
    database.write_text(json.dumps(entries, indent=2) + "\n")


if __name__ == "__main__":
    main()
