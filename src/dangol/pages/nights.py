"""The consent to advertising at night, a switch of its own where the law asks for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.consent.evidence import Witness
from dangol.consent.ledger import record_entry
from dangol.feedback.unsubscribe import origin_of
from dangol.guard.law.terms import liftable_nights
from dangol.pages.choices_texts import WORDING_VERSION, ChoiceTexts
from dangol.pages.visitor import STATEMENTS, Visitor
from dangol.segments.words import CHANNELS
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, ConsentSource, Purpose

PLACES: Final = {channel: place for place, channel in enumerate(Channel, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A channel on which a customer gets advertising, and whether at night, too."""

    channel: Channel
    is_on: bool
    # On the clocks that the law goes by, like 21:00.
    begins: str
    ends: str

    @property
    def place(self) -> int:
        """The channel's number in a button."""
        return PLACES[self.channel]


def list_nights(connection: Connection, visitor: Visitor) -> list[Night]:
    """Return where the night is a customer's own to choose.

    Those are the channels on which they agreed to advertising and for which the law of their
    country, or of the shop's where we know none of theirs, lets a consent lift the night.
    """
    values = {"workspace_id": visitor.workspace_id, "customer_id": visitor.customer_id}
    nights: list[Night] = []
    for channel, is_on, country in connection.execute(STATEMENTS["list_nights"], values):
        hours = liftable_nights(country, shop_country=visitor.workspace.country)
        if channel in hours:
            begins, ends = hours[Channel(channel)]
            nights.append(Night(channel=Channel(channel), is_on=is_on, begins=begins, ends=ends))
    return nights


def switch_night(
    connection: Connection,
    visitor: Visitor,
    night: Night,
    *,
    wanted: bool,
    words: ChoiceTexts,
    source: str,
    witness: Witness,
    now: datetime,
) -> None:
    """Write down whether a customer wants advertising at night; the same again changes nothing."""
    if night.is_on == wanted:
        return
    record_entry(
        connection,
        workspace_id=visitor.workspace_id,
        customer_id=visitor.customer_id,
        channel=night.channel,
        purpose=Purpose.MARKETING,
        action=ConsentAction.NIGHT_GRANT if wanted else ConsentAction.NIGHT_WITHDRAW,
        source=source,
        wording=say_night(
            words.night_body if wanted else words.night_wording_off, words, visitor, night
        ),
        locale=words.locale,
        occurred_at=now,
        now=now,
        origin=origin_of(
            connection,
            workspace_id=visitor.workspace_id,
            customer_id=visitor.customer_id,
            kind=ConsentSource.PAGE,
            witness=witness,
            wording_version=WORDING_VERSION,
        ),
    )


def say_night(text: str, words: ChoiceTexts, visitor: Visitor, night: Night) -> str:
    """Say a sentence about one of the nights."""
    return text.format(
        shop=visitor.workspace.sender_name,
        channel=name_channel(words, night),
        begins=night.begins,
        ends=night.ends,
    )


def name_channel(words: ChoiceTexts, night: Night) -> str:
    """Call a channel by its word, which begins a sentence."""
    named = CHANNELS[night.channel]
    name = named.ko if words.locale == "ko" else named.en
    return name[0].upper() + name[1:]
