"""What the errors of Meta's Graph API mean for an audience."""

from typing import Final

from dangol.providers.vendor import FaultKind

CODES: Final = {
    1: (FaultKind.TRANSIENT, "Meta failed"),
    2: (FaultKind.TRANSIENT, "Meta is not available"),
    4: (FaultKind.THROTTLED, "too many calls of this app"),
    10: (FaultKind.CONFIGURATION, "the token may not do that"),
    17: (FaultKind.THROTTLED, "too many calls of this user"),
    32: (FaultKind.THROTTLED, "too many calls for this page"),
    100: (FaultKind.CONTENT, "Meta does not take what was sent"),
    190: (FaultKind.CONFIGURATION, "the token is not valid any more"),
    200: (FaultKind.CONFIGURATION, "the token may not change this audience"),
    294: (FaultKind.CONFIGURATION, "the app may not manage advertising"),
    471: (FaultKind.CONFIGURATION, "Meta has flagged this audience"),
    613: (FaultKind.THROTTLED, "too many calls"),
    2650: (FaultKind.TRANSIENT, "another update of this audience is under way"),
    80003: (FaultKind.THROTTLED, "too many calls for custom audiences"),
}
UNKNOWN: Final = (FaultKind.TRANSIENT, "an error that Meta does not document")
