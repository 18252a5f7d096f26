"""The words the tables are written in; each mirrors the PostgreSQL enum of the same name."""

from enum import StrEnum


class Channel(StrEnum):
    """How a customer can be reached."""

    EMAIL = "email"
    SMS = "sms"
    # Information on a phone number, by templates Kakao has approved.
    KAKAO_ALIMTALK = "kakao_alimtalk"
    KAKAO_BRAND = "kakao_brand"
    PUSH = "push"
    INAPP = "inapp"


class Purpose(StrEnum):
    """What a message is for; advertising needs prior consent, information a reason."""

    MARKETING = "marketing"
    INFORMATIONAL = "informational"
    # Nothing that is sent: that an ad network gets the address, hashed.
    AD_AUDIENCE = "ad_audience"


class LawfulBasis(StrEnum):
    """Why data about a person may be kept."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGAL_DUTY = "legal_duty"
    LEGITIMATE_INTEREST = "legitimate_interest"


class WithoutConsent(StrEnum):
    """What becomes of an event whose purpose needs a consent that is not there."""

    DROP = "drop"
    # Counted by its name, without whose it was.
    ANONYMOUS = "anonymous"


class WithheldKind(StrEnum):
    """What became of what was not kept for want of consent."""

    DROPPED = "dropped"
    ANONYMOUS = "anonymous"
    # Only the consent that came with it was kept.
    EMPTIED = "emptied"
    # A trait was taken out.
    TRAITS = "traits"


class AccessBy(StrEnum):
    """Through what somebody saw data about people."""

    MEMBER = "member"
    KEY = "key"
    COMMAND = "command"
    CUSTOMER = "customer"


class MemberRole(StrEnum):
    """What a member of a workspace may do."""

    OWNER = "owner"
    MARKETER = "marketer"
    READER = "reader"


class ApiKeyKind(StrEnum):
    """Browser keys are public and only write events; server keys do what their scopes say."""

    BROWSER = "browser"
    SERVER = "server"


class ApiKeyScope(StrEnum):
    """What a write key may do."""

    TRACK = "track"
    IMPORT = "import"
    FEEDBACK = "feedback"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    SEGMENTS_READ = "segments:read"
    SEGMENTS_WRITE = "segments:write"
    JOURNEYS_READ = "journeys:read"
    JOURNEYS_WRITE = "journeys:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    AUDIENCES_READ = "audiences:read"
    AUDIENCES_WRITE = "audiences:write"


class ShopPlatform(StrEnum):
    """Whose webhooks a shop connection reads; generic ones are signed our way and mapped."""

    CAFE24 = "cafe24"
    SHOPIFY = "shopify"
    IMWEB = "imweb"
    GENERIC = "generic"


class EventType(StrEnum):
    """The calls of the tracking API."""

    TRACK = "track"
    IDENTIFY = "identify"
    PAGE = "page"
    SCREEN = "screen"
    GROUP = "group"
    ALIAS = "alias"


class CustomerState(StrEnum):
    """A merged customer counts for its head; an erased one stays empty, for references to it."""

    ACTIVE = "active"
    MERGED = "merged"
    ERASED = "erased"


class IdentifierKind(StrEnum):
    """What a customer can be recognised by."""

    EXTERNAL = "external"
    ANONYMOUS = "anonymous"
    EMAIL = "email"
    PHONE = "phone"
    # A device's token, which is sealed like these and identifies nobody.
    PUSH = "push"


class LinkSource(StrEnum):
    """What says that two identifiers are one person's."""

    EVENT = "event"
    ALIAS = "alias"
    MANUAL = "manual"


class DevicePlatform(StrEnum):
    """What a device is, as far as notifications tell devices apart."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"


class DeviceState(StrEnum):
    """Whether an app is still on its device."""

    ACTIVE = "active"
    # Its vendor says that the token is dead.
    SUSPECTED = "suspected"
    # And no new one came.
    UNINSTALLED = "uninstalled"


class AddressState(StrEnum):
    """Whether an address still takes messages."""

    REACHABLE = "reachable"
    BOUNCED = "bounced"


class ValueKind(StrEnum):
    """What a trait or a property is, as JSON sees it."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    OBJECT = "object"


class SurplusReason(StrEnum):
    """Why a trait was not kept, or a name not counted."""

    TOO_LONG = "too_long"
    TOO_MANY_TRAITS = "too_many_traits"
    TOO_MANY_NAMES = "too_many_names"


