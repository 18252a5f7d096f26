import re
from pathlib import Path

from dangol.guard.decide import RULES
from dangol.store.vocabulary import DecisionReason, Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "reasons.md"
ROW = re.compile(r"\| `(\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \| (yes)? ?\|")


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_the_reference_lists_every_reason_once() -> None:
    assert sorted(reason for reason, *_ in rows()) == sorted(DecisionReason)


def test_the_reference_explains_every_reason_in_english_and_in_korean() -> None:
    for _, verdict, english, korean, _ in rows():
        assert verdict in set(Verdict)
        assert english.isascii()
        assert re.search("[가-힣]", korean)


def test_the_reference_keeps_the_order_of_the_rules() -> None:
    verbs = [rule.partition("_")[0] for rule in RULES]

    given = [verdict for reason, verdict, *_ in rows() if reason != DecisionReason.MERGED]
    assert given == verbs
