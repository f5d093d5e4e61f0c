# SPDX-License-Identifier: GPL-2.0-only
"""
Reads a recording in the text form and writes it twice:
    hostile.py RECORDING TAME HOSTILE
Each text that comes from outside (names of VMs, of hosts, of cgroups, what the host said)
is another one there, by its number: "7" in TAME, and in HOSTILE "7</script>" or one more
that tries to be more than text.
"""

import json
import sys

NASTY = [
    "</script><script>document.title='broken'</script>",
    "]]><img src=x onerror=\"document.title='broken'\">",
    "--><svg onload=\"document.title='broken'\"><!--",
    "\"' onmouseover=\"document.title='broken'\" x=\"",
    "&lt;b&gt;&#60;i&#62;&amp;amp;",
    "</style><style>*{display:none}</style>",
    "<iframe src=\"https://example.org/\"></iframe><base href=\"https://example.org/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=https://example.org/\">",
    "\u202eevil\u2066text\u2069\u200f",
    "n" * 255,
    "<" * 255,
    "</text></svg></table></details></main><h1>another</h1>",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "a\u0000b\u001b[31mc\u0085d",
]

# Where a record has text that is not ours
TEXTS = {"name", "host", "cgroup", "uuid", "comm", "text", "why", "kernel", "source", "program"}


def change(value, new):
    """The same record with other texts in it, at any depth"""
    if isinstance(value, dict):
        return {k: new(v) if k in TEXTS and isinstance(v, str) else change(v, new)
                for k, v in value.items()}
    return [change(v, new) for v in value] if isinstance(value, list) else value


def main():
    """Both recordings, line by line"""
    recording, tame, hostile = sys.argv[1:]
    numbers = {}

    def number(text):
        return numbers.setdefault(text, len(numbers))

    ways = ((tame, lambda text: f"{number(text)}"),
            (hostile, lambda text: f"{number(text)}{NASTY[number(text) % len(NASTY)]}"))
    for path, new in ways:
        with open(recording, encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as out:
            for line in lines:
                record = json.loads(line)
                if record["type"] not in ("recording", "tick"):
                    record = change(record, new)
                print(json.dumps(record), file=out)


main()
