"""A stand-in for Meta's custom audiences: it keeps hashes, and refuses what is none.

How it answers is in the audience's id: ``wire.fake_audience``.
"""

import re
import threading
from typing import Final, Self
from urllib.parse import parse_qs

import msgspec

from dangol.providers.fake_http import Call, FakeServer, Reply
from dangol.providers.meta.people import SCHEMA
from dangol.providers.wire.fake_audience import AudienceScripts, Verdict, error_of, left_out

PATH: Final = re.compile(r"/(?P<id>[A-Za-z0-9-]+)/users")
HASH: Final = re.compile(r"[0-9a-f]{64}|")
ROWS_MAX: Final = 10_000
EXPIRED: Final = "Error validating access token: Session has expired."
REFUSALS: Final = {
    Verdict.TOO_MANY: (80_003, "There have been too many calls to this ad account."),
    Verdict.EXPIRED: (190, EXPIRED),
}


class Payload(msgspec.Struct, frozen=True):
    """Rows of hashes."""

    schema: list[str]
    data: list[list[str]]
    is_raw: bool = False


class Session(msgspec.Struct, frozen=True):
    """Where in its upload a batch stands."""

    session_id: int
    batch_seq: int
    last_batch_flag: bool
    estimated_num_total: int = 0


class FakeMeta:
    """Graph on loopback; ``members`` are the rows of each audience."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, token: str = "token") -> None:  # noqa: S107 - a stand-in's
        self.members: Final[dict[str, set[tuple[str, ...]]]] = {}
        self.batches: Final[list[Session]] = []
        self.token: Final = token
        self._scripts: Final = AudienceScripts()
        self._lock: Final = threading.Lock()
        self._server: Final = FakeServer(self._answer, host=host, port=port)

    @property
    def url(self) -> str:
        """Where to call."""
        return self._server.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    def _answer(self, call: Call) -> Reply:
        found = PATH.fullmatch(call.path)
        fields = {name: value[0] for name, value in parse_qs(call.body.decode()).items()}
        if found is None or call.method not in {"POST", "DELETE"}:
            return refuse(100, "Unsupported request")
        if fields.get("access_token") != self.token:
            return refuse(190, "Invalid OAuth access token.")
        if code := error_of(found["id"]):
            return refuse(code, "As asked.")
        try:
            payload = msgspec.json.decode(fields["payload"], type=Payload)
            session = msgspec.json.decode(fields["session"], type=Session)
        except (KeyError, msgspec.MsgspecError) as fault:
            return refuse(100, str(fault))
        if tuple(payload.schema) != SCHEMA or len(payload.data) > ROWS_MAX or not payload.is_raw:
            return refuse(100, "Invalid parameter")
        with self._lock:
            verdict = self._scripts.judge(found["id"])
        if verdict in REFUSALS:
            return refuse(*REFUSALS[verdict])
        return self._take(found["id"], call.method, payload, session)

    def _take(self, audience: str, method: str, payload: Payload, session: Session) -> Reply:
        good = [
            tuple(row)
            for row in payload.data
            if len(row) == len(SCHEMA) and any(row) and all(map(HASH.fullmatch, row))
        ][left_out(audience) :]
        with self._lock:
            members = self.members.setdefault(audience, set())
            if method == "POST":
                members.update(good)
            else:
                members.difference_update(good)
            self.batches.append(session)
        body: dict[str, str | int] = {
            "audience_id": audience,
            "session_id": str(session.session_id),
            "num_received": len(payload.data),
            "num_invalid_entries": len(payload.data) - len(good),
        }
        return Reply(body=msgspec.json.encode(body))


def refuse(code: int, message: str) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "fake"}
    return Reply(status=400, body=msgspec.json.encode({"error": error}))
