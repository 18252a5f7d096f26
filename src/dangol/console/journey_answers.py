"""What the API says about journeys, and what it is told."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from dangol.journeys.retrace import Came, Converted, Where
from dangol.store.vocabulary import EnrollmentState, InsidePolicy, JourneyState, StepKind

# A journey as docs/reference/journeys.md has it; read by ``read_journey``, whose refusals name the
# place in it.
JourneyText = dict[str, object]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class JourneySummary(msgspec.Struct, frozen=True, kw_only=True):
    """A journey in the list; ``version`` is the one that new customers take."""

    name: str
    title_ko: str
    title_en: str
    state: JourneyState
    version: int | None
    inside: int


class Journeys(msgspec.Struct, frozen=True, kw_only=True):
    """Every journey, by name."""

    journeys: list[JourneySummary]


class JourneyStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How many stand at a step of a version, and what becomes of them.

    ``becomes``: they stay in their version (``pin``), go on at ``to_step`` (``keep``), begin it
    anew (``anew``) or leave (``exit``). ``stay`` of them would get a message again, and are left
    where they are.
    """

    version: int
    step: str
    state: EnrollmentState
    customers: int
    becomes: Literal["pin", "keep", "anew", "exit"]
    to_step: str | None
    stay: int


class JourneyStepLine(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the version that new customers take, and how many stand at it in that version."""

    name: str
    kind: StepKind
    customers: int


class JourneyDetail(JourneySummary, frozen=True, kw_only=True):
    """One journey: what it says, and how many stand where; ``standing`` is of all versions."""

    created_at: datetime
    definition: JourneyText | None
    steps: list[JourneyStepLine]
    standing: list[JourneyStanding]


class JourneyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it was published; ``inside`` is how many are in it now."""

    number: int
    published_at: datetime
    published_by: str | None
    inside: int
    definition: JourneyText


class JourneyPublication(msgspec.Struct, frozen=True, kw_only=True):
    """One time that new customers got another version, and what became of those inside."""

    version: int
    was: int | None
    inside: InsidePolicy
    map: dict[str, str]
    moved: int
    let_go: int
    continued: int
    published_at: datetime
    published_by: str | None


class JourneyVersions(msgspec.Struct, frozen=True, kw_only=True):
    """The versions of a journey, the newest first, and how it came by them, the last first."""

    versions: list[JourneyVersion]
    publications: list[JourneyPublication]


class JourneyPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing would do: which version it would be, and what becomes of those inside.

    ``difference`` holds the lines of the journey's YAML that differ, each after its sign.
    """

    version: int
    is_new: bool
    difference: list[str]
    standing: list[JourneyStanding]
    finished_step: str | None
    finished: int


class InsideWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to become of those inside; ``map`` goes from a step's name to one, or to exit."""

    inside: InsidePolicy = InsidePolicy.PIN
    map: dict[str, str] = {}
    finished: str | None = None
    finished_within: str = "30 days"


class JourneyWish(InsideWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journey to publish; with ``run``, one that never ran begins to."""

    definition: JourneyText
    run: bool = False


class JourneyPreviewWish(InsideWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journey to look at."""

    definition: JourneyText


class RollbackWish(InsideWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An earlier version that new customers shall take again."""

    version: int


class JourneyStateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What state a journey shall be in."""

    state: Literal["running", "paused", "stopped"]


class EnrollmentWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer to let in.

    ``who``: an e-mail address, the shop's own id, a telephone number, or id:NUMBER. ``key`` is the
    caller's: the same key for the same customer enters once. ``properties`` are kept with the
    enrollment, as those of an event would be.
    """

    who: Annotated[str, msgspec.Meta(min_length=1, max_length=320)]
    key: Key
    properties: dict[str, object] = {}


class EnrollmentTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The call was taken; the next tick decides who enters. The same call has the same id."""

    message_id: str


class RunWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose way is to be told: an e-mail address, the shop's own id, a number, or id:NUMBER."""

    who: Annotated[str, msgspec.Meta(min_length=1, max_length=320)]


class JourneyRun(msgspec.Struct, frozen=True, kw_only=True):
    """One enrollment: where it is, why, every step on the way there, and the goal if reached."""

    why: str
    where: Where
    trail: list[Came]
    conversion: Converted | None


class JourneyRuns(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's enrollments in a journey, the latest first; none: they never entered."""

    runs: list[JourneyRun]
