"""The demonstration itself, on a small file of orders: real processes, real mail, real clock."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

MAPPING = """
[source]
time_zone = "Asia/Seoul"
currency = "KRW"

[columns]
date = "date"
product_id = "product"
quantity = "quantity"
amount = "amount"

[order]
id = "{order}"

[customer]
id = "{customer}"
email = "{customer}@shop.example"
made_up = true

[consent.email.marketing]
share = 1.0
made_up = true
source = "made up by a test"
"""
CUSTOMERS = 30
DAYS = 120
SECONDS = 300


@pytest.fixture(scope="module")
def orders(tmp_path_factory) -> Path:
    """Thirty customers buy twice in the first month; one goes on buying, to let time pass."""
    lines = ["order,customer,date,product,quantity,amount"]
    begin = date(2026, 1, 1)
    for customer in range(CUSTOMERS):
        lines += [
            f"a{customer},c{customer},{begin + timedelta(days=customer % 5)},p1,1,1000",
            f"b{customer},c{customer},{begin + timedelta(days=7 + customer % 5)},p2,2,2000",
        ]
    lines += [f"d{day},faithful,{begin + timedelta(days=day)},p1,1,500" for day in range(DAYS)]
    folder = tmp_path_factory.mktemp("orders")
    (folder / "orders.toml").write_text(MAPPING)
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def demo(orders: Path, folder: Path, *arguments: str) -> list[str]:
    return [
        *(sys.executable, "-m", "dangol.app.cli", "demo", "--once", "--json"),
        *("--data", str(orders), "--folder", str(folder), *arguments),
    ]


def finish(orders: Path, folder: Path) -> dict:
    ended = subprocess.run(  # noqa: S603 - our own command
        demo(orders, folder), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def message_ids(folder: Path) -> list[str]:
    """What the mailbox holds, by what we called it."""
    mails = sorted((folder / "mailbox").glob("*.eml"))
    lines = [line for mail in mails for line in mail.read_text("utf-8").splitlines()]
    return [line for line in lines if line.lower().startswith("message-id:")]


@pytest.fixture(scope="module")
def whole(orders, tmp_path_factory) -> tuple[dict, Path]:
    """What a replay from beginning to end came to, and its folder."""
    folder = tmp_path_factory.mktemp("whole") / "demo"
    return finish(orders, folder), folder


@pytest.mark.xdist_group("whole demonstration")
def test_a_replay_accounts_for_every_row_and_message(whole):
    summary, folder = whole

    bought = CUSTOMERS + 1
    assert summary["rows"] == 2 * CUSTOMERS + DAYS
    assert summary["customers"] == bought
    assert summary["enrollments"]["thank_you"] == {"ended": bought}
    assert sum(summary["enrollments"]["win_back"].values()) == CUSTOMERS
    assert summary["conservation"] is True
    assert summary["deliveries"]["accepted"] == len(message_ids(folder))
    assert len(set(message_ids(folder))) == len(message_ids(folder))


def test_two_replays_at_once_keep_to_their_own_servers(orders, tmp_path):
    folders = [tmp_path / "one", tmp_path / "other"]
    running = [
        subprocess.Popen(  # noqa: S603 - our own command
            demo(orders, folder, "--days", "20"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for folder in folders
    ]

    said = [process.communicate(timeout=SECONDS) for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    for folder, (summary, _) in zip(folders, said, strict=True):
        assert json.loads(summary)["receipts"]["opened"] > 0
        assert len(message_ids(folder)) == json.loads(summary)["deliveries"]["accepted"]


@pytest.mark.xdist_group("whole demonstration")
def test_a_replay_killed_in_the_middle_goes_on_without_loss_or_repetition(orders, whole, tmp_path):
    folder = tmp_path / "killed"
    process = subprocess.Popen(  # noqa: S603 - our own command
        demo(orders, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for_mail(folder, process, at_least=CUSTOMERS // 2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    resumed = finish(orders, folder)

    same = ("rows", "customers", "events", "segments", "conservation")
    assert {name: resumed[name] for name in same} == {name: whole[0][name] for name in same}
    assert resumed["conservation"] is True
    assert len(set(message_ids(folder))) == len(message_ids(folder))


def wait_for_mail(folder: Path, process: subprocess.Popen, *, at_least: int) -> None:
    deadline = time.monotonic() + SECONDS
    while len(list((folder / "mailbox").glob("*.eml"))) < at_least:
        assert process.poll() is None, "the demonstration ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "nothing.csv"], "neither a file nor one of completejourney, cdnow"),
        (["--data", __file__], "What do the columns of"),
        (["--folder", "/proc/none"], "cannot be used as the data folder"),
    ],
)
def test_what_cannot_be_replayed_is_said_with_the_remedy(arguments, words, tmp_path):
    folder = [] if "--folder" in arguments else ["--folder", str(tmp_path / "demo")]

    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "dangol.app.cli", "demo", "--once", *arguments, *folder],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
