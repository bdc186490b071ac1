#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on stdio that misbehave, one class a misdeed: mock_stdio.py CLASS LOG. What arrives is written to LOG."""
import json
import os
import signal
import subprocess
import sys
import time

import mock_floods
from mock_base import EMPTY_SCHEMA, STDERR, STDIN, Legacy, Modern

SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(300)"]


class ModernAfterRefusal(Modern):
    """Refuses the first question, names its versions, and answers the second."""
    asked = 0

    def discover(self, message):
        self.asked += 1
        if self.asked == 1:
            self.fail(message, -32022, "Unsupported", data={"supported": self.supported, "requested": "?"})
        else:
            super().discover(message)


class ModernFuture(Modern):
    supported = ["2031-01-01"]

    def discover(self, message):
        self.fail(message, -32022, "Unsupported", data={"supported": self.supported, "requested": "2026-07-28"})


class InputRequired(Modern):
    def call(self, message):
        self.answer(message, {"resultType": "input_required", "requestState": "s", "inputRequests": {
            "name": {"method": "elicitation/create", "params": {"message": "Name?", "mode": "form"}}}})


class Version20241105(Legacy):
    version = "2024-11-05"


class VersionUnknown(Legacy):
    version = "1999-01-01"


class ExitAtOnce(Legacy):
    def run(self):
        STDERR.write(b"missing DATABASE_URL\n")
        STDERR.flush()
        sys.exit(3)


class ExitAtProbe(Legacy):
    def discover(self, message):
        sys.exit(1)


class ExitInCall(Legacy):
    def call(self, message):
        STDERR.write(b"segmentation imminent\n")
        STDERR.flush()
        os._exit(139)


class ExitAfterReadOnlyCall(ExitInCall):
    tools = [{"name": "echo", "inputSchema": EMPTY_SCHEMA, "annotations": {"readOnlyHint": True}}]

    def call(self, message):
        if os.path.exists(self.path + ".second"):
            return self.text(message, "second time")
        open(self.path + ".second", "w", encoding="utf-8").close()
        return super().call(message)


class HangInHandshake(Legacy):
    def discover(self, message):
        pass

    initialize = discover


class HangInCall(Legacy):
    def call(self, message):
        pass


class Deaf(HangInCall):
    """Ignores EOF and SIGTERM, and so does what it started."""

    def run(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-S", "-c", "import signal, time; signal.signal(15, 1); time.sleep(300)"])
        self.note(child=child.pid)
        super().run()
        time.sleep(300)


class Grandchild(Legacy):
    """Leaves a process behind that keeps the pipes open."""

    def run(self):
        child = subprocess.Popen(SLEEPER)
        self.note(child=child.pid)
        super().run()


class GrandchildSession(HangInCall):
    """Leaves one process in the group, and one that left the group on purpose and keeps the pipes open."""

    def run(self):
        for new in (False, True):
            child = subprocess.Popen(SLEEPER, start_new_session=new)
            self.note(child=child.pid)
        super().run()


class LeaverWithPipes(Legacy):
    def run(self):
        child = subprocess.Popen(SLEEPER, start_new_session=True)
        self.note(child=child.pid)
        super().run()


class SaysGoodbye(Legacy):
    def run(self):
        def ended(*_):
            self.note(goodbye="signal")
            os._exit(1)
        signal.signal(signal.SIGTERM, ended)
        super().run()
        self.note(goodbye="end of input")


class ShowsItself(Legacy):
    """Its variables' names, and its open descriptors."""

    def call(self, message):
        descriptors = [name for name in sorted(os.listdir("/proc/self/fd"), key=int)
                       if os.path.exists("/proc/self/fd/" + name) or int(name) < 3]
        self.text(message, " ".join(os.environ) + "\n" + " ".join(descriptors))


class Chatty(Legacy):
    """Prints what is no message, before and between the messages."""

    def send(self, message):
        self.write("Starting up \u001b[1mnow\u001b[0m…\nnull\n42\n{\"half\": \n\n{}\n".encode())
        super().send(message)


class Windows(Legacy):
    """A byte order mark, CRLF, and messages that arrive byte by byte."""
    first = True

    def send(self, message):
        data = (b"\xef\xbb\xbf" if self.first else b"") + json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\r\n"
        self.first = False
        for at in range(len(data)):
            self.write(data[at:at + 1])


class OnlyGarbage(Legacy):
    def run(self):
        while True:
            self.write(b"this is no server\n")
            time.sleep(0.001)


class Nested(Legacy):
    def call(self, message):
        deep = b"[" * 200000 + b"]" * 200000
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[],"structuredContent":%s}}\n' % (message["id"], deep))


class NestedOpen(Legacy):
    def call(self, message):
        self.write(b'{"a":' * 200000 + b"\n")
        self.text(message, "survived")


class NestedInSchema(Legacy):
    def list(self, message):
        deep = b'{"items":' * 200000 + b"{}" + b"}" * 200000
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"tools":[{"name":"x","inputSchema":%s}]}}\n' % (message["id"], deep))


class InvalidUtf8(Legacy):
    """One answer that is no UTF-8, after it the right one."""

    def call(self, message):
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"a\xff\xc0\x80"}]}}\n'
                   % message["id"])
        self.text(message, "proper")


