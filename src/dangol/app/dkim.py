"""The commands that make the keys mail is signed with."""

import argparse
from typing import Final

import msgspec

from dangol.app.dkim_files import add_key, check_name, dkim_folder, find_key, use_key
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.zone import ZoneError, is_same_record, read_texts
from dangol.channels.dkim import PrivateKey, public_record

TXT_CHARACTERS: Final = 255


def run_make(options: argparse.Namespace, settings: Settings) -> int:
    """Make a key, or show again the one there is, and say what goes into the DNS."""
    domain, selector = check_name(options.domain, options.selector or options.kind)
    key = add_key(dkim_folder(settings), domain=domain, selector=selector, kind=options.kind)
    name, value = record_of(domain, selector, key)
    if options.json:
        record = {"name": name, "type": "TXT", "value": value}
        CONSOLE.print_json(msgspec.json.encode(record).decode())
        return 0
    CONSOLE.print(f"Set this record in the DNS of {domain}:\n\n{name}.  TXT  {quote(value)}\n")
    CONSOLE.print(
        f"Then let the key sign: `dangol dkim use {domain} --selector {selector}`. Back up "
        f"{dkim_folder(settings)} with the key file."
    )
    return 0


def run_use(options: argparse.Namespace, settings: Settings) -> int:
    """Let a key sign, once its record is in the DNS."""
    domain, selector = check_name(options.domain, options.selector or "rsa")
    key = find_key(dkim_folder(settings), domain=domain, selector=selector)
    if not options.unchecked:
        check_record(domain, selector, key)
    use_key(dkim_folder(settings), domain=domain, selector=selector)
    CONSOLE.print(
        f"Mail from {domain} is signed with {selector} from the next start of `dangol work` on."
    )
    return 0


def check_record(domain: str, selector: str, key: PrivateKey) -> None:
    """See that receivers will find the key.

    Raises:
        ProblemError: they would not, so that whatever it signed would look forged.
    """
    name, value = record_of(domain, selector, key)
    remedy = f"Set {name} TXT {quote(value)}, or give --unchecked if you know that it stands."
    try:
        found = read_texts(name)
    except ZoneError as error:
        raise ProblemError(f"{error} {remedy}") from error
    if not any(is_same_record(text, value) for text in found):
        what = "another key" if found else "no key"
        raise ProblemError(f"The DNS has {what} under {name}. {remedy}")


def record_of(domain: str, selector: str, key: PrivateKey) -> tuple[str, str]:
    """Return name and value of the record in which receivers look for a key."""
    return f"{selector}._domainkey.{domain}", public_record(key)


def quote(value: str) -> str:
    """Write a long value as the DNS takes it: in pieces of at most 255 characters."""
    pieces = [value[at : at + TXT_CHARACTERS] for at in range(0, len(value), TXT_CHARACTERS)]
    return " ".join(f'"{piece}"' for piece in pieces)
