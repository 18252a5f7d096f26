"""`dangol sequence …`, `dangol lint`, and what every ready-made sequence must be."""

import json
import re
import textwrap
from pathlib import Path

import pytest
from tests.app.test_commands import ask, installed, opened, shell  # noqa: F401 - fixtures

from dangol.app.cli import main
from dangol.app.sequence_catalog import (
    FILES,
    SEQUENCES,
    find_sequence,
    read_journey,
    read_parts,
)
from dangol.content.library import SUFFIX
from dangol.content.lint import lint_template
from dangol.content.template import Draft
from dangol.journeys.definition import parse_journey
from dangol.journeys.steps import MessageStep
from dangol.store.workspace import read_workspace

REPOSITORY = Path(__file__).resolve().parents[2]
EVERY = [(one.name, variant) for one in SEQUENCES for variant in one.variants or ("",)]
LOCALES = ("ko", "en")


def templates_of(name: str, variant: str, locale: str) -> dict[str, Draft]:
    parts = read_parts(find_sequence(name), variant=variant, locale=locale)
    return {template.name: template for template in parts.templates}


@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_a_sequence_is_a_sound_journey_under_its_own_name(name, variant):
    definition = parse_journey(read_journey(find_sequence(name), variant=variant))

    assert definition.name == name


@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_every_message_says_for_what_it_is_as_its_template_does(name, variant):
    definition = parse_journey(read_journey(find_sequence(name), variant=variant))
    messages = [step for step in definition.steps if isinstance(step, MessageStep)]

    for locale in LOCALES:
        templates = templates_of(name, variant, locale)
        assert [step.purpose for step in messages] == [
            templates[step.template].purpose for step in messages
        ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_no_template_has_a_fault_or_needs_advice(connection, workspace, name, variant, locale):
    connection.execute("update workspace set opt_out_phone = '080-123-4567'")
    shop = read_workspace(connection, workspace_id=workspace)
    templates = templates_of(name, variant, locale)

    found = {
        template: lint_template(draft, workspace=shop) for template, draft in templates.items()
    }

    assert found == {template: [] for template in templates}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_a_template_has_one_thought_and_at_most_one_link(name, variant, locale):
    for template in templates_of(name, variant, locale).values():
        assert template.locale == locale
        assert template.body_text.count("links.shop") == template.body_html.count("href=") <= 1
        assert len(template.subject) <= 40
        assert "!" not in template.subject + template.body_text


def test_no_template_and_no_segment_lies_about_unused():
    used = {template for name, variant in EVERY for template in templates_of(name, variant, "ko")}
    asked = {
        segment.name
        for name, variant in EVERY
        for segment in read_parts(find_sequence(name), variant=variant, locale="ko").segments
    }

    assert {file.name for file in (FILES / "templates").iterdir()} == {
        f"{template}.{locale}{SUFFIX}" for template in used for locale in LOCALES
    }
    assert {file.name.removesuffix(".yaml") for file in (FILES / "segments").iterdir()} <= asked


def test_a_sequence_says_what_it_listens_to():
    prospects = read_parts(find_sequence("conversion"), variant="", locale="ko")
    blocked = read_parts(find_sequence("block_winback"), variant="", locale="ko")

    # Orders make the stage "prospect", though nobody wrote so.
    assert prospects.events == ("Order Completed",)
    assert "Push Opted Out" in blocked.events
    assert blocked.traits == ("block_reason", "comeback_offer")


def test_the_list_tells_machines_everything(shell, capsys):  # noqa: ARG001, F811 - a place to run in
    assert main(["sequence", "list", "--json"]) == 0

    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert len(told) == len(SEQUENCES)
    assert told["cart"]["variants"] == ["later", "soon"]
    assert told["welcome"]["title_ko"] == "환영 인사"
    assert told["refill"]["traits"] == ["refill_due"]


def test_what_is_shown_is_a_journey_file(shell, capsys):  # noqa: ARG001, F811 - a place to run in
    assert main(["sequence", "show", "cart", "--variant", "soon", "--templates"]) == 0

    shown = capsys.readouterr().out
    expected = parse_journey(read_journey(find_sequence("cart"), variant="soon"))
    assert parse_journey(shown) == expected
    assert "# cart_soon (marketing): 장바구니는 그대로 두었어요" in shown


def test_adding_makes_a_draft_that_nobody_enters(opened, capsys):  # noqa: F811 - a fixture
    assert main(["sequence", "add", "churn_prevention", "--locale", "en"]) == 0

    said = capsys.readouterr().out
    assert "+ template churn_what_changed" in said
    assert "+ segment visits_but_ignores" in said
    assert "+ journey churn_prevention (draft)" in said
    assert "dangol journey resume churn_prevention" in said
    assert "Not seen in this workspace yet: Application Opened, Order Completed" in said
    assert ask(opened, "select state, version_id is not null from journey") == [("draft", True)]
    assert ask(opened, "select locale from template where name = 'churn_what_changed'") == [("en",)]


def test_adding_again_changes_nothing_not_even_what_was_edited(opened, capsys):  # noqa: F811 - a fixture
    assert main(["sequence", "add", "welcome", "--json"]) == 0
    ask(
        opened,
        "update template set subject = '우리 말로' where name = 'welcome_thanks' returning 1",
    )
    first = json.loads(capsys.readouterr().out)

    assert main(["sequence", "add", "welcome", "--json"]) == 0

    again = json.loads(capsys.readouterr().out)
    assert (first["journey"], again["journey"]) == ("added", "kept")
    assert again["new"] == []
    assert again["kept"] == first["new"]
    assert ask(opened, "select subject from template where name = 'welcome_thanks'") == [
        ("우리 말로",)
    ]
    assert ask(opened, "select count(*) from journey_version") == [(1,)]


def test_a_journey_changed_by_hand_stays_unless_it_is_to_be_replaced(opened, capsys):  # noqa: ARG001, F811 - a fixture
    assert main(["sequence", "add", "cart"]) == 0
    mine = read_journey(find_sequence("cart"), variant="later").replace("14", "60")
    Path("mine.yaml").write_text(mine, "utf-8")
    assert main(["journey", "apply", "mine.yaml"]) == 0
    capsys.readouterr()

    assert main(["sequence", "add", "cart"]) == 0
    assert "= journey cart (running)" in capsys.readouterr().out
    assert main(["sequence", "add", "cart", "--replace"]) == 0
    assert "+ journey cart (running)" in capsys.readouterr().out


def test_two_variants_of_one_sequence_cannot_stand_side_by_side(opened, capsys):  # noqa: F811 - a fixture
    assert main(["sequence", "add", "cart"]) == 0

    assert main(["sequence", "add", "cart", "--variant", "soon"]) == 1

    assert "Add --replace to change over" in capsys.readouterr().err
    assert ask(opened, "select count(*) from template where name = 'cart_soon'") == [(0,)]


def test_a_stopped_journey_is_not_added_again(opened, capsys):  # noqa: F811 - a fixture
    assert main(["sequence", "add", "welcome"]) == 0
    ask(opened, "update journey set state = 'stopped' returning 1")

    assert main(["sequence", "add", "welcome", "--replace"]) == 1

    assert "give it another name there" in capsys.readouterr().err


def test_an_archived_segment_is_to_be_restored_first(opened, capsys):  # noqa: F811 - a fixture
    assert main(["sequence", "add", "interest"]) == 0
    ask(
        opened,
        "update segment set archived_at = now() where name = 'looked_not_bought' returning 1",
    )

    assert main(["sequence", "add", "interest"]) == 1

    assert "dangol segment restore looked_not_bought" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "wellcome"], "There is no sequence 'wellcome'. Choose one of welcome, interest"),
        (["show", "cart", "--variant", "never"], "Choose one of later, soon"),
        (["show", "refill", "--variant", "soon"], "Leave --variant out"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(opened, capsys, words, said):  # noqa: ARG001, F811 - fixtures
    assert main(["sequence", *words]) == 1

    assert said in capsys.readouterr().err


def test_the_journey_that_ends_a_rest_is_sound():
    guide = (REPOSITORY / "docs" / "guides" / "sequences.md").read_text("utf-8")
    written = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)[-1]

    assert parse_journey(textwrap.dedent(written)).name == "rest_over"


