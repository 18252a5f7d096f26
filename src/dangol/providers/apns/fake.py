"""A stand-in for APNs: HTTP/2 over TLS, as Apple speaks it.

It checks the team's signature and how often it changes, the headers and the size. How it answers is
at the end of the device token, which tests make with ``device``; see ``SCRIPTS``.
"""

import asyncio
import ssl
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from dangol.providers.fake_http import SLOW_SECONDS
from dangol.providers.fake_tls import make_certificate
from dangol.providers.jwt import NUMBER_BYTES, from_base64url

# The last two digits of a token, and how such a device is answered.
SCRIPTS: Final = {
    "e1": (410, "Unregistered"),
    "e2": (400, "BadDeviceToken"),
    "e3": (400, "DeviceTokenNotForTopic"),
    "e4": (429, "TooManyRequests"),
    "e5": (500, "InternalServerError"),
    "e6": (503, "ServiceUnavailable"),
    "e7": (400, "BadCollapseId"),
    "e8": (410, "ExpiredToken"),
}
# Taken, and the answer is lost.
HANG_UP: Final = "f1"
SILENT: Final = "f2"
# Taken, and answered late.
SLOW: Final = "f3"
PAYLOAD_MAX: Final = 4_096
COLLAPSE_ID_MAX: Final = 64
OLDEST_TOKEN: Final = timedelta(hours=1)
OK: Final = 200


class Head(msgspec.Struct, frozen=True):
    """The head of a signature."""

    alg: str
    kid: str


