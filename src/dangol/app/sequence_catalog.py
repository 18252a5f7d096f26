"""The sequences that come with Dangol: which there are, and what each is made of.

A sequence is a journey, the templates it sends and the segments it asks for, as files in
``sequence_files``. Variants of one are the same journey by name, so that only one of them can run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Final, cast

import msgspec
import yaml

from dangol.app.problem import ProblemError
from dangol.content.library import SUFFIX, parse_template
from dangol.content.template import Draft
from dangol.content.tone import OUTPUT
from dangol.segments.condition import PURCHASE
from dangol.segments.document import Wanted, read_documents
from dangol.segments.library import READY_MADE
from dangol.segments.parse import write_condition

FILES: Final = resources.files("dangol.app") / "sequence_files"
# Of our own making: nobody has to send it.
OWN_TRAITS: Final = frozenset({"tags"})
MESSAGES: Final = ("template", "fallback")
EVENT_FIELDS: Final = ("event", "events", "goal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One sequence, under its journey's name; of its variants the first is taken unless named."""

    name: str
    about_ko: str
    about_en: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What adding a sequence puts into a workspace, and what it listens to there."""

    journey: str
    title_ko: str
    title_en: str
    templates: tuple[Draft, ...]
    segments: tuple[Wanted, ...]
    events: tuple[str, ...]
    traits: tuple[str, ...]


SEQUENCES: Final = (
    Sequence(
        name="welcome",
        about_ko="가입한 날, 2일, 4일, 7일째에 한 통씩. 주문하면 그칩니다.",
        about_en="A message on days 0, 2, 4 and 7 after signing up. An order ends it.",
    ),
    Sequence(
        name="interest",
        about_ko="상품을 여러 번 보고 담지 않은 고객에게 고르는 것을 돕겠다는 한 통.",
        about_en="One offer of help to somebody who looked several times and took nothing.",
    ),
    Sequence(
        name="cart",
        about_ko="두고 간 장바구니에 한 통: 2~3일 뒤(later) 또는 1시간 안에(soon).",
        about_en="One note about a cart left behind: after two to three days, or within the hour.",
        variants=("later", "soon"),
    ),
    Sequence(
        name="conversion",
        about_ko="가입하고 아직 사지 않은 고객의 궁금증에 답합니다. 반응한 고객에게만 한 통 더.",
        about_en="Answers what keeps people from a first order; more only to those who reacted.",
    ),
    Sequence(
        name="after_purchase",
        about_ko="주문하고 일주일쯤 뒤 후기를 부탁합니다. 보답이 있으므로 광고입니다.",
        about_en="Asks for a review a week after an order; the reward makes it advertising.",
    ),
    Sequence(
        name="refill",
        about_ko="쓰던 것이 떨어질 날(refill_due) 사흘 전에 한 통.",
        about_en="One note three days before something runs out (the trait refill_due).",
    ),
    Sequence(
        name="reminder_30",
        about_ko="30일 동안 사지 않은 고객에게 안부 한 통.",
        about_en="One friendly word after thirty days without an order.",
    ),
    Sequence(
        name="comeback_90",
        about_ko="90일 동안 사지 않은 고객에게: 단골과 한 번 산 고객에게 서로 다른 편지.",
        about_en="After 90 days without an order: one message for regulars, another for others.",
    ),
    Sequence(
        name="churn_prevention",
        about_ko="구매가 60일 멈춘 고객에게 무엇이 달라졌는지 묻습니다. 못 본 고객에게만 한 통 더.",
        about_en="Asks regulars away for 60 days what changed; once more if they did not see it.",
    ),
    Sequence(
        name="repermission",
        about_ko="메일을 열지 않는 고객에게 계속 보내도 될지 여쭙고, 답이 없으면 쉽니다.",
        about_en="Asks those who open nothing whether to go on; without an answer, it rests.",
    ),
    Sequence(
        name="block_winback",
        about_ko="푸시·앱·채널을 끊은 고객에게 2주 뒤 이유에 맞는 메일 한 통. 동의가 있을 때만.",
        about_en="Two weeks after a block elsewhere, one fitting e-mail, if that is agreed to.",
    ),
    Sequence(
        name="membership_cancelled",
        about_ko="멤버십 해지를 바로 확인해 드리고, 한 달 뒤 한 통.",
        about_en="Confirms a cancelled membership at once, and writes once more after a month.",
    ),
)


def find_sequence(name: str) -> Sequence:
    """Return a sequence by its name.

    Raises:
        ProblemError: there is none of that name.
    """
    for sequence in SEQUENCES:
        if sequence.name == name:
            return sequence
    names = ", ".join(sequence.name for sequence in SEQUENCES)
    raise ProblemError(f"There is no sequence {name!r}. Choose one of {names}.")


def choose_variant(sequence: Sequence, variant: str) -> str:
    """Return the variant that is meant; empty where a sequence has none.

    Raises:
        ProblemError: the sequence has no such variant.
    """
    if variant and variant not in sequence.variants:
        choice = ", ".join(sequence.variants)
        remedy = f"Choose one of {choice}." if choice else "Leave --variant out."
        raise ProblemError(f"{sequence.name} has no variant {variant!r}. {remedy}")
    return variant or next(iter(sequence.variants), "")


def read_journey(sequence: Sequence, *, variant: str) -> str:
    """Return the text of a sequence's journey."""
    stem = f"{sequence.name}_{variant}" if variant else sequence.name
    return (FILES / "journeys" / f"{stem}.yaml").read_text(encoding="utf-8")


