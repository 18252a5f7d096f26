"""What every platform's reader is given, and what it returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.contacts import normalize, seal_contact
from dangol.ingest.event import Event, Json
from dangol.ingest.fault import BadPayload
from dangol.ingest.shops.fields import Fields
from dangol.ingest.values import correct_time
from dangol.store.vault import Vault
from dangol.store.vocabulary import ShopPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One connection to a shop: whose it is and how its platform signs."""

    id: int
    workspace_id: int
    platform: ShopPlatform
    name: str
    secret: str
    # Where a telephone number without a country code is at home.
    country: str = "KR"
    # The one before, while the platform may still sign with it.
    previous_secret: str | None = None
    mapping: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook as it came; the headers' names are in lower case."""

    body: bytes
    headers: Mapping[str, str]
    received_at: datetime

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it was, in the platform's words; all None where it did not say."""

    user_id: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event, and the orders, checkouts and carts by which others can be known to be hers."""

    event: Event
    references: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Tell whether the platform said whose it is."""
        return self.event.user_id is not None or bool(self.event.contacts)


NOBODY: Final = Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scribe:
    """Writes a platform's words down as events of one shop."""

    shop: Shop
    vault: Vault
    received_at: datetime

    def tell(
        self,
        event: Event,
        *,
        matter: str,
        fields: Fields,
        person: Person = NOBODY,
        references: tuple[str | None, ...] = (),
    ) -> Told:
        """Complete an event: its message id, its time by our clock, and whose it is.

        ``event.message_id`` comes as what the platform calls it, and leaves as one that no other
        shop and no client of the tracking API can have. What could not be read stands in the
        property ``left_out``.
        """
        contacts = self.seal(person, fields)
        properties = {name: value for name, value in event.properties.items() if value is not None}
        if fields.left_out:
            properties["left_out"] = sorted(set(fields.left_out))
        complete = msgspec.structs.replace(
            event,
            message_id=f"shop:{matter}:{self.shop.platform}:{self.shop.name}:{event.message_id}",
            occurred_at=self.when(event.occurred_at),
            user_id=person.user_id,
            properties=properties | {"platform": self.shop.platform.value, "shop": self.shop.name},
            contacts=contacts,
        )
        return Told(event=complete, references=tuple(ref for ref in references if ref))

    def when(self, occurred_at: datetime) -> datetime:
        """Return a time that is not ahead of our clock."""
        return correct_time(occurred_at, sent_at=None, received_at=self.received_at)

    def seal(self, person: Person, fields: Fields) -> list[dict[str, str]]:
        """Return the person's contacts sealed; one that is none is left out and named."""
        given = {"email": person.email, "phone": person.phone}
        sealed: list[dict[str, str]] = []
        for kind, value in given.items():
            try:
                normal = normalize(kind, kind, value, country=self.shop.country)
            except BadPayload:
                fields.left_out.append(kind)
                continue
            if normal is not None:
                sealed.append(seal_contact(self.vault, self.shop.workspace_id, kind, normal))
        return sealed
