"""What Apple's reasons mean (Handling notification responses from APNs)."""

from typing import Final

from dangol.providers.vendor import FaultKind

PERMANENT: Final = {
    "Unregistered": "the app was uninstalled",
    "ExpiredToken": "the token has expired",
    "BadDeviceToken": "the token is none, or of the other environment",
    "DeviceTokenNotForTopic": "the token belongs to another app",
}
CONFIGURATION: Final = {
    "BadTopic": "the topic is not valid",
    "MissingTopic": "the topic is missing",
    "TopicDisallowed": "this key may not send for the topic",
    "BadCertificate": "the certificate is bad",
    "BadCertificateEnvironment": "the certificate is of the other environment",
    "BadEnvironmentKeyInToken": "the key is of the other environment",
    "ExpiredProviderToken": "our token is too old: is this machine's clock right?",
    "Forbidden": "this key may not do that",
    "InvalidProviderToken": "our token is refused: check key, key id and team id",
    "MissingProviderToken": "our token is missing",
    "UnrelatedKeyIdInToken": "the key id is of another team",
    "BadPath": "the address is wrong",
    "MethodNotAllowed": "the address is wrong",
}
CONTENT: Final = {
    "BadCollapseId": "the collapse id is too long",
    "BadExpirationDate": "the expiration is no time",
    "BadMessageId": "the id is no UUID",
    "BadPriority": "the priority is unknown",
    "DuplicateHeaders": "a header came twice",
    "InvalidPushType": "the kind of push is unknown",
    "MissingDeviceToken": "the token is missing",
    "PayloadEmpty": "the message is empty",
    "PayloadTooLarge": "the message is too large",
}
THROTTLED: Final = {
    "TooManyProviderTokenUpdates": "our token was renewed too often",
}
TRANSIENT: Final = {
    # Of one device: the others need not wait.
    "TooManyRequests": "too many messages to this device",
    "IdleTimeout": "the connection was idle",
    "InternalServerError": "APNs failed",
    "ServiceUnavailable": "APNs is overloaded",
    "Shutdown": "APNs is shutting down",
}
REASONS: Final = {
    reason: (fault, meaning)
    for fault, meanings in (
        (FaultKind.PERMANENT, PERMANENT),
        (FaultKind.CONFIGURATION, CONFIGURATION),
        (FaultKind.CONTENT, CONTENT),
        (FaultKind.THROTTLED, THROTTLED),
        (FaultKind.TRANSIENT, TRANSIENT),
    )
    for reason, meaning in meanings.items()
}
# Every token brings these where the environment or the topic is set wrongly.
DOUBTFUL: Final = frozenset({"BadDeviceToken", "DeviceTokenNotForTopic"})
