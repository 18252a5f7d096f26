import json
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON, customer

from dangol.consent.ledger import Difference, fold_consents, rebuild, record_entry, withdraw
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import Channel, ConsentAction, ConsentState, Purpose

HOUR = timedelta(hours=1)
GRANT = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "sign-up form"}


def record(
    connection: Connection,
    workspace: int,
    customer_id: int,
    action: str,
    *,
    at: datetime = NOON,
    now: datetime = NOON + 99 * HOUR,
    imported: str | None = None,
) -> int:
    return record_entry(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        action=ConsentAction(action),
        imported_state=ConsentState(imported) if imported else None,
        source="test",
        occurred_at=at,
        now=now,
    )


def take_back(
    connection: Connection, workspace: int, customer_id: int, *, now: datetime = NOON
) -> None:
    withdraw(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        source="unsubscribe page",
        now=now,
    )


def claim(
    connection: Connection,
    customer_id: int,
    *consents: object,
    event_id: int = 1,
    occurred_at: datetime = NOON,
    received_at: datetime = NOON,
) -> None:
    connection.execute(
        "insert into tick_event (event_id, occurred_at, received_at, type, name, message_id,"
        " customer_id, properties, traits, contacts, consents, keep_for_ever)"
        " values (%s, %s, %s, 'identify', 'Identified', %s, %s, '{}', '{}', '[]', %s, false)",
        (event_id, occurred_at, received_at, f"m{event_id}", customer_id, json.dumps(consents)),
    )


def state(connection: Connection, customer_id: int) -> str | None:
    row = connection.execute(
        "select state from consent where customer_id = %s and channel = 'email'"
        " and purpose = 'marketing'",
        (customer_id,),
    ).fetchone()
    return row[0] if row else None


def parked(connection: Connection) -> dict[int, str]:
    return dict(connection.execute("select event_id, reason from parked_event").fetchall())


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return customer(connection, workspace)


def test_silence_is_no_consent(connection: Connection, minji: int) -> None:
    assert state(connection, minji) is None


def test_the_last_word_counts(connection: Connection, workspace: int, minji: int) -> None:
    record(connection, workspace, minji, "refuse", at=NOON)
    record(connection, workspace, minji, "grant", at=NOON + HOUR)

    assert state(connection, minji) == "granted"


def test_words_count_by_when_they_were_said_not_by_when_we_heard(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "withdraw", at=NOON + HOUR)
    record(connection, workspace, minji, "grant", at=NOON)

    assert state(connection, minji) == "withdrawn"


@pytest.mark.parametrize("order", [("grant", "withdraw"), ("withdraw", "grant")])
def test_at_the_same_instant_no_wins(
    connection: Connection, workspace: int, minji: int, order: tuple[str, str]
) -> None:
    for action in order:
        record(connection, workspace, minji, action, at=NOON)

    assert state(connection, minji) == "withdrawn"


def test_nobody_speaks_later_than_now(connection: Connection, workspace: int, minji: int) -> None:
    record(connection, workspace, minji, "grant", at=NOON + 500 * HOUR, now=NOON)
    record(connection, workspace, minji, "withdraw", at=NOON + HOUR, now=NOON + HOUR)

    assert state(connection, minji) == "withdrawn"


def test_a_withdrawal_is_the_last_word_even_when_the_clock_went_backwards(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "grant", at=NOON + HOUR)
    take_back(connection, workspace, minji, now=NOON)

    assert state(connection, minji) == "withdrawn"


def test_consent_can_be_given_again(connection: Connection, workspace: int, minji: int) -> None:
    record(connection, workspace, minji, "grant", at=NOON)
    take_back(connection, workspace, minji, now=NOON + HOUR)
    record(connection, workspace, minji, "grant", at=NOON + 2 * HOUR)

    assert state(connection, minji) == "granted"


@pytest.mark.parametrize("no", ["withdraw", "refuse"])
@pytest.mark.parametrize("import_at", [NOON - HOUR, NOON, NOON + HOUR])
def test_an_import_never_gives_back_what_the_customer_took_away(
    connection: Connection, workspace: int, minji: int, no: str, import_at: datetime
) -> None:
    record(connection, workspace, minji, no, at=NOON)
    record(connection, workspace, minji, "import", at=import_at, imported="granted")

    assert state(connection, minji) in {"withdrawn", "refused"}


def test_a_no_that_we_hear_late_undoes_an_earlier_import(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "import", at=NOON + HOUR, imported="granted")
    record(connection, workspace, minji, "withdraw", at=NOON)

    assert state(connection, minji) == "withdrawn"


def test_an_import_may_take_consent_away(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "grant", at=NOON)
    record(connection, workspace, minji, "import", at=NOON + HOUR, imported="withdrawn")

    assert state(connection, minji) == "withdrawn"


def test_an_import_alone_speaks_for_the_customer(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "import", imported="granted")

    assert state(connection, minji) == "granted"


