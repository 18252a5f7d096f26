"""No more is marked as being called than can be under way, whatever was claimed."""

import time
from collections import Counter

import pytest
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import LEASE, POST, allowed_message

from dangol.app.calls import make_calls
from dangol.app.delivery import deliver
from dangol.app.providers import PROVIDERS
from dangol.channels.claim import recover_claims
from dangol.providers.smtp.fake import FakeMailServer, Script
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints

LINES = 4
UNDER_WAY = 4 * LINES


@pytest.fixture
def dying():
    def die(passed):
        if passed == "send.after_accept":
            raise KeyboardInterrupt

    yield lambda: handle_crashpoints(die)
    del _handlers[1:]


def hand_over(connection, workspace, server, *, now=NOON):
    at = MailServer(host=server.host, port=server.port, connections=LINES, reply_seconds=5.0)
    return deliver(
        connection,
        SmtpSender(at),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: now,
    )


def count_states(connection) -> Counter[str]:
    rows = connection.execute("select state::text, count(*) from delivery group by state")
    counted = Counter(dict(rows.fetchall()))
    connection.commit()
    return counted


@pytest.fixture
def forty(connection, workspace):
    messages = [allowed_message(connection, workspace, name=f"n{number}") for number in range(40)]
    connection.commit()
    return messages


@pytest.mark.usefixtures("forty")
def test_only_what_is_under_way_is_marked_as_called_and_the_rest_follows(
    connection, workspace, dsn
):
    calling, mails = [], []
    with connect(dsn) as other:

        def take_slowly(mail):
            mails.append(mail.recipient)
            calling.append(count_states(other)["calling"])
            time.sleep(0.01)

        with FakeMailServer(store=take_slowly) as server:
            delivered = hand_over(connection, workspace, server)

    assert (delivered.claimed, delivered.accepted) == (40, 40)
    assert len(set(mails)) == 40
    assert 0 < max(calling) <= UNDER_WAY


@pytest.mark.usefixtures("forty")
def test_a_killed_worker_leaves_unknown_what_it_had_under_way(connection, workspace, dying):
    with FakeMailServer() as server:
        dying()
        with pytest.raises(KeyboardInterrupt):
            hand_over(connection, workspace, server)
        del _handlers[1:]
        later = NOON + LEASE * 2
        with connection.transaction():
            recovered = recover_claims(connection, workspace_id=workspace, now=later)
        again = hand_over(connection, workspace, server, now=later)

        assert 0 < recovered.unknown <= UNDER_WAY
        assert recovered.released == 40 - recovered.unknown
        assert again.accepted == 40 - recovered.unknown
        gone_twice = Counter(mail.recipient for mail in server.mails).most_common(1)[0][1]
        assert gone_twice == 1


@pytest.mark.usefixtures("forty")
def test_what_was_not_begun_waits_as_if_it_had_not_been_claimed(connection, workspace):
    with FakeMailServer() as server:
        port = server.port
    server.port = port

    delivered = hand_over(connection, workspace, server)

    assert delivered.claimed == 40
    states = count_states(connection)
    assert states["retryable"] <= UNDER_WAY
    assert states["retryable"] + states["released"] == 40


@pytest.mark.usefixtures("forty")
def test_a_storm_ends_the_turn_and_spares_the_rest(connection, workspace):
    with FakeMailServer(script=lambda _: Script(recipient="421 4.7.0 Too much")) as server:
        hand_over(connection, workspace, server)

    states = count_states(connection)
    assert states["retryable"] + states["released"] == 40
    assert states["calling"] == states["unknown"] == 0


def outgoing(number: int) -> Outgoing:
    return Outgoing(delivery_id=number, vendor_id=f"{number}", sender="", recipient="", content=b"")


class Scripted:
    """A vendor of one call after another, that says the same to all of a share."""

    def __init__(self, *faults: FaultKind | None) -> None:
        self.faults = list(faults)
        self.calls: list[int] = []

    async def send(self, messages):
        self.calls.append(len(messages))
        fault = self.faults.pop(0)
        fate = Fate.RETRYABLE if fault else Fate.ACCEPTED
        return [
            Outcome(delivery_id=one.delivery_id, fate=fate, code="", detail="", fault=fault)
            for one in messages
        ]


def in_time():
    return lambda: True


def ignore(_outcomes):
    pass


def test_others_are_called_share_by_share_and_each_is_written_before_the_next():
    sender, written = Scripted(None, None, None), []

    def note(outcomes):
        written.append((len(sender.calls), len(outcomes)))

    calls = make_calls(
        sender, [*map(outgoing, range(5))], share=2, door=list, note=note, grant=in_time
    )

    assert written == [(1, 2), (2, 2), (3, 1)]
    assert (calls.passed, calls.left) == (5, [])


@pytest.mark.parametrize("fault", [FaultKind.THROTTLED, FaultKind.CONFIGURATION])
def test_no_further_share_is_called_once_everybody_would_hear_the_same(fault):
    sender = Scripted(fault)

    calls = make_calls(
        sender, [*map(outgoing, range(5))], share=2, door=list, note=ignore, grant=in_time
    )

    assert sender.calls == [2]
    assert [one.delivery_id for one in calls.left] == [2, 3, 4]


def test_without_a_share_all_go_in_one_call():
    sender = Scripted(None)

    make_calls(
        sender, [*map(outgoing, range(5))], share=None, door=list, note=ignore, grant=in_time
    )

    assert sender.calls == [5]


def test_a_share_marked_before_we_stood_still_is_not_called_and_the_next_is():
    sender, written, grants = Scripted(None), [], [False, True]

    def grant():
        may_begin = grants.pop(0)
        return lambda: may_begin

    calls = make_calls(
        sender, [*map(outgoing, range(3))], share=2, door=list, note=written.append, grant=grant
    )

    assert sender.calls == [1]
    assert [[one.code for one in outcomes] for outcomes in written] == [["not_begun"] * 2, [""]]
    assert calls.passed == 3


def test_push_is_called_as_many_at_a_time_as_go_on_at_once():
    [push] = [provider for provider in PROVIDERS if provider.name == "push"]

    assert push.share == 100
