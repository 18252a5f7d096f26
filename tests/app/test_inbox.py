"""Notes on the shop's own pages: who is given which, when, and what comes back."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT, happened, journey, one, open_shop, plan_message
from tests.build import customer as known_customer
from tests.ingest.words import tick_all

from dangol.app.inbox_routes import inbox_routes, read_script
from dangol.app.settings import Settings
from dangol.app.tick import tick_until_done
from dangol.channels.inbox import VISIT_LASTS, is_paying_page, split_button
from dangol.content.liquid import TemplateError
from dangol.content.tokens import TokenPurpose, read_token
from dangol.ingest.keys import create_api_key
from dangol.pages import page_routes
from dangol.pages.limiter import PageLimiter
from dangol.store.connect import Connection, open_pool
from dangol.store.lake import Lake
from dangol.store.vocabulary import ApiKeyKind

ANONYMOUS = "3f0b0c1e-7f43-4b6c-9a51-1f0a5e6f7d10"
BODY = "{{ customer.name }}님, 담아 두신 것이 있어요.\n\n[장바구니 보기](https://shop.example/cart?a=1&b=2)"


class Times:
    """The shop's clock."""

    def __init__(self) -> None:
        self.now = NOON


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def client(dsn: str, lake: Lake, times: Times) -> Iterator[TestClient[Litestar]]:
    pool = open_pool(dsn, size=4)
    app = Litestar(route_handlers=[*inbox_routes, *page_routes])
    app.state.update(
        pool=pool,
        vault=TEST_VAULT,
        lake=lake,
        settings=Settings(base_url="https://dangol.example"),
        machine_clock=lambda: NOON,
        page_limiter=PageLimiter(clock=lambda: NOON),
        clock=lambda _: times.now,
    )
    with TestClient(app) as running:
        running.follow_redirects = False
        yield running
    pool.close()


@pytest.fixture
def browser_key(connection: Connection, workspace: int) -> str:
    return make_key(connection, workspace, ApiKeyKind.BROWSER)


@pytest.fixture
def server_key(connection: Connection, workspace: int) -> str:
    return make_key(connection, workspace, ApiKeyKind.SERVER)


def make_key(connection: Connection, workspace: int, kind: ApiKeyKind) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=kind, now=NOON)


def note_template(
    connection: Connection,
    workspace: int,
    *,
    name: str = "cart note",
    purpose: str = "informational",
    body: str = BODY,
) -> int:
    return one(
        connection,
        "insert into template (workspace_id, name, channel, purpose, locale, subject, body_text,"
        " body_html, created_at) values (%(workspace)s, %(name)s, 'inapp', %(purpose)s, 'ko',"
        " '잊으신 것이 있나요?', %(body)s, '', %(now)s) returning id",
        workspace=workspace,
        name=name,
        purpose=purpose,
        body=body,
        now=NOON,
    )


def visitor(connection: Connection, workspace: int, *, anonymous_id: str = ANONYMOUS) -> int:
    """Somebody whom only their browser knows."""
    made = one(
        connection,
        "insert into customer (workspace_id, first_seen_at, last_seen_at, traits)"
        ' values (%(workspace)s, %(now)s, %(now)s, \'{"name": "민지"}\') returning id',
        workspace=workspace,
        now=NOON,
    )
    connection.execute(
        "insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)"
        " values (%s, 'anonymous', %s, %s, %s)",
        (workspace, anonymous_id, made, NOON),
    )
    connection.commit()
    return made


# By name where only its note matters.
for_a_visitor = pytest.mark.usefixtures("shown_to")


@pytest.fixture
def shown_to(connection: Connection, workspace: int) -> int:
    """A visitor for whom an informational note waits."""
    made = visitor(connection, workspace)
    _ = waiting_note(connection, workspace, customer_id=made)
    return made


numbers = count()