class ConsentAction(StrEnum):
    """What a ledger entry records."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    IMPORT = "import"
    # The customer says again what holds; it never gives back what was taken away.
    RENEW = "renew"
    NIGHT_GRANT = "night_grant"
    NIGHT_WITHDRAW = "night_withdraw"
    # What the shop did as the law wants it: told the result, asked whether it still holds.
    NOTICE_SENT = "notice_sent"
    RECONFIRM_SENT = "reconfirm_sent"


class ConsentSource(StrEnum):
    """Through what an entry of the ledger came to us."""

    PAGE = "page"
    ONE_CLICK = "one_click"
    BROWSER = "browser"
    SERVER = "server"
    IMPORT = "import"
    SHOP = "shop"
    CONSOLE = "console"
    FEEDBACK = "feedback"
    KAKAO_CHANNEL = "kakao_channel"
    PHONE_CALL = "phone_call"
    ENGINE = "engine"


class ConsentState(StrEnum):
    """The fold of a customer's entries for one channel and purpose."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SuppressionReason(StrEnum):
    """Why nobody may write to an address."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    MANUAL = "manual"


class JourneyState(StrEnum):
    """Only a running journey enrolls; a paused one also holds what it planned."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class EntryKind(StrEnum):
    """What opens a journey."""

    EVENT = "event"
    SEGMENT_ENTERED = "segment_entered"
    SEGMENT_LEFT = "segment_left"
    DATE = "date"
    SCHEDULE = "schedule"
    CALL = "call"


class ZoneRule(StrEnum):
    """By whose clocks a journey's local times are meant."""

    CUSTOMER = "customer"
    SHOP = "shop"


class InsidePolicy(StrEnum):
    """What becomes of those inside when a journey gets another version."""

    PIN = "pin"
    FOLLOW = "follow"
    MIGRATE = "migrate"


class StepKind(StrEnum):
    """What a step of a journey does."""

    MESSAGE = "message"
    WAIT = "wait"
    CHECK_EVENT = "check_event"
    EXIT = "exit"
    WAIT_FOR = "wait_for"
    BRANCH = "branch"
    SPLIT = "split"
    UPDATE = "update"
    ENTER = "enter"
    GOAL = "goal"
    WEBHOOK = "webhook"


class EnrollmentState(StrEnum):
    """Where an enrollment is: about to move, asleep, over, or set aside with a reason."""

    ACTIVE = "active"
    WAITING = "waiting"
    ENDED = "ended"
    PARKED = "parked"


class EndReason(StrEnum):
    """Why an enrollment is over."""

    COMPLETED = "completed"
    GOAL_MET = "goal_met"
    EXITED = "exited"
    STOPPED = "stopped"
    MERGED = "merged"


class MessageState(StrEnum):
    """How far a message has come."""

    PLANNED = "planned"
    HELD = "held"
    SKIPPED = "skipped"
    ALLOWED = "allowed"
    HANDED = "handed"
    FAILED = "failed"


class Verdict(StrEnum):
    """Allow now, hold until a time, or skip for ever."""

    ALLOW = "allow"
    HOLD = "hold"
    SKIP = "skip"


class DecisionStage(StrEnum):
    """The guard looks twice: when a message is planned and when it is handed over."""

    PLANNING = "planning"
    HAND_OFF = "hand_off"


class DecisionReason(StrEnum):
    """The first rule that settled a message."""

    ALLOWED = "allowed"
    SUPPRESSED = "suppressed"
    ERASED = "erased"
    NO_ADDRESS = "no_address"
    NO_CONSENT = "no_consent"
    JOURNEY_PAUSED = "journey_paused"
    JOURNEY_STOPPED = "journey_stopped"
    ALREADY_CONVERTED = "already_converted"
    JUST_BOUGHT = "just_bought"
    OVER_CAP = "over_cap"
    QUIET_HOURS = "quiet_hours"
    EXPIRED = "expired"
    # Given by the merge itself, not by a rule of the guard.
    MERGED = "merged"
    RENEWAL_OVERDUE = "renewal_overdue"
    CHANNEL_FORBIDDEN = "channel_forbidden"
    NIGHT_LAW = "night_law"
    TOPIC_REFUSED = "topic_refused"
    SNOOZED = "snoozed"
    SUNSET = "sunset"
    MESSAGE_STOPPED = "message_stopped"
    HOLDOUT = "holdout"
    OVER_WISH = "over_wish"
    REDUCED = "reduced"
    ATTENTION_BUDGET = "attention_budget"
    SEND_TIME = "send_time"
    TEMPLATE_UNAPPROVED = "template_unapproved"
    ALREADY_ARRIVED = "already_arrived"


