"""The commands about webhooks: who hears what happens here."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

NAME: Final = Argument(name="name", help="the endpoint's name, as `dangol webhook list` shows it")

HEADERS: Final = (
    Argument(
        name="--header",
        many=True,
        help="a header every call bears, as 'Name: value'; may be given several times",
    ),
    Argument(
        name="--header-file",
        help="a file with a header on each line, so that no shell remembers keys; - for stdin",
    ),
)

WEBHOOK_COMMANDS: Final = (
    Command(
        name="webhook add",
        summary="Let other software hear what happens here",
        explanation=(
            "Posts to the address whatever of the kinds asked for happens from now on, signed as\n"
            "Standard Webhooks are. Prints the secret to check signatures with, this once.\n"
            "docs/guides/webhooks.md shows what is sent, and how to take it."
        ),
        examples=(
            "dangol webhook add order-desk https://desk.example/dangol",
            "dangol webhook add crm https://crm.example/in --kind consent.changed",
            "dangol webhook add crm https://crm.example/in --header-file - < headers.txt",
        ),
        runs="dangol.app.webhooks:run_webhook_add",
        arguments=(
            Argument(name="name", help="a short name, like order-desk"),
            Argument(name="url", help="where to post to: https and on the public internet"),
            Argument(
                name="--kind",
                many=True,
                help="what it hears of; may be given several times; default: everything",
            ),
            *HEADERS,
            WORKSPACE,
        ),
    ),
    Command(
        name="webhook list",
        summary="List the endpoints, and how they fare",
        explanation=(
            "Shows what waits for each, what has arrived, and what has failed for good. An\n"
            "endpoint that did nothing but fail for five days is given up: `dangol webhook enable`."
        ),
        examples=("dangol webhook list", "dangol webhook list --json"),
        runs="dangol.app.webhooks:run_webhook_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="webhook calls",
        summary="List the calls to an endpoint",
        explanation="Shows the last fifty: what they told, and what was answered.",
        examples=(
            "dangol webhook calls order-desk",
            "dangol webhook calls order-desk --state failed --json",
        ),
        runs="dangol.app.webhooks:run_webhook_calls",
        arguments=(
            NAME,
            Argument(
                name="--state",
                choices=("waiting", "calling", "delivered", "failed", "dropped"),
                help="only those that stand there",
            ),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="webhook replay",
        summary="Make calls again that are over",
        explanation=(
            "One by its id, or all that failed for good of what happened in a time; with --all\n"
            "also what has arrived. They bear the same ids: a receiver that knows them passes over."
        ),
        examples=(
            "dangol webhook replay order-desk --id msg_0123456789abcdef0123456789abcdef",
            "dangol webhook replay order-desk --since 2027-03-01 --until 2027-03-02",
        ),
        runs="dangol.app.webhooks:run_webhook_replay",
        arguments=(
            NAME,
            Argument(name="--id", help="the webhook-id of one call", to="ref"),
            Argument(name="--since", help="what happened since then, as 2027-03-01T09:00 (UTC)"),
            Argument(name="--until", help="what happened before then"),
            Argument(name="--all", kind=None, help="also what has arrived"),
            WORKSPACE,
        ),
    ),
    Command(
        name="webhook rotate",
        summary="Give an endpoint a new secret",
        explanation=(
            "Prints the new secret. For as many hours as --grace says calls are signed with both,\n"
            "so that none is refused while you change it at the receiver."
        ),
        examples=("dangol webhook rotate order-desk", "dangol webhook rotate crm --grace 0"),
        runs="dangol.app.webhooks:run_webhook_rotate",
        arguments=(
            NAME,
            Argument(name="--grace", kind=int, default=24, help="in hours; default: 24"),
            WORKSPACE,
        ),
    ),
    Command(
        name="webhook headers",
        summary="Change what calls to an endpoint bear beside our own headers",
        explanation=(
            "Removes headers, then sets others, and prints the names of those there are; with\n"
            "nothing to change it only does that. Values are sealed, and never shown again. Calls\n"
            "made from then on bear them, also those that wait. At most ten."
        ),
        examples=(
            "dangol webhook headers crm --header-file headers.txt",
            "dangol webhook headers crm --header 'X-Shop: main' --remove X-Api-Key",
        ),
        runs="dangol.app.webhooks:run_webhook_headers",
        arguments=(
            NAME,
            *HEADERS,
            Argument(
                name="--remove", many=True, help="a header to remove; may be given several times"
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="webhook test",
        summary="Call an endpoint, to see whether it answers",
        explanation="Plans a call of the kind test; a worker makes it within a second.",
        examples=("dangol webhook test order-desk",),
        runs="dangol.app.webhooks:run_webhook_test",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="webhook enable",
        summary="Call an endpoint again that was given up",
        explanation="What waits for it is called first; what happened meanwhile is not told.",
        examples=("dangol webhook enable order-desk",),
        runs="dangol.app.webhooks:run_webhook_enable",
        arguments=(NAME, WORKSPACE),
    ),
    Command(
        name="webhook remove",
        summary="Call an endpoint no more",
        explanation="Deletes it with every call to it, also those that still wait.",
        examples=("dangol webhook remove order-desk",),
        runs="dangol.app.webhooks:run_webhook_remove",
        arguments=(NAME, WORKSPACE),
    ),
)
