"""Alimtalk templates at Bizgo, under codes of our own: put there first, then inspected."""

from typing import ClassVar, Final
from urllib.parse import urlencode

from dangol.providers.bizgo.poll import call
from dangol.providers.bizgo.sender import BizgoAccount, attach
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

PATH: Final = "/api/comm/v1/center/alimtalk/template"
LIST: Final = f"{PATH}/list"
INSPECT: Final = f"{PATH}/request"
PAGE: Final = 100
COMMENT: Final = "검수 부탁드립니다."
STATES: Final = {
    "REG": TemplateState.REGISTERED,
    "REQ": TemplateState.INSPECTING,
    "APR": TemplateState.APPROVED,
    "REJ": TemplateState.REJECTED,
}
# Kakao's own word for a template that was stopped, beside how far its inspection is.
HALTED: Final = "S"


class BizgoTemplates:
    """The templates of one channel."""

    channel: ClassVar = Channel.KAKAO_ALIMTALK
    inspects: ClassVar = True

    def __init__(self, account: BizgoAccount) -> None:
        self._account: Final = account

    async def list_templates(self) -> list[VendorTemplate]:
        """Return every template; raises BizgoError."""
        found: list[VendorTemplate] = []
        while True:
            asked = {
                "senderKey": self._account.sender_key,
                "offset": len(found),
                "limit": PAGE,
            }
            said = await call(self._account, "GET", f"{LIST}?{urlencode(asked)}")
            shown = objects_of(object_of(said, "data", "data", "alimtalk"), "templates")
            found += [read_template(one) for one in shown]
            if len(shown) < PAGE:
                return found

    async def submit(self, wording: Wording, *, is_new: bool) -> str:
        """Send a template for inspection; raises BizgoError."""
        named: Json = {
            "senderKey": self._account.sender_key,
            "senderKeyType": "S",
            "templateCode": wording.code,
        }
        written: Json = {
            **named,
            "templateName": wording.name,
            "templateMessageType": message_type(wording.buttons),
            "templateEmphasizeType": emphasis_type(wording),
            **({"title": wording.title} if wording.title else {}),
            **({"subTitle": wording.subtitle} if wording.subtitle else {}),
            "text": wording.text,
            "categoryCode": CATEGORY,
            **attach(wording.buttons),
        }
        method = "POST" if is_new else "PUT"
        _ = await call(self._account, method, PATH, body={"alimtalk": written})
        inspected = {"alimtalk": {**named, "comment": COMMENT}}
        _ = await call(self._account, "POST", INSPECT, body=inspected)
        return wording.code


def read_template(said: Json) -> VendorTemplate:
    """Return a template from Bizgo's words."""
    wording = Wording(
        code=text_of(said, "templateCode"),
        name=text_of(said, "templateName"),
        text=text_of(said, "text"),
        buttons=tuple(
            Button(
                kind=text_of(one, "type"),
                name=text_of(one, "name"),
                mobile_url=text_of(one, "urlMobile"),
                desktop_url=text_of(one, "urlPc"),
                android_url=text_of(one, "schemeAndroid"),
                ios_url=text_of(one, "schemeIos"),
            )
            for one in objects_of(object_of(said, "attachment"), "button")
        ),
        title=text_of(said, "title"),
        subtitle=text_of(said, "subTitle"),
    )
    comments = [text_of(one, "content") for one in objects_of(said, "comments")]
    state, comment = read_standing(said, STATES, name="inspectionStatus", comments=comments)
    if text_of(said, "status") == HALTED:
        state = TemplateState.STOPPED
    return standing_as(wording, state, comment)
