from datetime import timedelta

import pytest
from tests.console.conftest import Client, Hands
from tests.console.shop import EMAIL, PASSWORD

from dangol.console.members import NOBODY, MemberError, create_member, matches
from dangol.console.throttle import FAILURES_FROM_CALLER, WINDOW
from dangol.store.vocabulary import MemberRole

WRONG = "not the password"
PROTECTED = (
    "/api/session",
    "/api/flow",
    "/api/customers",
    "/api/customers/1",
    "/api/customers/1/timeline",
    "/api/customers/1/messages/1/why",
    "/api/mailbox",
    "/api/mailbox/00000001-abcdef12",
    "/api/mailbox/00000001-abcdef12/html",
)


def sign_in(client: Client, *, email: str = EMAIL, password: str = PASSWORD, **headers: str):
    body = {"email": email, "password": password}
    return client.post("/api/session", json=body, headers=headers)


def test_nothing_is_shown_to_strangers(client):
    answers = {path: client.get(path).status_code for path in PROTECTED}

    assert answers == dict.fromkeys(PROTECTED, 401)


@pytest.mark.usefixtures("owner")
def test_the_right_password_signs_in_and_says_who(client):
    answer = sign_in(client, email=" Owner@shop.example ")

    assert answer.status_code == 200
    assert answer.json() == client.get("/api/session").json()
    assert answer.json()["workspace_name"] == "단골 상점"


@pytest.mark.usefixtures("owner")
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = sign_in(client).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.usefixtures("owner")
def test_behind_https_the_cookie_never_travels_in_the_clear(client):
    answer = sign_in(client, **{"x-forwarded-proto": "https"})

    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.usefixtures("owner")
def test_the_database_does_not_know_the_token(client, connection):
    sign_in(client)

    token = client.cookies["dangol_session"]
    stored = connection.execute("select token_hash from member_session").fetchone()
    assert token.encode() not in bytes(stored[0])


@pytest.mark.usefixtures("owner")
def test_a_wrong_password_and_an_unknown_e_mail_look_the_same(client):
    wrong = sign_in(client, password=WRONG)
    unknown = sign_in(client, email="stranger@shop.example")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


@pytest.mark.usefixtures("owner")
def test_guessing_is_stopped_and_allowed_again_after_a_while(client, hands: Hands):
    for _ in range(FAILURES_FROM_CALLER):
        sign_in(client, password=WRONG)

    closed = sign_in(client)
    hands.at += WINDOW + timedelta(seconds=1)
    opened = sign_in(client)

    assert (closed.status_code, closed.headers["retry-after"]) == (429, "600")
    assert opened.status_code == 200


@pytest.mark.usefixtures("owner")
def test_the_throttle_remembers_no_names(client, connection):
    sign_in(client, password=WRONG)

    kept = connection.execute("select subject_key from sign_in_failure").fetchall()
    assert len(kept) == 2
    assert not any("owner" in key for (key,) in kept)


@pytest.mark.usefixtures("owner")
def test_another_site_cannot_sign_a_browser_in_or_out(client):
    signed_in = sign_in(client, **{"sec-fetch-site": "cross-site"})
    signed_out = client.delete("/api/session", headers={"sec-fetch-site": "cross-site"})

    assert (signed_in.status_code, signed_out.status_code) == (403, 403)


@pytest.mark.usefixtures("owner")
def test_signing_out_ends_the_session_everywhere(client):
    sign_in(client)
    token = client.cookies["dangol_session"]

    client.delete("/api/session")
    client.cookies.set("dangol_session", token)

    assert client.get("/api/session").status_code == 401


@pytest.mark.usefixtures("owner")
def test_a_session_ends_by_the_machines_clock(client, hands: Hands):
    sign_in(client)

    hands.at += timedelta(days=14)

    assert client.get("/api/session").status_code == 401


def add_member(connection, workspace, **changed):
    values = {
        "email": EMAIL,
        "password": PASSWORD,
        "role": MemberRole.READER,
        "locale": "ko",
    } | changed
    return create_member(connection, workspace_id=workspace, now=Hands().read(), **values)


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nobody"}, "nobody"),
        ({"email": EMAIL}, "already signs in"),
        ({"password": "short"}, "5 characters"),
    ],
)
def test_a_member_who_cannot_be_added_is_refused_with_the_reason(
    connection, workspace, changed, said
):
    with pytest.raises(MemberError, match=said):
        add_member(connection, workspace, **changed)


def test_the_stand_in_for_unknown_members_is_a_real_hash_that_nothing_matches():
    assert NOBODY.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert not matches(NOBODY, "")
