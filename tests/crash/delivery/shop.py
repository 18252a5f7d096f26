"""The shop under attack: messages that come due one after the other."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tests.build import (
    NOON,
    customer,
    give_consent,
    open_shop,
    plan_message,
    reach,
    template,
)
from tests.crash.delivery.limits import RECEIVERS

from dangol.guard.decide import WORKING
from dangol.store.connect import Connection, connect_bare, read_sql

LASTS: Final = timedelta(days=3650)
# Two advertisements for each receipt.
PURPOSES: Final = ("marketing", "marketing", "informational")
DECIDE: Final = """
insert into decision (
    message_id, evaluation, workspace_id, customer_id, stage, verdict, reason, reasons, decided_at
)
select id, 1, workspace_id, customer_id, 'planning', 'allow', 'allowed', '{allowed}', planned_at
from message where workspace_id = %s
"""
UNDUE: Final = """
with undue as (
    delete from message
    where
        workspace_id = %s and state = 'allowed' and act_at > %s
        and not exists (select from delivery where delivery.message_id = message.id)
    returning id, enrollment_id
),
decided as (delete from decision using undue where decision.message_id = undue.id)
delete from enrollment using undue where enrollment.id = undue.enrollment_id
"""
OPEN: Final = """
select count(*) from message
left join delivery on delivery.message_id = message.id
where message.workspace_id = %s
and (
    message.state in ('planned', 'held', 'allowed')
    or delivery.state in ('claimed', 'calling')
    or (delivery.state = 'unknown' and %s)
)
"""


def open_door(dsn: str) -> Connection:
    """Connect as a worker does, with no more working tables than the door needs: they take long."""
    connection = connect_bare(dsn)
    for statement in working_tables():
        connection.execute(statement)
    connection.commit()
    return connection


def working_tables() -> list[bytes]:
    """Return what makes the guard's working tables."""
    statements = read_sql("working.sql").split(";\n")
    ours = re.compile(
        rf"^create temporary table if not exists ({'|'.join(WORKING)}) \(", re.MULTILINE
    )
    return [statement.encode() for statement in statements if ours.search(statement)]


def fill_shop(
    connection: Connection, *, name: str, channel: str, moments: Sequence[datetime], due: int
) -> int:
    """Open a shop in which so many messages come due at each of the moments; return its id."""
    workspace = open_shop(connection, name=name)
    notes = {
        purpose: template(connection, workspace, name=purpose, channel=channel, purpose=purpose)
        for purpose in dict.fromkeys(PURPOSES)
    }
    for number in range(len(moments) * due):
        purpose = PURPOSES[number % len(PURPOSES)]
        email = (
            f"c{number}@{RECEIVERS[number // len(PURPOSES) % len(RECEIVERS)]}"
            if channel == "email"
            else None
        )
        who = customer(connection, workspace, name=f"c{number}", email=email)
        if channel != "email":
            reach(connection, workspace, customer_id=who, value=f"+8210{number:08}")
        if purpose == "marketing":
            give_consent(connection, workspace, customer_id=who, channel=channel)
        message = plan_message(
            connection,
            workspace,
            customer_id=who,
            template_id=notes[purpose],
            state="allowed",
            lasts=LASTS,
            now=NOON,
        )
        connection.execute(
            "update message set act_at = %s where id = %s", (moments[number // due], message)
        )
    connection.execute(DECIDE.encode(), (workspace,))
    connection.commit()
    return workspace


def drop_undue(connection: Connection, workspace: int, *, now: datetime) -> None:
    """Take away what has not come due."""
    connection.execute(UNDUE.encode(), (workspace, now))
    connection.commit()


def open_work(connection: Connection, workspace: int, *, asks: bool) -> int:
    """Count the messages that are still on their way; with ``asks`` also those to ask about."""
    row = connection.execute(OPEN.encode(), (workspace, asks)).fetchone()
    connection.commit()
    return row[0] if row else 0
