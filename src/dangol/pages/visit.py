"""One request to a customer page, read: who is meant, in which language, asking for what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from urllib.parse import parse_qs

from litestar import HttpMethod, Request
from litestar.datastructures import State
from psycopg_pool import ConnectionPool

from dangol.consent.evidence import Evidence
from dangol.content.tokens import ExpiredToken, Reference, TokenPurpose, read_page_token, sign_next
from dangol.pages.texts import Texts, choose_texts
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import Channel
from dangol.store.workspace import Workspace

Asked = Request[object, object, State]
Fields = dict[str, str]
LOOK: Final = [HttpMethod.GET, HttpMethod.HEAD]
LONGEST_BODY: Final = 10_000
NOWHERE: Final = Evidence(address="", program="")
# Where each page is that shows something, without its token.
PATHS: Final = {
    TokenPurpose.PREFERENCES: "/p",
    TokenPurpose.HISTORY: "/p/data",
    TokenPurpose.COPY: "/p/copy",
    TokenPurpose.ERASE: "/p/erase",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request; ``named`` is None where its token opens nothing."""

    named: Reference | None
    path: str
    asked_locale: str | None
    accepted: str
    done: str = ""
    # The token was ours, but its time is over.
    is_late: bool = False
    # From where it came; kept only where it says something about consent.
    evidence: Evidence = NOWHERE

    def texts(self, workspace: Workspace | None) -> Texts:
        """The language to answer in."""
        otherwise = workspace.default_locale if workspace else "ko"
        return choose_texts(asked=self.asked_locale, accepted=self.accepted, otherwise=otherwise)

    @property
    def is_good(self) -> bool:
        """Whether its token opens this page."""
        return self.named is not None

    @property
    def form_path(self) -> str:
        """Where a button posts to, in the language that was chosen."""
        return f"{self.path}?lang={self.asked_locale}" if self.asked_locale else self.path

    def path_after(self, done: str) -> str:
        """Where to look at what was done: reloading it must not post again."""
        lang = f"&lang={self.asked_locale}" if self.asked_locale else ""
        return f"{self.path}?done={done}{lang}"


def read_visit(request: Asked, *, named: Reference | None, is_late: bool = False) -> Visit:
    """Read a request whose token names ``named``."""
    lang = request.query_params.get("lang")
    return Visit(
        named=named,
        path=request.url.path,
        asked_locale=lang if lang in ("ko", "en") else None,
        accepted=request.headers.get("Accept-Language", ""),
        done=request.query_params.get("done", ""),
        is_late=is_late,
        evidence=Evidence(
            address=request.client.host if request.client else "",
            program=request.headers.get("User-Agent", ""),
        ),
    )


def open_page(
    request: Asked, state: State, purpose: TokenPurpose, token: str, *, now: datetime
) -> Visit:
    """Read a request to a page that its token opens for a while."""
    try:
        named = read_page_token(vault_of(state), purpose, token, now=now)
    except ExpiredToken:
        return read_visit(request, named=None, is_late=True)
    except BadToken:
        return read_visit(request, named=None)
    return read_visit(request, named=named)


def path_to(vault: Vault, purpose: TokenPurpose, *, visit: Visit, now: datetime) -> str:
    """Return the path of another page for the same visitor, in the language that was chosen."""
    assert visit.named is not None  # noqa: S101 - only a page that was opened leads on
    lang = f"?lang={visit.asked_locale}" if visit.asked_locale else ""
    return f"{PATHS[purpose]}/{sign_next(vault, purpose, named=visit.named, now=now)}{lang}"


def read_fields(body: bytes) -> Fields:
    """Read a form: the first value of each field; of what is too long, the beginning."""
    found = parse_qs(body[:LONGEST_BODY].decode("utf-8", "replace"))
    return {name: values[0] for name, values in found.items()}


def pool_of(state: State) -> ConnectionPool[Connection]:
    """Return the connections that the application lends."""
    return cast("ConnectionPool[Connection]", state.pool)


def vault_of(state: State) -> Vault:
    """Return what signs our links and opens addresses."""
    return cast("Vault", state.vault)


def lake_of(state: State) -> Lake:
    """Return the history of what customers did."""
    return cast("Lake", state.lake)


def channels_of(state: State) -> frozenset[Channel]:
    """Return the channels that a vendor is set for."""
    return cast("frozenset[Channel]", state.channels)


def time_of(state: State, connection: Connection) -> datetime:
    """Return the installation's time."""
    return cast("datetime", state.clock(connection))
