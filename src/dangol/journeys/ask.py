"""Ask the judge about the people and the events of a tick.

Equal conditions are one question, however many journeys ask them. What nobody can answer (its
segment is gone, or a value breaks the statement) is a fault of its question alone: the statements
that read ``question`` set aside whoever it is about, and everybody else goes on.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
import psycopg

from dangol.journeys.asking import Judge
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.journeys")
# So many answers (questions times people) are worked out at once. More are asked place by place,
# about the people of each alone.
ANSWERS_MAX: Final = 500_000
LONGEST_REASON: Final = 300
UNANSWERABLE: Final = (ValueError, psycopg.DataError, psycopg.IntegrityError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who judges, of which workspace, as of when."""

    judge: Judge
    workspace_id: int
    now: datetime

    @property
    def values(self) -> dict[str, object]:
        """The parameters that every statement of a tick may take."""
        return {"workspace_id": self.workspace_id, "now": self.now}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A condition at a place of a version, and whom it is about there."""

    version_id: int
    number: int
    position: int
    #: The condition or the filters, as JSON's parts.
    asks: object
    customers: Sequence[int] = ()


Answers = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whether there was anything to ask, and whether something could not be answered."""

    anything: bool
    faulty: bool = False


def ask_customers(connection: Connection, asker: Asker, statement: str, **more: object) -> Asked:
    """Ask the conditions that a statement collects, and note questions and answers."""
    rows = connection.execute(STATEMENTS[statement], {**asker.values, **more}).fetchall()
    empty_working(connection, "question", "answer")
    if not rows:
        return Asked(anything=False)
    places = [
        Place(version_id=version, number=number, position=at, asks=asks, customers=unpack(packed))
        for version, number, at, asks, packed in rows
    ]
    numbers = number_questions(places)
    faults: dict[int, str] = {}
    for group in grouped(places):
        questions = {numbers[text_of(place)]: place.asks for place in group}
        people = sorted({one for place in group for one in place.customers})
        note_answers(
            connection,
            "note_answers",
            answer_each(connection, asker, questions, people, faults=faults),
        )
    note_places(connection, "note_questions", places, numbers=numbers, faults=faults)
    return Asked(anything=True, faulty=bool(faults))


def ask_events(connection: Connection, asker: Asker) -> None:
    """Ask which events of the tick pass the filters that their names meet; note the answers."""
    empty_working(connection, "event_question", "event_answer")
    rows = connection.execute(STATEMENTS["read_filters"], asker.values).fetchall()
    if not rows:
        return
    places = [
        Place(version_id=version, number=number, position=0, asks=asks)
        for version, number, asks in rows
    ]
    numbers = number_questions(places)
    faults: dict[int, str] = {}
    questions = {numbers[text_of(place)]: place.asks for place in places}
    found = answer_each(connection, asker, questions, None, faults=faults)
    note_answers(connection, "note_event_answers", found)
    note_places(connection, "note_event_questions", places, numbers=numbers, faults=faults)


def unpack(packed: bytes | memoryview) -> Sequence[int]:
    """Read what ``string_agg(int8send(id), '')`` makes."""
    ids = array("q", bytes(packed))
    ids.byteswap()
    return ids


def text_of(place: Place) -> bytes:
    return msgspec.json.encode(place.asks, order="deterministic")


def number_questions(places: Iterable[Place]) -> dict[bytes, int]:
    """Number the different conditions among these."""
    texts = dict.fromkeys(text_of(place) for place in places)
    return {text: number for number, text in enumerate(texts)}


def grouped(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Put places together whose answers are few enough to be worked out at once."""
    group: list[Place] = []
    people = 0
    for place in places:
        new = 0 if group and place.customers is group[-1].customers else len(place.customers)
        if group and (len(group) + 1) * (people + new) > ANSWERS_MAX:
            yield group
            group, people, new = [], 0, len(place.customers)
        group.append(place)
        people += new
    if group:
        yield group


def answer_each(
    connection: Connection,
    asker: Asker,
    questions: Mapping[int, object],
    people: Sequence[int] | None,
    *,
    faults: dict[int, str],
) -> Answers:
    """Answer questions together; where that fails, one by one, adding to ``faults`` those that do.

    About these people, or about the tick's events where there are none.
    """
    try:
        return answer(connection, asker, questions, people)
    except UNANSWERABLE as fault:
        if len(questions) == 1:
            (number,) = questions
            faults[number] = str(fault).partition("\n")[0][:LONGEST_REASON]
            return {}
    found: dict[int, Sequence[int]] = {}
    for number, asks in questions.items():
        found.update(answer_each(connection, asker, {number: asks}, people, faults=faults))
    return found


def answer(
    connection: Connection,
    asker: Asker,
    questions: Mapping[int, object],
    people: Sequence[int] | None,
) -> Answers:
    """Let the judge answer, in a savepoint of its own."""
    with connection.transaction():
        if people is None:
            return asker.judge.judge_events(
                connection, questions, workspace_id=asker.workspace_id, now=asker.now
            )
        return asker.judge.judge(
            connection, questions, people, workspace_id=asker.workspace_id, now=asker.now
        )


def note_answers(connection: Connection, statement: str, found: Answers) -> None:
    for number, ids in found.items():
        if len(ids):
            # One text: handing ids over one by one takes far longer.
            packed = f"{{{','.join(map(str, ids))}}}"
            connection.execute(STATEMENTS[statement], {"question": number, "ids": packed})


def note_places(
    connection: Connection,
    statement: str,
    places: Sequence[Place],
    *,
    numbers: Mapping[bytes, int],
    faults: Mapping[int, str],
) -> None:
    """Note which question decides at which place, and what is wrong with it."""
    asked = [numbers[text_of(place)] for place in places]
    connection.execute(
        STATEMENTS[statement],
        {
            "questions": asked,
            "versions": [place.version_id for place in places],
            "numbers": [place.number for place in places],
            "positions": [place.position for place in places],
            "faults": [faults.get(number) for number in asked],
        },
    )
