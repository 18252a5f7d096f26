"""The erasure log: who was forgotten, in a file that no restored database takes back.

One JSON object a line. It names nobody: a number, and keyed hashes of what they went by, by which
they are known again in an older copy of the database.
"""

import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One line: somebody who wanted to be forgotten."""

    ref: uuid.UUID
    workspace_id: int
    customer_id: int | None
    keys: list[str]
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class ErasureLog:
    """The log in one file, which need not exist yet."""

    path: Path

    def wishes(self) -> list[Wish]:
        """Return every wish, oldest first; a line that a crash cut off is passed over."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = {wish.ref: wish for wish in map(read_line, lines) if wish is not None}
        return list(found.values())

    def append(self, *wishes: Wish) -> None:
        """Keep the wishes that are not kept yet; they are on the disk when this returns."""
        known = {wish.ref for wish in self.wishes()}
        fresh = [wish for wish in wishes if wish.ref not in known]
        if not fresh:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            for wish in fresh:
                # In one write, and on a line of its own even after one that was cut off.
                _ = os.write(handle, b"\n" + msgspec.json.encode(wish) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)


def read_line(line: bytes) -> Wish | None:
    """Return what a line says; None for one that is empty or cut off."""
    try:
        return msgspec.json.decode(line, type=Wish)
    except msgspec.MsgspecError:
        return None
