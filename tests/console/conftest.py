"""The console's API over a real database, with an owner who may sign in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.build import NOON
from tests.console.shop import EMAIL, PASSWORD, Shop, add_owner, open_shop

from dangol.app.fence import Fence
from dangol.channels.gate import Vendor
from dangol.console import console_routes
from dangol.console.desk import Setup
from dangol.store.connect import Connection, open_pool
from dangol.store.lake import Lake
from dangol.store.vault import Vault
from dangol.store.vocabulary import AdNetwork, Channel

Client = TestClient[Litestar]
VENDORS = (
    Vendor(
        name="smtp",
        channels=(Channel.EMAIL,),
        is_set=True,
        is_wrong=False,
        settings=("DANGOL_SMTP_URL",),
    ),
    Vendor(
        name="solapi",
        channels=(Channel.KAKAO_ALIMTALK, Channel.SMS),
        is_set=False,
        is_wrong=False,
        settings=("DANGOL_SOLAPI_KEY", "DANGOL_SOLAPI_SECRET"),
    ),
)
# Two vendors and one of the ad networks are set up.
SETUP = Setup(
    vendors={"smtp": (Channel.EMAIL,), "solapi": (Channel.KAKAO_ALIMTALK, Channel.SMS)},
    networks=frozenset({AdNetwork.META}),
    loopback=False,
)


class Hands:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def read(self) -> datetime:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    return tmp_path / "mailbox"


@pytest.fixture
def fence(tmp_path: Path) -> Fence:
    return Fence(path=tmp_path / "dangol.fence", machine={"host": "shop-1"})


@pytest.fixture
def client(
    dsn: str, vault: Vault, lake: Lake, mailbox: Path, hands: Hands, fence: Fence
) -> Iterator[Client]:
    pool = open_pool(dsn, size=2)
    app = Litestar(route_handlers=console_routes)
    app.state.update(
        pool=pool,
        vault=vault,
        lake=lake,
        mailbox_folder=mailbox,
        fence=fence,
        vendors=VENDORS,
        setup=SETUP,
        clock=lambda _: NOON,
        machine_clock=hands.read,
    )
    with TestClient(app) as opened:
        yield opened
    pool.close()


@pytest.fixture
def owner(connection: Connection, workspace: int) -> int:
    return add_owner(connection, workspace)


@pytest.fixture
def shop(connection: Connection, workspace: int) -> Shop:
    return open_shop(connection, workspace)


@pytest.fixture
def member(client: Client, shop: Shop) -> Client:  # noqa: ARG001  the owner comes with the shop
    """A browser whose owner has signed in to the shop."""
    client.post("/api/session", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
    return client