TEMPLATE = """name: note
channel: email
purpose: {purpose}
locale: ko
subject: {subject}
---
{text}
---
<p>안녕하세요</p>
"""


def lint_file(**says: str) -> int:
    template = {"purpose": "marketing", "subject": "소식", "text": "안녕하세요", **says}
    Path("note.ko.liquid").write_text(TEMPLATE.format(**template), "utf-8")
    return main(["lint", "-f", "note.ko.liquid", "--json"])


def test_the_templates_of_a_workspace_are_sound(opened, capsys):  # noqa: ARG001, F811 - a fixture
    assert main(["sequence", "add", "welcome"]) == 0
    capsys.readouterr()

    assert main(["lint", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found == {"checked": 7, "faults": []}


@pytest.mark.parametrize(
    ("says", "code", "field", "problem"),
    [
        ({"subject": "오늘만 드려요"}, 0, "subject", "puts pressure"),
        ({"text": "Hurry, almost gone"}, 0, "body_text", "puts pressure"),
        ({"purpose": "informational", "text": "신상품도 보세요"}, 1, "body_text", "promotes"),
        ({"text": "{{ customer.name }}님"}, 1, "body_text", "may be unknown"),
        ({"text": "{{ customer.traits.points }}점"}, 1, "body_text", "may be unknown"),
    ],
)
def test_a_template_that_would_hurt_is_named(opened, capsys, says, code, field, problem):  # noqa: ARG001, F811 - fixtures
    assert lint_file(**says) == code

    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["field"] == field
    assert problem in fault["problem"]
    assert fault["is_advice"] is (code == 0)


@pytest.mark.parametrize(
    "text",
    [
        '{{ customer.name | default: "고객" }}님',
        "안녕하세요. {% if customer.traits.points %}{{ customer.traits.points }}점{% endif %}",
        "5월 31일까지, 30개만 있어요",
    ],
)
def test_a_template_that_looks_after_everybody_passes(opened, capsys, text):  # noqa: ARG001, F811 - fixtures
    assert lint_file(text=text) == 0

    assert json.loads(capsys.readouterr().out)["faults"] == []


def test_a_file_that_is_no_template_is_refused(opened, capsys):  # noqa: ARG001, F811 - fixtures
    Path("note.txt").write_text("안녕하세요", "utf-8")

    assert main(["lint", "-f", "note.txt"]) == 1

    assert "write name, channel, purpose" in capsys.readouterr().err
