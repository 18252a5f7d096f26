"""NHN Cloud's KakaoTalk Bizmessage and SMS on loopback: keys, limits, the rule for advertisements.

A recipient 0100000CCCC has the code CCCC in the report; 01000009001 is refused at reception.
"""

import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from typing_extensions import override

from dangol.providers.nhn.codes import DELIVERED
from dangol.providers.nhn.fake_pictures import PictureShelf, header
from dangol.providers.nhn.sender import MOST
from dangol.providers.wire.call import Json, objects_of, text_of
from dangol.providers.wire.fake import MOST_KEPT, Asked, FakeVendor, Reply, Route, magic_code
from dangol.providers.wire.fake_shelf import Kept, Shelf, is_whole
from dangol.providers.wire.times import read_time
from dangol.store.vocabulary import TemplateState

APP_KEY: Final = "fake-nhn-app"
SECRET: Final = "fake-nhn-secret"  # noqa: S105 - of a fake
SIGNATURE: Final = "fake-nhn-signature"
KEY_LIVES: Final = timedelta(minutes=10)
CHANNEL: Final = "f" * 40
NUMBER: Final = "021201234"
REFUSED_NUMBER: Final = "01000009001"
STATUSES: Final = {
    TemplateState.REGISTERED: "TSC01",
    TemplateState.INSPECTING: "TSC02",
    TemplateState.REJECTED: "TSC04",
}
# Minutes are asked for whole.
WHOLE_MINUTE: Final = timedelta(minutes=1)
# What a hook tells and the list does not.
UNLISTED: Final = frozenset({"kakaoMessageType", "recipientNo", "recipientGroupingKey"})
# What an advertisement must begin and end with, or it is not taken.
OPT_OUT: Final = re.compile(r"무료\s*(?:수신\s*)?거부[\]\s:]*080[-\d\s]{6,12}$")


