"""What the API answers and is told about webhooks: who hears what happens here."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from dangol.store.vocabulary import WebhookKind, WebhookState

# well: the last call was taken, or there was none. failing: tried again, with pauses. resting: one
# call a minute. stopped: given up until somebody says otherwise.
Standing = Literal["well", "failing", "resting", "stopped"]


class EndpointView(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint and how it fares; of its headers only the names are ever said.

    ``url`` is whole for owners; others see whose it is, and no path.

    ``failures`` are calls in a row that failed, the first at ``failing_since``. Calls are also
    signed with the secret before until ``previous_until``. ``given_up_because`` is only_failures
    or gone.
    """

    name: str
    url: str
    kinds: list[WebhookKind]
    header_names: list[str]
    created_at: datetime
    standing: Standing
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    given_up_at: datetime | None
    given_up_because: str | None
    previous_until: datetime | None
    waiting: int
    delivered: int
    failed: int
    dropped: int
    oldest_waiting_at: datetime | None


class WebhooksPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every endpoint by name, and what one can hear of."""

    endpoints: list[EndpointView]
    kinds: list[WebhookKind]


class EndpointWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to post to, and what of: every kind where none is named."""

    url: Annotated[str, msgspec.Meta(max_length=4_000)]
    kinds: list[WebhookKind] = []


class SecretOnce(msgspec.Struct, frozen=True, kw_only=True):
    """What signatures are checked with, shown this once, and the page as it is now."""

    secret: str
    page: WebhooksPage


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """One call; ``ref`` names it here, ``id`` is the webhook-id that its receiver sees.

    ``answer`` is what was said to the last attempt.
    """

    ref: UUID
    id: str
    kind: WebhookKind
    customer_id: int | None
    occurred_at: datetime
    state: WebhookState
    attempts: int
    due_at: datetime | None
    settled_at: datetime | None
    status: int | None
    answer: str


class EndpointCalls(msgspec.Struct, frozen=True, kw_only=True):
    """Calls, the last to happen first; a hundred at most."""

    calls: list[CallView]


class AgainWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calls to make again: one, or those about the last hours."""

    ref: UUID | None = None
    hours: Annotated[int, msgspec.Meta(ge=1, le=8_784)] | None = None
    only_failed: bool = True


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls will be made again, and the page as it is now."""

    calls: int
    page: WebhooksPage


class GraceWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many hours calls are signed with the secret until now, too."""

    hours: Annotated[int, msgspec.Meta(ge=0, le=720)]


class HeaderWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A header to set; its value is sealed and never said again."""

    name: str
    value: str
