"""SOLAPI as far as we speak with it, on loopback: signatures, limits, codes, reports, the 080 list.

A recipient 0100000CCCC is answered with the code CCCC: 1xxx and 2xxx at reception, 3xxx in the
report. Everybody else's message is delivered.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Final, cast

from typing_extensions import override

from dangol.providers.solapi.account import CHANNELS, NUMBERS, signature_of
from dangol.providers.solapi.codes import DELIVERED, TAKEN, read_code
from dangol.providers.solapi.fake_group import ACCOUNT, group_info
from dangol.providers.solapi.fake_pictures import UNKNOWN_PICTURE, PictureShelf, kind_of
from dangol.providers.solapi.pictures import PATH as FILES
from dangol.providers.solapi.sender import MOST
from dangol.providers.solapi.templates import PATH as TEMPLATES
from dangol.providers.wire.call import Json, object_of, objects_of, text_of
from dangol.providers.wire.fake import Asked, FakeVendor, Reply, Route, magic_code
from dangol.providers.wire.fake_shelf import Shelf, is_whole
from dangol.providers.wire.numbers import NOT_DIGIT
from dangol.providers.wire.times import read_time
from dangol.store.vocabulary import TemplateState

KEY: Final = "NCSFAKE"
SECRET: Final = "fake-solapi-secret"  # noqa: S105 - of a fake
HOOK_SECRET: Final = "fake-solapi-hook"  # noqa: S105 - of a fake
CHANNEL: Final = "KA01PF-FAKE"
WINDOW: Final = timedelta(minutes=15)
LONGEST_BYTES: Final = {"SMS": 90, "LMS": 2_000, "MMS": 2_000}
AUTH: Final = re.compile(r"(\w+)=([^,\s]+)")


class FakeSolapi(FakeVendor):
    """SOLAPI with one account, whose sender numbers are those in ``numbers`` (empty: any)."""

    name = "solapi"

    def __init__(
        self, *, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        self.balance = 1_000_000.0
        self.numbers: set[str] = set()
        self.channels = [CHANNEL]
        self.denials: list[Json] = []
        self.shelf = Shelf()
        self.pictures = PictureShelf()
        self.signatures: dict[str, datetime] = {}
        # Whether a report's message stands under ``data``; SOLAPI's examples have both shapes.
        self.wraps_reports = True

    @override
    def routes(self) -> list[Route]:
        return [
            Route(
                method="POST", path="/messages/v4/send-many/detail", handle=self.take, sends=True
            ),
            Route(method="POST", path="/messages/v4/send", handle=self.take_one, sends=True),
            Route(method="GET", path="/messages/v4/list", handle=self.show_messages),
            Route(method="GET", path="/messages/v4/list-old", handle=self.show_messages),
            Route(method="GET", path="/cash/v1/balance", handle=self.show_balance),
            Route(method="GET", path=NUMBERS, handle=lambda _: Reply(said=sorted(self.numbers))),
            Route(method="GET", path=CHANNELS, handle=self.show_channels),
            Route(method="GET", path="/iam/v1/black", handle=self.show_denials),
            Route(method="GET", path=TEMPLATES, handle=self.show_templates),
            Route(method="POST", path=TEMPLATES, handle=self.add_template),
            Route(method="PUT", path=f"{TEMPLATES}/*", handle=self.change_template),
            Route(method="PUT", path=f"{TEMPLATES}/*/inspection", handle=self.inspect_template),
            Route(method="POST", path=FILES, handle=self.pictures.take),
            Route(method="POST", path="/webhook/v1/outgoing", handle=self.register),
        ]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        said = {
            name.lower(): value
            for name, value in AUTH.findall(asked.headers.get("authorization", ""))
        }
        now = self.clock() + self.ahead
        date, signature = said.get("date", ""), said.get("signature", "")
        made = read_time(date)
        if said.get("apikey") != KEY:
            return forbid("InvalidAPIKey", "등록되지 않은 API Key 입니다.")
        expected = signature_of(SECRET, date=date, salt=said.get("salt", ""))
        if not hmac.compare_digest(signature, expected):
            return forbid("SignatureDoesNotMatch", "서명이 일치하지 않습니다.")
        if made is None or abs(now - made) > WINDOW:
            return forbid("RequestTimeTooSkewed", "요청 시각이 서버와 15분 넘게 차이납니다.")
        if signature in self.signatures:
            return forbid("DuplicatedSignature", "이미 사용한 서명입니다.")
        self.signatures[signature] = now
        return None

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        hashed = sha1(HOOK_SECRET.encode()).hexdigest()  # noqa: S324 - SOLAPI's choice
        return {"X-Solapi-Secret": hashed, "X-Solapi-Event-Name": "SINGLE-REPORT"}

    @override
    def settings(self) -> Mapping[str, str]:
        return {
            "DANGOL_SOLAPI_URL": self.url,
            "DANGOL_SOLAPI_KEY": KEY,
            "DANGOL_SOLAPI_SECRET": SECRET,
            "DANGOL_SOLAPI_NUMBER": "02-120-1234",
            "DANGOL_SOLAPI_CHANNEL": CHANNEL,
            "DANGOL_SOLAPI_WEBHOOK_SECRET": HOOK_SECRET,
        }

    @override
    def do(self, act: str, who: str) -> bool:
        if act == "call-080":
            self.deny(who)
        return act == "call-080" or self.shelf.judge(act, who)

    def take(self, asked: Asked) -> Reply:
        """Take many messages; refuse the call only where it is no call at all."""
        body = asked.body
        messages = [one for many in objects_of(body, "messages") for one in spread(many)]
        if not 1 <= len(messages) <= MOST:
            return Reply(status=400, said=error("ValidationError", "1~10,000건만 가능합니다."))
        if not all(NOT_DIGIT.sub("", text_of(one, "to")) for one in messages):
            return Reply(status=400, said=error("ValidationError", "to는 숫자여야 합니다."))
        if self.balance <= 0:
            return Reply(status=402, said=error("NotEnoughBalance", "잔액이 부족합니다."))
        group = new_group()
        may_repeat = body.get("allowDuplicates") is True
        at = self.clock().isoformat()
        taken: list[Json] = []
        refused: list[Json] = []
        seen: set[object] = set()
        for place, message in enumerate(messages):
            to = message.get("to")
            code = self.judge(message, is_repeat=not may_repeat and to in seen)
            seen.add(to)
            kept = keep_of(message, code=code, group=group, place=place, at=at)
            (taken if code == TAKEN else refused).append(kept)
            if code == TAKEN:
                self.keep(str(kept["messageId"]), kept)
                self.due.append(self.report_of(kept, at=at))
        said: Json = {
            "failedMessageList": [answer_of(one, full=True) for one in refused],
            "groupInfo": group_info(group, taken=len(taken), refused=len(refused), at=at),
        }
        if body.get("showMessageList") is True:
            said["messageList"] = [answer_of(one) for one in taken]
        return Reply(said=said)

    def take_one(self, asked: Asked) -> Reply:
        """Take one message."""
        message = object_of(asked.body, "message")
        code = self.judge(message, is_repeat=False)
        if code != TAKEN:
            return Reply(status=400, said=error(code, read_code(code).ko))
        at = self.clock().isoformat()
        kept = keep_of(message, code=code, group=new_group(), place=0, at=at)
        self.keep(str(kept["messageId"]), kept)
        self.due.append(self.report_of(kept, at=at))
        return Reply(said=answer_of(kept, full=True))

    def judge(self, message: Json, *, is_repeat: bool) -> str:
        """Return the code with which a message is received."""
        code = magic_code(text_of(message, "to"))
        kind = kind_of(message)
        if code[:1] in {"1", "2"}:
            return code
        if is_repeat:
            return "1026"
        if not self.pictures.knows(message):
            return UNKNOWN_PICTURE
        if kind in LONGEST_BYTES:
            return self.judge_text(message, longest=LONGEST_BYTES[kind])
        template = text_of(message, "kakaoOptions", "templateId")
        if kind == "ATA" and not (template and self.shelf.carries(template)):
            return "1042"
        if kind in {"ATA", "BMS_FREE"} and not text_of(message, "kakaoOptions", "pfId"):
            return "1041"
        return TAKEN

    def judge_text(self, message: Json, *, longest: int) -> str:
        if self.numbers and text_of(message, "from") not in self.numbers:
            return "1062"
        try:
            size = len(text_of(message, "text").encode("cp949"))
        except UnicodeEncodeError:
            return "1029"
        return "1031" if size > longest else TAKEN

    def report_of(self, kept: Json, *, at: str) -> object:
        """Return the body that tells what became of a message, and let the list say the same."""
        code = magic_code(str(kept["to"]))
        kept["statusCode"] = code = code if code[:1] == "3" else DELIVERED
        told = {
            "messageId": kept["messageId"],
            "groupId": kept["groupId"],
            "type": kept["type"],
            "to": kept["to"],
            "from": kept["from"],
            "statusCode": code,
            "statusMessage": read_code(code).ko,
            "dateProcessed": at,
            "dateReported": at,
            "dateReceived": at,
            "networkCode": "10001",
            "customFields": kept["customFields"],
        }
        if not self.wraps_reports:
            return [told]
        return [{"eventDataId": f"E{kept['messageId']}", "data": told, "retryCount": 0}]

    def show_messages(self, asked: Asked) -> Reply:
        """List messages, a page at a time, the oldest first."""
        limit = int(asked.query.get("limit") or 20)
        wanted = {
            name: asked.query[name]
            for name in ("to", "messageId", "groupId")
            if name in asked.query
        }
        start, end = (read_time(asked.query.get(name, "")) for name in ("startDate", "endDate"))
        found = [
            (message_id, one)
            for message_id, one in self.messages.items()
            if all(text_of(one, name) == value for name, value in wanted.items())
            and is_within(one, start=start, end=end)
        ]
        first = next(
            (at for at, (key, _) in enumerate(found) if key == asked.query.get("startKey")), 0
        )
        page = found[first : first + limit]
        following = found[first + limit : first + limit + 1]
        return Reply(
            said={
                "startKey": asked.query.get("startKey"),
                "nextKey": following[0][0] if following else None,
                "limit": limit,
                "messageList": dict(page),
            }
        )

    def show_balance(self, _: Asked) -> Reply:
        """Show what is left."""
        return Reply(said={"balance": self.balance, "point": 0})

    def show_channels(self, _: Asked) -> Reply:
        """Show the Kakao channels that are linked."""
        return Reply(said={"channelList": [{"channelId": one} for one in self.channels]})

    def show_denials(self, asked: Asked) -> Reply:
        """Show who called the 080 number."""
        since = read_time(asked.query.get("dateCreated[gte]", ""))
        limit, first = int(asked.query.get("limit") or 20), int(asked.query.get("startKey") or 0)
        found = [one for one in self.denials if is_within(one, start=since, end=None)]
        more = first + limit < len(found)
        return Reply(
            said={
                "startKey": str(first),
                "limit": limit,
                "nextKey": str(first + limit) if more else None,
                "blackList": found[first : first + limit],
            }
        )

    def deny(self, number: str, *, sender: str = "0801234567") -> None:
        """Let somebody call the 080 number."""
        at = self.clock().isoformat()
        self.denials.append(
            {
                "handleKey": secrets.token_hex(8),
                "type": "DENIAL",
                "senderNumber": sender,
                "recipientNumber": number,
                "dateCreated": at,
                "dateUpdated": at,
            }
        )

    def show_templates(self, _: Asked) -> Reply:
        """Show the account's Alimtalk templates."""
        found = [self.show_template(code) for code in self.shelf.kept]
        return Reply(said={"templateList": found, "limit": 100, "nextKey": None})

    def show_template(self, code: str) -> Json:
        """Return a template as SOLAPI shows it."""
        kept = self.shelf.kept[code]
        comments = [{"isAdmin": True, "content": one} for one in kept.comments]
        state = {
            TemplateState.REGISTERED: "PENDING",
            TemplateState.STOPPED: "SUSPENDED",
        }.get(kept.state, kept.state.upper())
        shown = {**kept.said, "templateId": code, "status": state, "comments": comments}
        if subtitle := text_of(kept.said, "emphasizeSubTitle"):
            # It takes one spelling and shows the other.
            del shown["emphasizeSubTitle"]
            shown["emphasizeSubtitle"] = subtitle
        return shown

    def add_template(self, asked: Asked) -> Reply:
        """Keep a template under a code of our choice."""
        if not is_whole(
            asked.body,
            emphasis="emphasizeType",
            title="emphasizeTitle",
            subtitle="emphasizeSubTitle",
        ):
            return Reply(status=400, said=error("ValidationError", "강조 표기 문구가 없습니다."))
        code = f"KA01TP{secrets.token_hex(8).upper()}"
        _ = self.shelf.put(code, asked.body)
        return Reply(said=self.show_template(code))

    def change_template(self, asked: Asked) -> Reply:
        """Change a template that is not approved."""
        if asked.gap not in self.shelf.kept or not self.shelf.put(asked.gap, asked.body):
            return Reply(status=400, said=error("ValidationError", "수정할 수 없는 템플릿입니다."))
        return Reply(said=self.show_template(asked.gap))

    def inspect_template(self, asked: Asked) -> Reply:
        """Hand a template to the reviewer."""
        if not self.shelf.inspect(asked.gap):
            return Reply(status=400, said=error("ValidationError", "검수할 수 없는 템플릿입니다."))
        return Reply(said=self.show_template(asked.gap))

    def register(self, asked: Asked) -> Reply:
        """Note where reports are to be posted."""
        self.hook_url = text_of(asked.body, "url")
        return Reply(said={"webhookId": secrets.token_hex(8), **asked.body})


