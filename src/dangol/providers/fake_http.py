"""A small HTTP/1.1 server on loopback for vendors' fakes, in threads of its own."""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self, cast

from typing_extensions import override

JSON: Final = "application/json; charset=UTF-8"
LONGEST_SILENCE: Final = 60.0
# How late a slow service answers.
SLOW_SECONDS: Final = 3.0
DRIP_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it arrived; names of headers are in lower case."""

    method: str
    # With what stands behind its question mark.
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
    # The answer comes as late as that.
    wait_seconds: float = 0.0
    # The answer comes a byte at a time, and never to its end.
    drips: bool = False


class FakeServer:
    """Answers calls by a function; with port 0, ``port`` becomes the one the system chose.

    ``clock`` is what its answers are dated by; without one they carry the machine's time.
    """

    def __init__(
        self,
        answer: Callable[[Call], Reply],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.host: Final = host
        self.port = port
        self.answer: Final = answer
        self.clock: Final = clock
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """What the addresses of this server begin with."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen; after a stop again, on the same port.

        Raises:
            OSError: the port is taken.
        """
        listener = Listener(self)
        self.port = listener.server_address[1]
        self._listener = listener
        self._thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, and break whatever is open."""
        if self._listener is None or self._thread is None:
            return
        self._listener.hang_up()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._listener = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Listener(ThreadingHTTPServer):
    """The standard library's server, with room for many clients, which can break connections."""

    request_queue_size = 128
    daemon_threads = True
    # A connection that its client keeps open is not waited for.
    block_on_close = False
    # Nobody else may listen on the same port and take what was meant for this one.
    allow_reuse_port = False

    def __init__(self, fake: FakeServer) -> None:
        super().__init__((fake.host, fake.port), Handler)
        self.fake: Final = fake
        self.connections: Final[set[Handler]] = set()
        self.closing: Final = threading.Event()

    def hang_up(self) -> None:
        """Break every open connection."""
        self.closing.set()
        for handler in list(self.connections):
            handler.drop()


class Handler(BaseHTTPRequestHandler):
    """Reads requests and writes what is answered."""

    protocol_version = "HTTP/1.1"
    # One segment for headers and body, or each answer waits for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    @override
    def setup(self) -> None:
        super().setup()
        self.listener.connections.add(self)

    @override
    def finish(self) -> None:
        self.listener.connections.discard(self)
        with contextlib.suppress(OSError):
            super().finish()

    @property
    def listener(self) -> Listener:
        """The server it belongs to."""
        return cast("Listener", self.server)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tests and demonstrations have words of their own."""

    @override
    def date_time_string(self, timestamp: float | None = None) -> str:
        clock = self.listener.fake.clock
        if clock is None:
            return super().date_time_string(timestamp)
        return format_datetime(clock().astimezone(UTC), usegmt=True)

    def drop(self) -> None:
        """Break the connection as a crash would: without a word."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def serve_one(self) -> None:
        """Read one request and answer it."""
        length = int(self.headers.get("Content-Length") or 0)
        call = Call(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        reply = self.listener.fake.answer(call)
        if reply.wait_seconds:
            _ = self.listener.closing.wait(reply.wait_seconds)
        if reply.keep_silent:
            _ = self.listener.closing.wait(LONGEST_SILENCE)
        if reply.keep_silent or reply.hang_up:
            self.drop()
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.drips:
            self.drip(reply.body)
            return
        _ = self.wfile.write(reply.body)
        self.wfile.flush()

    def drip(self, body: bytes) -> None:
        """Write a byte now and then, until whoever waits has had enough."""
        with contextlib.suppress(OSError):
            for at in range(len(body) - 1):
                _ = self.wfile.write(body[at : at + 1])
                self.wfile.flush()
                if self.listener.closing.wait(DRIP_SECONDS):
                    break
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = serve_one  # noqa: N815 - the base class calls them so
