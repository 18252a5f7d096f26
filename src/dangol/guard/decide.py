"""Decide about messages: the order of RULES is the policy, and the first rule that speaks counts.

The guard looks twice. When a message is planned it decides and keeps the decision; when the
message is handed over it looks again with the customer's consent locked, and only a change of
mind makes another decision.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from dangol.guard.quiet import known_zone, quiet_end
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements
from dangol.store.vocabulary import DecisionStage

STATEMENTS = load_statements(__package__ or "dangol.guard")

# Whom we must not write to comes first, then what is no longer worth saying, then how often and
# when. Holding comes after skipping, so that nothing waits which can never be sent; the cap comes
# before the quiet hours, so that the morning brings no more than a day may.
RULES: Final = (
    "skip_suppressed",
    "skip_erased",
    "skip_without_address",
    "skip_without_consent",
    "skip_stopped",
    "skip_converted",
    "skip_expired",
    "hold_while_paused",
    "hold_after_purchase",
    "skip_over_cap",
    "hold_for_quiet_hours",
    "allow_the_rest",
)

# In the order in which look_at_candidates.sql answers whether they may have something to say.
LOOKED_AT: Final = (
    "skip_suppressed",
    "skip_erased",
    "skip_stopped",
    "skip_converted",
    "skip_expired",
    "hold_while_paused",
)


def decide_messages(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> dict[str, int]:
    """Give up to ``batch`` messages that are due exactly one decision each; count them by rule.

    The caller holds the workspace's lock: two guards at once could each count the same cap free.
    """
    empty_working(connection, "candidate")
    values = {"workspace_id": workspace_id, "now": now, "batch": batch}
    if not connection.execute(STATEMENTS["take_candidates"], values).rowcount:
        return dict.fromkeys(RULES, 0)
    decided = judge(connection, workspace_id=workspace_id, now=now)
    settle(connection, workspace_id=workspace_id, stage=DecisionStage.PLANNING, now=now)
    return decided


def recheck_messages(
    connection: Connection, *, workspace_id: int, message_ids: list[int], now: datetime
) -> list[int]:
    """Return those of the messages that may still leave at ``now``, in order.

    The others are held or skipped, with a decision that says why. Until the caller commits, no
    consent of these customers can change and none of them be erased: a withdrawal waits for the
    commit, and every later look sees it. Messages that are neither allowed nor handed are not
    returned.
    """
    values = {"workspace_id": workspace_id, "message_ids": message_ids}
    empty_working(connection, "candidate")
    connection.execute(STATEMENTS["lock_consents"], values)
    connection.execute(STATEMENTS["lock_recipients"], values)
    if not connection.execute(STATEMENTS["take_leaving"], values).rowcount:
        return []
    judge(connection, workspace_id=workspace_id, now=now)
    settle(connection, workspace_id=workspace_id, stage=DecisionStage.HAND_OFF, now=now)
    return [int(row[0]) for row in connection.execute(STATEMENTS["read_passed"])]


def judge(connection: Connection, *, workspace_id: int, now: datetime) -> dict[str, int]:
    """Apply every rule to the candidates still undecided, in order; count them by rule."""
    quiet = quiet_zones(connection, workspace_id=workspace_id, now=now)
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "quiet_zones": list(quiet),
        "quiet_ends": list(quiet.values()),
    }
    silent = silent_rules(connection, values)
    if not quiet:
        silent.add("hold_for_quiet_hours")
    return {
        rule: 0 if rule in silent else connection.execute(STATEMENTS[rule], values).rowcount
        for rule in RULES
    }


def silent_rules(connection: Connection, values: Mapping[str, object]) -> set[str]:
    """Return the rules that have nothing to say about the candidates, as one look tells."""
    row = connection.execute(STATEMENTS["look_at_candidates"], values).fetchone()
    return {rule for rule, speaks in zip(LOOKED_AT, row or (), strict=True) if not speaks}


def settle(
    connection: Connection, *, workspace_id: int, stage: DecisionStage, now: datetime
) -> None:
    """Write the decisions down and move the messages accordingly."""
    values = {"workspace_id": workspace_id, "stage": stage, "now": now}
    connection.execute(STATEMENTS["record_decisions"], values)
    connection.execute(STATEMENTS["settle_messages"], values)


def quiet_zones(connection: Connection, *, workspace_id: int, now: datetime) -> dict[str, datetime]:
    """Return the zones of the candidates in which it is quiet at ``now``, and until when (UTC)."""
    rows: list[tuple[str, str, time, time]] = connection.execute(
        STATEMENTS["read_zones"], {"workspace_id": workspace_id}
    ).fetchall()
    ends = {
        zone: quiet_end(
            known_zone(zone, otherwise=shop_zone),
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            now=now,
        )
        for zone, shop_zone, quiet_from, quiet_until in rows
    }
    return {zone: end for zone, end in ends.items() if end is not None}
