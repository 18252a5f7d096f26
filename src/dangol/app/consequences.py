"""What follows from a vendor's word: for the message, the address, the person and the step."""

from collections.abc import Sequence
from datetime import datetime

from dangol.app.providers import Provider
from dangol.channels.claim import Claimed
from dangol.channels.hand_over import fault_of, record_outcomes
from dangol.feedback.bounces import Bounce, record_bounces
from dangol.feedback.devices import Refused, suspect_devices
from dangol.feedback.opt_outs import refuse_messages
from dangol.guard.refused import Said, forget_refused, stop_refused
from dangol.providers.vendor import Fate, FaultKind, Outcome
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel


def follow_up(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    workspace_id: int,
    claimed: Sequence[Claimed],
    provider: Provider,
    now: datetime,
) -> int:
    """Write outcomes; a dead address is not written to again, a refusal counts as an opt-out.

    A message that vendors refuse for what it says is stopped after so many in a row. Returns how
    many outcomes were still to be written.
    """
    recorded = record_outcomes(connection, outcomes, now=now, key_lasts=provider.repeats_within)
    message_of = {row.delivery_id: row.message_id for row in recorded}
    settled = [outcome for outcome in outcomes if outcome.delivery_id in message_of]
    dead = [outcome for outcome in settled if fault_of(outcome) is FaultKind.PERMANENT]
    refused = [
        Refused(
            message_id=message_of[outcome.delivery_id], code=outcome.code, gone_at=outcome.gone_at
        )
        for outcome in dead
    ]
    to_devices = (
        suspect_devices(connection, refused, now=now) if Channel.PUSH in provider.channels else ()
    )
    bounces = [
        Bounce(
            message_id=message_of[outcome.delivery_id],
            status=outcome.code,
            detail=outcome.detail,
            address_gone=message_of[outcome.delivery_id] not in to_devices,
        )
        for outcome in dead
    ]
    record_bounces(connection, bounces, now=now)
    refuse_messages(
        connection,
        [message_of[one.delivery_id] for one in settled if one.fault is FaultKind.OPT_OUT],
        workspace_id=workspace_id,
        source=f"refused by way of {provider.name}",
        now=now,
    )
    judge_content(connection, settled, claimed=claimed, workspace_id=workspace_id, now=now)
    return len(settled)


def judge_content(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    claimed: Sequence[Claimed],
    workspace_id: int,
    now: datetime,
) -> None:
    """Count what was refused for what it says, and begin anew for what was taken."""
    known = {message.delivery_id: message for message in claimed}
    told = [(known[one.delivery_id], one) for one in outcomes if one.delivery_id in known]
    taken = {(m.journey_id, m.template_id) for m, one in told if one.fate is Fate.ACCEPTED}
    forget_refused(
        connection,
        [Said(journey_id=journey, template_id=template) for journey, template in sorted(taken)],
    )
    refused = [
        Said(
            journey_id=message.journey_id,
            template_id=message.template_id,
            said=f"{one.code} {one.detail}".strip().replace("\0", ""),
        )
        for message, one in told
        if one.fault is FaultKind.CONTENT
    ]
    stop_refused(connection, refused, workspace_id=workspace_id, now=now)
