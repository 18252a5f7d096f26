"""Mail by Amazon SES through the one loop, and what Amazon tells of it."""

import json
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from tests.app.phones import consents
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import POST, allowed_message, delivery_states, message_state

from dangol.app.amazon import Amazon, FetchError
from dangol.app.clock import freeze_clock, machine_time
from dangol.app.delivery import Delivered, deliver
from dangol.app.doctor_services import examine_services
from dangol.app.http import create_app
from dangol.app.providers import PROVIDERS
from dangol.app.settings import Settings
from dangol.app.vendor_callbacks import callback_path
from dangol.consent.ledger import record_entry
from dangol.feedback.told import take_told
from dangol.providers.ses.fake import CERTIFICATE_URL, FakeSes, FakeSns, Script
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, Purpose

TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:mail"
SNS = FakeSns(TOPIC)
SES = next(provider for provider in PROVIDERS if provider.name == "ses")
LATER = NOON + timedelta(minutes=1)


def settings(**more: object) -> Settings:
    return Settings(ses_access_key="AKIDEXAMPLE", ses_secret_key="wJalr/EXAMPLE", **more)  # noqa: S106


def hand_over(connection: Connection, workspace: int, fake: FakeSes) -> Delivered:
    sender = SES.open(settings(ses_url=fake.url))
    assert sender is not None
    return deliver(
        connection,
        sender,
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: LATER,
        provider=SES,
    )


class Web:
    """What stands at Amazon's addresses; anything else does not answer."""

    def __init__(self, *known: str) -> None:
        self.asked: list[str] = []
        self.known = known

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if not url.startswith(self.known):
            raise FetchError(f"{url} does not answer")
        return SNS.certificate


@pytest.fixture
def web() -> Web:
    return Web("https://sns.ap-northeast-2.amazonaws.com/")


