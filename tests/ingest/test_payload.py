"""What the edge takes, and what it refuses with a remedy."""

import contextlib
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build import NOON, TEST_VAULT
from tests.ingest.calls import RECEPTION, Careful, read_batch, read_call

from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.payload import (
    LARGEST_BODY,
    unpack,
)
from dangol.store.vocabulary import ApiKeyKind, EventType

WORKSPACE = 1


def parse(
    payload: object, *, path_type: str | None = "track", key_kind: ApiKeyKind = ApiKeyKind.SERVER
) -> list[Event]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    reception = replace(RECEPTION, key_kind=key_kind)
    if path_type is not None:
        return [read_call(body, path_type=path_type, reception=reception)]
    made = read_batch(body, reception=reception)
    for fault in made.faults.values():
        raise fault
    return list(made.events.values())


def parse_batch(*calls: object) -> Careful:
    return read_batch(json.dumps({"batch": calls}).encode())


def track(**fields: object) -> dict[str, object]:
    return {"userId": "minji", "event": "Order Completed", "messageId": "m1", **fields}


def refusal(payload: object, **options: object) -> tuple[str, str]:
    with pytest.raises(BadPayload) as caught:
        parse(payload, **options)
    return caught.value.code, caught.value.message


def test_an_order_gets_its_commerce_fields_typed_beside_what_the_client_sent():
    (event,) = parse(
        track(
            timestamp="2027-03-02T11:30:00+09:00",
            properties={
                "order_id": 17,
                "revenue": "36000.50",
                "currency": "krw",
                "coupon": "봄",
                "products": [{"sku": "s1"}],
            },
        )
    )

    assert event.type is EventType.TRACK
    assert event.occurred_at == datetime(2027, 3, 2, 2, 30, tzinfo=UTC)
    assert (event.order_id, event.revenue, event.currency) == ("17", Decimal("36000.50"), "KRW")
    assert event.properties == {
        "order_id": 17,
        "revenue": "36000.50",
        "currency": "krw",
        "coupon": "봄",
        "products": [{"sku": "s1"}],
    }


def test_the_total_stands_in_for_a_missing_revenue():
    (event,) = parse(track(properties={"total": 39000}))

    assert event.revenue == 39000
    assert event.properties == {"total": 39000}


@pytest.mark.parametrize("amount", ["39,000", "39000원", True, [1], 10**15, "NaN", "Infinity"])
def test_an_amount_that_would_be_a_guess_is_refused_with_field_value_and_remedy(amount):
    code, message = refusal(track(properties={"revenue": amount}))

    assert code == "bad_value"
    assert message.startswith("properties.revenue is ")
    assert "like 39000" in message


def test_contact_data_never_stays_in_the_clear():
    payload = {
        "userId": "minji",
        "traits": {"email": " Minji@Shop.example", "phone": "010-1234-5678", "name": "민지"},
    }

    (event,) = parse(payload, path_type="identify")

    assert event.traits == {"name": "민지"}
    opened = {(one["kind"], one["key"]): one["sealed"] for one in event.contacts}
    assert set(opened) == {
        ("email", TEST_VAULT.key(WORKSPACE, "email", "minji@shop.example")),
        ("phone", TEST_VAULT.key(WORKSPACE, "phone", "+821012345678")),
    }


def test_contact_data_in_properties_and_context_is_taken_out_too():
    payload = track(
        userId=None,
        properties={"email": "minji@shop.example", "list": "news"},
        context={"traits": {"phone": "+82 10 1234 5678"}},
    )

    (event,) = parse(payload)

    assert event.properties == {"list": "news"}
    assert {one["kind"] for one in event.contacts} == {"email", "phone"}


def test_an_address_that_is_none_is_refused():
    payload = {"userId": "minji", "traits": {"email": "not an address"}}

    code, message = refusal(payload, path_type="identify")

    assert code == "bad_value"
    assert message.startswith("email is 'not an address'")


@pytest.mark.parametrize("nobody", [None, "", "  ", "null", "undefined", "NaN"])
def test_what_clients_send_for_nobody_is_nobody(nobody):
    (event,) = parse(track(userId=nobody, anonymousId="a1"))

    assert (event.user_id, event.anonymous_id) == (None, "a1")


def test_an_event_about_nobody_is_refused():
    code, message = refusal(track(userId=None))

    assert code == "missing_id"
    assert "userId" in message


