#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language of po/LINGUAS says every string of the sources: judged against a template made now, not an old one."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# As in Meson's preset for GLib.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]
FLAGS = ["N_:1:pass-c-format", "C_:2:pass-c-format", "NC_:2:pass-c-format", "g_dngettext:2:pass-c-format"]
TOOLS = ["xgettext", "msgmerge", "msgattrib", "msgfmt"]
SKIPPED = 77


def run(*command, **options):
    # The tools' own words are compared and shown: in English.
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, **options)


def extract(root, template):
    done = run("xgettext", "--from-code=UTF-8", "--add-comments", "--sort-by-file", "--files-from=po/POTFILES.in",
               *[f"--keyword={keyword}" for keyword in KEYWORDS], *[f"--flag={flag}" for flag in FLAGS],
               f"--output={template}", cwd=root)
    if done.returncode != 0:
        return [f"xgettext: {done.stderr.strip()}"]
    # Nothing that it warns of may stand: a string that is cut by a macro, a placeholder that changes with the platform.
    return [f"xgettext: {line}" for line in done.stderr.splitlines() if "warning" in line]


def describe(catalogue, selector, words):
    found = run("msgattrib", selector, "--no-obsolete", "--no-wrap", str(catalogue)).stdout
    names = [line for line in found.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    return [f"{words}: {name[6:]}" for name in names]


def check_language(root, template, language, folder):
    catalogue = root / "po" / f"{language}.po"
    merged = folder / f"{language}.po"
    if not catalogue.is_file():
        return [f"po/LINGUAS names {language}, but there is no po/{language}.po"], ""
    checked = run("msgfmt", "--check", f"--output-file={os.devnull}", str(catalogue))
    faults = [f"msgfmt: {checked.stderr.strip()}"] if checked.returncode != 0 else []
    faults += describe(catalogue, "--only-fuzzy", f"{language}.po: fuzzy")
    done = run("msgmerge", "--quiet", "--no-fuzzy-matching", f"--output-file={merged}", str(catalogue), str(template))
    if done.returncode != 0:
        return faults + [f"msgmerge: {done.stderr.strip()}"], ""
    faults += describe(merged, "--untranslated", f"{language}.po: not translated")
    counted = run("msgfmt", "--check", "--statistics", f"--output-file={os.devnull}", str(merged))
    if counted.returncode != 0:
        faults.append(f"msgfmt: {counted.stderr.strip()}")
    return faults, f"{language}: {counted.stderr.strip().splitlines()[-1]}"


def main(root):
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print(f"Not checked: {', '.join(missing)} of gettext is not installed.")
        return SKIPPED
    root = pathlib.Path(root)
    languages = (root / "po/LINGUAS").read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as place:
        template = pathlib.Path(place, "viaduct.pot")
        faults = extract(root, template)
        for language in languages if template.is_file() else []:
            found, counts = check_language(root, template, language, pathlib.Path(place))
            faults += found
            print(counts)
    print("\n".join(faults))
    return 1 if faults or not languages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