class TemplateState(StrEnum):
    """How far Kakao is with a template that a vendor keeps; only an approved one goes out."""

    REGISTERED = "registered"
    INSPECTING = "inspecting"
    APPROVED = "approved"
    REJECTED = "rejected"
    # Blocked, or dormant because it was not used for a year.
    STOPPED = "stopped"
    # The vendor no longer lists it.
    GONE = "gone"


class DeliveryState(StrEnum):
    """The life of one attempt; ``unknown`` is never repeated blindly for advertising."""

    CLAIMED = "claimed"
    CALLING = "calling"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETRYABLE = "retryable"
    UNKNOWN = "unknown"
    RELEASED = "released"
    RETRIED = "retried"


class ReceiptKind(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


class ReplyKind(StrEnum):
    """What somebody means who answers a message, and has not refused by it."""

    QUESTION = "question"
    THANKS = "thanks"
    COMPLAINT = "complaint"
    OTHER = "other"


class NoticeKind(StrEnum):
    """What the law wants somebody told about their consent to advertising."""

    RESULT = "result"
    REMINDER = "reminder"


class ExitReason(StrEnum):
    """Why somebody stopped, in a word of a list."""

    TOO_MANY = "too_many"
    NOT_RELEVANT = "not_relevant"
    NEVER_ASKED = "never_asked"
    NO_LONGER_NEEDED = "no_longer_needed"
    BAD_EXPERIENCE = "bad_experience"
    PRIVACY = "privacy"
    OTHER = "other"


class ImportState(StrEnum):
    """Whether an import can still be resumed."""

    RUNNING = "running"
    FINISHED = "finished"


class ErasureState(StrEnum):
    """How far a wish to be forgotten has come: silence, no rows, no events in the lake."""

    ASKED = "asked"
    CLEARED = "cleared"
    DONE = "done"
    # After cleared: nothing is left here, and an ad network has not yet said that it took them out.
    AWAITED = "awaited"


class WebhookKind(StrEnum):
    """What a shop's other software can hear of."""

    MESSAGE_SENT = "message.sent"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_SKIPPED = "message.skipped"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_OPENED = "message.opened"
    MESSAGE_CLICKED = "message.clicked"
    MESSAGE_REPLIED = "message.replied"
    MESSAGE_BOUNCED = "message.bounced"
    MESSAGE_COMPLAINED = "message.complained"
    MESSAGE_UNSUBSCRIBED = "message.unsubscribed"
    CONSENT_CHANGED = "consent.changed"
    JOURNEY_ENTERED = "journey.entered"
    JOURNEY_ENDED = "journey.ended"
    JOURNEY_CONVERTED = "journey.converted"
    JOURNEY_STEP = "journey.step"
    TEST = "test"


class WebhookState(StrEnum):
    """How far one call to an endpoint has come."""

    WAITING = "waiting"
    CALLING = "calling"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class AdNetwork(StrEnum):
    """Who shows a shop's advertising elsewhere."""

    META = "meta"
    GOOGLE = "google"


class AudienceMemberState(StrEnum):
    """How far an address has come on its way into an audience, or out of it."""

    ADDING = "adding"
    ADDED = "added"
    LEAVING = "leaving"


class AudienceReason(StrEnum):
    """Why somebody of the segment is not in the audience."""

    NO_ADDRESS = "no_address"
    NO_CONSENT = "no_consent"
    SUPPRESSED = "suppressed"
    OVER_CAP = "over_cap"
    OVER_MOST = "over_most"


class BubbleKind(StrEnum):
    """How a Brand Message looks in KakaoTalk."""

    TEXT = "text"
    IMAGE = "image"
    WIDE = "wide"
    COMMERCE = "commerce"


class Targeting(StrEnum):
    """Whom a Brand Message may reach; vendors spell these with letters of their own."""

    FRIENDS = "friends"
    CONSENTED = "consented"
    CONSENTED_NON_FRIENDS = "consented_non_friends"
    CONSENTED_AND_FRIENDS = "consented_and_friends"


class PictureKind(StrEnum):
    """As what a picture is written."""

    JPEG = "jpeg"
    PNG = "png"


class PictureUse(StrEnum):
    """For what a vendor gets a picture: each has a place, and rules, of its own."""

    MMS = "mms"
    BRAND = "brand"
    BRAND_WIDE = "brand_wide"
