"""What Firebase Cloud Messaging's error codes mean (FCM HTTP v1, ErrorCode)."""

from typing import Final

from dangol.providers.vendor import FaultKind

CODES: Final = {
    "UNREGISTERED": (FaultKind.PERMANENT, "the app was uninstalled, or the token has expired"),
    "INVALID_ARGUMENT": (FaultKind.PERMANENT, "the token is none of FCM's"),
    # Of another project: ours is misnamed, or this device registered with another.
    "SENDER_ID_MISMATCH": (FaultKind.PERMANENT, "the token belongs to another project"),
    "QUOTA_EXCEEDED": (FaultKind.THROTTLED, "too many messages"),
    "UNAVAILABLE": (FaultKind.TRANSIENT, "FCM is overloaded"),
    "INTERNAL": (FaultKind.TRANSIENT, "FCM failed"),
    "THIRD_PARTY_AUTH_ERROR": (
        FaultKind.CONFIGURATION,
        "the project's APNs key or web push key is missing or wrong",
    ),
}
# Our own names for what comes without a code of FCM's.
BAD_MESSAGE: Final = "BAD_MESSAGE"
REFUSED: Final = {
    400: (FaultKind.CONTENT, "FCM does not understand the message"),
    401: (FaultKind.CONFIGURATION, "the service account is refused"),
    403: (FaultKind.CONFIGURATION, "the service account may not send for this project"),
    # Not the token: that has a code of its own.
    404: (FaultKind.CONFIGURATION, "there is no such project"),
    413: (FaultKind.CONTENT, "the message is too large"),
    429: (FaultKind.THROTTLED, "too many messages"),
}
# Codes that every token would bring, were the project's name wrong.
DOUBTFUL: Final = frozenset({"SENDER_ID_MISMATCH"})
# The field of a message that names the device.
DEVICE_FIELD: Final = "message.token"
