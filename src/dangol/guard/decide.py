"""Decide about messages: the order of RULES is the policy, and the first rule that speaks counts.

The guard looks twice. When a message is planned it decides and keeps the decision; when the
message is handed over it looks again with the customer's consent locked, and only a change of
mind makes another decision. Every rule is asked about every message, so that a decision keeps all
that spoke against it; only what messages compete for is given to those that nothing else stops.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from dangol.guard.law.terms import law_values, place_values
from dangol.guard.quiet import day_of, known_zone, quiet_end
from dangol.guard.send_time import send_values
from dangol.store.connect import Connection, empty_working, measure_working
from dangol.store.statements import load_statements
from dangol.store.vocabulary import DecisionReason, DecisionStage

STATEMENTS = load_statements(__package__ or "dangol.guard")

# Each rule with the reason it gives. Whom we must not write to comes first, then the law, then what
# the customer wants, then what is no longer worth saying, then how often and when. Holding comes
# after skipping, so that nothing waits which can never be sent; the cap comes before the quiet
# hours, so that the morning brings no more than a day may.
REASON_OF: Final = {
    "skip_suppressed": DecisionReason.SUPPRESSED,
    "skip_erased": DecisionReason.ERASED,
    "skip_without_address": DecisionReason.NO_ADDRESS,
    "skip_without_consent": DecisionReason.NO_CONSENT,
    "skip_until_renewed": DecisionReason.RENEWAL_OVERDUE,
    "skip_forbidden_channel": DecisionReason.CHANNEL_FORBIDDEN,
    "skip_unapproved_template": DecisionReason.TEMPLATE_UNAPPROVED,
    "skip_refused_topic": DecisionReason.TOPIC_REFUSED,
    "skip_while_snoozed": DecisionReason.SNOOZED,
    "skip_after_sunset": DecisionReason.SUNSET,
    "skip_held_out": DecisionReason.HOLDOUT,
    "skip_stopped": DecisionReason.JOURNEY_STOPPED,
    "skip_converted": DecisionReason.ALREADY_CONVERTED,
    "skip_arrived": DecisionReason.ALREADY_ARRIVED,
    "skip_expired": DecisionReason.EXPIRED,
    "hold_while_stopped": DecisionReason.MESSAGE_STOPPED,
    "hold_while_paused": DecisionReason.JOURNEY_PAUSED,
    "hold_after_purchase": DecisionReason.JUST_BOUGHT,
    "skip_over_cap": DecisionReason.OVER_CAP,
    "skip_over_wish": DecisionReason.OVER_WISH,
    "skip_reduced": DecisionReason.REDUCED,
    "hold_for_budget": DecisionReason.ATTENTION_BUDGET,
    "hold_for_night_law": DecisionReason.NIGHT_LAW,
    "hold_for_quiet_hours": DecisionReason.QUIET_HOURS,
    "hold_for_send_time": DecisionReason.SEND_TIME,
    # No statement of its own: what nobody speaks against.
    "allow_the_rest": DecisionReason.ALLOWED,
}
RULES: Final = tuple(REASON_OF)
RULE_OF: Final = {reason: rule for rule, reason in REASON_OF.items()}

# In the order in which look_at_candidates.sql answers whether they may have something to say.
LOOKED_AT: Final = (
    "skip_suppressed",
    "skip_erased",
    "skip_without_consent",
    "skip_until_renewed",
    "skip_forbidden_channel",
    "skip_unapproved_template",
    "skip_refused_topic",
    "skip_while_snoozed",
    "skip_after_sunset",
    "skip_held_out",
    "skip_stopped",
    "skip_converted",
    "skip_arrived",
    "skip_expired",
    "hold_while_stopped",
    "hold_while_paused",
    "skip_over_wish",
    "skip_reduced",
)
# The working tables of one look.
WORKING: Final = ("candidate", "objection", "ruling", "crowded", "competitor")
# What must hold somewhere for these to have something to say.
NEEDED_BY: Final = {
    "hold_for_night_law": "night_laws",
    "hold_for_quiet_hours": "quiet_zones",
    "hold_for_send_time": "send_zones",
}
# What only customers can run into for whom messages compete.
OF_THE_CROWDED: Final = ("skip_over_cap", "skip_over_wish", "skip_reduced", "hold_for_budget")


def decide_messages(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> dict[str, int]:
    """Give up to ``batch`` messages that are due exactly one decision each; count them by rule.

    The caller holds the workspace's lock: two guards at once could each count the same cap free.
    """
    empty_working(connection, *WORKING)
    values = {**place_values(), "workspace_id": workspace_id, "now": now, "batch": batch}
    taken = connection.execute(STATEMENTS["take_candidates"], values).rowcount
    if not taken:
        return dict.fromkeys(RULES, 0)
    measure_working(connection, "candidate", rows=taken)
    judge(connection, workspace_id=workspace_id, now=now)
    return settle(connection, workspace_id=workspace_id, stage=DecisionStage.PLANNING, now=now)


def recheck_messages(
    connection: Connection, *, workspace_id: int, message_ids: list[int], now: datetime
) -> list[int]:
    """Return those of the messages that may still leave at ``now``, in order.

    The others are held or skipped, with a decision that says why. Until the caller commits, no
    consent of these customers can change and none of them be erased: a withdrawal waits for the
    commit, and every later look sees it. Messages that are neither allowed nor handed are not
    returned.

    Whoever refuses waits for the door (``feedback.unsubscribe.wait_for_calls``), so that also what
    has no row to be locked, a first refusal or a suppression, holds once it is acknowledged.
    """
    values = {**place_values(), "workspace_id": workspace_id, "message_ids": message_ids}
    empty_working(connection, *WORKING)
    connection.execute(STATEMENTS["enter_door"], values)
    connection.execute(STATEMENTS["lock_consents"], values)
    connection.execute(STATEMENTS["lock_recipients"], values)
    if not connection.execute(STATEMENTS["take_leaving"], values).rowcount:
        return []
    judge(connection, workspace_id=workspace_id, now=now)
    settle(connection, workspace_id=workspace_id, stage=DecisionStage.HAND_OFF, now=now)
    return [int(row[0]) for row in connection.execute(STATEMENTS["read_passed"])]


def judge(connection: Connection, *, workspace_id: int, now: datetime) -> None:
    """Ask every rule about the candidates, in order."""
    values = {
        "workspace_id": workspace_id,
        "now": now,
        **read_hours(connection, workspace_id=workspace_id, now=now),
    }
    silent = silent_rules(connection, values)
    if connection.execute(STATEMENTS["find_crowded"], values).rowcount:
        connection.execute(STATEMENTS["rank_competitors"])
    else:
        silent.update(OF_THE_CROWDED)
    spoken = sum(
        connection.execute(STATEMENTS[rule], {**values, "rule": place}).rowcount
        for place, rule in enumerate(RULES[:-1])
        if rule not in silent
    )
    if spoken:
        connection.execute(STATEMENTS["sum_objections"])
        measure_working(connection, "ruling", rows=spoken)


def silent_rules(connection: Connection, values: Mapping[str, object]) -> set[str]:
    """Return the rules that have nothing to say about the candidates, as one look tells."""
    row = connection.execute(STATEMENTS["look_at_candidates"], values).fetchone()
    looked_at = {rule for rule, speaks in zip(LOOKED_AT, row or (), strict=True) if not speaks}
    return looked_at | {rule for rule, needed in NEEDED_BY.items() if not values[needed]}


def settle(
    connection: Connection, *, workspace_id: int, stage: DecisionStage, now: datetime
) -> dict[str, int]:
    """Write the decisions down and move the messages accordingly; count by deciding rule."""
    values = {"workspace_id": workspace_id, "stage": stage, "now": now}
    recorded = connection.execute(STATEMENTS["record_decisions"], values).rowcount
    connection.execute(STATEMENTS["settle_messages"], values)
    counts = dict.fromkeys(RULES, 0)
    for reason, count in connection.execute(STATEMENTS["count_rulings"]):
        counts[RULE_OF[DecisionReason(reason)]] = int(count)
    counts["allow_the_rest"] = recorded - sum(counts.values())
    return counts


def read_hours(connection: Connection, *, workspace_id: int, now: datetime) -> dict[str, object]:
    """Return what the laws and the clocks say at ``now`` where the candidates live."""
    rows: list[tuple[str, str, str, time, time, int]] = connection.execute(
        STATEMENTS["read_zones"], {"workspace_id": workspace_id}
    ).fetchall()
    shop_zone = rows[0][2] if rows else "UTC"
    quiet = {
        zone: quiet_end(
            known_zone(zone, otherwise=shop_zone),
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            now=now,
        )
        for _, zone, _, quiet_from, quiet_until, _ in rows
    }
    ends = {zone: end for zone, end in quiet.items() if end is not None}
    days = {zone: day_of(known_zone(zone, otherwise=shop_zone), now=now) for zone in quiet}
    return {
        "quiet_zones": list(ends),
        "quiet_ends": list(ends.values()),
        "day_zones": list(days),
        "day_starts": [start for start, _ in days.values()],
        "day_ends": [end for _, end in days.values()],
        **law_values([row[:2] for row in rows], shop_zone=shop_zone, now=now),
        **send_values(rows, now=now),
    }
