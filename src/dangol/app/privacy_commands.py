"""The commands about what is collected, how long it is kept, and who has seen it."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

PURPOSE: Final = Argument(name="name", help="its name in `dangol purpose list`")

PRIVACY_COMMANDS: Final = (
    Command(
        name="purpose list",
        summary="List what data is collected for, and what was withheld",
        explanation=(
            "Shows each purpose, its lawful basis, what it covers, how long that is kept, and how\n"
            "much was not kept in the last 30 days for want of consent. docs/guides/privacy.md."
        ),
        examples=("dangol purpose list", "dangol purpose list --json"),
        runs="dangol.app.purposes:run_purpose_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="purpose save",
        summary="Add a purpose of collecting data, or change one",
        explanation=(
            "Reads a file in JSON: name, title_ko, title_en, why_ko, why_en, basis (contract,\n"
            "consent, legal_duty, legitimate_interest), without_consent (drop, anonymous),\n"
            "event_names and trait_names with * for any text, covers_rest, keep_events_days,\n"
            "keep_traits_days, active. Holds from the next tick on."
        ),
        examples=("dangol purpose save behaviour.json",),
        runs="dangol.app.purposes:run_purpose_save",
        arguments=(Argument(name="file", help="the file, or - for standard input"), WORKSPACE),
    ),
    Command(
        name="purpose install",
        summary="Put the ready-made purposes in place",
        explanation=(
            "strict: orders and account by contract, behaviour and personalisation by consent.\n"
            "open: the same with a legitimate interest in place of consent."
        ),
        examples=("dangol purpose install strict",),
        runs="dangol.app.purposes:run_purpose_install",
        arguments=(
            Argument(name="preset", choices=("strict", "open"), help="which"),
            WORKSPACE,
        ),
    ),
    Command(
        name="retention show",
        summary="Show how long what is kept, and what the last run deleted",
        explanation=(
            "Lists each purpose's periods and what the last nightly run deleted by them, the\n"
            "periods the law asks at least, and what has no period. docs/guides/privacy.md."
        ),
        examples=("dangol retention show", "dangol retention show --json"),
        runs="dangol.app.retention:run_retention_show",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="retention messages",
        summary="Set for how long messages are kept",
        explanation=(
            "With their decisions, deliveries and receipts; 184 days at least, as the law asks of\n"
            "records of advertising, and never less than a cap or a sunset looks back. What the\n"
            "results count stays. docs/guides/privacy.md."
        ),
        examples=("dangol retention messages 730", "dangol retention messages ever"),
        runs="dangol.app.retention:run_retention_messages",
        arguments=(Argument(name="days", help="how many days, or ever"), WORKSPACE),
    ),
    Command(
        name="retention run",
        summary="Delete now what is older than its period",
        explanation=(
            "Does at once what a worker does every night: deletes events and traits older than\n"
            "their purpose's period, from the tables and from the history, and old entries of\n"
            "the access log. --dry-run counts them and changes nothing."
        ),
        examples=("dangol retention run --dry-run", "dangol retention run"),
        runs="dangol.app.retention:run_retention_now",
        arguments=(
            Argument(name="--dry-run", kind=None, help="only count"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="access list",
        summary="List who saw whose data",
        explanation=(
            "Every page of the console, answer of the API, command and download that shows a\n"
            "person is written down: who, when, from where, what, and of how many. The entries\n"
            "cannot be changed and are kept a year, two from 50,000 customers on."
        ),
        examples=("dangol access list", "dangol access list --customer minji@shop.example"),
        runs="dangol.app.accesses:run_access_list",
        arguments=(
            Argument(name="--customer", help="only about them: e-mail, telephone, id or id:NUMBER"),
            Argument(
                name="--by", help="only by them: a member's e-mail, a key's number, an account"
            ),
            Argument(name="--most", kind=int, default=100, help="at most so many; default: 100"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="segment winners",
        summary="Print a segment's members as a list that may be published",
        explanation=(
            "Masks names, telephone numbers and addresses, as lists of winners are written in\n"
            "Korea (CSV: name, phone, email). --unmasked prints them whole, for sending a prize;\n"
            "it needs --reason. Both go into the access log before anything is printed."
        ),
        examples=(
            "dangol segment winners raffle_july > winners.csv",
            "dangol segment winners raffle_july --unmasked --reason 'sending the prizes'",
        ),
        runs="dangol.app.winners:run_winners",
        arguments=(
            Argument(name="name", help="the segment's name"),
            Argument(name="--unmasked", kind=None, help="whole names and contacts"),
            Argument(name="--reason", default="", help="what they are for"),
            WORKSPACE,
        ),
    ),
)
