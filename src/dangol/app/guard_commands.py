"""The commands about what the guard lets pass."""

from datetime import time
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command
from dangol.store.vocabulary import Channel


def number(name: str, to: str, text: str) -> Argument:
    return Argument(name=name, kind=int, to=to, help=text)


def truth(text: str) -> bool:
    """Read yes or no.

    Raises:
        ValueError: it is neither.
    """
    if text not in {"yes", "no"}:
        raise ValueError(f"{text!r} is neither yes nor no.")
    return text == "yes"


def clock_time(text: str) -> time:
    """Read an hour and a minute.

    Raises:
        ValueError: it is none.
    """
    return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)


GUARD_COMMANDS: Final = (
    Command(
        name="law",
        summary="Say what the law asks of advertising",
        explanation=(
            "In Korean and English, with the articles: what the guard judges by, for customers of\n"
            "South Korea, of the European Union with the United Kingdom, and of the United\n"
            "States. Not legal advice. docs/reference/law.md."
        ),
        examples=("dangol law", "dangol law --country KR", "dangol law --json"),
        runs="dangol.app.law:run_law",
        arguments=(
            Argument(
                name="--country",
                default="",
                choices=("KR", "EU", "US"),
                help="only these rules",
            ),
            JSON,
        ),
    ),
    Command(
        name="guard show",
        summary="Say how much the shop wants to say, and which messages are stopped",
        explanation="The limits the guard judges advertising by. docs/guides/guard.md.",
        examples=("dangol guard show", "dangol guard show --json"),
        runs="dangol.app.guard_cli:run_show",
        arguments=(WORKSPACE, JSON),
    ),
    Command(
        name="guard set",
        summary="Change how much the shop wants to say",
        explanation="What is not given stays as it is. docs/guides/guard.md says what each does.",
        examples=(
            "dangol guard set --daily-messages 1",
            "dangol guard set --send-time-hours 12",
            "dangol guard set --quiet-from 20:00 --quiet-until 09:00",
            "dangol guard set --holdout-permille 50 --opt-out-limit 0.005",
        ),
        runs="dangol.app.guard_cli:run_set",
        arguments=(
            number("--cap-messages", "cap_messages", "messages a channel may bring in --cap-days"),
            number("--cap-days", "cap_days", "days the cap counts"),
            number("--daily-messages", "daily_messages", "messages a day over all channels"),
            number("--sunset-messages", "sunset_messages", "unanswered messages of a sunset"),
            number("--sunset-days", "sunset_days", "days a sunset takes at least"),
            number("--reduced-days", "reduced_days", "days between messages to silent visitors"),
            number("--send-time-hours", "send_time_hours", "hours to wait for the best one, or 0"),
            number("--holdout-permille", "holdout_permille", "of a thousand, how many get none"),
            Argument(
                name="--opt-out-limit",
                kind=float,
                to="opt_out_limit",
                help="share of receivers who may opt out of a message",
            ),
            Argument(
                name="--quiet-from",
                kind=clock_time,
                to="quiet_from",
                help="local time at which advertising begins to wait, such as 21:00",
            ),
            Argument(
                name="--quiet-until",
                kind=clock_time,
                to="quiet_until",
                help="local time at which it goes on; the same as --quiet-from: never waits",
            ),
            Argument(
                name="--similar-goods",
                kind=truth,
                to="similar_goods",
                help="yes or no: may buyers hear of goods like theirs where the law lets them",
            ),
            Argument(
                name="--consent-notices",
                kind=truth,
                to="consent_notices",
                help="yes or no: are people told about their consents what the law wants told",
            ),
            Argument(
                name="--message-events",
                kind=truth,
                to="message_events",
                help="yes or no: does what becomes of messages come in as events, too",
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="guard cap",
        summary="Limit how much advertising comes on a channel or about a topic",
        explanation=(
            "For one customer, beside the shop's own limits (`dangol guard show`); the strictest\n"
            "holds. Setting one of the same days, channel and topic again gives it another number."
        ),
        examples=(
            "dangol guard cap set --messages 1 --days 30 --topic coupons",
            "dangol guard cap set --messages 2 --days 7 --channel sms",
            "dangol guard cap list",
            "dangol guard cap remove --days 30 --topic coupons",
        ),
        runs="dangol.app.cap_cli:run_cap",
        arguments=(
            Argument(name="action", choices=("set", "list", "remove"), help="what to do"),
            number("--messages", "messages", "at most so many"),
            number("--days", "days", "days it counts"),
            Argument(
                name="--channel",
                default="",
                choices=tuple(channel.value for channel in Channel),
                help="on this channel; on all together unless given",
            ),
            Argument(name="--topic", default="", help="about this topic; about all unless given"),
            WORKSPACE,
            JSON,
        ),
    ),
    Command(
        name="guard resume",
        summary="Let a message go on that was stopped because too many opted out",
        explanation="What it held back is looked at again at once; its opt-outs count anew.",
        examples=("dangol guard resume win_back winback_note",),
        runs="dangol.app.guard_cli:run_resume",
        arguments=(
            Argument(name="journey", help="the journey's name"),
            Argument(name="template", help="the template's name"),
            WORKSPACE,
        ),
    ),
)
