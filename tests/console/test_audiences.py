"""The page of ad audiences: who is in, who is left out and why, and what may be done."""

import json

import pytest
from tests.build import NOON
from tests.console.conftest import Client

from dangol.store.connect import Connection

WISH = {
    "name": "lapsed-ads",
    "segment": "lapsed",
    "network": "meta",
    "network_ref": "2385",
    "channels": ["email", "sms"],
    "most": 50_000,
    "days": 30,
}


@pytest.fixture
def made(member: Client) -> None:
    """Make an audience of the shop's segment."""
    answer = member.post("/api/audiences", json=WISH)
    assert answer.status_code == 201, answer.text


def only(member: Client) -> dict[str, object]:
    (audience,) = member.get("/api/audiences").json()["audiences"]
    return audience


def test_an_audience_is_made_with_a_cap_and_an_end(member: Client):
    page = member.post("/api/audiences", json=WISH).json()

    (audience,) = page["audiences"]
    assert audience["ends_at"] == "2027-04-01T03:00:00Z"
    assert (audience["most"], audience["channels"]) == (50_000, ["email", "sms"])
    assert (audience["fault"], audience["ended"], audience["paused_at"]) == (None, False, None)
    assert page["networks"] == [
        {"network": "meta", "is_set": True},
        {"network": "google", "is_set": False},
    ]


@pytest.mark.usefixtures("made")
def test_who_is_left_out_is_told_by_why(member: Client, connection: Connection):
    left_out = {"no_consent": 2, "no_address": 2}
    connection.execute(
        "update audience set left_out = %s, synced_at = %s", (json.dumps(left_out), NOON)
    )
    connection.commit()

    assert only(member)["left_out"] == left_out


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("", None),
        ("sending is paused for this workspace", "paused"),
        ("google is not set up: DANGOL_GOOGLE_ADS_ACCOUNT_ID", "not_set"),
        ("transient no_answer timed out", "transient"),
        ("throttled 613 too many calls", "throttled"),
        ("configuration 190 the token has expired", "account"),
        ("content 100 no such audience", "account"),
    ],
)
def test_a_fault_has_a_plain_word(member: Client, connection: Connection, said: str, fault: str):
    connection.execute("update audience set fault = %s", (said,))
    connection.commit()

    audience = only(member)

    assert (audience["fault"], audience["fault_said"]) == (fault, said)


@pytest.mark.usefixtures("made")
def test_an_audience_is_paused_resumed_hastened_and_removed(member: Client):
    paused = member.post("/api/audiences/lapsed-ads/pause").json()["audiences"][0]
    resumed = member.post("/api/audiences/lapsed-ads/resume").json()["audiences"][0]
    hastened = member.post("/api/audiences/lapsed-ads/sync")
    removed = member.delete("/api/audiences/lapsed-ads").json()["audiences"][0]

    assert paused["paused_at"] == "2027-03-02T03:00:00Z"
    assert resumed["paused_at"] is None
    assert hastened.status_code == 200
    assert removed["removed_at"] == "2027-03-02T03:00:00Z"
    assert member.post("/api/audiences/lapsed-ads/pause").status_code == 404
    # The name is free again.
    assert member.post("/api/audiences", json=WISH).status_code == 201


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 400),
        ({"name": "Other"}, 400),
        ({"name": "other", "segment": "nobody"}, 404),
        ({"name": "other", "channels": []}, 400),
        ({"name": "other", "channels": ["push"]}, 400),
        ({"name": "other", "days": 367}, 400),
        ({"name": "other", "most": 0}, 400),
    ],
)
def test_what_cannot_be_is_refused(member: Client, changed: dict[str, object], status: int):
    assert member.post("/api/audiences", json={**WISH, **changed}).status_code == status
    assert only(member)["name"] == "lapsed-ads"


@pytest.mark.usefixtures("made")
def test_readers_look_and_change_nothing(member: Client, connection: Connection):
    connection.execute("update member set role = 'reader'")
    connection.commit()
    before = only(member)

    answers = [
        member.post("/api/audiences", json={**WISH, "name": "other"}),
        member.post("/api/audiences/lapsed-ads/pause"),
        member.post("/api/audiences/lapsed-ads/resume"),
        member.post("/api/audiences/lapsed-ads/sync"),
        member.delete("/api/audiences/lapsed-ads"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert only(member) == before
