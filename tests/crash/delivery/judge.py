"""Hold what the vendor wrote down against what the tables say: nothing lost, doubled or hidden."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from tests.build import TEST_VAULT
from tests.crash.delivery.limits import find_excess
from tests.crash.delivery.vendor import REFUSED, TAKEN, Told

from dangol.app.clock import STATEMENTS
from dangol.content.tokens import TokenPurpose, read_token
from dangol.providers.vendor import Idempotency
from dangol.store.connect import Connection

LISTED: Final = 3
DELIVERIES: Final = """
select message.id, message.state::text, delivery.id, delivery.state::text
from message left join delivery on delivery.message_id = message.id
where message.workspace_id = %s order by message.id, delivery.attempt
"""
LEADING_ON: Final = {"released", "retryable"}
# How a message may end, and how its last delivery stands then.
SENT: Final = ("handed", "accepted")
OWED: Final = ("handed", "unknown")


@dataclass(kw_only=True)
class Verdict:
    """What a round came to; ``unknown`` messages may have arrived, and ``unknown_taken`` did."""

    messages: int = 0
    accepted: int = 0
    failed: int = 0
    unknown: int = 0
    unknown_taken: int = 0
    lost: int = 0
    duplicated: int = 0
    contradictions: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.duplicated or self.contradictions)

    def find(self, what: str, wrong: Iterable[object]) -> int:
        """Note what is wrong; return how much of it there is."""
        found = list(wrong)
        if found:
            self.findings.append(f"{what}: {len(found)} ({found[:LISTED]})")
        return len(found)

    def contradict(self, what: str, wrong: Iterable[object]) -> None:
        self.contradictions += self.find(what, wrong)

    def add(self, other: "Verdict") -> None:
        """Count another round in."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


def judge(
    connection: Connection,
    workspace: int,
    record: Sequence[Told],
    *,
    kind: Idempotency,
    limited_until: datetime | None = None,
) -> Verdict:
    """Compare the two records of the same history."""
    ends: dict[int, tuple[str, str]] = {}
    states: dict[int, str] = {}
    tries: dict[int, list[str]] = defaultdict(list)
    for message, state, delivery, how in connection.execute(DELIVERIES.encode(), (workspace,)):
        states[delivery] = how
        tries[message].append(how)
        # Of several attempts the one counts that leads to no other.
        if how not in LEADING_ON or message not in ends:
            ends[message] = (state, how)
    verdict = Verdict(messages=len(ends))
    calls = [(message_of(told), told) for told in record]
    taken = Counter(message for message, told in calls if told["what"] == TAKEN)
    judge_ends(verdict, ends, taken, refused_in(calls))
    verdict.contradict("calls for no message of ours", {m for m, _ in calls} - ends.keys())
    verdict.contradict(
        "calls that the tables do not admit",
        [
            told["delivery"]
            for _, told in calls
            if states.get(int(told["delivery"])) in {None, "claimed", "calling", "released"}
        ],
    )
    judge_class(verdict, kind, calls, ends, tries)
    if limited_until:
        verdict.contradict("more than was set", find_excess(record, until=limited_until))
    unaccounted = connection.execute(
        STATEMENTS["find_unaccounted"], {"workspace_id": workspace}
    ).fetchall()
    verdict.contradict("unaccounted for", unaccounted)
    return verdict


def judge_ends(
    verdict: Verdict,
    ends: dict[int, tuple[str, str]],
    taken: Counter[int],
    refused: set[int],
) -> None:
    """Every message ends in one way, and the vendor says the same of it."""
    accepted = {message for message, end in ends.items() if end == SENT}
    unknown = {message for message, end in ends.items() if end == OWED}
    failed = {message for message, end in ends.items() if end[0] == "failed"}
    verdict.accepted, verdict.unknown, verdict.failed = len(accepted), len(unknown), len(failed)
    verdict.unknown_taken = sum(taken[message] > 0 for message in unknown)
    verdict.lost += verdict.find("said to be sent, and were not", accepted - taken.keys())
    stuck = [(message, ends[message]) for message in ends.keys() - accepted - unknown - failed]
    verdict.lost += verdict.find("never sent, and nobody says so", stuck)
    verdict.lost += verdict.find("given up without a refusal", failed - refused)
    verdict.contradict("taken, and said to have failed", failed & taken.keys())
    doubled = {message: times for message, times in taken.items() if times > 1}
    verdict.find("sent more than once", doubled.items())
    verdict.duplicated += sum(times - 1 for times in doubled.values())


def judge_class(
    verdict: Verdict,
    kind: Idempotency,
    calls: Sequence[tuple[int, Told]],
    ends: dict[int, tuple[str, str]],
    tries: dict[int, list[str]],
) -> None:
    """What only this class of vendor owes."""
    match kind:
        case Idempotency.NEITHER:
            repeated = [message for message, hows in tries.items() if "unknown" in hows[:-1]]
            verdict.contradict("repeated though nobody knew", repeated)
        case Idempotency.ASKABLE:
            unasked = [message for message, end in ends.items() if end == OWED]
            verdict.contradict("could have been asked about", unasked)
        case Idempotency.KEYED:
            bodies: dict[int, set[object]] = defaultdict(set)
            for message, told in calls:
                bodies[message].add((told["key"], told["body"]))
            changed = [message for message, said in bodies.items() if len(said) > 1]
            verdict.contradict("not the same at every attempt", changed)


def message_of(told: Told) -> int:
    return read_token(TEST_VAULT, TokenPurpose.MESSAGE, str(told["key"])).message_id


def refused_in(calls: Sequence[tuple[int, Told]]) -> set[int]:
    """Return the messages that the vendor refused for good."""
    return {message for message, told in calls if told["what"] == REFUSED}
