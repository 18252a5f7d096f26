import re
from pathlib import Path

import pytest

from dangol.journeys.definition import parse_journey
from dangol.journeys.steps import AnyStep, BadJourney

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "journeys.md"


def examples() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_journey_in_the_guide_is_sound() -> None:
    names = [parse_journey(text).name for text in examples()]

    assert names == ["cart-note", "second-order"]


def test_the_guide_shows_faults_as_they_are_told() -> None:
    text = examples()[0].replace("then: done", "then: finish").replace("2 days", "0 days")
    shown = re.search(r"with its place.*?```\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)

    with pytest.raises(BadJourney) as bad:
        parse_journey(text)

    assert shown is not None
    assert str(bad.value).splitlines() == shown[1].splitlines()


def test_the_guide_names_every_kind_of_step() -> None:
    kinds = {kind.__struct_config__.tag for kind in AnyStep.__args__}

    assert {f"`{kind}`" for kind in kinds} <= set(
        GUIDE.read_text("utf-8").replace("|", " ").split()
    )
