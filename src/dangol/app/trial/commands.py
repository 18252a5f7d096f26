"""The commands that try journeys out, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, Argument, Command

TRIAL_COMMANDS: Final = (
    Command(
        name="story run",
        summary="Tell a story about journeys, and say which line does not come true",
        explanation=(
            "A story is a YAML file: journeys, customers, what they do and when, and what must\n"
            "become of it. It runs through the real stages at the story's clock, in tables of its\n"
            "own that are gone afterwards; nobody is written to. Without DANGOL_DATABASE_URL it\n"
            "starts a PostgreSQL for as long as it takes. Of a folder every story is told. Exit\n"
            "code 1 where a line does not come true, 2 where a story cannot be told.\n"
            "docs/guides/stories.md explains the format."
        ),
        examples=("dangol story run cart_story.yaml", "dangol story run stories --json"),
        runs="dangol.app.trial.story_command:run_story",
        arguments=(
            Argument(name="file", kind=Path, help="a story, or a folder with stories"),
            JSON,
        ),
    ),
)