class InvalidUtf8Only(Legacy):
    def call(self, message):
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"a\xff\xc0\x80"}]}}\n'
                   % message["id"])


class DuplicateIds(Legacy):
    def call(self, message):
        for words in ("first", "second", "third"):
            self.text(message, words)


class DuplicateKeys(Legacy):
    def call(self, message):
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"evil"}]},"resul\\u0074":'
                   b'{"content":[]}}\n' % message["id"])


class WrongIdType(Legacy):
    def call(self, message):
        self.send({"id": str(message["id"]), "result": {"content": [{"type": "text", "text": "wrong type"}]}})
        self.send({"id": message["id"] + 0.0, "result": {"content": [{"type": "text", "text": "float"}]}})
        self.send({"id": message["id"] + 1000, "result": {"content": [{"type": "text", "text": "not asked"}]}})
        self.text(message, "right type")


class ResultAndError(Legacy):
    def call(self, message):
        self.send({"id": message["id"], "result": {"content": []}, "error": {"code": 1, "message": "both"}})


class NullIdError(Legacy):
    def call(self, message):
        self.send({"id": None, "error": {"code": -32700, "message": "Parse error"}})
        self.text(message, "after the null id")


class Batch(Legacy):
    def call(self, message):
        one = {"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": "in a batch"}]}}
        self.write(json.dumps([one]).encode() + b"\n" + b"[]\n")
        self.text(message, "alone")


class AnswerAfterCancel(Legacy):
    """Answers the call only once it was cancelled, and asks in between."""
    held = None

    def call(self, message):
        self.held = message

    def other(self, message):
        if message.get("method") == "notifications/cancelled":
            self.text(self.held, "too late")


class PingsUs(Legacy):
    """Asks before the handshake, during it and in a call, with ids like ours."""

    def ask(self, number, method, **params):
        self.send({"id": number, "method": method, "params": params})

    def discover(self, message):
        self.ask("before", "ping")
        super().discover(message)

    def initialize(self, message):
        self.ask(message["id"], "ping")
        super().initialize(message)

    def call(self, message):
        self.ask(message["id"], "ping")
        self.ask("s", "sampling/createMessage", messages=[], maxTokens=1)
        self.ask("r", "roots/list")
        self.ask("e", "elicitation/create", message="Password?", requestedSchema=EMPTY_SCHEMA)
        answers = [self.receive() for _ in range(4)]
        self.text(message, json.dumps(answers))


class NeverReads(Legacy):
    """Reads as far as the list of tools and then never again."""

    def run(self):
        for _ in range(4):
            message = self.receive()
            if message is None:
                return
            {"server/discover": self.discover, "initialize": self.initialize,
             "tools/list": self.list}.get(message.get("method"), self.other)(message)
            if message.get("method") == "tools/list":
                break
        time.sleep(300)


class LateDiscover(Legacy):
    """Answers the probe when the handshake has already begun."""
    probe = None

    def discover(self, message):
        self.probe = message

    def initialize(self, message):
        self.answer(self.probe, {"supportedVersions": ["2026-07-28"], "capabilities": {}, "resultType": "complete"})
        super().initialize(message)


class Exact(Legacy):
    def call(self, message):
        self.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"numbers"}],"structuredContent":'
                   b'{"big":100000000000000000000,"max":18446744073709551615,"cents":0.10,"exp":1E+2,"huge":1e400,"z":-0,'
                   b'"odd":9007199254740993,"nul":"a\\u0000b","twice":1,"twice":2}}}\n' % message["id"])


class EchoRaw(Legacy):
    """Gives back the bytes of the line that it got."""

    def receive(self):
        self.line = STDIN.readline()
        if not self.line:
            return None
        message = json.loads(self.line)
        self.note(got=message)
        return message

    def call(self, message):
        self.text(message, self.line.decode())


class Raw(Legacy):
    """Writes the lines of the arguments, ID in them replaced, and then a proper answer."""

    def call(self, message):
        for line in message["params"]["arguments"]["lines"]:
            self.write(line.replace("ID", str(message["id"])).encode("utf-8", "surrogatepass") + b"\n")
        self.text(message, "proper")


class StderrEvil(Legacy):
    def call(self, message):
        STDERR.write("\x1b]52;c;eHg=\x07\x1b[2J\x9b2J\u202e evil words \rname\n\x1b]0;no end".encode())
        STDERR.flush()
        time.sleep(0.3)
        self.text(message, "done")


class ClosesOutput(Legacy):
    """No more output, but it goes on living."""

    def call(self, message):
        os.close(1)
        time.sleep(300)


class NoLineEnd(Legacy):
    """Its last message lacks the line end, and then it is gone."""

    def call(self, message):
        self.write(json.dumps({"jsonrpc": "2.0", "id": message["id"],
                               "result": {"content": [{"type": "text", "text": "cut off"}]}}).encode())
        os._exit(0)


class IsError(Legacy):
    def call(self, message):
        self.text(message, "the printer is on fire", isError=True)


class NotAResult(Legacy):
    """Results of other types than an object."""

    def call(self, message):
        self.send({"id": message["id"], "result": ["no", "object"]})


if __name__ == "__main__":
    known = {**vars(mock_floods), **globals()}
    server = known[sys.argv[1]](sys.argv[2])
    try:
        server.run()
    except BrokenPipeError:
        os._exit(1)
