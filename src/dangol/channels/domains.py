"""How much mail the mailboxes of one receiver get at a time, by each vendor.

A receiver is a domain, or several that one company runs. It is asked for at the door; what it
surely does not take is put off before it is written. Nothing is kept while all is well:

    a limit     tokens come at its rate; what gets none is lined up behind what already waits
    too much    the receiver rests, longer each time; then one message is tried

What waits goes back to ``allowed`` with a moment to come back. It is never dropped by this.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.channels.hand_over import fault_of
from dangol.channels.rates import FIRST_REST, LONGEST_REST, counted_at
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.store.connect import Connection

# Domains whose mailboxes one company runs, under the first of them.
RECEIVERS: Final = {
    "hanmail.net": "daum.net",
    "kakao.com": "daum.net",
    "googlemail.com": "gmail.com",
}
# How far ahead messages are lined up; what does not fit asks again then, by the limit of then.
LINE: Final = timedelta(minutes=10)
# How long the others wait while one message is tried.
TRY: Final = timedelta(seconds=5)
# What comes together while nothing is sent, in seconds of the rate.
BURST_SECONDS: Final = 1.0
DOMAIN: Final = re.compile(r"[^\s@/]{1,240}\.[^\s@./]{1,63}\.?")
# What is said of a message that was not handed over says nothing of its receiver.
NOT_SAID: Final = {"not_begun", "connection"}


@dataclass(slots=True, kw_only=True)
class Domain:
    """What a receiver may get by one vendor; changed in a turn, and then kept."""

    domain: str
    per_second: float | None
    tokens: float
    tokens_at: datetime | None
    line_until: datetime | None
    failures: int
    rests_until: datetime | None
    # One mail of this turn shows whether it takes mail again.
    on_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a receiver fares, as the vendor's owner is told."""

    provider: str
    domain: str
    per_second: float | None
    failures: int
    rests_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What receivers take now: until when each delivery waits, and who is on trial."""

    waits: Mapping[int, datetime]
    tried: frozenset[str]


def domain_of(address: str) -> str:
    """Return under which name the receiver of a mail address is known."""
    return receiver_of(address.rpartition("@")[2])


def receiver_of(domain: str) -> str:
    """Return under which name the company is known that runs the mailboxes of a domain."""
    domain = domain.strip().rstrip(".").lower()
    return RECEIVERS.get(domain, domain)


def ask_domains(
    connection: Connection, mails: Sequence[Outgoing], *, provider: str, now: datetime
) -> Asked:
    """Take what receivers allow for mails, in their order; say until when the others wait.

    Locks the rows of the receivers asked until the transaction is over.
    """
    domains = {mail.delivery_id: domain_of(mail.recipient) for mail in mails}
    found = read_domains(connection, {*domains.values()}, provider=provider)
    waits = take_places(domains, found, now=now)
    for domain in found.values():
        if domain.per_second is not None or domain.on_trial:
            save_turn(connection, domain, provider=provider)
    return Asked(
        waits=waits,
        tried=frozenset(domain.domain for domain in found.values() if domain.on_trial),
    )


def line_up(
    connection: Connection, recipients: Mapping[int, str], *, provider: str, now: datetime
) -> Mapping[int, datetime]:
    """Say until when mails wait that are not written yet, and surely could not go now.

    Takes nothing of what receivers allow: the others ask at the door. Locks the rows of receivers.
    """
    domains = {delivery_id: domain_of(recipient) for delivery_id, recipient in recipients.items()}
    found = read_domains(connection, {*domains.values()}, provider=provider)
    before = {name: replace(domain) for name, domain in found.items()}
    waits = take_places(domains, found, now=now)
    for name, domain in found.items():
        if domain.line_until != before[name].line_until:
            lined = replace(before[name], line_until=domain.line_until)
            save_turn(connection, lined, provider=provider)
    return waits


def read_crowded(connection: Connection, *, provider: str) -> set[str]:
    """Return the receivers that may have to be waited for; mostly there are none."""
    found = connection.execute(STATEMENTS["read_crowded"], {"provider": provider})
    return {str(row[0]) for row in found}


def take_places(
    domains: Mapping[int, str], found: Mapping[str, Domain], *, now: datetime
) -> dict[int, datetime]:
    """Take what receivers allow, in the order of deliveries; return until when the others wait."""
    waits: dict[int, datetime] = {}
    for delivery_id, name in domains.items():
        if name in found and (until := take_place(found[name], now=now)) is not None:
            waits[delivery_id] = until
    return waits


def save_turn(connection: Connection, domain: Domain, *, provider: str) -> None:
    values = {
        "provider": provider,
        "domain": domain.domain,
        "tokens": domain.tokens,
        "tokens_at": domain.tokens_at,
        "line_until": domain.line_until,
        "rests_until": domain.rests_until,
    }
    connection.execute(STATEMENTS["save_domain_turn"], values)


def read_domains(
    connection: Connection, domains: Iterable[str], *, provider: str
) -> dict[str, Domain]:
    values = {"provider": provider, "domains": sorted(domains)}
    with connection.cursor(row_factory=class_row(Domain)) as cursor:
        rows = cursor.execute(STATEMENTS["read_domains"], values).fetchall()
    return {row.domain: row for row in rows}


def take_place(domain: Domain, *, now: datetime) -> datetime | None:
    """Take what one mail needs and return None, or say until when it waits."""
    if domain.rests_until is not None:
        if domain.rests_until > now:
            return domain.rests_until
        domain.rests_until, domain.on_trial = now + TRY, True
        return None
    if domain.per_second is None:
        return None
    domain.tokens = tokens_of(domain, rate=domain.per_second, now=now)
    domain.tokens_at = counted_at(domain.tokens_at, now=now)
    if domain.tokens >= 1:
        domain.tokens -= 1
        return None
    line = max(domain.line_until or now, now) + timedelta(seconds=1 / domain.per_second)
    domain.line_until = min(line, now + LINE)
    return domain.line_until


def tokens_of(domain: Domain, *, rate: float, now: datetime) -> float:
    """Return what has come together at the rate, at most a second's worth, or one."""
    most = max(1.0, rate * BURST_SECONDS)
    if domain.tokens_at is None:
        return most
    passed = max(0.0, (now - domain.tokens_at).total_seconds())
    return min(most, domain.tokens + rate * passed)


