"""`dangol customer merge` and `unmerge`."""

import pytest
from tests.build import customer

from dangol.app.cli import main
from dangol.store.connect import connect

WORKSPACE = [
    *(
        "workspace",
        "add",
        "--collecting",
        "open",
        "--name",
        "단골 상점",
        "--sender-email",
        "hello@shop.example",
    ),
    *("--sender-postal", "서울", "--sender-phone", "02-120"),
]


@pytest.fixture
def pair(tmp_path, monkeypatch, migrated_url):
    """A shop with two customers; their numbers, as one types them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    assert main(WORKSPACE) == 0
    with connect(migrated_url) as connection:
        return [str(customer(connection, 1, name=name, email=None)) for name in ("minji", "mj")]


def test_a_merge_says_how_to_undo_it_and_that_works(pair, capsys):
    capsys.readouterr()

    assert main(["customer", "merge", *pair]) == 0

    said = capsys.readouterr().out.strip()
    assert said.startswith(f"They are customer {pair[0]} now.")
    undo = said.rpartition("dangol ")[2].split()
    assert main(undo) == 0
    assert f"Customer {pair[1]} is a customer of their own again" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["merge", "1", "4711"], ["unmerge", "1"]], ids=lambda wrong: wrong[0]
)
def test_what_cannot_be_done_is_refused_with_the_number(pair, capsys, wrong):
    assert pair[0] == wrong[1]

    assert main(["customer", *wrong]) == 1

    assert f"Customer {wrong[-1]}" in capsys.readouterr().err
