"""The commands about a workspace's templates: put them there from files, and list them."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from dangol.app.lint import read_templates
from dangol.app.manage import CONSOLE
from dangol.app.picture_files import keep_files
from dangol.app.problem import ProblemError
from dangol.app.segments import open_place
from dangol.app.settings import Settings
from dangol.app.template_preview import describe_look, say_look
from dangol.app.vendor_templates import say_state
from dangol.channels.approvals import Approval, compare_wordings, list_approvals, wording_of
from dangol.content.lint import lint_template
from dangol.content.liquid import TemplateError
from dangol.content.template import Draft, Template, list_templates, save_template
from dangol.store.workspace import read_workspace


def run_apply(options: argparse.Namespace, settings: Settings) -> int:
    """Make templates what files say, all of them or none."""
    with open_place(options, settings) as place:
        workspace = read_workspace(place.connection, workspace_id=place.workspace_id)
        drafts = read_templates(options.f, place)
        for file, draft in drafts:
            for fault in lint_template(draft, workspace=workspace):
                if not fault.is_advice:
                    raise ProblemError(f"{file}: {fault.field}: {fault.problem}. {fault.remedy}")
        keep_files(options.f, place)
        for file, draft in drafts:
            try:
                save_template(
                    place.connection, workspace_id=place.workspace_id, draft=draft, now=place.now
                )
            except ValueError as error:
                raise ProblemError(f"{file}: {error}") from error
    for _, draft in drafts:
        CONSOLE.print(say_template(draft), soft_wrap=True)
    return 0


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the templates with what the guard goes by, and how far Kakao is with them."""
    with open_place(options, settings) as place:
        templates = list_templates(place.connection, workspace_id=place.workspace_id)
        approvals = list_approvals(place.connection)
    if options.json:
        told = [describe(one) | describe_standing(one, approvals) for one in templates]
        CONSOLE.print_json(json.dumps(told))
        return 0
    for one in templates:
        said = [say_template(one), *(say_standing(found) for found in standings(one, approvals))]
        CONSOLE.print("; ".join(said), soft_wrap=True)
    if not templates:
        CONSOLE.print("There is no template yet. Put one there with `dangol template apply`.")
    return 0


def describe(draft: Draft) -> dict[str, object]:
    """Return what the list tells of a template; ``expected_value`` is a decimal number as text."""
    return {
        "name": draft.name,
        "channel": draft.channel,
        "purpose": draft.purpose,
        "locale": draft.locale,
        "subject": draft.subject,
        "topic": draft.topic,
        "expected_value": f"{draft.expected_value:f}",
        "last_chance": draft.last_chance,
        "similar_goods": draft.similar_goods,
        **describe_look(draft),
    }


def say_template(draft: Draft) -> str:
    """Say a template in one line; what it is not is left out."""
    said = [f"{draft.name} ({draft.channel}, {draft.purpose}, {draft.locale})"]
    if draft.topic:
        said.append(f"topic {draft.topic}")
    if draft.expected_value:
        said.append(f"expected value {draft.expected_value:f}")
    if draft.last_chance:
        said.append("last chance")
    if draft.similar_goods:
        said.append("similar goods")
    said += say_look(draft)
    return "; ".join(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a template of ours is at one vendor, and where what it keeps says something else."""

    approval: Approval
    differences: list[str]


def standings(template: Template, approvals: Sequence[Approval]) -> list[Standing]:
    """Return how far a template is at each vendor that keeps it; only Kakao's are kept."""
    if not template.vendor_code:
        return []
    try:
        ours = wording_of(template)
    except TemplateError:
        # `dangol lint` says what is wrong with it.
        return []
    return [
        Standing(approval=one, differences=compare_wordings(ours, one.kept))
        for one in approvals
        if (one.channel, one.kept.code) == (template.channel, template.vendor_code)
    ]


def say_standing(found: Standing) -> str:
    """Say how far a template is at a vendor; where it differs, the first place."""
    said = f"{found.approval.provider}: {say_state(found.approval.kept)}"
    return f"{said}, differs at {found.differences[0]}" if found.differences else said


def describe_standing(template: Template, approvals: Sequence[Approval]) -> dict[str, object]:
    """Return the same for the list as JSON."""
    return {
        "vendor_code": template.vendor_code,
        "vendors": [
            {
                "vendor": found.approval.provider,
                "state": found.approval.kept.state,
                "comment": found.approval.kept.comment,
                "since": found.approval.since.isoformat(),
                "differences": found.differences,
            }
            for found in standings(template, approvals)
        ],
    }
