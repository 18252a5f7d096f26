"""What the packs ask a sender to tell people about their consents, as parameters of statements."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from dangol.guard.law.pack import Duty, Pack, ReminderDuty, ResultDuty, read_packs
from dangol.guard.law.terms import overdue_before, place_values, zone_of
from dangol.store.vocabulary import Channel

Kind = TypeVar("Kind", bound=Duty)


def duty_values(now: datetime) -> Mapping[str, object]:
    """Return of which words results are to be told, and before when consents grow old at ``now``.

    A consent that dates from before ``remind_before`` is to be brought back to mind by now.
    """
    results = [
        (pack.code, channel, action, timedelta(days=duty.days))
        for pack, duty, channel in duties_of(ResultDuty)
        for action in duty.actions
    ]
    reminders = [
        (
            pack.code,
            channel,
            duty.years,
            zone_of(pack).key,
            overdue_before(
                duty.years, now=now + timedelta(days=duty.days_before), zone=zone_of(pack)
            ),
        )
        for pack, duty, channel in duties_of(ReminderDuty)
    ]
    return {
        **place_values(),
        "result_laws": [law for law, *_ in results],
        "result_channels": [channel.value for _, channel, *_ in results],
        "result_actions": [action.value for *_, action, _ in results],
        "result_within": [within for *_, within in results],
        "reminder_laws": [law for law, *_ in reminders],
        "reminder_channels": [channel.value for _, channel, *_ in reminders],
        "reminder_years": [years for _, _, years, *_ in reminders],
        "reminder_zones": [zone for *_, zone, _ in reminders],
        "remind_before": [before for *_, before in reminders],
    }


def duties_of(kind: type[Kind]) -> Iterator[tuple[Pack, Kind, Channel]]:
    """Yield the duties of a kind, once for each channel."""
    for pack in read_packs():
        for duty in pack.duties:
            if isinstance(duty, kind):
                yield from ((pack, duty, channel) for channel in duty.channels)
