"""How fast one key may send: a bucket of events for each key, filled again as time passes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey
from dangol.ingest.payload import MOST_EVENTS
from dangol.store.vocabulary import ApiKeyKind

# A full bucket lets this many seconds' worth through at once: shops send in gusts.
GUST_SECONDS = 10


@dataclass(slots=True, kw_only=True)
class Bucket:
    """What one key may still send, as of ``filled_at``."""

    events: float
    filled_at: datetime


@dataclass(slots=True, kw_only=True)
class Limiter:
    """Keeps each key to its kind's ``rates``, in events a second; a kind without one is free.

    It counts for one process; safe to use from several threads. ``clock`` is the machine's, since
    a replay's time may stand still.
    """

    rates: Mapping[ApiKeyKind, int]
    clock: Callable[[], datetime]
    buckets: dict[int, Bucket] = field(default_factory=dict[int, Bucket])
    lock: Lock = field(default_factory=Lock)

    def take(self, key: ApiKey, *, events: int) -> None:
        """Let so many events of a key pass.

        Raises:
            BadPayload: too many came lately; it says when these may.
        """
        rate = self.rates.get(key.kind, 0)
        if rate == 0:
            return
        # A batch that is too long is refused for that, and not sent away to come again.
        wanted = max(1, min(events, MOST_EVENTS))
        with self.lock:
            bucket = self.fill(key.id, rate=rate, now=self.clock())
            if bucket.events >= wanted:
                bucket.events -= wanted
                return
            wait_seconds = math.ceil((wanted - bucket.events) / rate)
        raise BadPayload(
            "too_fast",
            f"This {key.kind} key may send {rate} events a second and has sent more. Send these "
            f"again in {wait_seconds} s, or raise DANGOL_{key.kind.upper()}_EVENTS_PER_SECOND.",
            wait_seconds=wait_seconds,
        )

    def fill(self, key_id: int, *, rate: int, now: datetime) -> Bucket:
        """Return a key's bucket with what has run in since it was last asked for."""
        # Never smaller than the longest batch, which could otherwise never pass.
        size = max(rate * GUST_SECONDS, MOST_EVENTS)
        bucket = self.buckets.setdefault(key_id, Bucket(events=size, filled_at=now))
        passed = max(0.0, (now - bucket.filled_at).total_seconds())
        bucket.events = min(size, bucket.events + passed * rate)
        bucket.filled_at = now
        return bucket
