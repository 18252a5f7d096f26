"""Downloading and erasing one's data: only a press does it, and only of who knows the address."""

import csv
import io
import zipfile

import pytest
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import allowed_message, claim

from dangol.content.tokens import TokenPurpose, sign_page
from dangol.pages.visit import PATHS

KOREAN = {"Accept-Language": "ko"}
MINJI = "minji@shop.example"
PAGES = (TokenPurpose.COPY, TokenPurpose.ERASE)


@pytest.fixture
def links(connection, workspace) -> dict[TokenPurpose, str]:
    """The pages of somebody whom a message is on its way to."""
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    return {
        purpose: f"{PATHS[purpose]}/"
        + sign_page(TEST_VAULT, purpose, workspace_id=workspace, message_id=message, now=NOON)
        for purpose in PAGES
    }


def erasures(connection) -> list[tuple[str, str]]:
    rows = connection.execute("select state, asked_by from erasure").fetchall()
    connection.commit()
    return rows


@pytest.mark.parametrize("purpose", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_does_nothing(client, connection, links, purpose, method):
    answer = client.request(method, links[purpose], headers=KOREAN)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert erasures(connection) == []


def test_the_pages_mask_the_address_they_ask_for(client, links):
    for link in links.values():
        page = client.get(link, headers=KOREAN).text

        assert "m•••i@shop.example" in page
        assert MINJI not in page


def test_who_knows_the_address_gets_everything(client, links):
    answer = client.post(links[TokenPurpose.COPY], data={"email": f" {MINJI.upper()} "})

    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        identifiers = archive.read("identifiers.csv").decode("utf-8-sig")
        messages = archive.read("messages.csv").decode("utf-8-sig")
        assert "README.md" in archive.namelist()
    assert ["email", MINJI] in [row[:2] for row in csv.reader(io.StringIO(identifiers))]
    assert len(messages.splitlines()) == 2


def test_a_message_in_the_download_says_why_it_was_not_sent(client, connection, links):
    connection.execute(
        "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
        " reason, reasons, decided_at) select id, 1, workspace_id, customer_id, 'planning', 'skip',"
        " 'over_cap', '{over_cap}', %s from message",
        (NOON,),
    )
    connection.commit()

    answer = client.post(links[TokenPurpose.COPY], data={"email": MINJI})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "You had enough messages lately." in archive.read("messages.csv").decode()


def test_being_erased_needs_the_address_and_a_yes(client, connection, links):
    link = links[TokenPurpose.ERASE]

    unsure = client.post(link, data={"email": MINJI}, headers=KOREAN)
    assert unsure.status_code == 403
    assert "아직 아무것도 지우지 않았어요" in unsure.text
    assert erasures(connection) == []

    done = client.post(link, data={"email": MINJI, "sure": "yes"}, headers=KOREAN)

    assert done.status_code == 200
    assert "지우고 있어요" in done.text
    assert erasures(connection) == [("asked", "customer page")]
    assert connection.execute("select state from message").fetchone() == ("skipped",)
    connection.commit()
    for page in links.values():
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("purpose", PAGES)
@pytest.mark.parametrize(
    "email", ["", "jiwoo@shop.example", "m•••i@shop.example", "no address", "x" * 9_000]
)
def test_another_address_opens_nothing(client, connection, links, purpose, email):
    answer = client.post(links[purpose], data={"email": email, "sure": "yes"}, headers=KOREAN)

    assert answer.status_code == 403
    assert "적어 주신 주소가" in answer.text
    assert erasures(connection) == []


def test_guessing_the_address_is_over_after_five(client, connection, links):
    for _ in range(5):
        client.post(links[TokenPurpose.COPY], data={"email": "jiwoo@shop.example"})

    for purpose in PAGES:
        answer = client.post(links[purpose], data={"email": MINJI, "sure": "yes"}, headers=KOREAN)
        assert answer.status_code == 403
        assert "10분 동안" in answer.text
    assert erasures(connection) == []
    assert connection.execute("select count(*) from sign_in_failure").fetchone() == (5,)


@pytest.mark.parametrize("purpose", PAGES)
def test_a_link_of_the_other_page_does_neither(client, connection, links, purpose):
    other = next(page for page in PAGES if page is not purpose)
    token = links[other].rpartition("/")[2]

    answer = client.post(f"{PATHS[purpose]}/{token}", data={"email": MINJI, "sure": "yes"})

    assert answer.status_code == 404
    assert erasures(connection) == []
