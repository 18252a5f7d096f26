"""Hands messages to NHN Cloud, up to 1,000 in a call.

A call carries a key that NHN knows for ten minutes. A call that was not answered is therefore made
again at once, the very same under the same key: answered ``-1005``, the first was taken. The key
belongs to the whole call, and nobody can be sure to compose the same call again later, so from
then on its messages stay unknown.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Final

from dangol.providers.nhn.codes import REPEATED, TAKEN, read_refusal
from dangol.providers.nhn.pictures import upload_file, upload_image
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Button,
    FaultKind,
    Idempotency,
    Kept,
    Outcome,
    Outgoing,
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
    NotSent,
    Place,
    Told,
    object_of,
    objects_of,
    text_of,
)
from dangol.providers.wire.codes import accept, refuse, refuse_all, wonder
from dangol.providers.wire.numbers import split_number
from dangol.providers.wire.texts import is_short
from dangol.store.vocabulary import PictureUse, Targeting

KAKAO_URL: Final = "https://kakaotalk-bizmessage.api.nhncloudservice.com"
SMS_URL: Final = "https://sms.api.nhncloudservice.com"
MOST: Final = 1_000
CALLS_AT_ONCE: Final = 5
TRIES: Final = 3
ADVERTISEMENT: Final = "(광고)"
# Unsaid, NHN sends a text instead where its console is set so; what follows is our decision.
NO_RESEND: Final[Json] = {"isResend": False}
TARGETING: Final = {
    Targeting.FRIENDS: "I",
    Targeting.CONSENTED: "M",
    Targeting.CONSENTED_NON_FRIENDS: "N",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NhnAccount:
    """App key and secret of each of the two products; the 080 number that Brand Messages name."""

    kakao_app_key: str = ""
    kakao_secret: str = ""
    sms_app_key: str = ""
    sms_secret: str = ""
    kakao_url: str = KAKAO_URL
    sms_url: str = SMS_URL
    seconds: float = 30.0
    # What stands where a message names no sender: a registered number; the channel's senderKey.
    number: str = ""
    sender_key: str = ""
    opt_out_number: str = ""


class NhnSender:
    """Sends Alimtalk, Brand Message and text messages through one account.

    ``Outgoing.sender`` is a registered number for a text, and the channel's senderKey for a Kakao
    message; where it is empty, the account's stands in. A text that begins with (광고) goes the way
    of advertisements, where NHN itself looks for the free opt-out at its end (-6003).
    """

    idempotency: Final = Idempotency.NEITHER

    def __init__(self, account: NhnAccount) -> None:
        self._account: Final = account

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages."""
        bad = [message for message in messages if not is_fit(message)]
        spoiled = refuse_all(
            bad, fault=FaultKind.CONTENT, code="unfit", detail="NHN has no word for this message."
        )
        unfit = {message.delivery_id for message in bad}
        good = [message for message in messages if message.delivery_id not in unfit]
        places = asyncio.Semaphore(CALLS_AT_ONCE)
        calls = batches(good, most=MOST, kind=kind_of)
        found = await asyncio.gather(*(self._call(places, one) for one in calls))
        return [*spoiled, *chain.from_iterable(found)]

    async def upload(self, content: bytes, *, name: str, use: PictureUse) -> Kept:
        """Give NHN a picture; raises VendorError where it was not taken."""
        account = self._account
        if use is PictureUse.MMS:
            place = Place(url=account.sms_url, seconds=account.seconds)
            return await upload_file(
                place, content, name=name, key=account.sms_app_key, secret=account.sms_secret
            )
        return await upload_image(
            Place(url=account.kakao_url, seconds=account.seconds),
            content,
            name=name,
            use=use,
            key=account.kakao_app_key,
            secret=account.kakao_secret,
        )

    async def _call(self, places: asyncio.Semaphore, messages: list[Outgoing]) -> list[Outcome]:
        names = ",".join(sorted(message.vendor_id for message in messages))
        key = sha256(names.encode()).hexdigest()
        is_repeat = False
        told: Told = NotSent(why="not begun")
        async with places:
            for _ in range(TRIES):
                told = await self._post(messages, key=key)
                if isinstance(told, NotSent) and not is_repeat:
                    break
                if isinstance(told, Answered) and told.is_ok:
                    break
                if (
                    isinstance(told, Answered)
                    and told.status not in SERVER_FAULT
                    and not (
                        told.status < 400  # noqa: PLR2004 - the protocol's number
                    )
                ):
                    break
                is_repeat = True
        return read_told(messages, told, is_repeat=is_repeat)

    async def _post(self, messages: list[Outgoing], *, key: str) -> Told:
        account = self._account
        path, body = write_call(messages, account)
        is_sms = isinstance(messages[0].content, TextNote)
        place = Place(url=account.sms_url if is_sms else account.kakao_url, seconds=account.seconds)
        return await place.call(
            "POST",
            path,
            headers={
                "X-Secret-Key": account.sms_secret if is_sms else account.kakao_secret,
                "X-NC-API-IDEMPOTENCY-KEY": key,
            },
            body=body,
        )


