"""Openings and clicks: every hit is kept, with how surely a person made it."""

from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import allowed_message, deliver_to, mail_server

from dangol.content.tokens import TokenPurpose, sign_click, sign_message
from dangol.feedback.hits import CROWD, TRAP_LINK, Hit, hash_address, judge_agent, record_hit
from dangol.store.vocabulary import ReceiptKind

PERSON = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile"}


@pytest.fixture
def message(connection, workspace) -> int:
    """A message whose mail arrived an hour ago."""
    made = allowed_message(connection, workspace)
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    connection.execute("update delivery set settled_at = %s", (NOON - timedelta(hours=1),))
    connection.commit()
    return made


def new_link(connection, workspace: int, url: str = "https://shop.example/a") -> int:
    row = connection.execute(
        "insert into link (workspace_id, url) values (%s, %s) returning id", (workspace, url)
    ).fetchone()
    connection.commit()
    return row[0]


def click_of(workspace: int, message: int, link: int) -> str:
    return "/c/" + sign_click(TEST_VAULT, workspace_id=workspace, message_id=message, link_id=link)


def open_of(workspace: int, message: int) -> str:
    token = sign_message(TEST_VAULT, TokenPurpose.OPEN, workspace_id=workspace, message_id=message)
    return f"/o/{token}.gif"


def hits(connection) -> list[tuple[str, float]]:
    rows = connection.execute(
        "select kind, round(human_confidence::numeric, 1)::float from receipt order by id"
    ).fetchall()
    connection.commit()
    return rows


def test_a_click_is_recorded_and_leads_where_the_mail_promised(
    client, connection, workspace, message
):
    link = new_link(connection, workspace)

    answer = client.get(click_of(workspace, message, link), headers=PERSON)

    assert (answer.status_code, answer.headers["Location"]) == (302, "https://shop.example/a")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert hits(connection) == [("clicked", 1.0)]


def test_an_opening_is_recorded_and_answered_with_a_pixel(client, connection, workspace, message):
    answer = client.get(open_of(workspace, message), headers=PERSON)

    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.content.startswith(b"GIF89a")
    assert hits(connection) == [("opened", 1.0)]


def test_a_scanner_that_only_asks_for_the_head_is_a_machine(client, connection, workspace, message):
    link = new_link(connection, workspace)

    client.head(click_of(workspace, message, link), headers=PERSON)
    client.get(click_of(workspace, message, link), headers=PERSON)

    assert hits(connection) == [("clicked", 0.0), ("clicked", 1.0)]


def test_the_same_hit_within_a_minute_counts_once(client, connection, workspace, message):
    for _ in range(3):
        client.get(open_of(workspace, message), headers=PERSON)

    assert hits(connection) == [("opened", 1.0)]


def test_a_click_right_after_the_delivery_is_hardly_a_person(
    client, connection, workspace, message
):
    connection.execute("update delivery set settled_at = %s", (NOON - timedelta(seconds=3),))
    connection.commit()

    client.get(click_of(workspace, message, new_link(connection, workspace)), headers=PERSON)

    assert hits(connection) == [("clicked", 0.1)]


def test_whoever_follows_many_links_at_once_is_hardly_a_person(
    client, connection, workspace, message
):
    for name in "abc":
        link = new_link(connection, workspace, f"https://shop.example/{name}")
        client.get(click_of(workspace, message, link), headers=PERSON)

    assert hits(connection) == [("clicked", 0.1)] * 3


def test_two_links_followed_at_leisure_stay_a_persons(connection, workspace, message):
    for number in range(4):
        hit = Hit(
            workspace_id=workspace,
            message_id=message,
            kind=ReceiptKind.CLICKED,
            link_id=new_link(connection, workspace, f"https://shop.example/{number}"),
            method="GET",
            user_agent=PERSON["User-Agent"],
        )
        record_hit(connection, hit=hit, now=NOON + timedelta(seconds=3 * number))

    assert hits(connection) == [("clicked", 1.0)] * 4


@pytest.mark.parametrize(
    ("method", "agent", "confidence"),
    [
        ("GET", "Mozilla/5.0 (Macintosh) Safari/605", 1.0),
        ("GET", "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)", 1.0),
        ("GET", "Mozilla/5.0", 0.1),
        ("GET", "", 0.1),
        ("HEAD", "Mozilla/5.0 (Macintosh) Safari/605", 0.0),
        ("GET", "Barracuda Sentinel (EE)", 0.0),
        ("GET", "Mozilla/5.0 HeadlessChrome/120", 0.0),
        ("GET", "python-requests/2.32", 0.0),
    ],
)
def test_what_a_request_says_of_itself_decides_first(method, agent, confidence):
    assert judge_agent(method, agent)[1] == confidence


def test_a_tampered_click_leads_nowhere(client, connection, workspace, message):
    url = click_of(workspace, message, new_link(connection, workspace))

    answer = client.get(url[:-8] + "AAAAAAAA", headers=PERSON)

    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert hits(connection) == []


def test_a_link_of_another_workspace_leads_nowhere(client, connection, workspace, message):
    connection.execute(
        "insert into workspace (name, time_zone, default_locale, sender_name, sender_email,"
        " sender_postal, sender_phone, quiet_from, quiet_until, cap_messages, cap_days,"
        " created_at) select 'other', time_zone, default_locale, sender_name, sender_email,"
        " sender_postal, sender_phone, quiet_from, quiet_until, 1, 1, created_at from workspace"
    )
    (other,) = connection.execute("select max(id) from workspace").fetchone()
    link = new_link(connection, other)

    assert client.get(click_of(workspace, message, link)).status_code == 404


