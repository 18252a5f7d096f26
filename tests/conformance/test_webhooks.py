"""The specification's own library takes our calls, and nothing else."""

import json
from datetime import UTC, datetime

import pytest
from tests.webhooks.words import open_desk

standardwebhooks = pytest.importorskip(
    "standardwebhooks", reason="the library of Standard Webhooks is not installed"
)


@pytest.fixture
def taken(connection, workspace):
    """A call as it came, of just now, for the library asks the machine's clock; and its secret."""
    with open_desk(connection, workspace) as desk:
        desk.now = datetime.now(UTC)  # noqa: TID251 - so does the library
        secret = desk.add()
        desk.tell()
        desk.deliver()
        [heard] = desk.receiver.heard
    return secret, heard


def test_the_library_takes_a_call(taken):
    secret, heard = taken

    said = standardwebhooks.Webhook(secret).verify(heard.body, heard.headers)

    assert said == json.loads(heard.body)


def test_of_a_call_no_bit_can_be_changed(taken):
    secret, heard = taken
    receiver = standardwebhooks.Webhook(secret)

    for place in range(len(heard.body)):
        for bit in range(8):
            body = bytearray(heard.body)
            body[place] ^= 1 << bit
            with pytest.raises((standardwebhooks.WebhookVerificationError, UnicodeDecodeError)):
                receiver.verify(bytes(body), heard.headers)


def test_another_secret_takes_nothing(taken):
    _, heard = taken
    other = standardwebhooks.Webhook("whsec_" + "A" * 43 + "=")

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        other.verify(heard.body, heard.headers)
