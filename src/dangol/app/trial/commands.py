"""The commands that try journeys out, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

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
    Command(
        name="backtest",
        summary="Try a journey on past days: what would it have done?",
        explanation=(
            "Replays what really happened then through the journey, in tables of its own:\n"
            "with the memberships, consents and suppressions of those days, the shop's rules, and\n"
            "the messages that other journeys really sent. Nothing live is written, nobody is\n"
            "written to. Reports enrollments, messages, holds, skips, collisions, cost, ends and\n"
            "some people's ways; the same past makes the same report. Exit code 1 where an\n"
            "expectation is not met. docs/guides/backtest.md says what it cannot know."
        ),
        examples=(
            "dangol backtest cart.yaml --from 2027-01-01 --to 2027-03-31",
            (
                "dangol backtest cart.yaml --from 2027-01-01 --to 2027-01-31 "
                "--expect 'messages<5000' --expect 'skips.over_cap<100' --json"
            ),
        ),
        runs="dangol.app.trial.backtest_command:run_command",
        arguments=(
            Argument(name="file", kind=Path, help="the journey (YAML or JSON)"),
            Argument(name="--from", to="first", required=True, help="the first day"),
            Argument(name="--to", to="last", required=True, help="the last day"),
            Argument(name="--step", default="15m", help="how finely the clock stops; default: 15m"),
            Argument(
                name="--expect",
                many=True,
                help="a figure and its bound, like messages<5000; may be given several times",
            ),
            Argument(
                name="--examples", kind=int, default=10, help="how many ways to tell; default: 10"
            ),
            JSON,
            WORKSPACE,
        ),
    ),
)
