"""The commands about mail: the keys it is signed with, and what comes back."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

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
    Command(
        name="mail take",
        summary="Record what a mail that came back says",
        explanation=(
            "Takes one mail as it is, from a file or a pipe: a delivery report, a complaint, a\n"
            "refusal, an answer. Mail servers can pipe what comes to b+…@ and u+…@ into it, and\n"
            "shops the answers to their sender's address. docs/guides/email.md."
        ),
        examples=("dangol mail take returned.eml", "dangol mail take - --workspace shop"),
        runs="dangol.app.mail:run_take",
        arguments=(
            Argument(name="file", help="a file with one mail, or - for what is piped in"),
            WORKSPACE,
        ),
    ),
)
