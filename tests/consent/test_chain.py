"""The chain over real tables: what it binds, who waits for whom, and what tampering leaves."""

import threading
from collections import Counter
from datetime import timedelta

import psycopg
import pytest
from psycopg import IsolationLevel
from tests.build import NOON, customer, open_shop

from dangol.consent import chain
from dangol.consent.chain import (
    Anchor,
    Fault,
    chain_entries,
    chain_everything,
    read_head,
    verify_chain,
)
from dangol.consent.ledger import record_entry, withdraw
from dangol.consent.purposes import allow_collecting, find_purpose, install_purposes
from dangol.consent.verify import NOTHING, canonical
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import Channel, ConsentAction, Purpose

ENTRIES = 40
MOMENT = timedelta(seconds=1)


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return customer(connection, workspace)


def say(connection: Connection, workspace: int, customer_id: int, *, count: int = 1) -> None:
    """Entries as a file would bring them: with all kinds of letters."""
    connection.execute(
        "insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,"
        " wording, occurred_at, recorded_at) select %s, %s, 'email', 'marketing', 'grant',"
        " '가입 \"양식\"' || number, e'광고 수신에\\t동의\\\\합니다 \\x01 🙂', %s, %s"
        " from generate_series(1, %s) as number",
        (workspace, customer_id, NOON, NOON, count),
    )


def chained(connection: Connection, workspace: int) -> int:
    made = chain_everything(connection, workspace_id=workspace, now=NOON)
    connection.commit()
    return made


def faults(connection: Connection, workspace: int, *anchors: Anchor) -> list[Fault]:
    walked = verify_chain(connection, workspace_id=workspace, anchors=anchors)
    return [fault for fault in walked if fault]


def anchor(connection: Connection, workspace: int) -> Anchor:
    seq, head = read_head(connection, workspace_id=workspace)
    return Anchor(workspace_id=workspace, seq=seq, hash=head)


def tamper(connection: Connection, *statements: str) -> None:
    """Do what only somebody can do who commands the database."""
    connection.execute("set local session_replication_role = replica")
    for statement in statements:
        connection.execute(statement.encode())


def test_an_empty_ledger_is_whole(connection: Connection, workspace: int) -> None:
    assert (chained(connection, workspace), faults(connection, workspace)) == (0, [])
    assert read_head(connection, workspace_id=workspace) == (0, NOTHING)


def test_every_entry_gets_one_link(connection: Connection, workspace: int, minji: int) -> None:
    say(connection, workspace, minji, count=ENTRIES)

    made = [chained(connection, workspace), chained(connection, workspace)]

    assert made == [ENTRIES, 0]
    assert read_head(connection, workspace_id=workspace)[0] == ENTRIES
    assert faults(connection, workspace) == []


def test_what_is_said_about_collecting_is_bound_by_the_same_chain(
    connection: Connection, workspace: int, minji: int
) -> None:
    install_purposes(connection, workspace_id=workspace, preset="strict", now=NOON)
    behaviour = find_purpose(connection, workspace_id=workspace, name="behaviour")
    at = {"workspace_id": workspace, "customer_id": minji, "source": "page", "now": NOON}
    allow_collecting(connection, behaviour, locale="ko", **at)
    say(connection, workspace, minji)
    chained(connection, workspace)
    assert faults(connection, workspace) == []

    tamper(
        connection, "update consent_entry set collection = 'orders' where collection is not null"
    )

    assert [fault.kind for fault in faults(connection, workspace)] == ["altered_entry"]
    connection.rollback()


def test_a_chain_is_made_in_steps(
    connection: Connection, workspace: int, minji: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "LINKS_AT_ONCE", 7)
    say(connection, workspace, minji, count=ENTRIES)
    connection.commit()

    assert chained(connection, workspace) == ENTRIES
    assert faults(connection, workspace) == []


def test_shops_have_chains_of_their_own(connection: Connection, workspace: int, minji: int) -> None:
    other = open_shop(connection, name="다른 상점")
    jiwoo = customer(connection, other)
    for _ in range(3):
        say(connection, workspace, minji)
        say(connection, other, jiwoo)

    made = [chained(connection, shop) for shop in (workspace, other)]

    assert made == [3, 3]
    assert [faults(connection, shop) for shop in (workspace, other)] == [[], []]


def test_entries_that_wait_for_their_links_are_no_fault(
    connection: Connection, workspace: int, minji: int
) -> None:
    say(connection, workspace, minji)

    assert faults(connection, workspace) == []


def test_links_cannot_be_rewritten(connection: Connection, workspace: int, minji: int) -> None:
    say(connection, workspace, minji)
    chained(connection, workspace)

    for change in ("update consent_link set seq = 2", "delete from consent_link"):
        with pytest.raises(psycopg.errors.RaiseException, match="consent_link is append-only"):
            connection.execute(change.encode())
        connection.rollback()


