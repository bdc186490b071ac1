#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line itself: terminals, closed streams, few descriptors, endless input, bombs in the configuration."""
import json
import os
import pty
import resource
import subprocess
import sys
import threading
import time

from scenario import PATIENCE, Home, Http, Stdio, VIA, contains, equal, fails, main
from mock_http import HttpServer, LegacyServer

MEGABYTE = 1 << 20


def run(home, *arguments, limit=15, **more):
    more.setdefault("stdin", subprocess.DEVNULL)
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([VIA, *arguments], stderr=subprocess.PIPE, cwd=home.path, env=home.environment,
                          timeout=limit * PATIENCE, check=False, **more)


def clean(done):
    """It ended by itself, with one of the statuses that are promised."""
    assert 0 <= done.returncode <= 8, (done.args, done.returncode, done.stderr[-3000:])
    assert b"Sanitizer" not in done.stderr and b"CRITICAL" not in done.stderr, done.stderr[-3000:]
    return done


def on_a_terminal(home, *arguments):
    """What a person would see, both streams."""
    leader, follower = pty.openpty()
    seen = []

    def read():
        try:
            while data := os.read(leader, 65536):
                seen.append(data)
        except OSError:
            pass

    reader = threading.Thread(target=read)
    process = subprocess.Popen([VIA, *arguments], stdin=follower, stdout=follower, stderr=follower, cwd=home.path,
                               env={**home.environment, "TERM": "xterm-256color", "COLUMNS": "100"})
    os.close(follower)
    reader.start()
    try:
        status = process.wait(20 * PATIENCE)
    finally:
        process.kill()
        process.wait()
        reader.join()
        os.close(leader)
    return status, b"".join(seen).decode(errors="replace")


def nothing_evil(text):
    for evil in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\x08", "\x1bP", "\x1bc"):
        assert evil not in text, (evil, text[:2000])
    assert "\rname" not in text.replace("\r\n", "\n"), text[:2000]


def a_terminal_shows_no_control_characters_of_a_server():
    with Stdio("OddNames") as server:
        status, text = on_a_terminal(server.home, "list-tools", "b")
        equal(status, 0)
        contains(text, "safe")
        nothing_evil(text)
    line = json.dumps({"jsonrpc": "2.0", "id": 0, "result": {"content": [{"type": "text", "text": (
        "first\nsecond\ttab \x1b]0;title\x07 \x1b[2J \x9b2J \u202e \x08 \x1bPq \x1bc last")}]}})
    for odd in (line.replace('"id": 0', '"id": ID'),
                line.replace('"id": 0', '"id": ID').replace('"result": {', '"result": {"isError": true, '),
                '{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"no \\u001b]0;x\\u0007 \\u001b[2J \\u202e last"}}'):
        with Stdio("Raw") as server:
            path = server.home.path / "arguments.json"
            path.write_text(json.dumps({"lines": [odd]}), encoding="utf-8")
            _, text = on_a_terminal(server.home, "execute", "b", "echo", "@" + str(path), "--verbose")
            contains(text, "last")
            nothing_evil(text)
    with Stdio("StderrEvil") as server:
        _, text = on_a_terminal(server.home, "execute", "b", "echo", "{}", "--verbose")
        contains(text, "evil words")
        nothing_evil(text)


def closed_streams_are_not_taken_for_something_else():
    for closed in (0, 1, 2):
        with Stdio("Legacy") as server:
            clean(run(server.home, "execute", "b", "echo", '{"a": 1}', preexec_fn=lambda closed=closed: os.close(closed)))
            for message in server.messages():
                equal(message["jsonrpc"], "2.0")
            assert server.messages("tools/call"), server.notes()


def what_could_not_be_printed_is_told():
    with Home() as home, open("/dev/full", "wb") as full:
        done = run(home, "list-bridges", stdout=full)
        assert done.returncode > 0, "the answer was lost and nobody was told"
    with Home() as home:
        reader, writer = os.pipe()
        os.close(reader)
        done = run(home, "list-bridges", stdout=writer)
        os.close(writer)
        assert done.returncode != 0


def few_descriptors_are_an_error_not_a_crash():
    for number in (6, 8, 10, 12, 16, 20):
        with Stdio("Legacy") as server:
            done = run(server.home, "list-tools", "b", limit=20,
                       preexec_fn=lambda number=number: resource.setrlimit(resource.RLIMIT_NOFILE, (number, number)))
            if done.returncode < 0:
                contains(done.stderr.decode(), "Too many open files")  # GLib itself gives up and says so
            else:
                clean(done)


def endless_parameters_are_refused():
    with Home() as home:
        equal(clean(run(home, "execute", "demo", "echo", "@/dev/zero")).returncode, 2)
        with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
            equal(clean(run(home, "execute", "demo", "echo", "-", stdin=endless.stdout)).returncode, 2)
            endless.stdout.close()
            endless.wait()
        for where in ("@missing.json", "@.", "@"):
            equal(clean(run(home, "execute", "demo", "echo", where)).returncode, 2)


def deep_and_odd_parameters_are_refused():
    with Home() as home:
        for text in ("[" * 100000, '{"a":' * 20000, "{" * 50, '{"a":1}}', '{"a":\x01}', "{'a':1}", '{"a":01}', '{"a":1,}', ""):
            done = clean(run(home, "execute", "demo", "echo", text))
            equal((text[:20], done.returncode), (text[:20], 2))
            assert len(done.stdout) < 5000


