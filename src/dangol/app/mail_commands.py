"""The commands about mail: the keys it is signed with, and what comes back."""

from typing import Final

from dangol.app.arguments import JSON, Argument, Command

DOMAIN: Final = Argument(name="domain", help="the domain of the sender's address, as shop.example")

MAIL_COMMANDS: Final = (
    Command(
        name="dkim make",
        summary="Make a key that signs mail of a domain",
        explanation=(
            "Prints the record that tells receivers its public half, and signs nothing until\n"
            "`dangol dkim use` has been told so. The key lies beside the master key, in dkim/.\n"
            "Make one of each kind: everybody checks rsa, and ed25519 costs a tenth.\n"
            "docs/guides/email.md."
        ),
        examples=(
            "dangol dkim make shop.example",
            "dangol dkim make shop.example --kind ed25519",
        ),
        runs="dangol.app.dkim:run_make",
        arguments=(
            DOMAIN,
            Argument(
                name="--kind", default="rsa", choices=("rsa", "ed25519"), help="which algorithm"
            ),
            Argument(
                name="--selector",
                default="",
                help="the key's name in the DNS, else that of its kind",
            ),
            JSON,
        ),
    ),
    Command(
        name="dkim use",
        summary="Let a key sign, once its record stands in the DNS",
        explanation=(
            "Asks the DNS first: what is signed with a key nobody can find looks forged.\n"
            "Workers sign with it from their next start on."
        ),
        examples=(
            "dangol dkim use shop.example",
            "dangol dkim use shop.example --selector ed25519",
        ),
        runs="dangol.app.dkim:run_use",
        arguments=(
            DOMAIN,
            Argument(name="--selector", default="", help="the key's name in the DNS, else rsa"),
            Argument(
                name="--unchecked", kind=None, help="do not ask the DNS: you know the record stands"
            ),
        ),
    ),
)