def test_a_broken_opening_still_gets_its_pixel(client, connection):
    answer = client.get("/o/nonsense.gif")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/gif")
    assert hits(connection) == []


def test_looking_never_changes_a_consent(client, connection, workspace, message):
    link = new_link(connection, workspace)
    for method in ("GET", "HEAD"):
        client.request(method, click_of(workspace, message, link))
        client.request(method, open_of(workspace, message))

    assert connection.execute("select state from consent").fetchall() == [("granted",)]


def hit_of(workspace: int, message: int, link: int | None, *, ip: str = "a1", **said: str) -> Hit:
    """A click, or an opening where there is no link, from one place."""
    return Hit(
        workspace_id=workspace,
        message_id=message,
        kind=ReceiptKind.OPENED if link is None else ReceiptKind.CLICKED,
        link_id=link,
        method="GET",
        user_agent=said.get("agent", PERSON["User-Agent"]),
        ip=ip,
        net="b2",
    )


def whys(connection) -> list[tuple[str, float]]:
    rows = connection.execute(
        "select substring(detail from '^why=([a-z_]+) '),"
        " round(human_confidence::numeric, 1)::float from receipt order by id"
    ).fetchall()
    connection.commit()
    return rows


def test_whoever_follows_the_link_nobody_sees_made_all_hits_from_there(
    connection, workspace, message
):
    link = new_link(connection, workspace)
    other = new_link(connection, workspace, "https://shop.example/b")
    record_hit(connection, hit=hit_of(workspace, message, None), now=NOON)
    record_hit(connection, hit=hit_of(workspace, message, other, ip="c3"), now=NOON)
    record_hit(connection, hit=hit_of(workspace, message, TRAP_LINK), now=NOON)
    later = NOON + timedelta(seconds=59)
    record_hit(connection, hit=hit_of(workspace, message, link), now=later)

    assert whys(connection) == [("trap", 0.0), ("person", 1.0), ("trap", 0.0), ("trap", 0.0)]


def test_a_minute_after_the_trap_a_person_is_one_again(connection, workspace, message):
    record_hit(connection, hit=hit_of(workspace, message, TRAP_LINK), now=NOON)
    record_hit(
        connection,
        hit=hit_of(workspace, message, new_link(connection, workspace)),
        now=NOON + timedelta(seconds=61),
    )

    assert whys(connection) == [("trap", 0.0), ("person", 1.0)]


def test_the_trap_shows_nothing(client, connection, workspace, message):
    answer = client.get(click_of(workspace, message, TRAP_LINK), headers=PERSON)

    assert (answer.status_code, answer.content) == (200, b"")
    assert hits(connection) == [("clicked", 0.0)]


def test_links_followed_from_different_places_are_no_burst(connection, workspace, message):
    for ip in ("a1", "a2", "a3"):
        link = new_link(connection, workspace, f"https://shop.example/{ip}")
        record_hit(connection, hit=hit_of(workspace, message, link, ip=ip), now=NOON)

    assert whys(connection) == [("person", 1.0)] * 3


@pytest.mark.parametrize(
    ("recipients", "agent", "expected"),
    [
        (CROWD - 1, PERSON["User-Agent"], ("person", 1.0)),
        (CROWD, PERSON["User-Agent"], ("crowd", 0.1)),
        (CROWD, "Mozilla/5.0 (via ggpht.com GoogleImageProxy)", ("image_proxy", 1.0)),
    ],
)
@pytest.mark.usefixtures("message")
def test_one_network_that_reads_everybodys_mail_is_a_gateway(
    connection, workspace, recipients, agent, expected
):
    connection.execute(
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state)"
        " select workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number,"
        " visit + n, template_id, channel, purpose, planned_at, expires_at, state"
        " from message, generate_series(1, %s) as n",
        (recipients - 1,),
    )
    for (number,) in connection.execute("select id from message order by id").fetchall():
        record_hit(connection, hit=hit_of(workspace, number, None, agent=agent), now=NOON)

    assert set(whys(connection)) == {expected}


def test_a_receipt_keeps_the_request_without_its_address(client, connection, workspace, message):
    client.get(open_of(workspace, message), headers=PERSON)

    (kept,) = connection.execute("select detail from receipt").fetchone()
    assert kept.startswith("why=person ip= net= GET Mozilla/5.0 (Linux")


def test_of_the_forgotten_no_request_is_kept(connection, workspace, message):
    connection.execute("update customer set state = 'erased'")

    record_hit(connection, hit=hit_of(workspace, message, None), now=NOON)

    assert connection.execute("select detail from receipt").fetchone() == ("",)


@pytest.mark.parametrize("address", ["", "127.0.0.1", "10.1.2.3", "::1", "nonsense"])
def test_an_address_of_our_own_says_nothing(address):
    assert hash_address(TEST_VAULT, workspace_id=1, address=address) == ("", "")


def test_neighbours_share_a_network_and_no_address():
    near, far = (
        hash_address(TEST_VAULT, workspace_id=1, address=address)
        for address in ("203.0.114.7", "203.0.114.8")
    )

    assert near[0] != far[0]
    assert near[1] == far[1]
