#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""execute --async and the operation verb."""
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import time

from harness import Home, contains, equal, main

SLOW = '{"steps": 100, "delay_ms": 200}'


def begin(home, tool="count-slowly", parameters=SLOW):
    done = home.via("execute", "demo", tool, parameters, "--async", "--timeout", "60")
    equal(done.status, 0)
    answer = done.json
    equal((answer["status"], answer["bridge"], answer["tool"]), ("pending", "demo", tool))
    return answer["operation_id"]


def until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(what)


def worker_pid(identity):
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"run-operation" in words and identity.encode() in words:
            return int(folder.name)
    return None


def it_answers_at_once_and_completes():
    with Home() as home:
        identity = begin(home, "echo", '{"message": "later"}')
        done = home.via("operation", identity, "--wait")
        equal((done.status, done.json["status"], done.json["success"]), (0, "completed", True))
        equal(done.json["operation_id"], identity)
        contains(done.json["data"]["content"][0]["text"], "later")
        equal(home.via("operation", identity).json, done.json)


def moving(answer):
    return answer if answer["status"] == "running" and (answer.get("progress") or 0) > 0 else None


def it_reports_progress_and_is_cancelled():
    with Home() as home:
        identity = begin(home)
        running = until(lambda: moving(home.via("operation", identity).json), "no progress was seen")
        assert 0 < running["progress"] < 1, running
        done = home.via("operation", identity, "--cancel")
        equal((done.status, done.json["status"], done.json["success"]), (7, "cancelled", False))
        until(lambda: worker_pid(identity) is None, "the worker still runs")


def a_worker_that_is_killed_is_noticed():
    with Home() as home:
        identity = begin(home)
        os.kill(until(lambda: worker_pid(identity), "no worker"), signal.SIGKILL)
        done = home.via("operation", identity, "--wait")
        equal((done.status, done.json["status"]), (1, "failed"))
        contains(done.json["error"], "worker")


def interrupting_the_wait_does_not_look_like_success():
    with Home() as home:
        identity = begin(home)
        child = home.start("operation", identity, "--wait")
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        equal((child.returncode, json.loads(out)["status"]), (7, "running"))
        equal(home.via("operation", identity, "--cancel").status, 7)


def a_failure_keeps_its_exit_status():
    with Home() as home:
        done = home.via("operation", begin(home, "fail", '{"message": "no"}'), "--wait")
        equal((done.status, done.json["status"]), (1, "failed"))


def it_outlives_the_command_and_leaves_nothing_behind():
    with Home() as home:
        identity = begin(home, "count-slowly", '{"steps": 3, "delay_ms": 100}')
        files = list((home.path / "state/viaduct/operations").iterdir())
        for file in files:
            equal((file.name, stat.S_IMODE(file.stat().st_mode)), (file.name, 0o600))
        equal(home.via("operation", identity, "--wait").json["status"], "completed")
        until(lambda: worker_pid(identity) is None, "the worker still runs")


ODD_SERVER = """
import json, sys
ANSWERS = {
    "initialize": '{"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "o", "version": "1"}}',
    "tools/call": '{"content": [{"type": "text", "text": "a\\\\u0000b"}], "structuredContent": {"k": 1, "k": 2}}',
}
for line in sys.stdin:
    request = json.loads(line)
    if "id" in request and request["method"] in ANSWERS:
        print('{"jsonrpc": "2.0", "id": %s, "result": %s}' % (request["id"], ANSWERS[request["method"]]), flush=True)
    elif "id" in request:
        print('{"jsonrpc": "2.0", "id": %s, "error": {"code": -32601, "message": "no"}}' % request["id"], flush=True)
"""


def a_worker_without_its_bridge_says_whose_fault_that_is():
    with Home("bridges:\n  gone:\n    command: [cat]\n") as home:
        folder = home.path / "state/viaduct/operations"
        identity = home.via("execute", "gone", "any", "{}", "--async", "--timeout", "2").json["operation_id"]
        home.via("operation", identity, "--cancel")
        (folder / (identity + ".request")).write_text('{"bridge": "none", "tool": "any", "parameters": {}}')
        equal(home.via("run-operation", identity).status, 3)
        done = home.via("operation", identity)
        equal((done.status, done.json["side"], done.json["bridge"]), (3, "configuration", "none"))


def an_irregular_result_is_kept_as_it_came():
    with Home("bridges:\n  odd:\n    command: [python3, odd.py]\n") as home:
        (home.path / "odd.py").write_text(ODD_SERVER)
        identity = home.via("execute", "odd", "any", "{}", "--async").json["operation_id"]
        done = home.via("operation", identity, "--wait")
        equal((done.status, done.json["success"]), (0, True))
        contains(done.out, '"text":"a\\u0000b"')
        contains(done.out, '{"k":1,"k":2}')


def the_parameters_do_not_stay_on_disk():
    with Home() as home:
        identity = begin(home, "count-slowly", '{"steps": 3, "delay_ms": 100}')
        home.via("operation", identity, "--wait")
        for file in (home.path / "state/viaduct/operations").iterdir():
            assert file.suffix != ".request" and "delay_ms" not in file.read_text(), file


def ids_are_checked_and_unknown_ones_said():
    with Home() as home:
        equal(home.via("operation", "../../etc/passwd").status, 2)
        done = home.via("operation", "00000000-0000-7000-8000-000000000000")
        equal(done.status, 1)
        contains(done.json["error"], "no operation")


def the_detached_worker_keeps_no_pipe_of_the_caller_open():
    with Home() as home:
        started = time.monotonic()
        out = subprocess.run([os.environ["VIA"], "execute", "demo", "count-slowly", SLOW, "--async"], capture_output=True,
                             env=home.environment, cwd=home.path, timeout=15).stdout
        assert time.monotonic() - started < 10
        home.via("operation", json.loads(out)["operation_id"], "--cancel")


if __name__ == "__main__":
    sys.exit(main([it_answers_at_once_and_completes, it_reports_progress_and_is_cancelled, a_worker_that_is_killed_is_noticed,
                   interrupting_the_wait_does_not_look_like_success, a_failure_keeps_its_exit_status, it_outlives_the_command_and_leaves_nothing_behind,
                   a_worker_without_its_bridge_says_whose_fault_that_is, an_irregular_result_is_kept_as_it_came, the_parameters_do_not_stay_on_disk,
                   ids_are_checked_and_unknown_ones_said, the_detached_worker_keeps_no_pipe_of_the_caller_open]))
