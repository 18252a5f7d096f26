"""A switch for each channel on which a customer may get advertising."""

from collections.abc import Iterable
from datetime import datetime

from dangol.consent.evidence import Witness
from dangol.feedback.ways import Way, open_way
from dangol.pages.choices_texts import WORDING_VERSION, ChoiceTexts
from dangol.pages.visitor import Visitor
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel


def ways_to_show(ways: Iterable[Way], *, channels: frozenset[Channel]) -> list[Way]:
    """Return those with a switch of their own.

    The shop sends there and the customer can be reached; or it is how the message came; or a
    consent stands, which can be taken back whatever the shop sends.
    """
    return [
        way
        for way in ways
        if way.is_own or way.is_on or (way.is_reachable and way.channel in channels)
    ]


def agree_to_way(
    connection: Connection,
    visitor: Visitor,
    way: Way,
    *,
    words: ChoiceTexts,
    source: str,
    witness: Witness,
    now: datetime,
) -> None:
    """Write down that a customer wants advertising on a channel, with the sentence they read."""
    open_way(
        connection,
        way.subscription,
        source=source,
        wording=say_way(words.way_wording, words, visitor, way),
        wording_version=WORDING_VERSION,
        locale=words.locale,
        now=now,
        witness=witness,
    )


def say_way(text: str, words: ChoiceTexts, visitor: Visitor, way: Way) -> str:
    """Say a sentence about one of the channels, which begins with a capital letter."""
    said = text.format(shop=visitor.workspace.sender_name, by=words.ways_by[way.channel])
    return said[0].upper() + said[1:]
