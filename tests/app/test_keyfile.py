import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dangol.app.keyfile import make_key, open_vault
from dangol.app.problem import ProblemError


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "dangol.key"

    sealed = open_vault(path).seal(1, "email", "minji@shop.example")

    assert open_vault(path).open(1, "email", sealed) == "minji@shop.example"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_many_starters_one_makes_the_key_and_no_draft_is_left(tmp_path):
    path = tmp_path / "dangol.key"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_key, [path] * 16))

    assert list(tmp_path.iterdir()) == [path]
    assert len(path.read_bytes()) == 32


def test_a_file_that_holds_no_key_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "dangol.key"
    path.write_bytes(b"short")

    with pytest.raises(ProblemError, match=r"5 bytes instead of 32\. Restore"):
        open_vault(path)


def test_a_place_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ProblemError, match="cannot be used as the key file"):
        open_vault(tmp_path / "file" / "dangol.key")
