"""Two workers share what a vendor, a receiver and a new sender's day take: no more in sum."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from tests.app.test_receivers import DAY, SECOND, mail_to
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import POST, mail_server

from dangol.app.delivery import deliver
from dangol.channels.domains import Domain, limit_domain, take_place
from dangol.channels.rates import limit_provider, list_providers
from dangol.channels.warm_up import WarmUp, list_warm_ups, on_day, set_warm_up
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.store.connect import connect

WORKERS = ("worker-1", "worker-2")
PER_SECOND = 10
SECONDS = 30
# Moments are noted before a row is waited for.
SLACK = 2


class Work:
    """Turn after turn by each worker at once, until nothing has gone for a while or time is up."""

    def __init__(self, dsn, workspace, server, *, batch, now=NOON):
        self.dsn = dsn
        self.workspace = workspace
        self.server = server
        self.batch = batch
        self.now = now
        self.began = time.monotonic()
        self.both = threading.Barrier(len(WORKERS))
        self.claimed = Counter()
        self.faults = []

    def clock(self, _connection):
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def go_on(self, worker, *, until):
        at = MailServer(host=self.server.host, port=self.server.port, connections=2)
        sender = SmtpSender(at)
        try:
            with connect(self.dsn) as connection:
                self.both.wait(SECONDS)
                while not until(connection):
                    delivered = deliver(
                        connection,
                        sender,
                        workspace_id=self.workspace,
                        vault=TEST_VAULT,
                        post=POST,
                        worker=worker,
                        clock=self.clock,
                        batch=self.batch,
                    )
                    self.claimed[worker] += delivered.claimed
        except Exception as fault:  # noqa: BLE001 - the test must hear of it
            self.faults.append(fault)

    def run(self, *, until):
        def enough(connection):
            late = time.monotonic() - self.began > SECONDS
            return late or bool(self.faults) or until(connection)

        threads = [
            threading.Thread(target=self.go_on, args=(worker,), kwargs={"until": enough})
            for worker in WORKERS
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.faults == []


def is_all_sent(connection):
    row = connection.execute("select count(*) from message where state = 'allowed'").fetchone()
    connection.commit()
    return row[0] == 0


def called_at(connection, address):
    """When each mail to addresses like this passed the door, in seconds."""
    rows = connection.execute(
        "select delivery.calling_at from delivery"
        " join identifier on identifier.customer_id = delivery.customer_id"
        " and identifier.kind = 'external'"
        " where delivery.state = 'accepted' and identifier.key like %s"
        " order by delivery.calling_at",
        [f"%{address}"],
    ).fetchall()
    connection.commit()
    return [(row[0] - NOON).total_seconds() for row in rows]


def most_over(moments, *, per_second):
    """By how much more went in any stretch of time than what came together before, and its rate."""
    return max(
        last - first + 1 - per_second - per_second * (moments[last] - moments[first])
        for first in range(len(moments))
        for last in range(first, len(moments))
    )


def test_one_receivers_limit_holds_for_two_workers_and_holds_up_nobody_else(
    connection, dsn, workspace
):
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=PER_SECOND)
    for number in range(30):
        mail_to(connection, workspace, "naver.com", number=number)
        mail_to(connection, workspace, "gmail.com", number=number)

    with mail_server() as server:
        work = Work(dsn, workspace, server, batch=7)
        work.run(until=is_all_sent)

    limited, free = called_at(connection, "naver.com"), called_at(connection, "gmail.com")
    assert (len(limited), len(free)) == (30, 30)
    assert most_over(limited, per_second=PER_SECOND) <= SLACK
    # As long as the limit says, and not much longer.
    assert 1.9 <= limited[-1] - limited[0] <= SECONDS / 2
    assert min(work.claimed[worker] for worker in WORKERS) > 0


def test_a_vendors_limit_holds_for_two_workers(connection, dsn, workspace):
    limit_provider(connection, name="smtp", per_second=PER_SECOND)
    for number in range(30):
        mail_to(connection, workspace, "naver.com", number=number)

    with mail_server() as server:
        work = Work(dsn, workspace, server, batch=7)
        work.run(until=is_all_sent)

    claimed = connection.execute("select claimed_at from delivery order by claimed_at").fetchall()
    moments = [(row[0] - NOON).total_seconds() for row in claimed]
    assert len(server.mails) == len(moments) == 30
    assert most_over(moments, per_second=PER_SECOND) <= SLACK
    assert min(work.claimed[worker] for worker in WORKERS) > 0
    assert [one.slowed_to for one in list_providers(connection)] == [None]


def test_a_new_senders_day_is_one_for_two_workers_and_all_of_it_is_used(connection, dsn, workspace):
    for number in range(60):
        mail_to(connection, workspace, "naver.com", number=number)
    set_warm_up(connection, provider="smtp", start=40, growth=2.0, goal=1000)
    connection.commit()

    def is_full(found):
        [today] = list_warm_ups(found, now=NOON)
        found.commit()
        return today.taken >= 32

    with mail_server() as server:
        first = Work(dsn, workspace, server, batch=3)
        first.run(until=is_full)
        on_first_day = len(server.mails)
        second = Work(dsn, workspace, server, batch=3, now=NOON + DAY)
        second.run(until=is_all_sent)

    # Four fifths of 40 are for advertising.
    assert on_first_day == 32
    assert len({mail.recipient for mail in server.mails}) == len(server.mails) == 60
    assert min(first.claimed[worker] for worker in WORKERS) > 0


def limited(*, tokens_at):
    return Domain(
        domain="naver.com",
        per_second=10.0,
        tokens=0.0,
        tokens_at=tokens_at,
        line_until=None,
        failures=0,
        rests_until=None,
    )


def test_no_time_counts_twice_where_one_looked_at_the_clock_before_the_other():
    domain = limited(tokens_at=NOON)

    places = [take_place(domain, now=at) for at in (NOON + SECOND / 5, NOON, NOON + SECOND / 5)]

    # Two tokens have come in a fifth of a second, whoever asks.
    assert [place is None for place in places] == [True, True, False]


def test_a_clock_that_was_set_back_stops_a_receiver_for_a_minute_at_most():
    domain = limited(tokens_at=NOON + DAY)

    early = take_place(domain, now=NOON)
    later = take_place(domain, now=NOON + 61 * SECOND)

    assert early is not None
    assert later is None


@pytest.mark.parametrize(
    ("apart", "stands"), [(timedelta(seconds=1), True), (timedelta(days=3), False)]
)
def test_a_day_that_another_clock_has_begun_is_not_begun_again(apart, stands):
    midnight = NOON + timedelta(hours=12)
    begun = WarmUp(
        provider="smtp",
        start_at=10,
        growth=2.0,
        goal=1000,
        day=(midnight + timedelta(hours=9)).date(),
        days_before=1,
        taken=7,
    )

    slow = on_day(begun, now=midnight - apart)

    assert (slow == begun) is stands
