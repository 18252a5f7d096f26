"""Hands messages to SOLAPI, up to 10,000 in a call.

SOLAPI takes no key of ours. So a call without an answer stays unknown, and ``SolapiAsker`` looks
for it by what it echoes: ``customFields.deliveryId`` is our ``vendor_id``. Its own way of sending a
text where Kakao fails is always off: what follows a failure is our decision, by our guard.
"""

import asyncio
from collections.abc import Sequence
from itertools import chain
from typing import Final, assert_never

from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.codes import CALL_FAULTS, TAKEN, read_code
from dangol.providers.solapi.pictures import upload_picture
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Button,
    FaultKind,
    Idempotency,
    Kept,
    Outcome,
    Outgoing,
    PushNote,
    TextNote,
)
from dangol.providers.wire.batches import batches
from dangol.providers.wire.bubble import write_goods
from dangol.providers.wire.call import (
    DEFAULT_PAUSE,
    SERVER_FAULT,
    THROTTLED,
    Answered,
    Json,
    NotAnswered,
    NotSent,
    objects_of,
    text_of,
)
from dangol.providers.wire.codes import accept, refuse, refuse_all, wonder
from dangol.providers.wire.numbers import split_number
from dangol.providers.wire.texts import is_short
from dangol.store.vocabulary import PictureUse, Targeting

PATH: Final = "/messages/v4/send-many/detail"
MOST: Final = 10_000
# Its rate is nowhere written; so many calls at once, and patience where it says 429.
CALLS_AT_ONCE: Final = 5
AGENT: Final = {"sdkVersion": "dangol/1", "osPlatform": "python"}
TARGETING: Final = {
    Targeting.FRIENDS: "I",
    Targeting.CONSENTED: "M",
    Targeting.CONSENTED_NON_FRIENDS: "N",
}