def is_fit(message: Outgoing) -> bool:
    """Tell whether NHN has a word for a message."""
    match message.content:
        case BrandNote(targeting=targeting):
            return targeting in TARGETING
        case AlimtalkNote() | TextNote():
            return True
        case _:
            return False


def kind_of(message: Outgoing) -> str:
    """Name what all messages of a call have in common."""
    note = message.content
    if isinstance(note, AlimtalkNote):
        return f"alimtalk:{message.sender}:{note.template_code}"
    if isinstance(note, BrandNote) and note.template_code:
        return f"brand:{message.sender}:{note.template_code}:{note.targeting}"
    return f"{message.sender}:{note!r}"


def write_call(messages: list[Outgoing], account: NhnAccount) -> tuple[str, Json]:
    """Return where a call goes and what it says."""
    first, note = messages[0], messages[0].content
    if isinstance(note, TextNote):
        return write_text(messages, note, account=account)
    sender = {"senderKey": first.sender or account.sender_key}
    if isinstance(note, AlimtalkNote):
        return f"/alimtalk/v2.3/appkeys/{account.kakao_app_key}/messages", {
            **sender,
            "templateCode": note.template_code,
            "recipientList": [write_alimtalk(message) for message in messages],
        }
    assert isinstance(note, BrandNote)  # noqa: S101 - is_fit has looked
    path, body = write_brand(messages, note)
    opt_out = {"unsubscribeNo": account.opt_out_number} if account.opt_out_number else {}
    return f"/brand-message/v1.0/appkeys/{account.kakao_app_key}/{path}", {
        **sender,
        "pushAlarm": True,
        **body,
        **opt_out,
    }


def write_brand(messages: list[Outgoing], note: BrandNote) -> tuple[str, Json]:
    """Return where Brand Messages go, and what is said of them beside who sends."""
    people = [
        {
            **recipient_of(message),
            "targeting": TARGETING[note.targeting],
            "resendParameter": NO_RESEND,
            **gaps_of(message),
        }
        for message in messages
    ]
    if note.template_code:
        return "basic-messages", {"templateCode": note.template_code, "recipientList": people}
    return "freestyle-messages", {
        "chatBubbleType": note.bubble.upper(),
        "adult": False,
        "recipientList": people,
        **write_bubble(note),
    }


def write_bubble(note: BrandNote) -> Json:
    """Return what a bubble holds; the text of one that sells stands under the price."""
    bubble: Json = {"buttons": [write_button(button) for button in note.buttons]}
    if note.text:
        bubble["additionalContent" if note.commerce is not None else "content"] = note.text
    if note.picture is not None:
        link = {"imageLink": note.image_url} if note.image_url else {}
        bubble["image"] = {"imageUrl": note.picture.file_id, **link}
    if (coupon := note.coupon) is not None:
        bubble["coupon"] = {
            "title": coupon.title,
            "description": coupon.description,
            "linkMo": coupon.mobile_url,
        }
    if note.commerce is not None:
        bubble["commerce"] = write_goods(note.commerce)
    return bubble


def gaps_of(message: Outgoing) -> Json:
    """Return what stands in the gaps of a Brand Message's template."""
    note = message.content
    assert isinstance(note, BrandNote)  # noqa: S101 - its call is of one kind
    return {"templateParameter": dict(note.variables)} if note.template_code else {}