def waiting_note(
    connection: Connection, workspace: int, *, customer_id: int, **template: str
) -> int:
    number = next(numbers)
    made = note_template(connection, workspace, name=f"note {number}", **template)
    return plan_message(
        connection,
        workspace,
        customer_id=customer_id,
        template_id=made,
        journey_id=journey(connection, workspace, name=f"journey {number}", template_id=made),
        entry_key=f"{number}",
        state="allowed",
    )


def look(client: TestClient[Litestar], key: str, **changed: object):
    asked = {"writeKey": key, "visit": "visit-00001", "page": "/", "anonymousId": ANONYMOUS}
    body = {name: value for name, value in {**asked, **changed}.items() if value is not None}
    answer = client.post("/v1/inbox", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()["note"]


def states(connection: Connection) -> list[tuple[str, str | None]]:
    rows = connection.execute(
        "select message.state, delivery.state from message left join delivery"
        " on delivery.message_id = message.id order by message.id, delivery.id"
    ).fetchall()
    connection.commit()
    return rows


@for_a_visitor
def test_a_note_is_given_once_as_text_with_one_button(client, connection, browser_key):
    first = look(client, browser_key)
    again = look(client, browser_key, visit="visit-00002")

    assert (first["title"], first["body"]) == (
        "잊으신 것이 있나요?",
        "민지님, 담아 두신 것이 있어요.",
    )
    assert first["button"] == "장바구니 보기"
    assert first["stopUrl"] == ""
    assert again is None
    assert states(connection) == [("handed", "accepted")]
    followed = client.get(first["url"].removeprefix("https://dangol.example"))
    assert followed.headers["location"] == "https://shop.example/cart?a=1&b=2"


@for_a_visitor
def test_while_nothing_is_sent_no_note_is_shown(client, connection, browser_key):
    connection.execute(
        "insert into installation (identity, paused_at, paused_because)"
        " values (gen_random_uuid(), %s, 'we move')",
        (NOON,),
    )
    connection.commit()

    assert look(client, browser_key) is None
    assert states(connection) == [("allowed", None)]


def test_a_visit_has_one_note_and_the_next_visit_another(
    client, connection, workspace, browser_key, shown_to, times
):
    _ = waiting_note(connection, workspace, customer_id=shown_to)

    assert look(client, browser_key) is not None
    assert look(client, browser_key) is None
    # Another tab is no other visit, and a long visit is still one.
    assert look(client, browser_key, visit="visit-of-another-tab") is None
    times.now = NOON + VISIT_LASTS + timedelta(minutes=1)
    assert look(client, browser_key) is None
    assert look(client, browser_key, visit="visit-00002") is not None


@for_a_visitor
@pytest.mark.parametrize(
    "page",
    ["/checkout", "/order/orderform.html", "/pay", "/ko/payment/card", "/결제", "/cart/Checkout/2"],
)
def test_nothing_is_shown_over_a_page_on_which_somebody_pays(client, connection, browser_key, page):
    assert look(client, browser_key, page=page) is None
    assert states(connection) == [("allowed", None)]


@pytest.mark.parametrize("page", ["/", "/product/paper-lamp", "/spaying", "/cart"])
def test_other_pages_are_no_paying_pages(page):
    assert not is_paying_page(page)


def began_to_pay(connection: Connection, workspace: int, *, customer_id: int, name: str, at):
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, %s, %s, %s, 1)",
        (workspace, customer_id, name, at, at),
    )
    connection.commit()


def test_nothing_is_shown_from_the_checkout_to_the_order(
    client, connection, workspace, browser_key, shown_to
):
    ago = timedelta(minutes=5)
    names = {"customer_id": shown_to}
    began_to_pay(connection, workspace, **names, name="Checkout Started", at=NOON - ago)

    assert look(client, browser_key) is None
    began_to_pay(connection, workspace, **names, name="Order Completed", at=NOON)
    assert look(client, browser_key) is not None


