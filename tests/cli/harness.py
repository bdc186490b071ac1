# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line tests share: a private home, running `via`, a mock REST bridge, TAP output."""
import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import traceback

VIA = os.environ["VIA"]
DEMO = os.environ["VIADUCT_DEMO_SERVER"]
LIMIT = 60  # seconds one `via` may take before a test gives up


class Result:
    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self):
        return json.loads(self.out)


class Home:
    """A private home with one configuration file."""

    def __init__(self, yaml=None):
        self.folder = tempfile.TemporaryDirectory(prefix="via-test-")
        self.path = pathlib.Path(self.folder.name)
        self.config = self.path / "config" / "viaduct" / "bridges.yaml"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.path), "LANG": "C.UTF-8", "VIADUCT_DEMO_SERVER": DEMO,
            "XDG_CONFIG_HOME": str(self.path / "config"), "XDG_STATE_HOME": str(self.path / "state"),
            "XDG_RUNTIME_DIR": str(self.path), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.path}/no-bus",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        if yaml is not None:
            self.config.parent.mkdir(parents=True)
            self.config.write_text(yaml, encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def via(self, *arguments, stdin=None, env=None):
        done = subprocess.run([VIA, *arguments], input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT, cwd=self.path,
                              env={**self.environment, **(env or {})})
        return Result(done)

    def start(self, *arguments):
        return subprocess.Popen([VIA, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, cwd=self.path, env=self.environment)


@contextlib.contextmanager
def rest_server(answer):
    """A REST bridge on this machine; answer(handler, body) → (status, headers, bytes). Requests are kept."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def reply(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            server.requests.append((self.command, self.path, dict(self.headers), body))
            status, headers, data = answer(self, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(data)

        do_GET = do_POST = reply

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests = []
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer_json(value, status=200):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def main(cases):
    """Runs the functions of @cases, one TAP line each."""
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    for number, case in enumerate(cases, 1):
        name = case.__name__.replace("_", " ")
        try:
            case()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # a test that breaks must not hide the others
            failed += 1
            print(f"not ok {number} - {name}")
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    return 1 if failed else 0


def equal(left, right):
    if left != right:
        raise AssertionError(f"{left!r} is not {right!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")
