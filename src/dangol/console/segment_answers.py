"""What the API says about segments and lists, and what it is told."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from dangol.segments.catalog import State
from dangol.segments.library_entry import Group

# A condition as docs/reference/segments.md has it: {"version": 1, "where": …}. It is read by
# ``parse_condition``, whose refusals name the place in the tree.
Definition = dict[str, object]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SizeOfDay(msgspec.Struct, frozen=True, kw_only=True):
    """How many were in a segment at a day's last refresh; the day is the shop's."""

    day: date
    size: int


class SegmentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A segment in the list.

    ``size`` is null while nobody has been judged; the sentences say what is published, or the draft
    where nothing is. ``fault`` says why it is not refreshed, and is empty where it is. ``sizes``
    are those of the last 30 days, oldest first.
    """

    name: str
    title_ko: str
    title_en: str
    state: State
    has_draft: bool
    size: int | None
    refreshed_at: datetime | None
    sentence_ko: str
    sentence_en: str
    fault: str
    sizes: list[SizeOfDay]
    used_by: list[str]


class SegmentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A condition as it was published."""

    number: int
    created_at: datetime
    sentence_ko: str
    sentence_en: str
    definition: Definition | None


class SegmentDetail(SegmentSummary, frozen=True, kw_only=True):
    """A segment with its condition, its draft and its versions, the newest first."""

    definition: Definition | None
    draft: Definition | None
    versions: list[SegmentVersion]
    entered_7d: int
    left_7d: int


class Segments(msgspec.Struct, frozen=True, kw_only=True):
    """Every segment, drafts and archived ones too."""

    segments: list[SegmentSummary]


class SegmentWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a segment is to be called and to ask; without ``publish`` it is kept as a draft."""

    title_ko: Title
    title_en: Title
    definition: Definition
    publish: bool = False


class PreviewWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A condition to look at; ``name`` is the segment whose condition it is to become."""

    definition: Definition
    name: str = ""


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A customer: the number of their page, and what they are recognised by, masked."""

    id: int
    label: str


class SegmentPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Of all ``customers``, for whom a condition would hold.

    Where not everybody was looked at, ``count`` is an estimate and lies between ``low`` and
    ``high`` in 19 of 20 cases.
    """

    customers: int
    count: int
    low: int
    high: int
    exact: bool
    looked_at: int
    sample: list[Labelled]
    sentence_ko: str
    sentence_en: str
    milliseconds: int


class SegmentOverlap(msgspec.Struct, frozen=True, kw_only=True):
    """Another segment, and how many are in both.

    Of a large segment some members are looked at: ``both`` is an estimate then, and its 95 %
    interval goes from ``low`` to ``high``. Otherwise the three are the same.
    """

    name: str
    title_ko: str
    title_en: str
    size: int
    both: int
    low: int
    high: int


class Overlaps(msgspec.Struct, frozen=True, kw_only=True):
    """The segments that share members with one, the most first; twenty at most."""

    overlaps: list[SegmentOverlap]


class SegmentMember(Labelled, frozen=True, kw_only=True):
    """Who is in a segment, and since when."""

    entered_at: datetime


class SegmentMembers(msgspec.Struct, frozen=True, kw_only=True):
    """A page of members; ``next`` is what to ask for the next one, null on the last."""

    members: list[SegmentMember]
    next: int | None
    total: int


class ReadyMadeSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment to begin with; ``there`` where the shop has one of its name."""

    name: str
    title_ko: str
    title_en: str
    about_ko: str
    about_en: str
    group: Group
    definition: Definition
    there: bool


class ReadyMadeSegments(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, in their groups."""

    ready_made: list[ReadyMadeSegment]


class KindsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A property or trait and the kinds it came as, the most frequent first."""

    name: str
    kinds: list[str]


class KnownEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that came, and its properties."""

    name: str
    properties: list[KindsOf]


class Titled(msgspec.Struct, frozen=True, kw_only=True):
    """A segment or journey by its name and titles."""

    name: str
    title_ko: str
    title_en: str


class KnownList(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded list and how many rows its file had."""

    name: str
    entries: int


class SegmentVocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition of this shop can name."""

    events: list[KnownEvent]
    traits: list[KindsOf]
    segments: list[Titled]
    lists: list[KnownList]
    journeys: list[Titled]
    channels: list[str]
    purposes: list[str]


class ListSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded list: rows of its file, customers they led to, and who asks for it.

    ``used_by`` are segments, ``journeys`` those that were not stopped.
    """

    name: str
    entries: int
    matched: int
    uploaded_at: datetime
    used_by: list[str]
    journeys: list[str]


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """Every uploaded list, by name."""

    lists: list[ListSummary]


class UploadedList(ListSummary, frozen=True, kw_only=True):
    """A list as it was just uploaded, with the first lines that led nowhere.

    ``unknown`` lead to nobody or to several customers, ``unreadable`` are empty or no address.
    """

    unknown: list[int]
    unreadable: list[int]


ListKind = Literal["user", "email", "phone"]
