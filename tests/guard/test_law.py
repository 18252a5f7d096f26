"""The law packs: their own examples, and an oracle that read the articles by itself."""

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from tests.guard.cases import Case, Fate, gather
from tests.guard.oracle import rule as lawful

from dangol.guard.law.pack import Example, Pack, law_of_countries, read_packs
from dangol.store.connect import Connection

SEOUL = ZoneInfo("Asia/Seoul")
HOMES = {
    "KR": ("KR", "Asia/Seoul"),
    "EU": ("DE", "Europe/Berlin"),
    "US": ("US", "America/New_York"),
}
PACKS = [pytest.param(pack, id=pack.code) for pack in read_packs()]


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def case_of(pack: Pack, example: Example) -> Case:
    country, zone = HOMES[pack.code]
    lately = local(example.at, zone) - timedelta(days=30)
    return Case(
        channel=example.channel,
        purpose=example.purpose,
        country=country,
        zone=zone,
        consent=example.consent,
        night=example.night,
        confirmed_at=local(example.confirmed, zone) if example.confirmed else lately,
        bought_at=local(example.bought, zone) if example.bought else None,
        similar=example.similar,
    )


@pytest.mark.parametrize("pack", PACKS)
def test_each_example_of_a_rule_comes_true(
    connection: Connection, workspace: int, pack: Pack
) -> None:
    zone = HOMES[pack.code][1]
    examples = [example for rule in pack.rules for example in rule.examples]
    crowd = gather(connection, workspace, [case_of(pack, example) for example in examples])
    connection.execute("update workspace set similar_goods = true")

    for number, example in enumerate(examples):
        _, reason, until = crowd.judge(local(example.at, zone))[number]

        promised = local(example.until, zone) if example.until else None
        assert (reason, until) == (example.expect, promised), example


def test_each_rule_has_an_example_that_passes_and_all_that_stop_anything_one_that_does_not() -> (
    None
):
    for pack in read_packs():
        for rule in pack.rules:
            outcomes = {example.expect == "allowed" for example in rule.examples}
            assert outcomes == {True, False}, (pack.code, rule.article.en)


def test_each_country_is_in_one_pack_only() -> None:
    listed = Counter(country for pack in read_packs() for country in pack.countries)

    assert set(listed.values()) == {1}
    assert law_of_countries()["GB"] == "EU"


CONSENTS = [
    {"consent": None},
    {"consent": "refused"},
    {"consent": "withdrawn"},
    {"consent": "granted"},
    {"consent": "granted", "night": True},
    # The last moment that is in time on 2 March 2027 in Korea, and the one before it.
    {"consent": "granted", "confirmed_at": datetime(2025, 3, 3, tzinfo=SEOUL)},
    {"consent": "granted", "confirmed_at": datetime(2025, 3, 2, 23, 59, tzinfo=SEOUL)},
]
CHANNELS = ["email", "sms", "kakao_alimtalk", "kakao_brand", "push", "inapp"]
COUNTRIES = [
    {"country": None},
    {"country": "kr", "zone": "America/New_York"},
    {"country": "DE", "zone": "Europe/Berlin"},
    {"country": "GB", "zone": "Europe/London"},
    {"country": "US", "zone": "America/New_York"},
    {"country": "US"},
    {"country": "JP", "zone": "Asia/Tokyo"},
]
RELATIONS = [
    {},
    {"bought_at": datetime(2027, 2, 1, tzinfo=SEOUL), "similar": True},
    {"bought_at": datetime(2027, 2, 1, tzinfo=SEOUL)},
    {"bought_at": datetime(2026, 9, 3, tzinfo=SEOUL), "similar": True},
    {"bought_at": datetime(2026, 9, 1, tzinfo=SEOUL), "similar": True},
]
# In Seoul; fourteen hours earlier it is in New York, which has its night while Seoul has its day.
HOURS = ["00:00", "07:59", "08:00", "10:59", "11:00", "12:00", "20:49", "20:50", "20:59", "21:00",
         "22:00", "23:59"]  # fmt: skip
CASES = [
    Case(purpose=purpose, channel=channel, **consent, **country, **relation)
    for purpose, channel, consent, country, relation in product(
        ["marketing", "informational"], CHANNELS, CONSENTS, COUNTRIES, RELATIONS
    )
]


@pytest.mark.parametrize(
    ("shop_country", "similar_goods", "hours"),
    [("KR", True, HOURS), ("KR", False, ["12:00"]), ("JP", True, ["12:00", "21:00"])],
)
def test_the_statements_agree_with_the_articles(
    connection: Connection,
    workspace: int,
    *,
    shop_country: str,
    similar_goods: bool,
    hours: list[str],
) -> None:
    crowd = gather(connection, workspace, CASES)
    connection.execute(
        "update workspace set country = %s, similar_goods = %s", (shop_country, similar_goods)
    )
    seen: Counter[str] = Counter()

    for hour in hours:
        now = local(f"2027-03-02 {hour}", "Asia/Seoul")
        judged = crowd.judge(now)
        expected = [
            lawful(
                case,
                shop_country=shop_country,
                shop_zone="Asia/Seoul",
                similar_goods=similar_goods,
                now=now,
            )
            for case in CASES
        ]
        assert differences(judged, expected, now) == []
        seen.update(reason for _, reason, _ in judged)

    assert seen.total() == len(CASES) * len(hours) >= 2_940
    if shop_country == "KR" and similar_goods:
        assert seen.total() > 5_000
        assert set(seen) == {
            "allowed", "no_consent", "renewal_overdue", "channel_forbidden", "night_law",
        }  # fmt: skip


def differences(
    judged: list[Fate], expected: list[Fate], now: datetime
) -> list[tuple[datetime, Case, Fate, Fate]]:
    """Return the cases about which the two disagree, the first few."""
    return [
        (now, case, found, meant)
        for case, found, meant in zip(CASES, judged, expected, strict=True)
        if found != meant
    ][:5]


READ_TOGETHER = """
import sys, threading
from dangol.guard.law.pack import read_packs
sys.setswitchinterval(1e-6)
start = threading.Barrier(4)
def read():
    start.wait()
    read_packs()
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_that_read_the_packs_at_once_do_not_crash_the_process():
    # Without the lock about one process in three dies.
    for _ in range(8):
        command = [sys.executable, "-c", READ_TOGETHER]
        assert subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own