def test_a_clock_thousands_of_years_ahead_leads_to_no_time_before_all_calendars():
    (event,) = parse(track(timestamp="2027-03-02T02:43:00Z", sentAt="5969-12-31T23:59:59Z"))

    assert event.occurred_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_client_clock_that_is_wrong_is_corrected_by_what_it_says_at_sending():
    wrong = NOON + timedelta(days=400)

    (event,) = parse(
        track(
            timestamp=wrong.isoformat(),
            sentAt=(wrong + timedelta(seconds=90)).isoformat(),
        )
    )

    assert event.occurred_at == NOON - timedelta(seconds=90)


def test_an_event_from_the_future_happened_now():
    (event,) = parse(track(timestamp=(NOON + timedelta(hours=2)).isoformat()))

    assert event.occurred_at == NOON


def test_the_original_timestamp_stands_in_for_a_missing_one():
    (event,) = parse(track(originalTimestamp="2027-03-01T00:00:00Z"))

    assert event.occurred_at == datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("time", ["yesterday", "0001-01-01T00:00:00Z", "1969-12-31", "2027-13-01"])
def test_a_time_that_is_none_is_refused(time):
    code, message = refusal(track(timestamp=time))

    assert code == "bad_value"
    assert message.startswith("timestamp is ")


def test_the_same_bytes_get_the_same_message_id():
    payload = {"userId": "minji", "event": "Visited", "timestamp": NOON.isoformat()}

    (first,) = parse(payload)
    (again,) = parse(payload)
    (other,) = parse({**payload, "event": "Left"})

    assert first.message_id == again.message_id
    assert first.message_id != other.message_id


@pytest.mark.parametrize("taken", ["segment:1:entered:7", "receipt:1", "delivery:1:accepted"])
def test_outsiders_cannot_take_the_message_ids_of_our_own_stages(taken):
    (event,) = parse(track(messageId=taken))

    assert event.message_id == f"api:{taken}"


def test_a_bad_event_of_a_batch_is_refused_alone():
    parsed = parse_batch(
        track(type="track"),
        track(type="track", properties={"revenue": "much"}),
        track(type="dance"),
        [1, 2],
        {"type": "page", "anonymousId": "a1", "name": "Home", "messageId": "m2"},
    )

    assert [event.name for event in parsed.events.values()] == ["Order Completed", "Page Viewed"]
    assert [(place, fault.code) for place, fault in parsed.faults.items()] == [
        (1, "bad_value"),
        (2, "unknown_type"),
        (3, "bad_shape"),
    ]


def test_a_group_says_nothing_about_the_person():
    payload = {
        "userId": "minji",
        "groupId": "g1",
        "traits": {"name": "단골 모임", "email": "office@shop.example"},
    }

    (event,) = parse(payload, path_type="group")

    assert (event.name, event.traits, event.contacts) == ("Group Joined", {}, [])
    assert event.properties == {"group_id": "g1", "traits": {"name": "단골 모임"}}


def test_an_alias_links_its_previous_id():
    (event,) = parse({"userId": "minji", "previousId": "a1"}, path_type="alias")

    assert (event.user_id, event.anonymous_id) == ("minji", "a1")


def test_an_identify_learns_language_and_time_zone_from_its_context():
    payload = {"userId": "minji", "context": {"locale": "ko-KR", "timezone": "Asia/Seoul"}}

    (event,) = parse(payload, path_type="identify")

    assert event.traits == {"locale": "ko-KR", "timezone": "Asia/Seoul"}


def test_what_a_call_leaves_open_is_said_by_its_batch():
    outer = {
        "locale": "ko-KR",
        "timezone": "Asia/Seoul",
        "traits": {"tier": "gold", "city": "부산"},
    }
    calls = [
        {
            "type": "identify",
            "userId": "minji",
            "context": {"locale": "en", "traits": {"city": ""}},
        },
        {"type": "identify", "userId": "jiwoo", "traits": {"tier": "silver"}},
    ]
    body = json.dumps({"batch": calls, "context": outer, "integrations": {"All": True}}).encode()

    first, second = parse(body, path_type=None)

    assert first.traits == {
        "locale": "en",
        "timezone": "Asia/Seoul",
        "tier": "gold",
        "city": "",
    }
    assert second.traits == {
        "locale": "ko-KR",
        "timezone": "Asia/Seoul",
        "tier": "silver",
        "city": "부산",
    }


def test_a_call_with_consents_of_its_own_does_not_take_its_batchs():
    inner = {"dangol": {"consents": [{**CONSENT, "action": "withdraw"}]}}
    calls = [track(type="track", context=inner), track(type="track", context={"locale": "ko"})]
    outer = {"dangol": {"consents": [CONSENT]}}
    body = json.dumps({"batch": calls, "context": outer}).encode()

    events = parse(body, path_type=None)

    assert [event.consents[0]["action"] for event in events] == ["withdraw", "grant"]


