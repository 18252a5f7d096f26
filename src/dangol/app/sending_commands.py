"""The commands about whether anything is sent at all, as a table."""

from typing import Final

from dangol.app.arguments import JSON, Argument, Command

SENDING_COMMANDS: Final = (
    Command(
        name="sending status",
        summary="Say whether anything is sent from here, and what is due",
        explanation=(
            "Nothing is after a restore or a copy, until somebody resumes it, or while it is\n"
            "paused. Exit code 1 where nothing is sent. docs/guides/operate.md."
        ),
        examples=("dangol sending status", "dangol sending status --json"),
        runs="dangol.app.sending_cli:run_status",
        arguments=(JSON,),
    ),
    Command(
        name="sending pause",
        summary="Send nothing, on no channel and for no workspace, until it is resumed",
        explanation=(
            "Calls under way end. Journeys go on, their messages wait. Pause before you try\n"
            "something out on a copy, too."
        ),
        examples=('dangol sending pause --because "the shop moves"',),
        runs="dangol.app.sending_cli:run_pause",
        arguments=(Argument(name="--because", required=True, help="why; whoever looks reads it"),),
    ),
    Command(
        name="sending resume",
        summary="Let this machine send again",
        explanation=(
            "Shows what is due and asks what becomes of it. What is sent passes the guard like\n"
            "everything: what has expired is skipped, at night advertising waits. What is dropped\n"
            "is skipped as expired. After a restore run it once on each machine that works; a\n"
            "machine that is new to the installation needs it too."
        ),
        examples=("dangol sending resume", "dangol sending resume --overdue drop-advertising"),
        runs="dangol.app.sending_cli:run_resume",
        arguments=(
            Argument(
                name="--overdue",
                choices=("send", "drop-advertising", "drop"),
                help="what becomes of what is due, instead of being asked",
            ),
        ),
    ),
)
