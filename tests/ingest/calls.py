"""Calls of every kind, the odd ones included, as a client might write them."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from tests.build import NOON, TEST_VAULT

from dangol.ingest.calls import open_envelope
from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.payload import Reader, Reception, calls_of
from dangol.store.vocabulary import ApiKeyKind

RECEPTION = Reception(
    vault=TEST_VAULT, workspace_id=1, key_kind=ApiKeyKind.SERVER, received_at=NOON
)

odd_text = st.text(max_size=20) | st.sampled_from(
    ["null", " ", "  a ", "\\N", "a\tb", "a\nb", "\0", "a\\", "봄 신상", "😀", "undefined", "1e5"]
)
ids = st.none() | st.integers() | odd_text
numbers = st.integers(-(10**16), 10**16) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | odd_text
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3),
    max_leaves=6,
)
times = st.none() | st.sampled_from(
    [
        "2027-03-02T11:30:00+09:00",
        "2027-03-02T02:59:59.123456Z",
        "2027-03-02T03:00:00",
        "2027-03-02",
        "1969-12-31T23:59:59Z",
        "2099-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "yesterday",
        "",
    ]
)
properties = st.none() | st.dictionaries(
    st.sampled_from(
        [
            "revenue",
            "total",
            "quantity",
            "currency",
            "order_id",
            "product_id",
            "category",
            "name",
            "email",
            "phone",
            "url",
            "device",
        ]
    )
    | odd_text,
    documents,
    max_size=6,
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 13; SM-S911N) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
)
# Each as it should be, and as it should not.
machines = {
    "userAgent": st.sampled_from([PHONE, "Mozilla/5.0 (X11; Linux x86_64)", "a\t\0", "", None, 17]),
    "userAgentData": st.sampled_from([{"mobile": True}, {"mobile": "yes"}, {}, None, "Chromium"]),
    "device": st.sampled_from([{"type": "ios", "id": "😀"}, {"type": "odd"}, {"type": 5}, {}, [1]]),
}
contexts = st.fixed_dictionaries({}, optional=machines)
calls = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track", "page", "screen", "identify", "group"]),
        "messageId": ids,
        "userId": ids,
    },
    optional={
        "event": odd_text | st.just("Order Completed"),
        "name": odd_text,
        "anonymousId": ids,
        "timestamp": times,
        "originalTimestamp": times,
        "sentAt": times,
        "properties": properties,
        "traits": properties,
        "context": contexts
        | st.fixed_dictionaries({}, optional={"traits": properties, **machines}),
    },
)


@dataclass
class Careful:
    """What the careful way makes of a body: events and faults, each by its place."""

    events: dict[int, Event] = field(default_factory=dict)
    faults: dict[int, BadPayload] = field(default_factory=dict)


def read_call(body: bytes, *, path_type: str, reception: Reception = RECEPTION) -> Event:
    """Read a body that is one call; what it is refused for is raised."""
    envelope = open_envelope(body)
    return Reader(envelope=envelope, body=body, path_type=path_type, reception=reception).read(
        0, body
    )


def read_batch(body: bytes, *, reception: Reception = RECEPTION) -> Careful:
    """Read every call of a batch with care."""
    envelope = open_envelope(body)
    reader = Reader(envelope=envelope, body=body, path_type=None, reception=reception)
    made = Careful()
    for place, raw in enumerate(calls_of(envelope)):
        try:
            made.events[place] = reader.read(place, raw)
        except BadPayload as fault:
            made.faults[place] = fault
    return made
