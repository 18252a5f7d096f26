"""The commands about ad audiences."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command
from dangol.store.vocabulary import AdNetwork

NAME: Final = Argument(name="name", help="the audience's name")
AUDIENCE_COMMANDS: Final = (
    Command(
        name="audience create",
        summary="Have a segment shown advertising by Meta or Google",
        explanation=(
            "Gives the network hashed addresses of the segment's customers who agreed to exactly\n"
            "that (purpose ad_audience), and of nobody else; takes out whoever takes it back or\n"
            "leaves the segment. Make the audience at the network first. docs/guides/audiences.md."
        ),
        examples=(
            "dangol audience create vip --segment vip --network meta --ref 23 --most 900 --days 9",
            "dangol audience create new --segment new --network google --ref 7 --most 9 --days 7",
        ),
        runs="dangol.app.audience_cli:run_create",
        arguments=(
            NAME,
            Argument(name="--segment", required=True, help="the segment that feeds it"),
            Argument(
                name="--network",
                required=True,
                choices=tuple(one.value for one in AdNetwork),
                help="who shows the advertising",
            ),
            Argument(name="--ref", required=True, help="the audience's id at the network"),
            Argument(
                name="--channel",
                many=True,
                choices=("email", "sms"),
                help="which address is given, email unless said; may be given several times",
            ),
            Argument(name="--most", kind=int, required=True, help="at most so many addresses"),
            Argument(
                name="--days",
                kind=int,
                required=True,
                help="days until everybody is taken out again, at most 366",
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="audience list",
        summary="List the ad audiences, and how many addresses are in them",
        explanation="Those that were removed stay listed: they show what was given to whom.",
        examples=("dangol audience list", "dangol audience list --json"),
        runs="dangol.app.audience_cli:run_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="audience show",
        summary="Show one ad audience, and why others of its segment are not in it",
        explanation=(
            "Counts addresses. Left out is whoever has no address, has not agreed, may not be\n"
            "written to, has had as many messages as the guard's caps allow, or finds it full."
        ),
        examples=("dangol audience show regulars",),
        runs="dangol.app.audience_cli:run_show",
        arguments=(NAME, JSON, WORKSPACE),
    ),
    Command(
        name="audience sync",
        summary="Bring an ad audience in line with its segment now",
        explanation=(
            "Workers do so by themselves: who must leave within a minute, who may come in within\n"
            "fifteen."
        ),
        examples=("dangol audience sync regulars",),
        runs="dangol.app.audience_cli:run_sync",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="audience pause",
        summary="Let nobody come into an ad audience for now",
        explanation=(
            "Whoever takes their consent back or leaves the segment is taken out all the same.\n"
            "To take everybody out: dangol audience remove."
        ),
        examples=("dangol audience pause regulars",),
        runs="dangol.app.audience_cli:run_pause",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="audience resume",
        summary="Let people come into an ad audience again",
        explanation="Workers look within a minute who may.",
        examples=("dangol audience resume regulars",),
        runs="dangol.app.audience_cli:run_resume",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="audience remove",
        summary="Take everybody out of an ad audience, for good",
        explanation="Workers tell the network; the audience there stays, and is empty.",
        examples=("dangol audience remove regulars",),
        runs="dangol.app.audience_cli:run_remove",
        arguments=(NAME, WORKSPACE),
    ),
)