def test_purposes_are_apart(connection: Connection, workspace: int, minji: int) -> None:
    record(connection, workspace, minji, "grant")
    record_entry(
        connection,
        workspace_id=workspace,
        customer_id=minji,
        channel=Channel.EMAIL,
        purpose=Purpose.INFORMATIONAL,
        action=ConsentAction.WITHDRAW,
        source="test",
        occurred_at=NOON + HOUR,
        now=NOON + HOUR,
    )

    assert state(connection, minji) == "granted"


@pytest.mark.parametrize(
    "change",
    [
        "update consent_entry set source = 'x'",
        "delete from consent_entry",
        "truncate consent_entry",
    ],
)
def test_the_ledger_cannot_be_rewritten(
    connection: Connection, workspace: int, minji: int, change: str
) -> None:
    record(connection, workspace, minji, "grant")

    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        connection.execute(change.encode())


@pytest.mark.parametrize("missing", [0, 999_999])
def test_an_unknown_customer_is_named(connection: Connection, workspace: int, missing: int) -> None:
    with pytest.raises(LookupError, match=f"customer_id {missing}"):
        take_back(connection, workspace, missing)


def test_consents_travel_with_events(connection: Connection, workspace: int, minji: int) -> None:
    claim(connection, minji, GRANT | {"wording": "v3", "locale": "ko"})

    recorded = fold_consents(connection, workspace_id=workspace, now=NOON)

    entry = connection.execute(
        "select action, source, wording, locale, occurred_at from consent_entry"
    ).fetchone()
    assert (recorded, state(connection, minji)) == (1, "granted")
    assert entry == ("grant", "sign-up form", "v3", "ko", NOON)


def test_what_is_known_of_a_claim_is_kept(
    connection: Connection, workspace: int, minji: int
) -> None:
    known = {
        "source_kind": "server",
        "actor": "key 1",
        "wording_version": "2027-01",
        "box_preticked": False,
        "occurred_at": "2099-01-01T00:00:00Z",
        "proof_token": "link 5",
        "proven_at": "2027-03-02T02:00:00Z",
    }
    claim(connection, minji, GRANT | known)

    fold_consents(connection, workspace_id=workspace, now=NOON)

    assert connection.execute(
        "select source_kind, actor, wording_version, box_preticked, client_at, proof_token,"
        " proven_at from consent_entry"
    ).fetchone() == (
        "server",
        "key 1",
        "2027-01",
        False,
        datetime(2099, 1, 1, tzinfo=UTC),
        "link 5",
        NOON - HOUR,
    )


def test_an_import_says_that_it_is_one(connection: Connection, workspace: int, minji: int) -> None:
    claim(connection, minji, GRANT | {"action": "import", "imported_state": "granted"})

    fold_consents(connection, workspace_id=workspace, now=NOON)

    kinds = connection.execute("select source_kind from consent_entry").fetchall()
    assert kinds == [("import",)]


def test_a_tick_without_consents_records_nothing(
    connection: Connection, workspace: int, minji: int
) -> None:
    claim(connection, minji)

    assert fold_consents(connection, workspace_id=workspace, now=NOON) == 0


def test_events_of_one_tick_speak_in_the_order_they_happened(
    connection: Connection, workspace: int, minji: int
) -> None:
    claim(connection, minji, GRANT | {"action": "withdraw"}, event_id=1, occurred_at=NOON)
    claim(connection, minji, GRANT, event_id=2, occurred_at=NOON - HOUR)

    fold_consents(connection, workspace_id=workspace, now=NOON)

    assert state(connection, minji) == "withdrawn"


@pytest.mark.parametrize(
    "said_at", ["2027-03-02T01:00:00Z", "2027-03-02T10:00:00+09:00", "2027-03-02T01:00:00.000000Z"]
)
def test_a_claim_may_say_when_it_was_made(
    connection: Connection, workspace: int, minji: int, said_at: str
) -> None:
    claim(connection, minji, GRANT | {"occurred_at": said_at})

    fold_consents(connection, workspace_id=workspace, now=NOON)

    assert connection.execute("select since from consent").fetchone() == (NOON - 2 * HOUR,)


