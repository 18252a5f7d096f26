"""Who wants to be forgotten, or to know: calls about them are data of theirs, too."""

import json

from tests.build import give_consent
from tests.rights.words import known, tools

from dangol.rights.erasure import ask, erase
from dangol.rights.export import export_customer
from dangol.rights.gather import Subject
from dangol.webhooks.calls import claim_calls, recover_calls


def test_what_was_told_about_them_is_deleted(desk, lake, tmp_path):
    minji = known(desk.connection, desk.workspace, lake)
    suji = known(desk.connection, desk.workspace, lake, name="suji")
    desk.add(kinds=("journey.entered",))
    desk.tell(customer_id=minji)
    desk.deliver()
    desk.tell(customer_id=minji)
    desk.tell(customer_id=suji)

    _ = erase(
        desk.connection,
        tools(tmp_path, lake),
        workspace_id=desk.workspace,
        customer_id=minji,
        asked_by="test",
    )

    assert [state for _, state, *_ in desk.calls()] == ["waiting"]
    assert desk.deliver() == 1


def test_once_asked_for_nothing_about_them_is_called(desk, lake, vault):
    minji = known(desk.connection, desk.workspace, lake)
    desk.add(kinds=("journey.entered",))
    desk.tell(customer_id=minji, times=2)
    with desk.connection.transaction():
        [_] = claim_calls(desk.connection, now=desk.now, batch=1)
    desk.connection.commit()

    _ = ask(
        desk.connection,
        vault=vault,
        workspace_id=desk.workspace,
        customer_id=minji,
        asked_by="test",
        now=desk.now,
    )

    # One waited, one was under way with whoever died.
    assert [state for _, state, *_ in desk.calls()] == ["calling", "dropped"]
    with desk.connection.transaction():
        assert recover_calls(desk.connection, now=desk.now.replace(year=2028)) == 1
    assert [state for _, state, *_ in desk.calls()] == ["dropped", "dropped"]
    assert desk.endpoint().dropped == 2


def test_what_was_told_about_them_is_in_their_copy(desk, lake, vault, tmp_path):
    minji = known(desk.connection, desk.workspace, lake)
    desk.add(kinds=("consent.changed",))
    desk.connection.execute("delete from consent")
    give_consent(desk.connection, desk.workspace, customer_id=minji)
    desk.deliver()
    folder = tmp_path / "copy"
    folder.mkdir()

    with desk.connection.transaction():
        subject = Subject(
            connection=desk.connection,
            lake=lake,
            vault=vault,
            workspace_id=desk.workspace,
            customer_id=minji,
            explain=lambda _: ("", ""),
        )
        counts = export_customer(subject, folder, now=desk.now, progress=lambda *_: None)

    assert counts["webhook_calls"] == 1
    [call] = json.loads((folder / "export.json").read_text())["webhook_calls"]
    assert (call["endpoint"], call["state"]) == ("desk", "delivered")
