"""Whoever stops may say why, in one word of a list; it is counted and changes nothing else."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.channels.sending import allowed_message, claim
from tests.pages.test_history import link_of as history_of
from tests.pages.test_unsubscribe import consents, link_of

from dangol.feedback.exits import count_exits
from dangol.feedback.notes import NoteError, add_note, list_notes, remove_note

KOREAN = {"Accept-Language": "ko"}
MONTH_AGO = NOON - timedelta(days=30)


@pytest.fixture
def message(connection, workspace) -> int:
    found = allowed_message(connection, workspace)
    claim(connection, workspace)
    return found


def counted(connection, workspace):
    found = count_exits(connection, workspace_id=workspace, since=MONTH_AGO)
    connection.commit()
    return found.left, found.answers


def test_a_reason_is_asked_for_once_it_has_stopped(client, workspace, message):
    link = link_of(workspace, message)
    assert 'name="reason"' not in client.get(link, headers=KOREAN).text

    pressed = client.post(link, data={"action": "unsubscribe"}, headers=KOREAN)
    page = client.get(pressed.headers["Location"], headers=KOREAN).text

    assert page.count('name="reason"') == 7
    assert "너무 자주 와요" in page


def test_a_reason_is_counted_and_thanked_for(client, connection, workspace, message):
    link = link_of(workspace, message)
    client.post(link, data={"action": "unsubscribe"})

    client.post(link, data={"action": "reason", "reason": "other"})
    pressed = client.post(link, data={"action": "reason", "reason": "too_many"}, headers=KOREAN)
    page = client.get(pressed.headers["Location"], headers=KOREAN).text

    assert counted(connection, workspace) == (1, {"too_many": 1})
    assert consents(connection) == ["withdrawn"]
    assert "알려 주셔서 고맙습니다" in page
    assert 'name="reason"' not in page


def test_who_has_not_stopped_has_no_reason(client, connection, workspace, message):
    client.post(link_of(workspace, message), data={"action": "reason", "reason": "privacy"})

    assert counted(connection, workspace) == (0, {})
    assert consents(connection) == ["granted"]


def test_a_reason_of_no_list_stops_the_mail_as_anything_else_does(
    client, connection, workspace, message
):
    client.post(link_of(workspace, message), data={"action": "reason", "reason": "because"})

    assert counted(connection, workspace) == (1, {})
    assert consents(connection) == ["withdrawn"]


def test_a_tampered_link_keeps_no_reason(client, connection, workspace, message):
    client.post(link_of(workspace, message), data={"action": "unsubscribe"})

    answer = client.post("/u/AAAA", data={"action": "reason", "reason": "other"})

    assert answer.status_code == 404
    assert counted(connection, workspace) == (1, {})


def test_reasons_of_long_ago_are_not_counted(client, connection, workspace, message):
    link = link_of(workspace, message)
    client.post(link, data={"action": "unsubscribe"})
    client.post(link, data={"action": "reason", "reason": "other"})

    later = count_exits(connection, workspace_id=workspace, since=NOON + timedelta(days=1))

    assert (later.left, later.answers) == (0, {})


def test_customers_read_what_changed_because_of_them(client, connection, workspace, message):
    number = add_note(
        connection,
        workspace_id=workspace,
        text_ko="배송 알림을 하루 앞당겼어요.",
        text_en="Delivery notices come a day earlier.",
        now=NOON,
    )
    connection.commit()

    page = client.get(history_of(workspace, message), headers=KOREAN).text
    assert "말씀 덕분에 바뀌었어요" in page
    assert "배송 알림을 하루 앞당겼어요." in page

    remove_note(connection, workspace_id=workspace, note_id=number)
    connection.commit()
    assert "말씀 덕분에" not in client.get(history_of(workspace, message), headers=KOREAN).text
    assert list_notes(connection, workspace_id=workspace) == []


def test_a_note_without_words_or_number_is_refused(connection, workspace):
    with pytest.raises(NoteError, match="text_en"):
        add_note(connection, workspace_id=workspace, text_ko="네", text_en=" ", now=NOON)
    with pytest.raises(NoteError, match="dangol note list"):
        remove_note(connection, workspace_id=workspace, note_id=4711)
