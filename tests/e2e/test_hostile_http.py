#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server says over HTTP: the right era, one execution a call, no credentials elsewhere, bounded time and memory."""
import json
import sys
import time

from mock_http import JSON, Gone, HttpServer, LegacyServer, ModernServer
from scenario import QUICK, Http, bounded, contains, equal, fails, main, text_of

CANARY = "canary-7731-do-not-send-along"
TOKEN = "auth_type: bearer\n    auth_token_env: MOCK_TOKEN\n    headers: {X-Api-Key: canary-7731-do-not-send-along}\n    "
RETRIES = "retry_config: {max_retries: 3, backoff_factor: 1, max_backoff_ms: 20}"
READ_ONLY = [{"name": "echo", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}]


def server_with(base=LegacyServer, **methods):
    """A server of class @base with other methods."""
    return type("Mock", (base,), methods)()


# Which era?

def answers_to_the_probe_that_mean_the_old_handshake():
    table = {
        "400 empty": lambda self, r: r.reply(400), "404 page": lambda self, r: r.reply(404, {"Content-Type": "text/html"}, b"<h1>no</h1>"),
        "405": lambda self, r: r.reply(405), "406": lambda self, r: r.reply(406), "415": lambda self, r: r.reply(415),
        "400 -32000": lambda self, r: r.error(400, -32000, "Bad Request: Server not initialized", own_id=False),
        "400 -32600": lambda self, r: r.error(400, -32600, "Missing session ID"),
        "400 -32001": lambda self, r: r.error(400, -32001, "?"),
        "404 -32601": lambda self, r: r.error(404, -32601, "Method not found"),
        "500": lambda self, r: r.error(500, -32603, "Internal error", own_id=False), "503": lambda self, r: r.reply(503),
        "200 error": lambda self, r: r.error(200, -32601, "Method not found"),
        "200 other": lambda self, r: r.result({"tools": []}), "200 empty": lambda self, r: r.result({}),
        "200 page": lambda self, r: r.reply(200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>"),
        "only old": lambda self, r: r.error(400, -32022, "No", data={"supported": ["2025-11-25", "2025-06-18"]}),
    }
    for name, answer in table.items():
        with Http(server_with(discover=answer)) as web:
            done = web.tools()
            equal((name, done.status, web.server.count("initialize")), (name, 0, 1))
            equal([tool["name"] for tool in done.json["tools"]], ["echo"])


def a_refusal_or_an_outage_says_nothing_of_the_era():
    for status in (401, 403):
        with Http(server_with(discover=lambda self, r, status=status: r.reply(status, {"WWW-Authenticate": "Bearer"}))) as web:
            fails(web.tools(), 5)
            equal(web.server.count("initialize"), 0)
    with Http(server_with(discover=lambda self, r: r.reply(500), initialize=lambda self, r: r.reply(500))) as web:
        fails(web.tools(), 1, "500")
        equal(web.server.count("initialize"), 1)


def a_server_that_names_its_versions_is_asked_again():
    for status in (400, 404):
        def discover(self, request, status=status):
            if self.count("server/discover") == 1:
                request.error(status, -32022, "No", data={"supported": ["2026-07-28"], "requested": "?"})
            else:
                ModernServer.discover(self, request)

        with Http(server_with(ModernServer, discover=discover)) as web:
            equal(text_of(web.call({"a": 1})), '{"a": 1}')
            equal((web.server.count("initialize"), web.server.count("server/discover")), (0, 2))
    with Http(server_with(ModernServer, discover=lambda self, r: r.error(400, -32022, "No", data={"supported": ["2026-07-28"]}),
                          initialize=lambda self, r: r.reply(400))) as web:
        assert web.tools(limit=15).status in (1, 4)
        assert web.server.count("server/discover") <= 4
    with Http(server_with(ModernServer, supported=["2031-01-01"])) as web:
        fails(web.tools(), 1, "2031-01-01")


def modern_requests_carry_exactly_their_headers():
    tool = {"name": "zürich", "inputSchema": {"type": "object", "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"}, "n": {"type": "integer", "x-mcp-header": "Count"}}}}
    bad = [{"name": "bad1", "inputSchema": {"type": "object", "properties": {"x": {"type": "string", "x-mcp-header": "Bad Header"}}}},
           {"name": "bad2", "inputSchema": {"type": "object", "properties": {"x": {"type": "number", "x-mcp-header": "X"}}}},
           {"name": "bad3", "inputSchema": {"type": "object", "properties": {
               "x": {"type": "string", "x-mcp-header": "X"}, "y": {"type": "string", "x-mcp-header": "x"}}}}]
    with Http(server_with(ModernServer, tools=[tool, *bad])) as web:
        equal([found["name"] for found in web.tools().json["tools"]], ["zürich"])
        equal(web.call({"region": "Zürich", "n": 42}, tool="zürich").status, 0)
        for request in web.server.requests:
            equal((request.method, request.headers["mcp-protocol-version"], request.headers["mcp-method"]),
                  ("POST", "2026-07-28", request.rpc))
            equal(request.headers["content-type"], "application/json")
            equal(request.headers["accept"], "application/json, text/event-stream")
            equal(request.json["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28")
            assert "mcp-session-id" not in request.headers, request.fields
            assert len({name.lower() for name, _ in request.fields}) == len(request.fields), request.fields
        call = web.server.asked("tools/call")[0].headers
        equal((call["mcp-name"], call["mcp-param-region"], call["mcp-param-count"]),
              ("=?base64?esO8cmljaA==?=", "=?base64?WsO8cmljaA==?=", "42"))
        assert all("mcp-name" not in request.headers for request in web.server.asked("tools/list"))


# Sessions

def a_session_is_kept_and_ended():
    with Http(server_with()) as web:
        equal(text_of(web.call({"a": 1})), '{"a": 1}')
        first = web.server.asked("initialize")[0]
        assert "mcp-session-id" not in first.headers and "mcp-protocol-version" not in first.headers, first.fields
        after = web.server.requests[web.server.requests.index(first) + 1:]
        for request in after:
            equal((request.rpc, request.headers.get("mcp-session-id"), request.headers.get("mcp-protocol-version")),
                  (request.rpc, "session-1", "2025-11-25"))
        equal([request.method for request in web.server.requests].count("DELETE"), 1)


def a_lost_session_is_made_anew_and_the_call_repeated_once():
    refusals = {"404": lambda r: r.reply(404), "404 rpc": lambda r: r.error(404, -32001, "Session not found"),
                "400": lambda r: r.error(400, -32000, "Bad Request: No valid session ID provided", own_id=False)}
    for name, refuse in refusals.items():
        def call(self, request, refuse=refuse):
            if request.headers["mcp-session-id"] == "session-1":
                refuse(request)
            else:
                LegacyServer.call(self, request)

        with Http(server_with(call=call)) as web:
            equal((name, text_of(web.call({"a": 1}))), (name, '{"a": 1}'))
            equal((web.server.count("initialize"), web.server.count("tools/call"), web.server.executed), (2, 2, 1))
    with Http(server_with(call=lambda self, r: r.reply(404))) as web:
        assert web.call(limit=15).status in (1, 4)
        assert web.server.count("tools/call") <= 2 and web.server.count("initialize") <= 2


# Event streams

def pieces(data, sizes):
    at = 0
    while at < len(data):
        for size in sizes:
            yield data[at:at + size]
            at += size


def event_streams_are_read_however_they_are_cut():
    for end in (b"\n", b"\r\n", b"\r"):
        def execute(self, request, end=end):
            answer = json.dumps(json.loads(request.answer("stré" + "am")), ensure_ascii=False, indent=1).encode()
            note = b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}'
            lines = [b"\xef\xbb\xbf: hello", b"", b"id: 1", b"retry: 10", b"data:", b"", b":keepalive", b"event: ping",
                     b"data: 2026-11-21", b"", b"event: message", b"data:" + note, b"id: 2", b"", b"unknown: field", b"data",
                     b"", *(b"data: " + line for line in answer.split(b"\n")), b""]
            request.begin_stream()
            for piece in pieces(b"".join(line + end for line in lines) + end, (1, 2, 3, 7, 1, 50)):
                request.raw(piece)
                time.sleep(0.0002)
            request.close()

        with Http(server_with(execute=execute)) as web:
            equal((end, text_of(web.call())), (end, "stréam"))
            equal(web.server.executed, 1)


