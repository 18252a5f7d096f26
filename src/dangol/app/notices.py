"""Tell people what the law wants them told about their consents: the notices of every workspace."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.app.conditions import Conditions
from dangol.content.library import install_notices
from dangol.guard.law.duties import duty_values
from dangol.guard.quiet import quiet_end
from dangol.journeys.definition import parse_journey
from dangol.journeys.inside import PIN
from dangol.journeys.publish import publish_version, set_state
from dangol.journeys.versions import find_journey
from dangol.notices.tell import (
    collect_reminders,
    collect_results,
    has_ready,
    plan_notices,
    revise_notices,
    settle_notices,
    take_reminder_turn,
)
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vocabulary import Channel, JourneyState
from dangol.store.workspace import read_workspace

BATCH: Final = 5_000
# What carries the notices, so that they are messages like all others: judged, counted and shown.
JOURNEYS: Final = {
    "consent-result": """\
name: consent-result
title: {ko: 수신 의사 처리 결과 안내 (법정), en: What became of a consent (required by law)}
entry: {call: true}
quiet_after_purchase: none
steps:
  - name: notice
    kind: message
    template: consent_result_ko
    purpose: informational
    expires_after: 14 days
  - {name: done, kind: exit}
""",
    "consent-reminder": """\
name: consent-reminder
title: {ko: 수신 동의 2년 안내 (법정), en: Two years of consent (required by law)}
entry: {call: true}
quiet_after_purchase: none
steps:
  - name: notice
    kind: message
    template: consent_reminder_ko
    purpose: informational
    expires_after: 30 days
  - {name: done, kind: exit}
""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What one turn did: words of the ledger read, notices looked at, notices put on record."""

    read: int
    planned: int
    told: int

    @property
    def full(self) -> bool:
        """Whether more waits right now."""
        return max(self.read, self.planned, self.told) >= BATCH


def send_notices(
    connection: Connection,
    *,
    workspace_id: int,
    channels: Iterable[Channel],
    now: datetime,
    batch: int = BATCH,
) -> Noticed:
    """Move the notices of a workspace one slice further, by channels that a vendor is set for.

    Commits by itself, step by step.
    """
    duties = duty_values(now)
    with connection.transaction():
        told = settle_notices(connection, workspace_id=workspace_id, now=now, batch=batch)
    with connection.transaction():
        read = collect_results(connection, workspace_id=workspace_id, duties=duties, batch=batch)
    remind(connection, workspace_id=workspace_id, now=now, batch=batch)
    with connection.transaction():
        revise_notices(connection, workspace_id=workspace_id, now=now)
    planned = 0
    if may_plan(connection, workspace_id=workspace_id, now=now):
        with connection.transaction():
            prepare(connection, workspace_id=workspace_id, now=now)
            planned = plan_notices(
                connection, workspace_id=workspace_id, channels=channels, now=now, batch=batch
            )
            crashpoint("notices.before_commit")
    return Noticed(read=read, planned=planned, told=told)


def remind(connection: Connection, *, workspace_id: int, now: datetime, batch: int) -> None:
    """Once a day, look through all consents for those that grow old, slice by slice."""
    with connection.transaction():
        if not take_reminder_turn(connection, workspace_id=workspace_id, now=now):
            return
    duties = duty_values(now)
    after: int | None = 0
    while after is not None:
        with connection.transaction():
            after = collect_reminders(
                connection,
                workspace_id=workspace_id,
                duties=duties,
                after=after,
                now=now,
                batch=batch,
            )


def may_plan(connection: Connection, *, workspace_id: int, now: datetime) -> bool:
    """Tell whether something is to be told, and the shop does not keep quiet right now.

    The law lets information pass at night. People sleep all the same, and a notice has two weeks.
    """
    with connection.transaction():
        if not has_ready(connection, workspace_id=workspace_id, now=now):
            return False
        shop = read_workspace(connection, workspace_id=workspace_id)
    hours = {"quiet_from": shop.quiet_from, "quiet_until": shop.quiet_until}
    return quiet_end(shop.time_zone, **hours, now=now) is None


def prepare(connection: Connection, *, workspace_id: int, now: datetime) -> None:
    """See to it that the texts and the journeys that carry notices are there."""
    _ = install_notices(connection, workspace_id=workspace_id, now=now)
    for name, text in JOURNEYS.items():
        if find_journey(connection, workspace_id=workspace_id, name=name):
            continue
        published = publish_version(
            connection,
            workspace_id=workspace_id,
            definition=parse_journey(text),
            judge=Conditions(),
            inside=PIN,
            now=now,
            by="dangol",
        )
        state = JourneyState.RUNNING
        set_state(connection, journey_id=published.journey_id, state=state, now=now)
