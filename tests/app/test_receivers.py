"""What one receiver of mail takes holds up nobody else; a new sender begins with few a day."""

import json
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.build import NOON, customer, give_consent, plan_message
from tests.channels.sending import (
    LEASE,
    deliver_to,
    delivery_states,
    mail_server,
    message_state,
)

from dangol.app.cli import main
from dangol.app.delivery import claim as claim_turn
from dangol.app.providers import SMTP
from dangol.channels.claim import recover_claims
from dangol.channels.domains import domain_of, limit_domain, list_domains
from dangol.channels.rates import list_providers
from dangol.channels.warm_up import WarmUp, list_warm_ups, set_warm_up
from dangol.providers.smtp.fake import Script
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TOO_MUCH = Script(recipient="421 4.7.0 Too much mail from you")


def mail_to(connection, workspace, domain, *, number=0, purpose="marketing", lasts=3 * DAY):
    name = f"n{number}-{domain}"
    found = customer(connection, workspace, name=name, email=f"n{number}@{domain}")
    give_consent(connection, workspace, customer_id=found)
    message = plan_message(connection, workspace, customer_id=found, state="allowed", lasts=lasts)
    connection.execute("update message set purpose = %s where id = %s", (purpose, message))
    connection.commit()
    return message


def crowd_at(*domains, script=TOO_MUCH):
    return lambda recipient: script if recipient.rpartition("@")[2] in domains else Script()


def arrived(server):
    return Counter(mail.recipient.rpartition("@")[2] for mail in server.mails)


def act_at(connection, message):
    row = connection.execute("select act_at from message where id = %s", (message,)).fetchone()
    connection.commit()
    return row[0]


@pytest.mark.parametrize(
    ("address", "receiver"),
    [
        ("minji@Naver.COM", "naver.com"),
        ("minji@hanmail.net", "daum.net"),
        ("minji@kakao.com", "daum.net"),
        ("minji@googlemail.com", "gmail.com"),
        ('"a@b"@shop.example.', "shop.example"),
    ],
)
def test_a_receiver_is_all_domains_of_one_company(address, receiver):
    assert domain_of(address) == receiver


@pytest.mark.parametrize("answer", ["421 4.7.0 Slow", "452 4.3.1 Full", "454 Later", "452 Busy"])
def test_too_much_at_one_receiver_rests_that_one_and_no_other(connection, workspace, answer):
    naver = [mail_to(connection, workspace, "naver.com", number=n) for n in range(30)]
    for number in range(30):
        mail_to(connection, workspace, "gmail.com", number=number)

    with mail_server(crowd_at("naver.com", script=Script(recipient=answer))) as server:
        delivered = deliver_to(server, connection, workspace)

    assert arrived(server) == {"gmail.com": 30}
    assert delivered.accepted == 30
    assert delivered.put_off > 0
    assert delivered.retryable + delivered.put_off == 30
    assert {act_at(connection, message) for message in naver} == {NOON + 30 * SECOND}
    [told] = list_domains(connection)
    assert (told.domain, told.failures) == ("naver.com", 1)
    assert [(one.slowed_to, one.rests_until) for one in list_providers(connection)] == [
        (None, None)
    ]


def test_a_full_mailbox_rests_nobody(connection, workspace):
    message = mail_to(connection, workspace, "naver.com")
    full = Script(recipient="452 4.2.2 Mailbox full")

    with mail_server(crowd_at("naver.com", script=full)) as server:
        deliver_to(server, connection, workspace)

    assert list_domains(connection) == []
    assert delivery_states(connection, message) == ["retryable"]


