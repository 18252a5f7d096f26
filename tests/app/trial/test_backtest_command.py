"""`dangol backtest` as a pipeline sees it."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from tests.build import TEST_VAULT

from dangol.app import cli
from dangol.app.database import prepare_database, url_of
from dangol.app.trial.expecting import read_expectation
from dangol.app.trial.findings import CANNOT_KNOW, Collisions, Conversions, Findings
from dangol.app.trial.story import Story
from dangol.content.library import install_library
from dangol.store.connect import Connection, connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.lake import Lake, flush_events
from dangol.store.workspace import create_workspace

JOURNEY = """
name: cart
title: {ko: 장바구니, en: Cart}
entry: {event: Cart Viewed}
steps:
  - {name: note, kind: message, template: winback_note}
"""
DAYS = ("--from", "2027-03-01", "--to", "2027-03-04")
EARLY = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop of some days, on a server that keeps what it confirms, as the commands demand."""
    folder = tmp_path_factory.mktemp("shop")
    server = EmbeddedPostgres.start(folder / "pg")
    url = url_of(server)
    prepare_database(url)
    with connect(url) as connection:
        live_some_days(connection, Lake(folder / "lake"))
    yield url, folder / "lake"
    server.stop()


def live_some_days(connection: Connection, lake: Lake) -> None:
    with connection.transaction():
        workspace = create_workspace(
            connection,
            name="단골 상점",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="-",
            sender_email="hello@shop.example",
            sender_postal="-",
            sender_phone="-",
            now=EARLY,
        )
        install_library(connection, workspace_id=workspace, locale="ko", now=EARLY)
    story = Story(
        connection=connection, workspace=workspace, vault=TEST_VAULT, lake=lake, now=EARLY
    )
    # Its clock is the installation's, too, as far as the days it tells.
    story.at("2027-02-20 10:00").customer("minji").customer("sora", consent=False)
    story.at("2027-03-02 12:00").event("minji", "Cart Viewed").event("sora", "Cart Viewed")
    story.at("2027-03-12 10:00").settle()
    flush_events(connection, lake, workspace_id=workspace, now=story.now)


@pytest.fixture
def dangol(shop, tmp_path, monkeypatch, capsys):
    """Run `dangol backtest` as a terminal would."""
    url, lake = shop
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATABASE_URL", url)
    monkeypatch.setenv("DANGOL_LAKE_URL", str(lake))
    monkeypatch.setenv("DANGOL_EMAIL_PRICE_KRW", "1.5")
    (tmp_path / "cart.yaml").write_text(JOURNEY)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["backtest", "cart.yaml", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_report_says_the_figures_and_what_cannot_be_known(dangol):
    code, said, _ = dangol(*DAYS)

    assert code == 0
    assert "enrollments  2\n" in said
    assert "messages     1 (email 1); at most 1 a day\n" in said
    assert "skips        1 (no_consent 1)\n" in said
    assert "cost         1.5 KRW\n" in said
    assert "2027-03-02         2         1  ██████████████████████████████\n" in said
    assert "customer 1:\n  2027-03-02 12:00  entered\n" in said
    assert all(line in said for line in CANNOT_KNOW)


def test_an_expectation_that_is_not_met_is_named_and_fails(dangol):
    code, said, complained = dangol(
        *DAYS, "--expect", "messages<1", "--expect", "skips.no_consent=1", "--json"
    )

    assert code == 1
    assert complained.splitlines()[-1] == "dangol: expected messages<1, but it is 1."
    assert msgspec.json.decode(said)["messages"] == 1


def test_expectations_that_are_met_succeed(dangol):
    code, _, complained = dangol(*DAYS, "--expect", "messages<=1", "--expect", "enrollments > 1")

    assert (code, "expected" in complained) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "code", "remedy"),
    [
        ((*DAYS, "--expect", "letters<5"), 2, "Write one of enrollments"),
        ((*DAYS, "--expect", "messages"), 2, "Write one like messages<5000"),
        ((*DAYS, "--step", "soon"), 1, "Write one like 15m or 1h"),
        (("--from", "2027-03-04", "--to", "2027-03-01"), 1, "Swap them"),
        (("--from", "March", "--to", "2027-03-01"), 1, "Write one like 2027-03-02"),
        (("--from", "2099-03-01", "--to", "2099-03-02"), 1, "Choose past days"),
        (("--from", "2020-03-01", "--to", "2020-03-02"), 1, "The history holds no events"),
    ],
)
def test_what_cannot_be_tried_says_why(dangol, arguments, code, remedy):
    got, _, complained = dangol(*arguments)

    assert got == code
    assert remedy in complained


def test_a_journey_that_cannot_run_says_what_is_wrong(dangol, tmp_path):
    (tmp_path / "cart.yaml").write_text(JOURNEY.replace("winback_note", "missing"))

    code, _, complained = dangol(*DAYS)

    assert code == 1
    assert "steps[0].template" in complained


FINDINGS = Findings(
    journey="cart",
    first_day=date(2027, 3, 1),
    last_day=date(2027, 3, 1),
    time_zone="Asia/Seoul",
    events=9,
    enrollments=5,
    turned_away=1,
    messages=4,
    most_a_day=4,
    by_channel={"email": 4},
    cost_krw="10.5",
    holds={"quiet_hours": 2},
    skips={"no_consent": 1, "over_cap": 2},
    ends={"completed": 3},
    inside={"rest": 2},
    parked=0,
    steps={"note": 4},
    conversions=Conversions(count=1, revenue={"KRW": "9000"}),
    collisions=Collisions(over_cap={"win_back": 2}, crowded_out={}, same_day={}),
    days=[],
    examples=[],
    notes=[],
    cannot_know=[],
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("enrollments=5", True),
        ("enrollments != 5", False),
        ("messages<5", True),
        ("messages.email >= 5", False),
        ("messages.sms = 0", True),
        ("skips = 3", True),
        ("skips.over_cap<=1", False),
        ("over_cap.win_back == 2", True),
        ("cost_krw<10.6", True),
        ("crowded_out > 0", False),
        ("conversions=1", True),
    ],
)
def test_an_expectation_compares_a_figure_of_the_report(text, holds):
    assert read_expectation(text).holds(FINDINGS) is holds
