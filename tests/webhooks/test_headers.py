"""What a receiver wants to see beside our headers: sent, sealed, and never shown again."""

import pytest
from tests.build import NOON, TEST_VAULT

from dangol.app.courier import words_of
from dangol.providers.egress.client import Answer
from dangol.webhooks.calls import list_calls
from dangol.webhooks.endpoints import UnknownEndpoint, WebhookFault
from dangol.webhooks.headers import ALL_MAX, HEADERS_MAX, VALUE_MAX, change_headers

OURS_AND_THEIRS = ("webhook-signature", "authorization", "x-shop")
KEY = "Bearer canary-4711-do-not-tell"


def change(desk, put=None, *, remove=(), name: str = "desk") -> list[str]:
    """Change the headers of an endpoint."""
    with desk.connection.transaction():
        return change_headers(
            desk.connection,
            workspace_id=desk.workspace,
            name=name,
            put=put or {},
            remove=remove,
            vault=TEST_VAULT,
        )


def heard(desk) -> dict[str, str]:
    """Make one call, and return the headers with which it came."""
    desk.tell()
    assert desk.deliver() == 1
    return desk.receiver.heard[-1].headers


def test_headers_come_with_every_call_after_ours(desk):
    desk.add()
    desk.add("other")
    assert change(desk, {"Authorization": KEY, "X-Shop": "main; a=1"}) == [
        "Authorization",
        "X-Shop",
    ]

    headers = heard(desk)

    assert headers["authorization"] == KEY
    assert headers["x-shop"] == "main; a=1"
    ours, *wished = (list(headers).index(name) for name in OURS_AND_THEIRS)
    assert ours < wished[0] < wished[1]
    assert headers["content-type"] == "application/json"
    desk.tell("other")
    desk.deliver()
    assert "authorization" not in desk.receiver.of("/other")[0].headers


def test_a_call_that_waits_is_made_with_the_headers_of_its_moment(desk):
    desk.add()
    desk.tell()
    desk.receiver.answers["/desk"] = [401, 200]
    desk.deliver()
    assert "x-key" not in desk.receiver.heard[0].headers

    change(desk, {"X-Key": "right"})
    [(*_, desk.now)] = desk.calls()
    desk.deliver()

    assert desk.receiver.heard[1].headers["x-key"] == "right"
    assert [state for _, state, _, _ in desk.calls()] == ["delivered"]


def test_headers_are_changed_and_removed_however_their_names_are_written(desk):
    desk.add()
    change(desk, {"X-Key": "old", "X-Shop": "main"})

    assert change(desk, {"x-key": "new"}) == ["X-Shop", "x-key"]
    assert change(desk, remove=["X-SHOP"]) == ["x-key"]

    assert heard(desk)["x-key"] == "new"
    assert desk.endpoint().header_names == ["x-key"]
    assert change(desk, {"X-Key": "renewed"}, remove=["x-key"]) == ["X-Key"]
    assert change(desk, remove=["X-Key"]) == []
    assert "x-key" not in heard(desk)


@pytest.mark.parametrize(
    "name",
    ["Host", "content-length", "Content-Type", "User-Agent", "Connection", "TE", "Upgrade",
     "Transfer-Encoding", "Keep-Alive", "Trailer", "Proxy-Authorization", "proxy-connection",
     "Expect", "Webhook-Id", "webhook-signature", "webhook-anything", "Accept-Encoding",
     "Content-Encoding", "HTTP2-Settings"],
)  # fmt: skip
def test_what_is_ours_is_not_theirs_to_set(desk, name):
    desk.add()

    with pytest.raises(WebhookFault, match=f"'{name}', which we set ourselves: leave it out"):
        change(desk, {name: "1"})

    assert desk.endpoint().header_names == []


@pytest.mark.parametrize("name", ["", "X Key", "X-Key:", "X\r\nHost", "열쇠", "X" * 65, "X-Key\n"])
def test_a_name_is_a_token(desk, name):
    desk.add()

    with pytest.raises(WebhookFault, match="use up to 64 of A-Z"):
        change(desk, {name: "1"})


