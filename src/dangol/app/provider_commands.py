"""The commands about vendors."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

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
        explanation=(
            "0 takes the limit away. With --domain it holds for what goes to the mailboxes of\n"
            "that domain, and of others of the same company. docs/guides/sending.md."
        ),
        examples=(
            "dangol provider limit smtp 20",
            "dangol provider limit smtp 0",
            "dangol provider limit smtp 20 --domain naver.com",
        ),
        runs="dangol.app.provider_cli:run_limit",
        arguments=(
            NAME,
            Argument(name="per_second", kind=float, help="messages a second; 0 for no limit"),
            Argument(name="--domain", default="", help="only for mail to this domain"),
        ),
    ),
    Command(
        name="provider warm-up",
        summary="Let a new sending domain begin with few mails a day, and more each day",
        explanation=(
            "What is over a day's most waits until the next day (Korea); a fifth of it is kept\n"
            "for information. Days on which nothing is sent do not count. Off unless it is set.\n"
            "docs/guides/sending.md."
        ),
        examples=(
            "dangol provider warm-up smtp --start 200 --growth 1.5 --goal 50000",
            "dangol provider warm-up smtp --off",
        ),
        runs="dangol.app.provider_cli:run_warm_up",
        arguments=(
            NAME,
            Argument(name="--start", kind=int, default=200, help="mails on the first day; 200"),
            Argument(name="--growth", kind=float, default=1.5, help="times as many a day; 1.5"),
            Argument(name="--goal", kind=int, default=50_000, help="a day needs no most; 50000"),
            Argument(name="--off", kind=None, help="end it"),
        ),
    ),
    Command(
        name="provider price",
        summary="Enter what a kind of message costs by a vendor",
        explanation=(
            "In won. It is kept beside everything that is sent from then on, unless the vendor\n"
            "tells what that very message cost; `dangol results` sums it. docs/guides/results.md."
        ),
        examples=("dangol provider price solapi sms 8.4", "dangol provider price smtp email 0.3"),
        runs="dangol.app.provider_cli:run_price",
        arguments=(
            NAME,
            Argument(name="kind", help="email, sms, lms, mms, alimtalk, brand or push"),
            Argument(name="price", kind=float, help="won for one message"),
        ),
    ),
    Command(
        name="provider prices",
        summary="Say what messages cost by each vendor",
        explanation="As `dangol provider price` entered it. docs/guides/results.md.",
        examples=("dangol provider prices", "dangol provider prices --json"),
        runs="dangol.app.provider_cli:run_prices",
        arguments=(JSON,),
    ),
    Command(
        name="results",
        summary="Say what became of messages, what they cost and what they brought",
        explanation=(
            "By journey, message, channel or month, of what left in the last days. Conversions\n"
            "are counted with the message that came last before them; what a journey really\n"
            "brings, its holdout tells. docs/guides/results.md."
        ),
        examples=(
            "dangol results",
            "dangol results --by channel --days 90",
            "dangol results --by month --days 365 --json",
        ),
        runs="dangol.app.results:run_results",
        arguments=(
            Argument(
                name="--by",
                default="journey",
                choices=("journey", "message", "channel", "month"),
                help="what the results are told apart by",
            ),
            Argument(name="--days", kind=int, default=30, help="how many days back; 30"),
            JSON,
            WORKSPACE,
        ),
    ),
)
