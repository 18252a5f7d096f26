"""Writes one message for one customer: every byte that will leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.channels.claim import Claimed
from dangol.channels.dkim import sign_mail
from dangol.channels.mime import encode_header, format_date, write_body
from dangol.channels.mould import OURS, Mould, Post
from dangol.content.advertising import mark_subject
from dangol.content.frame import PREFERENCES, UNSUBSCRIBE
from dangol.content.tokens import TokenPurpose, sign_click, sign_message, sign_page
from dangol.providers.vendor import Outgoing
from dangol.store.vault import Vault

TRAP_LINK: Final = 0
NAME_TRAITS = ("name", "first_name", "firstName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The signed names one message goes by; none holds personal data."""

    # For its return path and its Message-ID.
    message: str
    unsubscribe: str
    preferences: str
    pixel: str
    links: tuple[str, ...]
    # Of the link nobody can see, which is none of those.
    trap: str

    def in_page(self) -> dict[str, str]:
        """What stands in the page under ``OURS``."""
        links = {f"link_{number}": token for number, token in enumerate(self.links)}
        return {**links, "mark": self.pixel, "trap": self.trap}


def render(
    claimed: Claimed,
    *,
    mould: Mould,
    post: Post,
    link_ids: Mapping[str, int],
    vault: Vault,
    now: datetime,
) -> Outgoing:
    """Write a claimed message.

    Raises:
        TemplateError: the template fails on this customer's data.
        BadToken: the address was sealed under another key.
        MissingKeyError: the key file lacks the master key that is needed.
        LookupError: the customer has no address any more.
    """
    if claimed.address is None or claimed.address_key is None:
        raise LookupError(f"Message {claimed.message_id}: its customer has no address any more.")
    recipient = vault.open_for(claimed.workspace_id, "email", claimed.address, claimed.address_key)
    marks = make_marks(claimed, mould=mould, link_ids=link_ids, vault=vault, now=now)
    preferences = f"{post.base_url}/p/{marks.preferences}"
    unsubscribe = f"{post.base_url}/u/{marks.unsubscribe}" if mould.marketing else ""
    fields = {
        "customer": {"name": name_of(claimed.traits), "traits": claimed.traits},
        "shop": mould.shop,
        "event": claimed.event or {},
        "links": {
            "shop": mould.shop_url,
            "unsubscribe": unsubscribe,
            "preferences": preferences,
        },
    }
    subject = mould.subject.render(fields)
    headers = write_headers(
        claimed,
        mould=mould,
        marks=marks,
        recipient=recipient,
        subject=mark_subject(subject) if mould.marked else subject,
        unsubscribe=unsubscribe,
        now=now,
    )
    body = write_body(
        text=mould.text.render(fields)
        + mould.footer.replace(UNSUBSCRIBE, unsubscribe).replace(PREFERENCES, preferences),
        page=mould.page.render({**fields, OURS: marks.in_page()}),
    )
    return Outgoing(
        delivery_id=claimed.delivery_id,
        vendor_id=f"<{marks.message}@{mould.domain}>",
        sender=f"b+{marks.message}@{mould.domain}",
        recipient=recipient,
        content=b"".join(
            (sign_mail(headers, body, signers=mould.signers, now=now), headers, b"\r\n", body)
        ),
    )


def make_marks(
    claimed: Claimed, *, mould: Mould, link_ids: Mapping[str, int], vault: Vault, now: datetime
) -> Marks:
    names = {"workspace_id": claimed.workspace_id, "message_id": claimed.message_id}
    wanted = TokenPurpose.UNSUBSCRIBE
    return Marks(
        message=sign_message(vault, TokenPurpose.MESSAGE, **names),
        unsubscribe=sign_message(vault, wanted, **names) if mould.marketing else "",
        preferences=sign_page(vault, TokenPurpose.PREFERENCES, **names, now=now),
        pixel=sign_message(vault, TokenPurpose.OPEN, **names),
        links=tuple(sign_click(vault, **names, link_id=link_ids[url]) for url in mould.links),
        trap=sign_click(vault, **names, link_id=TRAP_LINK),
    )


def write_headers(
    claimed: Claimed,
    *,
    mould: Mould,
    marks: Marks,
    recipient: str,
    subject: str,
    unsubscribe: str,
    now: datetime,
) -> bytes:
    """Write the headers; an advertisement can be stopped from the mail program (RFC 8058)."""
    lines = [
        f"{mould.headers}To: {recipient}",
        f"Subject: {encode_header(subject)}",
        f"Date: {format_date(now)}",
        f"Message-ID: <{marks.message}@{mould.domain}>",
        f"Feedback-ID: {claimed.journey_id}:{claimed.workspace_id}:{claimed.purpose}:dangol",
    ]
    if mould.marketing:
        mailto = f"u+{marks.unsubscribe}@{mould.domain}"
        lines.append(f"List-Unsubscribe: <{unsubscribe}>, <mailto:{mailto}>")
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return ("\r\n".join(lines) + "\r\n").encode()


def name_of(traits: Mapping[str, object]) -> str:
    """What to call a customer; empty where the shop never said."""
    found = (traits.get(trait) for trait in NAME_TRAITS)
    return next((name for name in found if isinstance(name, str) and name.strip()), "")