def write_text(
    messages: list[Outgoing], note: TextNote, *, account: NhnAccount
) -> tuple[str, Json]:
    kind = "sms" if is_short(note) else "mms"
    # NHN names files by numbers.
    files = {"attachFileIdList": [int(note.picture.file_id)]} if note.picture else {}
    ad = "ad-" if note.text.startswith(ADVERTISEMENT) else ""
    sender = messages[0].sender or account.number
    return f"/sms/v3.0/appKeys/{account.sms_app_key}/sender/{ad}{kind}", {
        **({"title": note.title or "알림"} if kind == "mms" else {}),
        "body": note.text,
        **files,
        "sendNo": split_number(sender)[1],
        "recipientList": [recipient_of(message) for message in messages],
    }


def recipient_of(message: Outgoing) -> Json:
    number = split_number(message.recipient)[1]
    return {"recipientNo": number, "recipientGroupingKey": message.vendor_id}


def write_alimtalk(message: Outgoing) -> Json:
    note = message.content
    assert isinstance(note, AlimtalkNote)  # noqa: S101 - its call is of one kind
    return {
        **recipient_of(message),
        "templateParameter": dict(note.variables),
        "resendParameter": NO_RESEND,
    }


def write_button(button: Button) -> Json:
    links = {
        "linkMo": button.mobile_url,
        "linkPc": button.desktop_url,
        "schemeAndroid": button.android_url,
        "schemeIos": button.ios_url,
    }
    return {
        "name": button.name,
        "type": button.kind,
        **{name: url for name, url in links.items() if url},
    }


def read_told(messages: list[Outgoing], told: Told, *, is_repeat: bool) -> list[Outcome]:
    """Say what became of each message of a call."""
    if not isinstance(told, Answered):
        if isinstance(told, NotSent) and not is_repeat:
            return refuse_all(
                messages, fault=FaultKind.TRANSIENT, code="connection", detail=told.why
            )
        return wonder(messages, code="no_answer", detail=told.why)
    if told.status == THROTTLED and not is_repeat:
        return refuse_all(
            messages,
            fault=FaultKind.THROTTLED,
            code="429",
            detail="too many calls",
            retry_after=told.retry_after or DEFAULT_PAUSE,
        )
    header = object_of(told.said, "header")
    code = text_of(header, "resultCode") or str(told.status)
    if code == REPEATED:
        # Which of them it refused is in no answer; its reports will say.
        return [accept(message, code=code, vendor_id="") for message in messages]
    if told.is_ok and header.get("isSuccessful") is True:
        return read_answer(messages, told.said)
    if is_repeat or told.status in SERVER_FAULT or not told.readable:
        return wonder(messages, code=code, detail=text_of(header, "resultMessage"))
    fault = (
        FaultKind.CONFIGURATION
        if told.status in {401, 403, 404}
        else read_refusal(code).fault or FaultKind.CONTENT
    )
    return refuse_all(messages, fault=fault, code=code, detail=text_of(header, "resultMessage"))


def read_answer(messages: list[Outgoing], said: Json) -> list[Outcome]:
    """Say what became of each message of a call that was taken; a call names nobody twice."""
    message_part, data_part = object_of(said, "message"), object_of(said, "body", "data")
    request = text_of(message_part, "requestId") or text_of(data_part, "requestId")
    by_number = {split_number(message.recipient)[1]: message for message in messages}
    outcomes: dict[int, Outcome] = {}
    for one in (*objects_of(message_part, "sendResults"), *objects_of(data_part, "sendResultList")):
        message = by_number.get(text_of(one, "recipientNo"))
        if message is None:
            continue
        code = text_of(one, "resultCode")
        vendor_id = f"{request}:{text_of(one, 'recipientSeq')}"
        outcomes[message.delivery_id] = (
            accept(message, code=code, vendor_id=vendor_id)
            if code == TAKEN
            else refuse(
                message,
                read_refusal(code),
                code=code,
                said=text_of(one, "resultMessage"),
                vendor_id=vendor_id,
            )
        )
    missing = [message for message in messages if message.delivery_id not in outcomes]
    return [*outcomes.values(), *wonder(missing, code="unnamed", detail="the answer is silent")]
