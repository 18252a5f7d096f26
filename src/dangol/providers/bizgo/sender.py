"""Hands messages to Bizgo, one in a call, each under a key of its own.

Bizgo knows a key for a day, and answers a message that it took under it before with ``A301``. The
key is our ``vendor_id``, the same for every attempt, so a call may be repeated whenever, by
whomever, and stays one message.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from dangol.providers.bizgo.codes import REPEATED, TAKEN, read_code
from dangol.providers.bizgo.pictures import upload_picture
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
from dangol.providers.wire.bubble import write_goods
from dangol.providers.wire.call import (
    DEFAULT_PAUSE,
    SERVER_FAULT,
    THROTTLED,
    Answered,
    Json,
    NotAnswered,
    NotSent,
    Place,
    object_of,
    objects_of,
    text_of,
)
from dangol.providers.wire.codes import accept, refuse, refuse_all, wonder
from dangol.providers.wire.numbers import split_number
from dangol.providers.wire.texts import is_short
from dangol.store.vocabulary import BubbleKind, PictureUse, Targeting

URL: Final = "https://mars.ibapi.kr"
PATH: Final = "/api/comm/v1/send/omni"
KEY_LIVES: Final = timedelta(days=1)
# It takes 200 messages a second.
CALLS_AT_ONCE: Final = 20
TARGETING: Final = {
    Targeting.CONSENTED: "M",
    Targeting.CONSENTED_NON_FRIENDS: "N",
    Targeting.CONSENTED_AND_FRIENDS: "I",
}
KINDS: Final = {
    BubbleKind.TEXT: "FT",
    BubbleKind.IMAGE: "FI",
    BubbleKind.WIDE: "FW",
    BubbleKind.COMMERCE: "FM",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BizgoAccount:
    """One account; Bizgo also wants to know the address its calls come from."""

    key: str
    url: str = URL
    seconds: float = 30.0
    # What stands where a message names no sender: a registered number; the channel's senderKey.
    number: str = ""
    sender_key: str = ""
    opt_out_number: str = ""

    @property
    def place(self) -> Place:
        """Where it is called."""
        return Place(url=self.url, seconds=self.seconds)

    @property
    def headers(self) -> dict[str, str]:
        """What lets us in: the key alone, without a word before it."""
        return {"Authorization": self.key, "X-Bizgo-Client": "dangol/1"}


class BizgoSender:
    """Sends Alimtalk, Brand Message and text messages through one account.

    ``Outgoing.sender`` is a registered number for a text, and the channel's senderKey for a Kakao
    message; where it is empty, the account's stands in.
    """

    idempotency: Final = Idempotency.KEYED
    key_lives: Final = KEY_LIVES

    def __init__(self, account: BizgoAccount) -> None:
        self._account: Final = account

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages."""
        places = asyncio.Semaphore(CALLS_AT_ONCE)
        return list(await asyncio.gather(*(self._call(places, one) for one in messages)))

    async def upload(self, content: bytes, *, name: str, use: PictureUse) -> Kept:
        """Give Bizgo a picture; raises VendorError where it was not taken."""
        account = self._account
        return await upload_picture(
            account.place, content, name=name, use=use, headers=account.headers
        )

    async def _call(self, places: asyncio.Semaphore, message: Outgoing) -> Outcome:
        flow = write_flow(message, self._account)
        if flow is None:
            detail = "Bizgo has no word for this message."
            return refuse_all([message], fault=FaultKind.CONTENT, code="unfit", detail=detail)[0]
        body = {
            "destinations": [{"to": split_number(message.recipient)[1], "ref": message.vendor_id}],
            "messageFlow": [flow],
            "ref": message.vendor_id,
            "idempotencyKey": message.vendor_id,
            "idempotencyTtl": round(KEY_LIVES.total_seconds()),
        }
        async with places:
            told = await self._account.place.call(
                "POST", PATH, headers=self._account.headers, body=body
            )
        match told:
            case NotSent(why=why):
                fault = FaultKind.TRANSIENT
                return refuse_all([message], fault=fault, code="connection", detail=why)[0]
            case NotAnswered(why=why):
                return wonder([message], code="no_answer", detail=why)[0]
            case Answered():
                return read_answer(message, told)
            case _:
                assert_never(told)


