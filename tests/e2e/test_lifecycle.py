#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No server outlives the program that started it, whatever either of them does, and nobody waits for ever."""
import os
import pathlib
import signal
import sys
import time

from scenario import PATIENCE, QUICK, Stdio, contains, equal, fails, is_alive, main, text_of, wait_until


def wait_for_call(server):
    wait_until(lambda: server.messages("tools/call"), 15, "the call arrived")


def children(server):
    return [note["child"] for note in server.notes() if "child" in note]


def a_server_that_ignores_every_request_to_end_is_ended():
    with Stdio("Deaf") as server:
        done = server.call("{}", "--timeout", "3", limit=15)
        fails(done, 6)
        server.expect_gone()


def what_a_server_started_ends_with_it():
    with Stdio("Grandchild") as server:
        done = server.call({"a": 1})
        equal(text_of(done), '{"a": 1}')
        assert done.seconds < 8 * PATIENCE, done.seconds
        server.expect_gone()


def a_process_that_left_on_purpose_and_keeps_the_pipes_does_not_keep_us():
    with Stdio("LeaverWithPipes") as server:
        done = server.call({"a": 1}, limit=15)
        equal(text_of(done), '{"a": 1}')
        assert done.seconds < 8 * PATIENCE, done.seconds


def the_group_is_gone_after_a_timeout():
    with Stdio("GrandchildSession") as server:
        fails(server.call("{}", "--timeout", "3", limit=15), 6)
        starts = [note["start"] for note in server.notes() if "start" in note]
        wait_until(lambda: not is_alive(starts[0]) and not is_alive(children(server)[0]), 1, "the group is gone")


def killing_us_ends_the_server_and_what_it_started():
    for misdeed in ("HangInCall", "Deaf", "GrandchildSession"):
        with Stdio(misdeed) as server:
            running = server.start("execute", "b", "echo", "{}")
            wait_for_call(server)
            started = server.pids()[:2]  # the third of GrandchildSession left on purpose
            assert all(map(is_alive, started)), started
            running.process.kill()
            running.process.wait()
            wait_until(lambda: not any(map(is_alive, started)), 4, f"{misdeed}: {started} are gone")


def ending_us_politely_ends_the_server_too():
    for number, misdeed in ((signal.SIGTERM, "Deaf"), (signal.SIGINT, "Deaf"), (signal.SIGHUP, "HangInCall")):
        with Stdio(misdeed) as server:
            running = server.start("execute", "b", "echo", "{}", "--timeout", "60")
            wait_for_call(server)
            running.process.send_signal(number)
            try:
                running.process.wait(10 * PATIENCE)
            finally:
                running.process.kill()
                running.process.wait()
            server.expect_gone(4)


def interrupting_twice_does_not_leave_anything():
    with Stdio("Deaf") as server:
        running = server.start("execute", "b", "echo", "{}", "--timeout", "60")
        wait_for_call(server)
        running.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        running.process.send_signal(signal.SIGINT)
        try:
            running.process.wait(10 * PATIENCE)
        finally:
            running.process.kill()
            running.process.wait()
        server.expect_gone(4)


def interrupting_during_the_handshake_ends_with_7():
    with Stdio("HangInHandshake") as server:
        running = server.start("list-tools", "b")
        wait_until(lambda: server.messages("server/discover"), 15, "the probe arrived")
        running.process.send_signal(signal.SIGINT)
        done = running.finish(10)
        equal(done.status, 7)
        server.expect_gone()


def the_server_hears_of_the_cancellation():
    with Stdio("HangInCall") as server:
        running = server.start("execute", "b", "echo", "{}", "--timeout", "60")
        wait_for_call(server)
        running.process.send_signal(signal.SIGINT)
        done = running.finish(10)
        fails(done, 7)
        equal([message["params"]["requestId"] for message in server.messages("notifications/cancelled")],
              [server.messages("tools/call")[0]["id"]])
        server.expect_gone()


def a_well_behaved_server_sees_the_end_of_its_input_and_is_not_killed():
    with Stdio("SaysGoodbye") as server:
        equal(text_of(server.call({"a": 1})), '{"a": 1}')
        equal([note["goodbye"] for note in server.notes() if "goodbye" in note], ["end of input"])
        server.expect_gone()


def a_child_gets_only_the_safe_part_of_the_environment():
    extra = "env: {GIVEN: \"${env:MOCK_GIVEN}\"}\n    " + QUICK
    with Stdio("ShowsItself", extra) as server:
        seen = server.call(env={"AWS_SECRET_ACCESS_KEY": "x", "LD_PRELOAD": "", "NODE_OPTIONS": "--x", "MOCK_GIVEN": "yes",
                                "GITHUB_TOKEN": "x"})
        names = set(text_of(seen).split("\n")[0].split())
        equal(names & {"AWS_SECRET_ACCESS_KEY", "LD_PRELOAD", "NODE_OPTIONS", "MOCK_GIVEN", "GITHUB_TOKEN"}, set())
        assert {"GIVEN", "PATH", "HOME"} <= names, names


def a_child_gets_no_descriptor_of_ours():
    with Stdio("ShowsItself") as server:
        equal(text_of(server.call()).split("\n")[1], "0 1 2")


def a_server_in_the_background_ends_with_its_operation():
    with Stdio("Deaf") as server:
        started = server.call("{}", "--async", "--timeout", "60").json
        wait_for_call(server)
        equal(server.run("operation", started["operation_id"]).json["status"], "running")
        server.run("operation", started["operation_id"], "--cancel")
        contains(server.run("operation", started["operation_id"], "--wait", limit=15).out, "cancelled")
        server.expect_gone(6)


def a_worker_that_was_killed_is_no_longer_running():
    with Stdio("Deaf") as server:
        started = server.call("{}", "--async", "--timeout", "60").json
        wait_for_call(server)
        pids = server.pids()
        worker = int(pathlib.Path(f"/proc/{pids[0]}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
        contains(pathlib.Path(f"/proc/{worker}/cmdline").read_text(encoding="utf-8"), started["operation_id"])
        os.kill(worker, signal.SIGKILL)
        server.expect_gone(4)
        done = server.run("operation", started["operation_id"], "--wait", limit=10)
        assert done.json["status"] not in ("running", "pending"), done.out
        assert done.status != 0, done.status


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items())
                   if callable(value) and getattr(value, "__module__", "") == "__main__" and value.__code__.co_argcount == 0]))
