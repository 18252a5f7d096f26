"""The consent to be shown advertising elsewhere: address by address, to named ad networks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dangol.consent.evidence import Witness
from dangol.consent.ledger import record_entry
from dangol.feedback.unsubscribe import origin_of
from dangol.pages.choices_texts import ChoiceTexts
from dangol.pages.nights import PLACES
from dangol.pages.visitor import STATEMENTS, Visitor
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, ConsentSource, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """An address that ad networks are given, hashed, or might be."""

    channel: Channel
    is_on: bool

    @property
    def place(self) -> int:
        """The channel's number in a button."""
        return PLACES[self.channel]


def list_ads(connection: Connection, visitor: Visitor, *, now: datetime) -> list[Ad]:
    """Return the addresses about which a customer is asked, or has agreed."""
    values = {
        "workspace_id": visitor.workspace_id,
        "customer_id": visitor.customer_id,
        "now": now,
    }
    rows = connection.execute(STATEMENTS["list_ads"], values).fetchall()
    return [Ad(channel=Channel(channel), is_on=is_on) for channel, is_on in rows]


def switch_ads(
    connection: Connection,
    visitor: Visitor,
    ads: Iterable[Ad],
    *,
    wanted: bool,
    words: ChoiceTexts,
    source: str,
    witness: Witness,
    now: datetime,
) -> None:
    """Write down whether networks may be given these addresses; the same again changes nothing.

    Who takes it back is taken out there by the next turn of the workers.
    """
    shop, customer_id = visitor.workspace_id, visitor.customer_id
    origin = origin_of(
        connection,
        workspace_id=shop,
        customer_id=customer_id,
        kind=ConsentSource.PAGE,
        witness=witness,
    )
    for ad in ads:
        if ad.is_on == wanted:
            continue
        _ = record_entry(
            connection,
            workspace_id=shop,
            customer_id=customer_id,
            channel=ad.channel,
            purpose=Purpose.AD_AUDIENCE,
            action=ConsentAction.GRANT if wanted else ConsentAction.WITHDRAW,
            source=source,
            wording=say_ad(words.ad_body if wanted else words.ad_wording_off, words, visitor, ad),
            locale=words.locale,
            occurred_at=now,
            now=now,
            origin=origin,
        )


def say_ad(text: str, words: ChoiceTexts, visitor: Visitor, ad: Ad) -> str:
    """Say a sentence about one of the addresses."""
    return text.format(shop=visitor.workspace.sender_name, address=name_address(words, ad))


def name_address(words: ChoiceTexts, ad: Ad) -> str:
    """Call an address by its word."""
    return words.ad_email if ad.channel is Channel.EMAIL else words.ad_phone
