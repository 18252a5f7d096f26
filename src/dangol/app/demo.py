"""`dangol demo`: a year of shopping through the whole system, on a clock of its own."""

import argparse
import secrets
import signal
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx
import msgspec
from rich.console import Console

from dangol.app.chore import worker_name
from dangol.app.clock import STATEMENTS, freeze_clock, frozen_time, shifted_clock, start_clock
from dangol.app.database import list_workspaces
from dangol.app.delivery import Post, deliver
from dangol.app.demo_folder import Remembered, recall, remember
from dangol.app.demo_progress import show_progress
from dangol.app.demo_report import Summary, count_flow, summarize
from dangol.app.demo_shop import LOGIN, TIME_ZONE, open_shop
from dangol.app.demo_source import Source, open_source
from dangol.app.history import open_lake
from dangol.app.keyfile import open_vault
from dangol.app.ports import free_port, hold_port
from dangol.app.problem import ProblemError
from dangol.app.providers import open_smtp
from dangol.app.reader import AGENT, Mailbag, Reader
from dangol.app.replay import Replay, Step, Stopwatch, cut_steps, evening_before
from dangol.app.settings import Settings
from dangol.app.supervisor import stop_on_signals
from dangol.app.up import Installation, hold_folder, make_folder, run_database
from dangol.store.connect import Connection, connect
from dangol.store.vault import Vault

OUT: Final = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
NOTES: Final = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)
LOOPBACK: Final = "127.0.0.1"
MAIL_DOMAIN: Final = "shop.example"
# Generous, for a machine that is busy with other things.
START_SECONDS: Final = 180.0
DELIVERY_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One demonstration under way."""

    folder: Path
    settings: Settings
    installation: Installation
    vault: Vault
    remembered: Remembered
    # None when the replay is over.
    source: Source | None

    def connect(self) -> Connection:
        """Open a connection to the demonstration's database."""
        return connect(self.installation.settings.database_url)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Replay, report, and keep serving unless asked to stop."""
    begun = time.perf_counter()
    # Stopped by SIGTERM, too, the children are stopped in good order.
    _ = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with open_demo(options, settings) as demo:
        days: int | None = options.days
        if demo.source is not None:
            replay_all(demo, demo.source, days=days)
        demo.remembered.seconds["total"] = (
            demo.remembered.seconds.get("total", 0.0) + time.perf_counter() - begun
        )
        remember(demo.folder, demo.remembered)
        report(demo, as_json=options.json)
        if not options.once:
            keep_serving(demo)
    return 0


@contextmanager
def open_demo(options: argparse.Namespace, settings: Settings) -> Generator[Demo, None, None]:
    """Start database, mailbox and server on the demonstration's own folder, until the end."""
    folder: Path = options.folder or settings.data_folder / f"demo-{Path(options.data).stem}"
    make_folder(folder)
    remembered = recall(folder) or Remembered(
        data=options.data,
        login=LOGIN,
        password=secrets.token_urlsafe(9),
        mail_port=free_port(LOOPBACK),
    )
    if remembered.data != options.data:
        raise ProblemError(
            f"{folder} holds a demonstration of {remembered.data}. "
            f"Choose another --folder, or delete it to begin anew."
        )
    remember(folder, remembered)
    with ExitStack() as stack:
        port = take_port(stack, asked=options.port, usual=settings.port)
        settings = demo_settings(settings, folder=folder, port=port, remembered=remembered)
        vault = open_vault(settings.key_path)
        NOTES.print(f"Starting on {folder} …")
        stack.enter_context(hold_folder(folder))
        installation = stack.enter_context(run_database(settings))
        add_servers(installation, remembered=remembered)
        source = None if remembered.finished else read_source(options, vault=vault)
        wait_for_server(settings)
        yield Demo(
            folder=folder,
            settings=settings,
            installation=installation,
            vault=vault,
            remembered=remembered,
            source=source,
        )


def read_source(options: argparse.Namespace, *, vault: Vault) -> Source:
    """Read the data, saying so, for that takes a while."""
    NOTES.print(f"Reading {options.data} …")
    return open_source(options.data, mapping=options.mapping, vault=vault)


def demo_settings(
    settings: Settings, *, folder: Path, port: int, remembered: Remembered
) -> Settings:
    """Return settings that keep everything in the folder and every mail on this machine."""
    return msgspec.structs.replace(
        settings,
        database_url="",
        data_folder=folder.resolve(),
        lake_url="",
        key_file="",
        host=LOOPBACK,
        port=port,
        base_url=f"http://{LOOPBACK}:{port}",
        smtp_url=f"smtp://{LOOPBACK}:{remembered.mail_port}",
        bounce_domain=MAIL_DOMAIN,
        mailbox_folder=str(folder.resolve() / "mailbox"),
        log_level="warning",
    )


def add_servers(installation: Installation, *, remembered: Remembered) -> None:
    """Start the mail server and the HTTP server."""
    installation.add(
        "mailbox",
        "--port",
        str(remembered.mail_port),
        "--folder",
        installation.settings.mailbox_folder,
        name="mailbox",
    )
    installation.add("serve", name="serve")


