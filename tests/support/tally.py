#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up the cases of several `meson test` runs and prints `N passed, N failed[, N skipped]` as the last line.

A TAP program counts by its cases; any other test counts as one. A program that ended badly without a failed case of
its own (a crash, a leak, a time-out) counts as one failure. Exit status 1 when anything failed.
"""
import json
import re
import sys

CASE = re.compile(r"^(not )?ok\b[^#\n]*(#\s*skip\b)?", re.IGNORECASE | re.MULTILINE)
REFUSED = {"FAIL", "TIMEOUT", "INTERRUPT", "ERROR", "UNEXPECTEDPASS"}


def count(test):
    passed = failed = skipped = 0
    for match in CASE.finditer(test.get("stdout") or ""):
        if match.group(1):
            failed += 1
        elif match.group(2):
            skipped += 1
        else:
            passed += 1
    if test["result"] in REFUSED:
        failed = max(failed, 1)
    elif test["result"] == "SKIP":
        skipped = max(skipped, 1)
    elif passed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def main(paths):
    total = [0, 0, 0]
    for path in paths:
        try:
            with open(path, encoding="utf-8") as log:
                tests = [json.loads(line) for line in log if line.strip()]
        except OSError as error:
            print(f"no test ran: {error}")
            total[1] += 1
            continue
        for test in tests:
            counts = count(test)
            if counts[1]:
                print(f"failed: {test['name']} ({test['result'].lower()}, {path})")
            total = [have + more for have, more in zip(total, counts)]
    tail = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{tail}")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
