#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/POTFILES.in names every file that a translator has to see, once, in order, and nothing that is not there."""
import pathlib
import re
import sys

CALL = re.compile(r'(?<!\w)(?:_|N_|C_|NC_|Q_|g?_?d?[np]{0,2}gettext2?) ?\(\s*"')
TEMPLATE = re.compile(r'translatable="(?:yes|true|1)"')
DATA = (".desktop.in", ".metainfo.xml.in", ".gschema.xml")


def is_translatable(path):
    if path.suffix in {".c", ".h"}:
        return CALL.search(path.read_text(encoding="utf-8")) is not None
    if path.suffix == ".ui":
        return TEMPLATE.search(path.read_text(encoding="utf-8")) is not None
    return path.name.endswith(DATA)


def find_sources(root):
    for folder in ("data", "src", "ui"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and is_translatable(path):
                yield path.relative_to(root).as_posix()


def main(root):
    root = pathlib.Path(root)
    lines = (root / "po/POTFILES.in").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    sources = set(find_sources(root))
    faults = [f"po/POTFILES.in lists {name}, which does not exist" for name in listed if not (root / name).is_file()]
    faults += [f"{name} has strings to translate, but po/POTFILES.in does not list it" for name in sorted(sources - set(listed))]
    faults += [f"po/POTFILES.in lists {name} twice" for name in sorted({name for name in listed if listed.count(name) > 1})]
    if listed != sorted(listed):
        faults.append("po/POTFILES.in is not sorted")
    print("\n".join(faults) or f"{len(listed)} files with strings to translate are listed")
    return 1 if faults or not sources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
