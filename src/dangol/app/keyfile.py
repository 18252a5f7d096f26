"""The file of the master keys: made once, readable by its owner only, replaced as a whole.

It holds 32 random bytes until the first rotation, and from then on a JSON document with the keys
by version and the secret behind lookups and links (see docs/decisions/0009).
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dangol.app.problem import ProblemError, about_file
from dangol.store.vault import KEY_BYTES, Ring, Vault

REMEDY = "Restore the file from your backup; without it no sealed address can be read."


class StoredRing(msgspec.Struct, frozen=True, kw_only=True):
    """The key file after a rotation; keys in base64."""

    names: bytes
    masters: dict[int, bytes]


@dataclass(slots=True)
class RingFile:
    """The ring as the file has it now: read again whenever the file is another."""

    path: Path
    _seen: tuple[int, int] | None = None
    _ring: Ring | None = None

    def __call__(self) -> Ring:
        """Return the ring; the last one read where the file is not there at the moment."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - asked for at every sealing
        except OSError:
            if self._ring is not None:
                return self._ring
            raise
        stamp = (found.st_mtime_ns, found.st_ino)
        if self._ring is None or stamp != self._seen:
            self._seen, self._ring = stamp, read_ring(self.path)
        return self._ring


def open_vault(path: Path) -> Vault:
    """Open the vault under the keys in ``path``, the first of which is made at the first start.

    Raises:
        ProblemError: the file cannot be read or made, or holds no key.
    """
    try:
        make_key(path)
        return Vault(RingFile(path))
    except OSError as error:
        raise about_file(
            error,
            path=path,
            purpose="the key file",
            remedy="Set DANGOL_KEY_FILE or DANGOL_DATA_FOLDER to a place you may write.",
        ) from error


def read_ring(path: Path) -> Ring:
    """Return the keys in the file.

    Raises:
        ProblemError: it holds none.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    if len(content) == KEY_BYTES:
        return Ring.first(content)
    try:
        stored = msgspec.json.decode(content, type=StoredRing)
    except msgspec.MsgspecError as error:
        raise ProblemError(
            f"The key file {path} holds {len(content)} bytes that are no keys. {REMEDY}"
        ) from error
    if not stored.masters or {len(key) for key in stored.masters.values()} != {KEY_BYTES}:
        raise ProblemError(f"The key file {path} lacks a whole key. {REMEDY}")
    return Ring(names=stored.names, masters=stored.masters)


def write_ring(path: Path, ring: Ring) -> None:
    """Replace the file: a reader finds the old keys or the new ones, whatever happens.

    Raises:
        OSError: it cannot be written; the old one stands.
    """
    content = msgspec.json.encode(StoredRing(names=ring.names, masters=dict(ring.masters)))
    draft = write_draft(path, content)
    draft.replace(path)
    sync_folder(path.parent)


def make_key(path: Path) -> None:
    """Write a new key unless there is one; of several starters exactly one succeeds."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = write_draft(path, secrets.token_bytes(KEY_BYTES))
    try:
        # A link, unlike a rename, refuses to replace the key another starter has just made.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_folder(path.parent)


def write_draft(path: Path, content: bytes) -> Path:
    """Write a file beside ``path``, for its owner only, and see it onto the disk."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        _ = file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def sync_folder(folder: Path) -> None:
    """See onto the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
