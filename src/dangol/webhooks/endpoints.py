"""Endpoints: where a shop's other software listens, to what, and how it fares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.providers.egress.target import RefusedTarget, read_target
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import WebhookKind
from dangol.webhooks.signature import make_secret

STATEMENTS = load_statements("dangol.webhooks")
SEALED_AS: Final = "webhook_secret"
NAME: Final = re.compile(r"[a-z0-9-]{1,40}")
# What an endpoint can ask for; a test comes to every one.
KINDS: Final = tuple(kind for kind in WebhookKind if kind is not WebhookKind.TEST)


class WebhookFault(Exception):  # noqa: N818 - a fault of what was asked, said to its owner
    """An endpoint or a call cannot be treated like this; the texts say what to do."""

    def __init__(self, message: str, *, korean: str = "") -> None:
        """``korean`` says the same to who reads the console in Korean."""
        super().__init__(message)
        self.korean: str = korean


class UnknownEndpoint(WebhookFault):
    """There is no endpoint of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint as its owner sees it, never its secret or what its headers say.

    ``failures`` are calls in a row that failed, the last since ``failing_since``. What waits, has
    arrived, has failed for good and was dropped adds up to all that was planned for it.
    """

    id: int
    name: str
    url: str
    kinds: list[str]
    created_at: datetime
    header_names: list[str]
    previous_until: datetime | None
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    disabled_at: datetime | None
    disabled_because: str | None
    waiting: int
    delivered: int
    failed: int
    dropped: int
    oldest_waiting_at: datetime | None


def add_endpoint(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    url: str,
    kinds: Sequence[str],
    vault: Vault,
    now: datetime,
    loopback: bool = False,
) -> str:
    """Let an endpoint hear what happens from now on; return the secret to check signatures with.

    Raises:
        WebhookFault: the name is taken or unusable, the address may not be called, or a kind is
            none.
    """
    if not NAME.fullmatch(name):
        raise WebhookFault(
            f"name is {name!r}: use up to 40 of a-z, 0-9 and -, like order-desk.",
            korean="이름은 영어 소문자와 숫자, 줄표(-)로 40자까지 적어 주세요. 예: order-desk",
        )
    try:
        _ = read_target(url, loopback=loopback)
    except RefusedTarget as refused:
        raise WebhookFault(
            f"url: {refused}",
            korean="이 주소로는 보낼 수 없어요. https로 시작하고 인터넷에 공개된 주소를 적어 "
            "주세요. 사설망 주소와 사용자 이름이 든 주소는 쓸 수 없어요.",
        ) from refused
    secret = make_secret()
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "url": url,
        "kinds": read_kinds(kinds),
        "sealed_secret": vault.seal(workspace_id, SEALED_AS, secret),
        "now": now,
    }
    if connection.execute(STATEMENTS["add_endpoint"], values).fetchone() is None:
        raise WebhookFault(
            f"name is {name!r}, which another endpoint has: choose another.",
            korean=f"“{name}” 이름은 이미 쓰고 있어요. 다른 이름을 골라 주세요.",
        )
    return secret


def read_kinds(kinds: Sequence[str]) -> list[str]:
    """Return the kinds asked for, each once; all of them where none is named.

    Raises:
        WebhookFault: there is no such kind.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise WebhookFault(
                f"There is no kind {kind!r}. Use any of {', '.join(KINDS)}.",
                korean=f"“{kind}”라는 소식은 없어요. 목록에서 골라 주세요.",
            )
    return [kind.value for kind in KINDS if not kinds or kind in kinds]


def list_endpoints(connection: Connection, *, workspace_id: int, now: datetime) -> list[Endpoint]:
    """Return a workspace's endpoints, by name."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(Endpoint)) as cursor:
        return cursor.execute(STATEMENTS["list_endpoints"], values).fetchall()


def find_endpoint(
    connection: Connection, *, workspace_id: int, name: str, now: datetime
) -> Endpoint:
    """Return one endpoint.

    Raises:
        UnknownEndpoint: there is none of that name.
    """
    for endpoint in list_endpoints(connection, workspace_id=workspace_id, now=now):
        if endpoint.name == name:
            return endpoint
    raise UnknownEndpoint(f"There is no endpoint {name!r}: `dangol webhook list` shows them.")


def remove_endpoint(connection: Connection, *, workspace_id: int, name: str) -> None:
    """Remove an endpoint with every call to it, also those that still wait.

    Raises:
        UnknownEndpoint: there is none of that name.
        WebhookFault: a journey calls it.
    """
    values = {"workspace_id": workspace_id, "name": name}
    if callers := [row[0] for row in connection.execute(STATEMENTS["find_callers"], values)]:
        raise WebhookFault(
            f"{name!r} is called by {', '.join(callers)}: stop that journey first, for its "
            "customers would come to a step that calls nobody.",
            korean=f"{', '.join(callers)} 여정이 이 웹훅을 부르고 있어요. 여정을 먼저 멈춰 주세요.",
        )
    if connection.execute(STATEMENTS["remove_endpoint"], values).rowcount == 0:
        raise UnknownEndpoint(f"There is no endpoint {name!r}: `dangol webhook list` shows them.")


def rotate_secret(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    vault: Vault,
    now: datetime,
    grace: timedelta,
) -> str:
    """Give an endpoint a new secret and return it; for ``grace`` calls bear both signatures.

    Raises:
        UnknownEndpoint: there is none of that name.
    """
    secret = make_secret()
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "sealed_secret": vault.seal(workspace_id, SEALED_AS, secret),
        "until": now + grace,
        "is_kept": grace > timedelta(0),
    }
    if connection.execute(STATEMENTS["rotate_secret"], values).rowcount == 0:
        raise UnknownEndpoint(f"There is no endpoint {name!r}: `dangol webhook list` shows them.")
    return secret


def enable_endpoint(connection: Connection, *, workspace_id: int, name: str) -> None:
    """Call an endpoint again that was given up, what waits first.

    Raises:
        UnknownEndpoint: there is none of that name.
    """
    values = {"workspace_id": workspace_id, "name": name}
    if connection.execute(STATEMENTS["enable_endpoint"], values).rowcount == 0:
        raise UnknownEndpoint(f"There is no endpoint {name!r}: `dangol webhook list` shows them.")
