"""Many calls over few connections, to the public internet and nowhere else.

Like ``client.py``, for those who call one place often: a connection is kept for the next call, and
carries many at once where the other side speaks HTTP/2. A call that fails says whether a byte of it
may have left.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import httpcore

from dangol.providers.begin import STOOD_STILL, MayBegin, lent
from dangol.providers.egress.client import (
    RESOLVERS,
    Answer,
    EgressError,
    Limits,
    PinnedNetwork,
    read_some,
    resolve_by,
)
from dangol.providers.egress.target import read_target

# From here on the other side may have the call, whatever becomes of the answer.
BEGUN: Final = ("http11.send_request_headers.started", "http2.send_request_headers.started")
# Until here it cannot act on it.
COMPLETED: Final = ("http11.send_request_body.started", "http2.send_request_body.started")


class NotCalledError(EgressError):
    """Nothing of the call has left this machine; it may be made again."""


@dataclass(slots=True)
class Trail:
    """Whether a call has begun to leave; httpcore tells as it goes."""

    begun: bool = False
    may_begin: MayBegin = field(default_factory=lent)

    async def note(self, event: str, _info: Mapping[str, object]) -> None:
        """Take down one event of httpcore's; raises EgressError where it is too late for it."""
        if event in BEGUN + COMPLETED and not self.may_begin():
            raise EgressError(STOOD_STILL)
        self.begun = self.begun or event in BEGUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Calls over connections it keeps. Comes from ``open_pool``."""

    connections: httpcore.AsyncConnectionPool
    limits: Limits
    loopback: bool

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body and return what was answered, whatever its status; raises as ``call``."""
        return await self.call("POST", url, headers=headers, body=body)

    async def call(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Call with a body and return what was answered, whatever its status.

        Raises:
            RefusedTarget: the address leads to where nothing may be called.
            NotCalledError: there was no connection; nothing has left.
            EgressError: nobody answered, or not in time; the call may have been taken.
        """
        target = read_target(url, loopback=self.loopback)
        trail = Trail()
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._call(
                    method,
                    httpcore.URL(
                        scheme=target.scheme, host=target.host, port=target.port, target=target.path
                    ),
                    headers=headers,
                    body=body,
                    trail=trail,
                )
        except TimeoutError as late:
            raise fault_of(trail, f"no answer within {self.limits.seconds:g} s") from late
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as fault:
            raise fault_of(trail, str(fault) or type(fault).__name__) from fault
        except EgressError as fault:
            raise fault_of(trail, str(fault)) from fault

    async def _call(
        self,
        method: str,
        url: httpcore.URL,
        *,
        headers: Mapping[str, str],
        body: bytes,
        trail: Trail,
    ) -> Answer:
        async with self.connections.stream(
            method,
            url,
            headers=list(headers.items()),
            content=body,
            extensions={"trace": trail.note},
        ) as response:
            return Answer(
                status=response.status,
                headers={
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                },
                body=await read_some(response.aiter_stream(), most=self.limits.answer_bytes),
            )


def fault_of(trail: Trail, text: str) -> EgressError:
    return EgressError(text) if trail.begun else NotCalledError(text)


@asynccontextmanager
async def open_pool(
    *,
    connections: int,
    limits: Limits | None = None,
    loopback: bool = False,
    trust: ssl.SSLContext | None = None,
    http1: bool = True,
) -> AsyncGenerator[Pool]:
    """Lend a pool of up to ``connections``; without ``http1`` it speaks HTTP/2 only."""
    resolvers = ThreadPoolExecutor(max_workers=RESOLVERS, thread_name_prefix="resolve")
    network = PinnedNetwork(resolve=resolve_by(resolvers), loopback=loopback)
    try:
        async with httpcore.AsyncConnectionPool(
            ssl_context=trust or ssl.create_default_context(),
            max_connections=connections,
            http1=http1,
            http2=True,
            network_backend=network,
        ) as kept:
            yield Pool(connections=kept, limits=limits or Limits(), loopback=loopback)
    finally:
        resolvers.shutdown(wait=False, cancel_futures=True)
