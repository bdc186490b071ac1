# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTP server that can break every rule, and the MCP servers of both eras that are derived from it."""
import contextlib
import json
import socket
import ssl
import threading
import time

from mock_base import EMPTY_SCHEMA

JSON = {"Content-Type": "application/json"}
SSE = {"Content-Type": "text/event-stream"}


class Gone(Exception):
    """The client closed the connection."""


class Request:
    """One request, and the means to answer it."""

    def __init__(self, connection, reader, number):
        self.connection, self.reader, self.number = connection, reader, number
        self.open = True
        line = reader.readline()
        self.time = time.monotonic()
        if line.count(b" ") != 2 or not line.endswith(b" HTTP/1.1\r\n"):
            raise Gone
        self.method, self.path, _ = line.decode("latin-1").split(" ")
        self.fields = []
        while (line := reader.readline().decode("latin-1").rstrip("\r\n")):
            name, value = line.split(":", 1)
            self.fields.append((name, value.strip()))
        self.headers = {name.lower(): value for name, value in self.fields}
        self.body = reader.read(int(self.headers.get("content-length", 0)))
        self.json = json.loads(self.body) if self.body else {}
        self.rpc = self.json.get("method") if isinstance(self.json, dict) else None

    def raw(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Gone from error

    def head(self, status, headers, *more):
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items()), *more]
        self.raw(("\r\n".join(lines) + "\r\n\r\n").encode())

    def reply(self, status, headers=None, body=b""):
        self.head(status, {**(headers or {}), "Content-Length": len(body)})
        self.raw(body)

    def result(self, result, headers=None):
        message = {"jsonrpc": "2.0", "id": self.json["id"], "result": result}
        self.reply(200, {**JSON, **(headers or {})}, json.dumps(message).encode())

    def error(self, status, code, words, headers=None, own_id=True, **more):
        message = {"jsonrpc": "2.0", "id": self.json.get("id") if own_id else None,
                   "error": {"code": code, "message": words, **more}}
        self.reply(status, {**JSON, **(headers or {})}, json.dumps(message).encode())

    def text(self, words, **more):
        self.result({"content": [{"type": "text", "text": words}], **more})

    def answer(self, words):
        """The bytes of a tool's answer, for those that send them in another way."""
        return json.dumps({"jsonrpc": "2.0", "id": self.json["id"],
                           "result": {"content": [{"type": "text", "text": words}]}}).encode()

    def begin_stream(self, headers=None):
        """Ends with the connection."""
        self.head(200, {**SSE, "Connection": "close", **(headers or {})})

    def close(self):
        self.open = False

    def closed_by_client(self, seconds):
        self.connection.settimeout(seconds)
        try:
            return self.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


class HttpServer:
    """Every connection has a thread; what is asked stands in `requests`."""
    certificate = None

    def __init__(self):
        self.requests, self.trouble, self.connections = [], [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/mcp"
        self.sockets = set()

    def __enter__(self):
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in list(self.sockets):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.thread.join()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection, self.connections), daemon=True).start()

    def serve(self, connection, number):
        self.sockets.add(connection)
        try:
            if self.certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.certificate)
                connection = context.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = connection.makefile("rb")
            while True:
                request = Request(connection, reader, number)
                self.requests.append(request)
                self.handle(request)
                if not request.open:
                    return
        except (Gone, OSError):
            pass
        except Exception as error:  # a mistake of the mock's must not pass for a result
            self.trouble.append(error)
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            self.sockets.discard(connection)

    def handle(self, request):
        request.reply(404)

    def asked(self, rpc):
        return [request for request in self.requests if request.rpc == rpc]

    def count(self, rpc):
        return len(self.asked(rpc))


class LegacyServer(HttpServer):
    """Streamable HTTP of 2025-11-25 with a session."""
    tools = [{"name": "echo", "inputSchema": EMPTY_SCHEMA}]
    version = "2025-11-25"

    def __init__(self):
        super().__init__()
        self.sessions = 0
        self.executed = 0

    def handle(self, request):
        if request.method == "GET":
            return self.get(request)
        if request.method == "DELETE":
            return request.reply(200)
        names = {"server/discover": self.discover, "initialize": self.initialize, "tools/list": self.list,
                 "tools/call": self.call}
        if request.rpc in names:
            return names[request.rpc](request)
        return request.reply(202)

    def get(self, request):
        request.reply(405, {"Allow": "POST"})

    def discover(self, request):
        request.error(400, -32000, "Bad Request: Server not initialized", own_id=False)

    def initialize(self, request):
        self.sessions += 1
        request.result({"protocolVersion": self.version, "capabilities": {"tools": {}},
                        "serverInfo": {"name": "mock", "version": "1"}}, {"Mcp-Session-Id": f"session-{self.sessions}"})

    def list(self, request):
        request.result({"tools": self.tools})

    def call(self, request):
        self.executed += 1
        self.execute(request)

    def execute(self, request):
        request.text(json.dumps(request.json["params"].get("arguments"), sort_keys=True))


class ModernServer(LegacyServer):
    """Streamable HTTP of 2026-07-28."""
    supported = ["2026-07-28"]

    def discover(self, request):
        request.result({"supportedVersions": self.supported, "capabilities": {"tools": {}}, "resultType": "complete",
                        "ttlMs": 0, "cacheScope": "private"}, {"Mcp-Session-Id": "not-to-be-kept"})

    def initialize(self, request):
        request.error(400, -32022, "Unsupported protocol version", data={"supported": self.supported, "requested": "?"})

    def list(self, request):
        request.result({"tools": self.tools, "resultType": "complete", "ttlMs": 0, "cacheScope": "private"})