class Claims(msgspec.Struct, frozen=True):
    """What a signature claims."""

    iss: str
    iat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A notification as it arrived."""

    device: str
    headers: dict[str, str]
    payload: bytes


@dataclass(slots=True)
class Asked:
    """A call whose body is still coming."""

    headers: dict[str, str]
    body: bytes = field(default=b"")


class FakeApns:
    """APNs on loopback, in a thread of its own; keeps what it took in ``notes``.

    ``key_pem`` is what Apple gives a team as a .p8 file; ``trust`` knows this server's certificate.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        topic: str = "example.shop.app",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.notes: list[Arrived] = []
        self.signatures: set[str] = set()
        self.connections = 0
        self.lines: set[Line] = set()
        self.key_id: Final = "KEY0000001"
        self.team_id: Final = "TEAM000001"
        self.topic: Final = topic
        self.host: Final = host
        self.port = port
        # Since when the devices that are gone have been so.
        self.gone_at: datetime | None = None
        self._key: Final = ec.generate_private_key(ec.SECP256R1())
        self._clock: Final = clock
        self.certificate, self._server_key = make_certificate()
        self._loop: Final = asyncio.new_event_loop()
        self._thread: Final = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where to send."""
        return f"https://{self.host}:{self.port}"

    @property
    def key_pem(self) -> bytes:
        """The team's signing key."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def trust(self) -> ssl.SSLContext:
        """What a client needs to believe this server."""
        return ssl.create_default_context(cadata=self.certificate.decode())

    def device(self, number: int, *, script: str = "00") -> str:
        """Return a device token whose pushes fare as a script says."""
        return f"{number:062x}{script}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.set_alpn_protocols(["h2"])
        with TemporaryDirectory() as folder:
            path = Path(folder) / "fake.pem"
            path.write_bytes(self.certificate + self._server_key)
            context.load_cert_chain(path)
        self._server = await self._loop.create_server(
            lambda: Line(self), self.host, self.port, ssl=context
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in [*self.lines]:
            line.drop()

    def find_problem(self, headers: dict[str, str], body: bytes) -> tuple[int, str] | None:
        """Return the status and the reason with which Apple would refuse a call."""
        if problem := self._find_forgery(headers.get("authorization", "")):
            return 403, problem
        if headers.get("apns-topic") != self.topic:
            return 400, "TopicDisallowed"
        if headers.get("apns-push-type", "alert") not in {"alert", "background"}:
            return 400, "InvalidPushType"
        unseen = headers.get("apns-push-type") == "background"
        if headers.get("apns-priority", "10") not in ({"5", "1"} if unseen else {"10", "5", "1"}):
            return 400, "BadPriority"
        if len(headers.get("apns-collapse-id", "")) > COLLAPSE_ID_MAX:
            return 400, "BadCollapseId"
        if not body:
            return 400, "PayloadEmpty"
        return (413, "PayloadTooLarge") if len(body) > PAYLOAD_MAX else None

    def _find_forgery(self, authorization: str) -> str:
        token = authorization.removeprefix("bearer ").removeprefix("Bearer ")
        if not token:
            return "MissingProviderToken"
        try:
            head, claims = read_signed(token, key=self._key.public_key())
        except (InvalidSignature, ValueError, msgspec.MsgspecError):
            return "InvalidProviderToken"
        if (head.alg, head.kid, claims.iss) != ("ES256", self.key_id, self.team_id):
            return "InvalidProviderToken"
        age = self._clock().timestamp() - claims.iat
        if not -60 <= age <= OLDEST_TOKEN.total_seconds():  # noqa: PLR2004 - a minute's grace
            return "ExpiredProviderToken"
        self.signatures.add(token)
        return ""


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, fake: FakeApns) -> None:
        self._fake: Final = fake
        self._http: Final = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        self._asked: Final[dict[int, Asked]] = {}
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is one, for TCP
        self._transport = transport
        self._fake.connections += 1
        self._fake.lines.add(self)
        self._http.initiate_connection()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._fake.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        try:
            events = self._http.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._flush()
            self.drop()
            return
        for event in events:
            self._take(event)
        self._flush()

    def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived():
                headers = {str(name): str(value) for name, value in event.headers}
                self._asked[event.stream_id] = Asked(headers)
            case h2.events.DataReceived():
                self._asked[event.stream_id].body += event.data
                self._http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                self._answer(event.stream_id, self._asked.pop(event.stream_id))
            case _:
                pass

    def _answer(self, stream: int, asked: Asked) -> None:
        fake, headers = self._fake, asked.headers
        device = headers[":path"].removeprefix("/3/device/")
        script = device[-2:]
        problem = fake.find_problem(headers, asked.body) or SCRIPTS.get(script)
        told = headers.get("apns-id") or str(uuid.uuid4())
        if problem is not None:
            self._refuse(stream, *problem, told=told)
            return
        fake.notes.append(Arrived(device=device, headers=headers, payload=asked.body))
        if script == HANG_UP:
            self.drop()
        elif script == SLOW:
            _ = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._accept, stream, told)
        elif script != SILENT:
            self._accept(stream, told)

    def _accept(self, stream: int, told: str) -> None:
        self._http.send_headers(stream, [(":status", str(OK)), ("apns-id", told)], end_stream=True)
        self._flush()

    def _refuse(self, stream: int, status: int, reason: str, *, told: str) -> None:
        body: dict[str, str | int] = {"reason": reason}
        if self._fake.gone_at is not None and status == 410:  # noqa: PLR2004
            body["timestamp"] = int(self._fake.gone_at.timestamp() * 1000)
        self._http.send_headers(stream, [(":status", str(status)), ("apns-id", told)])
        self._http.send_data(stream, msgspec.json.encode(body), end_stream=True)

    def _flush(self) -> None:
        if self._transport is not None:
            self._transport.write(self._http.data_to_send())

    def drop(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()


def read_signed(token: str, *, key: ec.EllipticCurvePublicKey) -> tuple[Head, Claims]:
    """Return a signature's head and claims once it is proved."""
    signed, _, signature = token.rpartition(".")
    numbers = from_base64url(signature)
    r, s = (int.from_bytes(part) for part in (numbers[:NUMBER_BYTES], numbers[NUMBER_BYTES:]))
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (from_base64url(part) for part in signed.split("."))
    return msgspec.json.decode(head, type=Head), msgspec.json.decode(claims, type=Claims)
