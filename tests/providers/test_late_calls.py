"""Whoever marked a call and then stood still does not make it, whatever it was about to do."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from tests.providers.pushing import push
from tests.providers.test_egress import SOON, Server, serving
from tests.providers.test_smtp_trouble import fates, mails, sender

from dangol.providers.begin import begin_while
from dangol.providers.each import Pace, send_each
from dangol.providers.egress.client import EgressError, UnsentError, open_egress
from dangol.providers.egress.pool import NotCalledError, open_pool
from dangol.providers.smtp.fake import FakeMailServer
from dangol.providers.vendor import Outcome

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def first_times(number: int) -> Callable[[], bool]:
    """Say yes so many times, and then no."""
    left = [True] * number
    return lambda: bool(left) and left.pop()


@asynccontextmanager
async def once():
    async with open_egress(limits=SOON, loopback=True) as egress:
        yield egress


@asynccontextmanager
async def kept():
    async with open_pool(connections=1, limits=SOON, loopback=True) as pool:
        yield pool


def call(server: Server, opened, may_begin: Callable[[], bool]) -> None:
    async def run() -> None:
        async with serving(server), opened() as client:
            url = f"http://127.0.0.1:{server.port}/send"
            await client.post(url, headers={}, body=b"{}")

    with begin_while(may_begin):
        asyncio.run(run())


@pytest.mark.parametrize(("opened", "fault"), [(once, UnsentError), (kept, NotCalledError)])
def test_a_call_by_http_that_is_too_late_surely_did_not_arrive(opened, fault):
    server = Server(ANSWER)

    with pytest.raises(fault, match="stood still"):
        call(server, opened, first_times(0))

    assert server.heard == []


def test_a_call_cut_off_before_its_body_arrives_at_most_in_part():
    server = Server(ANSWER)

    with pytest.raises(EgressError, match="stood still") as told:
        call(server, kept, first_times(1))

    assert not isinstance(told.value, NotCalledError)
    assert server.heard == []


@pytest.mark.parametrize("opened", [once, kept])
def test_in_time_it_arrives(opened):
    server = Server(ANSWER)

    call(server, opened, first_times(2))

    assert len(server.heard) == 1


def test_mails_that_are_too_late_are_not_begun():
    with FakeMailServer() as server, begin_while(first_times(0)):
        outcomes = asyncio.run(sender(server).send(mails("minji", "jiwoo")))

    assert fates(outcomes) == ["retryable", "retryable"]
    assert server.mails == []


def test_mails_put_into_a_stream_that_stood_still_come_back():
    with (
        FakeMailServer() as server,
        begin_while(first_times(0)),
        sender(server).open_stream() as stream,
    ):
        stream.put(mails("minji", "jiwoo"))
        told: list[Outcome] = []
        while len(told) < 2:
            told += stream.take(seconds=1.0)

    assert fates(told) == ["retryable", "retryable"]
    assert server.mails == []


def test_of_calls_one_by_one_none_begins_too_late():
    async def never(_message: object) -> Outcome:
        raise AssertionError

    with begin_while(first_times(0)):
        outcomes = asyncio.run(
            send_each([push(1, "a"), push(2, "b")], hand_over=never, pace=Pace())
        )

    assert [outcome.code for outcome in outcomes] == ["not_begun", "not_begun"]
