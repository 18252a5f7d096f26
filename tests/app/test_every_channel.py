"""One loop for every channel and every class of vendor, and what follows from what they say."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from tests.build import (
    NOON,
    TEST_VAULT,
    customer,
    give_consent,
    journey,
    plan_message,
    reach,
    template,
)
from tests.channels.sending import POST, delivery_states, message_state
from tests.channels.vendors import KEY_LASTS, Answer, Vendor, outcome, provider

from dangol.app.asking import ask_unanswered
from dangol.app.delivery import LEASE, Delivered, deliver
from dangol.channels.claim import recover_claims
from dangol.channels.rates import list_providers, resume_provider
from dangol.guard.refused import REFUSED_MAX
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Fate,
    FaultKind,
    Idempotency,
    PushNote,
    TextNote,
)
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

MINUTE = timedelta(minutes=1)
HELLO = "{{ customer.name | default: '고객' }}님, 잘 지내셨나요? https://shop.example/new"


def waiting(
    connection: Connection,
    workspace: int,
    *,
    name: str = "minji",
    channel: str = "sms",
    template_id: int | None = None,
    journey_id: int | None = None,
    purpose: str = "marketing",
) -> int:
    """A message on a channel to a new customer who agreed to it, waiting for a sender."""
    who = customer(connection, workspace, name=name, email=None)
    reach(connection, workspace, customer_id=who, channel=channel, value=f"+82-{name}")
    give_consent(connection, workspace, customer_id=who, channel=channel)
    if template_id is None and journey_id is None:
        template_id = template(
            connection, workspace, name=name, channel=channel, purpose=purpose, body_text=HELLO
        )
    return plan_message(
        connection,
        workspace,
        customer_id=who,
        template_id=template_id,
        journey_id=journey_id,
        state="allowed",
    )


def send(
    connection: Connection,
    workspace: int,
    vendor: Vendor,
    *,
    channel: Channel = Channel.SMS,
    now: datetime = NOON,
    batch: int = 100,
) -> Delivered:
    return deliver(
        connection,
        vendor,
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: now,
        batch=batch,
        provider=provider(vendor.kind, channel=channel),
    )


def always(fate: Fate, fault: FaultKind | None = None, **said: object) -> Answer:
    return lambda message: outcome(message, fate, fault=fault, **said)


def texts(vendor: Vendor) -> list[str]:
    return [message.content.text for message in vendor.taken]


# What each channel gets --------------------------------------------------------------------------


def test_a_text_message_is_marked_names_its_sender_and_how_to_stop_it(connection, workspace):
    vendor = Vendor()
    connection.execute("update workspace set opt_out_phone = '080-123-4567'")
    waiting(connection, workspace)

    send(connection, workspace, vendor)

    [message] = vendor.taken
    assert message.recipient == "+82-minji"
    assert isinstance(message.content, TextNote)
    lines = message.content.text.splitlines()
    assert lines[0] == "(광고)단골 상점"
    assert lines[1].startswith("고객님, 잘 지내셨나요? https://dangol.example/c/")
    assert lines[-1] == "무료수신거부 080-123-4567"
    # Longer than an SMS holds: an LMS, which has a title.
    assert message.content.title


def test_an_informational_text_message_is_left_as_it_is(connection, workspace):
    vendor = Vendor()
    short = template(
        connection,
        workspace,
        name="short",
        channel="sms",
        purpose="informational",
        body_text="주문을 보냈어요.",
    )
    waiting(connection, workspace, template_id=short)

    send(connection, workspace, vendor)

    assert vendor.taken[0].content == TextNote(text="주문을 보냈어요.")


def test_an_alimtalk_says_the_approved_text_with_its_gaps_filled(connection, workspace):
    vendor = Vendor()
    approved = template(
        connection,
        workspace,
        name="shipped",
        channel="kakao_alimtalk",
        purpose="informational",
        body_text="#{이름}님, 주문 #{order}이 나갔어요.",
    )
    connection.execute(
        "update template set vendor_code = 'KA01', buttons ="
        """ '[{"kind": "WL", "name": "보기", "mobile_url": "https://shop.example/#{order}"}]'"""
    )
    waiting(connection, workspace, channel="kakao_alimtalk", template_id=approved)
    connection.execute("""update customer set traits = '{"name": "민지", "order": "A-7"}'""")

    send(connection, workspace, vendor, channel=Channel.KAKAO_ALIMTALK)

    note = vendor.taken[0].content
    assert isinstance(note, AlimtalkNote)
    assert (note.template_code, note.text) == ("KA01", "민지님, 주문 A-7이 나갔어요.")
    assert note.variables == {"이름": "민지", "order": "A-7"}
    assert note.buttons[0].mobile_url == "https://shop.example/A-7"


def emphasised(connection, workspace, *, order: str) -> int:
    """An allowed Alimtalk with an app link, and its order number large above its text."""
    approved = template(
        connection,
        workspace,
        name="shipped",
        channel="kakao_alimtalk",
        purpose="informational",
        body_text="#{이름}님, 주문이 나갔어요.",
    )
    connection.execute(
        "update template set vendor_code = 'KA01', emphasis_title = '주문 #{order}',"
        " emphasis_subtitle = '배송', buttons = '[{"
        """"kind": "AL", "name": "앱", "android_url": "shop://o/#{order}", """
        """"ios_url": "shop://o", "desktop_url": "https://shop.example/#{spot}"}]'"""
    )
    message = waiting(connection, workspace, channel="kakao_alimtalk", template_id=approved)
    connection.execute(
        "update customer set traits = %s",
        (json.dumps({"name": "민지", "order": order, "spot": "door"}),),
    )
    return message


