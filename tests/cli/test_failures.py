#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input gets a clear error and the right exit status."""
import os
import pty
import signal
import subprocess
import sys
import termios
import time

from harness import VIA, Home, answer_json, contains, equal, main, rest_server

SECRET = "s3cr3t-token-value-7733"


def fails(done, status, *parts):
    equal((done.status, done.json["success"]), (status, False))
    for part in parts:
        contains(done.json["error"], part)
    return done.json


def usage_errors_end_with_2():
    with Home() as home:
        for arguments in ([], ["dance"], ["list-tools"], ["list-tools", "demo", "more"], ["--no-such-option", "bridges"],
                          ["bridges", "--async"], ["tools", "demo", "--timeout", "0x"], ["tools", "demo", "--timeout", "4000"],
                          ["tools", "demo", "--timeout", "0"], ["tools", "demo", "--timeout=-5"],
                          ["secret", "show", "NAME"], ["execute", "demo"]):
            done = home.via(*arguments)
            equal((arguments, done.status, done.out), (arguments, 2, ""))
            assert done.err.strip(), arguments


def an_unknown_bridge_names_the_known_ones():
    with Home("bridges:\n  files:\n    command: [x]\n") as home:
        answer = fails(home.via("execute", "filse", "read", "{}"), 3, "filse", "files")
        equal((answer["bridge"], answer["tool"]), ("filse", "read"))


def a_disabled_bridge_says_how_to_enable_it():
    with Home("bridges:\n  off:\n    command: [x]\n    enabled: false\n") as home:
        fails(home.via("tools", "off"), 3, "off", "enabled")


def a_broken_file_lists_every_problem_and_stays_as_it_is():
    text = "bridges:\n  a:\n    timeout: 9999\n    command: [x]\n  b:\n    endpont: 5\n"
    with Home(text) as home:
        answer = fails(home.via("bridges"), 3, "bridges.a.timeout", "bridges.b")
        contains(answer["error"], ":3:")
        equal(home.config.read_text(), text)
    with Home("bridges: [\n") as home:
        fails(home.via("bridges"), 3, "bridges.yaml")


def a_missing_file_that_was_named_is_an_error():
    with Home() as home:
        fails(home.via("bridges", "--config", "nowhere.yaml"), 3, "nowhere.yaml")


def a_command_that_is_not_there_says_where_it_was_looked_for():
    with Home("bridges:\n  gone:\n    command: [no-such-server-anywhere]\n") as home:
        fails(home.via("tools", "gone"), 4, "no-such-server-anywhere", "/usr/bin")


def invalid_parameters_say_where():
    with Home() as home:
        fails(home.via("execute", "demo", "echo", '{"message": }'), 2, "line 1", "column 13")
        fails(home.via("execute", "demo", "echo", '[1]'), 2, "object")
        fails(home.via("execute", "demo", "echo", '{"a": 1, "a": 2}'), 2)
        fails(home.via("execute", "demo", "echo", "hello"), 2)


def a_tool_that_says_no_ends_with_1_and_its_words():
    with Home() as home:
        answer = fails(home.via("execute", "demo", "fail", '{"message": "out of paper"}'), 1, "out of paper")
        equal(answer["data"]["isError"], True)
        fails(home.via("execute", "demo", "no-such-tool", "{}"), 1, "no-such-tool")


def nobody_listening_ends_with_4():
    with Home('bridges:\n  x:\n    endpoint: "http://127.0.0.1:9/mcp"\n    retry_config: {max_retries: 0}\n') as home:
        fails(home.via("tools", "x"), 4)


def plain_http_to_the_world_is_refused():
    with Home('bridges:\n  x:\n    endpoint: "http://example.com/mcp"\n') as home:
        fails(home.via("tools", "x"), 3, "https")


def rest(server_url, extra=""):
    return f"""
bridges:
  r:
    endpoint: "{server_url}"
    transport: rest
    auth_type: bearer
    auth_token_env: R_TOKEN
    timeout: 2
    retry_config: {{max_retries: 1, backoff_factor: 1, max_backoff_ms: 1}}
{extra}"""


def http_answers_map_to_exit_statuses():
    cases = {
        "401": (401, {"WWW-Authenticate": "Bearer"}, b"no"), "403": (403, {}, b"no"),
        "404": (404, {}, b"nothing here"), "500": (500, {"Content-Type": "text/plain"}, b"it broke"),
        "html": (200, {"Content-Type": "application/xml"}, b"<a/>"),
        "json": (200, {"Content-Type": "application/json"}, b'{"tools": [}'),
    }
    expected = {"401": 5, "403": 5, "404": 1, "500": 1, "html": 1, "json": 1}
    for name, answer in cases.items():
        with rest_server(lambda handler, body, answer=answer: answer) as server, Home(rest(server.url)) as home:
            done = home.via("tools", "r", env={"R_TOKEN": SECRET})
            equal((name, done.status, done.json["success"]), (name, expected[name], False))
            assert SECRET not in done.out + done.err, name


