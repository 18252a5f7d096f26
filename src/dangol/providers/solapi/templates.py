"""Alimtalk templates at SOLAPI, which chooses their codes."""

from typing import ClassVar, Final
from urllib.parse import quote

from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.template_desk import VendorTemplate, Wording
from dangol.providers.vendor import Button
from dangol.providers.wire.call import Json, objects_of, text_of
from dangol.providers.wire.templates import (
    CATEGORY,
    emphasis_type,
    message_type,
    read_standing,
    standing_as,
)
from dangol.store.vocabulary import Channel, TemplateState

PATH: Final = "/kakao/v2/templates"
PAGE: Final = 100
STATES: Final = {
    "PENDING": TemplateState.REGISTERED,
    "INSPECTING": TemplateState.INSPECTING,
    "APPROVED": TemplateState.APPROVED,
    "REJECTED": TemplateState.REJECTED,
}


class SolapiTemplates:
    """The templates of one account."""

    channel: ClassVar = Channel.KAKAO_ALIMTALK
    inspects: ClassVar = True

    def __init__(self, account: SolapiAccount) -> None:
        self._account: Final = account

    async def list_templates(self) -> list[VendorTemplate]:
        """Return every template; raises SolapiError."""
        found: list[VendorTemplate] = []
        start = ""
        while True:
            said = await self._account.read(PATH, query={"limit": PAGE, "startKey": start})
            found += [read_template(one) for one in objects_of(said, "templateList")]
            following = text_of(said, "nextKey")
            if not following or following == start:
                return found
            start = following

    async def submit(self, wording: Wording, *, is_new: bool) -> str:
        """Send a template for inspection; raises SolapiError."""
        body = write_template(wording, channel=self._account.channel)
        if is_new:
            code = text_of(await self._account.demand("POST", PATH, body=body), "templateId")
        else:
            code = wording.code
            _ = await self._account.demand("PUT", f"{PATH}/{quote(code, safe='')}", body=body)
        _ = await self._account.demand("PUT", f"{PATH}/{quote(code, safe='')}/inspection")
        return code


def write_template(wording: Wording, *, channel: str) -> Json:
    """Return a template as SOLAPI writes it."""
    return {
        "channelId": channel,
        "name": wording.name,
        "content": wording.text,
        "categoryCode": CATEGORY,
        "messageType": message_type(wording.buttons),
        "emphasizeType": emphasis_type(wording),
        **({"emphasizeTitle": wording.title} if wording.title else {}),
        **({"emphasizeSubTitle": wording.subtitle} if wording.subtitle else {}),
        "buttons": [
            {
                "buttonType": one.kind,
                "buttonName": one.name,
                **({"linkMo": one.mobile_url} if one.mobile_url else {}),
                **({"linkPc": one.desktop_url} if one.desktop_url else {}),
                **({"linkAnd": one.android_url} if one.android_url else {}),
                **({"linkIos": one.ios_url} if one.ios_url else {}),
            }
            for one in wording.buttons
        ],
    }


def read_template(said: Json) -> VendorTemplate:
    """Return a template from SOLAPI's words."""
    wording = Wording(
        code=text_of(said, "templateId"),
        name=text_of(said, "name"),
        text=text_of(said, "content"),
        buttons=tuple(
            Button(
                kind=text_of(one, "buttonType"),
                name=text_of(one, "buttonName"),
                mobile_url=text_of(one, "linkMo"),
                desktop_url=text_of(one, "linkPc"),
                android_url=text_of(one, "linkAnd"),
                ios_url=text_of(one, "linkIos"),
            )
            for one in objects_of(said, "buttons")
        ),
        title=text_of(said, "emphasizeTitle"),
        # It is written as SubTitle and read as Subtitle.
        subtitle=text_of(said, "emphasizeSubtitle"),
    )
    comments = [text_of(one, "content") for one in objects_of(said, "comments")]
    return standing_as(wording, *read_standing(said, STATES, name="status", comments=comments))