def test_what_stands_above_an_alimtalk_and_where_its_buttons_lead_is_filled(connection, workspace):
    vendor = Vendor()
    emphasised(connection, workspace, order="A-7")

    send(connection, workspace, vendor, channel=Channel.KAKAO_ALIMTALK)

    note = vendor.taken[0].content
    assert isinstance(note, AlimtalkNote)
    (button,) = note.buttons
    assert note.title == "주문 A-7"
    assert (button.android_url, button.ios_url) == ("shop://o/A-7", "shop://o")
    assert button.desktop_url == "https://shop.example/door"


def test_what_is_too_long_above_an_alimtalk_once_filled_is_not_sent(connection, workspace):
    vendor = Vendor()
    message = emphasised(connection, workspace, order="7" * 48)

    send(connection, workspace, vendor, channel=Channel.KAKAO_ALIMTALK)

    assert vendor.taken == []
    assert message_state(connection, message) == "failed"


@pytest.mark.parametrize("code", ["BM1", ""])
def test_a_brand_message_that_a_vendor_keeps_goes_by_its_template_or_not_at_all(
    connection, workspace, code
):
    vendor = Vendor()
    kept = template(
        connection,
        workspace,
        name="coats",
        channel="kakao_brand",
        body_text="#{이름}님, 새 코트예요. https://shop.example/",
    )
    connection.execute("update template set vendor_code = %s where name = 'coats'", (code,))
    message = waiting(connection, workspace, channel="kakao_brand", template_id=kept)
    connection.execute("""update customer set traits = '{"name": "민지"}'""")

    send(connection, workspace, vendor, channel=Channel.KAKAO_BRAND)

    text = "민지님, 새 코트예요. https://shop.example/"
    note = BrandNote(text=text, buttons=[], template_code="BM1", variables={"이름": "민지"})
    assert [one.content for one in vendor.taken] == ([note] if code else [])
    assert message_state(connection, message) == ("handed" if code else "failed")


def test_an_alimtalk_with_a_gap_nobody_can_fill_is_not_sent(connection, workspace):
    vendor = Vendor()
    approved = template(
        connection,
        workspace,
        name="shipped",
        channel="kakao_alimtalk",
        purpose="informational",
        body_text="주문 #{order}이 나갔어요.",
    )
    connection.execute("update template set vendor_code = 'KA01'")
    message = waiting(connection, workspace, channel="kakao_alimtalk", template_id=approved)

    send(connection, workspace, vendor, channel=Channel.KAKAO_ALIMTALK)

    assert vendor.taken == []
    assert message_state(connection, message) == "failed"


def test_kakao_and_notifications_get_notes_of_their_own(connection, workspace):
    kakao, push = Vendor(), Vendor()
    waiting(connection, workspace, channel="kakao_brand")
    waiting(connection, workspace, name="jiwoo", channel="push")

    send(connection, workspace, kakao, channel=Channel.KAKAO_BRAND)
    send(connection, workspace, push, channel=Channel.PUSH)

    assert isinstance(kakao.taken[0].content, BrandNote)
    # Kakao adds the mark itself.
    assert not kakao.taken[0].content.text.startswith("(광고)")
    assert isinstance(push.taken[0].content, PushNote)
    assert push.taken[0].content.title.startswith("(광고) ")
    assert push.taken[0].content.body.endswith("수신거부: 설정 > 알림")


