"""A story as a file: what it names, its lines, and what is wrong with them, each at its place."""

# PyYAML's types say little of its insides.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, cast

import msgspec
import yaml

from dangol.app.trial.reacting import Reaction
from dangol.app.trial.story import read_length, read_moment
from dangol.store.vocabulary import Channel, Purpose
from dangol.store.workspace import zone_of
from dangol.store.yaml_text import Loader

Json = dict[str, object]
# A file's name, or the thing itself written out.
Source = str | Json
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
SAYS_WHAT: Final = ("event", "traits", "consent", "message", "expect")
UNKNOWN: Final = re.compile(r"unknown field `(\w+)`")
MISSING: Final = re.compile(r"missing required field `(\w+)`")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of the file has: no field that is not known."""


class ShopPart(Part, frozen=True, kw_only=True):
    """The shop's rules."""

    time_zone: str = "Asia/Seoul"
    locale: Literal["ko", "en"] = "ko"
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    cap_messages: Annotated[int, msgspec.Meta(ge=1)] = 3
    cap_days: Annotated[int, msgspec.Meta(ge=1)] = 7
    message_events: bool = True


class PersonPart(Part, frozen=True, kw_only=True):
    """Somebody the story is about: reachable and consenting unless it says otherwise."""

    #: Left out: one is made up; null: they have none.
    email: str | None = ""
    #: Left out: they have none.
    phone: str | None = None
    #: Whether they have the app, and let it notify them.
    push: bool = False
    consent: bool = True
    traits: Json = {}


class Line(Part, frozen=True, kw_only=True):
    """What every line has: when, and about whom."""

    at: str = ""
    after: str = ""
    who: str | list[str]


class EventLine(Line, frozen=True, kw_only=True):
    """Somebody does something."""

    event: str
    properties: Json = {}
    id: str = ""


class TraitsLine(Line, frozen=True, kw_only=True):
    """Something about somebody is another from now on."""

    traits: Json


class ConsentLine(Line, frozen=True, kw_only=True):
    """Somebody says what they allow."""

    consent: Literal["grant", "refuse", "withdraw"]
    channel: Channel = Channel.EMAIL
    purpose: Purpose = Purpose.MARKETING


class MessageLine(Line, frozen=True, kw_only=True):
    """Something becomes of the last message that reached somebody."""

    message: Reaction
    #: Where a click leads, and what a reply says.
    link: str = ""
    text: str = ""


class Expectation(Line, frozen=True, kw_only=True, tag_field="expect"):
    """Something must have become of somebody."""


class SentLine(Expectation, frozen=True, kw_only=True, tag="sent"):
    """Exactly this reached them since the story last looked."""

    template: str
    channel: Channel | None = None
    sent_at: str = ""
    within: str = ""


class HeldLine(Expectation, frozen=True, kw_only=True, tag="held"):
    """Their latest message waits."""

    until: str = ""
    reason: str = ""


class SkippedLine(Expectation, frozen=True, kw_only=True, tag="skipped"):
    """Another message to them will never be sent."""

    reason: str = ""


class NothingLine(Expectation, frozen=True, kw_only=True, tag="nothing"):
    """Nothing reached them since the story last looked."""


class StepLine(Expectation, frozen=True, kw_only=True, tag="step"):
    """They are inside a journey, at this step."""

    journey: str
    step: str


class EndedLine(Expectation, frozen=True, kw_only=True, tag="ended"):
    """They have left a journey."""

    journey: str
    reason: str = ""


class OutsideLine(Expectation, frozen=True, kw_only=True, tag="outside"):
    """They are not inside a journey."""

    journey: str


class WebhookLine(Expectation, frozen=True, kw_only=True, tag="webhook"):
    """A journey called an endpoint about them, once since the story last looked."""

    endpoint: str
    #: Fields of what was posted, as they must be.
    body: Json = {}
    #: What the endpoint answers; left out: nothing yet.
    answer: Literal["", "taken", "refused"] = ""


AnyExpectation = (
    SentLine
    | HeldLine
    | SkippedLine
    | NothingLine
    | StepLine
    | EndedLine
    | OutsideLine
    | WebhookLine
)
AnyLine = EventLine | TraitsLine | ConsentLine | MessageLine | AnyExpectation
KINDS: Final[Mapping[str, type[AnyLine]]] = {
    "event": EventLine,
    "traits": TraitsLine,
    "consent": ConsentLine,
    "message": MessageLine,
    # A union of types is a type to msgspec, though not to the type checker.
    "expect": cast("type[AnyLine]", AnyExpectation),
}
EXPECTED: Final = ("sent", "held", "skipped", "nothing", "step", "ended", "outside", "webhook")
TIMES: Final = ("at", "sent_at", "until")
LENGTHS: Final = ("after", "within")


