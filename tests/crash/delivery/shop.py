"""The shop under attack: messages that wait, and what must be true of them in the end."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.build import NOON, TEST_VAULT, customer, one, plan_message, reach, template

from dangol.app.clock import STATEMENTS
from dangol.app.providers import Provider
from dangol.content.tokens import TokenPurpose, read_token
from dangol.providers.vendor import Idempotency
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

# Longer than any campaign's clock runs.
KEY_LASTS: Final = timedelta(days=3650)
LASTS: Final = timedelta(days=3650)
FATES: Final = """
select message.id, message.state::text,
    (
        select delivery.state::text from delivery where delivery.message_id = message.id
        order by delivery.attempt desc limit 1
    )
from message where message.workspace_id = %s
"""


def provider_of(kind: Idempotency) -> Provider:
    """Return the vendor of this class."""
    return Provider(
        name=f"fake-{kind}",
        channels=(Channel.SMS,),
        idempotency=kind,
        key_lasts=KEY_LASTS if kind is Idempotency.KEYED else None,
    )


def fill_up(connection: Connection, workspace: int, made: int, *, more: int) -> int:
    """Let more messages wait; return how many there are."""
    found = connection.execute(
        "select id from template where workspace_id = %s", (workspace,)
    ).fetchone()
    note = (
        found[0]
        if found
        else template(connection, workspace, channel="sms", purpose="informational")
    )
    for number in range(made, made + more):
        who = customer(connection, workspace, name=f"c{number}", email=None)
        reach(connection, workspace, customer_id=who, value=f"+8210{number:08}")
        plan_message(
            connection,
            workspace,
            customer_id=who,
            template_id=note,
            state="allowed",
            lasts=LASTS,
            now=NOON,
        )
        connection.execute(
            "insert into decision (message_id, evaluation, workspace_id, customer_id, stage,"
            " verdict, reason, reasons, decided_at) select id, 1, workspace_id, customer_id,"
            " 'planning', 'allow', 'allowed', '{allowed}', planned_at from message"
            " where customer_id = %s",
            (who,),
        )
        connection.commit()
    return made + more


def judge(
    connection: Connection, workspace: int, ledger: Path, *, deaths: Counter[str]
) -> dict[str, object]:
    """Hold what the vendor took against what the tables say."""
    lines = ledger.read_text("utf-8").split() if ledger.exists() else []
    taken = Counter(read_token(TEST_VAULT, TokenPurpose.MESSAGE, line).message_id for line in lines)
    rows = connection.execute(FATES, (workspace,)).fetchall()
    fates = {message: (state, delivery) for message, state, delivery in rows}
    accepted = [message for message, (_, delivery) in fates.items() if delivery == "accepted"]
    unknown = [message for message, (_, delivery) in fates.items() if delivery == "unknown"]
    unaccounted = connection.execute(
        STATEMENTS["find_unaccounted"], {"workspace_id": workspace}
    ).fetchall()
    return {
        "kills": sum(deaths.values()),
        "points": dict(deaths),
        "messages": len(fates),
        "accepted": len(accepted),
        "unknown": len(unknown),
        "unknown_but_taken": sum(taken[message] > 0 for message in unknown),
        # Said to be sent and is not, or neither sent nor shown as unknown.
        "lost": sum(not taken[message] for message in accepted)
        + len(fates.keys() - set(accepted) - set(unknown)),
        "duplicated": sum(times - 1 for times in taken.values()),
        "contradictions": len(taken.keys() - set(accepted) - set(unknown)) + len(unaccounted),
        "deliveries": one(connection, "select count(*) from delivery"),
    }
