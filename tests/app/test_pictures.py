"""The delivery loop gives each vendor a picture once, and again where the vendor forgot it."""

import json
from datetime import timedelta

import pytest
from tests.app.phones import phone_customer
from tests.app.test_korean_delivery import NAMED, VENDORS
from tests.build import NOON, TEST_VAULT, plan_message, template
from tests.channels.sending import POST, delivery_states, message_state
from tests.pictures import jpeg, png

from dangol.app.clock import machine_time
from dangol.app.delivery import Delivered, deliver
from dangol.app.settings import Settings
from dangol.channels.claim import recover_claims
from dangol.channels.prices import Price, PricedKind, set_price
from dangol.content.pictures import save_picture
from dangol.providers.wire.fake import FakeVendor
from dangol.store.connect import Connection
from dangol.store.crash import _handlers, handle_crashpoints

UPLOADS = {"solapi": "/storage/v1/files", "nhn": "/binaryUpload", "bizgo": "/file/mms"}


@pytest.fixture(params=VENDORS)
def vendor(request):
    """Run one vendor's fake; return its name and the fake. Bizgo's pictures end by its clock."""
    clock = (lambda: NOON) if request.param == "bizgo" else machine_time
    with VENDORS[request.param][0](clock=clock) as fake:
        yield request.param, fake


def mms_template(connection: Connection, workspace: int) -> int:
    """A text that shows a picture."""
    connection.execute("update workspace set opt_out_phone = '080-123-4567'")
    made = template(
        connection, workspace, name="sale", channel="sms", subject="새 옷", body_text="새 옷"
    )
    kept = save_picture(connection, jpeg(), workspace_id=workspace, now=NOON)
    connection.execute(
        "update template set picture_hash = decode(%s, 'hex') where id = %s", (kept.hash, made)
    )
    connection.commit()
    return made


def waiting(connection: Connection, workspace: int, made: int, *names: str) -> list[int]:
    """Allowed messages to people with telephones."""
    messages = []
    for place, name in enumerate(names):
        number = f"+82101234567{place}"
        who = phone_customer(connection, workspace, name=name, number=number)
        messages.append(
            plan_message(connection, workspace, customer_id=who, template_id=made, state="allowed")
        )
    connection.commit()
    return messages


def hand_over(
    connection: Connection, workspace: int, vendor: tuple[str, FakeVendor], *, minutes: int = 1
) -> Delivered:
    name, fake = vendor
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
        clock=lambda _: NOON + timedelta(minutes=minutes),
        provider=NAMED[name],
    )


def uploads(vendor: tuple[str, FakeVendor]) -> int:
    name, fake = vendor
    return sum(path.endswith(UPLOADS[name]) for _, path in fake.calls)


def test_a_picture_is_given_once_for_all_messages_and_turns(connection, workspace, vendor):
    made = mms_template(connection, workspace)
    first = waiting(connection, workspace, made, "minji", "jiwoo")

    delivered = hand_over(connection, workspace, vendor)
    (second,) = waiting(connection, workspace, made, "hana")
    hand_over(connection, workspace, vendor, minutes=2)

    assert (delivered.claimed, delivered.accepted) == (2, 2)
    assert [message_state(connection, one) for one in (*first, second)] == ["handed"] * 3
    assert uploads(vendor) == 1


def test_a_forgotten_picture_is_given_again_and_nobody_is_left_out(connection, workspace, vendor):
    made = mms_template(connection, workspace)
    waiting(connection, workspace, made, "minji")
    hand_over(connection, workspace, vendor)
    vendor[1].pictures.kept.clear()
    (message,) = waiting(connection, workspace, made, "jiwoo")

    refused = hand_over(connection, workspace, vendor, minutes=2)
    again = hand_over(connection, workspace, vendor, minutes=60)

    assert (refused.claimed, again.accepted) == (1, 1)
    assert delivery_states(connection, message)[-1] == "accepted"
    assert "rejected" not in delivery_states(connection, message)
    assert uploads(vendor) == 2


def test_what_is_refused_with_a_new_picture_has_failed(connection, workspace):
    made = mms_template(connection, workspace)
    (message,) = waiting(connection, workspace, made, "minji")

    class Forgetful(VENDORS["solapi"][0]):
        def judge(self, message, *, is_repeat):
            self.pictures.kept.clear()
            return super().judge(message, is_repeat=is_repeat)

    with Forgetful(clock=machine_time) as fake:
        hand_over(connection, workspace, ("solapi", fake))

    assert message_state(connection, message) == "failed"


