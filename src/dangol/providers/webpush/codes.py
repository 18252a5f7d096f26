"""What the answers of push services mean (RFC 8030, RFC 8292)."""

from typing import Final

from dangol.providers.vendor import FaultKind

CODES: Final = {
    400: (FaultKind.CONTENT, "the push service does not understand the message"),
    401: (FaultKind.PERMANENT, "the push service refuses our signature for this subscription"),
    403: (FaultKind.PERMANENT, "the subscription was made with another key"),
    404: (FaultKind.PERMANENT, "there is no such subscription any more"),
    410: (FaultKind.PERMANENT, "the subscription has ended"),
    413: (FaultKind.CONTENT, "the message is too large"),
    429: (FaultKind.THROTTLED, "too many messages"),
    500: (FaultKind.TRANSIENT, "the push service failed"),
    503: (FaultKind.TRANSIENT, "the push service is overloaded"),
}
# Every subscription brings these where our key is not the one the shop's pages subscribe with.
DOUBTFUL: Final = frozenset({"401", "403"})