def put_off(
    connection: Connection, waits: Mapping[int, datetime], *, now: datetime
) -> frozenset[int]:
    """Give claims back whose messages wait until a moment each; return those still held."""
    if not waits:
        return frozenset()
    values = {"delivery_ids": [*waits], "moments": [*waits.values()], "now": now}
    return frozenset(
        int(row[0]) for row in connection.execute(STATEMENTS["put_off_claims"], values)
    )


def crowded(outcomes: Sequence[Outcome], recipients: Mapping[int, str]) -> dict[int, str]:
    """Return the deliveries to whose receiver it was too much, with its name."""
    return {
        one.delivery_id: domain_of(recipients[one.delivery_id])
        for one in outcomes
        if fault_of(one) is FaultKind.THROTTLED
        and one.code not in NOT_SAID
        and one.delivery_id in recipients
    }


def rest_domains(
    connection: Connection, domains: Iterable[str], *, provider: str, now: datetime
) -> dict[str, datetime]:
    """Leave receivers alone for a while; return until when each rests."""
    wanted = sorted(set(domains))
    if not wanted:
        return {}
    values = {
        "provider": provider,
        "domains": wanted,
        "now": now,
        "first": FIRST_REST,
        "longest": LONGEST_REST,
        "trial": TRY,
    }
    connection.execute(STATEMENTS["rest_domains"], values)
    found = read_domains(connection, wanted, provider=provider)
    return {name: row.rests_until for name, row in found.items() if row.rests_until is not None}


def free_domains(
    connection: Connection,
    outcomes: Sequence[Outcome],
    recipients: Mapping[int, str],
    *,
    tried: Iterable[str],
    provider: str,
    now: datetime,
) -> None:
    """End the rests of receivers that were tried and took mail again."""
    took = {
        domain_of(recipients[one.delivery_id])
        for one in outcomes
        if one.fate is Fate.ACCEPTED and one.delivery_id in recipients
    }
    if found := sorted(took.intersection(tried)):
        values = {"provider": provider, "domains": found, "now": now, "trial": TRY}
        connection.execute(STATEMENTS["forget_rests"], values)
        connection.execute(STATEMENTS["end_rests"], values)


def list_domains(connection: Connection) -> list[Told]:
    """Return the receivers that have a limit or rest, by vendor and name."""
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        return cursor.execute(STATEMENTS["list_domains"]).fetchall()


def limit_domain(
    connection: Connection, *, provider: str, domain: str, per_second: float | None
) -> str:
    """Set how many messages a second a receiver gets at most; None for as many as it takes.

    Returns under which name the receiver is known.

    Raises:
        ValueError: it is no domain.
    """
    if not DOMAIN.fullmatch(domain):
        raise ValueError(f"{domain!r} is no domain; write what stands behind the @.")
    name = receiver_of(domain)
    values = {"provider": provider, "domain": name, "per_second": per_second}
    connection.execute(STATEMENTS["add_provider"], {"name": provider})
    connection.execute(STATEMENTS["limit_domain" if per_second else "free_domain"], values)
    return name


def resume_domains(connection: Connection, *, provider: str) -> None:
    """Let all receivers be written to at once by a vendor; limits stay."""
    connection.execute(STATEMENTS["resume_domains"], {"provider": provider})