CONSENT = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "form"}


def with_consent(**fields: object) -> dict[str, object]:
    return track(context={"dangol": {"consents": [{**CONSENT, **fields}]}})


def test_a_server_records_consents_with_their_source():
    (event,) = parse(with_consent(wording="할인 소식을 받겠습니다"))

    assert event.consents == [
        {**CONSENT, "wording": "할인 소식을 받겠습니다", "source_kind": "server"}
    ]


def test_a_browser_records_consents_as_a_browser():
    (event,) = parse(with_consent(source="call center"), key_kind=ApiKeyKind.BROWSER)

    assert event.consents == [{**CONSENT, "source": "browser", "source_kind": "browser"}]


def test_a_server_says_how_a_consent_came():
    known = {
        "source_kind": "phone_call",
        "wording_version": "2027-01",
        "box_preticked": False,
        "proof_token": "link 5",
        "proven_at": "2027-03-02T03:00:00Z",
    }

    (event,) = parse(with_consent(**known))

    assert event.consents == [{**CONSENT, **known}]


@pytest.mark.parametrize("action", ["notice_sent", "reconfirm_sent"])
def test_a_browser_does_not_say_what_the_shop_has_done(action):
    code, message = refusal(with_consent(action=action), key_kind=ApiKeyKind.BROWSER)

    assert code == "bad_value"
    assert "a browser key says only what visitors do" in message


def test_a_browser_proves_no_address():
    payload = with_consent(proof_token="x", proven_at="2027-03-02T03:00:00Z")  # noqa: S106

    assert (
        "belong together, and to a server key" in refusal(payload, key_kind=ApiKeyKind.BROWSER)[1]
    )


def test_a_browser_cannot_import_consents():
    payload = with_consent(action="import", imported_state="granted")

    code, message = refusal(payload, key_kind=ApiKeyKind.BROWSER)

    assert code == "bad_value"
    assert "only a server key" in message


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "pigeon"},
        {"source": ""},
        {"source": "minji@shop.example"},
        {"action": "import"},
        {"purpose": 3},
    ],
)
def test_a_consent_that_would_be_a_guess_is_refused(fields):
    code, message = refusal(with_consent(**fields))

    assert code == "bad_value"
    assert message.startswith("context.dangol.consents")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b'{"userId": "\xff", "event": "x"}', "bad_json"),
        (b"[]", "bad_shape"),
        (b'{"userId": 1.5, "event": "x"}', "bad_shape"),
        (b'{"userId": "u", "event": "x", "properties": [1]}', "bad_shape"),
        (b'{"userId": "u", "event": "x", "properties": {"a": ' + b"[" * 9000, "bad_json"),
        (b'{"userId": "u", "event": " "}', "missing_name"),
        (b'{"userId": "' + b"u" * 256 + b'", "event": "x"}', "bad_value"),
        (b'{"userId": "u", "event": "' + b"x" * 40000 + b'"}', "event_too_large"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_by_its_kind_of_fault(body, code):
    assert refusal(body)[0] == code


def test_a_batch_has_at_most_2500_events():
    assert refusal({"batch": [1] * 2501}, path_type=None)[0] == "too_many_events"


def test_a_batch_path_needs_a_batch():
    assert refusal(track(), path_type=None)[0] == "bad_shape"


def test_gzip_is_known_by_its_first_bytes():
    assert unpack(gzip.compress(b'{"batch": []}', mtime=0)) == b'{"batch": []}'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gzip.compress(bytes(LARGEST_BODY + 1), mtime=0), "body_too_large"),
        (bytes(LARGEST_BODY + 1), "body_too_large"),
        (gzip.compress(b"{}" * 100, mtime=0)[:-9], "bad_encoding"),
        (b"\x1f\x8bnothing", "bad_encoding"),
    ],
    ids=["large once unpacked", "large", "cut off", "no gzip"],
)
def test_a_body_that_is_too_large_or_damaged_is_refused(body, code):
    with pytest.raises(BadPayload) as caught:
        unpack(body)

    assert caught.value.code == code


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "batch",
                        "userId",
                        "event",
                        "type",
                        "properties",
                        "timestamp",
                        "context",
                        "traits",
                        "email",
                        "revenue",
                        "dangol",
                        "consents",
                        "messageId",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_taken_or_refused_and_nothing_else(body):
    for path_type in ("track", "identify", "group", None):
        with contextlib.suppress(BadPayload):
            events = parse(body, path_type=path_type)
            assert all(event.message_id and event.occurred_at.tzinfo for event in events)