def a_stream_that_breaks_is_resumed_after_the_wait_it_asked_for():
    def execute(self, request):
        self.answer = request.answer("after the break")
        request.begin_stream()
        request.raw(b"id: here-7\nretry: 700\ndata:\n\n")
        request.close()

    def get(self, request):
        if request.headers.get("last-event-id") != "here-7":
            return request.reply(405)
        request.begin_stream()
        request.raw(b"id: here-8\ndata: " + self.answer + b"\n\n")
        return request.close()

    with Http(server_with(execute=execute, get=get)) as web:
        equal(text_of(web.call()), "after the break")
        equal(web.server.executed, 1)
        call = web.server.asked("tools/call")[0]
        again = next(request for request in web.server.requests if request.headers.get("last-event-id") == "here-7")
        assert 0.65 < again.time - call.time < 6, again.time - call.time
        equal(again.headers["mcp-session-id"], "session-1")
        equal(again.headers["accept"], "text/event-stream")


def a_stream_that_breaks_without_an_id_leaves_the_outcome_unknown():
    def execute(self, request):
        request.begin_stream()
        request.raw(b'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}\n\n')
        request.close()

    for base in (LegacyServer, ModernServer):
        with Http(server_with(base, execute=execute), RETRIES) as web:
            contains(fails(web.call(), 4), "may have run")
            equal(web.server.executed, 1)


