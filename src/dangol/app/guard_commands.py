"""The commands about what the guard lets pass."""

from typing import Final

from dangol.app.arguments import JSON, Argument, Command

GUARD_COMMANDS: Final = (
    Command(
        name="law",
        summary="Say what the law asks of advertising",
        explanation=(
            "In Korean and English, with the articles: what the guard judges by, for customers of\n"
            "South Korea, of the European Union with the United Kingdom, and of the United\n"
            "States. Not legal advice. docs/reference/law.md."
        ),
        examples=("dangol law", "dangol law --country KR", "dangol law --json"),
        runs="dangol.app.law:run_law",
        arguments=(
            Argument(
                name="--country",
                default="",
                choices=("KR", "EU", "US"),
                help="only these rules",
            ),
            JSON,
        ),
    ),
)
