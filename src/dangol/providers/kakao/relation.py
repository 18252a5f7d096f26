"""Asks Kakao how a person stands to a channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from dangol.providers.kakao.callback import SCHEME, first_text
from dangol.providers.wire.call import Answered, Place, objects_of, text_of
from dangol.providers.wire.times import read_time

URL: Final = "https://kapi.kakao.com"
PATH: Final = "/v2/api/talk/channels"
# What is wrong is the person: Kakao knows nobody of the app by this id.
NOBODY: Final = 400


class KakaoError(Exception):
    """Kakao could not be asked; the text says why and what to do."""


class Relation(StrEnum):
    """How a person stands to a channel."""

    ADDED = "added"
    BLOCKED = "blocked"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person's relation to one channel, and since when; None where Kakao does not say."""

    channel: str
    relation: Relation
    since: datetime | None


async def read_relations(
    *, admin_key: str, user_id: str, url: str = URL, seconds: float = 5.0
) -> list[Standing]:
    """Return how a person, by their id at Kakao Login, stands to the app's channels.

    Nothing about whom the app does not know, or not any more.

    Raises:
        KakaoError: it was not answered.
    """
    query = urlencode({"target_id_type": "user_id", "target_id": user_id})
    told = await Place(url=url, seconds=seconds).call(
        "GET", f"{PATH}?{query}", headers={"Authorization": f"{SCHEME}{admin_key}"}
    )
    if not isinstance(told, Answered):
        raise KakaoError(f"Kakao does not answer: {told.why}. Check DANGOL_KAKAO_URL.")
    if told.status == NOBODY:
        return []
    if not told.is_ok:
        raise KakaoError(
            f"Kakao refuses: {told.status} {text_of(told.said, 'msg')}".rstrip()
            + ". Check DANGOL_KAKAO_ADMIN_KEY."
        )
    known = {relation.value: relation for relation in Relation}
    return [
        Standing(
            channel=first_text(one, "channel_public_id", "plus_friend_public_id"),
            relation=known.get(text_of(one, "relation").lower(), Relation.NONE),
            since=read_time(text_of(one, "updated_at")),
        )
        for one in (*objects_of(told.said, "channels"), *objects_of(told.said, "plus_friends"))
    ]
