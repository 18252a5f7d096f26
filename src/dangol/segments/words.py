"""The words that conditions say themselves in."""

from collections.abc import Mapping
from typing import Final

from dangol.segments.faults import Words

# Well-known events of shops; any other is called as the shop calls it.
KOREAN_EVENTS: Final[Mapping[str, str]] = {
    "Order Completed": "주문 완료",
    "Order Cancelled": "주문 취소",
    "Order Refunded": "환불",
    "Checkout Started": "결제 시작",
    "Product Viewed": "상품 조회",
    "Product Added": "장바구니 담기",
    "Product Removed": "장바구니 빼기",
    "Page Viewed": "페이지 조회",
    "Screen Viewed": "화면 조회",
    "Cart Viewed": "장바구니 조회",
    "Store Visited": "매장 방문",
    "Application Installed": "앱 설치",
    "Application Opened": "앱 실행",
    "Application Uninstalled": "앱 삭제",
    "Push Opted Out": "푸시 끔",
    "Signed Up": "회원 가입",
    "Signed In": "로그인",
}
# Well-known properties and facts.
PROPERTIES: Final[Mapping[str, Words]] = {
    "revenue": Words("금액", "revenue"),
    "quantity": Words("수량", "quantity"),
    "category": Words("카테고리", "category"),
    "price": Words("가격", "price"),
    "order_id": Words("주문 번호", "order number"),
    "product_id": Words("상품 번호", "product number"),
    "currency": Words("통화", "currency"),
    "$first_seen_at": Words("처음 온 때", "first seen"),
    "$last_seen_at": Words("마지막으로 온 때", "last seen"),
    "$locale": Words("언어", "language"),
    "$country": Words("국가", "country"),
    "$time_zone": Words("시간대", "time zone"),
}
CHANNELS: Final[Mapping[str, Words]] = {
    "email": Words("이메일", "e-mail"),
    "sms": Words("문자", "text message"),
    "kakao_alimtalk": Words("알림톡", "Alimtalk"),
    "kakao_brand": Words("브랜드 메시지", "Brand Message"),
    "push": Words("푸시", "push"),
    "inapp": Words("앱 안 메시지", "in-app message"),
}
PURPOSES: Final[Mapping[str, Words]] = {
    "marketing": Words("광고성 정보", "advertising"),
    "informational": Words("안내", "information"),
    "ad_audience": Words("외부 맞춤 광고", "advertising elsewhere"),
}
WILLS: Final[Mapping[str, Words]] = {
    "granted": Words("{channel} {purpose} 수신에 동의함", "agreed to {purpose} by {channel}"),
    "refused": Words("{channel} {purpose} 수신을 거부함", "refused {purpose} by {channel}"),
    "withdrawn": Words(
        "{channel} {purpose} 수신 동의를 철회함", "withdrew consent to {purpose} by {channel}"
    ),
    "unknown": Words(
        "{channel} {purpose} 수신 의사를 밝힌 적 없음",
        "never said a word on {purpose} by {channel}",
    ),
}
REACTIONS: Final[Mapping[str, Words]] = {
    "sent": Words("보낸", "sent"),
    "delivered": Words("도착한", "delivered"),
    "opened": Words("열어 본", "opened"),
    "clicked": Words("클릭한", "clicked"),
    "replied": Words("답장한", "replied to"),
    "bounced": Words("반송된", "bounced"),
    "complained": Words("스팸으로 신고한", "reported as spam"),
    "unsubscribed": Words("수신을 거부한", "unsubscribed from"),
}
STAGES: Final[Mapping[str, Words]] = {
    "new": Words("새 고객", "new"),
    "prospect": Words("아직 사지 않은 고객", "not yet a buyer"),
    "one_time": Words("한 번 산 고객", "one-time buyer"),
    "repeat": Words("다시 산 고객", "repeat buyer"),
    "loyal": Words("단골", "loyal"),
    "won_back": Words("돌아온 고객", "won back"),
    "cooling": Words("뜸해지는 고객", "cooling"),
    "inactive": Words("활동이 멈춘 고객", "inactive"),
    "lost": Words("떠난 고객", "lost"),
}
CALENDARS: Final[Mapping[tuple[str, str], Words]] = {
    ("this", "day"): Words("오늘", "today"),
    ("last", "day"): Words("어제", "yesterday"),
    ("this", "week"): Words("이번 주", "this week"),
    ("last", "week"): Words("지난주", "last week"),
    ("this", "month"): Words("이번 달", "this month"),
    ("last", "month"): Words("지난달", "last month"),
    ("this", "quarter"): Words("이번 분기", "this quarter"),
    ("last", "quarter"): Words("지난 분기", "last quarter"),
    ("this", "year"): Words("올해", "this year"),
    ("last", "year"): Words("작년", "last year"),
}
WEEKDAYS: Final[Mapping[str, Words]] = {
    "monday": Words("월", "Monday"),
    "tuesday": Words("화", "Tuesday"),
    "wednesday": Words("수", "Wednesday"),
    "thursday": Words("목", "Thursday"),
    "friday": Words("금", "Friday"),
    "saturday": Words("토", "Saturday"),
    "sunday": Words("일", "Sunday"),
}
# What a measure of events is called; in braces the event and the property.
MEASURES: Final[Mapping[str, Words]] = {
    "sum": Words("{event} {of} 합계", "total {of} of {event}"),
    "average": Words("{event} {of} 평균", "average {of} of {event}"),
    "min": Words("{event} {of} 최솟값", "lowest {of} of {event}"),
    "max": Words("{event} {of} 최댓값", "highest {of} of {event}"),
    "distinct": Words(
        "{event}의 서로 다른 {of} 수", "number of different values of {of} in {event}"
    ),
    "variety": Words("{event} {of}의 다양성", "variety of {of} in {event}"),
    "first": Words("첫 {event}의 {of}", "{of} of the first {event}"),
    "last": Words("마지막 {event}의 {of}", "{of} of the last {event}"),
    "first_time": Words("첫 {event}", "first {event}"),
    "last_time": Words("마지막 {event}", "last {event}"),
    "days_since": Words("마지막 {event} 뒤 지난 날", "days since the last {event}"),
    # By what customers are ranked, where that is called otherwise.
    "ranked_count": Words("{event} 횟수", "number of {event}"),
    "ranked_days_since": Words("마지막 {event}의 최근 순서", "how recent the last {event} is"),
}
PHRASES: Final[Mapping[str, Words]] = {
    "quoted": Words("“{0}”", "“{0}”"),
    "all": Words("{0}", "{0}"),
    "any": Words("{0}", "{0}"),
    "none": Words("다음에 해당하지 않음: {0}", "none of: {0}"),
    "and": Words(", 그리고 ", ", and "),
    "or": Words(" 또는 ", " or "),
    "nor": Words(", ", "; "),
    # Comparisons, after what is compared.
    "exists": Words("{what} 있음", "{what} is known"),
    "equals": Words("{what}: {0}", "{what} is {0}"),
    "one_of": Words("{what}: {0} 중 하나", "{what} is one of {0}"),
    "contains": Words("{what}에 {0} 포함", "{what} contains {0}"),
    "starts_with": Words("{what}의 앞부분: {0}", "{what} begins with {0}"),
    "at_least": Words("{what} {0}{unit} 이상", "{what} at least {0}{unit}"),
    "at_most": Words("{what} {0}{unit} 이하", "{what} at most {0}{unit}"),
    "exactly": Words("{what} {0}{unit}", "{what} exactly {0}{unit}"),
    "within": Words("{what} {0}~{1}{unit}", "{what} {0} to {1}{unit}"),
    "some_of": Words("{what} {0}{unit} 중 하나", "{what} one of {0}{unit}"),
    "is_true": Words("{what}: 예", "{what} is yes"),
    "is_false": Words("{what}: 아니요", "{what} is no"),
    "has": Words("{what}에 {0} 있음", "{what} includes {0}"),
    "has_one_of": Words("{what}에 {0} 중 하나 있음", "{what} includes one of {0}"),
    "during": Words("{what}: {0}", "{what} {0}"),
    "ago_least": Words("{what}: {0}일 이상 지남", "{what} {0} or more days ago"),
    "ago_most": Words("{what}: {0}일 이내", "{what} at most {0} days ago"),
    "ago_exactly": Words("{what}: {0}일 전", "{what} {0} days ago"),
    "ago_within": Words("{what}: {0}~{1}일 전", "{what} {0} to {1} days ago"),
    "date_in": Words("{what}: {0}", "{what} {0}"),
    "from_to": Words("{0}부터 {1}까지", "between {0} and {1}"),
    "before": Words("{what}: {0} 전", "{what} before {0}"),
    "anniversary": Words("{what}의 기념일: {0}", "anniversary of {what} {0}"),
    "today": Words("오늘", "today"),
    "ahead": Words("{0}일 뒤", "{0} days from now"),
    "behind": Words("{0}일 전", "{0} days ago"),
    # Windows.
    "days": Words("최근 {0} 동안", "in the last {0}"),
    "days_ago": Words("{1} 전까지의 {0} 동안", "in the {0} up to {1} ago"),
    "since": Words("{0}부터", "since {0}"),
    "between": Words("{0}부터 {1}까지", "from {0} to {1}"),
    # Events.
    "in_window": Words("{window} {said}", "{said} {window}"),
    "never": Words("{0} 없음", "no {0}"),
    "with": Words("{1} 조건의 {0}", "{0} with {1}"),
    "product": Words("상품 중 하나가 ({0})", "a product of ({0})"),
    "products": Words("{0}의 상품", "products of {0}"),
    "hours": Words("시각 {0}~{1}", "time of day {0} to {1}"),
    "weekdays": Words("{0}요일", "on {0}"),
    "or_day": Words("·", " or "),
    "share": Words("{0} 가운데 {1}의 비율", "share of {1} in {0}"),
    "minimum": Words("{0} (모두 {1}건 이상일 때)", "{0} (of {1} or more)"),
    "percent": Words("%", " %"),
    "rank": Words("{0} 등급(1~{1}, 클수록 높음)", "group by {0} (1 to {1}, {1} is highest)"),
    "times": Words("회", " times"),
    "time": Words("회", " time"),
    "day_unit": Words("일", " days"),
    "no_unit": Words("", ""),
    "since_least": Words("마지막 {0} 이후 {1}일 이상 지남", "last {0} {1} or more days ago"),
    "since_most": Words("마지막 {0} 이후 {1}일 이내", "last {0} at most {1} days ago"),
    "then": Words(" → ", ", then "),
    "soon": Words("{0} 안에 {1}", "{1} within {0}"),
    "then_not": Words("그 뒤 {0} 없음", "no {0}"),
    "then_not_soon": Words("그 뒤 {0} 안에 {1} 없음", "no {1} within {0}"),
    # Facts.
    "reachable": Words("{0} 연락 가능", "can be reached by {0}"),
    "segment": Words("세그먼트 “{0}”에 속함", "belongs to the segment “{0}”"),
    "sample": Words("무작위 {0}% (추첨 “{1}”)", "a random {0} % (draw “{1}”)"),
    "list": Words("명단 “{0}”에 있음", "is on the list “{0}”"),
    "lifecycle": Words("구매 단계: {0}", "stage: {0}"),
    "lifecycle_of": Words("구매 단계({1} 기준): {0}", "stage (by {1}): {0}"),
    "messages": Words("{0} 메시지", "messages {0}"),
    "messages_by": Words("{0} {1} 메시지", "{1} messages {0}"),
    "of_journey": Words("여정 “{1}”에서 {0}", "{0} from the journey “{1}”"),
    "number_of": Words("{0}", "number of {0}"),
    "message_unit": Words("건", ""),
    "value_unit": Words("개", ""),
    # Lengths of time.
    "day": Words("{0}일", "{0} day"),
    "many_days": Words("{0}일", "{0} days"),
    "hour": Words("{0}시간", "{0} hour"),
    "many_hours": Words("{0}시간", "{0} hours"),
}
