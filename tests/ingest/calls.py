"""Calls of every kind, the odd ones included, as a client might write them."""

from hypothesis import strategies as st

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
        ]
    )
    | odd_text,
    documents,
    max_size=6,
)
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
        "context": st.fixed_dictionaries({}, optional={"traits": properties, "ip": st.just("::1")}),
    },
)
