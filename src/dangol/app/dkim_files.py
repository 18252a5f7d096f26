"""The keys that sign mail: in a folder beside the master key, readable by its owner only.

A key waits as ``SELECTOR.new`` until its record stands in the DNS; as ``SELECTOR.pem`` it signs.
"""

import re
from pathlib import Path
from typing import Final

from dangol.app.keyfile import write_draft
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.channels.dkim import PrivateKey, Signer, make_key, read_key, write_key

DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]+")
SELECTOR: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")
WAITS: Final = ".new"
SIGNS: Final = ".pem"


def dkim_folder(settings: Settings) -> Path:
    """Return where the keys are."""
    return settings.key_path.with_name("dkim")


def check_name(domain: str, selector: str) -> tuple[str, str]:
    """Return both in small letters.

    Raises:
        ProblemError: one of them cannot stand in the DNS.
    """
    domain, selector = domain.strip().lower().rstrip("."), selector.strip().lower()
    if not DOMAIN.fullmatch(domain):
        raise ProblemError(
            f"domain: {domain!r} is no domain; write that of the sender's address, as "
            "shop.example (in its xn-- form where it is not ASCII)."
        )
    if not SELECTOR.fullmatch(selector):
        raise ProblemError(
            f"--selector: {selector!r} is no name; use small letters, digits and hyphens."
        )
    return domain, selector


def add_key(folder: Path, *, domain: str, selector: str, kind: str) -> PrivateKey:
    """Make a key that waits for its record, or return the one that is there already.

    Raises:
        ProblemError: the folder cannot be written, or holds a file that is no key.
    """
    path = folder / domain / f"{selector}{WAITS}"
    for known in (path.with_suffix(SIGNS), path):
        if known.exists():
            return load_key(known)
    key = make_key(kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _ = write_draft(path, write_key(key)).rename(path)
    except OSError as error:
        raise about_file(
            error, path=path, purpose="the DKIM key", remedy="Let Dangol write that folder."
        ) from error
    return key


def find_key(folder: Path, *, domain: str, selector: str) -> PrivateKey:
    """Return a key, whether it signs or waits.

    Raises:
        ProblemError: there is no such key.
    """
    for suffix in (SIGNS, WAITS):
        if (path := folder / domain / f"{selector}{suffix}").exists():
            return load_key(path)
    raise ProblemError(
        f"There is no key {selector} of {domain}. Make one with `dangol dkim make {domain}`."
    )


def use_key(folder: Path, *, domain: str, selector: str) -> None:
    """Let a key sign from the next start of a worker on.

    Raises:
        ProblemError: its file cannot be renamed.
    """
    waiting, signing = (folder / domain / f"{selector}{suffix}" for suffix in (WAITS, SIGNS))
    if signing.exists():
        return
    try:
        _ = waiting.rename(signing)
    except OSError as error:
        raise about_file(
            error, path=waiting, purpose="the DKIM key", remedy="Let Dangol write that folder."
        ) from error


def load_key(path: Path) -> PrivateKey:
    """Read a key.

    Raises:
        ProblemError: the file is none, or cannot be read.
    """
    try:
        return read_key(path.read_bytes())
    except OSError as error:
        raise about_file(
            error, path=path, purpose="the DKIM key", remedy="Let Dangol read it."
        ) from error
    except ValueError as error:
        raise ProblemError(
            f"The DKIM key {path} cannot be used: {error}. Restore it, or remove it and make "
            "another with `dangol dkim make`."
        ) from error


def load_signers(settings: Settings) -> tuple[Signer, ...]:
    """Return every key that signs, by domain and selector.

    Raises:
        ProblemError: one of the files is no key.
    """
    return tuple(
        Signer(domain=path.parent.name, selector=path.stem, key=load_key(path))
        for path in sorted(dkim_folder(settings).glob(f"*/*{SIGNS}"))
    )


def waiting_keys(settings: Settings) -> list[tuple[str, str]]:
    """Return domain and selector of the keys that wait for their record."""
    found = sorted(dkim_folder(settings).glob(f"*/*{WAITS}"))
    return [(path.parent.name, path.stem) for path in found]
