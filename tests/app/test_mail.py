"""`dangol mail take`: what a mail server pipes in, in its own words."""

import io
import sys

import pytest
from tests.build import TEST_VAULT
from tests.channels.sending import allowed_message, deliver_to, mail_server
from tests.providers import returned

from dangol.app.mail import read_mail, say, take_mail
from dangol.app.problem import ProblemError


def test_a_piped_complaint_is_recorded(connection, workspace, monkeypatch):
    allowed_message(connection, workspace)
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    token = server.mails[0].sender.partition("+")[2].partition("@")[0]
    raw = returned.complaint(token)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    received = take_mail(connection, workspace_id=workspace, vault=TEST_VAULT, raw=read_mail("-"))

    assert say(received).endswith(": complained")
    assert connection.execute("select reason from suppression").fetchall() == [("complained",)]


def test_a_file_that_means_nothing_to_us_is_said_so(connection, workspace, tmp_path):
    letter = tmp_path / "hello.eml"
    letter.write_bytes(b"To: hello@shop.example\n\nHello")

    received = take_mail(
        connection, workspace_id=workspace, vault=TEST_VAULT, raw=read_mail(str(letter))
    )

    assert say(received).startswith("Nothing to record")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ProblemError, match="nowhere"):
        read_mail(str(tmp_path / "nowhere.eml"))
