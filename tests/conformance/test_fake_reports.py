"""`dangol fake-vendors` as people run it, and Dangol's callbacks: late and twice, one receipt."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from tests.app.phones import phone_customer
from tests.build import NOON, TEST_VAULT, plan_message, template
from tests.channels.sending import POST, allowed_message, delivery_states

from dangol.app.clock import freeze_clock
from dangol.app.delivery import deliver
from dangol.app.providers import providers_of
from dangol.app.settings import load_settings
from dangol.app.vendor_callbacks import callback_path
from dangol.feedback.told import take_told
from dangol.store.connect import Connection

PATIENCE_SECONDS = 20
LATER = NOON + timedelta(minutes=1)
MAIL = ("resend", "postmark", "sendgrid", "ses")
TEXTS = ("solapi", "nhn", "bizgo")
# What has to be registered with a vendor, and is no secret.
NUMBERS = {f"DANGOL_{name}_NUMBER": "02-120-1234" for name in ("SOLAPI", "NHN", "BIZGO")}


class Running:
    """The command, and what it printed: its page, and the settings of each vendor."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.page = ""
        self.settings: dict[str, dict[str, str]] = {}
        assert process.stdout is not None
        name = ""
        for line in process.stdout:
            said = line.removeprefix("#").strip()
            if not self.page:
                self.page = said.partition("/ shows")[0]
            elif "=" in said.partition(" ")[0]:
                key, _, value = said.partition("=")
                self.settings[name][key] = value
            else:
                name = said.partition(",")[0].partition(" ")[0]
                self.settings[name] = {}
            if "DANGOL_GOOGLE_ADS_URL" in line:
                break

    def posted(self, vendor: str) -> list[dict]:
        """What the vendor has posted, and what was answered."""
        return httpx.get(f"{self.page}/posted", params={"vendor": vendor}).json()[vendor]

    def wait(self, vendor: str, *, posts: int) -> list[dict]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := self.posted(vendor)) < posts:
            assert time.monotonic() < deadline, f"{vendor} posted only {found}"
            time.sleep(0.05)
        return found


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    command = [sys.executable, "-m", "dangol.app.cli", "fake-vendors", "--port", "0"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--delay", "0.3", "--twice", "--backwards"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield Running(process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def send(serve, running, tmp_path, connection, workspace) -> Callable[[str, int], None]:
    """Lend what serves with a vendor's settings, names its callback there, and sends by it."""

    def by(vendor: str, message: int) -> None:
        values = {**running.settings[vendor], **NUMBERS}
        with connection.transaction():
            freeze_clock(connection, at=LATER)
        settings = load_settings(values, folder=tmp_path)
        given = {name.removeprefix("DANGOL_").lower(): at for name, at in values.items()}
        address, _ = serve(**given)
        url = address + callback_path(TEST_VAULT, vendor=vendor, workspace_id=workspace)
        httpx.post(f"{running.page}/{vendor}/hook", json={"url": url}).raise_for_status()
        if vendor == "ses":
            # The topic was confirmed before it tells of any mail.
            (greeting,) = running.wait("ses", posts=1)[-1:]
            assert greeting["statuses"] == [200]
        provider = next(one for one in providers_of(settings) if one.name == vendor)
        sender = provider.open(settings)
        assert sender is not None
        deliver(
            connection,
            sender,
            workspace_id=workspace,
            vault=TEST_VAULT,
            post=POST,
            worker="worker-1",
            clock=lambda _: LATER,
            provider=provider,
        )
        assert delivery_states(connection, message) == ["accepted"]

    return by


def receipts(connection: Connection, workspace: int) -> list[str]:
    with connection.transaction():
        take_told(connection, workspace_id=workspace, vault=TEST_VAULT, now=LATER, batch=10)
        rows = connection.execute("select kind from receipt order by kind").fetchall()
    return [kind for (kind,) in rows]


@pytest.mark.parametrize("vendor", MAIL)
def test_a_mails_report_that_comes_late_and_twice_is_one_receipt(
    send, running, connection, workspace, vendor
):
    send(vendor, allowed_message(connection, workspace, name="bounce"))

    told = running.wait(vendor, posts=4 if vendor == "ses" else 2)[:2]

    assert told[0] == told[1]
    assert told[0]["statuses"] == [200]
    assert receipts(connection, workspace) == ["bounced"]


@pytest.mark.parametrize("vendor", TEXTS)
def test_a_texts_report_that_comes_late_and_twice_is_one_receipt(
    send, running, connection, workspace, vendor
):
    asked = phone_customer(connection, workspace)
    made = template(
        connection,
        workspace,
        purpose="informational",
        channel="sms",
        body_text="주문을 보냈어요.",
        body_html="",
    )
    message = plan_message(
        connection, workspace, customer_id=asked, template_id=made, state="allowed"
    )
    send(vendor, message)

    told = running.wait(vendor, posts=2)

    assert told[0] == told[1]
    assert told[0]["statuses"] == [200]
    assert receipts(connection, workspace) == ["delivered"]
