"""`dangol segment …`, `dangol list show|delete` and `dangol apply`."""

import io
import json

import pytest
from tests.app.test_customer import ask, opened  # noqa: F401 - a fixture

from dangol.app.cli import main

FILE = """\
kind: segment
name: loyal
title: {ko: 단골, en: Loyal}
where:
  kind: all
  of:
    - {kind: segment, segment: buyers}
    - {kind: event, event: Order Completed, is: {kind: at_least, value: 4}}
---
kind: segment
name: buyers
title: {ko: 구매 고객, en: Buyers}
where: {kind: event, event: Order Completed}
"""


pytestmark = pytest.mark.usefixtures("file")


@pytest.fixture
def file(tmp_path, opened):  # noqa: ARG001, F811 - an installation, where the file lies
    path = tmp_path / "segments.yaml"
    path.write_text(FILE, "utf-8")
    return path


def apply(*more: str) -> int:
    return main(["apply", "-f", "segments.yaml", *more])


def segments(capsys) -> dict[str, dict]:
    capsys.readouterr()
    assert main(["segment", "list", "--all", "--json"]) == 0
    return {one["name"]: one for one in json.loads(capsys.readouterr().out)["segments"]}


def test_files_are_applied_as_a_whole_after_showing_what_that_changes(capsys):
    assert apply("--dry-run") == 0
    seen = capsys.readouterr().out
    assert "loyal" not in segments(capsys)

    assert apply("--yes") == 0

    # In the order in which conditions need one another, not that of the file.
    assert seen.index("+ buyers") < seen.index("+ loyal")
    assert "    + “Order Completed” at least 1 time" in seen
    assert "    0 enter, 0 leave" in seen
    there = segments(capsys)
    assert (there["loyal"]["state"], there["buyers"]["title_ko"]) == ("published", "구매 고객")


def test_the_same_files_again_change_nothing(opened, capsys):  # noqa: F811 - the fixture
    assert apply("--yes") == 0
    before = ask(opened, "select count(*) from segment_version")
    capsys.readouterr()

    assert apply() == 0

    assert capsys.readouterr().out == "= 2 as they are\n"
    assert ask(opened, "select count(*) from segment_version") == before


def test_what_changed_is_said_in_sentences(file, capsys):
    assert apply("--yes") == 0
    file.write_text(FILE.replace("value: 4", "value: 9").replace("en: Buyers", "en: Customers"))
    capsys.readouterr()

    assert apply("--yes") == 0

    said = capsys.readouterr().out
    assert "~ loyal" in said
    assert "    - belongs to the segment “buyers”, and “Order Completed” at least 4 times" in said
    assert "    + belongs to the segment “buyers”, and “Order Completed” at least 9 times" in said
    assert "    title: 구매 고객 / Buyers → 구매 고객 / Customers" in said


def test_what_the_files_do_not_name_is_archived_only_if_asked_for(file, capsys):
    assert apply("--yes") == 0
    file.write_text(FILE.partition("---\n")[2])
    capsys.readouterr()

    assert apply("--yes") == 0
    assert segments(capsys)["loyal"]["state"] == "published"
    assert apply("--yes", "--prune") == 0
    assert "- loyal is archived" in capsys.readouterr().out

    there = segments(capsys)
    assert (there["loyal"]["state"], there["buyers"]["state"]) == ("archived", "published")
    file.write_text(FILE)
    assert apply("--yes") == 0
    assert "+ loyal, which was archived" in capsys.readouterr().out
    assert segments(capsys)["loyal"]["state"] == "published"


def test_everything_that_is_wrong_is_named_and_nothing_is_applied(file, capsys):
    file.write_text(
        FILE
        + "---\nkind: segment\nname: vip\ntitle: {ko: 우수, en: Vip}\n"
        + "where: {kind: list, list: vip}\n"
        + "---\nkind: segment\nname: buyers\ntitle: {ko: 우수, en: Vip}\nwhere: {kind: event}\n"
        + "---\nkind: voyage\nname: x\n"
        + "---\nkind: segment\nname: a/b\ntitle: {ko: 우수, en: Vip}\n"
        + "where: {kind: event, event: x}\n"
    )

    assert apply("--yes") == 2
    said = capsys.readouterr().err

    assert "document 4 (line 20), buyers: $.where: `event` is missing. Add it." in said
    assert "document 5 (line 25), x: $.kind: " in said
    assert "document 6 (line 28), a/b: $.name: “a/b” cannot be a name" in said
    assert "3 to mend; nothing was changed." in said
    assert "loyal" not in segments(capsys)


