"""The commands about a workspace's templates: put them there from files, and list them."""

import argparse
import json

from dangol.app.lint import read_templates
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.segments import open_place
from dangol.app.settings import Settings
from dangol.content.lint import lint_template
from dangol.content.template import Draft, list_templates, save_template
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
    """List the templates with what the guard goes by."""
    with open_place(options, settings) as place:
        templates = list_templates(place.connection, workspace_id=place.workspace_id)
    if options.json:
        CONSOLE.print_json(json.dumps([describe(one) for one in templates]))
        return 0
    for one in templates:
        CONSOLE.print(say_template(one), soft_wrap=True)
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
    return "; ".join(said)
