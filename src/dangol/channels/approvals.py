"""What vendors keep of our Kakao templates: how far Kakao is, and whether they say the same.

The guard goes by the states (``guard/sql/skip_unapproved_template.sql``); people see what differs
before a vendor answers with a code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final

import msgspec

from dangol.channels.claim import STATEMENTS
from dangol.channels.notes import read_buttons
from dangol.content.template import Template
from dangol.providers.template_desk import Judgement, VendorTemplate, Wording
from dangol.providers.vendor import Button
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, TemplateState

# So much of a text stands on each side of the letter that differs.
AROUND: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How far one vendor's template is, and since when we have seen that."""

    provider: str
    channel: Channel
    kept: VendorTemplate
    since: datetime


def keep_templates(
    connection: Connection,
    listed: Sequence[VendorTemplate],
    *,
    provider: str,
    now: datetime,
    channel: Channel = Channel.KAKAO_ALIMTALK,
) -> None:
    """Keep what a vendor lists of a channel's templates; what it no longer lists is gone."""
    values = {
        "provider": provider,
        "channel": channel,
        "codes": [one.code for one in listed],
        "names": [clean(one.name) for one in listed],
        "texts": [clean(one.text) for one in listed],
        "buttons": [clean(msgspec.json.encode(one.buttons).decode()) for one in listed],
        "titles": [clean(one.title) for one in listed],
        "subtitles": [clean(one.subtitle) for one in listed],
        "states": [one.state.value for one in listed],
        "comments": [clean(one.comment) for one in listed],
        "now": now,
    }
    connection.execute(STATEMENTS["keep_vendor_templates"], values)


def note_judgements(connection: Connection, judged: Sequence[Judgement], *, provider: str) -> int:
    """Note what a vendor told of templates it is known to keep; return how many states changed.

    What is older than what is known, as a post that comes late, changes nothing.
    """
    return sum(
        connection.execute(
            STATEMENTS["judge_vendor_template"],
            {
                "provider": provider,
                "code": one.code,
                "state": one.state.value,
                "comment": clean(one.comment),
                "told_at": one.told_at,
            },
        ).rowcount
        for one in judged
    )


def clean(text: str) -> str:
    """PostgreSQL stores no NUL, whatever a vendor says."""
    return text.replace("\0", "").replace("\\u0000", "")


def list_approvals(connection: Connection) -> list[Approval]:
    """Return what every vendor keeps, by code and vendor."""
    return [
        Approval(
            provider=provider,
            channel=Channel(channel),
            kept=VendorTemplate(
                code=code,
                name=name,
                text=text,
                buttons=tuple(msgspec.json.decode(buttons, type=list[Button])),
                title=title,
                subtitle=subtitle,
                state=TemplateState(state),
                comment=comment,
            ),
            since=since,
        )
        for (
            provider,
            channel,
            code,
            name,
            text,
            buttons,
            title,
            subtitle,
            state,
            comment,
            since,
        ) in connection.execute(STATEMENTS["list_vendor_templates"])
    ]


def wording_of(template: Template) -> Wording:
    """Return what a template of ours says, as vendors are told it.

    Raises:
        TemplateError: its buttons are none.
    """
    return Wording(
        code=template.vendor_code,
        name=template.name,
        text=template.body_text,
        buttons=read_buttons(template),
        title=template.emphasis_title,
        subtitle=template.emphasis_subtitle,
    )


def compare_wordings(ours: Wording, theirs: Wording) -> list[str]:
    """Say where two wordings differ, letter by letter; nothing where they say the same.

    What a line ends with does not count: vendors change that.
    """
    parts = (("", "text"), ("emphasis title, ", "title"), ("emphasis subtitle, ", "subtitle"))
    return [
        *(
            f"{named}{difference}"
            for named, part in parts
            for difference in compare_texts(getattr(ours, part), getattr(theirs, part))
        ),
        *compare_buttons(ours.buttons, theirs.buttons),
    ]


def compare_texts(ours: str, theirs: str) -> Iterator[str]:
    ours, theirs = (text.replace("\r\n", "\n") for text in (ours, theirs))
    if ours == theirs:
        return
    letters = enumerate(zip_longest(ours, theirs))
    place = next(at for at, (one, other) in letters if one != other)
    yield f"letter {place + 1}: ours {around(ours, place)}, theirs {around(theirs, place)}"


def around(text: str, place: int) -> str:
    """Return a text's piece about a place, as it would be written in code."""
    return repr(text[max(0, place - AROUND) : place + AROUND])


def compare_buttons(ours: Sequence[Button], theirs: Sequence[Button]) -> Iterator[str]:
    if len(ours) != len(theirs):
        yield f"buttons: ours {len(ours)}, theirs {len(theirs)}"
        return
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1):
        for part in ("kind", "name", "mobile_url", "desktop_url", "android_url", "ios_url"):
            mine, its = getattr(one, part), getattr(other, part)
            if mine != its:
                yield f"button {number}, {part}: ours {mine!r}, theirs {its!r}"