def credentials_are_not_sent_along_to_another_host():
    with rest_server(lambda handler, body: answer_json({"tools": []})) as other, \
         rest_server(lambda handler, body: (302, {"Location": other.url + "/tools"}, b"")) as server, \
         Home(rest(server.url)) as home:
        done = home.via("tools", "r", env={"R_TOKEN": SECRET})
        equal(other.requests, [])
        contains(done.json["error"], "redirect")
        equal(done.status, 3)  # the address has to be changed


def a_secret_echoed_by_a_server_is_masked():
    def echo(handler, body):
        return 400, {"Content-Type": "text/plain"}, ("bad header " + handler.headers["Authorization"]).encode()

    with rest_server(echo) as server, Home(rest(server.url)) as home:
        done = home.via("execute", "r", "x", "{}", env={"R_TOKEN": SECRET})
        assert SECRET not in done.out + done.err, done.out
        contains(done.json["error"], "bad header")


def a_server_that_hangs_ends_with_6():
    def hang(handler, body):
        time.sleep(4)
        return answer_json({})

    with rest_server(hang) as server, Home(rest(server.url)) as home:
        fails(home.via("execute", "r", "x", "{}", "--timeout", "1", env={"R_TOKEN": SECRET}), 6)


def a_missing_token_says_how_to_set_it():
    with rest_server(lambda handler, body: answer_json({"tools": []})) as server, Home(rest(server.url)) as home:
        fails(home.via("tools", "r"), 5, "R_TOKEN", "environment", "keyring")
        equal(server.requests, [])


def an_answer_over_the_cap_is_refused():
    def big(handler, body):
        return 200, {"Content-Type": "application/json"}, b'{"tools": ["' + b"x" * 3000 + b'"]}'

    with rest_server(big) as server, Home(rest(server.url, "security: {max_response_size: 2048}\n")) as home:
        fails(home.via("tools", "r", env={"R_TOKEN": SECRET}), 1, "2")


def without_a_keyring_a_secret_is_not_written_anywhere():
    with Home() as home:
        done = home.via("secret", "set", "R_TOKEN", stdin=SECRET + "\n")
        fails(done, 1, "keyring")
        for path in home.path.rglob("*"):
            assert not path.is_file() or SECRET not in path.read_text(errors="replace"), path
        status = home.via("secret", "status", "R_TOKEN", env={"R_TOKEN": SECRET})
        equal((status.json["present"], status.json["place"]), (True, "environment"))
        assert SECRET not in status.out


def interrupting_cancels_and_ends_with_7():
    with Home() as home:
        child = home.start("execute", "demo", "count-slowly", '{"steps": 100, "delay_ms": 200}', "--timeout", "60")
        time.sleep(1.5)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        equal(child.returncode, 7)
        contains(out, '"success":false')


def interrupting_ends_what_waits_for_input():
    with Home() as home:
        child = subprocess.Popen([VIA, "execute", "demo", "echo", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 cwd=home.path, env=home.environment)
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        equal(child.wait(20), -signal.SIGINT)
        child.stdin.close()
        child.stdout.close()


def interrupting_a_prompt_lets_the_terminal_show_again_what_is_typed():
    with Home() as home:
        leader, follower = pty.openpty()
        child = subprocess.Popen([VIA, "secret", "set", "R_TOKEN"], stdin=follower, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, cwd=home.path, env=home.environment)
        while termios.tcgetattr(follower)[3] & termios.ECHO and child.poll() is None:
            time.sleep(0.05)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        equal(child.wait(20), -signal.SIGINT)
        assert termios.tcgetattr(follower)[3] & termios.ECHO
        child.stderr.close()
        os.close(leader)
        os.close(follower)


def a_server_that_is_not_one_is_named():
    with Home("bridges:\n  cat:\n    command: [sh, -c, 'echo hello; exit 3']\n") as home:
        fails(home.via("tools", "cat"), 4, "status 3")


if __name__ == "__main__":
    sys.exit(main([usage_errors_end_with_2, an_unknown_bridge_names_the_known_ones, a_disabled_bridge_says_how_to_enable_it,
                   a_broken_file_lists_every_problem_and_stays_as_it_is, a_missing_file_that_was_named_is_an_error,
                   a_command_that_is_not_there_says_where_it_was_looked_for, invalid_parameters_say_where,
                   a_tool_that_says_no_ends_with_1_and_its_words, nobody_listening_ends_with_4,
                   plain_http_to_the_world_is_refused, http_answers_map_to_exit_statuses,
                   credentials_are_not_sent_along_to_another_host, a_secret_echoed_by_a_server_is_masked,
                   a_server_that_hangs_ends_with_6, a_missing_token_says_how_to_set_it, an_answer_over_the_cap_is_refused,
                   without_a_keyring_a_secret_is_not_written_anywhere, interrupting_cancels_and_ends_with_7,
                   interrupting_ends_what_waits_for_input,
                   interrupting_a_prompt_lets_the_terminal_show_again_what_is_typed,
                   a_server_that_is_not_one_is_named]))