def test_a_claim_from_the_future_counts_from_when_we_heard_it(
    connection: Connection, workspace: int, minji: int
) -> None:
    claim(connection, minji, GRANT | {"occurred_at": "2099-01-01T00:00:00Z"})

    fold_consents(connection, workspace_id=workspace, now=NOON)

    assert connection.execute("select since from consent").fetchone() == (NOON,)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("yes please", "is not an object"),
        (None, "is not an object"),
        ([], "is not an object"),
        (GRANT | {"channel": "pigeon"}, "channel"),
        (GRANT | {"purpose": None}, "purpose"),
        (GRANT | {"action": "shout"}, "action"),
        (GRANT | {"action": "import"}, "imported_state"),
        (GRANT | {"action": "import", "imported_state": "maybe"}, "imported_state"),
        (GRANT | {"imported_state": "granted"}, "imported_state"),
        (GRANT | {"source": ""}, "source"),
        (GRANT | {"occurred_at": "2027-02-30T00:00:00Z"}, "occurred_at"),
        (GRANT | {"occurred_at": "12:00"}, "occurred_at"),
        (GRANT | {"occurred_at": {"year": 2027}}, "occurred_at"),
        (GRANT | {"source_kind": "pigeon"}, "source_kind"),
        (GRANT | {"box_preticked": "no"}, "box_preticked"),
        (GRANT | {"proof_token": "link 5"}, "proven_at"),
        (GRANT | {"proof_token": "link 5", "proven_at": "2027-02-30T00:00:00Z"}, "proven_at"),
        (GRANT | {"proven_at": "2027-02-20T00:00:00Z"}, "proven_at"),
    ],
)
def test_a_claim_that_makes_no_sense_is_parked_and_blocks_nobody(
    connection: Connection, workspace: int, minji: int, bad: object, reason: str
) -> None:
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    claim(connection, minji, GRANT, bad, event_id=1)
    claim(connection, jiwoo, GRANT, event_id=2)

    recorded = fold_consents(connection, workspace_id=workspace, now=NOON)

    assert recorded == 2
    assert parked(connection) == {1: f"consents[1]: {reason}"}


def test_a_claim_that_is_no_list_is_parked(
    connection: Connection, workspace: int, minji: int
) -> None:
    claim(connection, minji)
    connection.execute("update tick_event set consents = '\"all of it\"'")

    assert fold_consents(connection, workspace_id=workspace, now=NOON) == 0
    assert parked(connection) == {1: "consents[0]: is not an object"}


def test_a_rebuild_of_a_true_fold_changes_nothing(
    connection: Connection, workspace: int, minji: int
) -> None:
    record(connection, workspace, minji, "grant")
    take_back(connection, workspace, minji, now=NOON + HOUR)

    assert rebuild(connection, workspace_id=workspace) == []


def test_a_rebuild_mends_what_the_ledger_does_not_say(
    connection: Connection, workspace: int, minji: int
) -> None:
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    entry = record(connection, workspace, minji, "refuse")
    connection.execute("update consent set state = 'granted'")
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " values (%s, %s, 'email', 'marketing', 'granted', %s, %s)",
        (workspace, jiwoo, NOON, entry),
    )

    differences = rebuild(connection, workspace_id=workspace)

    assert {(each.customer_id, each.state) for each in differences} == {
        (jiwoo, None),
        (minji, ConsentState.REFUSED),
    }
    assert isinstance(differences[0], Difference)
    assert (state(connection, minji), state(connection, jiwoo)) == ("refused", None)


def test_a_withdrawal_and_a_grant_that_meet_are_folded_in_turn(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    """Without the lock, the grant's fold would not see the withdrawal and overwrite it."""
    connection.commit()
    other = connect(dsn)
    take_back(connection, workspace, minji, now=NOON + HOUR)
    granting = threading.Thread(
        target=lambda: record(other, workspace, minji, "grant", at=NOON, now=NOON + HOUR)
    )
    granting.start()
    granting.join(timeout=0.3)
    waited = granting.is_alive()
    connection.commit()
    granting.join()
    other.commit()
    other.close()

    assert waited
    assert state(connection, minji) == "withdrawn"


Word = tuple[str, str | None, int]
WORDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["grant", "refuse", "withdraw"]), st.none(), st.integers(0, 3)),
        st.tuples(
            st.just("import"),
            st.sampled_from(["granted", "refused", "withdrawn"]),
            st.integers(0, 3),
        ),
    ),
    min_size=1,
    max_size=6,
)
SAYS = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}


def may_write(words: list[Word]) -> bool:
    """The law in plain Python: the last word, no first among equals, imports never give back."""
    own = [(hour, SAYS[action] == "granted") for action, _, hour in words if action != "import"]
    latest = max((hour for hour, _ in own), default=None)
    said_no = any(hour == latest and not yes for hour, yes in own)
    counting = [
        (hour, (imported or SAYS[action]) == "granted")
        for action, imported, hour in words
        if not (action == "import" and imported == "granted" and said_no)
    ]
    last = max(hour for hour, _ in counting)
    return all(yes for hour, yes in counting if hour == last)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=WORDS)
def test_the_fold_is_the_law_in_whatever_order_words_are_heard(
    connection: Connection, workspace: int, words: list[Word]
) -> None:
    with connection.transaction(force_rollback=True):
        minji = customer_inside(connection, workspace)
        for action, imported, hour in words:
            record(connection, workspace, minji, action, at=NOON + hour * HOUR, imported=imported)

        assert (state(connection, minji) == "granted") == may_write(words)


def customer_inside(connection: Connection, workspace: int) -> int:
    row = connection.execute(
        "insert into customer (workspace_id, first_seen_at, last_seen_at) values (%s, %s, %s)"
        " returning id",
        (workspace, NOON, NOON),
    ).fetchone()
    assert row is not None
    return row[0]
