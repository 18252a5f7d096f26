"""The master key's file: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path

from dangol.app.problem import ProblemError, about_file
from dangol.store.vault import KEY_BYTES, Vault

REMEDY = "Restore the file from your backup; without it no sealed address can be read."


def open_vault(path: Path) -> Vault:
    """Open the vault under the key in ``path``, made at the first start.

    Raises:
        ProblemError: the file cannot be read or made, or holds no key.
    """
    try:
        make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise about_file(
            error,
            path=path,
            purpose="the key file",
            remedy="Set DANGOL_KEY_FILE or DANGOL_DATA_FOLDER to a place you may write.",
        ) from error
    if len(key) != KEY_BYTES:
        raise ProblemError(
            f"The key file {path} holds {len(key)} bytes instead of {KEY_BYTES}. {REMEDY}"
        )
    return Vault(key)


def make_key(path: Path) -> None:
    """Write a new key unless there is one; of several starters exactly one succeeds."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _ = file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, refuses to replace the key another starter has just made.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