class Whole(Part, frozen=True, kw_only=True):
    """The file, its lines not yet read."""

    story: str
    journeys: list[Source]
    templates: list[Source] = []
    segments: list[Source] = []
    #: Names of endpoints that journeys may call.
    endpoints: list[str] = []
    shop: ShopPart = ShopPart()
    starts: str = ""
    customers: dict[str, PersonPart]
    lines: list[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A line and where it stands in its file."""

    number: int
    line: AnyLine

    @property
    def people(self) -> list[str]:
        """Whom it is about."""
        return [self.line.who] if isinstance(self.line.who, str) else self.line.who


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A story that can be told."""

    whole: Whole
    lines: Sequence[Numbered]


class BadStory(ValueError):  # noqa: N818 - it is the story that is bad
    """A story that cannot be told; ``faults`` names everything that is wrong with it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults: Final = tuple(faults)


def read_script(text: str, *, file: str) -> Script:
    """Read a story.

    Raises:
        BadStory: with every fault, each with the file, the line and the remedy.
    """
    tree, numbers = load(text, file=file)
    try:
        whole = msgspec.convert(tree, Whole)
    except msgspec.ValidationError as error:
        raise BadStory([f"{file}: {explain(error, Whole)}"]) from error
    faults = [f"{file}: {said}" for said in find_faults(whole)]
    lines: list[Numbered] = []
    for number, part in zip(numbers, whole.lines, strict=True):
        try:
            line = Numbered(number=number, line=read_line(part))
            check_line(line, whole=whole)
            lines.append(line)
        except ValueError as fault:
            faults.append(f"{file}, line {number}: {fault}")
    if faults:
        raise BadStory(faults)
    return Script(whole=whole, lines=lines)


def load(text: str, *, file: str) -> tuple[object, list[int]]:
    """Return the file's tree and in which line of the file each line of the story begins.

    Raises:
        BadStory: it is no YAML.
    """
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        tree: object = loader.construct_document(node) if node else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        said = " ".join(str(error).split())
        raise BadStory([f"{file}: {said}. Check the indentation and the quotes there."]) from error
    return tree, list(line_numbers(node))


def line_numbers(node: yaml.Node | None) -> Iterator[int]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if key.value == "lines" and isinstance(value, yaml.SequenceNode):
            yield from (item.start_mark.line + 1 for item in value.value)


def find_faults(whole: Whole) -> Iterator[str]:
    """Name what is wrong above the lines."""
    try:
        zone = zone_of(whole.shop.time_zone)
        if whole.starts:
            _ = read_moment(whole.starts, zone)
    except ValueError as error:
        yield str(error)
    for name in ("quiet_from", "quiet_until"):
        if not CLOCK.fullmatch(value := getattr(whole.shop, name)):
            yield f"shop.{name} is {value!r}. Write a time of day such as 21:00."
    if not whole.lines:
        yield "lines is empty. Write at least one."
    elif not whole.starts and not (isinstance(whole.lines[0], dict) and "at" in whole.lines[0]):
        yield "nothing says when the story begins. Write starts, or `at` in its first line."


def read_line(part: object) -> AnyLine:
    """Read one line.

    Raises:
        ValueError: naming the field and the remedy.
    """
    if not isinstance(part, dict):
        raise ValueError("this is no line. Write fields, such as {who: …, event: …}.")  # noqa: TRY004 - a fault of the text
    tree = cast("dict[str, Any]", part)
    kinds = [name for name in SAYS_WHAT if name in tree]
    if len(kinds) != 1:
        what = " and ".join(kinds) or "nothing that happens"
        raise ValueError(f"it says {what}. Write exactly one of {', '.join(SAYS_WHAT)}.")
    if kinds == ["expect"] and tree["expect"] not in EXPECTED:
        expected = ", ".join(EXPECTED)
        raise ValueError(f"expect is {tree['expect']!r}. Write one of {expected}.")
    kind = KINDS[kinds[0]]
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        raise ValueError(explain(error, kind_of(tree, kind))) from error


def kind_of(tree: Mapping[str, object], kind: type[AnyLine]) -> type[msgspec.Struct]:
    """Return the very struct that a line was to become."""
    if "expect" not in tree:
        return kind
    by_tag = {one.__struct_config__.tag: one for one in AnyExpectation.__args__}
    return by_tag[str(tree["expect"])]


def check_line(numbered: Numbered, *, whole: Whole) -> None:
    """Refuse times that are none, and people nobody knows.

    Raises:
        ValueError: naming the field, its value and the remedy.
    """
    line = numbered.line
    if line.at and line.after:
        raise ValueError("it has both at and after. Write one of them.")
    for name in TIMES:
        if value := getattr(line, name, ""):
            _ = read_moment(value, zone_of(whole.shop.time_zone))
    for name in LENGTHS:
        if value := getattr(line, name, ""):
            _ = read_length(value)
    for name in numbered.people:
        if name not in whole.customers:
            there = ", ".join(whole.customers)
            raise ValueError(f"who: there is no customer {name!r}. Name one of {there}.")


def explain(error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> str:
    """Say what msgspec says, with a remedy."""
    said = str(error)
    where = said.partition(" - at `$.")[2].removesuffix("`")
    place = f" in {where}" if where else ""
    if found := UNKNOWN.search(said):
        there = "" if where else f": {', '.join(kind.__struct_encode_fields__)}"
        return f"{found[1]} does not belong here{place}. Write one of the known fields{there}."
    if found := MISSING.search(said):
        return f"{found[1]} is missing{place}. Add it."
    return f"{said.partition(' - at')[0]}{place}. Correct it."
