"""The fence: a restored or copied installation sends nothing until somebody says that it may.

The database says which installation it is and how far it has come; each machine remembers the same
in a file beside its keys. Before every turn of the delivery loop the two are compared:

    the file is missing, of another installation, or copied     this machine sends nothing
    the database is elsewhere, or behind what is remembered     nobody sends, until it is resumed

The file never says more than the database has confirmed, so a crash between the two does no harm.
"""

import fcntl
import logging
import os
import socket
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from psycopg.rows import class_row

from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.app.keyfile import sync_folder, write_draft
from dangol.app.problem import about_file
from dangol.app.settings import Settings
from dangol.channels.gate import Closure, GateFault
from dangol.store.connect import Connection

LOGGER: Final = logging.getLogger("dangol.fence")
# Of one size always, so that it is written over in place.
FILE_BYTES: Final = 1_024
EPOCH_SECONDS: Final = 60.0
# What tells one machine from another; the second is for its administrator's eyes only on many.
MACHINE_FILES: Final = {
    "machine": Path("/etc/machine-id"),
    "board": Path("/sys/class/dmi/id/product_uuid"),
}
STRANGER: Final = "this machine does not know this database: its fence file is missing or another's"
COPIED: Final = "this machine's fence file was made on another machine, or copied"
UNREADABLE: Final = "this machine's fence file cannot be read"
MOVED: Final = "this database is not where it was: it is restored, copied or moved"
BEHIND: Final = "this database is older than what this machine has seen: it is a restored copy"

NEVER_SENT: Final = "Nothing has been sent from this database yet: start `dangol up` first."
NEVER_SENT_KO: Final = "아직 한 번도 보낸 적이 없어요. 먼저 `dangol up`을 시작해 주세요."
ON_MACHINE: Final = (
    "Nothing is sent: {why}. Make sure that no other copy sends, then say on that machine: "
    "dangol sending resume"
)
ON_MACHINE_KO: Final = (
    "복원했거나 복사한 곳이라 보내지 않아요. 다른 곳에서 보내지 않는지 확인한 다음, 그 컴퓨터에서 "
    "`dangol sending resume`을 실행해 주세요."
)


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine remembers; epoch and delivery_id are the highest that were confirmed."""

    identity: uuid.UUID
    place: str
    machine: dict[str, str]
    inode: int
    epoch: int
    delivery_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the database says of itself; before the first start it is nobody's."""

    identity: uuid.UUID | None
    epoch: int | None
    paused_at: datetime | None
    paused_because: str | None
    delivery_id: int
    # Server and database, by the numbers PostgreSQL gives them.
    place: str


