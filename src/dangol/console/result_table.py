"""Results as a table for spreadsheets: a line for each message of each journey."""

from collections.abc import Iterable, Iterator
from typing import Final

from dangol.console.answers import Locale
from dangol.console.result_answers import Figures, JourneyResult

COLUMNS: Final[dict[Locale, tuple[str, ...]]] = {
    "ko": (
        "여정",
        "메시지",
        "보냄",
        "실패",
        "도착",
        "사람이 열람",
        "사람이 클릭",
        "답장",
        "수신 거부",
        "스팸 신고",
        "비용(원)",
        "전환",
        "전환 하나의 비용(원)",
        "매출(원)",
        "다른 통화 매출",
    ),
    "en": (
        "journey",
        "message",
        "sent",
        "failed",
        "delivered",
        "opened by a person",
        "clicked by a person",
        "replied",
        "opted out",
        "reported as spam",
        "cost (KRW)",
        "conversions",
        "cost per conversion (KRW)",
        "revenue (KRW)",
        "other revenue",
    ),
}
# What a spreadsheet would take for a formula.
ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")


def write_table(journeys: Iterable[JourneyResult], *, language: Locale) -> Iterator[list[str]]:
    """Yield the heading and a line for each message; sums are for the spreadsheet to make."""
    yield list(COLUMNS[language])
    for journey in journeys:
        for message in journey.messages:
            yield [tame(journey.name), tame(message.template), *say_figures(message.figures)]


def say_figures(figures: Figures) -> list[str]:
    each = figures.cost_per_conversion
    others = " ".join(f"{amount:g} {code}" for code, amount in figures.other_revenue.items())
    return [
        f"{figures.sent}",
        f"{figures.failed}",
        f"{figures.delivered}",
        f"{figures.opened}",
        f"{figures.clicked}",
        f"{figures.replied}",
        f"{figures.unsubscribed}",
        f"{figures.complained}",
        f"{figures.cost:.2f}",
        f"{figures.conversions}",
        "" if each is None else f"{each:.2f}",
        f"{figures.revenue:.2f}",
        others,
    ]


def tame(text: str) -> str:
    """Return a name that no spreadsheet carries out."""
    return f"'{text}" if text.startswith(ACTIVE) else text
