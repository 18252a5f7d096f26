"""The commands about vendors: where they post to us, and fakes of them to try things out."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

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
    Command(
        name="workspace opt-out-phone",
        summary="Set the 080 number by which texts are refused for free",
        explanation=(
            "It stands at the end of every advertisement by text message; Korean law wants a way\n"
            "out that costs nothing, and NHN refuses advertisements without one. '' takes it away."
        ),
        examples=("dangol workspace opt-out-phone 080-123-4567",),
        runs="dangol.app.vendor_run:run_opt_out",
        arguments=(Argument(name="number", help="the number, as 080-123-4567"), WORKSPACE),
    ),
    Command(
        name="fake-vendors",
        summary="Run fakes of all vendors on this machine",
        explanation=(
            "Each speaks its vendor's wire format and sends nothing. Prints the settings that\n"
            "make Dangol use them, and the address of a page that shows what they receive. A\n"
            "number like 01000003104 is answered with 3104, a token like x-UNREGISTERED as of an\n"
            "app that is gone; docs/guides/vendors.md tells the rest."
        ),
        examples=("dangol fake-vendors", "dangol fake-vendors --port 9800 --delay 5 --twice"),
        runs="dangol.app.fake_vendors:run",
        arguments=(
            Argument(
                name="--port",
                kind=int,
                default=8790,
                help="where the page is; the vendors follow on the ports behind it",
            ),
            Argument(
                name="--delay",
                kind=float,
                default=1.0,
                help="seconds between two rounds of posting the reports that are due",
            ),
            Argument(
                name="--twice", kind=None, help="post every report again in the round after its own"
            ),
            Argument(name="--backwards", kind=None, help="post the newest report of a round first"),
        ),
    ),
)
