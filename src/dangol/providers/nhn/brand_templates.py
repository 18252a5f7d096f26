"""Brand Message templates at NHN Cloud, text bubbles, under codes that NHN chooses.

Kakao does not inspect them: what is put there may be sent at once, until somebody blocks it.
"""

from typing import ClassVar, Final
from urllib.parse import quote

from dangol.providers.nhn.ask import BRAND, MOST_PAGES, demand_kakao
from dangol.providers.nhn.sender import NhnAccount, write_button
from dangol.providers.nhn.templates import PAGE, read_button
from dangol.providers.template_desk import VendorTemplate, Wording
from dangol.providers.wire.call import Json, object_of, objects_of, text_of
from dangol.providers.wire.templates import read_standing, standing_as
from dangol.store.vocabulary import Channel, TemplateState

STATES: Final = {"A": TemplateState.APPROVED, "S": TemplateState.STOPPED}


class NhnBrandTemplates:
    """The Brand Message templates of one channel."""

    channel: ClassVar = Channel.KAKAO_BRAND
    inspects: ClassVar = False

    def __init__(self, account: NhnAccount) -> None:
        self._account: Final = account
        self._path: Final = f"/senders/{quote(account.sender_key, safe='')}/templates"

    async def list_templates(self) -> list[VendorTemplate]:
        """Return every template; raises NhnError."""
        found: list[VendorTemplate] = []
        for page in range(1, MOST_PAGES):
            query: Json = {"pageNum": page, "pageSize": PAGE}
            said = await demand_kakao(self._account, "GET", self._path, query=query, root=BRAND)
            shown = objects_of(object_of(said, "templateListResponse"), "templates")
            found += [read_brand(one) for one in shown]
            if len(shown) < PAGE:
                break
        return found

    async def submit(self, wording: Wording, *, is_new: bool) -> str:
        """Put a template there, or change it; raises NhnError."""
        body = write_brand(wording)
        if is_new:
            said = await demand_kakao(self._account, "POST", self._path, body=body, root=BRAND)
            return text_of(said, "template", "templateCode")
        path = f"{self._path}/{quote(wording.code, safe='')}"
        _ = await demand_kakao(self._account, "PUT", path, body=body, root=BRAND)
        return wording.code


def write_brand(wording: Wording) -> Json:
    """Return a template as NHN writes it."""
    return {
        "templateName": wording.name,
        "chatBubbleType": "TEXT",
        "adult": False,
        "content": wording.text,
        "buttons": [write_button(one) for one in wording.buttons],
    }


def read_brand(said: Json) -> VendorTemplate:
    """Return a template from NHN's words; of a bubble that is no text, its text alone."""
    wording = Wording(
        code=text_of(said, "templateCode"),
        name=text_of(said, "templateName"),
        text=text_of(said, "content"),
        buttons=tuple(read_button(one) for one in objects_of(said, "buttons")),
    )
    return standing_as(wording, *read_standing(said, STATES, name="status", comments=()))