def test_a_picture_that_ends_soon_is_given_again(connection, workspace):
    made = mms_template(connection, workspace)
    with VENDORS["bizgo"][0](clock=machine_time) as fake:
        waiting(connection, workspace, made, "minji")
        hand_over(connection, workspace, ("bizgo", fake))
        connection.execute(
            "update vendor_picture set lasts_until = %s", (NOON + timedelta(minutes=30),)
        )
        waiting(connection, workspace, made, "jiwoo")
        hand_over(connection, workspace, ("bizgo", fake), minutes=2)

        assert uploads(("bizgo", fake)) == 2


def test_a_message_waits_while_the_vendor_takes_no_picture(connection, workspace):
    made = mms_template(connection, workspace)
    (message,) = waiting(connection, workspace, made, "minji")
    with VENDORS["solapi"][0](clock=machine_time) as fake:
        largest, fake.pictures.largest = (
            fake.pictures.largest,
            dict.fromkeys(fake.pictures.largest, 0),
        )
        delivered = hand_over(connection, workspace, ("solapi", fake))
        states = delivery_states(connection, message)
        fake.pictures.largest = largest
        again = hand_over(connection, workspace, ("solapi", fake), minutes=60)

    assert (delivered.claimed, delivered.retryable, states) == (1, 1, ["retryable"])
    assert again.accepted == 1


def test_an_upload_that_nobody_noted_is_made_again_and_one_message_leaves(connection, workspace):
    made = mms_template(connection, workspace)
    (message,) = waiting(connection, workspace, made, "minji")

    def die(name: str) -> None:
        if name == "picture.after_upload":
            raise SystemExit

    handle_crashpoints(die)
    with VENDORS["solapi"][0](clock=machine_time) as fake:
        with pytest.raises(SystemExit):
            hand_over(connection, workspace, ("solapi", fake))
        del _handlers[1:]
        recover_claims(connection, workspace_id=workspace, now=NOON + timedelta(minutes=29))
        connection.commit()
        hand_over(connection, workspace, ("solapi", fake), minutes=30)

        assert uploads(("solapi", fake)) == 2
        assert len(fake.received(10)) == 1
    assert message_state(connection, message) == "handed"


def test_an_mms_has_a_price_of_its_own(connection, workspace):
    made = mms_template(connection, workspace)
    (message,) = waiting(connection, workspace, made, "minji")
    for kind, price in ((PricedKind.LMS, 27), (PricedKind.MMS, 60)):
        set_price(connection, Price(provider="solapi", kind=kind, price=price, currency="KRW"))
    connection.commit()

    with VENDORS["solapi"][0](clock=machine_time) as fake:
        hand_over(connection, workspace, ("solapi", fake))

    cost = connection.execute("select cost from delivery where message_id = %s", (message,))
    assert float(cost.fetchone()[0]) == 60


def brand_message(connection: Connection, workspace: int, kind: str, targeting: str) -> int:
    """An allowed Brand Message that shows a picture, with a coupon and goods where it sells."""
    who = phone_customer(connection, workspace, name="minji", channel="kakao_brand")
    made = template(connection, workspace, name=kind, channel="kakao_brand", body_text="무료 배송")
    kept = save_picture(connection, png(800, 600), workspace_id=workspace, now=NOON)
    goods = {"commerce": {"title": "니트", "regular_price": 39_000}} if kind == "commerce" else {}
    coupon = {
        "title": "10% 할인 쿠폰",
        "description": "이번 주까지",
        "mobile_url": "https://shop.example/k",
    }
    connection.execute(
        "update template set picture_hash = decode(%s, 'hex'), bubble = %s, targeting = %s,"
        " bubble_parts = %s, buttons = %s where id = %s",
        (
            kept.hash,
            kind,
            targeting,
            json.dumps({"coupon": coupon, **goods}),
            json.dumps([{"kind": "WL", "name": "보기", "mobile_url": "https://shop.example/b"}]),
            made,
        ),
    )
    message = plan_message(
        connection, workspace, customer_id=who, template_id=made, state="allowed"
    )
    connection.commit()
    return message


@pytest.mark.parametrize("kind", ["image", "wide", "commerce"])
def test_a_bubble_leaves_as_its_template_says_and_every_address_is_ours(
    connection, workspace, vendor, kind
):
    targeting = "consented_and_friends" if vendor[0] == "bizgo" else "friends"
    message = brand_message(connection, workspace, kind, targeting)

    delivered = hand_over(connection, workspace, vendor)

    assert (delivered.accepted, message_state(connection, message)) == (1, "handed")
    (taken,) = vendor[1].received(1)
    assert "10% 할인 쿠폰" in str(taken)
    assert ("니트" in str(taken)) == (kind == "commerce")
    assert "shop.example/k" not in str(taken)
    assert "shop.example/b" not in str(taken)
    links = connection.execute("select url from link order by url").fetchall()
    assert [url for (url,) in links] == ["https://shop.example/b", "https://shop.example/k"]
