"""`dangol journey …`, and journeys in the files of `dangol apply`."""

import json

import pytest
from tests.app.test_customer import ask, opened  # noqa: F401 - a fixture
from tests.build import NOON, TEST_VAULT

from dangol.app.cli import main
from dangol.app.tick import run_tick
from dangol.store.connect import connect

CARE = """\
kind: journey
name: care
title: {ko: 돌봄, en: Care}
entry:
  segment: buyers
  condition: {kind: trait, trait: vip, is: {kind: is_true}}
goal: Order Completed
steps:
  - {name: rest, kind: wait, for: 3 days, until: {at: "20:00", on: [mon, fri]}}
  - {name: more, kind: enter, journey: thanks}
"""
THANKS = """\
name: thanks
title: {ko: 감사, en: Thanks}
entry: {call: true}
steps:
  - {name: note, kind: message, template: winback_note}
"""
BUYERS = """\
kind: segment
name: buyers
title: {ko: 구매 고객, en: Buyers}
where: {kind: event, event: Order Completed}
"""
ALL = f"{CARE}---\n{THANKS}---\n{BUYERS}"


pytestmark = pytest.mark.usefixtures("file")


@pytest.fixture
def file(tmp_path, opened):  # noqa: ARG001, F811 - an installation, where the file lies
    path = tmp_path / "shop.yaml"
    path.write_text(ALL, "utf-8")
    (tmp_path / "thanks.yaml").write_text(THANKS, "utf-8")
    return path


def apply(*more: str) -> int:
    return main(["apply", "-f", "shop.yaml", *more])


def journey(*words: str) -> int:
    return main(["journey", *words])


def test_segments_and_journeys_that_need_one_another_are_applied_together(opened, capsys):  # noqa: F811 - the fixture
    assert apply("--dry-run") == 0
    seen = capsys.readouterr().out
    assert ask(opened, "select count(*) from journey") == [(0,)]

    assert apply("--yes") == 0

    assert "+ buyers" in seen
    # Whoever is entered goes before those who enter it.
    assert seen.index("+ journey thanks begins to run as version 1") < seen.index("journey care")
    assert ask(opened, "select name, state::text from journey order by name") == [
        ("care", "running"),
        ("thanks", "running"),
    ]


def test_the_same_files_again_change_nothing(opened, capsys):  # noqa: F811 - the fixture
    assert apply("--yes") == 0
    capsys.readouterr()

    assert apply() == 0

    assert capsys.readouterr().out == "= 3 as they are\n"
    assert ask(opened, "select count(*) from journey_publication") == [(2,)]


def test_a_change_shows_the_lines_that_differ(file, capsys):
    assert apply("--yes") == 0
    file.write_text(ALL.replace("3 days", "5 days"), "utf-8")
    capsys.readouterr()

    assert apply("--yes") == 0

    said = capsys.readouterr().out
    assert "~ journey care becomes version 2" in said
    assert [line for line in said.splitlines() if line[4:5] in {"+", "-"}] == [
        "    -    for: 3 days",
        "    +    for: 5 days",
    ]


def test_a_machine_is_told_the_same(capsys):
    assert apply("--dry-run", "--json") == 0

    told = json.loads(capsys.readouterr().out)

    assert [one["name"] for one in told["changes"]] == ["buyers"]
    assert [(one["name"], one["action"], one["number"]) for one in told["journeys"]] == [
        ("thanks", "add", 1),
        ("care", "add", 1),
    ]


def test_everything_that_is_wrong_in_any_document_is_named(opened, file, capsys):  # noqa: F811 - the fixture
    file.write_text(
        ALL.replace("for: 3 days", "for: 3 daze").replace(
            "{kind: event, event", "{kind: event, evnt"
        )
        + "---\n"
        + THANKS,
        "utf-8",
    )

    assert apply("--yes") == 2

    said = capsys.readouterr().err
    assert "shop.yaml, document 1 (line 1), care: steps[0].for: '3 daze' is not a length" in said
    assert "document 3 (line 18), buyers: $.where: " in said
    assert "document 4 (line 23), thanks: name: Another document has this name" in said
    assert ask(opened, "select count(*) from journey") == [(0,)]


def test_what_is_shown_as_yaml_is_applied_back_without_a_change(tmp_path, capsys):
    assert apply("--yes") == 0
    capsys.readouterr()

    assert journey("show", "care", "--yaml") == 0
    text = capsys.readouterr().out
    (tmp_path / "shop.yaml").write_text(text, "utf-8")
    assert apply() == 0

    assert text.startswith("kind: journey\nname: care\n")
    assert "  - name: rest\n    kind: wait\n    for: 3 days\n" in text
    assert "      on:\n        - mon\n" in text
    assert capsys.readouterr().out == "= 1 as they are\n"


def test_a_paused_journey_stays_paused_when_it_is_applied(opened, capsys):  # noqa: F811 - the fixture
    assert journey("apply", "thanks.yaml") == 0
    assert journey("pause", "thanks") == 0

    assert journey("apply", "thanks.yaml") == 0

    assert "thanks is paused, now version 1." in capsys.readouterr().out
    assert journey("resume", "thanks") == 0
    assert ask(opened, "select state::text from journey") == [("running",)]