def test_every_attempt_of_a_note_is_the_same_to_the_byte(connection, workspace):
    vendor = Vendor(answer=always(Fate.RETRYABLE))
    seen = []
    vendor.answer = lambda message: (seen.append(message), outcome(message, Fate.RETRYABLE))[1]
    waiting(connection, workspace)

    send(connection, workspace, vendor)
    send(connection, workspace, vendor, now=NOON + 2 * MINUTE)

    first, second = seen
    assert (first.vendor_id, first.content) == (second.vendor_id, second.content)


# Calls without an answer, by class ---------------------------------------------------------------


def test_neither_key_nor_question_stays_unknown_and_is_never_repeated(connection, workspace):
    vendor = Vendor(answer=always(Fate.UNKNOWN))
    message = waiting(connection, workspace)

    send(connection, workspace, vendor)
    send(connection, workspace, vendor, now=NOON + timedelta(days=1))

    assert delivery_states(connection, message) == ["unknown"]
    assert vendor.calls == 1


def test_a_key_lets_a_call_without_an_answer_be_repeated_once_taken(connection, workspace):
    vendor = Vendor(kind=Idempotency.KEYED, answer=always(Fate.UNKNOWN))
    message = waiting(connection, workspace)

    send(connection, workspace, vendor)
    vendor.answer = outcome
    send(connection, workspace, vendor, now=NOON + MINUTE)

    assert delivery_states(connection, message) == ["retryable", "accepted"]
    assert len(vendor.taken) == 1


def test_a_key_protects_only_as_long_as_the_vendor_keeps_it(connection, workspace):
    vendor = Vendor(kind=Idempotency.KEYED, answer=always(Fate.UNKNOWN))
    message = waiting(connection, workspace)
    send(connection, workspace, vendor)

    late = NOON + KEY_LASTS
    again = send(connection, workspace, vendor, now=late)
    with connection.transaction():
        keyed = {provider(vendor.kind).name: KEY_LASTS}
        recover_claims(connection, workspace_id=workspace, now=late, keyed=keyed)

    assert again.claimed == 0
    assert delivery_states(connection, message) == ["unknown"]
    assert message_state(connection, message) == "handed"


def test_nobody_else_repeats_what_another_vendor_may_have(connection, workspace):
    keyed, other = Vendor(kind=Idempotency.KEYED, answer=always(Fate.UNKNOWN)), Vendor()
    waiting(connection, workspace)

    send(connection, workspace, keyed)
    send(connection, workspace, other, now=NOON + MINUTE)

    assert other.taken == []


def test_a_lost_call_to_a_vendor_with_keys_is_made_again(connection, workspace):
    vendor = Vendor(kind=Idempotency.KEYED)
    message = waiting(connection, workspace)
    lose_call(connection, workspace, vendor)

    later = NOON + LEASE + MINUTE
    with connection.transaction():
        recovered = recover_claims(
            connection,
            workspace_id=workspace,
            now=later,
            keyed={provider(vendor.kind).name: KEY_LASTS},
        )
    send(connection, workspace, vendor, now=later)

    assert (recovered.unknown, recovered.repeated) == (0, 1)
    assert delivery_states(connection, message) == ["retryable", "accepted"]


@pytest.mark.parametrize(("came", "states"), [(True, ["accepted"]), (False, ["retryable"])])
def test_a_vendor_that_can_be_asked_settles_what_is_unknown(connection, workspace, came, states):
    vendor = Vendor(kind=Idempotency.ASKABLE)
    vendor.answer = lambda message: outcome(message, Fate.UNKNOWN)
    message = waiting(connection, workspace)
    send(connection, workspace, vendor)
    if not came:
        vendor.taken.clear()

    asked = [
        ask_unanswered(
            connection,
            vendor,
            provider=provider(vendor.kind),
            workspace_id=workspace,
            vault=TEST_VAULT,
            clock=lambda _, at=at: at,
        )
        # Too early, in time, and when nothing is left to ask.
        for at in (NOON + MINUTE, NOON + 3 * MINUTE, NOON + 6 * MINUTE)
    ]

    assert asked == [0, 1, 0]
    assert delivery_states(connection, message) == states
    assert message_state(connection, message) == ("handed" if came else "allowed")


def test_a_call_that_ended_late_is_asked_about_no_sooner_after_its_end(connection, workspace):
    vendor = Vendor(kind=Idempotency.ASKABLE)
    vendor.answer = lambda message: outcome(message, Fate.UNKNOWN)
    message = waiting(connection, workspace)
    send(connection, workspace, vendor)
    connection.execute("update delivery set settled_at = %s", [NOON + 4 * MINUTE])
    connection.commit()

    asked = [
        ask_unanswered(
            connection,
            vendor,
            provider=provider(vendor.kind),
            workspace_id=workspace,
            vault=TEST_VAULT,
            clock=lambda _, at=at: at,
        )
        for at in (NOON + 5 * MINUTE, NOON + 6 * MINUTE)
    ]

    assert asked == [0, 1]
    assert delivery_states(connection, message) == ["accepted"]