def read_parts(sequence: Sequence, *, variant: str, locale: str) -> Parts:
    """Read everything that a sequence is made of; ``locale`` is the templates' language."""
    text = read_journey(sequence, variant=variant)
    tree = cast("dict[str, object]", yaml.safe_load(text))
    title = cast("dict[str, str]", tree["title"])
    templates = tuple(read_template(name, locale=locale) for name in named(tree, *MESSAGES))
    segments = tuple(collect_segments(named(tree, "segment")))
    trees = [tree, *(condition_of(segment) for segment in segments)]
    events = (event for part in trees for event in events_of(part))
    traits = [name for part in trees for name in named(part, "trait")]
    return Parts(
        journey=text,
        title_ko=title["ko"],
        title_en=title["en"],
        templates=templates,
        segments=segments,
        events=tuple(sorted(set(events))),
        traits=tuple(sorted({*traits, *traits_of(templates)} - OWN_TRAITS)),
    )


def read_template(name: str, *, locale: str) -> Draft:
    """Read one template in one language."""
    path = FILES / "templates" / f"{name}.{locale}{SUFFIX}"
    return parse_template(path.read_text(encoding="utf-8"))


def collect_segments(names: list[str]) -> Iterator[Wanted]:
    """Yield these segments, each after those that it asks for."""
    for name in names:
        segment = find_segment(name)
        yield from collect_segments(named(condition_of(segment), "segment"))
        yield segment


def find_segment(name: str) -> Wanted:
    """Return a ready-made segment, or one that only sequences need."""
    for ready in READY_MADE:
        if ready.name == name:
            return Wanted(
                place=name,
                name=name,
                title_ko=ready.title_ko,
                title_en=ready.title_en,
                condition=ready.condition,
            )
    path = FILES / "segments" / f"{name}.yaml"
    wanted, faults = read_documents(path.read_text(encoding="utf-8"), file=path.name)
    assert not faults, faults  # noqa: S101 - our own file, which a test reads
    return wanted[0]


def condition_of(segment: Wanted) -> dict[str, object]:
    return msgspec.json.decode(write_condition(segment.condition), type=dict[str, object])


def events_of(tree: object) -> Iterator[str]:
    """Yield the events that a journey or a condition names; stages of buying ask for orders."""
    yield from named(tree, *EVENT_FIELDS)
    if "lifecycle" in named(tree, "kind"):
        yield from named(tree, "purchase") or [PURCHASE]


def traits_of(templates: tuple[Draft, ...]) -> Iterator[str]:
    """Yield the traits that templates put out."""
    for template in templates:
        for part in (template.subject, template.body_text, template.body_html):
            for field, _ in OUTPUT.findall(part):
                if field.startswith("customer.traits."):
                    yield field.removeprefix("customer.traits.")


def named(tree: object, *fields: str) -> list[str]:
    """Collect the texts that stand under these fields, anywhere in a tree, each once."""
    return list(dict.fromkeys(walk_named(tree, fields)))


def walk_named(tree: object, fields: tuple[str, ...]) -> Iterator[str]:
    """Yield each text that stands under one of these fields, alone or in a list."""
    match tree:
        case dict():
            for field, value in cast("dict[str, object]", tree).items():
                if field in fields:
                    yield from texts_in(value)
                yield from walk_named(value, fields)
        case list():
            for part in cast("list[object]", tree):
                yield from walk_named(part, fields)
        case _:
            return


def texts_in(value: object) -> list[str]:
    values = cast("list[object]", value if isinstance(value, list) else [value])
    return [one for one in values if isinstance(one, str)]