def test_a_rest_doubles_up_to_ten_minutes_and_ends_with_the_first_mail_taken(connection, workspace):
    for number in range(4):
        mail_to(connection, workspace, "naver.com", number=number)
    now, rests, refused = NOON, [], []

    with mail_server(crowd_at("naver.com")) as server:
        for _ in range(7):
            refused.append(deliver_to(server, connection, workspace, now=now).retryable)
            [told] = list_domains(connection)
            rests.append((told.rests_until - now).total_seconds())
            now = told.rests_until
        server.script = lambda _: Script()
        tried = deliver_to(server, connection, workspace, now=now)
        after = list_domains(connection)
        later = deliver_to(server, connection, workspace, now=now + 10 * SECOND)

    assert rests == [30, 60, 120, 240, 480, 600, 600]
    assert refused[1:] == [1] * 6
    assert tried.accepted >= 1
    assert after == []
    assert tried.accepted + later.accepted == 4
    assert arrived(server) == {"naver.com": 4}


def test_three_receivers_that_all_say_so_speak_for_the_mail_server(connection, workspace):
    domains = ("naver.com", "daum.net", "gmail.com")
    for domain in domains:
        mail_to(connection, workspace, domain)

    with mail_server(crowd_at(*domains)) as server:
        deliver_to(server, connection, workspace)

    assert [one.slowed_to for one in list_providers(connection)] == [1.5]


def test_a_receiver_with_a_limit_gets_no_more_and_the_rest_is_lined_up(connection, workspace):
    limit_domain(connection, provider="smtp", domain="kakao.com", per_second=5)
    limited = [mail_to(connection, workspace, "hanmail.net", number=n) for n in range(12)]
    for number in range(12):
        mail_to(connection, workspace, "gmail.com", number=number)

    with mail_server() as server:
        first = deliver_to(server, connection, workspace)
        states = Counter(message_state(connection, message) for message in limited)
        line = sorted(
            (act_at(connection, one) - NOON).total_seconds()
            for one in limited
            if message_state(connection, one) == "allowed"
        )
        second = deliver_to(server, connection, workspace, now=NOON + SECOND)
        third = deliver_to(server, connection, workspace, now=NOON + 2 * SECOND)

    assert (first.accepted, first.put_off, first.stopped) == (17, 7, 0)
    assert states == {"handed": 5, "allowed": 7}
    assert line == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4])
    assert (second.accepted, third.accepted) == (5, 2)
    assert arrived(server) == {"gmail.com": 12, "hanmail.net": 12}


def spoil_templates(connection):
    """Let every mail that is written from now on fail, so that it shows."""
    connection.execute("update template set body_text = '{{ nobody.knows | no_such_filter }}'")
    connection.commit()


def test_what_its_receiver_does_not_take_now_is_not_even_written(connection, workspace):
    for number in range(3):
        mail_to(connection, workspace, "naver.com", number=number)
    with mail_server(crowd_at("naver.com")) as server:
        deliver_to(server, connection, workspace)
        waits = [mail_to(connection, workspace, "naver.com", number=n) for n in (3, 4)]
        spoil_templates(connection)

        rests = deliver_to(server, connection, workspace, now=NOON + SECOND)
        tried = deliver_to(server, connection, workspace, now=NOON + 30 * SECOND)

    assert (rests.claimed, rests.put_off, rests.rejected) == (2, 2, 0)
    assert {act_at(connection, one) for one in waits} != {None}
    # One is to show if it takes mail again.
    assert (tried.claimed, tried.put_off, tried.rejected) == (5, 4, 1)


def test_what_is_over_a_limit_is_not_even_written(connection, workspace):
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=2)
    for number in range(5):
        mail_to(connection, workspace, "naver.com", number=number)
    spoil_templates(connection)

    with mail_server() as server:
        delivered = deliver_to(server, connection, workspace)

    assert (delivered.rejected, delivered.put_off, delivered.stopped) == (2, 3, 0)


def test_nobody_is_lined_up_further_than_the_limit_may_be_trusted(connection, workspace):
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=0.001)
    messages = [mail_to(connection, workspace, "naver.com", number=n) for n in range(3)]

    with mail_server() as server:
        deliver_to(server, connection, workspace)

    assert [act_at(connection, one) for one in messages[1:]] == [NOON + 600 * SECOND] * 2


