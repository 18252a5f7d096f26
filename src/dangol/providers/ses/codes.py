"""What SES's errors and bounces mean (API v2 reference, "Common Errors" and "SendEmail")."""

from typing import Final

from dangol.providers.vendor import Fate, FaultKind

# By the name in x-amzn-ErrorType; each was refused, so that none of them was sent.
ERRORS: Final = {
    "MessageRejected": (Fate.REJECTED, FaultKind.CONTENT),
    "BadRequestException": (Fate.REJECTED, FaultKind.CONTENT),
    "TooManyRequestsException": (Fate.RETRYABLE, FaultKind.THROTTLED),
    "ThrottlingException": (Fate.RETRYABLE, FaultKind.THROTTLED),
    "LimitExceededException": (Fate.RETRYABLE, FaultKind.THROTTLED),
    "SendingPausedException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "AccountSuspendedException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "MailFromDomainNotVerifiedException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "NotFoundException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "AccessDeniedException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "InvalidSignatureException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "UnrecognizedClientException": (Fate.RETRYABLE, FaultKind.CONFIGURATION),
    "ServiceUnavailable": (Fate.RETRYABLE, FaultKind.TRANSIENT),
}

# Where the error has no name we know.
TOO_MANY: Final = 429
UNAVAILABLE: Final = 503
FORBIDDEN: Final = (401, 403)
SERVER_ERRORS: Final = range(500, 600)

# Bounces by type and subtype; "" stands for every other subtype.
BOUNCES: Final = {
    ("Permanent", ""): FaultKind.PERMANENT,
    ("Permanent", "ContentRejected"): FaultKind.CONTENT,
    ("Transient", ""): FaultKind.TRANSIENT,
    ("Transient", "MailboxFull"): FaultKind.UNREACHABLE,
    ("Transient", "MessageTooLarge"): FaultKind.CONTENT,
    ("Transient", "ContentRejected"): FaultKind.CONTENT,
    ("Transient", "AttachmentRejected"): FaultKind.CONTENT,
}


def judge_error(status: int, name: str) -> tuple[Fate, FaultKind]:
    """Say what an error means for the mail.

    SES keeps no key of ours: after an error within it nobody knows whether it took the mail.
    """
    if name in ERRORS:
        return ERRORS[name]
    if status == TOO_MANY:
        return Fate.RETRYABLE, FaultKind.THROTTLED
    if status == UNAVAILABLE:
        return Fate.RETRYABLE, FaultKind.TRANSIENT
    if status in FORBIDDEN:
        return Fate.RETRYABLE, FaultKind.CONFIGURATION
    if status in SERVER_ERRORS:
        return Fate.UNKNOWN, FaultKind.TRANSIENT
    return Fate.REJECTED, FaultKind.CONTENT


def judge_bounce(kind: str, subtype: str) -> FaultKind:
    """Say what a bounce means; one nobody knows condemns no address."""
    return BOUNCES.get((kind, subtype)) or BOUNCES.get((kind, "")) or FaultKind.TRANSIENT