def test_a_browser_somebody_has_signed_in_on_gets_nothing_of_theirs(
    client, connection, workspace, browser_key, shown_to
):
    """Who shares the machine, or has read the id, would see what is another's."""
    connection.execute(
        "insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)"
        " values (%s, 'external', 'minji', %s, %s)",
        (workspace, shown_to, NOON),
    )
    connection.commit()

    assert look(client, browser_key) is None
    assert states(connection) == [("allowed", None)]


def token_for(client: TestClient[Litestar], key: str, user_id: str) -> str:
    answer = client.post(
        "/v1/inbox/token",
        json={"userId": user_id},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["userToken"]


def test_whom_the_shop_vouches_for_gets_their_own_and_nobody_elses(
    client, connection, workspace, browser_key, server_key
):
    minji = known_customer(connection, workspace, name="minji", email=None)
    _ = known_customer(connection, workspace, name="jiwoo", email=None)
    _ = waiting_note(connection, workspace, customer_id=minji)
    tokens = {name: token_for(client, server_key, name) for name in ("minji", "jiwoo")}

    assert look(client, browser_key, userToken=tokens["jiwoo"]) is None
    # A token of nobody is not passed over in favour of the browser's id.
    assert look(client, browser_key, userToken=tokens["minji"] + "A") is None
    assert look(client, browser_key, userToken=tokens["minji"]) is not None


def test_a_token_is_good_for_a_day_and_for_one_shop(
    client, connection, workspace, browser_key, server_key, times
):
    minji = known_customer(connection, workspace, name="minji", email=None)
    _ = waiting_note(connection, workspace, customer_id=minji)
    token = token_for(client, server_key, "minji")
    other = open_shop(connection, name="other")
    _ = known_customer(connection, other, name="minji", email=None)
    others = make_key(connection, other, ApiKeyKind.BROWSER)

    assert look(client, others, userToken=token) is None
    times.now = NOON + timedelta(hours=25)
    assert look(client, browser_key, userToken=token) is None
    assert states(connection) == [("allowed", None)]


@for_a_visitor
def test_another_shops_visitor_with_the_same_id_gets_nothing(client, connection):
    other = make_key(connection, open_shop(connection, name="other"), ApiKeyKind.BROWSER)

    assert look(client, other) is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"writeKey": "dk_b_nobody"}, 401),
        ({"anonymousId": "short"}, 400),
        ({"visit": "no visit!"}, 400),
        ({"page": None}, 400),
    ],
)
def test_a_question_that_is_none_is_refused(client, browser_key, changed, status):
    asked = {
        "writeKey": browser_key,
        "visit": "visit-00001",
        "page": "/",
        "anonymousId": ANONYMOUS,
    }

    assert client.post("/v1/inbox", json={**asked, **changed}).status_code == status


def test_a_server_key_has_no_place_in_a_page(client, server_key):
    asked = {"writeKey": server_key, "visit": "visit-00001", "page": "/"}

    assert client.post("/v1/inbox", json=asked).status_code == 401


def test_advertising_needs_consent_at_the_door_and_shows_the_way_out(
    client, connection, workspace, browser_key
):
    """The consent was there when it was planned; taken back since, the note never shows."""
    made = visitor(connection, workspace)
    consent = (
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
        " confirmed_at, entry_id) values (%s, %s, 'inapp', 'marketing', %s, %s, %s, 0)"
        " on conflict (customer_id, channel, purpose) do update set state = excluded.state"
    )
    _ = waiting_note(connection, workspace, customer_id=made, purpose="marketing")

    connection.execute(consent, (workspace, made, "withdrawn", NOON, NOON))
    connection.commit()
    assert look(client, browser_key) is None
    assert states(connection) == [("skipped", "released")]

    connection.execute(consent, (workspace, made, "granted", NOON, NOON))
    _ = waiting_note(connection, workspace, customer_id=made, purpose="marketing")
    note = look(client, browser_key)

    assert note["title"] == "(광고) 잊으신 것이 있나요?"
    stop = note["stopUrl"].removeprefix("https://dangol.example")
    assert client.post(stop).status_code == 303
    row = connection.execute("select state from consent where channel = 'inapp'").fetchone()
    assert row == ("withdrawn",)


