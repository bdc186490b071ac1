# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests against hostile servers share: running cases side by side, a mock for each, and what became of it."""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "cli"))
from harness import Home, Result, VIA, contains, equal  # noqa: E402: the line above finds it

SANITIZED = os.environ.get("VIA_SANITIZED") == "1"
PATIENCE = 4 if SANITIZED else 1  # the instrumented program may take this many times longer
QUICK = "retry_config: {max_retries: 0}"
WORKERS = 4


def shorten(trouble):
    """The lines of the test itself and the complaint."""
    lines = trouble.splitlines()
    kept = [number for number, line in enumerate(lines) if "/test_" in line]
    last = max((number for number, line in enumerate(lines) if line.startswith("  ")), default=-1) + 1
    return "\n".join([line for number in kept for line in lines[number:number + 2]] + [line[:3000] for line in lines[last:]])


def main(cases):
    """Like the harness's, but several at once; the lines come in the order of @cases."""
    print(f"1..{len(cases)}", flush=True)
    failed = 0

    def run(case):
        start = time.monotonic()
        try:
            case()
            return None, time.monotonic() - start
        except Exception:  # a test that breaks must not hide the others
            return shorten(traceback.format_exc()), time.monotonic() - start

    wanted = sys.argv[1:]
    cases = [case for case in cases if not wanted or case.__name__ in wanted]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for number, (case, (trouble, seconds)) in enumerate(zip(cases, pool.map(run, cases)), 1):
            print(f"{'not ok' if trouble else 'ok'} {number} - {case.__name__.replace('_', ' ')} # {seconds:.1f} s")
            if trouble:
                failed += 1
                print("\n".join("# " + line for line in trouble.splitlines()))
            sys.stdout.flush()
    return 1 if failed else 0


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds, what):
    limit = time.monotonic() + seconds * PATIENCE
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.02)


class Running:
    """One `via` at work. Its memory is watched, its end is waited for, never longer than @limit seconds."""

    def __init__(self, home, arguments, env=None):
        self.start = time.monotonic()
        self.peak_kb = 0
        self.files = [tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline="") for _ in range(2)]
        self.process = subprocess.Popen([VIA, *arguments], stdin=subprocess.DEVNULL, stdout=self.files[0],
                                        stderr=self.files[1], cwd=home.path, env={**home.environment, **(env or {})})
        self.pid = self.process.pid

    def measure(self):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines():
                if line.startswith("VmHWM:"):
                    self.peak_kb = max(self.peak_kb, int(line.split()[1]))

    def finish(self, limit=40):
        end = time.monotonic() + limit * PATIENCE
        while self.process.poll() is None:
            self.measure()
            if time.monotonic() > end:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"via did not end within {limit} s; it said: {self.text()}")
            time.sleep(0.01)
        self.seconds = time.monotonic() - self.start
        out, err = self.text()
        result = Result(subprocess.CompletedProcess([], self.process.returncode, out, err))
        result.seconds, result.peak_kb = self.seconds, self.peak_kb
        for text in self.files:
            text.close()
        if "AddressSanitizer" in err or "runtime error:" in err or "LeakSanitizer" in err or "CRITICAL" in err:
            raise AssertionError(err[:20000])
        if result.status < 0 or result.status > 8:
            raise AssertionError(f"via ended with {result.status}; it said: {out[:2000]} {err[:2000]}")
        return result

    def text(self):
        parts = []
        for text in self.files:
            text.seek(0)
            parts.append(text.read())
        return parts


class Stdio:
    """A home with one bridge “b” whose server is the class @misdeed of @file."""

    def __init__(self, misdeed, extra=QUICK, more="", file="mock_stdio.py"):
        self.home = Home("bridges: {}\n")
        self.log = self.home.path / "mock.log"
        command = json.dumps([sys.executable, "-S", str(HERE / file), misdeed, str(self.log)])
        self.home.config.write_text(f"bridges:\n  b:\n    command: {command}\n    {extra}\n{more}\n", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in self.pids():  # only ours, and only what a failed test left
            if is_alive(pid):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self.home.folder.cleanup()

    def notes(self):
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def pids(self):
        return [note.get("start") or note["child"] for note in self.notes() if "start" in note or "child" in note]

    def messages(self, method=None):
        got = [note["got"] for note in self.notes() if "got" in note]
        return [message for message in got if method is None or message.get("method") == method]

    def start(self, *arguments, env=None):
        return Running(self.home, arguments, env)

    def run(self, *arguments, limit=40, env=None):
        return self.start(*arguments, env=env).finish(limit)

    def tools(self, *options, **more):
        return self.run("list-tools", "b", *options, **more)

    def call(self, parameters="{}", *options, tool="echo", **more):
        return self.run("execute", "b", tool, parameters if isinstance(parameters, str) else json.dumps(parameters),
                        *options, **more)

    def expect_gone(self, seconds=1):
        pids = self.pids()
        assert pids, "the server was never started"
        wait_until(lambda: not any(map(is_alive, pids)), seconds, f"the processes {pids} are gone")


def fails(done, status, *parts):
    equal((done.status, done.json["success"]), (status, False))
    error = done.json["error"]
    assert isinstance(error, str) and 10 < len(error) < 5000, error
    for part in parts:
        contains(error, part)
    return error


def text_of(done):
    equal((done.status, done.json["success"]), (0, True))
    return done.json["data"]["content"][0]["text"]


def bounded(done, megabytes):
    """The memory of the program; instrumentation has costs of its own."""
    if not SANITIZED:
        assert done.peak_kb < megabytes * 1024, f"via needed {done.peak_kb} kB"


class Http:
    """A home with one bridge “b” at @server's address."""

    def __init__(self, server, extra=QUICK, more=""):
        self.home = Home(f"bridges:\n  b:\n    endpoint: \"{server.url}\"\n    {extra}\n{more}\n")
        self.server = server

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, kind, *_):
        self.server.__exit__()
        self.home.folder.cleanup()
        if kind is None and self.server.trouble:
            raise AssertionError("the mock itself failed") from self.server.trouble[0]

    def start(self, *arguments, env=None):
        return Running(self.home, arguments, env)

    run, tools, call = Stdio.run, Stdio.tools, Stdio.call
