import json

import pytest
from tests.segments.reference_page import examples

from dangol.segments.faults import FAULTS, BadCondition
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.parse import parse_condition, write_condition


def where(condition: object) -> str:
    return json.dumps({"version": 1, "where": condition})


BOUGHT = {"kind": "event", "event": "Order Completed"}


def bought(**more: object) -> str:
    return where({**BOUGHT, **more})


def during(kind: str, **more: object) -> str:
    return bought(during={"kind": kind, **more})


def is_(kind: str, **more: object) -> dict[str, object]:
    return {"kind": kind, **more}


def trait(test: object, name: str = "grade") -> str:
    return where({"kind": "trait", "trait": name, "is": test})


def sequence(*steps: object, **more: object) -> str:
    return where({"kind": "sequence", "steps": steps, **more})


NIGHT = is_("hour", first=22, last=5)
OF_RED = is_("property", property="category", **{"is": is_("equals", value="red")})
HALF = is_("at_least", value=50)
HIGHEST = is_("equals", value=5)


def share(test: object = HALF, **more: object) -> str:
    return where({"kind": "share", "event": "Order Completed", "is": test, **more})


def rank(test: object = HIGHEST, **more: object) -> str:
    return where({"kind": "rank", "event": "Order Completed", "is": test, **more})


def nested(depth: int) -> object:
    condition: object = BOUGHT
    for _ in range(depth - 1):
        condition = {"kind": "all", "of": [condition]}
    return condition


def test_a_stored_condition_is_the_shortest_json_that_says_it() -> None:
    assert json.loads(write_condition(LAPSED_REGULARS)) == {
        "version": 1,
        "where": {
            "kind": "all",
            "of": [
                {**BOUGHT, "is": {"kind": "at_least", "value": 2}},
                {**BOUGHT, "measure": "days_since", "is": {"kind": "at_least", "value": 90}},
            ],
        },
    }


