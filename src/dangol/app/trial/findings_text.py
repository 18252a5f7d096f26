"""What a backtest found, as a terminal shows it."""

from collections.abc import Iterator, Mapping
from typing import Final

from dangol.app.trial.findings import Findings

BAR: Final = 30


def say_findings(found: Findings) -> Iterator[str]:
    """Say the whole report, line by line."""
    yield (
        f"{found.journey} from {found.first_day} to {found.last_day} ({found.time_zone}), "
        f"over {found.events:,} events that really happened"
    )
    yield ""
    yield from say_totals(found)
    yield ""
    yield from say_days(found)
    yield from say_collisions(found)
    for example in found.examples:
        yield f"{example.name}:"
        yield from (f"  {line}" for line in example.lines)
    if found.examples:
        yield ""
    yield from (f"Note: {note}" for note in found.notes)
    yield "What this cannot know:"
    yield from (f"- {line}" for line in found.cannot_know)


def say_totals(found: Findings) -> Iterator[str]:
    away = f", {found.turned_away:,} turned away" if found.turned_away else ""
    yield f"enrollments  {found.enrollments:,}{away}"
    channels = say_counts(found.by_channel)
    yield f"messages     {found.messages:,}{channels}; at most {found.most_a_day:,} a day"
    yield f"holds        {sum(found.holds.values()):,}{say_counts(found.holds)}"
    yield f"skips        {sum(found.skips.values()):,}{say_counts(found.skips)}"
    yield f"cost         {found.cost_krw} KRW"
    yield f"ends         {sum(found.ends.values()):,}{say_counts(found.ends)}"
    yield f"inside       {sum(found.inside.values()):,}{say_counts(found.inside)}"
    if found.parked:
        yield f"set aside    {found.parked:,}"
    revenue = ", ".join(
        f"{amount} {name}".strip() for name, amount in found.conversions.revenue.items()
    )
    yield f"conversions  {found.conversions.count:,}" + (f" ({revenue})" if revenue else "")
    yield f"steps        {', '.join(f'{name} {n:,}' for name, n in found.steps.items())}"


def say_days(found: Findings) -> Iterator[str]:
    """Say each day, with a bar for its messages."""
    yield "day          entered  messages"
    most = max(found.most_a_day, 1)
    for day in found.days:
        messages = sum(day.messages.values())
        bar = "█" * round(BAR * messages / most)
        yield f"{day.day}  {day.enrollments:>8,}  {messages:>8,}  {bar}".rstrip()
    yield ""


def say_collisions(found: Findings) -> Iterator[str]:
    """Say where the journey and others met."""
    sentences = (
        (found.collisions.over_cap, "skipped over the cap that {name} helped to fill"),
        (found.collisions.crowded_out, "of {name} really left and would have had no room"),
        (found.collisions.same_day, "on the same day as one of {name}"),
    )
    lines = [
        f"{count:,} messages {said.format(name=name)}"
        for counts, said in sentences
        for name, count in counts.items()
    ]
    if lines:
        yield from ("Other journeys:", *(f"- {line}" for line in lines), "")


def say_counts(counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    return f" ({', '.join(f'{name} {count:,}' for name, count in counts.items())})"
