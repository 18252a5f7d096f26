"""The commands about the devices that are sent notifications."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

PUSH_COMMANDS: Final = (
    Command(
        name="push show",
        summary="Say how many devices there are, and how many may be gone",
        explanation=(
            "By kind and state: active, suspected (its service says that the token is dead) and\n"
            "uninstalled (and no new one came in a day); how many were silent for long and wait\n"
            "to be asked for, and how many were asked for in the last 24 hours."
        ),
        examples=("dangol push show", "dangol push show --json"),
        runs="dangol.app.push_cli:run_show",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="push probe-after",
        summary="Set after how many silent days an app is asked for, unseen",
        explanation=(
            "Its service refuses the token of an app that was removed, but only when something is\n"
            "sent. So whoever was sent nothing for so many days is sent a notification that shows\n"
            "nothing. Who refuses notifications is not asked, nor are browsers. 0: never."
        ),
        examples=("dangol push probe-after 14", "dangol push probe-after 0"),
        runs="dangol.app.push_cli:run_probe_after",
        arguments=(Argument(name="days", kind=int, help="1 to 90, or 0 to ask nobody"), WORKSPACE),
    ),
)
