#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is repeated over HTTP and what never is, deadlines, cancelling, certificates."""
import json
import signal
import subprocess
import sys
import tempfile
import time

from mock_http import JSON, Gone, LegacyServer, ModernServer
from scenario import PATIENCE, QUICK, Http, contains, equal, fails, main, text_of, wait_until
from test_hostile_http import READ_ONLY, RETRIES, server_with


def refusing(times, status, headers=None, rpc="call"):
    """The first @times requests are refused; what is refused has not run."""
    def method(self, request):
        self.refused = getattr(self, "refused", 0) + 1
        if self.refused <= times:
            request.reply(status, headers)
        else:
            getattr(LegacyServer, rpc)(self, request)
    return {rpc: method}


def a_429_is_repeated_after_the_time_it_names():
    for rpc, run in (("list", lambda web: web.tools()), ("call", lambda web: web.call())):
        with Http(server_with(**refusing(1, 429, {"Retry-After": "1"}, rpc)), RETRIES) as web:
            done = run(web)
            equal((done.status, done.json["success"]), (0, True))
            times = [request.time for request in web.server.asked("tools/" + rpc)]
            equal(len(times), 2)
            assert times[1] - times[0] >= 0.95, times


def a_retry_after_that_is_too_long_is_told():
    with Http(server_with(**refusing(9, 429, {"Retry-After": "3600"})), RETRIES) as web:
        done = web.call(limit=15)
        assert done.status in (1, 4), done.out
        contains(done.json["error"], "3600")
        equal(web.server.count("tools/call"), 1)


def odd_retry_after_values_do_no_harm():
    for value in ("-5", "abc", "", "999999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT", "0"):
        with Http(server_with(**refusing(1, 429, {"Retry-After": value}, "list")), RETRIES) as web:
            done = web.tools(limit=15)
            assert done.status in (0, 1, 4), (value, done.out)
            assert web.server.count("tools/list") <= 2


def a_503_is_repeated_only_where_it_is_safe():
    with Http(server_with(**refusing(1, 503, None, "list")), RETRIES) as web:
        equal((web.tools().status, web.server.count("tools/list")), (0, 2))
    with Http(server_with(**refusing(1, 503)), RETRIES) as web:
        assert web.call().status in (1, 4)
        equal(web.server.count("tools/call"), 1)
    with Http(server_with(**refusing(1, 503, {"Retry-After": "0"})), RETRIES) as web:
        equal((web.call().status, web.server.count("tools/call")), (0, 2))
    with Http(server_with(tools=READ_ONLY, **refusing(1, 503)), RETRIES) as web:
        equal((web.call("a=1").status, web.server.count("tools/call")), (0, 2))


def a_500_on_a_call_is_not_repeated():
    with Http(server_with(**refusing(1, 500)), RETRIES) as web:
        fails(web.call(), 1, "500")
        equal(web.server.count("tools/call"), 1)


def a_400_is_never_repeated():
    for status in (400, 404, 422):
        with Http(server_with(**refusing(9, status, JSON, "list")), RETRIES) as web:
            assert web.tools().status in (1, 4)
            assert web.server.count("tools/list") <= 2  # once more when the session may have been lost


def dropping(times, tell=b""):
    def execute(self, request):
        if self.executed <= times:
            request.raw(tell)
            request.close()
        else:
            request.text("finally")
    return execute


