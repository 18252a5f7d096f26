"""A receiver of webhooks on this machine that behaves as its paths are told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    """One call as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    """What came, and what each path answers: 200 unless told otherwise."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    # Statuses in turn; the last one stays.
    answers: dict[str, list[int]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    # Paths that take a call and say nothing until the test is over.
    silent: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.path == path]

    def answer(self, path: str) -> int:
        told = self.answers.get(path, [200])
        return told.pop(0) if len(told) > 1 else told[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            names = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append(
                Heard(path=self.path, headers=names, body=body, at=time.monotonic())
            )
            if self.path in receiver.silent:
                _ = receiver.over.wait(60)
                return
            self.send_response(receiver.answer(self.path))
            for name, value in receiver.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "4")
            self.end_headers()
            _ = self.wfile.write(b"said")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_: object) -> None:
            """Whoever hangs up has had enough."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
