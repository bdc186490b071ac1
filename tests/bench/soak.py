#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long runs: 100,000 calls on one session must leave the memory flat. soak.py BUILD"""
import json
import pathlib
import subprocess
import sys

GROWTH_ALLOWED = 1.05


def resident(build, calls):
    out = subprocess.run([build / "tests/bench/bench-calls", "stdio", build / "src/demo-server/viaduct-demo-server",
                          str(calls), "1"], capture_output=True, check=True, text=True).stdout
    return json.loads(out)["resident_bytes"]


def main(build):
    few, many = resident(build, 10000), resident(build, 100000)
    print(f"resident after 10,000 calls {few / 1e6:.2f} MB, after 100,000 calls {many / 1e6:.2f} MB, {many / few:.3f} ×")
    return 0 if many <= few * GROWTH_ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
