"""The vendors and the gate before them, as whoever looks from outside knows what ``app`` keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor there could be, and the names of the settings that name it; never a value."""

    name: str
    channels: tuple[Channel, ...]
    is_set: bool
    # Something is set that nobody can be called with; `dangol doctor` says what.
    is_wrong: bool
    settings: tuple[str, ...]


class GateFault(Exception):  # noqa: N818 - it is the gate that is at fault
    """The gate can be neither opened nor closed from here; it says where it can."""

    def __init__(self, message: str, *, ko: str) -> None:
        super().__init__(message)
        self.ko: str = ko


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Why nothing is sent; ``by_hand`` where somebody paused it, and may resume it from anywhere.

    What else closes it (a restore, a copy, a strange machine) is opened on the machine itself.
    """

    because: str
    by_hand: bool
    closed_at: datetime | None


class Gate(Protocol):
    """Whether anything is sent from this installation at all."""

    def look(self, connection: Connection) -> Closure | None:
        """Return why nothing may be sent from here; None where it may. Changes nothing."""
        ...

    def close(self, connection: Connection, *, because: str) -> None:
        """Let nothing be sent by anybody; the caller commits.

        Raises:
            GateFault: this database has never sent anything.
            ValueError: there is no reason.
        """
        ...

    def reopen(self, connection: Connection) -> None:
        """End what ``close`` began; the caller commits.

        Raises:
            GateFault: something else keeps it closed.
        """
        ...
