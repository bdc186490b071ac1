#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of CONTRIBUTING.md that a program can check: licence lines, sizes, one class per template, nothing private."""
import pathlib
import re
import subprocess
import sys

MAX_SOURCE_LINES = 1000
MAX_UI_LINES = 300
MAX_LINE = 130  # of a source; tables in tests may be wider
UNIX_ONLY = re.compile(r"#\s*include\s*<(unistd|sys/wait|sys/file|termios|glib-unix|gio/gunix\w+|signal|sys/prctl)\.?h?")
PRIVATE = re.compile(r"/home/\w+/")


def tracked(root, *patterns):
    out = subprocess.run(["git", "-C", root, "ls-files", "-z", "--", *patterns], capture_output=True, check=True)
    return [pathlib.Path(root, name) for name in out.stdout.decode().split("\0") if name]


def check_source(path, text):
    lines = text.splitlines()
    if not lines or "SPDX-License-Identifier: GPL-3.0-or-later" not in lines[0]:
        yield "the first line names no licence"
    if len(lines) > MAX_SOURCE_LINES:
        yield f"{len(lines)} lines: find the missing type"
    for number, line in enumerate(lines, 1):
        if "\t" in line or line != line.rstrip():
            yield f"line {number}: tab or trailing space"
        if len(line) > MAX_LINE and "src" in path.parts:
            yield f"line {number}: {len(line)} columns"
    if path.suffix == ".h" and "#pragma once" not in text:
        yield "no #pragma once"


def check_portable(path, text):
    if not path.stem.endswith(("-unix", "-linux")) and UNIX_ONLY.search(text):
        yield "a Unix-only header outside a *-unix.c file"


def check_ui(root, path, text):
    if len(text.splitlines()) > MAX_UI_LINES:
        yield "over 300 lines"
    if not (pathlib.Path(root) / "src/app" / (path.stem + ".c")).exists() and 'template class="' in text:
        yield "no class of that name in src/app"


def main(root):
    faults, files = [], 0
    for path in tracked(root, "src", "tests", "ui"):
        if not path.exists() or path.suffix not in {".c", ".h", ".ui"}:
            continue
        files += 1
        text = path.read_text(encoding="utf-8")
        found = []
        if path.suffix == ".ui":
            found += check_ui(root, path, text)
        else:
            found += check_source(path, text)
            if "src" in path.relative_to(root).parts[:1]:
                found += check_portable(path, text)
        if PRIVATE.search(text):
            found.append("a path of somebody's machine")
        faults += [f"{path.relative_to(root)}: {fault}" for fault in found]
    print("\n".join(faults) or f"{files} files keep the rules of the house")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
