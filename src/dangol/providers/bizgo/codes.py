"""What Bizgo's codes mean: of a call, and of one message in it."""

from typing import Final

from dangol.providers.vendor import FaultKind
from dangol.providers.wire.codes import Meaning, table

TAKEN: Final = "A000"
# Accepted before, under the same key.
REPEATED: Final = "A301"
DELIVERED: Final = "10000"

CODES: Final = table(
    (
        None,
        {
            TAKEN: ("요청 성공", "taken"),
            REPEATED: ("이미 처리된 요청", "taken before, under the same key"),
        },
    ),
    (FaultKind.THROTTLED, {"A020": ("처리량 초과", "too many messages a second")}),
    (
        FaultKind.TRANSIENT,
        {
            "A910": ("서버 오류", "a fault of the server"),
            "A920": ("일시적 불가", "the service is away for a while"),
            "A999": ("알려지지 않은 오류", "an unknown fault"),
            "A330": ("광고 야간 차단", "no advertisement may be booked for the night"),
        },
    ),
    (
        FaultKind.CONFIGURATION,
        {
            "A001": ("만료된 토큰", "the token has expired"),
            "A002": ("권한 없음", "the token may not do this"),
            "A100": ("잘못된 인증 정보", "the API key is wrong"),
            "A110": ("차단된 계정", "the account is blocked"),
            "A111": ("차단된 계정", "the account is blocked"),
            "A320": ("제한 건수 초과", "the account's quota is used up"),
            "A325": ("발송 채널 권한 없음", "the account may not use this channel"),
            "A327": ("미등록 발신번호", "the sender number is not registered"),
            "A502": ("발신프로필 키 오류", "the Kakao channel's key is wrong"),
        },
    ),
    (
        FaultKind.CONTENT,
        {
            "A217": ("유효하지 않은 파일 키", "the picture is not there, or not any more"),
            "A513": ("유효하지 않은 이미지", "the Kakao picture is not there"),
            "A303": ("본문 오류", "the text is missing or wrong"),
            "A306": ("수신번호 오류", "the recipient is missing or wrong"),
            "A318": ("수신번호 200건 초과", "more than 200 recipients"),
            "A322": ("스팸 차단(내용)", "taken for spam by its text"),
            "A323": ("스팸 차단(발신 번호)", "taken for spam by its sender"),
            "A324": ("스팸 차단(수신 번호)", "the recipient's number is blocked"),
            "A328": ("본문 길이 초과", "the text is too long"),
            "A505": ("템플릿 코드 오류", "the template's code is wrong"),
        },
    ),
)
UNKNOWN_REFUSAL: Final = Meaning(
    fault=FaultKind.CONTENT, ko="알 수 없는 거부", en="refused for a reason we do not know"
)
SERVER: Final = Meaning(fault=FaultKind.TRANSIENT, ko="서버 오류", en="a fault of the server")
ACCOUNT: Final = Meaning(
    fault=FaultKind.CONFIGURATION, ko="계정 설정 오류", en="the account is not set up for this"
)
FAMILIES: Final = {"A9": SERVER, "A1": ACCOUNT, "A0": ACCOUNT}


def read_code(code: str) -> Meaning:
    """Return what a code means; one we do not know, by its family."""
    return CODES.get(code) or FAMILIES.get(code[:2], UNKNOWN_REFUSAL)
