"""Calls to addresses that somebody else has named: to the public internet, and nowhere else.

A host is resolved once. Every address it has must be public, and the connection goes to one of
those that were looked at, so that a name that changes its mind in between changes nothing. TLS and
the Host header still say the name. No redirect is followed, no proxy of the environment asked, no
more read and no longer waited than the limits say.
"""

import asyncio
import socket
import ssl
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, cast

import httpcore

from dangol.providers.begin import STOOD_STILL, MayBegin, lent
from dangol.providers.egress.address import read_address
from dangol.providers.egress.target import RefusedTarget, Target, check_addresses, read_target

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
# A slow name server keeps at most so many names waiting.
RESOLVERS: Final = 16


class EgressError(Exception):
    """A call did not come to an answer; the text says why."""


class UnsentError(EgressError):
    """A call ended before a byte of its body left: whoever was called cannot have acted on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a call may take in all, and how much of an answer is read."""

    seconds: float = 15.0
    answer_bytes: int = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; ``body`` ends where the limit does. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """Calls what it is told to, if that may be called. Comes from ``open_egress``."""

    network: httpcore.AsyncNetworkBackend
    trust: ssl.SSLContext
    limits: Limits
    loopback: bool

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body and return what was answered, whatever its status.

        Raises:
            RefusedTarget: the address leads to where nothing may be called.
            EgressError: nobody answered, or not in time.
        """
        return await self.request("POST", url, headers=headers, body=body)

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Make a call and return what was answered, whatever its status.

        Raises:
            RefusedTarget: the address leads to where nothing may be called.
            UnsentError: nobody was reached, or not in time.
            EgressError: somebody was, and did not answer, or not in time.
        """
        target = read_target(url, loopback=self.loopback)
        progress = Progress()
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._call(
                    method, target, headers=headers, body=body, progress=progress
                )
        except TimeoutError as late:
            raise progress.fault(f"no answer within {self.limits.seconds:g} s") from late
        except EgressError as fault:
            raise progress.fault(str(fault)) from fault
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as fault:
            raise progress.fault(str(fault) or type(fault).__name__) from fault

    async def _call(
        self,
        method: str,
        target: Target,
        *,
        headers: Mapping[str, str],
        body: bytes,
        progress: "Progress",
    ) -> Answer:
        url = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        # What was resolved is good for one call, and so is the connection.
        async with (
            httpcore.AsyncHTTPConnection(
                origin=url.origin, ssl_context=self.trust, network_backend=self.network
            ) as connection,
            connection.stream(
                method,
                url,
                headers=list(headers.items()),
                content=body,
                extensions={"trace": progress.note},
            ) as response,
        ):
            return Answer(
                status=response.status,
                headers={
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                },
                body=await read_some(response.aiter_stream(), most=self.limits.answer_bytes),
            )


@dataclass(slots=True)
class Progress:
    """How far a call came before it failed."""

    body_left: bool = False
    may_begin: MayBegin = field(default_factory=lent)

    async def note(self, event: str, _: Mapping[str, object]) -> None:
        """Hear from httpcore what it is about to do; raises EgressError where it is too late."""
        if event == "http11.send_request_body.started":
            if not self.may_begin():
                raise EgressError(STOOD_STILL)
            self.body_left = True

    def fault(self, text: str) -> EgressError:
        """Return the error that says as much."""
        return EgressError(text) if self.body_left else UnsentError(text)


async def read_some(chunks: AsyncIterator[bytes], *, most: int) -> bytes:
    """Read up to ``most`` bytes; the rest is left where it is."""
    body = b""
    async for chunk in chunks:
        body += chunk
        if len(body) >= most:
            break
    return body[:most]


@asynccontextmanager
async def open_egress(
    *,
    limits: Limits | None = None,
    loopback: bool = False,
    resolve: Resolve | None = None,
    trust: ssl.SSLContext | None = None,
) -> AsyncGenerator[Egress]:
    """Lend a client; with ``loopback`` it also calls this machine, which only tests ask for."""
    resolvers = ThreadPoolExecutor(max_workers=RESOLVERS, thread_name_prefix="resolve")
    network = PinnedNetwork(resolve=resolve or resolve_by(resolvers), loopback=loopback)
    try:
        yield Egress(
            network=network,
            trust=trust or ssl.create_default_context(),
            limits=limits or Limits(),
            loopback=loopback,
        )
    finally:
        # Who still asks a slow name server is not waited for.
        resolvers.shutdown(wait=False, cancel_futures=True)


def resolve_by(resolvers: ThreadPoolExecutor) -> Resolve:
    """Return what asks the machine's resolver, in threads of their own."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(resolvers, look_up, host, port)
        except socket.gaierror as fault:
            raise EgressError(f"{host} is not known: {fault.strerror}") from fault
        return found

    return resolve


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, each once, the preferred first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PinnedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at, never to a name."""

    def __init__(self, *, resolve: Resolve, loopback: bool) -> None:
        self._resolve: Final = resolve
        self._loopback: Final = loopback
        # What httpcore says of its own backend depends on what else is installed.
        self._network: Final = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's word
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers, if all of them are allowed.

        Raises:
            RefusedTarget: one of them is not.
            ConnectError: none answers.
        """
        found = [host] if read_address(host) else await self._resolve(host, port)
        known = [address for text in found if (address := read_address(text)) is not None]
        if len(known) < len(found):
            raise RefusedTarget(f"{host} leads to {', '.join(found)}. Use a host with an address.")
        fault: Exception | None = None
        for address in check_addresses(host, known, loopback=self._loopback):
            try:
                return await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                fault = failed
        raise httpcore.ConnectError(f"{host}: {fault}")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's word
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: there is nothing of anybody else's behind a socket of this machine."""
        del timeout, socket_options
        raise RefusedTarget(f"{path} is a socket of this machine. Use an https address.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)
