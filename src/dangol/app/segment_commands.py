"""The commands about segments and lists, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

NAME: Final = Argument(name="name", help="the segment's name")
CONDITION: Final = Argument(
    name="condition", kind=Path, help="a file with a condition, or a segment's document (YAML)"
)
LIST: Final = Argument(name="name", help="the list's name")

SEGMENT_COMMANDS: Final = (
    Command(
        name="apply",
        summary="Make segments and journeys what files say, after showing what that changes",
        explanation=(
            "Each file holds YAML documents, one a segment or a journey. Shows what is added and\n"
            "changed, how many would enter and leave, and what becomes of those inside journeys;\n"
            "asks; then does all of it or nothing. The same files again change nothing. Of faulty\n"
            "files everything wrong is named by document, place and remedy, and the exit code is\n"
            "2. docs/guides/apply.md."
        ),
        examples=(
            "dangol apply -f segments.yaml --dry-run",
            "dangol apply -f segments.yaml -f more.yaml --prune --yes",
            "dangol apply -f journeys.yaml --inside follow",
        ),
        runs="dangol.app.apply:run_apply",
        arguments=(
            Argument(
                name="-f", kind=Path, many=True, required=True, help="a file; may be given again"
            ),
            Argument(name="--dry-run", kind=None, help="only show what would change"),
            Argument(name="--yes", kind=None, help="do not ask"),
            Argument(
                name="--prune", kind=None, help="archive the segments that the files do not name"
            ),
            Argument(
                name="--inside",
                choices=("pin", "follow"),
                default="pin",
                help="whether those inside a journey keep its version or go on in the new one",
            ),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="segment list",
        summary="List the segments, their sizes and what they ask",
        explanation="In sentences; with --json also the sizes of the last 30 days.",
        examples=("dangol segment list", "dangol segment list --all --json"),
        runs="dangol.app.segments:run_list",
        arguments=(
            Argument(name="--all", kind=None, help="archived ones, too"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="segment show",
        summary="Show what a segment asks, its draft and its versions",
        explanation="Also which journeys use it, and why it is not refreshed if it is not.",
        examples=("dangol segment show lapsed_regulars",),
        runs="dangol.app.segments:run_show",
        arguments=(NAME, JSON, WORKSPACE),
    ),
    Command(
        name="segment create",
        summary="Create or change one segment",
        explanation=(
            "Published at once, or kept as a draft beside what is published. For many segments\n"
            "`dangol apply` is better: it shows first what changes."
        ),
        examples=(
            "dangol segment create buyers condition.yaml --title-ko '구매 고객' --title-en Buyers",
            "dangol segment create buyers condition.yaml --draft",
        ),
        runs="dangol.app.segments:run_create",
        arguments=(
            NAME,
            CONDITION,
            Argument(name="--title-ko", default="", help="its Korean title; default: the name"),
            Argument(name="--title-en", default="", help="its English title; default: the name"),
            Argument(name="--draft", kind=None, help="judge nobody by it yet"),
            WORKSPACE,
        ),
    ),
    Command(
        name="segment preview",
        summary="Count for whom a condition would hold",
        explanation=(
            "Changes nothing. Of a large shop it looks at as many customers as ten seconds allow,\n"
            "and says between which numbers the count lies in 19 of 20 cases."
        ),
        examples=("dangol segment preview condition.yaml",),
        runs="dangol.app.segments:run_preview",
        arguments=(
            CONDITION,
            Argument(name="--name", default="", help="the segment whose condition it is to become"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="segment publish",
        summary="Publish a segment's draft",
        explanation="Everybody is judged by it at the next refresh.",
        examples=("dangol segment publish buyers",),
        runs="dangol.app.segments:run_publish",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="segment archive",
        summary="Put a segment away",
        explanation=(
            "Its members leave, and no journey hears of it. Refused while a running or paused\n"
            "journey begins with it or asks about it, or another segment does."
        ),
        examples=("dangol segment archive buyers",),
        runs="dangol.app.segments:run_archive",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="segment restore",
        summary="Take an archived segment out again",
        explanation="Its members enter at the next refresh, and journeys hear of that.",
        examples=("dangol segment restore buyers",),
        runs="dangol.app.segments:run_restore",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="segment history",
        summary="Print who was in a segment on a day",
        explanation=(
            "One line a customer: the number, and since when. At the end of the day in the shop's\n"
            "zone; without --on, now. It reaches back as far as DANGOL_MEMBERSHIP_KEEP_DAYS says."
        ),
        examples=("dangol segment history buyers --on 2027-03-02 > buyers.tsv",),
        runs="dangol.app.segments:run_history",
        arguments=(
            NAME,
            Argument(name="--on", default="", help="the day, like 2027-03-02"),
            WORKSPACE,
        ),
    ),
    Command(
        name="segment export",
        summary="Print published segments as YAML",
        explanation="`dangol apply` reads it back without a change.",
        examples=(
            "dangol segment export > segments.yaml",
            "dangol segment export --name buyers --name lapsed_regulars",
        ),
        runs="dangol.app.segments:run_export",
        arguments=(
            Argument(name="--name", many=True, help="only this one; may be given several times"),
            WORKSPACE,
        ),
    ),
)
LIST_COMMANDS: Final = (
    Command(
        name="list show",
        summary="Show an uploaded list and who asks for it",
        explanation="Customers, not addresses, are kept of a list.",
        examples=("dangol list show vip_2027",),
        runs="dangol.app.segments:run_show_list",
        arguments=(LIST, JSON, WORKSPACE),
    ),
    Command(
        name="list delete",
        summary="Delete an uploaded list",
        explanation="Refused while a segment, a draft or a running or paused journey asks for it.",
        examples=("dangol list delete vip_2027",),
        runs="dangol.app.segments:run_delete_list",
        arguments=(LIST, WORKSPACE),
    ),
)