def a_call_whose_answer_is_lost_is_not_repeated():
    for base in (LegacyServer, ModernServer):
        for part in (b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"):
            with Http(server_with(base, execute=dropping(1, part)), RETRIES) as web:
                contains(fails(web.call(), 4), "may have run")
                equal(web.server.executed, 1)


def a_read_only_call_whose_answer_is_lost_is_repeated():
    with Http(server_with(execute=dropping(1), tools=READ_ONLY), RETRIES) as web:
        equal(text_of(web.call("a=1")), "finally")
        equal(web.server.executed, 2)


def the_user_may_widen_and_narrow_it():
    always = "retry_config: {max_retries: 3, backoff_factor: 1, max_backoff_ms: 20, retry_calls: always}"
    never = always.replace("always", "never")
    with Http(server_with(execute=dropping(1)), always) as web:
        equal((text_of(web.call()), web.server.executed), ("finally", 2))
    with Http(server_with(execute=dropping(1), tools=READ_ONLY), never) as web:
        fails(web.call("a=1"), 4)
        equal(web.server.executed, 1)


def attempts_are_counted_and_bounded():
    with Http(server_with(execute=dropping(99), tools=READ_ONLY), RETRIES) as web:
        done = web.call("a=1", limit=15)
        fails(done, 4)
        equal((done.json["attempt"], web.server.executed), (4, 4))


def a_lost_connection_before_the_list_is_repeated():
    def list_tools(self, request):
        if self.count("tools/list") == 1:
            request.close()
        else:
            LegacyServer.list(self, request)

    with Http(server_with(list=list_tools), RETRIES) as web:
        equal((web.tools().status, web.server.count("tools/list")), (0, 2))


# Time

def dripping_is_ended_by_the_deadline():
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + b" " * 500
    stream = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + b": x\n" * 200
    error = b"HTTP/1.1 500 No\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n" + b" " * 500
    for data, start in ((whole, 0), (whole, 77), (stream, 52), (error, 70)):
        def execute(self, request, data=data, start=start):
            request.raw(data[:start])
            for at in range(start, len(data)):
                request.raw(data[at:at + 1])
                time.sleep(0.5)

        with Http(server_with(execute=execute)) as web:
            done = web.call("{}", "--timeout", "2", limit=10)
            fails(done, 6)
            assert done.seconds < 8 * PATIENCE, done.seconds


def silence_is_ended_by_the_deadline():
    def silent(self, request):
        time.sleep(6)
        raise Gone

    for where in ("discover", "initialize", "list", "execute"):
        with Http(server_with(**{where: silent}), "timeout: 1\n    " + QUICK) as web:
            done = web.call("a=1", limit=12) if where == "execute" else web.tools(limit=12)
            equal((where, done.status), (where, 6))


# Cancelling

def waiting(self, request):
    self.arrived = True
    request.begin_stream()
    request.raw(b": on it\n\n")
    self.closed = request.closed_by_client(10)
    raise Gone


def interrupt(web):
    running = web.start("execute", "b", "echo", "{}")
    wait_until(lambda: hasattr(web.server, "arrived"), 10, "the call arrived")
    time.sleep(0.2)
    running.process.send_signal(signal.SIGINT)
    done = running.finish(10)
    fails(done, 7)
    wait_until(lambda: hasattr(web.server, "closed"), 5, "the stream ended")
    equal(web.server.closed, True)
    return web.server


def cancelling_closes_the_stream_of_a_modern_server():
    with Http(server_with(ModernServer, execute=waiting)) as web:
        server = interrupt(web)
        equal((server.executed, server.count("notifications/cancelled")), (1, 0))


def cancelling_tells_a_legacy_server():
    with Http(server_with(execute=waiting)) as web:
        server = interrupt(web)
        equal([request.json["params"]["requestId"] for request in server.asked("notifications/cancelled")],
              [server.asked("tools/call")[0].json["id"]])


def a_timeout_tells_a_legacy_server_too():
    with Http(server_with(execute=waiting)) as web:
        fails(web.call("{}", "--timeout", "1"), 6)
        equal(web.server.count("notifications/cancelled"), 1)


# Certificates

# The leak check stumbles over the thread-local storage of GnuTLS, which is loaded late.
TLS = {"ASAN_OPTIONS": "detect_leaks=0"}


def certificate(folder):
    pair = (folder + "/cert.pem", folder + "/key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", pair[0],
                    "-keyout", pair[1]], check=True, capture_output=True)
    return pair


def a_certificate_that_nobody_signed_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        pair = certificate(folder)
        with Http(server_with(certificate=pair), RETRIES) as web:
            fails(web.tools(env=TLS), 4, "certificate", "trusts")
            equal(web.server.requests, [])
        with Http(server_with(certificate=pair), more="security: {validate_certificates: false}") as web:
            equal(text_of(web.call({"a": 1}, env=TLS)), '{"a": 1}')
        with Http(server_with(ModernServer, certificate=pair), more="security: {validate_certificates: false}") as web:
            equal(text_of(web.call({"a": 1}, env=TLS)), '{"a": 1}')