def test_what_waits_for_a_receiver_still_expires(connection, workspace):
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=0.001)
    mail_to(connection, workspace, "naver.com")
    waits = mail_to(connection, workspace, "naver.com", number=1, lasts=300 * SECOND)

    with mail_server() as server:
        deliver_to(server, connection, workspace)
        again = deliver_to(server, connection, workspace, now=NOON + 700 * SECOND)

    assert message_state(connection, waits) == "skipped"
    assert (again.put_off, again.stopped, len(server.mails)) == (0, 1, 1)


def test_a_new_sender_has_a_most_a_day_that_grows_until_its_goal(connection, workspace):
    for number in range(60):
        mail_to(connection, workspace, "naver.com", number=number, lasts=9 * DAY)
    set_warm_up(connection, provider="smtp", start=10, growth=2.0, goal=30)
    connection.commit()
    sent = []

    with mail_server() as server:
        for day in (0, 1, 4):
            turns = [deliver_to(server, connection, workspace, now=NOON + day * DAY) for _ in "ab"]
            sent.append([turn.accepted for turn in turns])

    # Four fifths are for advertising; days on which nothing is sent do not count.
    assert sent == [[8, 0], [16, 0], [36, 0]]


def test_the_last_fifth_of_a_day_is_for_information(connection, workspace):
    for number in range(40):
        mail_to(connection, workspace, "naver.com", number=number)
    set_warm_up(connection, provider="smtp", start=10, growth=2.0, goal=100)
    connection.commit()

    with mail_server() as server:
        advertising = deliver_to(server, connection, workspace)
        for number in range(40, 45):
            mail_to(connection, workspace, "naver.com", number=number, purpose="informational")
        information = deliver_to(server, connection, workspace)
        full = deliver_to(server, connection, workspace)
        tomorrow = deliver_to(server, connection, workspace, now=NOON + DAY)

    assert [turn.accepted for turn in (advertising, information, full)] == [8, 2, 0]
    assert tomorrow.accepted == 16
    rows = connection.execute(
        "select purpose::text, state::text from message where purpose = 'informational'"
    ).fetchall()
    assert Counter(rows) == {("informational", "handed"): 5}


def test_what_did_not_leave_does_not_count_for_the_day(connection, workspace):
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=1)
    for number in range(5):
        mail_to(connection, workspace, "naver.com", number=number)
    set_warm_up(connection, provider="smtp", start=10, growth=2.0, goal=100)
    connection.commit()

    with mail_server() as server:
        deliver_to(server, connection, workspace)

    assert [one.taken for one in list_warm_ups(connection, now=NOON)] == [1]


