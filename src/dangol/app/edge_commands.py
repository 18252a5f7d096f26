"""The commands about who may write to us: keys, and shops whose platforms post."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command
from dangol.store.vocabulary import ApiKeyScope

SHOP_NAME: Final = Argument(name="name", help="the shop's name, as `dangol shop list` shows it")

KEY_COMMANDS: Final = (
    Command(
        name="key create",
        summary="Create a key for the tracking API",
        explanation=(
            "A browser key stands in pages and may only write events. A server key may track,\n"
            "import consents and report bounces, or exactly what --scope says; what reads or\n"
            "changes customers is never included unless it is named.\n"
            "It is printed once and cannot be shown again."
        ),
        examples=(
            "dangol key create browser",
            "dangol key create server",
            "dangol key create server --scope customers:read --scope customers:write",
        ),
        runs="dangol.app.keys:run_key_create",
        arguments=(
            Argument(name="kind", choices=("browser", "server"), help="who holds it"),
            Argument(
                name="--scope",
                many=True,
                choices=tuple(scope.value for scope in ApiKeyScope),
                help="what it may do; may be given several times",
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="key list",
        summary="List the keys of the tracking API",
        explanation="Shows the first characters of each, what it may do, and whether it holds.",
        examples=("dangol key list", "dangol key list --json"),
        runs="dangol.app.keys:run_key_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="key revoke",
        summary="End a key of the tracking API",
        explanation="Servers that know it go on trusting it for half a minute at most.",
        examples=("dangol key revoke 3",),
        runs="dangol.app.keys:run_key_revoke",
        arguments=(
            Argument(name="id", kind=int, help="its number in `dangol key list`"),
            WORKSPACE,
        ),
    ),
)
SHOP_COMMANDS: Final = (
    Command(
        name="shop add",
        summary="Let a shop platform post what happens to this server",
        explanation=(
            "Reads the secret that the platform shows from standard input, keeps it sealed, and\n"
            "prints the address to enter at the platform. docs/guides/shops.md says where.\n"
            "A generic shop is any software that signs its posts; its mapping says what they mean."
        ),
        examples=(
            "dangol shop add shopify --name main --secret-stdin < secret.txt",
            "dangol shop add generic --name pos --secret-stdin --mapping pos.toml < secret.txt",
        ),
        runs="dangol.app.shops:run_shop_add",
        arguments=(
            Argument(
                name="platform",
                choices=("cafe24", "shopify", "imweb", "generic"),
                help="who posts",
            ),
            Argument(name="--name", required=True, help="a short name, like main"),
            Argument(name="--secret-stdin", kind=None, help="read the secret from there"),
            Argument(name="--mapping", kind=Path, help="what generic posts mean (TOML or JSON)"),
            WORKSPACE,
        ),
    ),
    Command(
        name="shop list",
        summary="List the connected shops, and what waits",
        explanation=(
            "Some webhooks name only an order; such an event waits until the platform has said\n"
            "whose order it is. Where many wait for long, let the platform send the order again."
        ),
        examples=("dangol shop list", "dangol shop list --json"),
        runs="dangol.app.shops:run_shop_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="shop rotate",
        summary="Give a shop a new secret",
        explanation=(
            "Reads the new secret from standard input. The one until now is accepted for as many\n"
            "hours as --grace says, so that no webhook is lost while you change it at the platform."
        ),
        examples=(
            "dangol shop rotate main --secret-stdin < secret.txt",
            "dangol shop rotate main --secret-stdin --grace 0 < secret.txt",
        ),
        runs="dangol.app.shops:run_shop_rotate",
        arguments=(
            SHOP_NAME,
            Argument(name="--secret-stdin", kind=None, help="read the secret from there"),
            Argument(name="--grace", kind=int, default=24, help="in hours; default: 24"),
            WORKSPACE,
        ),
    ),
    Command(
        name="shop remove",
        summary="End a shop's connection",
        explanation="Its address answers 404 from then on. What it has told stays.",
        examples=("dangol shop remove main",),
        runs="dangol.app.shops:run_shop_remove",
        arguments=(
            SHOP_NAME,
            Argument(name="--drop-waiting", kind=None, help="also lose the events that wait"),
            WORKSPACE,
        ),
    ),
)
