"""The commands about dead letters, as a table."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

FAULTS: Final = (
    "permanent",
    "opt_out",
    "transient",
    "throttled",
    "content",
    "configuration",
    "unreachable",
)
DELIVERY_COMMANDS: Final = (
    Command(
        name="delivery list",
        summary="List what is over without having arrived",
        explanation=(
            "Failed for good, or without an answer: its number, when, by which vendor, of which\n"
            "journey, why, and in the vendor's words. Newest first. docs/guides/sending.md."
        ),
        examples=(
            "dangol delivery list",
            "dangol delivery list --vendor smtp --fault configuration --json",
            "dangol delivery list --state unknown",
        ),
        runs="dangol.app.delivery_cli:run_list",
        arguments=(
            Argument(name="--vendor", help="only of this vendor, such as smtp"),
            Argument(name="--fault", choices=FAULTS, help="only for this reason"),
            Argument(
                name="--state",
                choices=("rejected", "retryable", "unknown"),
                help="only refused, run out of tries, or without an answer",
            ),
            Argument(name="--before", kind=int, help="only older ones than this number"),
            Argument(name="--most", kind=int, default=100, help="how many; 100"),
            WORKSPACE,
            JSON,
        ),
    ),
    Command(
        name="delivery show",
        summary="Show one dead letter, and whether it may be tried again",
        explanation="With every time that somebody had it tried again, and why.",
        examples=("dangol delivery show 1204",),
        runs="dangol.app.delivery_cli:run_show",
        arguments=(
            Argument(name="id", kind=int, help="its number in the list"),
            WORKSPACE,
            JSON,
        ),
    ),
    Command(
        name="delivery retry",
        summary="Try dead letters again that surely did not arrive",
        explanation=(
            "What ran out of tries, what our account or the text was at fault for, once that is\n"
            "mended. It passes the guard again. Never: a dead address, an opt-out, what another\n"
            "channel has taken over, what has expired. Who asked, and why, is kept. Exit code 1\n"
            "where one was refused."
        ),
        examples=(
            'dangol delivery retry 1204 --because "the sender profile is repaired"',
            'dangol delivery retry 1204,1205 --because "they asked for it" --even-if-sent',
        ),
        runs="dangol.app.delivery_cli:run_retry",
        arguments=(
            Argument(name="ids", help="numbers of the list, with commas between them"),
            Argument(name="--because", required=True, help="why; it is kept"),
            Argument(
                name="--even-if-sent",
                kind=None,
                help="also what may have arrived: somebody may get it twice",
            ),
            WORKSPACE,
        ),
    ),
)
