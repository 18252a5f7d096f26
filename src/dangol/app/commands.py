"""The commands of `dangol`, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WHO, WHO_MEANS, WORKSPACE, Argument, Command
from dangol.app.audience_commands import AUDIENCE_COMMANDS
from dangol.app.delivery_commands import DELIVERY_COMMANDS
from dangol.app.edge_commands import KEY_COMMANDS, SHOP_COMMANDS
from dangol.app.guard_commands import GUARD_COMMANDS
from dangol.app.journey_commands import JOURNEY_COMMANDS
from dangol.app.ledger_commands import LEDGER_COMMANDS
from dangol.app.mail_commands import MAIL_COMMANDS
from dangol.app.page_commands import PAGE_COMMANDS
from dangol.app.privacy_commands import PRIVACY_COMMANDS
from dangol.app.provider_commands import PROVIDER_COMMANDS
from dangol.app.push_commands import PUSH_COMMANDS
from dangol.app.segment_commands import LIST_COMMANDS, SEGMENT_COMMANDS
from dangol.app.sending_commands import SENDING_COMMANDS
from dangol.app.sequence_commands import SEQUENCE_COMMANDS
from dangol.app.trial.commands import TRIAL_COMMANDS
from dangol.app.vendor_commands import VENDOR_COMMANDS
from dangol.app.webhook_commands import WEBHOOK_COMMANDS

PORT: Final = Argument(name="--port", kind=int, help="listen here instead of at DANGOL_PORT")
COMMANDS: Final = (
    Command(
        name="demo",
        summary="Replay a year of shopping and look at it",
        explanation=(
            "Starts everything on a folder of its own, replays a year of purchases on a\n"
            "simulated clock, sends mail to a mail server on this machine only, and keeps\n"
            "serving at a printed address. Addresses, consents and readers are made up.\n"
            "Stopped in the middle, it goes on where it was when started again."
        ),
        examples=(
            "dangol demo",
            "dangol demo --data cdnow",
            "dangol demo --data my_orders.csv --mapping my_orders.toml",
            "dangol demo --once --json",
        ),
        runs="dangol.app.demo:run",
        arguments=(
            Argument(
                name="--data",
                default="completejourney",
                help="completejourney, cdnow, or a file of orders",
            ),
            Argument(name="--mapping", kind=Path, help="what the columns of the file mean (TOML)"),
            Argument(name="--once", kind=None, help="stop after the replay"),
            JSON,
            PORT,
            Argument(
                name="--folder",
                kind=Path,
                help="where to keep it; default: demo-DATA in the data folder",
            ),
            Argument(name="--days", kind=int, help="replay only this many days"),
        ),
    ),
    Command(
        name="up",
        summary="Run everything: database, server, workers",
        explanation=(
            "Starts PostgreSQL in the data folder unless DANGOL_DATABASE_URL names one, then\n"
            "the HTTP server and the workers; starts again what dies; Ctrl-C stops all in order."
        ),
        examples=("dangol up", "dangol up --port 9000"),
        runs="dangol.app.operate:run_up",
        arguments=(PORT,),
    ),
    Command(
        name="serve",
        summary="Run the HTTP server only",
        explanation="Tracking API, links in mails, unsubscribe page, console. Stateless: run many.",
        examples=("dangol serve", "DANGOL_PORT=9000 dangol serve"),
        runs="dangol.app.operate:run_serve",
        arguments=(PORT,),
    ),
    Command(
        name="work",
        summary="Run one worker only",
        explanation=(
            "Ticks, delivers, refreshes segments, writes history. Run as many as you like,\n"
            "on any machine: they share the work through locks in PostgreSQL."
        ),
        examples=("dangol work",),
        runs="dangol.app.operate:run_work",
    ),
    Command(
        name="migrate",
        summary="Bring the database up to date",
        explanation="Applies what is missing, each migration in one transaction. Safe to repeat.",
        examples=(
            "dangol migrate",
            "DANGOL_DATABASE_URL=postgresql://dangol@db/dangol dangol migrate",
        ),
        runs="dangol.app.operate:run_migrate",
    ),
    Command(
        name="doctor",
        summary="Check this installation and say what to do",
        explanation="Exits 1 if anything needs you.",
        examples=("dangol doctor", "dangol doctor --json"),
        runs="dangol.app.doctor:run",
        arguments=(JSON,),
    ),
    Command(
        name="backup-hint",
        summary="Print how to back this installation up",
        explanation="Prints the commands for your settings; runs nothing.",
        examples=("dangol backup-hint",),
        runs="dangol.app.operate:run_backup_hint",
    ),
    Command(
        name="import",
        summary="Read a file of orders, customers, events, products or consents",
        explanation=(
            "CSV, Parquet or JSON Lines. Every row is accepted or refused with a reason and its\n"
            "line number. The same file twice changes nothing; a stopped import goes on.\n"
            "Ready mappings are in examples/; docs/guides/import.md explains how to write one."
        ),
        examples=(
            "dangol import orders orders.csv --mapping examples/shop.toml --dry-run",
            "dangol import orders online_retail.parquet --mapping examples/online_retail.toml",
            "dangol import products products.csv --dry-run",
        ),
        runs="dangol.app.manage:run_import",
        arguments=(
            Argument(
                name="kind",
                help="what a row of the file is",
                choices=("orders", "customers", "events", "products", "consents"),
            ),
            Argument(name="file", kind=Path, help="the file"),
            Argument(
                name="--mapping",
                kind=Path,
                help="what the columns mean (TOML); may be left out for products and consents",
            ),
            Argument(name="--dry-run", kind=None, help="only report; store nothing"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="lake verify",
        summary="Prove that the history holds every event, once, as it came",
        explanation=(
            "Compares the lake with the inbox, day by day as long as the inbox has them, and\n"
            "with what every flush has counted, month by month; looks for lost and broken files,\n"
            "events that stand twice and events in a wrong month. Reads only; all else goes on\n"
            "meanwhile. Exits 1 if anything differs, with examples and what to do."
        ),
        examples=("dangol lake verify", "dangol lake verify --json"),
        runs="dangol.app.lake_commands:run_verify",
        arguments=(JSON,),
    ),
    *LEDGER_COMMANDS,
    Command(
        name="workspace add",
        summary="Create a workspace: one shop",
        explanation=(
            "The law wants a sender's name, postal address and phone number in every\n"
            "advertisement, so they are asked for here."
        ),
        examples=(
            (
                "dangol workspace add --name '단골 상점' --sender-email hello@shop.example "
                "--sender-postal '서울시 …' --sender-phone 02-000-0000"
            ),
        ),
        runs="dangol.app.manage:run_workspace_add",
        arguments=(
            Argument(name="--name", required=True, help="the shop's name, shown as the sender"),
            Argument(name="--sender-email", required=True, help="the address mail comes from"),
            Argument(name="--sender-postal", required=True, help="the shop's postal address"),
            Argument(name="--sender-phone", required=True, help="the shop's phone number"),
            Argument(name="--time-zone", default="Asia/Seoul", help="default: Asia/Seoul"),
            Argument(name="--locale", default="ko", choices=("ko", "en"), help="default: ko"),
            Argument(
                name="--country",
                default="KR",
                help="where phone numbers without a country code are at home; default: KR",
            ),
            Argument(
                name="--collecting",
                default="strict",
                choices=("strict", "open"),
                help="strict: behaviour only with consent; open: with another basis; "
                "default: strict",
            ),
        ),
    ),
    Command(
        name="member add",
        summary="Let somebody sign in to the console",
        explanation="Prints a new password, or reads one from standard input.",
        examples=(
            "dangol member add owner@shop.example",
            "dangol member add owner@shop.example --password-stdin < password.txt",
        ),
        runs="dangol.app.manage:run_member_add",
        arguments=(
            Argument(name="email", help="how they sign in"),
            Argument(
                name="--role",
                default="owner",
                choices=("owner", "marketer", "reader"),
                help="default: owner",
            ),
            Argument(name="--locale", default="ko", choices=("ko", "en"), help="default: ko"),
            Argument(name="--password-stdin", kind=None, help="read the password from there"),
            WORKSPACE,
        ),
    ),
    *KEY_COMMANDS,
    *SHOP_COMMANDS,
    *WEBHOOK_COMMANDS,
    Command(
        name="customer show",
        summary="Show who a customer is and how much is held about them",
        explanation=WHO_MEANS + "E-mail addresses and telephone numbers are shown masked.",
        examples=("dangol customer show minji@shop.example", "dangol customer show id:57"),
        runs="dangol.app.customer:run_show",
        arguments=(WHO, WORKSPACE),
    ),
    Command(
        name="customer export",
        summary="Write everything held about a customer into a folder",
        explanation=(
            WHO_MEANS + "One JSON document, a CSV file for each kind of thing, and a README that\n"
            "explains them in Korean and in English. docs/guides/rights.md says more."
        ),
        examples=("dangol customer export minji@shop.example --to minji",),
        runs="dangol.app.customer:run_export",
        arguments=(
            WHO,
            Argument(name="--to", kind=Path, required=True, help="an empty folder"),
            WORKSPACE,
        ),
    ),
    Command(
        name="customer erase",
        summary="Forget a customer for good",
        explanation=(
            WHO_MEANS
            + "Destroys their key, deletes what is known of them and their events in the\n"
            "history, and skips what was planned for them. Cut off, it goes on by itself under\n"
            "`dangol up`, or when it is called again. docs/guides/rights.md says what stays."
        ),
        examples=(
            "dangol customer erase minji@shop.example",
            "dangol customer erase user:minji --yes",
        ),
        runs="dangol.app.customer:run_erase",
        arguments=(
            WHO,
            Argument(name="--yes", kind=None, help="do not ask to type it again"),
            WORKSPACE,
        ),
    ),
    *JOURNEY_COMMANDS,
    *TRIAL_COMMANDS,
    Command(
        name="vault rotate",
        summary="Put a new master key in place of the old one",
        explanation=(
            "Adds a key to the key file, wraps every customer's key anew, seals anew what else is\n"
            "under the old key, and drops that a quarter of an hour later at the earliest: call\n"
            "it again then. Cut off, it goes on where it was. Back the key file up after each\n"
            "call; where several machines work, copy it to the others at once."
        ),
        examples=("dangol vault rotate",),
        runs="dangol.app.vault:run_rotate",
    ),
    Command(
        name="customer merge",
        summary="Say that two customers are one person",
        explanation=(
            "Numbers as in the address of a customer's page. What is known of both counts for\n"
            "one from now on; of their consents the stricter holds. docs/guides/identity.md."
        ),
        examples=("dangol customer merge 17 4711",),
        runs="dangol.app.merging:run_merge",
        arguments=(
            Argument(name="one", kind=int, help="a customer's number"),
            Argument(name="other", kind=int, help="the other's"),
            WORKSPACE,
        ),
    ),
    Command(
        name="customer unmerge",
        summary="Undo a merge that was wrong",
        explanation=(
            "For 30 days. The part gets back what it brought; what said that the two are one\n"
            "never counts again. The customer's page lists the parts and their numbers."
        ),
        examples=("dangol customer unmerge 4711",),
        runs="dangol.app.merging:run_unmerge",
        arguments=(Argument(name="part", kind=int, help="the part's number"), WORKSPACE),
    ),
    *SEGMENT_COMMANDS,
    Command(
        name="list upload",
        summary="Make a file's customers a list that segments can ask for",
        explanation=(
            "A file of one column, or of several of which --column names one, with a header line:\n"
            "CSV, JSON Lines or Parquet. The same name again replaces the list. Rows that lead to\n"
            "nobody are reported by their lines and are not kept. docs/reference/segments.md."
        ),
        examples=(
            "dangol list upload vip.csv --name vip_2027 --by email",
            "dangol list upload members.csv --name members --by user --column member_id --json",
        ),
        runs="dangol.app.lists:run_upload",
        arguments=(
            Argument(name="file", kind=Path, help="whom the list names"),
            Argument(name="--name", required=True, help="what conditions call the list"),
            Argument(
                name="--by",
                choices=("user", "email", "phone"),
                required=True,
                help="what the file knows customers by: the shop's own id, or an address",
            ),
            Argument(name="--column", default="", help="which column, where there are several"),
            WORKSPACE,
            JSON,
        ),
    ),
    *LIST_COMMANDS,
    *SEQUENCE_COMMANDS,
    *PAGE_COMMANDS,
    *MAIL_COMMANDS,
    *PROVIDER_COMMANDS,
    *PUSH_COMMANDS,
    *SENDING_COMMANDS,
    *DELIVERY_COMMANDS,
    *GUARD_COMMANDS,
    *VENDOR_COMMANDS,
    *PRIVACY_COMMANDS,
    *AUDIENCE_COMMANDS,
    Command(
        name="mailbox",
        summary="Run the demonstration's mail server",
        explanation="Takes mail on this machine only and stores it in a folder.",
        examples=("dangol mailbox --port 1025 --folder mailbox",),
        runs="dangol.app.operate:run_mailbox",
        arguments=(
            Argument(name="--port", kind=int, required=True, help="where to listen"),
            Argument(name="--folder", kind=Path, required=True, help="where mail is kept"),
        ),
    ),
)