def lose_call(connection: Connection, workspace: int, vendor: Vendor) -> None:
    """A worker dies while the vendor has its call."""

    class Death(Exception):  # noqa: N818 - of a worker
        pass

    def die(message):
        vendor.keep(message)
        raise Death

    vendor.answer = die
    with pytest.raises(Death):
        send(connection, workspace, vendor)
    vendor.answer = outcome


# What follows from a fault -----------------------------------------------------------------------


def test_a_dead_number_is_written_to_by_nobody_again(connection, workspace):
    vendor = Vendor(answer=always(Fate.REJECTED, FaultKind.PERMANENT, code="3018"))
    message = waiting(connection, workspace)

    send(connection, workspace, vendor)

    assert message_state(connection, message) == "failed"
    assert rows(connection, "select channel::text, reason::text from suppression") == [
        ("sms", "bounced")
    ]
    assert rows(connection, "select state::text from address") == [("bounced",)]


def test_whoever_refused_at_the_vendor_has_refused(connection, workspace):
    vendor = Vendor(answer=always(Fate.REJECTED, FaultKind.OPT_OUT))
    waiting(connection, workspace)

    send(connection, workspace, vendor)

    assert rows(connection, "select channel::text, state::text from consent") == [
        ("sms", "withdrawn")
    ]
    assert rows(
        connection, "select source_kind::text from consent_entry where action = 'withdraw'"
    ) == [("feedback",)]
    assert rows(connection, "select reason::text from suppression") == [("unsubscribed",)]


@pytest.mark.parametrize("fault", [FaultKind.UNREACHABLE, FaultKind.CONTENT])
def test_what_is_not_the_address_fault_suppresses_nobody(connection, workspace, fault):
    vendor = Vendor(answer=always(Fate.REJECTED, fault))
    message = waiting(connection, workspace)

    send(connection, workspace, vendor)

    assert message_state(connection, message) == "failed"
    assert rows(connection, "select reason::text from suppression") == []


def test_a_message_that_vendors_refuse_again_and_again_is_stopped(connection, workspace):
    vendor = Vendor(answer=always(Fate.REJECTED, FaultKind.CONTENT, code="3016"))
    made = template(connection, workspace, name="bad", channel="sms")
    found = journey(connection, workspace, template_id=made)
    for number in range(REFUSED_MAX):
        waiting(connection, workspace, name=f"c{number}", journey_id=found)

    send(connection, workspace, vendor, batch=REFUSED_MAX - 1)
    before = rows(connection, "select refused_because from journey_stop")
    send(connection, workspace, vendor)

    assert before == []
    assert rows(connection, "select sent, refused_because from journey_stop") == [
        (REFUSED_MAX, "3016")
    ]


def test_one_that_is_taken_begins_the_count_anew(connection, workspace):
    answers = iter([FaultKind.CONTENT, None] + [FaultKind.CONTENT] * (REFUSED_MAX - 1))
    vendor = Vendor()
    vendor.answer = lambda message: (
        outcome(message, Fate.REJECTED, fault=fault) if (fault := next(answers)) else None
    )
    made = template(connection, workspace, name="bad", channel="sms")
    found = journey(connection, workspace, template_id=made)
    for number in range(REFUSED_MAX + 1):
        waiting(connection, workspace, name=f"c{number}", journey_id=found)

    send(connection, workspace, vendor, batch=1)
    send(connection, workspace, vendor, batch=1)
    send(connection, workspace, vendor)

    assert rows(connection, "select id from journey_stop") == []


def test_who_is_told_to_wait_waits_as_long_and_gets_half_as_much(connection, workspace):
    hour = timedelta(hours=1)
    vendor = Vendor(answer=always(Fate.RETRYABLE, FaultKind.THROTTLED, retry_after=hour))
    message = waiting(connection, workspace)
    for number in range(9):
        waiting(connection, workspace, name=f"c{number}")

    send(connection, workspace, vendor)

    assert [one.slowed_to for one in list_providers(connection)] == [5.0]
    assert rows(connection, "select act_at from message where id = %s", message) == [(NOON + hour,)]
    vendor.answer = outcome
    assert send(connection, workspace, vendor, now=NOON + hour).claimed == 5
    assert send(connection, workspace, vendor, now=NOON + hour).claimed == 0
    assert send(connection, workspace, vendor, now=NOON + hour + timedelta(seconds=1)).claimed == 5


