"""Every kind of dirt that has been seen in tracking calls, made up anew from a seed.

Values are written as JSON text by hand, because much of the dirt is what a JSON library would not
write: numbers that overflow, half surrogates, keys that come twice.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Final

TYPES: Final = ("track", "identify", "page", "screen", "group", "alias")
NAMES: Final = ("Visited", "Order Completed", "Product Viewed", "장바구니 담기", "🛒 Added")
PLACES: Final = ("userId", "anonymousId", "previousId", "groupId", "messageId", "event", "name")
TEXTS: Final = (
    "",
    " ",
    "민지",
    "👩‍👩‍👧‍👦🇰🇷",
    "\u202eتحميل\u202c",
    "a\u0000b",
    "\\u0000",
    "\\",
    "\t\r\n",
    "\u2028\ufeff\ufffe",
    "zalgo" + "\u0301" * 40,
    "null",
    "NaN",
    "[object Object]",
    "'; drop table event; --",
    "%(now)s %s {0} {{ shop }}",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "x" * 255,
    "x" * 256,
    "가" * 3_000,
    "import:customer:1",
    "shop:order:shopify:main:1",
)
TIMES: Final = (
    "2027-03-02T03:00:00Z",
    "2027-03-02T12:00:00+09:00",
    "2027-03-02",
    "2027-W09-2",
    "20270302T030000",
    "2027-03-02T03:00:00.123456789Z",
    "1969-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2999-01-01T00:00:00Z",
    "2027-02-30T00:00:00Z",
    "2027-03-02T24:00:00Z",
    "2027-03-02T03:00:60Z",
    "yesterday",
    "1772420400",
    "٢٠٢٧-٠٣-٠٢",
    "",
)
# As JSON text.
NUMBERS: Final = (
    "0",
    "-0",
    "-0.0",
    "1",
    "39000",
    "0.1",
    "-1",
    "1e999",
    "-1e999",
    "1e-999",
    "1E+2",
    "9223372036854775808",
    "18446744073709551616",
    "9" * 400,
    "0." + "3" * 400,
    "99999999999999",
    "100000000000000",
    "99999999999999.99999",
    "0.00005",
    "1e14",
)
AMOUNTS: Final = (
    "NaN",
    "Infinity",
    "-inf",
    "sNaN",
    "1e3",
    "1e-400",
    "1e-999999999",
    "9e999999",
    "39,000",
    "₩39000",
    "0x1F",
    "1_000",
    "٣٩٠٠٠",
    " 12.50 ",
    "-" + "9" * 300,
)
CONTACTS: Final = (
    "minji@shop.example",
    "MINJI@SHOP.EXAMPLE ",
    "no address",
    "a@b",
    "@",
    "민지@상점.example",
    "a" * 250 + "@x.example",
    "010-1234-5678",
    "+82 10-9999-0000",
    "+" + "1" * 400,
    "٠١٠١٢٣٤٥٦٧٨",
)
CURRENCIES: Final = ("KRW", "krw", "KR", "₩", "ＫＲＷ", "", "KRWKRW")  # noqa: RUF001


def text(value: object) -> str:
    """Write a value as JSON in ASCII, so that half surrogates survive."""
    return json.dumps(value)


def obj(fields: list[tuple[str, str]]) -> str:
    """Write an object of fields that are JSON already; a key may come twice."""
    return "{" + ",".join(f"{text(key)}:{value}" for key, value in fields) + "}"


def deep(random: Random) -> str:
    """Write something nested far deeper than anybody means."""
    depth = random.choice((5, 60, 900, 5_000))
    inner = random.choice(("1", "{}", '"x"'))
    if random.random() < 0.5:
        return "[" * depth + inner + "]" * depth
    return '{"a":' * depth + inner + "}" * depth


def wide(random: Random) -> str:
    """Write an object of far too many, or far too long, keys."""
    if random.random() < 0.3:
        return obj([("k" * random.choice((300, 5_000, 40_000)), "1")])
    return obj([(f"k{number}", "1") for number in range(random.choice((50, 400, 2_000, 10_000)))])


def half_surrogate(_: Random) -> str:
    return '"\\ud800 \\udfff x"'


def pick(*choices: str) -> Callable[[Random], str]:
    return lambda random: random.choice(choices)


RARE: Final[tuple[Callable[[Random], str], ...]] = (deep, wide, half_surrogate)
PLAIN: Final[tuple[Callable[[Random], str], ...]] = (
    pick("null", "true", "false", "{}", "[]", '[null, {}, [], "x"]', '{"": ""}'),
    pick(*NUMBERS),
    pick(*map(text, TEXTS)),
    pick(*map(text, TIMES)),
    pick(*map(text, AMOUNTS)),
    pick(*map(text, CONTACTS)),
)


def anything(random: Random) -> str:
    """Write any value at all."""
    kinds = RARE if random.random() < 0.02 else PLAIN
    return random.choice(kinds)(random)


def consent(random: Random) -> str:
    """Write consents, most of them wrong in one way."""
    item = {
        "channel": random.choice(("email", "email", "fax", 7)),
        "purpose": random.choice(("marketing", "informational", "", None)),
        "action": random.choice(("grant", "withdraw", "import", "GRANT")),
        "source": random.choice(("form", "form", "", "x" * 300)),
        "wording": random.choice(("", "예", "a\u0000b", "x" * 3_000)),
    }
    if random.random() < 0.3:
        item["occurred_at"] = random.choice(TIMES)
    if item["action"] == "import":
        item["imported_state"] = random.choice(("granted", "refused", "perhaps"))
    return obj([("consents", random.choice((text([item]), text([item] * 3), text(item), "7")))])


def commerce(random: Random) -> str:
    """Write properties as an order has them, some dirty."""
    amount = pick(*NUMBERS, *map(text, AMOUNTS))
    fields = [
        ("revenue", amount(random)),
        ("total", amount(random)),
        ("quantity", amount(random)),
        ("currency", text(random.choice(CURRENCIES))),
        ("order_id", anything(random)),
        ("product_id", anything(random)),
        (random.choice(("category", "products", "coupon", "email", "phone")), anything(random)),
    ]
    return obj(random.sample(fields, random.randint(0, len(fields))))


def traits(random: Random) -> str:
    """Write traits, with contacts that may be none and names that mean something to us."""
    fields = [
        ("email", text(random.choice(CONTACTS))),
        ("phone", text(random.choice(CONTACTS))),
        ("locale", anything(random)),
        ("timezone", anything(random)),
        ("country", anything(random)),
        ("address", random.choice(('{"country": 7}', anything(random)))),
        (random.choice(("", "grade", "등급", "a\u0000", "__proto__")), anything(random)),
    ]
    return obj(random.sample(fields, random.randint(0, 3)))


def clean(random: Random, number: int) -> dict[str, str]:
    """Return a call as a good client sends it, each field as JSON text."""
    return {
        "type": text(random.choice(TYPES)),
        "userId": text(f"u{random.randint(0, 500)}"),
        "event": text(random.choice(NAMES)),
        "messageId": text(f"m{number}"),
        "timestamp": text(f"2027-03-02T02:{random.randint(0, 59):02}:00Z"),
        "previousId": text(f"a{random.randint(0, 500)}"),
    }


def dirty(random: Random, number: int) -> str:
    """Return one call as JSON text: a good one, soiled in none to four places."""
    call = clean(random, number)
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        soil(random, call, number)
    fields = list(call.items())
    random.shuffle(fields)
    if random.random() < 0.02:
        fields += random.sample(fields, 1)
    return obj(fields)


def soil(random: Random, call: dict[str, str], number: int) -> None:
    """Put one piece of dirt into a call."""
    match random.randrange(9):
        case 0:
            call[random.choice(PLACES)] = anything(random)
        case 1:
            # Another's message id: it may act only once.
            call["messageId"] = text(f"m{random.randint(0, max(number, 1))}")
        case 2:
            place = random.choice(("timestamp", "originalTimestamp", "sentAt"))
            call[place] = text(random.choice(TIMES))
        case 3:
            call["properties"] = random.choice((commerce, commerce, anything))(random)
        case 4:
            call["traits"] = random.choice((traits, traits, anything))(random)
        case 5:
            call["context"] = obj([("traits", traits(random)), ("dangol", consent(random))])
        case 6:
            _ = call.pop(random.choice(tuple(call)), None)
        case 7:
            call[random.choice(TEXTS)] = anything(random)
        case _:
            call["type"] = random.choice((text("Track"), text("delete"), "null", "7", text("page")))