def test_names_that_do_not_fit_together_are_all_named(file, capsys):
    file.write_text(
        FILE.replace("segment: buyers", "segment: nobody")
        + "---\nkind: segment\nname: buyers\ntitle: {ko: 우수, en: Vip}\n"
        + "where: {kind: list, list: vip}\n"
        + "---\nkind: segment\nname: own\ntitle: {ko: 우수, en: Vip}\n"
        + "where: {kind: segment, segment: own}\n"
    )

    assert apply("--yes", "--dry-run") == 2
    said = capsys.readouterr().err

    assert "loyal: $.where.of[0].segment: There is no segment “nobody”" in said
    assert "buyers: $.name: Another document has this name, too" in said
    assert "buyers: $.where.list: There is no list “vip”" in said
    assert "own: $.where: Segments ask for one another in a circle: own → own" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: [", "Check the indentation"),
        ("", "There is no segment"),
        ("a: &x 1\nb: *x", "Anchors and aliases"),
        ("kind: segment\nkind: segment", "stands there twice"),
    ],
)
def test_what_is_no_yaml_of_ours_is_refused(file, capsys, text, said):
    file.write_text(text)

    assert apply("--yes") == 2
    assert said in capsys.readouterr().err


def test_without_anybody_to_ask_nothing_is_applied(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    assert apply() == 1
    assert "Add --yes" in capsys.readouterr().err
    assert "loyal" not in segments(capsys)


def test_a_plan_is_also_said_to_machines(capsys):
    assert apply("--dry-run", "--json") == 0

    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(one["action"], one["name"]) for one in changes] == [
        ("add", "buyers"),
        ("add", "loyal"),
    ]
    assert changes[0]["becomes"] == "“Order Completed” at least 1 time"


def test_what_is_exported_is_applied_without_a_change(file, capsys):
    assert apply("--yes") == 0
    capsys.readouterr()

    assert main(["segment", "export"]) == 0
    file.write_text(capsys.readouterr().out)
    assert apply("--prune") == 0

    assert capsys.readouterr().out == "= 3 as they are\n"


def test_one_segment_is_drafted_published_archived_and_restored(tmp_path, capsys):
    (tmp_path / "condition.yaml").write_text("{kind: event, event: Product Viewed}")
    steps = [
        (["create", "viewers", "condition.yaml", "--title-en", "Viewers", "--draft"], "draft"),
        (["publish", "viewers"], "published"),
        (["archive", "viewers"], "archived"),
        (["restore", "viewers"], "published"),
    ]

    states = []
    for command, _ in steps:
        assert main(["segment", *command]) == 0
        states.append(segments(capsys)["viewers"]["state"])

    assert states == [state for _, state in steps]
    assert main(["segment", "show", "viewers"]) == 0
    said = capsys.readouterr().out
    assert "viewers: viewers / Viewers" in said
    assert "version 1 of" in said
    assert "asks: “Product Viewed” at least 1 time" in said


def test_a_condition_is_previewed(tmp_path, capsys):
    (tmp_path / "condition.json").write_text('{"version": 1, "where": {"kind": "event"}}')
    assert main(["segment", "preview", "condition.json"]) == 1
    assert "$.where: `event` is missing" in capsys.readouterr().err

    (tmp_path / "condition.json").write_text('{"kind": "reachable", "channel": "email"}')
    assert main(["segment", "preview", "condition.json"]) == 0
    assert capsys.readouterr().out == "can be reached by e-mail\n1 of 1 customers\n"
    assert main(["segment", "preview", "condition.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["exact"] is True


def test_who_was_in_a_segment_on_a_day_is_printed(opened, capsys):  # noqa: F811 - the fixture
    assert apply("--yes") == 0
    ask(
        opened,
        "with one as (insert into membership_span (workspace_id, segment_id, customer_id,"
        " entered_at, left_at) select segment.workspace_id, segment.id, customer.id,"
        " '2026-03-01T00:00Z', '2026-03-05T00:00Z' from segment cross join customer"
        " where segment.name = 'buyers' returning 1) select * from one",
    )
    capsys.readouterr()

    lines = []
    for day in ("2026-02-27", "2026-03-04", "2026-03-05"):
        assert main(["segment", "history", "buyers", "--on", day]) == 0
        lines.append(len(capsys.readouterr().out.splitlines()))

    assert lines == [0, 1, 0]
    assert main(["segment", "history", "buyers", "--on", "yesterday"]) == 1
    assert main(["segment", "history", "nobody"]) == 1


def test_a_list_is_shown_and_deleted_unless_somebody_asks_for_it(tmp_path, capsys):
    (tmp_path / "vip.csv").write_text("email\nminji@shop.example\n")
    (tmp_path / "vip.yaml").write_text("{kind: list, list: vip}")
    assert main(["list", "upload", "vip.csv", "--name", "vip", "--by", "email"]) == 0
    assert main(["segment", "create", "vips", "vip.yaml"]) == 0
    capsys.readouterr()

    assert main(["list", "show", "vip"]) == 0
    assert "1 customers from 1 rows" in capsys.readouterr().out
    assert main(["list", "delete", "vip"]) == 1
    assert "used by vips" in capsys.readouterr().err
    assert main(["segment", "archive", "vips"]) == 0
    assert main(["list", "delete", "vip"]) == 0
    assert main(["list", "show", "vip"]) == 1
