"""The commands about vendors."""

from typing import Final

from dangol.app.arguments import JSON, Argument, Command

NAME: Final = Argument(name="name", help="the vendor, such as smtp")
PROVIDER_COMMANDS: Final = (
    Command(
        name="provider list",
        summary="Say how each vendor fares",
        explanation=(
            "Whether it rests because it did not answer, is paused because our account there is\n"
            "not in order, or is slowed down because it said it was too much.\n"
            "docs/guides/sending.md."
        ),
        examples=("dangol provider list", "dangol provider list --json"),
        runs="dangol.app.provider_cli:run_list",
        arguments=(JSON,),
    ),
    Command(
        name="provider resume",
        summary="Call a vendor again at once that rests or is paused",
        explanation=(
            "Once what was wrong is repaired. Without this, one message is tried every ten\n"
            "minutes, and the first that is taken ends the pause."
        ),
        examples=("dangol provider resume smtp",),
        runs="dangol.app.provider_cli:run_resume",
        arguments=(NAME,),
    ),
    Command(
        name="provider limit",
        summary="Set how many messages a second a vendor gets at most",
        explanation="0 takes the limit away. docs/guides/sending.md.",
        examples=("dangol provider limit smtp 20", "dangol provider limit smtp 0"),
        runs="dangol.app.provider_cli:run_limit",
        arguments=(
            NAME,
            Argument(name="per_second", kind=float, help="messages a second; 0 for no limit"),
        ),
    ),
)
