"""The delivery loop hands over by way of Korean vendors, to fakes that speak as they do."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from tests.app.phones import phone_customer
from tests.build import NOON, TEST_VAULT, plan_message, template
from tests.channels.sending import POST, delivery_states, message_state

from dangol.app.clock import machine_time
from dangol.app.delivery import Delivered, deliver
from dangol.app.providers import PROVIDERS
from dangol.app.settings import Settings
from dangol.providers.bizgo.fake import KEY as BIZGO_KEY
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.nhn.fake import APP_KEY, FakeNhn
from dangol.providers.nhn.fake import SECRET as NHN_SECRET
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.wire.fake import FakeVendor
from dangol.store.connect import Connection

NUMBER = "02-120-1234"
CHANNEL = "KA01PF0001"
NAMED = {provider.name: provider for provider in PROVIDERS}
# Vendor, its fake, and what the settings say of it.
VENDORS: Mapping[str, tuple[type[FakeVendor], Mapping[str, str]]] = {
    "solapi": (
        FakeSolapi,
        {
            "solapi_key": KEY,
            "solapi_secret": SECRET,
            "solapi_number": NUMBER,
            "solapi_channel": CHANNEL,
            "solapi_url": "{url}",
        },
    ),
    "nhn": (
        FakeNhn,
        {
            "nhn_kakao_app_key": APP_KEY,
            "nhn_kakao_secret": NHN_SECRET,
            "nhn_sms_app_key": APP_KEY,
            "nhn_sms_secret": NHN_SECRET,
            "nhn_number": NUMBER,
            "nhn_sender_key": CHANNEL,
            "nhn_opt_out_number": "080-123-4567",
            "nhn_kakao_url": "{url}",
            "nhn_sms_url": "{url}",
        },
    ),
    "bizgo": (
        FakeBizgo,
        {
            "bizgo_key": BIZGO_KEY,
            "bizgo_number": NUMBER,
            "bizgo_sender_key": CHANNEL,
            "bizgo_url": "{url}",
        },
    ),
}


def waiting(connection: Connection, workspace: int, *, channel: str, name: str, number: str) -> int:
    """An allowed message to somebody with a telephone."""
    connection.execute("update workspace set opt_out_phone = '080-123-4567'")
    who = phone_customer(connection, workspace, name=name, number=number, channel=channel)
    connection.execute("update customer set traits = %s where id = %s", ('{"name": "민지"}', who))
    is_approved = channel == "kakao_alimtalk"
    written = template(
        connection,
        workspace,
        name=name,
        channel=channel,
        purpose="informational" if is_approved else "marketing",
        body_text="#{이름}님, 주문을 보냈어요." if is_approved else "새 소식입니다.",
    )
    connection.execute("update template set vendor_code = 'ORDER_1' where id = %s", (written,))
    return plan_message(
        connection, workspace, customer_id=who, template_id=written, state="allowed"
    )


def hand_over(connection: Connection, workspace: int, name: str, fake: FakeVendor) -> Delivered:
    settings = Settings(
        **{field: value.format(url=fake.url) for field, value in VENDORS[name][1].items()}
    )
    sender = NAMED[name].open(settings)
    assert sender is not None
    return deliver(
        connection,
        sender,
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: NOON + timedelta(minutes=1),
        provider=NAMED[name],
    )


@pytest.mark.parametrize("channel", ["sms", "kakao_alimtalk"])
@pytest.mark.parametrize("name", VENDORS)
def test_a_message_leaves_by_the_vendor_that_is_set(connection, workspace, name, channel):
    message = waiting(connection, workspace, channel=channel, name="minji", number="+821012345678")

    with VENDORS[name][0](clock=machine_time) as fake:
        delivered = hand_over(connection, workspace, name, fake)
        taken = fake.received(10)

    assert (delivered.claimed, delivered.accepted) == (1, 1)
    assert len(taken) == 1
    assert "01012345678" in str(taken[0])
    assert message_state(connection, message) == "handed"
    assert delivery_states(connection, message) == ["accepted"]


def test_a_number_the_vendor_refuses_stops_no_other(connection, workspace):
    bad, good = (
        waiting(connection, workspace, channel="sms", name=name, number=number)
        for name, number in (("jiwoo", "+821000001025"), ("minji", "+821012345678"))
    )

    with FakeSolapi(clock=machine_time) as fake:
        hand_over(connection, workspace, "solapi", fake)

    assert [message_state(connection, one) for one in (bad, good)] == ["failed", "handed"]
    assert [delivery_states(connection, one) for one in (bad, good)] == [["rejected"], ["accepted"]]


@pytest.mark.parametrize("name", [*VENDORS, "push", "smtp"])
def test_without_settings_there_is_no_vendor(name):
    assert NAMED[name].open(Settings()) is None
