"""The examples of docs/reference/segments.md, as the page shows them."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "segments.md"
SHOWN = re.compile(
    r"```json\n(?P<json>.*?)\n```\n- 한국어: (?P<ko>[^\n]*)\n- English: (?P<en>[^\n]*)\n", re.DOTALL
)
WHOLE = re.compile(r"```json\n(?P<json>.*?)\n```\n```yaml\n(?P<yaml>.*?)\n```\n", re.DOTALL)


class Example(NamedTuple):
    """A condition, and how the page says that it reads."""

    where: Any
    ko: str
    en: str


def examples() -> list[Example]:
    page = PAGE.read_text(encoding="utf-8")
    # The first one is whole, and followed by the same in YAML.
    _, _, rest = page.partition("```yaml")
    return [Example(json.loads(f["json"]), f["ko"], f["en"]) for f in SHOWN.finditer(rest)]


def whole_example() -> tuple[str, str]:
    found = WHOLE.search(PAGE.read_text(encoding="utf-8"))
    assert found
    return found["json"], found["yaml"]
