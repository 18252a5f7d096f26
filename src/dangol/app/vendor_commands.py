"""The commands about vendors: where they post to us, and fakes of them to try things out."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Command

VENDOR_COMMANDS: Final = (
    Command(
        name="vendor callbacks",
        summary="Print where vendors post what became of messages",
        explanation=(
            "Each workspace has an address at each vendor that nobody can guess; enter it there.\n"
            "A vendor still has to prove who it is, by the secret in its settings."
        ),
        examples=("dangol vendor callbacks", "dangol vendor callbacks --json"),
        runs="dangol.app.vendor_run:run_callbacks",
        arguments=(JSON, WORKSPACE),
    ),
)
