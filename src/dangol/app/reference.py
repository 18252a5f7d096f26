"""The reference pages that are made from the code, so that they cannot be wrong.

`python -m dangol.app.reference` writes them; a test compares them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, get_args, get_origin, get_type_hints

import msgspec

from dangol.app.arguments import Argument, Command
from dangol.app.commands import COMMANDS
from dangol.app.description import describe
from dangol.app.http import create_app
from dangol.app.journey_reference import journeys_page, journeys_schema
from dangol.app.law import law_page
from dangol.app.settings import PREFIX, Settings
from dangol.app.vendor_settings import VendorSettings
from dangol.segments.condition import Envelope

SETTINGS_HEAD: Final = """\
# Settings

Every setting can stand in `dangol.toml` (beside the process, or where `DANGOL_CONFIG` names it)
or in an environment variable, which wins. `dangol doctor` checks them.

```toml
# dangol.toml
base_url = "https://dangol.shop.example"
smtp_url = "smtp://user:password@mail.shop.example:587"
```
"""
COMMANDS_HEAD: Final = """\
# Commands

`dangol COMMAND --help` shows the same. Every command exits 0 when it is done, 1 for a problem
that it explained on standard error, 2 when it was called wrongly.
"""


def write_pages(folder: Path) -> None:
    """Write every page."""
    _ = (folder / "settings.md").write_text(settings_page(), encoding="utf-8")
    _ = (folder / "cli.md").write_text(commands_page(), encoding="utf-8")
    _ = (folder / "openapi.json").write_text(api_page(), encoding="utf-8")
    _ = (folder / "segments.schema.json").write_text(schema_page(), encoding="utf-8")
    _ = (folder / "journeys.md").write_text(journeys_page(), encoding="utf-8")
    _ = (folder / "law.md").write_text(law_page(), encoding="utf-8")
    _ = (folder / "journeys.schema.json").write_text(journeys_schema(), encoding="utf-8")


def settings_page() -> str:
    """Return docs/reference/settings.md."""
    return "\n".join([SETTINGS_HEAD, *_settings()])


def commands_page() -> str:
    """Return docs/reference/cli.md."""
    return "\n".join([COMMANDS_HEAD, *(part for one in COMMANDS for part in _command(one))])


def api_page() -> str:
    """Return docs/reference/openapi.json: what a server answers at /openapi.json."""
    described = describe(create_app(Settings()).openapi_schema.to_schema())
    return msgspec.json.format(msgspec.json.encode(described), indent=1).decode() + "\n"


def schema_page() -> str:
    """Return docs/reference/segments.schema.json: what a segment's condition may be."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Condition of a segment, version 1",
        **msgspec.json.schema(Envelope),
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=1).decode() + "\n"


def _settings() -> Iterator[str]:
    hints = get_type_hints(Settings, include_extras=True)
    defaults = msgspec.structs.asdict(Settings())
    vendors = VendorSettings.__struct_fields__
    for name in sorted(Settings.__struct_fields__, key=lambda name: name in vendors):
        default = str(defaults[name])
        shown = f"`{default}`" if default else "empty"
        yield f"## `{name}`\n"
        yield f"`{PREFIX}{name.upper()}`, default {shown}\n"
        yield f"{_description(hints[name])}\n"


def _description(hint: object) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    texts = [part.description for part in get_args(hint) if isinstance(part, msgspec.Meta)]
    return next((text for text in texts if text), "")


def _command(command: Command) -> Iterator[str]:
    yield f"## `dangol {command.name}`\n"
    yield f"{command.summary}.\n"
    yield f"{command.explanation}\n"
    if command.arguments:
        yield "| argument | meaning |\n|---|---|"
        yield from (f"| {_signature(one)} | {one.help} |" for one in command.arguments)
        yield ""
    yield "\n".join(["```sh", *command.examples, "```\n"])


def _signature(argument: Argument) -> str:
    if argument.choices:
        value = " \\| ".join(f"`{choice}`" for choice in argument.choices)
        return f"`{argument.name}` {value}" if argument.name.startswith("-") else value
    if argument.kind is None or not argument.name.startswith("-"):
        return f"`{argument.name}`"
    return f"`{argument.name} {argument.name.strip('-').upper()}`"


if __name__ == "__main__":
    write_pages(Path("docs") / "reference")