def write_flow(message: Outgoing, account: BizgoAccount) -> Json | None:
    """Return a message as Bizgo writes it, alone: what follows a failure is our decision."""
    note = message.content
    channel = message.sender or account.sender_key
    match note:
        case TextNote():
            sender = split_number(message.sender or account.number)[1]
            return write_text(note, sender=sender)
        case AlimtalkNote():
            return {
                "alimtalk": {
                    "msgType": "AT",
                    "senderKey": channel,
                    "templateCode": note.template_code,
                    "text": note.text,
                    **({"title": note.title} if note.title else {}),
                    **attach(note.buttons),
                }
            }
        case BrandNote(targeting=targeting, template_code="") if targeting in TARGETING:
            return {"brandmessage": write_brand(note, account=account, channel=channel)}
        case BrandNote() | PushNote() | bytes():
            return None


def write_text(note: TextNote, *, sender: str) -> Json:
    """Return a text message: with a picture or long it is called MMS, else SMS."""
    if is_short(note):
        return {"sms": {"from": sender, "text": note.text}}
    files = {"fileKey": [note.picture.file_id]} if note.picture is not None else {}
    return {"mms": {"from": sender, "title": note.title or "알림", "text": note.text, **files}}


def write_brand(note: BrandNote, *, account: BizgoAccount, channel: str) -> Json:
    """Return a Brand Message; the text of a bubble that sells stands under the price."""
    opt_out = split_number(account.opt_out_number)[1]
    text = {"additionalContent" if note.commerce is not None else "text": note.text}
    return {
        "sendType": "free",
        "msgType": KINDS[note.bubble],
        "senderKey": channel,
        "targeting": TARGETING[note.targeting],
        **(text if note.text else {}),
        "adFlag": "Y",
        **({"unsubscribePhoneNumber": opt_out} if opt_out else {}),
        **attach(note.buttons, note),
    }


def attach(buttons: Sequence[Button], note: BrandNote | None = None) -> Json:
    """Return buttons and what else a bubble holds as an attachment; nothing where there is none."""
    attachment: Json = {}
    if buttons:
        attachment["button"] = [
            {
                "type": one.kind,
                "name": one.name,
                **({"urlMobile": one.mobile_url} if one.mobile_url else {}),
                **({"urlPc": one.desktop_url} if one.desktop_url else {}),
                **({"schemeAndroid": one.android_url} if one.android_url else {}),
                **({"schemeIos": one.ios_url} if one.ios_url else {}),
            }
            for one in buttons
        ]
    if note and note.picture is not None:
        link = {"imgLink": note.image_url} if note.image_url else {}
        attachment["image"] = {"imgUrl": note.picture.file_id, **link}
    if note and note.coupon is not None:
        attachment["coupon"] = {
            "title": note.coupon.title,
            "description": note.coupon.description,
            "urlMobile": note.coupon.mobile_url,
            "urlPc": note.coupon.mobile_url,
        }
    if note and note.commerce is not None:
        attachment["commerce"] = write_goods(note.commerce)
    return {"attachment": attachment} if attachment else {}


def read_answer(message: Outgoing, told: Answered) -> Outcome:
    """Say what became of a message: by the call's code, the request's, and its own."""
    if not told.readable:
        return wonder([message], code=str(told.status), detail="the answer is no JSON")[0]
    inner = object_of(told.said, "data")
    gateway, service = text_of(told.said, "common", "authCode"), text_of(inner, "code")
    for code in (gateway, service):
        if code not in {"", TAKEN, REPEATED}:
            return refuse_call(message, told, code)
    if told.status in SERVER_FAULT:
        return wonder([message], code=str(told.status), detail="")[0]
    if told.status == THROTTLED or not told.is_ok:
        return refuse_call(message, told, "A020" if told.status == THROTTLED else "A100")
    named = objects_of(inner, "data", "destinations")
    one: Json = named[0] if named else {}
    code, vendor_id = text_of(one, "code"), text_of(one, "msgKey")
    if code in {TAKEN, REPEATED} or service == REPEATED:
        return accept(message, code=code or REPEATED, vendor_id=vendor_id)
    if not code:
        return wonder([message], code="unnamed", detail="the answer is silent")[0]
    return refuse(message, read_code(code), code=code, said=text_of(one, "result"))


def refuse_call(message: Outgoing, told: Answered, code: str) -> Outcome:
    """Say what the refusal of a call means; of a fault of the server nobody knows."""
    meaning = read_code(code)
    said = text_of(told.said, "data", "result") or text_of(told.said, "common", "authResult")
    if meaning.fault is FaultKind.TRANSIENT and told.status in SERVER_FAULT:
        return wonder([message], code=code, detail=said)[0]
    fault = meaning.fault or FaultKind.CONTENT
    return refuse_all(
        [message],
        fault=fault,
        code=code,
        detail=f"{said} ({meaning.en})",
        retry_after=(told.retry_after or DEFAULT_PAUSE) if fault is FaultKind.THROTTLED else None,
    )[0]
