"""A slice of the campaign of opt-outs, and the faults it must find."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.optouts import campaign as plays
from tests.optouts.campaign import Case, campaign, open_scene, play

from dangol.app import callbacks, delivery
from dangol.guard import decide
from dangol.pages import choices, unsubscribe
from dangol.providers.vendor import Fate

CASES = 60


def test_no_call_begins_after_an_opt_out_is_confirmed(dsn: str, tmp_path: Path) -> None:
    counts, faults = campaign(dsn, tmp_path, number=CASES, seed=7)

    assert faults == []
    assert counts["calls after"] == 0
    # It is not for want of calls, nor of refusals that came in time.
    assert counts["calls before"] > CASES // 10
    assert counts["stopped"] > CASES // 10


def ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the door, let everything pass that the guard has once allowed."""

    def pass_all(_connection: object, *, message_ids: list[int], **_others: object) -> list[int]:
        return message_ids

    monkeypatch.setattr(delivery, "recheck_messages", pass_all)


def confirm_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Confirm a refusal while calls are under way."""
    for module in (choices, unsubscribe, callbacks):
        monkeypatch.setattr(module, "wait_for_calls", lambda *_, **__: True)


def leave_door_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lock the rows there are, and no more."""
    statements = {**decide.STATEMENTS, "enter_door": "select 1"}
    monkeypatch.setattr(decide, "STATEMENTS", statements)


@pytest.mark.parametrize(
    ("spoil", "point", "people"),
    [
        (ask_nobody, "claim.after_commit", "agreed"),
        (ask_nobody, "retry", "agreed"),
        (confirm_at_once, "calling.after_commit", "agreed"),
        (leave_door_open, "door.before_commit", "never asked"),
    ],
)
def test_a_fault_put_in_on_purpose_is_found(
    dsn: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[pytest.MonkeyPatch], None],
    point: str,
    people: str,
) -> None:
    fate = Fate.RETRYABLE if point == "retry" else Fate.ACCEPTED
    case = Case(path="page", point=point, people=people, fate=fate)

    with open_scene(dsn, tmp_path) as scene:
        right = play(scene, case)
        spoil(monkeypatch)
        # Now nothing that the refusal waits for is to be expected.
        monkeypatch.setattr(plays, "HEAD_START_SECONDS", 10.0)
        wrong = play(scene, case)

    assert (right.late, wrong.late) == (0, 1)