def operations_are_found_by_their_id_only():
    with Home() as home:
        (home.path / "secret.json").write_text('{"status": "SECRET"}', encoding="utf-8")
        for name in ("../../../secret", "..", ".", "/etc/passwd", "a/b", "", "x" * 5000, "%2e%2e", "a\nb", "-1"):
            done = clean(run(home, "operation", "--", name))
            assert done.returncode in (1, 2, 3), (name, done.returncode)
            assert b"SECRET" not in done.stdout and b"root:" not in done.stdout


def what_is_kept_of_operations_is_nobody_elses():
    with Stdio("Legacy") as server:
        done = run(server.home, "execute", "b", "echo", '{"private": "7731"}', "--async", preexec_fn=lambda: os.umask(0))
        identifier = json.loads(done.stdout)["operation_id"]
        clean(run(server.home, "operation", identifier, "--wait"))
        files = [path for path in (server.home.path / "state").rglob("*")]
        assert files
        for path in files:
            equal((path.name, oct(path.stat().st_mode & 0o077)), (path.name, "0o0"))


def a_state_folder_that_cannot_be_written_is_told():
    with Stdio("Legacy") as server:
        (server.home.path / "state").write_text("a file", encoding="utf-8")
        done = clean(run(server.home, "execute", "b", "echo", "{}", "--async"))
        assert done.returncode > 0
        contains(json.loads(done.stdout)["error"], "state")
        equal(server.messages("tools/call"), [])


def configurations_that_explode_are_refused_at_once():
    laughs = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    bombs = {
        "deep": "[" * 100000, "deep map": "a: " + "{a: " * 40000, "deep block": "\n".join(" " * n + "a:" for n in range(900)),
        "laughs": laughs, "self": "bridges: &a [*a]\n", "self map": "bridges: &a {x: *a}\n",
        "anchors": "".join(f"k{n}: &a{n} x\n" for n in range(20000)), "twice": "bridges: {}\nbridges: {a: {command: [x]}}\n",
        "merge": "x: &x {command: [a]}\nbridges:\n  b:\n    <<: *x\n", "tag": "bridges: !!python/object/apply:os.system [id]\n",
        "large": "bridges: {}\n# " + "c" * (2 * MEGABYTE),
        "many": "bridges:\n" + "".join(f"  b{n}: {{command: [x]}}\n" for n in range(5000)), "tab": "bridges:\n\ta: 1\n",
        "list": "- a\n", "text": "bridges", "empty bridge": "bridges:\n  a:\n", "two documents": "bridges: {}\n---\nbridges: {}\n",
    }
    raw = {"nul": b"bridges: {}\n\0", "utf-16": "bridges: {}\n".encode("utf-16"), "latin": b"bridges: {a: {description: \xe4}}\n",
           "random": bytes(range(256)) * 50}
    for name, data in {**{name: text.encode() for name, text in bombs.items()}, **raw}.items():
        with Home() as home:
            path = home.path / "bomb.yaml"
            path.write_bytes(data)
            start = time.monotonic()
            done = clean(run(home, "list-bridges", "--config", str(path)))
            assert time.monotonic() - start < 2 * PATIENCE, (name, time.monotonic() - start)
            assert done.returncode == 3 or name in ("utf-16", "empty bridge"), (name, done.returncode, done.stdout[:300])
            assert len(done.stdout) < 300000, name
            equal(path.read_bytes() == data, True)


def configurations_that_are_no_files_are_refused():
    with Home() as home:
        (home.path / "loop").symlink_to("loop")
        for where in ("/dev/zero", ".", "loop", "/dev/null/x", "/proc/self/mem"):
            done = clean(run(home, "list-bridges", "--config", where))
            equal((where, done.returncode), (where, 3))


def a_proxy_of_the_environment_sees_nothing_of_this_machine():
    with HttpServer() as proxy, Http(LegacyServer()) as web:
        address = f"http://127.0.0.1:{proxy.port}"
        done = web.call('{"a": 1}', env={"http_proxy": address, "HTTP_PROXY": address, "all_proxy": address})
        equal((done.status, proxy.connections), (0, 0))


def cookies_and_odd_sessions_are_not_kept():
    for session in ("with space", "ünicode", "x" * 50000, ""):
        class Server(LegacyServer):
            def initialize(self, request, session=session):
                request.head(200, {"Content-Type": "application/json"}, f"Mcp-Session-Id: {session}", "Set-Cookie: id=7731; Path=/",
                             "Content-Length: 150")
                body = json.dumps({"jsonrpc": "2.0", "id": request.json["id"], "result": {
                    "protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {"name": "m", "version": "1"}}})
                request.raw(body.ljust(150).encode())

        with Http(Server()) as web:
            done = web.tools()
            assert done.status in (0, 1, 4), done.out
            for request in web.server.requests:
                assert "cookie" not in request.headers, request.fields
                assert "mcp-session-id" not in request.headers, request.fields


def a_challenge_is_not_answered_with_what_stands_in_an_address():
    class Server(LegacyServer):
        def handle(self, request):
            request.reply(401, {"WWW-Authenticate": "Basic realm=\"" + "r" * 60000 + "\""}, b"no\x1b[2J" * 100)

    with Http(Server()) as web:
        fails(web.tools(), 5)
        text = web.home.config.read_text(encoding="utf-8").replace("http://", "http://user:canary7731@")
        web.home.config.write_text(text, encoding="utf-8")
        done = web.tools()
        assert done.status in (3, 5), done.out
        assert "canary7731" not in done.out + done.err, done.out
        assert all("authorization" not in request.headers for request in web.server.requests)


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items()) if callable(value) and value.__module__ == "__main__"
                   and name not in ("run", "clean", "on_a_terminal", "nothing_evil")]))