def test_an_account_that_is_wrong_pauses_its_vendor_until_somebody_repairs_it(
    connection, workspace
):
    vendor = Vendor(answer=always(Fate.RETRYABLE, FaultKind.CONFIGURATION, code="401"))
    for number in range(5):
        waiting(connection, workspace, name=f"c{number}")

    send(connection, workspace, vendor)
    assert [one.paused_because for one in list_providers(connection)] == ["401"]
    assert send(connection, workspace, vendor, now=NOON + 5 * MINUTE).claimed == 0

    resume_provider(connection, name=provider().name)
    connection.commit()
    vendor.answer = outcome
    assert send(connection, workspace, vendor, now=NOON + 5 * MINUTE).accepted == 5


def test_a_pause_ends_by_itself_once_one_is_taken(connection, workspace):
    vendor = Vendor(answer=always(Fate.RETRYABLE, FaultKind.CONFIGURATION, code="401"))
    for number in range(5):
        waiting(connection, workspace, name=f"c{number}")
    send(connection, workspace, vendor)

    vendor.answer = outcome
    tried = send(connection, workspace, vendor, now=NOON + 11 * MINUTE)
    rest = send(connection, workspace, vendor, now=NOON + 11 * MINUTE)

    assert (tried.claimed, rest.claimed) == (1, 4)


def test_a_vendor_that_does_not_answer_rests_is_tried_and_goes_on(connection, workspace):
    vendor = Vendor(answer=always(Fate.RETRYABLE, FaultKind.TRANSIENT))
    for number in range(5):
        waiting(connection, workspace, name=f"c{number}")
    for minute in (0, 1, 6):
        send(connection, workspace, vendor, now=NOON + minute * MINUTE)

    resting = send(connection, workspace, vendor, now=NOON + 6 * MINUTE)
    vendor.answer = outcome
    tried = send(connection, workspace, vendor, now=NOON + 40 * MINUTE)
    rest = send(connection, workspace, vendor, now=NOON + 40 * MINUTE)

    assert (resting.claimed, tried.claimed, rest.claimed) == (0, 1, 4)


def test_a_poison_recipient_holds_up_nobody(connection, workspace):
    """Mautic#7226: one refused recipient must not make the others be sent again."""
    vendor = Vendor()
    vendor.answer = lambda message: (
        outcome(message, Fate.REJECTED, code="554") if "poison" in message.recipient else None
    )
    for name in ("poison", "minji", "jiwoo"):
        waiting(connection, workspace, name=name)

    send(connection, workspace, vendor)
    again = send(connection, workspace, vendor, now=NOON + timedelta(days=1))

    assert sorted(message.recipient for message in vendor.taken) == ["+82-jiwoo", "+82-minji"]
    assert again.claimed == 0


# Who goes first ----------------------------------------------------------------------------------


def test_a_journey_of_few_does_not_wait_behind_one_of_many(connection, workspace):
    many = journey(connection, workspace, name="many", template_id=sms(connection, workspace, "a"))
    few = journey(connection, workspace, name="few", template_id=sms(connection, workspace, "b"))
    for number in range(30):
        waiting(connection, workspace, name=f"m{number}", journey_id=many)
    for number in range(3):
        waiting(connection, workspace, name=f"f{number}", journey_id=few)
    vendor = Vendor()

    send(connection, workspace, vendor, batch=10)

    assert sum(message.recipient.startswith("+82-f") for message in vendor.taken) == 3


def test_information_goes_before_advertising_which_still_goes(connection, workspace):
    receipt = sms(connection, workspace, "receipt", purpose="informational")
    orders = journey(connection, workspace, name="orders", template_id=receipt)
    news = journey(connection, workspace, name="news", template_id=sms(connection, workspace, "n"))
    for number in range(30):
        waiting(connection, workspace, name=f"n{number}", journey_id=news)
        waiting(connection, workspace, name=f"o{number}", journey_id=orders)
    vendor = Vendor()

    send(connection, workspace, vendor, batch=22)

    kinds = [message.recipient[4] for message in vendor.taken]
    assert kinds == ["o"] * 20 + ["n"] * 2


def sms(connection: Connection, workspace: int, name: str, *, purpose: str = "marketing") -> int:
    return template(connection, workspace, name=name, channel="sms", purpose=purpose)


def rows(connection: Connection, query: str, *values: object) -> Sequence[tuple]:
    with connection.transaction():
        return connection.execute(query.encode(), values).fetchall()