def test_a_note_that_cannot_be_written_is_rejected_and_stops_nobody(
    client, connection, workspace, browser_key
):
    made = visitor(connection, workspace)
    _ = waiting_note(
        connection, workspace, customer_id=made, body="{% for i in (1..9999) %}x{% endfor %}"
    )

    assert look(client, browser_key) is None
    assert states(connection) == [("failed", "rejected")]


def test_shown_clicked_and_dismissed_come_back(
    client, connection, workspace, browser_key, shown_to
):
    note = look(client, browser_key)
    path = f"/v1/inbox/{note['token']}"
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile"}

    for _ in range(2):
        assert client.post(f"{path}/shown", headers=agent).json() == {"recorded": True}
        assert client.post(f"{path}/dismissed", headers=agent).status_code == 200
    _ = client.get(note["url"].removeprefix("https://dangol.example"), headers=agent)

    receipts = connection.execute(
        "select kind, human_confidence from receipt order by kind"
    ).fetchall()
    connection.commit()
    assert receipts == [("opened", 1.0), ("clicked", 1.0)]
    tick_all(connection, workspace)
    acted = connection.execute(
        "select event_name, count from activity where customer_id = %s", (shown_to,)
    ).fetchall()
    assert acted == [("Note Dismissed", 1)]


@for_a_visitor
def test_a_token_for_one_thing_is_good_for_no_other(client, browser_key):
    note = look(client, browser_key)

    assert read_token(TEST_VAULT, TokenPurpose.NOTE, note["token"]).message_id
    click = note["url"].rpartition("/")[2]
    assert client.post(f"/v1/inbox/{click}/shown").status_code == 404


def test_a_note_needs_no_address(connection, workspace):
    """Whoever comes finds it; the guard asks for no address on this channel."""
    made = visitor(connection, workspace)
    template = note_template(connection, workspace)
    _ = plan_message(connection, workspace, customer_id=made, template_id=template)

    _ = tick_until_done(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=100)

    assert states(connection) == [("allowed", None)]


def test_a_behaviour_brings_the_note(client, connection, workspace, browser_key):
    """From the event to the page, by the journey that waited for it."""
    made = visitor(connection, workspace)
    template = note_template(connection, workspace)
    _ = journey(connection, workspace, template_id=template)
    _ = happened(connection, workspace, customer_id=made, name="Product Viewed")
    assert look(client, browser_key) is None

    connection.execute(
        "insert into event (workspace_id, received_at, occurred_at, type, name, message_id,"
        " customer_id) values (%s, %s, %s, 'track', 'Cart Viewed', 'c1', %s)",
        (workspace, NOON, NOON, made),
    )
    connection.commit()
    _ = tick_until_done(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=100)

    assert look(client, browser_key)["button"] == "장바구니 보기"


@pytest.mark.parametrize(
    "last", ["[여기]({{ customer.traits.url }})", "[여기](javascript:alert(1))", "[여기](/cart)"]
)
def test_a_button_leads_to_a_fixed_address_of_the_web(last):
    with pytest.raises(TemplateError, match="must be fixed"):
        split_button(f"안녕하세요\n{last}")


def test_a_body_without_a_button_is_all_text():
    assert split_button("안녕하세요\n또 만나요 [웃음]") == ("안녕하세요\n또 만나요 [웃음]", "", "")


def test_the_script_is_small_and_runs_nothing_it_is_told(client):
    script = client.get("/inbox.js")

    assert script.headers["content-type"].startswith("text/javascript")
    assert script.content == read_script()
    assert len(script.content) < 8_000
    for word in (b"innerHTML", b"eval(", b"Function(", b"insertAdjacent", b"document.write"):
        assert word not in script.content