def a_stream_that_always_breaks_is_given_up():
    def execute(self, request):
        request.begin_stream()
        request.raw(b"id: 1\nretry: 1\ndata:\n\n")
        request.close()

    with Http(server_with(execute=execute, get=lambda self, r: LegacyServer.get(self, r) if "last-event-id" not in r.headers
                          else execute(self, r))) as web:
        assert web.call("{}", "--timeout", "5", limit=15).status in (4, 6)
        equal(web.server.executed, 1)
        assert len([r for r in web.server.requests if "last-event-id" in r.headers]) < 40


# Too much, too little, not what it should be

def endless(head, block=b"x" * 65536):
    def execute(self, request):
        request.raw(head)
        while True:
            request.raw(b"%x\r\n" % len(block) + block + b"\r\n")
    return execute


def endless_answers_are_bounded():
    chunked = b"HTTP/1.1 %s OK\r\nTransfer-Encoding: chunked\r\nContent-Type: %s\r\n\r\n"
    for head, block in ((chunked % (b"200", b"application/json"), b"x" * 65536),
                        (chunked % (b"200", b"text/event-stream"), b"x" * 65536),
                        (chunked % (b"200", b"text/event-stream"), b"data: " + b"y" * 65000 + b"\n"),
                        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000000\r\nContent-Type: application/json\r\n\r\n", b"z" * 65536)):
        with Http(server_with(execute=endless(head, block)), "timeout: 20\n    " + QUICK) as web:
            done = web.call()
            fails(done, 1, "security.max_response_size")
            bounded(done, 70)
            equal(web.server.executed, 1)
    for head in (chunked % (b"500", b"text/html"), chunked % (b"200", b"text/html")):
        with Http(server_with(execute=endless(head)), "timeout: 20\n    " + QUICK) as web:
            done = web.call()
            assert done.status in (1, 4), done.out
            bounded(done, 70)
            assert len(done.out) < 20000


def endless_comments_end_at_the_deadline():
    def execute(self, request):
        request.begin_stream()
        while True:
            request.raw(b": nothing to say\n\n" * 1000)
            time.sleep(0.01)

    with Http(server_with(execute=execute)) as web:
        done = web.call("{}", "--timeout", "2", limit=12)
        fails(done, 6)
        bounded(done, 70)


def compressed_answers_are_refused():
    for coding in ("gzip", "gzip, gzip", "br", "zstd", "x-nobody"):
        with Http(server_with(execute=lambda self, r, coding=coding:
                              r.reply(200, {**JSON, "Content-Encoding": coding}, b"\x1f\x8b\x08\0\0\0\0\0"))) as web:
            assert web.call().status in (1, 4), coding
            equal(web.server.asked("tools/call")[0].headers.get("accept-encoding", "identity"), "identity")


def raw_answer(text):
    def execute(self, request):
        body = request.answer("unearned success")
        request.raw(text.replace(b"BODY", body).replace(b"LENGTH", b"%d" % len(body)).replace(b"HEX", b"%x" % len(body)))
        request.close()
    return execute


def broken_framing_is_never_success():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    table = {
        "no last chunk": head + b"Transfer-Encoding: chunked\r\n\r\nHEX\r\nBODY\r\n",
        "short chunk": head + b"Transfer-Encoding: chunked\r\n\r\nffff\r\nBODY",
        "chunk overflow": head + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\nBODY\r\n0\r\n\r\n",
        "short length": head + b"Content-Length: 9999\r\n\r\nBODY",
        "two lengths": head + b"Content-Length: LENGTH\r\nContent-Length: 5\r\n\r\nBODY",
        "two lengths, the last right": head + b"Content-Length: 5\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "negative length": head + b"Content-Length: -5\r\n\r\nBODY",
        "length and chunks": head + b"Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n\r\nHEX\r\nBODY\r\n0\r\n\r\n",
        "no http": b"BODY", "garbage": b"\0\xff\xfe garbage\r\n\r\n", "closed": b"",
        "status 999999": b"HTTP/1.1 999999 OK\r\nContent-Type: application/json\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "huge header": head + b"X-Big: " + b"h" * 1000000 + b"\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "many headers": head + b"".join(b"X-%d: y\r\n" % n for n in range(10000)) + b"Content-Length: LENGTH\r\n\r\nBODY",
        "NUL in header": head + b"X-A: a\0b\r\nContent-Length: LENGTH\r\n\r\nBODY",
        "many interim answers": b"HTTP/1.1 102 Processing\r\n\r\n" * 200000 + head + b"Content-Length: LENGTH\r\n\r\nBODY",
        "two documents": head + b"\r\nBODYBODY", "nothing in it": head + b"Content-Length: 0\r\n\r\n",
        "blanks": head + b"Content-Length: 3\r\n\r\n \n ",
    }
    wrong = []
    for name, text in table.items():
        with Http(server_with(execute=raw_answer(text)), RETRIES) as web:
            done = web.call("{}", "--timeout", "5")
            if done.status not in (1, 4) or "unearned" in done.out or web.server.executed != 1:
                wrong.append((name, done.status, web.server.executed, done.out[:200]))
    equal(wrong, [])


def bytes_after_an_answer_do_not_answer_the_next_request():
    def initialized_with_poison(self, request):
        LegacyServer.list(self, request)
        request.raw(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 85\r\n\r\n'
                    + b'{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"poison!!"}]}}    ')

    with Http(server_with(list=initialized_with_poison)) as web:
        done = web.call("a=1")
        assert "poison" not in done.out, done.out
        assert done.status in (0, 1, 4), done.out


def pages_and_other_types_are_named():
    for kind in ("text/html", "application/xml", "application/octet-stream"):
        with Http(server_with(execute=lambda self, r, kind=kind: r.reply(200, {"Content-Type": kind}, b"<h1>Hi\x1b[2J</h1>"))) as web:
            contains(fails(web.call(), 1), kind)
            equal(web.server.executed, 1)
    with Http(server_with(HttpServer, handle=lambda self, r: r.reply(200, {"Content-Type": "text/html"}, b"<h1>Shop</h1>"))) as web:
        fails(web.tools(), 1, "text/html")


def answers_that_are_no_json_are_named():
    for body in (b"{", b"[" * 200000, b'{"jsonrpc":"2.0","id":"', b"\xff\xfe", b'{"a":1,"a":2}', b"null"):
        with Http(server_with(execute=lambda self, r, body=body: r.reply(200, JSON, body))) as web:
            fails(web.call(), 1 if body != b"null" else 1)
            equal(web.server.executed, 1)


# Elsewhere

def redirects_are_not_followed():
    for status in (301, 302, 303, 307, 308):
        with HttpServer() as other, Http(server_with(
                handle=lambda self, r, status=status: r.reply(status, {"Location": other.url})), TOKEN + QUICK) as web:
            done = web.tools(env={"MOCK_TOKEN": CANARY})
            assert done.status in (3, 4), done.out
            contains(fails(done, done.status), other.url)
            equal((other.requests, other.connections), ([], 0))
            assert CANARY not in done.out + done.err
            equal(web.server.requests[0].headers["authorization"], "Bearer " + CANARY)


def a_redirect_in_a_session_is_not_followed_either():
    with HttpServer() as other, Http(server_with(execute=lambda self, r: r.reply(307, {"Location": other.url})),
                                     TOKEN + RETRIES) as web:
        done = web.call(env={"MOCK_TOKEN": CANARY})
        assert done.status in (3, 4), done.out
        equal((other.connections, web.server.count("tools/call")), (0, 1))


if __name__ == "__main__":
    sys.exit(main([value for name, value in list(globals().items())
                   if callable(value) and getattr(value, "__module__", "") == "__main__" and value.__code__.co_argcount == 0]))