def test_nobody_who_withdraws_waits_for_the_chain(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    say(connection, workspace, minji, count=ENTRIES)
    connection.commit()
    with connect(dsn) as other:
        other.execute("set lock_timeout = '1s'")
        with connection.transaction():
            chain_entries(connection, workspace_id=workspace, now=NOON)
            with other.transaction():
                withdraw(
                    other,
                    workspace_id=workspace,
                    customer_id=minji,
                    channel=Channel.EMAIL,
                    purpose=Purpose.MARKETING,
                    source="page",
                    now=NOON,
                )

    assert chained(connection, workspace) == 1
    assert faults(connection, workspace) == []


def test_an_entry_that_commits_late_is_chained_late(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    """Its number is lower than those of entries that are chained already."""
    with connect(dsn) as slow:
        say(slow, workspace, minji)
        say(connection, workspace, minji)
        connection.commit()
        first = chained(connection, workspace)
        slow.commit()

    assert (first, chained(connection, workspace)) == (1, 1)
    assert faults(connection, workspace) == []


def test_two_who_chain_take_turns(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    say(connection, workspace, minji, count=ENTRIES)
    connection.commit()
    with connect(dsn) as other:
        made: Counter[str] = Counter()

        def chain_too() -> None:
            with other.transaction():
                made["other"] = chain_entries(other, workspace_id=workspace, now=NOON)

        with connection.transaction():
            made["one"] = chain_entries(connection, workspace_id=workspace, now=NOON)
            thread = threading.Thread(target=chain_too)
            thread.start()
        thread.join()

    assert made == {"one": ENTRIES, "other": 0}
    assert faults(connection, workspace) == []


ALL = "workspace_id, customer_id, channel, purpose, action, source, occurred_at, recorded_at"
Deed = tuple[tuple[str, ...], str]
# Each done to link 20 of 40; what is found first.
DEEDS: dict[str, Deed] = {
    "edit": (("update consent_entry set source = 'x' where id = 20",), "altered_entry"),
    "edit of a time": (
        ("update consent_entry set recorded_at = recorded_at + '1 microsecond' where id = 20",),
        "altered_entry",
    ),
    "edit of the words": (
        ("update consent_entry set wording = wording || ' ' where id = 20",),
        "altered_entry",
    ),
    "another customer": (
        ("update consent_entry set customer_id = customer_id + 1 where id = 20",),
        "altered_entry",
    ),
    "delete": (("delete from consent_entry where id = 20",), "missing_entry"),
    "delete with its link": (
        ("delete from consent_entry where id = 20", "delete from consent_link where seq = 20"),
        "missing_link",
    ),
    "insert": (
        (f"insert into consent_entry ({ALL}) select {ALL} from consent_entry where id = 20",),  # noqa: S608 - a list of our own columns
        "unlinked_entry",
    ),
    "swap": (
        (
            "update consent_link set entry_id = -entry_id where seq in (20, 21)",
            "update consent_link set entry_id = 41 + entry_id where seq in (20, 21)",
        ),
        "altered_entry",
    ),
    "swap of links": (
        ("update consent_link set seq = 1041 - seq where seq in (20, 21)",
         "update consent_link set seq = seq - 1000 where seq > 1000"),
        "broken_link",
    ),
    "another time of the link": (
        ("update consent_link set chained_at = chained_at - interval '1 day' where seq = 20",),
        "broken_link",
    ),
    "truncate": (
        ("delete from consent_entry where id > 20", "delete from consent_link where seq > 20"),
        "cut_off",
    ),
    "all of it": (("truncate consent_entry, consent_link",), "cut_off"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_done_to_the_tables_is_found(
    connection: Connection, workspace: int, minji: int, name: str
) -> None:
    statements, kind = DEEDS[name]
    say(connection, workspace, minji, count=ENTRIES)
    chained(connection, workspace)
    head = anchor(connection, workspace)
    connection.commit()

    tamper(connection, *statements)

    assert faults(connection, workspace, head)[0].kind == kind


def test_a_ledger_chained_anew_is_found_by_its_anchor(
    connection: Connection, workspace: int, minji: int
) -> None:
    say(connection, workspace, minji, count=ENTRIES)
    chained(connection, workspace)
    head = anchor(connection, workspace)
    connection.commit()

    tamper(
        connection,
        "update consent_entry set source = 'x' where id = 20",
        "delete from consent_link",
        "insert into unchained_entry select workspace_id, id from consent_entry",
    )
    connection.commit()
    chained(connection, workspace)

    assert faults(connection, workspace) == []
    assert [fault.kind for fault in faults(connection, workspace, head)] == ["rewritten"]


def test_an_anchor_of_an_earlier_head_holds_later(
    connection: Connection, workspace: int, minji: int
) -> None:
    say(connection, workspace, minji, count=3)
    chained(connection, workspace)
    early = anchor(connection, workspace)
    say(connection, workspace, minji, count=3)
    chained(connection, workspace)

    assert faults(connection, workspace, early, anchor(connection, workspace)) == []


def test_verifying_sees_one_moment(
    connection: Connection, dsn: str, workspace: int, minji: int
) -> None:
    """What is recorded and chained meanwhile is neither seen nor a fault."""
    say(connection, workspace, minji, count=ENTRIES)
    chained(connection, workspace)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction(), connect(dsn) as other:
        walked = verify_chain(connection, workspace_id=workspace)
        found = [next(walked)]
        record_entry(
            other,
            workspace_id=workspace,
            customer_id=minji,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            action=ConsentAction.WITHDRAW,
            source="page",
            occurred_at=NOON,
            now=NOON,
        )
        other.commit()
        chained(other, workspace)
        found += walked

    assert found == [None] * ENTRIES


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"b": 1, "a": "가", "aa": True, "A": None}, '{"A":null,"a":"가","aa":true,"b":1}'),
        # The examples of strings of RFC 8785, 3.2.2.2 and of what JSON escapes.
        ('€$\x0f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'),
        ("\b\t\f\r\x7f\u2028", '"\\b\\t\\f\\r\x7f\u2028"'),
        ({"n": 9_007_199_254_740_991}, '{"n":9007199254740991}'),
    ],
)
def test_json_is_canonical(value: object, said: str) -> None:
    assert canonical(value).decode() == said