class SolapiSender:
    """Sends Alimtalk, Brand Message and text messages through one account.

    ``Outgoing.sender`` is a registered number for a text, and the Kakao channel's id (pfId) for a
    Kakao message; where it is empty, the account's stands in. ``Outgoing.recipient`` is a number.
    """

    idempotency: Final = Idempotency.ASKABLE

    def __init__(self, account: SolapiAccount) -> None:
        self._account: Final = account

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages."""
        spoiled = [fault for message in messages if (fault := self._spoiled(message))]
        bad = {outcome.delivery_id for outcome in spoiled}
        good = [message for message in messages if message.delivery_id not in bad]
        places = asyncio.Semaphore(CALLS_AT_ONCE)
        calls = batches(good, most=MOST, kind=lambda _: "")
        found = await asyncio.gather(*(self._call(places, one) for one in calls))
        return [*spoiled, *chain.from_iterable(found)]

    async def upload(self, content: bytes, *, name: str, use: PictureUse) -> Kept:
        """Give SOLAPI a picture; raises SolapiError where it was not taken."""
        return await upload_picture(self._account, content, name=name, use=use)

    def _spoiled(self, message: Outgoing) -> Outcome | None:
        """Refuse what SOLAPI has no word for before anything is called."""
        match message.content:
            case BrandNote(targeting=targeting) if targeting not in TARGETING:
                detail = f"SOLAPI knows no Brand Message to {targeting}: use friends or consented."
            case BrandNote(template_code=code) if code:
                detail = "SOLAPI keeps no Brand Message templates of ours: leave vendor_code out."
            case bytes() | PushNote():
                detail = "SOLAPI carries Kakao and text messages only."
            case _:
                return None
        return refuse_all([message], fault=FaultKind.CONTENT, code="unfit", detail=detail)[0]

    async def _call(self, places: asyncio.Semaphore, messages: list[Outgoing]) -> list[Outcome]:
        async with places:
            told = await self._account.call("POST", PATH, body=self._body(messages))
        match told:
            case NotSent(why=why):
                fault = FaultKind.TRANSIENT
                return refuse_all(messages, fault=fault, code="connection", detail=why)
            case NotAnswered(why=why):
                return wonder(messages, code="no_answer", detail=why)
            case Answered() if told.is_ok:
                return read_answer(messages, told.said)
            case Answered(status=status) if status in SERVER_FAULT:
                # A gateway may say so for a call that went through behind it.
                return wonder(messages, code=str(status), detail=text_of(told.said, "errorMessage"))
            case Answered() if told.status < 400:  # noqa: PLR2004 - the protocol's number
                return wonder(messages, code=str(told.status), detail="the answer is no JSON")
            case Answered():
                return await self._refused(places, messages, told)
            case _:
                assert_never(told)

    async def _refused(
        self, places: asyncio.Semaphore, messages: list[Outgoing], told: Answered
    ) -> list[Outcome]:
        """Say what the refusal of a whole call means; one bad message must not stop the others."""
        code = text_of(told.said, "errorCode") or str(told.status)
        fault = fault_of(told.status, code)
        if fault is FaultKind.CONTENT and len(messages) > 1:
            half = len(messages) // 2
            parts = (messages[:half], messages[half:])
            found = await asyncio.gather(*(self._call(places, part) for part in parts))
            return list(chain.from_iterable(found))
        return refuse_all(
            messages,
            fault=fault,
            code=code,
            detail=text_of(told.said, "errorMessage"),
            retry_after=(told.retry_after or DEFAULT_PAUSE)
            if fault is FaultKind.THROTTLED
            else None,
        )

    def _body(self, messages: list[Outgoing]) -> Json:
        return {
            "messages": [self._write(message) for message in messages],
            "allowDuplicates": False,
            "showMessageList": True,
            "agent": AGENT,
        }

    def _write(self, message: Outgoing) -> Json:
        country, number = split_number(message.recipient)
        written: Json = {
            "to": number,
            "country": country,
            "customFields": {"deliveryId": message.vendor_id},
        }
        match message.content:
            case TextNote() as note:
                sender = split_number(message.sender or self._account.number)[1]
                return {**written, "from": sender, **write_text(note)}
            case AlimtalkNote() | BrandNote() as note:
                if self._account.number:
                    written["from"] = split_number(self._account.number)[1]
                channel = message.sender or self._account.channel
                return {**written, **write_kakao(note, channel=channel)}
            case bytes() | PushNote():
                raise TypeError(f"Delivery {message.delivery_id} is nothing SOLAPI carries.")


def write_text(note: TextNote) -> Json:
    """Return a text message as SOLAPI writes it."""
    title = {"subject": note.title} if note.title else {}
    if note.picture is not None:
        return {"type": "MMS", "text": note.text, "imageId": note.picture.file_id, **title}
    if is_short(note):
        return {"type": "SMS", "text": note.text}
    return {"type": "LMS", "text": note.text, **title}


def write_kakao(note: AlimtalkNote | BrandNote, *, channel: str) -> Json:
    """Return a Kakao message as SOLAPI writes it."""
    if isinstance(note, AlimtalkNote):
        variables = {f"#{{{name}}}": value for name, value in note.variables.items()}
        options: Json = {
            "pfId": channel,
            "templateId": note.template_code,
            "variables": variables,
            "disableSms": True,
        }
        return {"type": "ATA", "kakaoOptions": options}
    return {
        "type": "BMS_FREE",
        "kakaoOptions": {"pfId": channel, "disableSms": True, "bms": write_bubble(note)},
    }


def write_bubble(note: BrandNote) -> Json:
    """Return the bubble of a Brand Message; the text of one that sells stands under the price."""
    sells = note.commerce is not None
    text = {"additionalContent" if sells else "content": note.text} if note.text else {}
    bubble: Json = {
        "targeting": TARGETING[note.targeting],
        "chatBubbleType": note.bubble.upper(),
        **text,
    }
    if note.picture is not None:
        bubble["imageId"] = note.picture.file_id
        if note.image_url:
            bubble["imageLink"] = note.image_url
    if note.buttons:
        bubble["buttons"] = [write_button(button) for button in note.buttons]
    if (coupon := note.coupon) is not None:
        bubble["coupon"] = {
            "title": coupon.title,
            "description": coupon.description,
            "linkMobile": coupon.mobile_url,
        }
    if (goods := note.commerce) is not None:
        bubble["commerce"] = write_goods(goods)
    return bubble


def write_button(button: Button) -> Json:
    """Return a button of a Brand Message."""
    links = {
        "linkMobile": button.mobile_url,
        "linkPc": button.desktop_url,
        "linkAndroid": button.android_url,
        "linkIos": button.ios_url,
    }
    return {
        "linkType": button.kind,
        "name": button.name,
        **{name: url for name, url in links.items() if url},
    }


def fault_of(status: int, code: str) -> FaultKind:
    """Say what the refusal of a whole call means."""
    if status == THROTTLED:
        return FaultKind.THROTTLED
    if code in CALL_FAULTS:
        return CALL_FAULTS[code]
    return FaultKind.CONFIGURATION if status in {401, 402, 403, 404} else FaultKind.CONTENT


def read_answer(messages: list[Outgoing], said: Json) -> list[Outcome]:
    """Say what became of each message of a call that was taken.

    A refused one may be named by its recipient only, which is why nobody stands twice in a call.
    """
    by_key = {message.vendor_id: message for message in messages}
    outcomes: dict[int, Outcome] = {}
    others = objects_of(said, "failedMessageList")
    for one in objects_of(said, "messageList"):
        message = by_key.get(text_of(one, "customFields", "deliveryId"))
        if message is None or one.get("statusCode") != TAKEN:
            others.append(one)
            continue
        vendor_id = text_of(one, "messageId")
        outcomes[message.delivery_id] = accept(message, code=TAKEN, vendor_id=vendor_id)
    # To read every number again costs as much as all the rest, and is seldom needed.
    by_number = {split_number(one.recipient)[1]: one for one in messages} if others else {}
    for one in others:
        key = text_of(one, "customFields", "deliveryId")
        message = by_key.get(key) or by_number.get(text_of(one, "to"))
        if message is not None:
            outcomes[message.delivery_id] = read_one(message, one)
    missing = [message for message in messages if message.delivery_id not in outcomes]
    return [*outcomes.values(), *wonder(missing, code="unnamed", detail="the answer is silent")]


def read_one(message: Outgoing, said: Json) -> Outcome:
    """Say what became of one message."""
    code, vendor_id = text_of(said, "statusCode"), text_of(said, "messageId")
    if code == TAKEN:
        return accept(message, code=code, vendor_id=vendor_id)
    return refuse(
        message,
        read_code(code),
        code=code,
        said=text_of(said, "statusMessage"),
        vendor_id=vendor_id,
    )