@pytest.mark.usefixtures("opened")
def test_limits_and_warm_ups_are_set_shown_and_ended_on_the_command_line(capsys):
    assert main(["provider", "limit", "smtp", "20", "--domain", "hanmail.net"]) == 0
    assert "smtp brings at most 20 a second to daum.net" in capsys.readouterr().out
    assert main(["provider", "warm-up", "smtp", "--start", "200", "--goal", "50000"]) == 0
    assert main(["provider", "list"]) == 0
    told = capsys.readouterr().out
    assert "to daum.net: at most 20 a second" in told
    assert "warm-up: 0 of 200 today, growing by 1.5 a day up to 50000" in told

    assert main(["provider", "limit", "smtp", "0", "--domain", "daum.net"]) == 0
    assert main(["provider", "warm-up", "smtp", "--off"]) == 0
    capsys.readouterr()
    assert main(["provider", "list", "--json"]) == 0
    [smtp] = json.loads(capsys.readouterr().out)
    assert (smtp["domains"], smtp["warm_up"]) == ([], None)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["limit", "solapi", "5", "--domain", "naver.com"], "carries no mail"),
        (["limit", "smtp", "5", "--domain", "a@naver.com"], "is no domain"),
        (["warm-up", "smtp", "--start", "50", "--goal", "50"], "above the start"),
        (["warm-up", "smtp", "--growth", "1"], "write a factor"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_to_write(capsys, words, said):
    assert main(["provider", *words]) == 1
    assert said in " ".join(capsys.readouterr().err.split())


def taken(connection, *, now=NOON):
    [warm_up] = list_warm_ups(connection, now=now)
    connection.commit()
    return warm_up.taken


@pytest.fixture
def warming(connection, workspace):
    for number in range(20):
        mail_to(connection, workspace, "naver.com", number=number)
    set_warm_up(connection, provider="smtp", start=10, growth=2.0, goal=100)
    connection.commit()


def claim_by(connection, workspace, *, now=NOON):
    return claim_turn(
        connection,
        SMTP,
        workspace_id=workspace,
        worker="worker-2",
        now=now,
        lease=LEASE,
        batch=100,
    )


@contextmanager
def at_crashpoints(do):
    handle_crashpoints(do)
    try:
        yield
    finally:
        del _handlers[1:]


def recover(connection, workspace, *, now):
    with connection.transaction():
        recover_claims(connection, workspace_id=workspace, now=now)


@pytest.mark.usefixtures("warming")
def test_a_killed_worker_takes_nobodys_day_with_it(connection, workspace):
    lost = claim_by(connection, workspace)
    before = taken(connection)

    recover(connection, workspace, now=NOON + 2 * LEASE)
    after = taken(connection)
    with mail_server() as server:
        delivered = deliver_to(server, connection, workspace, now=NOON + 2 * LEASE)

    assert (len(lost), before, after) == (8, 8, 0)
    assert delivered.accepted == 8


@pytest.mark.usefixtures("warming")
def test_what_a_lost_worker_held_is_given_back_once_though_it_wakes(connection, dsn, workspace):
    def sleep(passed):
        if passed == "claim.after_commit":
            with connect(dsn) as other:
                recover(other, workspace, now=NOON + 2 * LEASE)
                claim_by(other, workspace, now=NOON + 2 * LEASE)

    with mail_server() as server, at_crashpoints(sleep):
        late = deliver_to(server, connection, workspace)

    assert (late.claimed, late.accepted) == (8, 0)
    assert taken(connection) == 8


@pytest.mark.usefixtures("warming")
def test_what_was_claimed_before_midnight_is_not_given_back_to_the_next_day(
    connection, dsn, workspace
):
    midnight = NOON + timedelta(hours=12)
    limit_domain(connection, provider="smtp", domain="naver.com", per_second=1)
    connection.execute("update message set purpose = 'informational'")
    connection.commit()
    moments = iter([midnight - SECOND])

    def clock(_):
        return next(moments, midnight + SECOND)

    def claim_on_the_next_day(passed):
        if passed == "claim.after_commit":
            with connect(dsn) as other:
                claim_by(other, workspace, now=midnight)

    with mail_server() as server, at_crashpoints(claim_on_the_next_day):
        deliver_to(server, connection, workspace, clock=clock)

    assert taken(connection, now=midnight) == 12


@pytest.mark.parametrize(
    ("start", "growth", "goal", "days"),
    [(200, 1.5, 50_000, [200, 300, 450, 675]), (1, 1.01, 4, [1, 2, 3]), (10, 10.0, 11, [10])],
)
def test_a_warm_up_grows_until_a_day_would_have_its_goal(start, growth, goal, days):
    def on(day):
        return WarmUp(
            provider="smtp",
            start_at=start,
            growth=growth,
            goal=goal,
            day=None,
            days_before=day,
            taken=0,
        )

    assert [on(day).most for day in range(len(days))] == days
    assert on(on(0).length - 1).most < goal
    assert on(on(0).length).most is None