def test_a_stopped_journey_stays_stopped(capsys):
    assert journey("apply", "thanks.yaml") == 0
    assert journey("stop", "thanks") == 0

    assert journey("apply", "thanks.yaml") == 1
    assert "thanks was stopped, for good" in capsys.readouterr().err
    assert journey("resume", "thanks") == 1
    assert "cannot follow stopped" in capsys.readouterr().err


def test_publishing_leaves_a_new_journey_a_draft(opened, capsys):  # noqa: F811 - the fixture
    assert journey("publish", "thanks.yaml") == 0

    assert "Let it run: dangol journey resume thanks" in capsys.readouterr().out
    assert ask(opened, "select state::text from journey") == [("draft",)]


def test_a_preview_says_what_becomes_of_those_inside(tmp_path, opened, capsys):  # noqa: F811 - the fixture
    assert journey("apply", "thanks.yaml") == 0
    put_inside(opened)
    (tmp_path / "thanks.yaml").write_text(
        THANKS.replace(
            "  - {name: note", "  - {name: rest, kind: wait, for: 1 day}\n  - {name: note"
        ),
        "utf-8",
    )
    capsys.readouterr()

    assert journey("preview", "thanks.yaml", "--inside", "follow") == 0
    said = capsys.readouterr().out
    assert journey("preview", "thanks.yaml", "--inside", "follow", "--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert "~ journey thanks becomes version 2" in said
    assert "    1 at note of version 1 go on at note" in said
    assert told["standing"][0]["to_step"] == "note"
    assert ask(opened, "select count(*) from journey_version") == [(1,)]


def put_inside(url: str) -> None:
    """Let minji stand at the journey's first step."""
    ask(
        url,
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at) select journey.workspace_id, journey.id, version_id,"
        " customer.id, 'x', 'active', 1, now() from journey, customer returning id",
    )


def test_versions_are_listed_and_taken_back(tmp_path, opened, capsys):  # noqa: F811 - the fixture
    assert journey("apply", "thanks.yaml") == 0
    put_inside(opened)
    (tmp_path / "thanks.yaml").write_text(THANKS.replace("en: Thanks", "en: Thank you"), "utf-8")
    assert journey("apply", "thanks.yaml", "--inside", "follow") == 0
    capsys.readouterr()

    assert journey("rollback", "thanks", "1") == 0
    assert journey("versions", "thanks") == 0
    said = capsys.readouterr().out
    assert journey("versions", "thanks", "--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert "thanks is back at version 1." in said
    assert "0 inside, for new customers" in said
    assert ": 1 → 2, follow; 1 moved" in said
    assert [one["number"] for one in told["versions"]] == [2, 1]
    assert [one["number"] for one in told["publications"]] == [1, 2, 1]


def test_journeys_are_listed_and_shown(opened, capsys):  # noqa: F811 - the fixture
    assert journey("list") == 0
    assert "There is no journey yet" in capsys.readouterr().out
    assert journey("apply", "thanks.yaml") == 0
    put_inside(opened)
    capsys.readouterr()

    assert journey("list") == 0
    listed = capsys.readouterr().out
    assert journey("show", "thanks") == 0
    shown = capsys.readouterr().out
    assert journey("show", "thanks", "--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert listed == "thanks  running  version 1  1 inside  감사 / Thanks\n"
    assert "running; 1 steps: note" in shown
    assert "1 at note of version 1" in shown
    assert told["standing"][0]["customers"] == 1


def test_a_customers_way_is_explained(opened, capsys):  # noqa: F811 - the fixture
    assert journey("apply", "thanks.yaml") == 0
    assert journey("explain", "thanks", "--customer", "minji") == 0
    never = capsys.readouterr().out
    put_inside(opened)
    with connect(opened) as connection:
        [(workspace,)] = connection.execute("select id from workspace").fetchall()
        run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)

    assert journey("explain", "thanks", "--customer", "minji@shop.example") == 0
    said = capsys.readouterr().out
    assert journey("explain", "thanks", "--customer", "minji", "--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert "The customer has never entered thanks." in never
    assert "perhaps  Did your server ask for this customer?" in never
    assert "its advertising by email: no consent on record, address reachable" in never
    assert "thanks version 1: entered" in said
    assert "note (message): winback_note skipped (no_consent) -> end" in said
    assert [came["step"] for came in told[0]["told"]["trail"]] == ["note", "end"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "thanks", "--customer", "minji"], "There is no journey 'thanks'"),
        (["show", "nothing"], "There is no journey 'nothing'"),
        (["pause", "nothing"], "There is no journey 'nothing'"),
        (["rollback", "nothing", "1"], "There is no journey 'nothing'"),
        (["publish", "thanks.yaml", "--map", "rest"], "--map rest is no map"),
        (["publish", "thanks.yaml", "--finished-within", "soon"], "'soon' is no length of time"),
        (["publish", "thanks.yaml", "--map", "a=b"], "map: is given, but those inside are to pin"),
        (["publish", "shop.yaml"], "shop.yaml cannot be published"),
    ],
)
def test_what_cannot_be_done_is_explained(capsys, words, said):
    assert journey(*words) == 1

    assert said in capsys.readouterr().err