def what_is_no_tls_is_told():
    with Http(server_with()) as web:
        web.home.config.write_text(web.home.config.read_text().replace("http://", "https://"))
        fails(web.tools(env=TLS), 4)
    with Http(server_with(handle=lambda self, r: r.close())) as web:
        fails(web.tools(env=TLS), 4)


# Requests of the server

def a_stream_of_unsolicited_messages_is_never_fatal():
    table = {
        "404": lambda self, r: r.reply(404), "400": lambda self, r: r.error(400, -32000, "No session"), "500": lambda self, r: r.reply(500),
        "page": lambda self, r: r.reply(200, {"Content-Type": "text/html"}, b"<p>"), "401": lambda self, r: r.reply(401),
        "redirect": lambda self, r: r.reply(302, {"Location": "http://127.0.0.1:9/"}), "closed": lambda self, r: r.close(),
        "garbage": lambda self, r: (r.begin_stream(), r.raw(b"data: {\n\ndata: [1,2]\n\nevent: x\ndata: y\n\n"), r.close()),
        "empty": lambda self, r: r.reply(204),
    }
    for name, get in table.items():
        with Http(server_with(get=get)) as web:
            done = web.call({"a": 1})
            equal((name, done.status, web.server.count("initialize"), web.server.executed), (name, 0, 1, 1))


def requests_on_the_unsolicited_stream_are_answered():
    def get(self, request):
        request.begin_stream()
        request.raw(b'id: g1\ndata: {"jsonrpc":"2.0","id":"from-get","method":"ping"}\n\n')
        request.closed_by_client(10)

    def execute(self, request):
        limit = time.monotonic() + 5
        while not [r for r in self.requests if r.body and r.rpc is None] and time.monotonic() < limit:
            time.sleep(0.02)
        request.text("done")

    with Http(server_with(get=get, execute=execute)) as web:
        done = web.call()
        equal(text_of(done), "done")
        answers = [request.json for request in web.server.requests if request.body and request.rpc is None]
        equal(answers, [{"jsonrpc": "2.0", "id": "from-get", "result": {}}])
        assert done.seconds < 6 * PATIENCE, done.seconds


def errors_in_the_body_of_a_refusal_are_told():
    for base, status, code, expected in ((ModernServer, 400, -32602, "no such colour"), (ModernServer, 404, -32601, "no such colour"),
                                         (LegacyServer, 400, -32602, "no such colour"), (LegacyServer, 200, -32603, "no such colour"),
                                         (ModernServer, 400, -32021, "no such colour")):
        with Http(server_with(base, execute=lambda self, r: r.error(status, code, "no such colour")), RETRIES) as web:
            fails(web.call(), 1, expected)
            equal(web.server.executed, 1)


def a_refusal_in_the_middle_of_a_session_is_about_authorization():
    for status in (401, 403):
        with Http(server_with(execute=lambda self, r: r.reply(status, {"WWW-Authenticate": "Bearer error=\"invalid_token\""})), RETRIES) as web:
            fails(web.call(), 5)
            equal(web.server.executed, 1)


def requests_of_a_server_are_answered():
    def execute(self, request):
        request.begin_stream()
        for message in ({"id": request.json["id"], "method": "ping"}, {"id": "s", "method": "sampling/createMessage", "params": {}}):
            request.raw(b"data: " + json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n\n")
        limit = time.monotonic() + 5
        while len([r for r in self.requests if r.body and r.rpc is None]) < 2 and time.monotonic() < limit:
            time.sleep(0.02)
        request.raw(b"data: " + request.answer("answered") + b"\n\n")
        request.close()

    with Http(server_with(execute=execute)) as web:
        equal(text_of(web.call()), "answered")
        answers = {request.json["id"]: request.json for request in web.server.requests if request.body and request.rpc is None}
        equal(answers["s"]["error"]["code"], -32601)
        equal(answers[web.server.asked("tools/call")[0].json["id"]]["result"], {})
        for request in web.server.requests:
            if request.body and request.rpc is None:
                equal(request.headers["mcp-session-id"], "session-1")


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items())
                   if callable(value) and getattr(value, "__module__", "") == "__main__" and value.__code__.co_argcount == 0]))
