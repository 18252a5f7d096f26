"""Bizgo on loopback: omni sends under keys, answers of two layers, reports posted and polled.

A recipient 0100000CCCC is refused with the code ACCC where its number begins with 0 (01000000327 is
A327), and reported with the code CCCC otherwise.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from typing_extensions import override

from dangol.providers.bizgo.codes import DELIVERED, TAKEN, read_code
from dangol.providers.bizgo.fake_pictures import PictureShelf
from dangol.providers.bizgo.pictures import PATHS as PICTURES
from dangol.providers.bizgo.poll import CHANNELS
from dangol.providers.bizgo.poll import PATH as POLLING
from dangol.providers.bizgo.sender import PATH
from dangol.providers.bizgo.templates import INSPECT, LIST
from dangol.providers.bizgo.templates import PATH as TEMPLATES
from dangol.providers.wire.call import Json, at, object_of, objects_of, text_of
from dangol.providers.wire.fake import Asked, FakeVendor, Reply, Route, magic_code
from dangol.providers.wire.fake_shelf import Shelf, is_whole
from dangol.store.vocabulary import TemplateState

KEY: Final = "fake-bizgo-key"
HOOK_SECRET: Final = "fake-bizgo-hook"  # noqa: S105 - of a fake
CHANNEL: Final = "fake-bizgo-channel"
MOST: Final = 200
FILE_LIVES: Final = timedelta(days=7)
STATUSES: Final = {
    TemplateState.REGISTERED: "REG",
    TemplateState.INSPECTING: "REQ",
    TemplateState.REJECTED: "REJ",
}


class FakeBizgo(FakeVendor):
    """Bizgo with one account."""

    name = "bizgo"

    def __init__(
        self, *, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        # Until when a recipient counts as taken under a key.
        self.keys: dict[tuple[str, str], datetime] = {}
        self.polled: tuple[str, int] = ("", 0)
        self.shelf = Shelf()
        self.pictures = PictureShelf()
        # What is to be said of the channel beside its key.
        self.channel: Json = {"profileStatus": "A", "block": False, "dormant": False}

    @override
    def routes(self) -> list[Route]:
        return [
            Route(method="POST", path=PATH, handle=self.take, sends=True),
            Route(method="GET", path=POLLING, handle=self.show_reports),
            Route(method="DELETE", path=f"{POLLING}/*", handle=self.drop_reports),
            Route(method="GET", path=LIST, handle=self.show_templates),
            Route(method="POST", path=TEMPLATES, handle=self.put_template),
            Route(method="PUT", path=TEMPLATES, handle=self.put_template),
            Route(method="GET", path=CHANNELS, handle=self.show_channel),
            Route(method="POST", path=INSPECT, handle=self.inspect_template),
            *(
                Route(method="POST", path=path, handle=self.take_picture)
                for path in PICTURES.values()
            ),
        ]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        if asked.headers.get("authorization") != KEY:
            return Reply(status=401, said=envelope(gateway="A100"))
        return None

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        stamp = str(round(self.clock().timestamp() * 1_000))
        signature = hmac.digest(HOOK_SECRET.encode(), stamp.encode(), sha256).hex()
        return {"X-IB-Timestamp": stamp, "X-IB-Signature": signature}

    @override
    def settings(self) -> Mapping[str, str]:
        return {
            "DANGOL_BIZGO_URL": self.url,
            "DANGOL_BIZGO_KEY": KEY,
            "DANGOL_BIZGO_SENDER_KEY": CHANNEL,
            "DANGOL_BIZGO_NUMBER": "02-120-1234",
            "DANGOL_BIZGO_WEBHOOK_SECRET": HOOK_SECRET,
        }

    @override
    def do(self, act: str, who: str) -> bool:
        if act == "reply-stop":
            self.due.append(
                {
                    "msgKey": secrets.token_hex(8),
                    "serviceType": "MO",
                    "msgType": "SM",
                    "to": "021201234",
                    "from": who,
                    "originator": who,
                    "carrier": "SKT",
                    "content": "수신거부",
                    "occurredTime": self.clock().isoformat(),
                }
            )
        return act == "reply-stop" or self.shelf.judge(act, who)

    def show_templates(self, asked: Asked) -> Reply:
        """Show the channel's Alimtalk templates, a page at a time."""
        first, most = int(asked.query.get("offset", 0)), int(asked.query.get("limit", 100))
        found = [self.show_template(code) for code in self.shelf.kept]
        shown = {"alimtalk": {"templates": found[first : first + most]}}
        return Reply(said=envelope(data=shown))

    def show_template(self, code: str) -> Json:
        """Return a template as Bizgo shows it."""
        kept = self.shelf.kept[code]
        return {
            **kept.said,
            "inspectionStatus": STATUSES.get(kept.state, "APR"),
            "status": "R",
            "block": "true" if kept.state is TemplateState.STOPPED else "false",
            "dormant": "false",
            "comments": [{"content": one} for one in kept.comments],
        }

    def show_channel(self, asked: Asked) -> Reply:
        """Show one Kakao channel, if it is the account's."""
        if asked.query.get("senderKey") != CHANNEL:
            return Reply(status=400, said=envelope(service="A502"))
        shown = {"senderKey": CHANNEL, "status": "A", **self.channel}
        return Reply(said=envelope(data={"kakao": {"senderProfile": shown}}))

    def put_template(self, asked: Asked) -> Reply:
        """Keep a template, or change one."""
        said = object_of(asked.body, "alimtalk")
        code = text_of(said, "templateCode")
        if not is_whole(said, emphasis="templateEmphasizeType", title="title", subtitle="subTitle"):
            return Reply(status=400, said=envelope(service="A505"))
        if (code in self.shelf.kept) == (asked.method == "POST") or not self.shelf.put(code, said):
            return Reply(status=400, said=envelope(service="A505"))
        return Reply(said=envelope(data={"alimtalk": self.show_template(code)}))

    def inspect_template(self, asked: Asked) -> Reply:
        """Hand a template to the reviewer."""
        if not self.shelf.inspect(text_of(asked.body, "alimtalk", "templateCode")):
            return Reply(status=400, said=envelope(service="A505"))
        return Reply(said=envelope())

    def take_picture(self, asked: Asked) -> Reply:
        """Keep a picture, for a week where it is for a text message."""
        kept = self.pictures.keep(asked, until=self.clock() + FILE_LIVES)
        if kept is None:
            return Reply(status=400, said=envelope(service="A213"))
        return Reply(said=envelope(data=kept))

    def take(self, asked: Asked) -> Reply:
        """Take one message for each recipient."""
        body = asked.body
        people, flow = objects_of(body, "destinations"), objects_of(body, "messageFlow")
        key, lives = text_of(body, "idempotencyKey"), at(body, "idempotencyTtl")
        if not flow or not people:
            return Reply(status=400, said=envelope(service="A300"))
        if len(people) > MOST:
            return Reply(status=400, said=envelope(service="A318"))
        if key and not isinstance(lives, int):
            return Reply(status=400, said=envelope(service="A309"))
        until = self.clock() + timedelta(seconds=lives if isinstance(lives, int) else 0)
        template = text_of(flow[0], "alimtalk", "templateCode")
        if template and not self.shelf.carries(template):
            return Reply(status=400, said=envelope(service="A505"))
        if code := self.pictures.refuse(flow[0]):
            return Reply(status=400, said=envelope(service=code))
        found = [self.take_one(one, flow, key=key, until=until) for one in people]
        return Reply(said=envelope(data={"destinations": found}, ref=text_of(body, "ref")))

    def take_one(self, person: Json, flow: list[Json], *, key: str, until: datetime) -> Json:
        """Take a message for one recipient, unless it was taken under this key."""
        number, message_key = text_of(person, "to"), secrets.token_hex(8)
        magic = magic_code(number)
        answer: Json = {"to": number, "msgKey": message_key, "ref": text_of(person, "ref")}
        if magic.startswith("0"):
            code = f"A{magic[1:]}"
            return {**answer, "code": code, "result": read_code(code).ko}
        now = self.clock()
        if key and now < self.keys.get((key, number), now):
            return {**answer, "code": "A301", "result": "이미 처리된 요청"}
        if key:
            self.keys[key, number] = until
        self.keep(message_key, {**person, "messageFlow": flow})
        at_now = self.clock().isoformat()
        self.due.append(
            {
                "msgKey": message_key,
                "serviceType": "SM",
                "msgType": "SM",
                "sendTime": at_now,
                "reportTime": at_now,
                "reportType": "SM",
                "reportCode": magic or DELIVERED,
                "reportText": "성공" if not magic else "실패",
                "carrier": "SKT",
                "ref": text_of(person, "ref"),
            }
        )
        return {**answer, "code": TAKEN, "result": "Success"}

    def show_reports(self, _: Asked) -> Reply:
        """Show what is due; the same again until it is acknowledged."""
        due = list(self.due)
        if due and not self.polled[0]:
            self.polled = (secrets.token_hex(8), len(due))
        shown = due[: self.polled[1]]
        return Reply(said=envelope(data={"reportId": self.polled[0], "report": shown}))

    def drop_reports(self, asked: Asked) -> Reply:
        """Forget what was acknowledged."""
        if not asked.gap or asked.gap != self.polled[0]:
            return Reply(status=403, said=envelope(service="A802"))
        for _ in range(self.polled[1]):
            _ = self.due.popleft()
        self.polled = ("", 0)
        return Reply(said=envelope())


def envelope(
    *, gateway: str = TAKEN, service: str = TAKEN, data: object = None, ref: str = ""
) -> Json:
    """Return an answer of two layers."""
    common = {
        "authCode": gateway,
        "authResult": read_code(gateway).ko,
        "infobankTrId": secrets.token_hex(8),
    }
    if gateway != TAKEN:
        return {"common": common}
    inner: Json = {"code": service, "result": read_code(service).ko}
    if data is not None:
        inner["data"] = data
    if ref:
        inner["ref"] = ref
    return {"common": common, "data": inner}
