"""What is held about one person, kind by kind, and what each column of it means."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One fact of each row, with what it means in both languages."""

    name: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of thing held; ``name`` is its key in the document and the name of its file."""

    name: str
    ko: str
    en: str
    columns: tuple[Column, ...]


def columns(*named: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, ko=ko, en=en) for name, ko, en in named)


CHANNEL: Final = ("channel", "연락 방법", "How they are written to")
PURPOSE: Final = (
    "purpose",
    "목적: 광고, 안내, 다른 곳의 맞춤 광고",
    "What for: marketing, informational or advertising elsewhere (ad_audience)",
)
MESSAGE: Final = (
    "message_id",
    "메시지 번호, messages와 이어짐",
    "The message in messages it is about",
)
JOURNEY: Final = (
    ("journey_ko", "여정 이름 (한국어)", "The journey, in Korean"),
    ("journey_en", "여정 이름 (영어)", "The journey, in English"),
)

SECTIONS: Final = (
    Section(
        name="customer",
        ko="고객",
        en="The customer",
        columns=columns(
            ("id", "우리가 붙인 번호", "Our number for them"),
            ("state", "상태", "Active or erased"),
            ("first_seen_at", "처음 알게 된 시각", "When we first knew of them"),
            ("last_seen_at", "마지막으로 본 시각", "When we last saw them"),
            ("locale", "언어", "Their language"),
            ("time_zone", "시간대", "Their time zone"),
            ("country", "나라", "Their country"),
        ),
    ),
    Section(
        name="identifiers",
        ko="알아보는 표시",
        en="What they are recognised by",
        columns=columns(
            (
                "kind",
                "종류: 회원 아이디, 브라우저, 이메일, 전화",
                "Member id, browser, e-mail or phone",
            ),
            ("value", "값", "What it is"),
            ("first_seen_at", "처음 알게 된 시각", "When we first knew of it"),
        ),
    ),
    Section(
        name="addresses",
        ko="연락처",
        en="Where they are reached",
        columns=columns(
            CHANNEL,
            ("value", "주소", "The address"),
            ("state", "상태: 닿음 또는 반송", "Reachable or bounced"),
            ("suppressed_because", "보내지 않는 이유", "Why nothing may be sent to it"),
            ("changed_at", "바뀐 시각", "Since when"),
        ),
    ),
    Section(
        name="traits",
        ko="특성",
        en="What the shop told us about them",
        columns=columns(
            ("name", "이름", "Which trait"),
            ("value", "값 (JSON)", "What it says (JSON)"),
            ("said_at", "알려 준 시각", "When it was said"),
        ),
    ),
    Section(
        name="activity",
        ko="활동 요약",
        en="What they did, in sum",
        columns=columns(
            ("event_name", "행동", "What they did"),
            ("count", "횟수", "How often"),
            ("revenue", "금액 합계", "What it came to"),
            ("first_at", "처음", "The first time"),
            ("last_at", "마지막", "The last time"),
        ),
    ),
    Section(
        name="devices",
        ko="앱과 브라우저 알림 기기",
        en="Devices that were sent notifications",
        columns=columns(
            ("platform", "종류: 안드로이드, iOS, 웹", "Android, iOS or web"),
            ("token", "알림 토큰", "The token for notifications"),
            (
                "state",
                "상태: 사용 중, 삭제 의심, 삭제됨",
                "Active, suspected to be gone, or uninstalled",
            ),
            ("registered_at", "등록된 시각", "When it was registered"),
            ("changed_at", "상태가 바뀐 시각", "Since when the state is this"),
        ),
    ),
    Section(
        name="consents",
        ko="동의 이력",
        en="What they allowed and forbade",
        columns=columns(
            CHANNEL,
            PURPOSE,
            (
                "collection",
                "수집 목적 (수집에 관한 것일 때)",
                "The purpose of collecting, if about that",
            ),
            (
                "action",
                "행위: 동의, 거부, 철회, 이관, 갱신, 야간 동의와 철회, 통지, 재확인",
                "Grant, refuse, withdraw, import, renew, the night, a notice or a reminder",
            ),
            ("imported_state", "이관된 상태", "What an import said"),
            ("source", "받은 곳", "Where they said so"),
            ("source_kind", "받은 방법", "Through what they said so"),
            ("wording", "보여 준 문구", "The words they were shown"),
            ("wording_version", "문구의 판", "Which version of the words"),
            ("locale", "문구의 언어", "The language of the words"),
            ("box_preticked", "미리 체크되어 있었는지", "Whether the box was ticked before"),
            ("occurred_at", "말한 시각", "When they said so"),
            ("recorded_at", "기록한 시각", "When we wrote it down"),
            ("client_at", "기기의 시각", "The time by their own device's clock"),
            ("proven_at", "주소를 확인한 시각", "When the address was proven by a link"),
            ("evidence", "접속 정보 (JSON)", "From which address, with which program (JSON)"),
        ),
    ),
    Section(
        name="choices",
        ko="고른 것",
        en="What they chose",
        columns=columns(
            (
                "choice",
                "무엇: 끈 주제, 쉬는 기한, 일주일 횟수, 그만둔 이유",
                "A topic switched off, a rest, messages a week, why they stopped",
            ),
            ("value", "값", "Which topic, until when, how many"),
            ("changed_at", "고른 시각", "When they chose it"),
        ),
    ),
    Section(
        name="memberships",
        ko="속하거나 속했던 그룹",
        en="Segments they are or were in",
        columns=columns(
            ("segment", "그룹", "The segment"),
            ("title_ko", "그룹 이름 (한국어)", "Its name in Korean"),
            ("title_en", "그룹 이름 (영어)", "Its name in English"),
            ("entered_at", "들어온 시각", "Since when"),
            (
                "left_at",
                "나간 시각, 아직 속해 있으면 비어 있음",
                "Until when; empty while they are in it",
            ),
        ),
    ),
    Section(
        name="lists",
        ko="올린 명단",
        en="Uploaded lists they are on",
        columns=columns(
            ("list", "명단", "The list"),
            ("uploaded_at", "올린 시각", "When it was uploaded"),
        ),
    ),
    Section(
        name="enrollments",
        ko="여정",
        en="Journeys they were in",
        columns=columns(
            *JOURNEY,
            ("state", "상태", "Where they are in it"),
            ("entered_at", "시작한 시각", "When it began"),
            (
                "entry_properties",
                "시작하게 한 행동의 내용 (JSON)",
                "What was said of the event that began it (JSON)",
            ),
            ("ended_at", "끝난 시각", "When it ended"),
            ("end_reason", "끝난 이유", "Why it ended"),
            ("goal_reached_at", "목표를 이룬 시각", "When its goal was reached"),
            ("goal_revenue", "목표의 금액", "What that came to"),
        ),
    ),
    Section(
        name="messages",
        ko="메시지와 보내거나 보내지 않은 이유",
        en="Messages, and why each was or was not sent",
        columns=columns(
            ("id", "메시지 번호", "The message's number"),
            *JOURNEY,
            ("subject", "제목 양식", "Its subject, as the template has it"),
            CHANNEL,
            PURPOSE,
            ("state", "상태", "What became of it"),
            ("planned_at", "계획한 시각", "When it was planned"),
            ("verdict", "판단: 보냄, 기다림, 보내지 않음", "Allow, hold or skip"),
            ("reason", "이유", "The reason, as a word"),
            ("decided_at", "판단한 시각", "When that was decided"),
            ("why_ko", "이유 설명 (한국어)", "The reason in words, in Korean"),
            ("why_en", "이유 설명 (영어)", "The reason in words, in English"),
        ),
    ),
    Section(
        name="deliveries",
        ko="발송",
        en="Attempts to deliver",
        columns=columns(
            MESSAGE,
            ("attempt", "몇 번째 시도", "Which attempt"),
            CHANNEL,
            ("provider", "보낸 업체", "Through whom"),
            ("state", "결과", "What came of it"),
            ("at", "시각", "When"),
            ("code", "응답 코드", "The vendor's code"),
            ("detail", "응답 내용", "What the vendor said"),
        ),
    ),
    Section(
        name="receipts",
        ko="열람, 클릭, 반송, 수신거부",
        en="Openings, clicks, bounces, refusals",
        columns=columns(
            MESSAGE,
            ("kind", "종류", "What happened"),
            ("occurred_at", "시각", "When"),
            ("human_confidence", "사람일 가능성 (0~1)", "How surely it was a person, 0 to 1"),
            ("link", "누른 링크", "The link that was clicked"),
            ("detail", "내용", "What was reported"),
            ("reply", "답장의 종류", "Of which kind your answer was"),
        ),
    ),
    Section(
        name="webhook_calls",
        ko="쇼핑몰의 다른 프로그램에 알린 내용",
        en="What was told to the shop's other software",
        columns=columns(
            ("endpoint", "알린 곳", "Who was told"),
            ("url", "주소", "Its address"),
            ("kind", "종류", "What kind of thing"),
            ("occurred_at", "일어난 시각", "When it happened"),
            ("state", "전달 상태", "Whether it arrived"),
            ("settled_at", "처리가 끝난 시각", "When that was over"),
            ("data", "알린 내용", "What was told"),
        ),
    ),
    Section(
        name="shop_references",
        ko="쇼핑몰의 주문과 장바구니",
        en="Orders and carts known to be theirs",
        columns=columns(
            ("shop", "쇼핑몰", "The shop connection"),
            ("reference", "주문 또는 장바구니", "The order, checkout or cart"),
            ("told_at", "알게 된 시각", "When we were told"),
        ),
    ),
    Section(
        name="ad_audiences",
        ko="광고 회사에 제공한 연락처",
        en="Addresses that ad networks were given",
        columns=columns(
            ("network", "받은 곳", "Who got it"),
            ("channel", "연락처: 이메일 또는 전화", "Which address: e-mail or telephone"),
            ("audience", "광고 대상 목록", "For which audience"),
            ("state", "상태: 제공 중, 제공함, 빼는 중", "On its way in, in, or on its way out"),
            ("changed_at", "상태가 바뀐 시각", "Since when the state is this"),
            ("ends_at", "끝나는 시각", "When the audience ends"),
        ),
    ),
    Section(
        name="events",
        ko="행동 전체",
        en="Everything they did",
        columns=columns(
            ("occurred_at", "일어난 시각", "When it happened"),
            ("received_at", "받은 시각", "When we heard of it"),
            ("type", "종류", "Which kind of call"),
            ("name", "행동", "What they did"),
            ("message_id", "보낸 쪽의 번호", "The sender's id of it"),
            ("order_id", "주문 번호", "The order"),
            ("revenue", "금액", "What it came to"),
            ("currency", "통화", "In which currency"),
            ("product_id", "상품", "The product"),
            ("category", "분류", "Its category"),
            ("quantity", "수량", "How many"),
            ("properties", "그 밖의 내용 (JSON)", "Everything else about it (JSON)"),
        ),
    ),
)
