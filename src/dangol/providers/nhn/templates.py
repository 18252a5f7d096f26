"""Alimtalk templates at NHN Cloud, under codes of our own; what is put there is inspected."""

from typing import ClassVar, Final
from urllib.parse import quote

from dangol.providers.nhn.ask import MOST_PAGES, demand_kakao
from dangol.providers.nhn.sender import NhnAccount, write_button
from dangol.providers.template_desk import VendorTemplate, Wording
from dangol.providers.vendor import Button
from dangol.providers.wire.call import Json, object_of, objects_of, text_of
from dangol.providers.wire.templates import (
    CATEGORY,
    emphasis_type,
    message_type,
    read_standing,
    standing_as,
)
from dangol.store.vocabulary import Channel, TemplateState

PAGE: Final = 1_000
STATES: Final = {
    "TSC01": TemplateState.REGISTERED,
    "TSC02": TemplateState.INSPECTING,
    "TSC03": TemplateState.APPROVED,
    "TSC04": TemplateState.REJECTED,
}


class NhnTemplates:
    """The templates of one channel."""

    channel: ClassVar = Channel.KAKAO_ALIMTALK
    inspects: ClassVar = True

    def __init__(self, account: NhnAccount) -> None:
        self._account: Final = account
        self._path: Final = f"/senders/{quote(account.sender_key, safe='')}/templates"

    async def list_templates(self) -> list[VendorTemplate]:
        """Return every template; raises NhnError."""
        found: list[VendorTemplate] = []
        for page in range(1, MOST_PAGES):
            query: Json = {"pageNum": page, "pageSize": PAGE}
            said = await demand_kakao(self._account, "GET", self._path, query=query)
            shown = objects_of(object_of(said, "templateListResponse"), "templates")
            found += [read_template(one) for one in shown]
            if len(shown) < PAGE:
                break
        return found

    async def submit(self, wording: Wording, *, is_new: bool) -> str:
        """Send a template for inspection; raises NhnError."""
        body = write_template(wording)
        if is_new:
            _ = await demand_kakao(self._account, "POST", self._path, body=body)
            return wording.code
        path = f"{self._path}/{quote(wording.code, safe='')}"
        _ = await demand_kakao(self._account, "PUT", path, body=body)
        return wording.code


def write_template(wording: Wording) -> Json:
    """Return a template as NHN writes it."""
    return {
        "templateCode": wording.code,
        "templateName": wording.name,
        "templateContent": wording.text,
        "templateMessageType": message_type(wording.buttons),
        "templateEmphasizeType": emphasis_type(wording),
        **({"templateTitle": wording.title} if wording.title else {}),
        **({"templateSubtitle": wording.subtitle} if wording.subtitle else {}),
        "categoryCode": CATEGORY,
        "buttons": [
            {
                "ordering": place,
                **write_button(one),
            }
            for place, one in enumerate(wording.buttons, start=1)
        ],
    }


def read_template(said: Json) -> VendorTemplate:
    """Return a template from NHN's words."""
    buttons = sorted(objects_of(said, "buttons"), key=lambda one: text_of(one, "ordering"))
    wording = Wording(
        code=text_of(said, "templateCode"),
        name=text_of(said, "templateName"),
        text=text_of(said, "templateContent"),
        buttons=tuple(read_button(one) for one in buttons),
        title=text_of(said, "templateTitle"),
        subtitle=text_of(said, "templateSubtitle"),
    )
    comments = [text_of(one, "content") for one in objects_of(said, "comments")]
    return standing_as(wording, *read_standing(said, STATES, name="status", comments=comments))


def read_button(said: Json) -> Button:
    """Return a button from NHN's words."""
    return Button(
        kind=text_of(said, "type"),
        name=text_of(said, "name"),
        mobile_url=text_of(said, "linkMo"),
        desktop_url=text_of(said, "linkPc"),
        android_url=text_of(said, "schemeAndroid"),
        ios_url=text_of(said, "schemeIos"),
    )