def replay_all(demo: Demo, source: Source, *, days: int | None) -> None:
    """Replay what has not been replayed yet."""
    zone = ZoneInfo(TIME_ZONE)
    with demo.connect() as connection:
        workspace_id = enter_shop(connection, demo, source)
        reached = frozen_time(connection)
        done = count_flow(connection, workspace_id=workspace_id)["events", "", ""]
    stopwatch = Stopwatch()
    stopwatch.seconds.update(demo.remembered.seconds)
    stopwatch.seconds["import"] += source.seconds
    demo.remembered.rows = source.rows
    with httpx.Client(base_url=demo.settings.public_url, headers={"User-Agent": AGENT}) as client:
        reader = Reader(mailbag=Mailbag(folder=Path(demo.settings.mailbox_folder)), client=client)
        replay = make_replay(
            demo, workspace_id=workspace_id, zone=zone, reader=reader, stopwatch=stopwatch
        )
        begin = evening_before(source.since, zone=zone)
        end = None if days is None else begin + timedelta(days=days)
        events = source.events(workspace_id=workspace_id)
        steps = cut_steps(events, begin=begin, reached=reached, every=source.every)
        try:
            if reached is not None:
                replay.take(Step(since=reached - source.every, at=reached, events=()))
            for step in show_progress(
                steps, replay=replay, done=done, total=source.size, console=NOTES
            ):
                if end is not None and step.at > end:
                    break
                replay.take(step)
                reached = step.at
            if reached is not None:
                replay.finish(reached)
        finally:
            replay.close()
            demo.remembered.seconds = dict(stopwatch.seconds)
            remember(demo.folder, demo.remembered)
    demo.remembered.finished = days is None


def enter_shop(connection: Connection, demo: Demo, source: Source) -> int:
    """Return the demonstration's workspace, created at its first run."""
    if found := list_workspaces(connection):
        return found[0]
    opening = evening_before(source.since, zone=ZoneInfo(TIME_ZONE))
    with connection.transaction():
        freeze_clock(connection, at=opening)
        return open_shop(
            connection,
            data=source.data,
            password=demo.remembered.password,
            now=opening,
        )


def make_replay(
    demo: Demo, *, workspace_id: int, zone: ZoneInfo, reader: Reader, stopwatch: Stopwatch
) -> Replay:
    """Put together what a replay works with."""
    sender = open_smtp(demo.settings)
    assert sender is not None  # noqa: S101 - the demonstration sets a mail server
    post = Post(base_url=demo.settings.public_url, bounce_domain=demo.settings.bounce_domain)

    def deliver_once(connection: Connection) -> int:
        return deliver(
            connection,
            sender,
            workspace_id=workspace_id,
            vault=demo.vault,
            post=post,
            worker=worker_name(),
            clock=shifted_clock,
            batch=DELIVERY_BATCH,
        ).claimed

    def read_mail(connection: Connection, step: Step) -> None:
        """Let people read now what came at the step before."""
        place = {"workspace_id": workspace_id, "at": step.since}
        with connection.transaction():
            rows = connection.execute(STATEMENTS["list_taken_mail"], place).fetchall()
        reader.read([row[0] for row in rows])

    return Replay(
        open_connection=demo.connect,
        lake=open_lake(demo.settings),
        vault=demo.vault,
        workspace_id=workspace_id,
        zone=zone,
        deliver=deliver_once,
        read=read_mail,
        stopwatch=stopwatch,
    )


def report(demo: Demo, *, as_json: bool) -> None:
    """Print what it came to."""
    with demo.connect() as connection:
        summary = summarize(
            connection,
            open_lake(demo.settings),
            workspace_id=list_workspaces(connection)[0],
            data=demo.remembered.data,
            rows=demo.remembered.rows,
            seconds=demo.remembered.seconds,
        )
    if as_json:
        OUT.file.write(msgspec.json.encode(summary).decode() + "\n")
        OUT.file.flush()
    else:
        say(summary)


def say(summary: Summary) -> None:
    """Print the figures in sentences."""
    OUT.print(
        f"{summary.rows:,} rows became {summary.events:,} events of "
        f"{summary.customers:,} customers."
    )
    for name, figures in (
        ("Segments", summary.segments),
        ("Messages", summary.messages),
        ("Deliveries", summary.deliveries),
        ("Receipts", summary.receipts),
    ):
        OUT.print(f"{name}: " + ", ".join(f"{key} {value:,}" for key, value in figures.items()))
    OUT.print(
        "Every message is accounted for."
        if summary.conservation
        else f"Messages unaccounted for: {summary.violations}"
    )


def keep_serving(demo: Demo) -> None:
    """Let time run on, work, and stay until somebody stops us."""
    stop = stop_on_signals()
    with demo.connect() as connection, connection.transaction():
        if (stopped_at := frozen_time(connection)) is not None:
            start_clock(connection, at=stopped_at)
    demo.installation.add("work", name="work")
    OUT.print(f"\nOpen {demo.settings.public_url}")
    OUT.print(f"Sign in as {demo.remembered.login} with {demo.remembered.password}")
    OUT.print("Ctrl-C stops it.")
    _ = stop.wait()
    NOTES.print("Stopping: what has begun is finished.")


def wait_for_server(settings: Settings) -> None:
    """Return once the HTTP server answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{settings.public_url}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise ProblemError(
        f"The server did not answer at {settings.public_url} within {START_SECONDS:.0f} s. "
        "Its log is above; try `dangol doctor`."
    )


def take_port(stack: ExitStack, *, asked: int | None, usual: int) -> int:
    """Return the port that was asked for, or the usual one, or a free one; hold it till the end."""
    try:
        stack.enter_context(hold_port(LOOPBACK, asked or usual))
    except ProblemError:
        if asked is not None:
            raise
        free = free_port(LOOPBACK)
        stack.enter_context(hold_port(LOOPBACK, free))
        return free
    return asked or usual
