# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on stdio that send too much: text, pages, tools, notifications."""
import json
import time

from mock_base import EMPTY_SCHEMA, STDERR, STDOUT, Legacy


class Gigabyte(Legacy):
    def call(self, message):
        block = b"x" * (1 << 20)
        for _ in range(1024):
            STDOUT.write(block)
        STDOUT.flush()


class GigabyteInResult(Legacy):
    def call(self, message):
        STDOUT.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"' % message["id"])
        Gigabyte.call(self, message)


class StderrFlood(Legacy):
    def call(self, message):
        line = b"\x1b]52;c;aGFja2Vk\x07" + b"noise " * 40 + b"\n"
        block = line * (1 + (1 << 20) // len(line))
        for _ in range(100):
            STDERR.write(block)
        STDERR.flush()
        self.text(message, "done flooding")


class StderrOneLine(Legacy):
    def call(self, message):
        for _ in range(100):
            STDERR.write(b"y" * (1 << 20))
        STDERR.flush()
        self.text(message, "done flooding")


class AsksAndNeverReads(Legacy):
    """A million questions, and no look at the answers."""

    def call(self, message):
        block = b"".join(b'{"jsonrpc":"2.0","id":"%06d %s","method":"ping"}\n' % (n, b"i" * 100) for n in range(1000))
        for _ in range(1000):
            STDOUT.write(block)
        STDOUT.flush()
        time.sleep(300)


class FillsBothWays(Legacy):
    """Writes a lot before it reads what is written to it."""

    def call(self, message):
        size = len(message["params"]["arguments"]["text"])
        for _ in range(200):
            self.send({"method": "notifications/message", "params": {"level": "info", "data": "z" * 10000}})
        self.text(message, str(size))


class Progress(Legacy):
    """0.5 s between steps; `steps` of the arguments, then the answer."""

    def call(self, message):
        token = message["params"].get("_meta", {}).get("progressToken")
        for step in range(message["params"]["arguments"]["steps"]):
            time.sleep(0.5)
            self.send({"method": "notifications/progress", "params": {"progressToken": token, "progress": step + 1}})
        self.text(message, "arrived")


class Storm(Legacy):
    lists = 0

    def initialized(self, message):
        self.storm()

    def storm(self):
        line = b'{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n'
        self.write(line * 10000)

    def list(self, message):
        self.lists += 1
        self.answer(message, {"tools": [{"name": f"t{self.lists}", "inputSchema": EMPTY_SCHEMA}]})

    def call(self, message):
        self.storm()
        self.text(message, "calm again")


class ProgressStorm(Legacy):
    def call(self, message):
        token = message["params"]["_meta"]["progressToken"]
        line = json.dumps({"jsonrpc": "2.0", "method": "notifications/progress",
                           "params": {"progressToken": token, "progress": 1, "message": "p" * 50}}).encode() + b"\n"
        log = b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"logged"}}\n'
        self.write((line + log) * 30000)
        self.text(message, "calm again")


class Pages(Legacy):
    pages = 3

    def cursor(self, page):
        return f"c{page}"

    def list(self, message):
        cursor = message["params"].get("cursor") if message.get("params") else None
        page = 0 if cursor is None else next(n for n in range(1, 1000) if self.cursor(n) == cursor)
        result = {"tools": [{"name": f"tool{page}", "inputSchema": EMPTY_SCHEMA}]}
        if page + 1 < self.pages:
            result["nextCursor"] = self.cursor(page + 1)
        self.answer(message, result)


class Pages65(Pages):
    pages = 65


class PagesLoop(Pages):
    def list(self, message):
        self.answer(message, {"tools": [{"name": "again", "inputSchema": EMPTY_SCHEMA}], "nextCursor": "same"})


class PagesEmptyCursor(Pages):
    pages = 2

    def cursor(self, page):
        return ""


class OddNames(Legacy):
    tools = [{"name": "safe", "inputSchema": EMPTY_SCHEMA},
             {"name": "bad\u001b]0;title\u0007\r\nname", "description": "tail\u001b[2J\u202eevil", "inputSchema": EMPTY_SCHEMA},
             {"name": "x" * 5000, "inputSchema": EMPTY_SCHEMA}, {"name": "", "inputSchema": EMPTY_SCHEMA},
             {"name": 5, "inputSchema": EMPTY_SCHEMA}, "no object", None, {"name": "no-schema"},
             {"name": "schema-text", "inputSchema": "text"}]


class ManyTools(Legacy):
    tools = [{"name": f"tool_{n}", "description": "One of many", "inputSchema": EMPTY_SCHEMA} for n in range(30000)]


class Big(Legacy):
    """Sends as many megabytes of text as the arguments say."""

    def call(self, message):
        unit = "ü line of the large result \\ \" \t 0123456789\n"
        size = int(message["params"]["arguments"]["megabytes"] * 1000000)
        words = unit * (size // len(unit.encode()))
        self.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [{"type": "text", "text": words}]}},
                              ensure_ascii=False).encode() + b"\n")
