"""What can be wrong with who enters a journey, and with lengths, times and names anywhere."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from dangol.journeys.fault_words import fault
from dangol.journeys.lengths import read_duration, read_moment, read_time
from dangol.journeys.steps import DateEntry, Entry, Fault, Schedule, UntilDate

DAYS_MAX: Final = 3650
PER_DAY_MAX: Final = 10_000_000
NAME_MAX: Final = 200
LAST_DAY: Final = 31


def entry_faults(entry: Entry) -> Iterator[Fault]:
    kinds = kinds_of(entry)
    if len(kinds) != 1:
        yield fault("entry", "one_entry", found=" and ".join(kinds) or "none")
        return
    if entry.event is not None:
        yield from event_faults("entry.event", entry.event)
    if entry.date:
        yield from date_faults("entry.date", entry.date)
    if entry.schedule:
        yield from schedule_faults(entry.schedule)
    yield from misplaced_faults(entry, kinds[0])
    yield from limit_faults(entry)


def kinds_of(entry: Entry) -> list[str]:
    """Name what opens the journey."""
    given = {
        "event": entry.event is not None,
        "segment": entry.segment is not None,
        "date": entry.date is not None,
        "schedule": entry.schedule is not None,
        "call": entry.call,
    }
    return [kind for kind, is_given in given.items() if is_given]


def misplaced_faults(entry: Entry, kind: str) -> Iterator[Fault]:
    """Find what goes only with another kind of entry."""
    if entry.where and kind != "event":
        yield fault("entry.where", "only_with", kinds="event")
    if entry.when != "entered" and kind != "segment":
        yield fault("entry.when", "only_with", kinds="segment")
    if entry.key is not None and kind not in {"event", "call"}:
        yield fault("entry.key", "only_with", kinds="event, call")
    if entry.first_time_only and kind != "event":
        yield fault("entry.first_time_only", "first_of_segment")


def limit_faults(entry: Entry) -> Iterator[Fault]:
    days, most = entry.reentry_days, entry.per_day
    if days is not None and not 0 <= days <= DAYS_MAX:
        yield fault("entry.reentry_days", "reentry", value=days, most=DAYS_MAX)
    if most is not None and not 1 <= most <= PER_DAY_MAX:
        yield fault("entry.per_day", "per_day", value=most, most=PER_DAY_MAX)
    if entry.key is not None:
        yield from trait_faults("entry.key", entry.key)
    yield from duration_faults("entry.within", entry.within)


def date_faults(place: str, date: DateEntry | UntilDate) -> Iterator[Fault]:
    """Find what is wrong with a day that a trait names."""
    yield from trait_faults(f"{place}.trait", date.trait)
    if date.before is not None and date.after is not None:
        yield fault(place, "both_sides")
    for field, length in (("before", date.before), ("after", date.after)):
        if length is not None:
            yield from duration_faults(f"{place}.{field}", length)
    yield from time_faults(f"{place}.at", date.at)


def schedule_faults(schedule: Schedule) -> Iterator[Fault]:
    place = "entry.schedule"
    if schedule.every is None:
        if read_moment(schedule.at) is None:
            yield fault(f"{place}.at", "moment", value=schedule.at)
    else:
        yield from time_faults(f"{place}.at", schedule.at)
    if schedule.on and schedule.every != "week":
        yield fault(f"{place}.on", "on_of_week")
    if schedule.every == "week" and not schedule.on:
        yield fault(place, "week_needs_on")
    yield from repeated_faults(f"{place}.on", schedule.on)
    if schedule.day is not None and schedule.every != "month":
        yield fault(f"{place}.day", "day_of_month")
    if schedule.every == "month" and schedule.day is None:
        yield fault(place, "month_needs_day")
    if schedule.day is not None and not 1 <= schedule.day <= LAST_DAY:
        yield fault(f"{place}.day", "bad_day", value=schedule.day)


def duration_faults(place: str, text: str) -> Iterator[Fault]:
    if read_duration(text) is None:
        yield fault(place, "duration", value=text)


def time_faults(place: str, text: str) -> Iterator[Fault]:
    if read_time(text) is None:
        yield fault(place, "time", value=text)


def event_faults(place: str, event: str) -> Iterator[Fault]:
    if not event.strip():
        yield fault(place, "empty_event")
    elif len(event) > NAME_MAX:
        yield fault(place, "too_long", length=len(event), most=NAME_MAX)


def trait_faults(place: str, trait: str) -> Iterator[Fault]:
    if not trait.strip() or len(trait) > NAME_MAX or trait.startswith("$") or "." in trait:
        yield fault(place, "trait", value=trait, most=NAME_MAX)


def repeated_faults(place: str, names: tuple[str, ...]) -> Iterator[Fault]:
    for name, found in Counter(names).items():
        if found > 1:
            yield fault(place, "twice", value=name)
