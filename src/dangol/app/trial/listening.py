"""What a story's journeys call: an endpoint that nobody calls, and what it would have heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from dangol.app.clock import STATEMENTS
from dangol.app.trial.shop import Shop
from dangol.store.vocabulary import WebhookKind
from dangol.webhooks.calls import render
from dangol.webhooks.endpoints import add_endpoint

# Nothing of a story leaves; the address is one that nobody can have.
ADDRESS: Final = "https://story.example/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a journey's step, as it would be posted."""

    id: int
    body: Mapping[str, object]


def listen(shop: Shop, endpoint: str) -> None:
    """Add an endpoint that hears of journeys' steps."""
    with shop.connection.transaction():
        _ = add_endpoint(
            shop.connection,
            workspace_id=shop.workspace,
            name=endpoint,
            url=f"{ADDRESS}{endpoint}",
            kinds=[WebhookKind.JOURNEY_STEP],
            vault=shop.vault,
            now=shop.now,
        )


def calls_about(shop: Shop, name: str, *, endpoint: str, after: int) -> list[Call]:
    """Return what an endpoint would have heard about somebody after a call."""
    values = {
        "workspace_id": shop.workspace,
        "name": name,
        "endpoint": endpoint,
        "after": after,
    }
    with shop.connection.transaction():
        rows = shop.connection.execute(STATEMENTS["list_called"], values).fetchall()
    return [
        Call(
            id=number,
            body=cast("Mapping[str, object]", data if template is None else render(template, data)),
        )
        for number, data, template in rows
    ]


def answer_call(shop: Shop, call: Call, *, is_taken: bool) -> None:
    """Let a call have been answered: taken, or refused for good."""
    values = {"id": call.id, "taken": is_taken, "now": shop.now}
    with shop.connection.transaction():
        _ = shop.connection.execute(STATEMENTS["answer_call"], values)
