"""What the answers of Google's Data Manager API mean for an audience."""

from typing import Final

from dangol.providers.vendor import FaultKind

CODES: Final = {
    400: (FaultKind.CONTENT, "Google does not take what was sent"),
    401: (FaultKind.CONFIGURATION, "the service account is refused"),
    403: (FaultKind.CONFIGURATION, "the service account may not change this audience"),
    404: (FaultKind.CONFIGURATION, "there is no such account or audience"),
    429: (FaultKind.THROTTLED, "too many calls"),
}
UNKNOWN: Final = (FaultKind.TRANSIENT, "Google failed")
