# SPDX-License-Identifier: GPL-3.0-or-later
"""The well-behaved servers that the others change in one thing."""
import json
import os
import sys

STDIN, STDOUT, STDERR = sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer
EMPTY_SCHEMA = {"type": "object", "properties": {}}


class Legacy:
    """A well-behaved server of the legacy era; the others change one thing."""
    version = None  # None: what the client asks for
    tools = [{"name": "echo", "description": "Says it again", "inputSchema": EMPTY_SCHEMA}]

    def __init__(self, path):
        self.path = path
        self.note(start=os.getpid())

    def note(self, **what):
        with open(self.path, "a", encoding="utf-8") as log:
            log.write(json.dumps({"pid": os.getpid(), **what}) + "\n")

    def write(self, data):
        STDOUT.write(data)
        STDOUT.flush()

    def send(self, message):
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def answer(self, message, result):
        self.send({"id": message["id"], "result": result})

    def fail(self, message, code, words, **more):
        self.send({"id": message["id"], "error": {"code": code, "message": words, **more}})

    def text(self, message, words, **more):
        self.answer(message, {"content": [{"type": "text", "text": words}], **more})

    def receive(self):
        line = STDIN.readline()
        if not line:
            return None
        message = json.loads(line)
        self.note(got=message)
        return message

    def discover(self, message):
        self.fail(message, -32601, "Method not found")

    def initialize(self, message):
        self.answer(message, {"protocolVersion": self.version or message["params"]["protocolVersion"],
                              "capabilities": {"tools": {"listChanged": True}},
                              "serverInfo": {"name": "mock", "version": "1"}})

    def initialized(self, message):
        pass

    def list(self, message):
        self.answer(message, {"tools": self.tools})

    def call(self, message):
        self.text(message, json.dumps(message["params"].get("arguments"), sort_keys=True))

    def ping(self, message):
        self.answer(message, {})

    def other(self, message):
        pass

    def run(self):
        names = {"server/discover": self.discover, "initialize": self.initialize, "tools/list": self.list,
                 "notifications/initialized": self.initialized, "tools/call": self.call, "ping": self.ping}
        while (message := self.receive()) is not None:
            names.get(message.get("method"), self.other)(message)


class Modern(Legacy):
    supported = ["2026-07-28"]

    def discover(self, message):
        self.answer(message, {"supportedVersions": self.supported, "capabilities": {"tools": {}}})

    def answer(self, message, result):
        super().answer(message, {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", **result})

    def initialize(self, message):
        self.fail(message, -32022, "Unsupported protocol version", data={"supported": self.supported})
