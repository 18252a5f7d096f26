"""Agreed anew: which word lets an address be written to again that was refused or complained of."""

import json
from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT, customer

from dangol.consent.evidence import Evidence, Witness
from dangol.consent.ledger import Origin, fold_consents, rebuild, record_entry, withdraw
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, ConsentSource, ConsentState, Purpose

HOUR = timedelta(hours=1)
WORDS = "단골 상점의 광고 메일을 다시 받겠습니다."
REASONS = ("unsubscribed", "complained", "bounced", "manual")


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return customer(connection, workspace, email="minji@shop.example")


def forbid(connection: Connection, reason: str) -> None:
    """Forbid the address at noon, and take the consent back, as whatever forbids does."""
    connection.execute(
        "insert into suppression (workspace_id, channel, address_key, reason, since)"
        " select workspace_id, channel, key, %s::suppression_reason, %s from address",
        (reason, NOON),
    )
    ((workspace, who),) = connection.execute("select workspace_id, customer_id from address")
    withdraw(
        connection,
        workspace_id=workspace,
        customer_id=who,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        source="refused",
        now=NOON,
    )


def is_forbidden(connection: Connection) -> bool:
    return connection.execute("select count(*) from suppression").fetchone() == (1,)


def agree_on_page(connection: Connection, workspace: int, who: int, **changed: object) -> None:
    """Press the button on a page of ours."""
    witness = Witness(vault=TEST_VAULT, evidence=Evidence(address="203.0.113.5", program="Firefox"))
    evidence = witness.seal(connection, workspace_id=workspace, customer_id=who)
    given = {
        "channel": Channel.EMAIL,
        "purpose": Purpose.MARKETING,
        "action": ConsentAction.GRANT,
        "source": "unsubscribe page: subscribe again",
        "wording": WORDS,
        "occurred_at": NOON + HOUR,
        "now": NOON + HOUR,
        "origin": Origin(kind=ConsentSource.PAGE, evidence=evidence),
    }
    record_entry(connection, workspace_id=workspace, customer_id=who, **{**given, **changed})


def claim(connection: Connection, workspace: int, who: int, **said: object) -> None:
    """Say by a call of the shop's that somebody agreed."""
    consent = {
        "channel": "email",
        "purpose": "marketing",
        "action": "grant",
        "source": "sign-up form",
        "source_kind": "server",
        **said,
    }
    at = NOON + HOUR
    connection.execute(
        "insert into tick_event (event_id, occurred_at, received_at, type, name, message_id,"
        " customer_id, properties, traits, contacts, consents, keep_for_ever)"
        " values (1, %s, %s, 'identify', 'Identified', 'm1', %s, '{}', '{}', '[]', %s, false)",
        (at, at, who, json.dumps([consent])),
    )
    assert fold_consents(connection, workspace_id=workspace, now=at) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_an_own_act_on_our_page_lifts_a_refusal_and_a_complaint(
    connection, workspace, minji, reason
):
    forbid(connection, reason)

    agree_on_page(connection, workspace, minji)

    assert is_forbidden(connection) is (reason in {"bounced", "manual"})


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize(
    "said",
    [
        {"wording": WORDS},
        {"proof_token": "double-opt-in-7", "proven_at": "2027-03-02T04:00:00Z"},
        {
            "proof_token": "double-opt-in-7",
            "proven_at": "2027-03-02T04:00:00Z",
            "source_kind": "browser",
            "source": "browser",
            "wording": WORDS,
        },
        # Whoever calls may say so, and has no evidence of ours.
        {"wording": WORDS, "source_kind": "page"},
    ],
)
def test_a_call_that_shows_what_was_agreed_to_lifts_a_refusal_alone(
    connection, workspace, minji, reason, said
):
    forbid(connection, reason)

    claim(connection, workspace, minji, **said)

    assert is_forbidden(connection) is (reason != "unsubscribed")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"wording": WORDS, "source_kind": "browser", "source": "browser"},
        {"wording": WORDS, "box_preticked": True},
        {"wording": WORDS, "occurred_at": (NOON - HOUR).isoformat()},
        {"wording": WORDS, "action": "import", "imported_state": "granted"},
        {"wording": WORDS, "action": "renew"},
        {"wording": WORDS, "channel": "sms"},
        {"wording": WORDS, "purpose": "informational"},
    ],
)
def test_what_is_no_new_word_of_theirs_lifts_nothing(connection, workspace, minji, said):
    forbid(connection, "unsubscribed")

    claim(connection, workspace, minji, **said)

    assert is_forbidden(connection)


def test_who_agreed_before_they_refused_has_refused(connection, workspace, minji):
    agree_on_page(connection, workspace, minji, occurred_at=NOON - HOUR, now=NOON - HOUR)
    forbid(connection, "unsubscribed")

    assert rebuild(connection, workspace_id=workspace) == []
    assert is_forbidden(connection)


def test_an_import_after_a_page_gives_back_nothing_that_a_page_did_not(
    connection, workspace, minji
):
    forbid(connection, "complained")

    record_entry(
        connection,
        workspace_id=workspace,
        customer_id=minji,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        action=ConsentAction.IMPORT,
        imported_state=ConsentState.GRANTED,
        source="import of 2027",
        wording=WORDS,
        occurred_at=NOON + HOUR,
        now=NOON + HOUR,
        origin=Origin(kind=ConsentSource.IMPORT),
    )

    assert is_forbidden(connection)


def test_another_ones_word_lifts_nothing(connection, workspace, minji):
    forbid(connection, "unsubscribed")
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")

    agree_on_page(connection, workspace, jiwoo)

    assert minji != jiwoo
    assert is_forbidden(connection)
