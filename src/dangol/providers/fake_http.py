"""A small HTTP/1.1 server on loopback for vendors' fakes, in threads of its own."""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

JSON: Final = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it arrived; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server answers; with ``hang_up`` it breaks the connection instead."""

    status: int = 200
    body: bytes = b""
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    hang_up: bool = False
    # The call was taken, and its answer never comes: the caller's patience ends first.
    keep_silent: bool = False


class Listener(ThreadingHTTPServer):
    """The standard library's server, with room for many clients at once."""

    request_queue_size = 128
    daemon_threads = True
    # A connection that its client keeps open is not waited for.
    block_on_close = False


class FakeServer:
    """Answers calls by a function; with port 0, ``port`` becomes the one the system chose."""

    def __init__(
        self, answer: Callable[[Call], Reply], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.host: Final = host
        self.port = port
        self._answer: Final = answer
        self._closing: Final = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """What the addresses of this server begin with."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        server = Listener((self.host, self.port), make_handler(self._answer, closing=self._closing))
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def make_handler(
    answer: Callable[[Call], Reply], *, closing: threading.Event
) -> type[BaseHTTPRequestHandler]:
    """Return the class that the standard library makes one of for each connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            call = Call(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
            self.reply(answer(call))

        do_GET = do_DELETE = do_PUT = do_POST  # noqa: N815 - the library calls them by name

        def reply(self, reply: Reply) -> None:
            if reply.keep_silent:
                _ = closing.wait(60)
            if reply.keep_silent or reply.hang_up:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            _ = self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own word
            """Say nothing: tests and demonstrations have words of their own."""

    return Handler