@dataclass(slots=True, kw_only=True)
class Fence:
    """This machine's side; one for all chores of a process."""

    path: Path
    machine: Mapping[str, str]
    _advanced_at: float = field(default=float("-inf"), repr=False)

    def why_closed(self, connection: Connection) -> str:
        """Return why nothing may be sent from here; empty where it may. Changes nothing."""
        memory, found = self._look(connection)
        return judge(memory, found, machine=self.machine, inode=inode_of(self.path))

    def look(self, connection: Connection) -> Closure | None:
        """Return why nothing may be sent from here; None where it may. Changes nothing."""
        memory, found = self._look(connection)
        why = judge(memory, found, machine=self.machine, inode=inode_of(self.path))
        if not why:
            return None
        is_paused = found.paused_because is not None
        return Closure(
            because=why,
            by_hand=is_paused and why not in {MOVED, BEHIND},
            closed_at=found.paused_at,
        )

    def close(self, connection: Connection, *, because: str) -> None:
        """Let nothing be sent by anybody; the caller commits.

        Raises:
            GateFault: this database has never sent anything.
            ValueError: there is no reason.
        """
        if not because.strip():
            raise ValueError("because is empty; say why, for whoever finds it paused.")
        if read_found(connection).identity is None:
            raise GateFault(NEVER_SENT, ko=NEVER_SENT_KO)
        pause(connection, because=because.strip())

    def reopen(self, connection: Connection) -> None:
        """End a pause that somebody made; the caller commits.

        Raises:
            GateFault: a restore, a copy or a strange machine keeps it closed.
        """
        _ = connection.execute(STATEMENTS["hold_installation"])
        closure = self.look(connection)
        if closure is not None and not closure.by_hand:
            raise GateFault(ON_MACHINE.format(why=closure.because), ko=ON_MACHINE_KO)
        _ = connection.execute(STATEMENTS["end_pause"])

    def passes(self, connection: Connection) -> bool:
        """Tell whether this machine may send now; a restored database is paused for all.

        Commits by itself. Nothing passes before ``meet``.
        """
        memory, found = self._look(connection)
        why = judge(memory, found, machine=self.machine, inode=inode_of(self.path))
        if why in {MOVED, BEHIND}:
            pause(connection, because=why)
        if why or memory is None:
            LOGGER.warning(
                "nothing is sent from here: dangol sending status", extra={"reason": why}
            )
            return False
        if time.monotonic() - self._advanced_at >= EPOCH_SECONDS:
            self._advanced_at = time.monotonic()
            with connection.transaction():
                row = connection.execute(STATEMENTS["advance_epoch"]).fetchone()
            self._remember(epoch=row[0] if row else 0)
        return True

    def remember(self, delivery_id: int) -> None:
        """Remember that a delivery was claimed, before anybody is called for it."""
        self._remember(delivery_id=delivery_id)

    def meet(self, connection: Connection) -> None:
        """At a start: make a new database and this machine known to one another.

        Commits by itself.

        Raises:
            ProblemError: the file cannot be written.
        """
        with connection.transaction():
            _ = connection.execute(STATEMENTS["hold_installation"])
            found = read_found(connection)
            memory = read_memory(self.path)
            if found.identity is None and (memory is None or not found.delivery_id):
                self._let_in(connection, uuid.uuid4())

    def let_in(self, connection: Connection) -> None:
        """Let this machine, and with it the database, send; the caller commits.

        After a restore the installation has a new name, so that every other machine asks as well.

        Raises:
            ProblemError: the file cannot be written.
        """
        _ = connection.execute(STATEMENTS["hold_installation"])
        found = read_found(connection)
        is_restored = found.paused_because in {MOVED, BEHIND}
        known = None if is_restored else found.identity
        self._let_in(connection, known or uuid.uuid4())

    def _let_in(self, connection: Connection, identity: uuid.UUID) -> None:
        _ = connection.execute(STATEMENTS["name_installation"], {"identity": identity})
        found = read_found(connection)
        try:
            self._write_new(identity, found)
        except OSError as error:
            remedy = "Allow writing it and its folder, then try again."
            raise about_file(
                error, path=self.path, purpose="the fence file", remedy=remedy
            ) from error

    def _write_new(self, identity: uuid.UUID, found: Found) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = write_draft(self.path, b"")
        memory = Memory(
            identity=identity,
            place=found.place,
            machine=dict(self.machine),
            inode=inode_of(draft),
            # The transaction that advanced it is not committed yet.
            epoch=max(0, (found.epoch or 0) - 1),
            delivery_id=found.delivery_id,
        )
        _ = draft.write_bytes(encode(memory))
        draft.replace(self.path)
        sync_folder(self.path.parent)

    def _look(self, connection: Connection) -> tuple[Memory | None, Found]:
        """Read the file first: what it says was confirmed by then."""
        memory = read_memory(self.path)
        with connection.transaction():
            return memory, read_found(connection)

    def _remember(self, *, epoch: int = 0, delivery_id: int = 0) -> None:
        with self.path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            memory = msgspec.json.decode(file.read(), type=Memory)
            moved = msgspec.structs.replace(
                memory,
                epoch=max(memory.epoch, epoch),
                delivery_id=max(memory.delivery_id, delivery_id),
            )
            if moved != memory:
                _ = os.pwrite(file.fileno(), encode(moved), 0)
                os.fdatasync(file.fileno())


def open_fence(settings: Settings) -> Fence:
    """Return the fence of this machine."""
    return Fence(path=settings.fence_path, machine=describe_machine(settings.machine_name))


def describe_machine(name: str) -> dict[str, str]:
    """Return what tells this machine from a copy of it; only ``name`` where there is one."""
    if name:
        return {"name": name}
    facts = {"host": socket.gethostname().partition(".")[0]}
    for fact, path in MACHINE_FILES.items():
        try:
            facts[fact] = path.read_text().strip()
        except OSError:
            continue
    return {fact: value for fact, value in facts.items() if value}


def judge(memory: Memory | None, found: Found, *, machine: Mapping[str, str], inode: int) -> str:
    """Return why nothing may be sent; empty where it may, or before the first start."""
    if found.identity is None:
        return STRANGER if memory is not None and found.delivery_id else ""
    if found.paused_because is not None:
        return found.paused_because
    if memory is None or memory.identity != found.identity:
        return UNREADABLE if memory is None and inode else STRANGER
    known = memory.machine.keys() & machine.keys()
    if memory.inode != inode or not known or any(memory.machine[f] != machine[f] for f in known):
        return COPIED
    if memory.place != found.place:
        return MOVED
    is_behind = memory.epoch > (found.epoch or 0) or memory.delivery_id > found.delivery_id
    return BEHIND if is_behind else ""


def read_found(connection: Connection) -> Found:
    with connection.cursor(row_factory=class_row(Found)) as cursor:
        row = cursor.execute(STATEMENTS["read_installation"]).fetchone()
    assert row is not None  # noqa: S101 - there is always one
    return row


def pause(connection: Connection, *, because: str) -> None:
    """Let nothing be sent, by nobody; commits by itself."""
    values = {"because": because, "now": shifted_clock(connection)}
    with connection.transaction():
        _ = connection.execute(STATEMENTS["pause_installation"], values)


def read_memory(path: Path) -> Memory | None:
    """Return what this machine remembers; None where that is nothing that can be read."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return msgspec.json.decode(file.read(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return None


def encode(memory: Memory) -> bytes:
    return msgspec.json.encode(memory).ljust(FILE_BYTES - 1) + b"\n"


def inode_of(path: Path) -> int:
    """Return the file's own number on its disk, which a copy does not have; 0 without a file."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0
