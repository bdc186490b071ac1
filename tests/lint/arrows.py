#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the #include lines of src/ and fails on an arrow that points back (src/ARCHITECTURE.md)."""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "base": set(),
    "json": {"base"},
    "rpc": {"base", "json"},
    "transport": {"base", "json", "rpc"},
    "mcp": {"base", "json", "rpc", "transport"},
    "rest": {"base", "json", "rpc", "transport", "mcp"},
    "secrets": {"base", "json"},
    "auth": {"base", "json", "rpc", "transport", "secrets"},
    "config": {"base", "json"},
    "bridge": {"base", "json", "rpc", "transport", "mcp", "rest", "secrets", "auth", "config"},
}
TOP = {"cli", "app", "demo-server"}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
GTK = re.compile(r"^\s*#\s*include\s*<(gtk|gdk|gsk|adwaita|gtksourceview)\b", re.MULTILINE)


def check_file(path, folder, is_core):
    text = path.read_text(encoding="utf-8")
    faults = []
    for name in INCLUDE.findall(text):
        head, slash, _ = name.partition("/")
        if not slash or head == folder:
            continue
        if head not in MAY_INCLUDE:
            faults.append(f"{path}: “{name}” is no folder of src/core")
        elif is_core and head not in MAY_INCLUDE[folder]:
            faults.append(f"{path}: {folder} may not include {head} (“{name}”)")
    if (is_core or folder in {"cli", "demo-server"}) and GTK.search(text):
        faults.append(f"{path}: GTK outside src/app")
    return faults


def main(source):
    root = pathlib.Path(source)
    faults, files = [], 0
    for path in sorted(root.rglob("*.[ch]")):
        parts = path.relative_to(root).parts
        is_core = parts[0] == "core"
        folder = parts[1] if is_core else parts[0]
        if is_core and folder not in MAY_INCLUDE or not is_core and folder not in TOP:
            faults.append(f"{path}: no such folder in src/ARCHITECTURE.md")
            continue
        files += 1
        faults += check_file(path, folder, is_core)
    print("\n".join(faults) or f"{files} files, no arrow points back")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
