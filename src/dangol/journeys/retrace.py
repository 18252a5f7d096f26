"""How one customer came through a journey, step by step, and what they wait for now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from psycopg.rows import class_row

from dangol.journeys.ask import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import (
    Channel,
    DecisionReason,
    EndReason,
    EnrollmentState,
    JourneyState,
    MessageState,
    StepKind,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A step somebody came to: when, where it led, and what became of its message."""

    at: datetime
    step: str
    kind: StepKind
    #: The step after it; None where they still are, or where it ended.
    led_to: str | None
    template: str | None
    channel: Channel | None
    #: 0, or which rung of the step's ladder this message is: each is told on its own.
    rung: int
    message_state: MessageState | None
    #: What the guard last said about the message, and until when it holds it.
    verdict: Verdict | None
    reason: DecisionReason | None
    hold_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where an enrollment is, and why it is there."""

    id: int
    journey: str
    version: int
    customer_id: int
    #: What let them in: an event's message id, or the moment of a schedule or a date.
    entry_key: str
    entered_at: datetime
    state: EnrollmentState
    wake_at: datetime | None
    waits_since: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    parked_because: str | None
    step: str | None
    step_kind: StepKind | None
    waits_for: str | None
    journey_state: JourneyState


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """When the goal was reached, by which event, and what that brought."""

    occurred_at: datetime
    #: None where a goal step said so.
    message_id: str | None
    revenue: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraced:
    """One enrollment from its entry to where it is now."""

    where: Where
    trail: list[Came]
    conversion: Converted | None

    @property
    def why(self) -> str:
        """Say in a sentence why they are where they are."""
        where = self.where
        match where.state:
            case EnrollmentState.ENDED:
                return f"ended at {where.ended_at:%Y-%m-%d %H:%M}Z: {where.end_reason}"
            case EnrollmentState.PARKED:
                return f"set aside at {where.step}: {where.parked_because}"
            case EnrollmentState.ACTIVE:
                return f"goes on from {where.step} at the next tick"
            case EnrollmentState.WAITING:
                paused = ", once the journey runs again" if where.journey_state != "running" else ""
                until = f"until {where.wake_at:%Y-%m-%d %H:%M}Z{paused}"
                if where.waits_since is None:
                    return f"waits at {where.step} {until}"
                return f"waits at {where.step} for {where.waits_for or 'its condition'}, {until}"


def retrace_customer(
    connection: Connection, *, workspace_id: int, journey: str, customer_id: int
) -> list[Retraced]:
    """Retrace every enrollment of a customer in a journey, the latest first."""
    found = connection.execute(
        STATEMENTS["find_enrollments"],
        {"workspace_id": workspace_id, "journey": journey, "customer_id": customer_id},
    ).fetchall()
    return [
        retrace_enrollment(connection, workspace_id=workspace_id, enrollment_id=enrollment_id)
        for (enrollment_id,) in found
    ]


def retrace_enrollment(
    connection: Connection, *, workspace_id: int, enrollment_id: int
) -> Retraced:
    """Return every step an enrollment came to, and why it is where it is.

    Raises:
        LookupError: the workspace has no such enrollment.
    """
    values = {"workspace_id": workspace_id, "enrollment_id": enrollment_id}
    with connection.cursor(row_factory=class_row(Where)) as cursor:
        where = cursor.execute(STATEMENTS["read_enrollment"], values).fetchone()
    if where is None:
        raise LookupError(f"There is no enrollment {enrollment_id} in this workspace.")
    with connection.cursor(row_factory=class_row(Came)) as cursor:
        trail = cursor.execute(STATEMENTS["list_trail"], values).fetchall()
    with connection.cursor(row_factory=class_row(Converted)) as cursor:
        conversion = cursor.execute(STATEMENTS["read_conversion"], values).fetchone()
    return Retraced(where=where, trail=trail, conversion=conversion)