@pytest.fixture
def client(dsn, tmp_path, connection, web):
    (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
    with connection.transaction():
        freeze_clock(connection, at=LATER)
    app = create_app(settings(database_url=dsn, data_folder=tmp_path, ses_topic_arn=TOPIC))
    with TestClient(app, raise_server_exceptions=False) as client:
        app.state.amazon = Amazon(web)
        yield client


def tell(client, workspace: int, said: object, *, sns: FakeSns = SNS, **envelope: str):
    headers, body = sns.write(said, **envelope)
    path = callback_path(TEST_VAULT, vendor="ses", workspace_id=workspace)
    return client.post(path, content=body, headers=headers)


def event(kind: str, fake: FakeSes, **said: object) -> dict[str, object]:
    (tag,) = fake.mails[0]["EmailTags"]
    mail = {
        "messageId": next(iter(fake.messages)),
        "timestamp": "2027-03-02T03:00:30.000Z",
        "destination": fake.mails[0]["Destination"]["ToAddresses"],
        "tags": {"dangol": [tag["Value"]]},
    }
    return {"eventType": kind, "mail": mail, **said}


def take(connection: Connection, workspace: int) -> None:
    with connection.transaction():
        take_told(connection, workspace_id=workspace, vault=TEST_VAULT, now=LATER, batch=10)


def receipts(connection: Connection) -> list[str]:
    rows = connection.execute("select kind from receipt order by id").fetchall()
    connection.commit()
    return [row[0] for row in rows]


def withdrawals(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select source from consent_entry where action = 'withdraw' order by id"
    ).fetchall()
    connection.commit()
    return [row[0] for row in rows]


BOUNCE = {
    "bounceType": "Permanent",
    "bounceSubType": "General",
    "timestamp": "2027-03-02T03:00:40.000Z",
    "bouncedRecipients": [{"emailAddress": "minji@shop.example", "status": "5.1.1"}],
}


def test_a_bounce_that_amazon_tells_silences_the_address(client, connection, workspace, web):
    message = allowed_message(connection, workspace)
    with FakeSes(clock=machine_time) as fake:
        delivered = hand_over(connection, workspace, fake)
        assert (delivered.accepted, delivery_states(connection, message)) == (1, ["accepted"])
        told = event("Bounce", fake, bounce=BOUNCE)

    answers = [tell(client, workspace, told).json()["recorded"] for _ in range(2)]
    take(connection, workspace)

    assert answers == [1, 0]
    assert (message_state(connection, message), receipts(connection)) == ("failed", ["bounced"])
    assert connection.execute("select state from address").fetchone() == ("bounced",)
    # Of two posts, one had the certificate fetched.
    assert web.asked == [CERTIFICATE_URL]


def test_a_complaint_withdraws_before_amazon_is_answered(client, connection, workspace):
    message = allowed_message(connection, workspace)
    with FakeSes(clock=machine_time) as fake:
        hand_over(connection, workspace, fake)
        told = event(
            "Complaint",
            fake,
            complaint={
                "complaintFeedbackType": "abuse",
                "complainedRecipients": [{"emailAddress": "Minji@shop.example"}],
            },
        )

    assert tell(client, workspace, told).status_code == 200

    (who,) = connection.execute(
        "select customer_id from message where id = %s", (message,)
    ).fetchone()
    assert consents(connection, who) == {"email": "withdrawn"}
    take(connection, workspace)
    assert "complained" in receipts(connection)
    assert connection.execute("select reason from suppression").fetchall() == [("complained",)]
    # Heard before the answer, and again by the tick: one complaint, one withdrawal.
    assert withdrawals(connection) == ["complaint or refusal told by the mail service"]


def test_what_was_agreed_to_after_a_complaint_is_not_taken_back_by_the_tick(
    client, connection, workspace
):
    message = allowed_message(connection, workspace)
    with FakeSes(clock=machine_time) as fake:
        hand_over(connection, workspace, fake)
        complaint = {"complainedRecipients": [{"emailAddress": "minji@shop.example"}]}
        tell(client, workspace, event("Complaint", fake, complaint=complaint))
    (who,) = connection.execute(
        "select customer_id from message where id = %s", (message,)
    ).fetchone()
    with connection.transaction():
        record_entry(
            connection,
            workspace_id=workspace,
            customer_id=who,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            action=ConsentAction.GRANT,
            source="preference page",
            occurred_at=LATER + timedelta(seconds=1),
            now=LATER + timedelta(seconds=1),
        )

    take(connection, workspace)

    assert consents(connection, who) == {"email": "granted"}
    assert len(withdrawals(connection)) == 1


def test_a_topic_of_ours_is_confirmed_and_no_other(client, workspace, web):
    hello = {"kind": "SubscriptionConfirmation"}

    ours = tell(client, workspace, "You have chosen …", **hello)
    stranger = FakeSns("arn:aws:sns:ap-northeast-2:999999999999:mail")
    theirs = tell(client, workspace, "You have chosen …", sns=stranger, **hello)

    assert (ours.status_code, theirs.status_code) == (200, 401)
    assert web.asked == [CERTIFICATE_URL, f"{CERTIFICATE_URL.rpartition('/')[0]}/?Action=Confirm"]


def test_what_amazon_did_not_sign_is_refused(client, connection, workspace):
    forger = FakeSns(TOPIC)

    answer = tell(client, workspace, {"eventType": "Open", "mail": {}}, sns=forger)

    assert answer.status_code == 401
    assert connection.execute("select count(*) from vendor_report").fetchone() == (0,)


def test_without_a_topic_everything_is_refused(dsn, tmp_path, workspace, web):
    (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
    app = create_app(settings(database_url=dsn, data_folder=tmp_path))
    nobody = FakeSns("")
    with TestClient(app, raise_server_exceptions=False) as client:
        app.state.amazon = Amazon(web)
        assert tell(client, workspace, {"mail": {}}, sns=nobody).status_code == 401


def test_while_amazons_certificate_cannot_be_had_it_is_asked_to_tell_again(client, workspace, web):
    web.known = ()

    assert tell(client, workspace, {"mail": {}}).status_code == 503


def test_a_throttled_mail_waits_and_the_rest_of_the_turn_is_not_begun(connection, workspace):
    messages = [
        allowed_message(connection, workspace, name=f"customer{number}") for number in range(30)
    ]
    slow = Script(status=429, error="TooManyRequestsException", retry_after="7")

    with FakeSes(clock=machine_time, script=lambda _: slow) as fake:
        delivered = hand_over(connection, workspace, fake)

    assert delivered.retryable == len(messages)
    assert fake.mails == []
    assert {message_state(connection, one) for one in messages} == {"allowed"}


def test_our_signature_is_left_out_where_the_service_writes_headers_anew():
    assert {one.name for one in PROVIDERS if not one.keeps_mail} == {"ses"}


@pytest.mark.parametrize(
    ("standing", "remedy"),
    [
        ({"SendingEnabled": True, "ProductionAccessEnabled": True}, ""),
        ({"SendingEnabled": False}, "paused"),
        ({"ProductionAccessEnabled": False}, "sandbox"),
        ({"EnforcementStatus": "PROBATION"}, "PROBATION"),
    ],
)
def test_the_doctor_says_how_the_account_stands(standing, remedy):
    with FakeSes(
        clock=machine_time,
        standing={"SendQuota": {"MaxSendRate": 14, "Max24HourSend": 50000}, **standing},
    ) as fake:
        told = {
            check: (found, say)
            for check, found, say in examine_services(settings(ses_url=fake.url))
        }

    assert told["ses"][0] == "0 of 50,000 mails in 24 hours, up to 14 a second"
    assert remedy in told["ses"][1]
    assert bool(told["ses"][1]) is bool(remedy)
    assert "DANGOL_SES_TOPIC_ARN" in told["ses events"][1]


def test_the_doctor_says_when_nobody_answers():
    with FakeSes(clock=machine_time) as fake:
        url = fake.url

    told = {check: say for check, _, say in examine_services(settings(ses_url=url))}

    assert "ses:GetAccount" in told["ses"]
    assert json.dumps(told).count("wJalr") == 0


def test_the_doctor_says_nothing_of_a_service_that_is_not_used():
    assert list(examine_services(Settings())) == []
