import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dangol.app.keyfile import make_key, open_vault, read_ring, write_ring
from dangol.app.problem import ProblemError
from dangol.store.vault import Ring, version_of


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

    with pytest.raises(ProblemError, match=r"5 bytes that are no keys\. Restore"):
        open_vault(path)


def test_a_place_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ProblemError, match="cannot be used as the key file"):
        open_vault(tmp_path / "file" / "dangol.key")


def test_a_running_vault_seals_under_the_new_key_as_soon_as_the_file_has_it(tmp_path):
    path = tmp_path / "dangol.key"
    vault = open_vault(path)
    before = vault.seal(1, "email", "minji@shop.example")
    found_by = vault.key(1, "email", "minji@shop.example")
    ring = read_ring(path)

    write_ring(path, Ring(names=ring.names, masters={**ring.masters, 2: bytes(32)}))
    after = vault.seal(1, "email", "minji@shop.example")

    assert (version_of(before), version_of(after)) == (1, 2)
    assert vault.open(1, "email", before) == vault.open(1, "email", after)
    assert open_vault(path).key(1, "email", "minji@shop.example") == found_by
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"{}", b'{"names":"","masters":{}}', b'{"names":"","masters":{"1":"AAAA"}}']
)
def test_a_ring_that_lacks_a_key_is_refused_with_the_remedy(tmp_path, content):
    path = tmp_path / "dangol.key"
    path.write_bytes(content)

    with pytest.raises(ProblemError, match="Restore"):
        open_vault(path)


def test_a_running_vault_outlives_a_file_that_is_away_for_a_moment(tmp_path):
    path = tmp_path / "dangol.key"
    vault = open_vault(path)
    sealed = vault.seal(1, "email", "minji@shop.example")

    path.unlink()

    assert vault.open(1, "email", sealed) == "minji@shop.example"
