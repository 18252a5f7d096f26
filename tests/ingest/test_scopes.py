"""A key does what its scopes say, and every no names the scope and how to get it."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.build import NOON, TEST_VAULT

from dangol.ingest.keys import (
    KeyFault,
    create_api_key,
    find_api_key,
    list_api_keys,
    require_scope,
    revoke_api_key,
)
from dangol.ingest.reception import Desk, Posted
from dangol.store.connect import open_pool
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

TRACK = b'{"userId":"minji","event":"Visited","messageId":"m1"}'
IMPORT = (
    b'{"type":"track","userId":"minji","event":"Moved","messageId":"m2","context":{"dangol":'
    b'{"consents":[{"channel":"email","purpose":"marketing","action":"import",'
    b'"imported_state":"granted","source":"old shop"}]}}}'
)


@pytest.fixture
def desk(dsn: str) -> Iterator[Desk]:
    pool = open_pool(dsn, size=1)
    yield Desk(pool=pool, vault=TEST_VAULT, clock=lambda _: NOON)
    pool.close()


@pytest.fixture
def make(connection, workspace):
    def create(*scopes, kind=ApiKeyKind.SERVER):
        with connection.transaction():
            return create_api_key(
                connection, workspace_id=workspace, kind=kind, now=NOON, scopes=scopes
            )

    return create


def send(desk, key, body, *, path_type="track"):
    [answer] = desk.take([Posted(body=body, path_type=path_type, authorization=f"Bearer {key}")])
    return answer


def test_a_key_without_the_scope_to_track_writes_nothing(connection, desk, make):
    answer = send(desk, make(ApiKeyScope.FEEDBACK), TRACK)

    assert (answer.status, answer.code) == (403, "missing_scope")
    assert "lacks the scope track" in answer.message
    assert "dangol key create server --scope track" in answer.message
    assert connection.execute("select count(*) from event").fetchone() == (0,)


def test_a_key_that_tracks_may_not_import_consents(connection, desk, make):
    answer = send(desk, make(ApiKeyScope.TRACK), IMPORT)

    assert (answer.status, answer.code) == (403, "missing_scope")
    assert "--scope import" in answer.message
    assert connection.execute("select count(*) from event").fetchone() == (0,)


def test_in_a_batch_only_the_events_that_import_are_refused(connection, desk, make):
    batch = (
        b'{"batch":[{"type":"track"},'
        + IMPORT
        + b","
        + TRACK.replace(b"{", b'{"type":"track",', 1)
        + b"]}"
    )

    answer = send(desk, make(ApiKeyScope.TRACK), batch, path_type=None)

    assert answer.accepted == 1
    assert [(one.index, one.code) for one in answer.refused] == [
        (0, "missing_id"),
        (1, "missing_scope"),
    ]
    assert connection.execute("select message_id from event").fetchall() == [("m1",)]


def test_a_usual_server_key_imports_but_does_not_touch_customers(connection, desk, make):
    key = make()

    assert send(desk, key, IMPORT).accepted == 1
    found = find_api_key(connection, key=key)
    assert found.scopes == {ApiKeyScope.TRACK, ApiKeyScope.IMPORT, ApiKeyScope.FEEDBACK}


def test_a_browser_key_only_ever_tracks(connection, workspace, make):
    with pytest.raises(KeyFault, match="may only track"):
        make(ApiKeyScope.CUSTOMERS_READ, kind=ApiKeyKind.BROWSER)

    with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
        connection.execute(
            "insert into api_key (workspace_id, kind, scopes, key_hash, prefix, created_at)"
            " values (%s, 'browser', '{customers:write}', 'x', 'x', %s)",
            (workspace, NOON),
        )


def test_a_browser_key_is_told_what_it_is(connection, make):
    key = find_api_key(connection, key=make(kind=ApiKeyKind.BROWSER))

    with pytest.raises(Exception, match="is a browser key, which only tracks"):
        require_scope(key, ApiKeyScope.FEEDBACK)


def test_a_revoked_key_is_nobodys_and_stays_in_the_list(connection, workspace, make):
    kept, ended = make(ApiKeyScope.TRACK), make()
    [_, listed] = list_api_keys(connection, workspace_id=workspace)

    prefix = revoke_api_key(connection, workspace_id=workspace, key_id=listed.id, now=NOON)

    assert ended.startswith(prefix)
    assert find_api_key(connection, key=ended) is None
    assert find_api_key(connection, key=kept) is not None
    assert [one.revoked_at for one in list_api_keys(connection, workspace_id=workspace)] == [
        None,
        NOON,
    ]
    with pytest.raises(KeyFault, match="dangol key list"):
        revoke_api_key(connection, workspace_id=workspace, key_id=listed.id, now=NOON)


def test_no_workspace_revokes_anothers_key(connection, workspace, make):
    make()
    [listed] = list_api_keys(connection, workspace_id=workspace)

    with pytest.raises(KeyFault):
        revoke_api_key(connection, workspace_id=workspace + 1, key_id=listed.id, now=NOON)
