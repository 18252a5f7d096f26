"""Why a customer has not entered a journey, as the API says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from litestar.exceptions import NotFoundException

from dangol.console.answers import Text
from dangol.console.desk import STATEMENTS
from dangol.console.entry_words import (
    HEADLINES,
    HURDLES,
    INSIDE,
    NO_VERSION,
    PASSED,
    UNSURE,
    WAS_INSIDE,
)
from dangol.console.journey_views import journey_of
from dangol.console.reason_answers import ChannelReach, EntryCheck, JourneyEntry
from dangol.console.rows import fetch_all
from dangol.console.segment_views import Clerk
from dangol.console.why import english_time, fill, korean_time
from dangol.journeys.entry import Answer, Check, Door, Hurdle, check_entry, read_door
from dangol.journeys.versions import Journey
from dangol.rights.access import Seen
from dangol.segments.faults import BadCondition
from dangol.segments.in_database import judge_in_database
from dangol.segments.parse import VERSION, parse_condition
from dangol.store.connect import Connection
from dangol.store.vocabulary import EnrollmentState
from dangol.store.workspace import read_workspace

NOTHING: Final = Text(ko="", en="")
UNANSWERABLE: Final = (BadCondition, ValueError, psycopg.DataError, psycopg.IntegrityError)
INSIDE_NOW: Final = (EnrollmentState.ACTIVE, EnrollmentState.WAITING, EnrollmentState.PARKED)


def show_entry(clerk: Clerk, name: str, *, customer_id: int) -> JourneyEntry:
    """Return what keeps a customer out of a journey now; the connection has its working tables.

    Raises:
        NotFoundException: there is no journey of this name, or no such customer.
    """
    journey = journey_of(clerk, name)
    clerk.seen.append(Seen(what="journey entry", customer_ids=[customer_id]))
    return explain_entry(
        clerk.connection,
        journey,
        workspace_id=clerk.workspace_id,
        customer_id=customer_id,
        now=clerk.now,
    )


def explain_entry(
    connection: Connection,
    journey: Journey,
    *,
    workspace_id: int,
    customer_id: int,
    now: datetime,
) -> JourneyEntry:
    """Return what keeps a customer out of a journey now; the connection has its working tables.

    Raises:
        NotFoundException: there is no such customer.
    """
    at = {"workspace_id": workspace_id, "journey": journey.name, "customer_id": customer_id}
    door = read_door(
        connection,
        workspace_id=workspace_id,
        journey=journey.name,
        customer_id=customer_id,
        now=now,
    )
    if door is None:
        return unpublished(journey, customer_id=customer_id)
    zone = ZoneInfo(read_workspace(connection, workspace_id=workspace_id).time_zone)
    person = Person(
        connection=connection, workspace_id=workspace_id, customer_id=customer_id, now=now
    )
    checks = check_entry(door, fits=person.fits, now=now)
    decisive = find_decisive(checks)
    held_out = connection.execute(STATEMENTS["is_held_out"], at).fetchone()
    return JourneyEntry(
        journey=journey.name,
        title_ko=journey.title_ko,
        title_en=journey.title_en,
        state=journey.state,
        last_entered_at=door.last_entered_at,
        headline=choose_headline(door, decisive),
        explanation=PASSED if decisive is None else say_check(decisive, door, zone=zone),
        hurdle=None if decisive is None else decisive.hurdle,
        checks=[show_check(check, door, zone=zone) for check in checks],
        held_out=held_out == (True,),
        reach=fetch_all(connection, STATEMENTS["list_reach"], ChannelReach, at),
    )


def unpublished(journey: Journey, *, customer_id: int) -> JourneyEntry:
    """Say that nobody can have entered a journey without a version.

    Raises:
        NotFoundException: it has one, so it is the customer who is not there.
    """
    if journey.version_id is not None:
        raise NotFoundException(f"There is no customer {customer_id} here; search by another id.")
    return JourneyEntry(
        journey=journey.name,
        title_ko=journey.title_ko,
        title_en=journey.title_en,
        state=journey.state,
        last_entered_at=None,
        headline=HEADLINES[Answer.STOPPED],
        explanation=NO_VERSION,
        hurdle=Hurdle.NOT_RUNNING,
        checks=[],
        held_out=False,
        reach=[],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a journey's condition is asked about, and as of when."""

    connection: Connection
    workspace_id: int
    customer_id: int
    now: datetime

    def fits(self, condition: object) -> bool | None:
        """Tell whether a condition holds for them; None where nobody can say."""
        text = msgspec.json.encode({"version": VERSION, "where": condition})
        try:
            # What cannot be answered must not spoil the transaction for the rest of the answer.
            with self.connection.transaction():
                found = judge_in_database(
                    self.connection,
                    {"entry": parse_condition(text)},
                    [self.customer_id],
                    workspace_id=self.workspace_id,
                    now=self.now,
                )
        except UNANSWERABLE:
            return None
        return self.customer_id in found["entry"].tolist()


def find_decisive(checks: list[Check]) -> Check | None:
    """Return what keeps them out: what stops them before what waits, and that before a perhaps."""
    for answer in (Answer.STOPPED, Answer.WAITS, Answer.PERHAPS):
        for check in checks:
            if check.answer is answer:
                return check
    return None


def choose_headline(door: Door, decisive: Check | None) -> Text:
    if door.last_state in INSIDE_NOW:
        return INSIDE
    if door.last_state is not None:
        return WAS_INSIDE
    return HEADLINES[Answer.PASSED if decisive is None else decisive.answer]


def show_check(check: Check, door: Door, *, zone: ZoneInfo) -> EntryCheck:
    return EntryCheck(
        hurdle=check.hurdle,
        answer=check.answer,
        question=fill_words(HURDLES[check.hurdle].question, check, door, zone=zone),
        says=NOTHING if check.answer is Answer.PASSED else say_check(check, door, zone=zone),
        at=check.at,
    )


def say_check(check: Check, door: Door, *, zone: ZoneInfo) -> Text:
    """Say what a question came to where it is a hurdle, or may be one."""
    words = HURDLES[check.hurdle].explanation
    if check.answer is Answer.PERHAPS:
        words = UNSURE.get(check.hurdle, words)
    return fill_words(words, check, door, zone=zone)


def fill_words(words: Text, check: Check, door: Door, *, zone: ZoneInfo) -> Text:
    local: datetime | None = check.at and check.at.astimezone(zone)
    common = {
        "event": door.entry_event or "",
        "trait": door.trait or "",
        "days": str(door.reentry_days or 0),
    }
    korean = {"segment": door.segment_ko or "", "at": "" if local is None else korean_day(local)}
    english = {"segment": door.segment_en or "", "at": "" if local is None else english_day(local)}
    return fill(words, {**common, **korean}, {**common, **english})


def korean_day(local: datetime) -> str:
    return f"{local.year}년 {korean_time(local)}"


def english_day(local: datetime) -> str:
    return f"{english_time(local)} {local.year}"