@pytest.mark.parametrize(
    ("bad", "said"),
    [(KEY + "\r\nHost: evil", r"character 31 of its value is U\+000D"),
     (KEY + "\nX: 1", r"U\+000A"), ("\x00" + KEY, r"character 1 .* U\+0000"),
     (KEY + "\x7f", r"U\+007F"), (KEY + "é", r"U\+00E9"), (KEY + "\t" + KEY, r"U\+0009"),
     (KEY + "열쇠", r"U\+C5F4"), (KEY + " ", "begins or ends"), ("\n" + KEY, "begins or ends"),
     ("", "is empty"), (KEY * 200, f"Use at most {VALUE_MAX:,}")],
)  # fmt: skip
def test_a_value_is_one_line_of_ascii_and_no_fault_repeats_it(desk, bad, said):
    desk.add()

    with pytest.raises(WebhookFault, match=f"header X-Key: .*{said}") as refused:
        change(desk, {"X-Key": bad})

    assert "canary" not in str(refused.value)


def test_every_value_that_is_taken_can_be_sent(desk):
    desk.add()
    signs = "".join(map(chr, range(0x21, 0x7F))) + " ~"
    change(desk, {"!#$%&'*+.^_`|~-09aZ": signs, "X-Long": "k" * VALUE_MAX})

    headers = heard(desk)

    assert headers["!#$%&'*+.^_`|~-09az"] == signs
    assert headers["x-long"] == "k" * VALUE_MAX


def test_there_are_at_most_so_many_and_no_longer_than_a_server_takes(desk):
    desk.add()
    most = {f"X-{number}": "1" for number in range(HEADERS_MAX)}
    assert len(change(desk, most)) == HEADERS_MAX

    with pytest.raises(WebhookFault, match=r"would be 11 headers[.] Use at most 10"):
        change(desk, {"X-More": "1"})
    assert len(change(desk, {"X-More": "1"}, remove=["x-0"])) == HEADERS_MAX
    with pytest.raises(WebhookFault, match=f"Use at most {ALL_MAX:,}"):
        change(desk, {"X-1": "k" * VALUE_MAX, "X-2": "k" * VALUE_MAX})

    assert len(desk.endpoint().header_names) == HEADERS_MAX


def test_faults_change_nothing(desk):
    desk.add()
    change(desk, {"X-Key": "1"})

    with pytest.raises(WebhookFault, match=r"no header 'X-Kee' to remove. There are: X-Key."):
        change(desk, {"X-New": "1"}, remove=["X-Kee"])
    with pytest.raises(WebhookFault, match="'x-new', which is given twice"):
        change(desk, {"X-New": "1", "x-new": "2"})
    with pytest.raises(UnknownEndpoint, match="no endpoint 'nobody'"):
        change(desk, {"X-New": "1"}, name="nobody")

    assert desk.endpoint().header_names == ["X-Key"]


def test_no_value_stands_in_the_database_and_no_answer_brings_one_there(desk):
    desk.add()
    change(desk, {"Authorization": KEY})
    heard(desk)

    rows = desk.connection.execute(
        "select webhook_endpoint::text from webhook_endpoint"
        " union all select webhook_call::text from webhook_call"
    ).fetchall()
    desk.connection.commit()

    told = "".join(row[0] for row in rows)
    assert "Authorization" in told
    assert "canary" not in told
    assert KEY.encode().hex() not in told
    [call] = list_calls(desk.connection, workspace_id=desk.workspace)
    assert (call.answer, call.occurred_at) == ("said", NOON)


@pytest.mark.parametrize(
    ("body", "words"),
    [(f"bad key: {KEY}!", "bad key: [hidden]!"),
     ("bad key: canary-4711-do-not-tell", "bad key: [hidden]"),
     ("x" * 490 + KEY, "x" * 490 + "[hidden]"), ("main", "main"), ("a\x00b", "a\ufffdb")],
)  # fmt: skip
def test_what_a_receiver_repeats_of_a_header_is_hidden(body, words):
    answer = Answer(status=401, headers={}, body=body.encode())

    assert words_of(answer, hidden=[KEY, "main"]) == words


def test_headers_that_cannot_be_opened_fail_the_call_and_say_why(desk):
    desk.add()
    change(desk, {"X-Key": "1"})
    desk.connection.execute(
        "update webhook_endpoint set sealed_headers = sealed_headers || '\\x00'"
    )
    desk.tell()

    desk.deliver()

    assert desk.receiver.heard == []
    [call] = list_calls(desk.connection, workspace_id=desk.workspace)
    assert (call.state, call.status) == ("waiting", None)
    assert "cannot be opened" in call.answer
