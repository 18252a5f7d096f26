"""What SOLAPI's codes mean; its list of 2022, the families' meaning for what came since.

1xxx refused at reception, 2000 taken, 2xxx refused by the platform, 3000 on its way, 3xxx refused
by a carrier or Kakao, 4000 delivered.
"""

from typing import Final

from dangol.providers.vendor import FaultKind
from dangol.providers.wire.codes import Meaning, table

TAKEN: Final = "2000"
ON_ITS_WAY: Final = "3000"
DELIVERED: Final = "4000"

CODES: Final = table(
    (
        None,
        {
            TAKEN: ("정상 접수", "taken"),
            ON_ITS_WAY: ("이통사 전송 중", "handed to the carrier"),
            DELIVERED: ("수신 완료", "delivered"),
        },
    ),
    (
        FaultKind.PERMANENT,
        {
            "3010": ("잘못된 번호", "no such number"),
            "3031": ("수신 불가 번호", "the number cannot receive"),
            "3032": ("없는 가입자", "no such subscriber"),
        },
    ),
    (
        FaultKind.OPT_OUT,
        {
            "1060": ("수신 차단된 번호", "the recipient is blocked"),
            "1061": ("080 수신거부", "the recipient opted out by 080"),
            "1064": ("KISA 차단 번호", "blocked by KISA"),
            "2060": ("수신 차단된 번호", "the recipient is blocked"),
            "2061": ("080 수신거부", "the recipient opted out by 080"),
            "2064": ("KISA 차단 번호", "blocked by KISA"),
            "3047": ("수신 거부", "the recipient refuses"),
            "3055": ("스팸 차단 서비스 가입자", "the recipient has a spam filter service"),
        },
    ),
    (
        FaultKind.TRANSIENT,
        {
            "3040": ("전송 시간 초과", "the carrier ran out of time"),
            "3041": ("통화 중", "the line is busy"),
            "3042": ("음영 지역", "out of coverage"),
            "3043": ("전원 꺼짐", "switched off"),
            "3044": ("메시지 저장 공간 부족", "the phone's storage is full"),
            "3045": ("일시 정지된 번호", "the line is suspended"),
            "3053": ("전송 대기열 초과", "the carrier's queue is full"),
            "3108": ("발송 가능 시간 아님", "outside the hours in which Kakao delivers"),
        },
    ),
    (
        FaultKind.CONTENT,
        {
            "1010": ("필수 값 누락", "a required value is missing"),
            "1011": ("형식 오류", "a value is malformed"),
            "1014": ("제목 오류", "the subject is wrong"),
            "1025": ("메시지 유형 오류", "the type of message is wrong"),
            "1026": ("중복 수신번호", "the same recipient twice in one call"),
            "1029": ("EUC-KR에 없는 문자", "a character that text messages cannot carry"),
            "1031": ("길이 초과", "too long"),
            "1043": ("템플릿 불일치", "differs from the approved template"),
            "1044": ("버튼 오류", "a button is wrong"),
            "1045": ("버튼 이름 오류", "a button's name is wrong"),
            "1046": ("버튼 유형 오류", "a button's type is wrong"),
            "1047": ("버튼 링크 오류", "a button's link is wrong"),
            "1048": ("버튼 개수 초과", "too many buttons"),
            "1049": ("버튼 이름 길이 초과", "a button's name is too long"),
            "1050": ("버튼 링크 길이 초과", "a button's link is too long"),
            "1051": ("버튼 설정 오류", "the buttons are wrong"),
            "1052": ("버튼 값 누락", "a value of a button is missing"),
            "1053": ("버튼 값 오류", "a value of a button is wrong"),
            "2254": ("스팸 의심", "taken for spam"),
            "3054": ("스팸 차단", "blocked as spam"),
            "3103": ("템플릿 불일치", "differs from the approved template"),
        },
    ),
    (
        FaultKind.CONFIGURATION,
        {
            "1020": ("인증 실패", "not authorised"),
            "1030": ("잔액 부족", "the balance is used up"),
            "1041": ("채널 오류", "the Kakao channel is wrong"),
            "1042": ("템플릿 없음", "there is no such template"),
            "1058": ("발송 경로 없음", "there is no route"),
            "1062": ("발신번호 미등록", "the sender number is not registered"),
            "2062": ("발신번호 미등록", "the sender number is not registered"),
            "2063": ("계정 차단", "the account is blocked"),
            "2230": ("잔액 부족", "the balance is used up"),
            "3013": ("발신번호 사전등록 오류", "the sender number is not registered"),
            "3058": ("발송 경로 없음", "there is no route"),
            "3059": ("발신번호 변작", "the sender number is not the account's"),
            "3101": ("채널 오류", "the Kakao channel is wrong"),
            "3105": ("템플릿 없음", "there is no such template"),
            "3106": ("채널 차단", "the Kakao channel is blocked"),
        },
    ),
    (
        FaultKind.UNREACHABLE,
        {
            "3050": ("문자 미지원 단말", "the phone takes no text messages"),
            "3102": ("채널 친구 아님", "not a friend of the channel"),
            "3104": ("카카오톡 사용자 아님", "not a KakaoTalk user"),
            "3107": ("카카오톡 미사용 또는 차단", "KakaoTalk unused for days, or Alimtalk blocked"),
        },
    ),
)

UNKNOWN_REFUSAL: Final = Meaning(
    fault=FaultKind.CONTENT, ko="알 수 없는 접수 거부", en="refused for a reason we do not know"
)
UNKNOWN_FAILURE: Final = Meaning(
    fault=FaultKind.TRANSIENT, ko="알 수 없는 전송 실패", en="failed for a reason we do not know"
)
# Names of errors that answer a whole call.
CALL_FAULTS: Final = {
    "DuplicatedSignature": FaultKind.TRANSIENT,
    "TooManyRequests": FaultKind.THROTTLED,
    "InvalidAPIKey": FaultKind.CONFIGURATION,
    "SignatureDoesNotMatch": FaultKind.CONFIGURATION,
    "RequestTimeTooSkewed": FaultKind.CONFIGURATION,
    "NotEnoughBalance": FaultKind.CONFIGURATION,
    "Unauthorized": FaultKind.CONFIGURATION,
    "Forbidden": FaultKind.CONFIGURATION,
}


def read_code(code: str) -> Meaning:
    """Return what a code means; one we do not know, by its family."""
    if code in CODES:
        return CODES[code]
    return UNKNOWN_REFUSAL if code[:1] in {"1", "2"} else UNKNOWN_FAILURE
