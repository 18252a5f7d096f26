"""The commands about journeys, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

NAME: Final = Argument(name="name", help="the journey's name")
FILE: Final = Argument(name="file", kind=Path, help="the journey (YAML or JSON)")
INSIDE: Final = (
    Argument(
        name="--inside",
        choices=("pin", "follow", "migrate"),
        default="pin",
        help="what becomes of those inside: they keep their version (pin, the default), go on at "
        "the step of the same name (follow), or where --map says (migrate)",
    ),
    Argument(
        name="--map",
        many=True,
        help="of migrate: a step's name, =, and the name of a wait in the new version or exit; "
        "may be given again",
    ),
    Argument(
        name="--finished",
        help="where those go on who had come to the end: a step's name, or continue for the one "
        "that was added there",
    ),
    Argument(
        name="--finished-within",
        default="30 days",
        help="how long ago they may have come to the end; 30 days unless you say otherwise",
    ),
)
JOURNEY_COMMANDS: Final = (
    Command(
        name="journey apply",
        summary="Publish a journey from a file, and let it run",
        explanation=(
            "The same file again changes nothing; a changed one becomes a new version, which new\n"
            "customers take. --inside says what becomes of those inside. A paused journey stays\n"
            "paused. docs/guides/journeys.md explains the format."
        ),
        examples=(
            "dangol journey apply win_back.yaml",
            "dangol journey apply win_back.yaml --inside follow",
        ),
        runs="dangol.app.journey_cli:run_apply",
        arguments=(FILE, *INSIDE, WORKSPACE),
    ),
    Command(
        name="journey publish",
        summary="Publish a journey from a file, and leave it in its state",
        explanation="As apply, but a new journey stays a draft until `dangol journey resume`.",
        examples=(
            "dangol journey publish win_back.yaml",
            "dangol journey publish win_back.yaml --inside migrate --map rest=pause --map old=exit",
            "dangol journey publish win_back.yaml --finished continue",
        ),
        runs="dangol.app.journey_cli:run_publish",
        arguments=(FILE, *INSIDE, WORKSPACE),
    ),
    Command(
        name="journey preview",
        summary="Show what publishing a file would change, and for how many",
        explanation=(
            "Changes nothing. Lists everything that is wrong with the file; else the lines that\n"
            "differ from the version of now, and what becomes of those at each step."
        ),
        examples=("dangol journey preview win_back.yaml --inside follow",),
        runs="dangol.app.journey_cli:run_preview",
        arguments=(FILE, *INSIDE, JSON, WORKSPACE),
    ),
    Command(
        name="journey list",
        summary="List the journeys, their states and how many are inside",
        explanation="With the number of the version that new customers take.",
        examples=("dangol journey list", "dangol journey list --json"),
        runs="dangol.app.journey_cli:run_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="journey show",
        summary="Show a journey, and how many stand at each step",
        explanation=(
            "With --yaml, as a file that `dangol apply` reads back without a change; --number\n"
            "takes an earlier version."
        ),
        examples=(
            "dangol journey show win-back",
            "dangol journey show win-back --yaml > win_back.yaml",
        ),
        runs="dangol.app.journey_cli:run_show",
        arguments=(
            NAME,
            Argument(name="--yaml", kind=None, help="print it as a file"),
            Argument(name="--number", kind=int, help="which version; else that of new customers"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="journey versions",
        summary="List a journey's versions: when, by whom, how many are inside",
        explanation="And every time that new customers got another one, the last first.",
        examples=("dangol journey versions win-back",),
        runs="dangol.app.journey_cli:run_versions",
        arguments=(NAME, JSON, WORKSPACE),
    ),
    Command(
        name="journey rollback",
        summary="Let new customers take an earlier version again",
        explanation="Those inside keep theirs unless --inside says otherwise.",
        examples=("dangol journey rollback win-back 3 --inside follow",),
        runs="dangol.app.journey_cli:run_rollback",
        arguments=(
            NAME,
            Argument(name="number", kind=int, help="the version's number"),
            *INSIDE,
            WORKSPACE,
        ),
    ),
    Command(
        name="journey explain",
        summary="Show how one customer came through a journey, or why they never entered it",
        explanation=(
            "Every step they came to, when, where it led, and what became of its message. Of who\n"
            "never entered: each question that the tick asks at the door, and its answer now."
        ),
        examples=("dangol journey explain win-back --customer minji",),
        runs="dangol.app.journey_explain:run_explain",
        arguments=(
            NAME,
            Argument(
                name="--customer",
                required=True,
                help="number, external id, e-mail address or phone number",
            ),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="journey pause",
        summary="Let nobody into a journey, and move nobody",
        explanation="What it had planned is held.",
        examples=("dangol journey pause win-back",),
        runs="dangol.app.journey_cli:run_pause",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="journey resume",
        summary="Let a journey run, for the first time or again",
        explanation="What it held goes on if it is still worth sending.",
        examples=("dangol journey resume win-back",),
        runs="dangol.app.journey_cli:run_resume",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="journey stop",
        summary="End a journey for everybody inside, for good",
        explanation="What it had planned is skipped. It cannot be started again.",
        examples=("dangol journey stop win-back",),
        runs="dangol.app.journey_cli:run_stop",
        arguments=(NAME, WORKSPACE),
    ),
)
