"""The keys that sign: made once, quiet until their record stands, readable by their owner only."""

import stat

import pytest

from dangol.app.dkim import quote
from dangol.app.dkim_files import (
    add_key,
    check_name,
    dkim_folder,
    find_key,
    load_signers,
    use_key,
    waiting_keys,
)
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.channels.dkim import public_record

SHOP = {"domain": "shop.example", "selector": "ed"}


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_folder=tmp_path)


def test_a_key_signs_only_once_it_is_in_use(settings):
    folder = dkim_folder(settings)
    key = add_key(folder, **SHOP, kind="ed25519")
    assert load_signers(settings) == ()
    assert waiting_keys(settings) == [("shop.example", "ed")]

    use_key(folder, **SHOP)

    (signer,) = load_signers(settings)
    assert (signer.domain, signer.selector) == ("shop.example", "ed")
    assert public_record(signer.key) == public_record(key)
    assert waiting_keys(settings) == []


def test_making_a_key_again_shows_the_same_one(settings):
    folder = dkim_folder(settings)
    key = add_key(folder, **SHOP, kind="ed25519")
    use_key(folder, **SHOP)

    again = add_key(folder, **SHOP, kind="ed25519")

    assert public_record(again) == public_record(key)


def test_a_key_is_its_owners_alone(settings):
    add_key(dkim_folder(settings), **SHOP, kind="ed25519")

    (path,) = dkim_folder(settings).glob("*/*")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("domain", "selector"),
    [("shop", "s"), ("../etc", "s"), ("shop.example", "a/b"), ("단골.example", "s"), ("", "")],
)
def test_what_cannot_stand_in_the_dns_is_no_name(domain, selector):
    with pytest.raises(ProblemError):
        check_name(domain, selector)


def test_a_file_that_is_no_key_is_named_with_its_remedy(settings):
    folder = dkim_folder(settings)
    add_key(folder, **SHOP, kind="ed25519")
    use_key(folder, **SHOP)
    (path,) = folder.glob("*/*.pem")
    path.write_bytes(b"-----BEGIN NOTHING-----")

    with pytest.raises(ProblemError, match=r"ed\.pem cannot be used.*dkim make"):
        load_signers(settings)


def test_a_key_that_was_never_made_is_missed(settings):
    with pytest.raises(ProblemError, match=r"dangol dkim make shop\.example"):
        find_key(dkim_folder(settings), **SHOP)


def test_a_long_record_is_written_in_pieces():
    assert quote("a" * 300) == f'"{"a" * 255}" "{"a" * 45}"'