BAD = [
    ("{", "$", "not JSON"),
    ("[]", "$", "an object, not a list"),
    (b"\xff", "$", "not JSON"),
    ("{}", "$", "`where` is missing"),
    (json.dumps({"version": 2, "where": BOUGHT}), "$.version", "version 1"),
    (bought(kind="bought"), "$.where.kind", "“bought” cannot be used here. Use one of: all, any"),
    (where({"kind": "all", "of": []}), "$.where.of", "empty"),
    (where({"kind": "any", "of": [BOUGHT, {}]}), "$.where.of[1]", "`kind`"),
    (bought(since=3), "$.where", "no `since` here"),
    (bought(event=""), "$.where.event", "empty"),
    (bought(event="x" * 201), "$.where.event", "at most 200"),
    (bought(measure="median"), "$.where.measure", "count, sum, average"),
    (bought(measure="sum"), "$.where.of", "sum needs `of`"),
    (bought(of="revenue"), "$.where.of", "count takes no `of`"),
    (bought(measure="sum", of="a..b"), "$.where.of", "empty name"),
    (bought(**{"is": is_("contains", text="x")}), "$.where.is", "Use one of: equals"),
    (bought(**{"is": is_("equals", value="two")}), "$.where.is", "Use one of: equals"),
    (bought(**{"is": is_("at_least", value="2")}), "$.where.is.value", "a number, not a text"),
    (bought(**{"is": is_("at_least", value=1e15)}), "$.where.is", "14 digits"),
    (bought(**{"is": is_("at_least", value=0.00001)}), "$.where.is", "4 decimals"),
    (bought(**{"is": is_("within", least=3, most=2)}), "$.where.is", "Swap them"),
    (bought(measure="last", **{"is": is_("at_least", value=2)}), "$.where.is", "during, days_ago"),
    (during("rolling"), "$.where.during", "days or hours"),
    (during("rolling", days=1, hours=1), "$.where.during", "days or hours"),
    (during("rolling", days=0), "$.where.during.days", "1 or more"),
    (during("rolling", days=99_999), "$.where.during.days", "36500 or less"),
    (during("calendar", unit="decade"), "$.where.during.unit", "day, week, month"),
    (during("since", date="2027-02-30"), "$.where.during.date", "like 2027-03-02"),
    (during("since", date="0001-01-01"), "$.where.during", "1900 and 2200"),
    (during("between", start="2027-03-02", end="2027-03-01"), "$.where.during", "Swap them"),
    (
        bought(where=[{"kind": "property", "property": "a.", "is": is_("exists")}]),
        "$.where.where[0].property",
        "empty name",
    ),
    (bought(where=[{"kind": "products"}]), "$.where.where[0].kind", "property, any_product, hour"),
    (bought(where=[is_("hour", first=8, last=24)]), "$.where.where[0].last", "23 or less"),
    (bought(where=[is_("weekday", days=["sun"])]), "$.where.where[0].days[0]", "monday, tuesday"),
    (bought(where=[is_("weekday", days=[])]), "$.where.where[0].days", "empty"),
    (bought(products=[is_("hour", first=1, last=2)]), "$.where.products[0].kind", "property"),
    (bought(products=[], measure="last"), "$.where.products", "whole events"),
    (bought(measure="variety"), "$.where.of", "variety needs `of`"),
    (share(fit=[]), "$.where.fit", "empty"),
    (share(fit=[is_("nights")]), "$.where.fit[0].kind", "any_product, hour, weekday"),
    (share(fit=[NIGHT], minimum=0), "$.where.minimum", "1 or more"),
    (share(60, fit=[NIGHT]), "$.where.is", "an object, not a whole number"),
    (share(is_("at_least", value=150), fit=[NIGHT]), "$.where.is", "from 0 to 100"),
    (share(is_("exists"), fit=[NIGHT]), "$.where.is", "Use one of: equals"),
    (
        share(fit=[is_("any_product", where=[OF_RED])], products=[]),
        "$.where.fit[0]",
        "no products inside a product",
    ),
    (rank(is_("at_least", value=6)), "$.where.is", "from 1 to 5"),
    (rank(is_("one_of", values=[1, 0])), "$.where.is", "from 1 to 5"),
    (rank(by="sum"), "$.where.of", "sum needs `of`"),
    (rank(by="average", of="revenue"), "$.where.by", "count, sum, min"),
    (rank(groups=1), "$.where.groups", "2 or more"),
    (rank(by="days_since", products=[]), "$.where.products", "whole events"),
    (sequence({"event": "A"}), "$.where.steps", "One step"),
    (
        sequence({"event": "A", "within_days": 1}, {"event": "B"}),
        "$.where.steps[0]",
        "before the first",
    ),
    (
        sequence({"event": "A"}, {"event": "B", "within_days": 1, "within_hours": 1}),
        "$.where.steps[1]",
        "not both",
    ),
    (trait(is_("days_ago")), "$.where.is", "at_least, at_most or both"),
    (trait(is_("date_in", first=2, last=1)), "$.where.is", "Swap them"),
    (trait(is_("exists"), "$age"), "$.where.trait", "$country"),
    (trait(is_("equals", value=None)), "$.where.is.value", "a number or a text, not nothing"),
    (trait(is_("contains", text="\0")), "$.where", "U+0000"),
    (where({"kind": "consent", "channel": "fax"}), "$.where.channel", "Use one of: email"),
    (where({"kind": "lifecycle", "stages": ["lapsed"]}), "$.where.stages[0]", "new, prospect"),
    (where({"kind": "lifecycle", "stages": ["new"], "lost_days": 9}), "$.where", "must grow"),
    (where({"kind": "sample", "name": "x", "percent": 0}), "$.where.percent", "more than 0"),
    (where({"kind": "sample", "name": "x", "percent": 0.001}), "$.where.percent", "two decimals"),
    (where(nested(21)), "$.where" + ".of[0]" * 20, "at most 20 deep"),
    (where({"kind": "any", "of": [BOUGHT] * 200}), "$.where.of[199]", "at most 200"),
    ('{"where":' + '{"kind":"all","of":[' * 9999, "$", "at most 20 deep"),
]


@pytest.mark.parametrize(("text", "path", "says"), BAD)
def test_a_bad_condition_names_the_place_and_the_remedy(
    text: str | bytes, path: str, says: str
) -> None:
    with pytest.raises(BadCondition) as fault:
        parse_condition(text)

    assert fault.value.path == path
    assert says in fault.value.message
    assert "{" not in fault.value.say("ko")


def test_twenty_levels_are_not_too_deep() -> None:
    assert parse_condition(where(nested(20)))


def test_every_fault_has_the_same_blanks_in_both_languages() -> None:
    def blanks(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    assert {name for name, said in FAULTS.items() if blanks(said.ko) != blanks(said.en)} == set()


def test_every_condition_is_shown_on_the_reference_page() -> None:
    shown = {kind for example in examples() for kind in kinds_in(example.where)}

    assert {"all", "none", "event", "sequence", "trait", "engagement", "consent"} <= shown
    assert {"reachable", "lifecycle", "segment", "list", "sample"} <= shown
    assert {"share", "rank", "hour", "weekday", "any_product"} <= shown


def kinds_in(part: object) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(kinds_in, part))
    if isinstance(part, dict):
        return {str(part.get("kind"))}.union(*map(kinds_in, part.values()))
    return set()
