"""What the packs mean at a moment: the parameters of the guard's statements."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from dangol.guard.law.pack import (
    OTHERWISE,
    ConsentRule,
    ForbiddenRule,
    NightRule,
    Pack,
    RenewalRule,
    Rule,
    SimilarGoodsRule,
    law_of_countries,
    read_packs,
)
from dangol.guard.quiet import known_zone, quiet_end
from dangol.store.vocabulary import Channel

Kind = TypeVar("Kind", bound=Rule)
EVER: Final = datetime(1, 1, 2, tzinfo=UTC)
MONTHS: Final = 12


@cache
def place_values() -> Mapping[str, object]:
    """Return which country lives under which law."""
    places = law_of_countries()
    return {
        "countries": list(places),
        "laws": list(places.values()),
        "other_law": OTHERWISE,
    }


def law_values(
    zones: Iterable[tuple[str, str]], *, shop_zone: str, now: datetime
) -> dict[str, object]:
    """Return what the laws ask at ``now``, of candidates under these laws and in these zones."""
    return {**consent_terms(now), **forbidden_terms(), **night_terms(zones, shop_zone, now)}


def consent_terms(now: datetime) -> dict[str, object]:
    """Return where consent is asked for, since when a purchase stands for it, and what is stale."""
    asked = list(rules_of(ConsentRule))
    overdue = [
        (pack.code, channel, overdue_before(rule.years, now=now, zone=zone_of(pack)))
        for pack, rule, channel in rules_of(RenewalRule)
    ]
    bought = {
        (pack.code, channel): bought_since(rule.months, now=now, zone=zone_of(pack))
        for pack, rule, channel in rules_of(SimilarGoodsRule)
    }
    return {
        "consent_laws": [pack.code for pack, _, _ in asked],
        "consent_channels": [channel.value for _, _, channel in asked],
        "consent_asked": [rule.asked for _, rule, _ in asked],
        "bought_since": [bought.get((pack.code, channel)) for pack, _, channel in asked],
        "renewal_laws": [law for law, _, _ in overdue],
        "renewal_channels": [channel.value for _, channel, _ in overdue],
        "overdue_before": [before for _, _, before in overdue],
        "any_overdue_before": max(before for _, _, before in overdue),
    }


def forbidden_terms() -> dict[str, object]:
    """Return which channels may carry no advertising."""
    forbidden = list(rules_of(ForbiddenRule))
    return {
        "forbidden_laws": [pack.code for pack, _, _ in forbidden],
        "forbidden_channels": [channel.value for _, _, channel in forbidden],
    }


def night_terms(
    zones: Iterable[tuple[str, str]], shop_zone: str, now: datetime
) -> dict[str, object]:
    """Return where it is night by law at ``now``, whether a consent lifts that, and until when."""
    nights = [
        (pack.code, channel, zone, rule.lifted, end)
        for law, zone in zones
        for pack, rule, channel in rules_of(NightRule)
        if pack.code == law
        for end in [night_end(pack, rule, known_zone(zone, otherwise=shop_zone), now)]
        if end is not None
    ]
    return {
        "night_laws": [law for law, *_ in nights],
        "night_channels": [channel.value for _, channel, *_ in nights],
        "night_zones": [zone for _, _, zone, *_ in nights],
        "night_lifted": [lifted for *_, lifted, _ in nights],
        "night_ends": [end for *_, end in nights],
    }


def night_end(pack: Pack, rule: NightRule, zone: str, now: datetime) -> datetime | None:
    begins, ends = rule.hours
    return quiet_end(pack.zone or zone, quiet_from=begins, quiet_until=ends, now=now)


def liftable_nights(country: str | None, *, shop_country: str) -> dict[Channel, tuple[str, str]]:
    """Return the channels whose night a customer's own consent lifts, each with its hours.

    The law is that of ``country`` (two letters), else of the shop's, else ``OTHERWISE``;
    the hours are on the clocks by which that law goes.
    """
    places = law_of_countries()
    law = places.get((country or "").upper()) or places.get(shop_country, OTHERWISE)
    return {
        channel: (rule.begins, rule.ends)
        for pack, rule, channel in rules_of(NightRule)
        if pack.code == law and rule.lifted
    }


def rules_of(kind: type[Kind]) -> Iterator[tuple[Pack, Kind, Channel]]:
    """Yield the rules of a kind, once for each channel."""
    for pack in read_packs():
        for rule in pack.rules:
            if isinstance(rule, kind):
                yield from ((pack, rule, channel) for channel in rule.channels)


def zone_of(pack: Pack) -> ZoneInfo:
    return ZoneInfo(pack.zone or "UTC")


def overdue_before(years: int, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return before when consents date that are overdue at ``now``.

    The day itself on which they would be so many years old is too late. A consent of 29 February
    is overdue on 28 February where there is no 29th.
    """
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    first = tomorrow.year - years
    try:
        day = tomorrow.replace(year=first)
    except ValueError:
        day = tomorrow.replace(year=first, month=3, day=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def bought_since(months: int | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return from when on a purchase counts: so many calendar months back, or ever."""
    if months is None:
        return EVER
    local = now.astimezone(zone)
    counted = local.year * MONTHS + local.month - 1 - months
    year, month = divmod(counted, MONTHS)
    for day in range(local.day, 0, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
        except ValueError:
            continue
    raise AssertionError("Every month has a first day.")
