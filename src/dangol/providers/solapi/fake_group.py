"""What SOLAPI says of a whole group of messages, as its fake says it."""

from collections.abc import Mapping
from typing import Final

from dangol.providers.wire.call import Json

ACCOUNT: Final = "12925149"
NO_COUNTS: Final[Mapping[str, int]] = dict.fromkeys(
    ("sentTotal", "sentFailed", "sentSuccess", "sentPending", "sentReplacement", "refund"), 0
)


def group_info(group: str, *, taken: int, refused: int, at: str) -> Json:
    none = dict.fromkeys(("requested", "replacement", "refund", "sum"), 0)
    return {
        "groupId": group,
        "accountId": ACCOUNT,
        "masterAccountId": None,
        "apiVersion": "4",
        "status": "SENDING",
        "count": {
            **NO_COUNTS,
            "total": taken + refused,
            "registeredFailed": refused,
            "registeredSuccess": taken,
        },
        "countForCharge": {"sms": {"82": taken}, "lms": {}, "mms": {}, "ata": {}, "cta": {}},
        "balance": none,
        "point": none,
        "app": {"profit": {"sms": 0}, "appId": None},
        "log": [{"createAt": at, "message": "문자를 보냅니다."}],
        "allowDuplicates": False,
        "isRefunded": False,
        "price": {"82": {"sms": 18}},
        "scheduledDate": None,
        "dateSent": None,
        "dateCompleted": None,
        "dateCreated": at,
        "dateUpdated": at,
    }
