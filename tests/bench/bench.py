#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the benchmarks of a build folder and prints each figure as a ratio against a reference measured in the same run.

bench.py BUILD [NAME...]   names: execute, stdio, http, frame, tools, results, json
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def run_json(*command):
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def best(rounds, *command):
    """The fastest of several rounds: what the program can do when the machine lets it."""
    return max((run_json(*map(str, command))[0] for _ in range(rounds)), key=lambda figure: figure["per_second"])


def whole_process(command, rounds):
    """Median wall seconds and peak resident bytes of whole runs."""
    seconds, peak = [], 0
    for _ in range(rounds):
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds.append(time.perf_counter() - started)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{command[0]} ended with {child.returncode}")
        peak = max(peak, usage.ru_maxrss * 1024)
    return statistics.median(seconds), peak


def show(title, rows, goal):
    print(f"\n{title}   (goal: {goal})")
    for row in rows:
        print("  " + row)


def execute(build):
    via, demo = build / "src/cli/via", build / "src/demo-server/viaduct-demo-server"
    os.environ["VIADUCT_DEMO_SERVER"] = str(demo)
    os.environ["XDG_CONFIG_HOME"] = str(build / "no-config")
    bare, _ = whole_process(["true"], 30)
    wall, peak = whole_process([str(via), "execute", "demo", "echo", '{"message":"hello"}'], 30)
    show("via execute, one call on the demo server, whole process",
         [f"true              {bare * 1e3:7.1f} ms",
          f"via execute       {wall * 1e3:7.1f} ms   {peak / 1e6:6.1f} MB   {wall / bare:.1f} × true"],
         "under 15 ms and 20 MB where true takes 1 ms")


def stdio(build):
    demo, calls = build / "src/demo-server/viaduct-demo-server", 10000
    bare = best(3, build / "tests/bench/bench-stdio-bare", demo, calls)
    ours = best(3, build / "tests/bench/bench-calls", "stdio", demo, calls, 1)
    show(f"{calls} sequential calls on one stdio session",
         [f"bare GLib loop    {bare['per_second']:9,.0f} /s",
          f"Viaduct           {ours['per_second']:9,.0f} /s   {ours['per_second'] / bare['per_second']:.2f} × the bare loop"],
         "at least 0.60 ×")


def http(build):
    calls, in_flight = 20000, 32
    server = subprocess.Popen([build / "tests/bench/bench-http-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        bare = best(3, build / "tests/bench/bench-http-bare", url, calls, in_flight)
        ours = best(3, build / "tests/bench/bench-calls", "http", url, calls, in_flight)
    finally:
        server.stdin.close()
        server.wait()
    show(f"{calls} calls over HTTP, {in_flight} in flight",
         [f"bare libsoup loop {bare['per_second']:9,.0f} /s",
          f"Viaduct           {ours['per_second']:9,.0f} /s   {ours['per_second'] / bare['per_second']:.2f} × the bare loop"],
         "at least 0.60 ×")


def headless(*command):
    return run_json(SOURCE / "tests/support/headless", *map(str, command))


def frame(build):
    config = build / "bench-bridges.yaml"
    config.write_text("bridges:\n" + "".join(
        f"  bridge-{i}: {{endpoint: 'http://127.0.0.1:9/{i}', description: 'Number {i}'}}\n" for i in range(20)))
    os.environ["VIADUCT_CONFIG"] = str(config)
    figures = {}
    for _ in range(5):
        for which in ("empty", "viaduct"):
            for figure in headless(build / "tests/bench/bench-frame", which):
                figures.setdefault(figure["name"], []).append(figure["milliseconds"])
    median = {name: statistics.median(values) for name, values in figures.items()}
    empty, ours = median["empty window"], median["Viaduct with 20 bridges"]
    show("first frame of the window",
         [f"empty AdwApplicationWindow {empty:7.1f} ms", f"Viaduct with 20 bridges    {ours:7.1f} ms   {ours / empty:.2f} ×"],
         "at most 1.5 ×")


def tools(build):
    rows = [f"{figure['name']:28} {figure['milliseconds']:7.1f} ms" for figure in headless(build / "tests/bench/bench-tools")]
    show("10,000 tools", rows, "list shown in under 300 ms, a keystroke in under 16 ms")


def results(build):
    out = subprocess.run([SOURCE / "tests/support/headless", build / "tests/bench/bench-results"], capture_output=True,
                         check=True, text=True).stdout
    rows = [line for line in out.splitlines() if "shown:" in line]
    show("results: longest time the main loop was blocked", rows, "at most 50 ms")


def parse(build):
    out = subprocess.run([build / "tests/bench/bench-json"], capture_output=True, check=True, text=True).stdout
    show("JSON, judged and indexed", out.splitlines(), "the faster the better")


BENCHES = {"execute": execute, "stdio": stdio, "http": http, "frame": frame, "tools": tools, "results": results, "json": parse}


def main(build, names):
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2f}")
    for name in names or BENCHES:
        BENCHES[name](pathlib.Path(build).resolve())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
