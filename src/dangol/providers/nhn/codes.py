"""What NHN Cloud's codes mean: those of a call, of Kakao, and of the carriers."""

from typing import Final

from dangol.providers.vendor import FaultKind
from dangol.providers.wire.codes import Codes, Meaning, table

TAKEN: Final = "0"
DELIVERED: Final = "1000"
# The key of this call is known: the same call was taken within ten minutes.
REPEATED: Final = "-1005"

CALL: Final = table(
    (
        FaultKind.CONTENT,
        {
            "-2003": ("jpg가 아닌 첨부 파일", "the attached file is no JPEG"),
            "-2004": ("없거나 만료된 첨부 파일", "the attached file has expired or is not there"),
            "-2005": ("300KB가 넘는 첨부 파일", "the attached file is larger than 300 KB"),
            "-6003": (
                "광고 문구 누락",
                "an advertisement lacks (광고) or its free opt-out",
            ),
            "4131": ("중복 발송", "sent twice"),
        },
    ),
    (
        FaultKind.CONFIGURATION,
        {
            "-1": ("인증 실패", "not authorised"),
            "-1000": ("잘못된 앱키", "the app key is wrong"),
            "-1001": ("존재하지 않는 앱키", "there is no such app key"),
            "-1002": ("사용 종료된 앱키", "the app key is no longer used"),
        },
    ),
)
CONFIGURATION_KO: Final = "발신 프로필 또는 템플릿 설정 오류"
CONFIGURATION_EN: Final = "the sender profile or the template is not set up"
UNSET: Final = (
    "1003", "1006", "1007", "1021", "1022", "1023", "1024", "1025", "1027", "1028", "1030", "3015",
)  # fmt: skip
KAKAO: Final = table(
    (None, {DELIVERED: ("성공", "delivered")}),
    (
        FaultKind.PERMANENT,
        {
            "3008": ("잘못된 전화번호", "no such number"),
            "3018": ("메시지를 전송할 수 없음", "the message cannot be delivered"),
        },
    ),
    (
        FaultKind.UNREACHABLE,
        {
            "3019": ("카카오톡 미사용자", "not a KakaoTalk user"),
            "3021": ("카카오톡 최소 버전 미지원", "KakaoTalk is too old"),
        },
    ),
    (FaultKind.OPT_OUT, {"3020": ("알림톡 수신 차단", "the recipient has blocked Alimtalk")}),
    (
        FaultKind.TRANSIENT,
        {
            "2001": ("서버 오류", "a fault of the server"),
            "3000": ("예기치 않은 오류", "an unexpected fault"),
            "3006": ("내부 시스템 오류", "a fault inside"),
            "3010": ("JSON 오류", "a fault between the servers"),
            "3012": ("이미지 오류", "a fault of the image service"),
            "3022": ("발송 가능 시간 아님", "outside the hours in which Kakao delivers"),
            "9998": ("시스템 오류", "a fault of the system"),
            "9999": ("시스템 오류", "a fault of the system"),
        },
    ),
    (
        FaultKind.CONTENT,
        {
            **{str(code): ("메시지 형식 오류", "a part of the message is wrong")
               for code in range(3023, 3059)},
            "3014": ("길이 초과", "too long"),
            "3016": ("템플릿 불일치", "differs from the approved template"),
            "4131": ("중복 발송", "sent twice"),
        },
    ),
    (FaultKind.CONFIGURATION, dict.fromkeys(UNSET, (CONFIGURATION_KO, CONFIGURATION_EN))),
)  # fmt: skip
# Delivered or not, Kakao does not know: neither repeated nor followed by another channel.
UNCERTAIN: Final = "3005"
CARRIER: Final = table(
    (None, {DELIVERED: ("성공", "delivered")}),
    (
        FaultKind.PERMANENT,
        {
            "3001": ("없는 가입자", "no such subscriber"),
            "3003": ("잘못된 번호", "no such number"),
        },
    ),
    (FaultKind.OPT_OUT, {"3006": ("수신 거부", "the recipient refuses")}),
    (
        FaultKind.TRANSIENT,
        {
            "1001": ("기타 오류", "another fault"),
            **{str(code): ("이통사 일시 오류", "a passing fault of the carrier")
               for code in range(2000, 2008)},
        },
    ),
    (FaultKind.CONTENT, {"3012": ("스팸", "taken for spam")}),
    (FaultKind.CONFIGURATION, {"3017": ("발신번호 변작", "the sender number is not yours")}),
)  # fmt: skip
UNKNOWN_FAILURE: Final = Meaning(
    fault=FaultKind.TRANSIENT, ko="알 수 없는 실패", en="failed for a reason we do not know"
)
UNKNOWN_REFUSAL: Final = Meaning(
    fault=FaultKind.CONTENT, ko="알 수 없는 거부", en="refused for a reason we do not know"
)


def read_code(code: str, codes: Codes) -> Meaning:
    """Return what a report's code means; one we do not know may pass."""
    return codes.get(code, UNKNOWN_FAILURE)


def read_refusal(code: str) -> Meaning:
    """Return what the refusal of a message or a call means."""
    return {**CARRIER, **KAKAO, **CALL}.get(code, UNKNOWN_REFUSAL)