def spread(message: Json) -> list[Json]:
    """Return a message for each of its recipients."""
    to = message.get("to")
    many = cast("list[object]", to) if isinstance(to, list) else None
    return [message] if many is None else [{**message, "to": one} for one in many]


def new_group() -> str:
    return f"G4V{secrets.token_hex(14).upper()}"


def keep_of(message: Json, *, code: str, group: str, place: int, at: str) -> Json:
    return {
        "messageId": f"M4V{group[3:23]}{place:08X}",
        "groupId": group,
        "accountId": ACCOUNT,
        "to": str(message.get("to") or ""),
        "from": message.get("from") or "",
        "type": kind_of(message),
        "country": message.get("country") or "82",
        "text": message.get("text"),
        "subject": message.get("subject"),
        "imageId": message.get("imageId"),
        "kakaoOptions": message.get("kakaoOptions"),
        "statusCode": code,
        "customFields": message.get("customFields") or {},
        "dateCreated": at,
        "dateUpdated": at,
    }


def answer_of(kept: Json, *, full: bool = False) -> Json:
    """Return a message as an answer names it; a refused one without what we called it."""
    code = str(kept["statusCode"])
    shown = TAKEN if code == DELIVERED or code[:1] == "3" else code
    named: Json = {
        "messageId": kept["messageId"],
        "statusCode": shown,
        "statusMessage": read_code(code).ko,
        "customFields": {} if full else kept["customFields"],
    }
    if not full:
        return named
    names = ("to", "from", "type", "country", "accountId", "groupId")
    return named | {name: kept[name] for name in names}


def is_within(one: Json, *, start: datetime | None, end: datetime | None) -> bool:
    made = read_time(text_of(one, "dateCreated"))
    return made is not None and (start is None or start <= made) and (end is None or made <= end)


def error(code: str, message: str) -> Json:
    return {"errorCode": code, "errorMessage": message}


def forbid(code: str, message: str) -> Reply:
    return Reply(status=403, said=error(code, message))