class FakeNhn(FakeVendor):
    """Both products, one app key."""

    name = "nhn"

    def __init__(
        self, *, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        self.keys: dict[str, datetime] = {}
        self.shelf = Shelf()
        self.pictures = PictureShelf()
        # Of Brand Messages, which nobody inspects.
        self.brand = Shelf()
        self.numbers: set[str] = {NUMBER}
        # What is to be said of the channel beside its key.
        self.channel: Json = {"status": "YSC03", "kakaoProfileStatus": "A"}
        # What became of messages, for who asks; Kakao's and texts.
        self.results: deque[Json] = deque(maxlen=MOST_KEPT)

    @override
    def routes(self) -> list[Route]:
        kakao = [
            Route(method="POST", path=path, handle=self.take_kakao, sends=True)
            for path in (
                "/alimtalk/v2.3/appkeys/*/messages",
                "/brand-message/v1.0/appkeys/*/freestyle-messages",
                "/brand-message/v1.0/appkeys/*/basic-messages",
            )
        ]
        texts = [
            Route(method="POST", path=path, handle=self.take_text, sends=True)
            for path in ("/sms/v3.0/appKeys/*/sender/sms", "/sms/v3.0/appKeys/*/sender/mms")
        ]
        ads = [
            Route(method="POST", path=path, handle=self.take_ad, sends=True)
            for path in ("/sms/v3.0/appKeys/*/sender/ad-sms", "/sms/v3.0/appKeys/*/sender/ad-mms")
        ]
        templates = "/alimtalk/v2.3/appkeys/*/senders/*/templates"
        brand = "/brand-message/v1.0/appkeys/*/senders/*/templates"
        kept = [
            Route(method="GET", path=templates, handle=self.show_templates),
            Route(method="POST", path=templates, handle=self.put_template),
            Route(method="PUT", path=f"{templates}/*", handle=self.put_template),
            Route(method="GET", path=brand, handle=self.show_brand),
            Route(method="POST", path=brand, handle=self.put_brand),
            Route(method="PUT", path=f"{brand}/*", handle=self.put_brand),
        ]
        results = [
            Route(method="GET", path=path, handle=self.show_results)
            for path in (
                "/alimtalk/v2.3/appkeys/*/message-results",
                "/sms/v3.0/appKeys/*/message-results",
            )
        ]
        channel = "/alimtalk/v2.3/appkeys/*/senders/*"
        account = [
            Route(method="GET", path=channel, handle=self.show_channel),
            Route(method="GET", path="/sms/v3.0/appKeys/*/sendNos", handle=self.show_numbers),
        ]
        return [*kakao, *texts, *ads, *kept, *results, *account, *self.pictures.routes()]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        if f"/{APP_KEY}/" not in asked.path:
            return Reply(said=header(-1000, "잘못된 앱키"))
        if asked.headers.get("x-secret-key") != SECRET:
            return Reply(status=401, said=header(-1, "인증 실패"))
        key = asked.headers.get("x-nc-api-idempotency-key", "")
        now = self.clock()
        if key and now - self.keys.get(key, now - KEY_LIVES) < KEY_LIVES:
            return Reply(said=header(-1005, "중복 요청"))
        if key:
            self.keys[key] = now
        return None

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        return {"X-Toast-Webhook-Signature": SIGNATURE}

    @override
    def settings(self) -> Mapping[str, str]:
        return {
            "DANGOL_NHN_KAKAO_URL": self.url,
            "DANGOL_NHN_KAKAO_APP_KEY": APP_KEY,
            "DANGOL_NHN_KAKAO_SECRET": SECRET,
            "DANGOL_NHN_SMS_URL": self.url,
            "DANGOL_NHN_SMS_APP_KEY": APP_KEY,
            "DANGOL_NHN_SMS_SECRET": SECRET,
            "DANGOL_NHN_SENDER_KEY": CHANNEL,
            "DANGOL_NHN_NUMBER": NUMBER,
            "DANGOL_NHN_WEBHOOK_SIGNATURE": SIGNATURE,
        }

    @override
    def do(self, act: str, who: str) -> bool:
        if act == "call-080":
            told: Json = {
                "hookId": secrets.token_hex(8),
                "recipientNo": who,
                "unsubscribeNo": "08012345678",
                "enterpriseName": "단골",
                "createdDateTime": self.clock().isoformat(),
            }
            self.due.append(hook("UNSUBSCRIBE", [told]))
        return act == "call-080" or self.judge(act, who)

    def judge(self, act: str, code: str) -> bool:
        """Let the reviewer judge a template, and tell; of a block NHN tells only who asks."""
        if act == "stop" and self.brand.judge(act, code):
            return True
        if not self.shelf.judge(act, code):
            return False
        shown = self.show_template(code)
        if shown["block"] is False:
            told: Json = {name: shown[name] for name in ("templateCode", "status", "comments")}
            at = self.clock().isoformat()
            hooked = {**told, "senderKey": CHANNEL, "updateDate": at}
            self.due.append(hook("TEMPLATE_STATUS_UPDATE", [hooked]))
        return True

    def show_templates(self, asked: Asked) -> Reply:
        """Show the channel's Alimtalk templates, a page at a time."""
        size, page = int(asked.query.get("pageSize", 15)), int(asked.query.get("pageNum", 1))
        found = [self.show_template(code) for code in self.shelf.kept]
        shown = {"templates": found[(page - 1) * size : page * size], "totalCount": len(found)}
        return Reply(said={**header(0, "SUCCESS"), "templateListResponse": shown})

    def show_template(self, code: str) -> Json:
        """Return a template as NHN shows it."""
        kept = self.shelf.kept[code]
        return {
            **kept.said,
            "templateCode": code,
            "comments": [{"content": one} for one in kept.comments],
            "status": STATUSES.get(kept.state, "TSC03"),
            "block": kept.state is TemplateState.STOPPED,
        }

    def put_template(self, asked: Asked) -> Reply:
        """Keep a template, or change one, and hand it to the reviewer."""
        is_new = asked.method == "POST"
        code = text_of(asked.body, "templateCode") if is_new else asked.path.rsplit("/", 1)[1]
        if not is_whole(
            asked.body,
            emphasis="templateEmphasizeType",
            title="templateTitle",
            subtitle="templateSubtitle",
        ):
            return Reply(said=header(-2006, "강조 표기 문구가 없습니다."))
        if (code in self.shelf.kept) == is_new or not self.shelf.put(code, asked.body):
            return Reply(said=header(-2006, "등록하거나 수정할 수 없는 템플릿입니다."))
        _ = self.shelf.inspect(code)
        return Reply(said=header(0, "SUCCESS"))

    def show_brand(self, asked: Asked) -> Reply:
        """Show the channel's Brand Message templates, a page at a time."""
        size, page = int(asked.query.get("pageSize", 15)), int(asked.query.get("pageNum", 1))
        found: list[Json] = [
            {
                **kept.said,
                "templateCode": code,
                "status": "S" if kept.state is TemplateState.STOPPED else "A",
            }
            for code, kept in self.brand.kept.items()
        ]
        shown = {"templates": found[(page - 1) * size : page * size], "totalCount": len(found)}
        return Reply(said={**header(0, "SUCCESS"), "templateListResponse": shown})

    def put_brand(self, asked: Asked) -> Reply:
        """Keep a Brand Message template under a code of our choice, or change one."""
        is_new = asked.method == "POST"
        code = f"BM{secrets.token_hex(8)}" if is_new else asked.path.rsplit("/", 1)[1]
        if not is_new and code not in self.brand.kept:
            return Reply(said=header(-2006, "수정할 수 없는 템플릿입니다."))
        self.brand.kept[code] = Kept(said=asked.body, state=TemplateState.APPROVED)
        return Reply(said={**header(0, "SUCCESS"), "template": {"templateCode": code}})

    def show_channel(self, asked: Asked) -> Reply:
        """Show one Kakao channel, if it is the account's."""
        if asked.path.rsplit("/", 1)[1] != CHANNEL:
            return Reply(said=header(-2000, "존재하지 않는 발신 프로필"))
        shown = {"senderKey": CHANNEL, "alimtalk": {"isResend": False}, **self.channel}
        return Reply(said={**header(0, "SUCCESS"), "sender": shown})

    def show_numbers(self, asked: Asked) -> Reply:
        """Show the sender number that is asked for, if it is registered."""
        wanted = asked.query.get("sendNo", "")
        found = [one for one in self.numbers if one == wanted]
        data = [{"sendNo": one, "useYn": "Y", "blockYn": "N"} for one in found]
        return Reply(said={**header(0, "SUCCESS"), "body": {"data": data}})

    def show_results(self, asked: Asked) -> Reply:
        """Show what became known of messages between two times, a page at a time."""
        size, page = int(asked.query.get("pageSize", 15)), int(asked.query.get("pageNum", 1))
        start, end = (
            read_time(asked.query.get(name, "")) for name in ("startUpdateDate", "endUpdateDate")
        )
        is_kakao = asked.path.startswith("/alimtalk")
        found = [
            one
            for one in self.results
            if ("kakaoMessageType" in one) == is_kakao
            and start
            and end
            and start <= (read_time(text_of(one, "updateDate")) or start) <= end + WHOLE_MINUTE
        ]
        shown: list[Json] = [
            {name: value for name, value in one.items() if name not in UNLISTED}
            for one in found[(page - 1) * size : page * size]
        ]
        if is_kakao:
            return Reply(said={**header(0, "SUCCESS"), "messages": shown})
        body = {"pageNum": page, "pageSize": size, "totalCount": len(found), "data": shown}
        return Reply(said={**header(0, "SUCCESS"), "body": body})

    def take_kakao(self, asked: Asked) -> Reply:
        """Take Alimtalks or Brand Messages."""
        if not text_of(asked.body, "senderKey"):
            return Reply(said=header(-1021, "발신 키 누락"))
        template = text_of(asked.body, "templateCode")
        shelf = self.shelf if asked.path.startswith("/alimtalk") else self.brand
        if template and not shelf.carries(template):
            return Reply(said=header(-1028, "승인되지 않은 템플릿"))
        if refusal := self.pictures.refuse(asked.body):
            return self.forget(asked, refusal)
        return self.take(asked, {"kakaoMessageType": "ALIMTALK_NORMAL"})

    def take_text(self, asked: Asked) -> Reply:
        """Take text messages."""
        if refusal := self.pictures.refuse(asked.body):
            return self.forget(asked, refusal)
        return self.take(asked, {})

    def take_ad(self, asked: Asked) -> Reply:
        """Take advertisements by text, if they are marked as the law wants it."""
        body = text_of(asked.body, "body")
        if not body.startswith("(광고)") or not OPT_OUT.search(body.rstrip()):
            return self.forget(asked, Reply(said=header(-6003, "광고 문구가 없습니다.")))
        return self.take_text(asked)

    def forget(self, asked: Asked, refusal: Reply) -> Reply:
        """Refuse a call, whose key is then free again."""
        self.keys.pop(asked.headers.get("x-nc-api-idempotency-key", ""), None)
        return refusal

    def take(self, asked: Asked, kind: Json) -> Reply:
        """Take messages and remember to report what became of them."""
        people = objects_of(asked.body, "recipientList")
        if not 1 <= len(people) <= MOST:
            return Reply(said=header(-1006, "수신자는 1,000명까지입니다."))
        request = secrets.token_hex(8)
        results: list[Json] = []
        for seq, person in enumerate(people, start=1):
            number = text_of(person, "recipientNo")
            is_refused = number == REFUSED_NUMBER
            results.append(
                {
                    "recipientSeq": seq,
                    "recipientNo": number,
                    "resultCode": 3023 if is_refused else 0,
                    "resultMessage": "버튼 오류" if is_refused else "success",
                }
            )
            if not is_refused:
                self.keep(f"{request}:{seq}", {**asked.body, "recipientList": [person]})
                self.due.append(
                    hook("MESSAGE_RESULT_UPDATE", [self.result(person, kind, request, seq)])
                )
        if kind:
            message = {"requestId": request, "sendResults": results}
            return Reply(said={**header(0, "success"), "message": message})
        data = {"requestId": request, "statusCode": "2", "sendResultList": results}
        return Reply(said={**header(0, "success"), "body": {"data": data}})

    def result(self, person: Json, kind: Json, request: str, seq: int) -> Json:
        """Return what became of a message, and keep it for who asks."""
        number = text_of(person, "recipientNo")
        at = self.clock().isoformat()
        told: Json = {
            **kind,
            "requestId": request,
            "recipientSeq": seq,
            "recipientNo": number,
            "receiveDate": at,
            "resultCode": magic_code(number) or DELIVERED,
            "recipientGroupingKey": text_of(person, "recipientGroupingKey"),
        }
        self.results.append({**told, "updateDate": at})
        return {**told, "hookId": secrets.token_hex(8)}


def hook(event: str, hooks: list[Json]) -> Json:
    return {
        "hooksId": secrets.token_hex(8),
        "webhookConfigId": "fake",
        "productName": "fake",
        "appKey": APP_KEY,
        "event": event,
        "hooks": hooks,
    }
