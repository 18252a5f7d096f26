"""A real server with the built console, and the machine's Chromium to look at it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg.conninfo import conninfo_to_dict
from tests.build import NOON
from tests.conftest import fresh_database
from tests.console.shop import Shop, fill_mailbox, open_shop

import dangol
from dangol.store.connect import connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.workspace import create_workspace

CHROMIUM = Path("/usr/bin/chromium")
CONSOLE = Path(__file__).resolve().parents[2] / "src/dangol/console/static/index.html"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_SECONDS = 60
# Event (none: a trait), name and kind.
FOUND = (
    ("", "grade", "text"),
    ("", "grade", "number"),
    ("", "a_name_that_nobody_ever_meant_to_be_this_long" * 4, "list"),
    ("Product Viewed", "sku", "text"),
)


# Not for the session: while it is open, no other test of this process can run an event loop.
@pytest.fixture(scope="module")
def browser(must: bool) -> Iterator[Browser]:  # noqa: FBT001  a fixture is asked for by name
    """Start the machine's Chromium, or skip where there is none."""
    for needed, remedy in ((CHROMIUM, "install Chromium"), (CONSOLE, "run `make setup`")):
        if not needed.is_file():
            assert not must, f"{needed} is missing: {remedy}"
            pytest.skip(f"{needed.name} is missing: {remedy}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield opened
        opened.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A shop that is being served, and where."""

    address: str
    workspace: int
    shop: Shop
    dsn: str
    folder: Path


@pytest.fixture(scope="module")
def served(
    postgres: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve one shop to all tests of a module."""
    folder = tmp_path_factory.mktemp("browser")
    fill_mailbox(folder / "mailbox", mails=3)
    with contextmanager(fresh_database)(postgres, template=template_database) as dsn:
        workspace, shop = fill_shop(dsn)
        with serve(environment(dsn, folder=folder), log=folder / "serve.log") as address:
            yield Served(address=address, workspace=workspace, shop=shop, dsn=dsn, folder=folder)


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    """Say where the console is."""
    return served.address


def fill_shop(dsn: str) -> tuple[int, Shop]:
    connection = connect(dsn)
    with connection.transaction():
        workspace = create_workspace(
            connection,
            name="단골 상점",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="단골 상점",
            sender_email="hello@shop.example",
            sender_postal="서울특별시 중구 세종대로 110",
            sender_phone="02-120",
            now=NOON,
        )
    shop = open_shop(connection, workspace)
    for event, name, kind in FOUND:
        connection.execute(
            "insert into trait_type (workspace_id, event_name, name, kind, count, first_seen_at,"
            " last_seen_at) values (%s, %s, %s, %s, 1200, %s, %s)",
            (workspace, event, name, kind, NOON, NOON),
        )
    connection.execute(
        "insert into trait_surplus values (%s, '', 'too_long', 7, %s)", (workspace, NOON)
    )
    connection.commit()
    connection.close()
    return workspace, shop


@contextmanager
def serve(variables: dict[str, str], *, log: Path) -> Iterator[str]:
    """Run the whole application; not `dangol serve`, which refuses a server made for tests."""
    port = free_port()
    command = [Path(sys.executable).with_name("granian"), "--interface", "asgi", "--factory"]
    with log.open("wb") as lines:
        server = subprocess.Popen(  # noqa: S603  our own command
            [*command, "--port", str(port), "dangol.app.http:create_server_app"],
            env=variables,
            stdout=lines,
            stderr=lines,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server=server, log=log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_SECONDS)


def environment(dsn: str, *, folder: Path) -> dict[str, str]:
    key = folder / "dangol.key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    return {
        "PATH": str(Path(sys.executable).parent),
        # The code under test, whichever is installed.
        "PYTHONPATH": str(Path(dangol.__file__).parents[1]),
        "DANGOL_DATABASE_URL": f"postgresql:///?{urlencode(conninfo_to_dict(dsn))}",
        "DANGOL_DATA_FOLDER": str(folder),
        "DANGOL_KEY_FILE": str(key),
        "DANGOL_MAILBOX_FOLDER": str(folder / "mailbox"),
        # A vendor is set, whom nobody calls: this server sends nothing.
        "DANGOL_SOLAPI_KEY": "key",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_until_ready(address: str, *, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open a window of a Korean reader at the console's address."""
    context = browser.new_context(
        base_url=address, locale="ko-KR", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_SECONDS * 1000)
    yield opened
    context.close()
