"""Sealing, finding, signing."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.store.vault import (
    BadToken,
    MissingKeyError,
    Ring,
    Vault,
    mark_of,
    normalize_email,
    version_of,
)

VAULT = Vault(bytes(range(32)))
OTHER = Vault(bytes(32))


@given(value=st.text(), kind=st.sampled_from(["email", "phone"]))
def test_what_is_sealed_opens_again(value, kind):
    assert VAULT.open(1, kind, VAULT.seal(1, kind, value)) == value


@pytest.mark.parametrize(
    ("vault", "workspace", "kind"),
    [(VAULT, 2, "email"), (VAULT, 1, "phone"), (OTHER, 1, "email")],
    ids=["another workspace", "another kind", "another master key"],
)
def test_sealed_data_opens_only_where_it_was_sealed(vault, workspace, kind):
    sealed = VAULT.seal(1, "email", "minji@shop.example")

    with pytest.raises(BadToken):
        vault.open(workspace, kind, sealed)


@given(value=st.text(), kind=st.sampled_from(["email", "phone"]))
def test_what_a_customers_key_has_sealed_opens_with_it_wrapped(value, kind):
    key, wrapped = VAULT.make_key(1)

    assert VAULT.open_for(1, kind, key.seal(kind, value), wrapped) == value


def test_without_the_customers_own_key_nothing_of_theirs_opens():
    (minji, _), (_, of_another) = VAULT.make_key(1), VAULT.make_key(1)

    with pytest.raises(BadToken):
        VAULT.open_for(1, "email", minji.seal("email", "minji@shop.example"), of_another)


def test_a_new_master_key_changes_what_is_sealed_and_never_what_is_looked_up_or_signed():
    first = Ring.first(bytes(range(32)))
    rotated = Vault(lambda: Ring(names=first.names, masters={**first.masters, 2: bytes(32)}))

    assert rotated.open(1, "email", VAULT.seal(1, "email", "a@b.kr")) == "a@b.kr"
    assert version_of(rotated.seal(1, "email", "a@b.kr")) == 2
    assert rotated.key(1, "email", "a@b.kr") == VAULT.key(1, "email", "a@b.kr")
    assert rotated.unsign("click", VAULT.sign("click", b"42")) == b"42"


def test_what_needs_a_master_key_that_is_gone_says_so():
    first = Ring.first(bytes(range(32)))
    dropped = Vault(lambda: Ring(names=first.names, masters={2: bytes(32)}))

    with pytest.raises(MissingKeyError, match="master key 1"):
        dropped.open(1, "email", VAULT.seal(1, "email", "a@b.kr"))


@pytest.mark.parametrize("sealed", [b"", bytes(2), bytes(40), (1).to_bytes(3) + b"short"])
def test_what_nobody_sealed_is_told_from_what_lacks_its_key(sealed):
    with pytest.raises(BadToken):
        VAULT.open(1, "email", sealed)


@given(version=st.integers(min_value=1, max_value=2**24 - 1), rest=st.binary(max_size=50))
def test_the_first_characters_of_base64_tell_the_master_key(version, rest):
    sealed = base64.b64encode(version.to_bytes(3) + rest).decode()

    assert sealed[:4] == mark_of(version)


def test_the_same_address_is_sealed_differently_and_found_alike():
    first, second = VAULT.seal(1, "email", "a@b.kr"), VAULT.seal(1, "email", "a@b.kr")

    assert first != second
    assert VAULT.key(1, "email", "a@b.kr") == VAULT.key(1, "email", "a@b.kr")
    assert VAULT.key(1, "email", "a@b.kr") != VAULT.key(2, "email", "a@b.kr")


@given(payload=st.binary(max_size=40))
def test_a_signed_payload_returns(payload):
    assert VAULT.unsign("unsubscribe", VAULT.sign("unsubscribe", payload)) == payload


@given(payload=st.binary(min_size=1, max_size=20), data=st.data())
def test_a_token_with_any_bit_changed_is_refused(payload, data):
    token = VAULT.sign("unsubscribe", payload)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHabcdefgh01234567-_"))
    altered = token[:place] + letter + token[place + 1 :]

    if altered == token:
        return
    try:
        # The last letter may carry bits that no byte uses; then the payload must be untouched.
        assert VAULT.unsign("unsubscribe", altered) == payload
        assert place == len(token) - 1
    except BadToken:
        pass


def test_a_token_is_good_for_one_purpose_only():
    with pytest.raises(BadToken):
        VAULT.unsign("click", VAULT.sign("unsubscribe", b"42"))


@pytest.mark.parametrize("token", ["", "%%%", "한글", "AAAA", "A" * 500])
def test_nonsense_is_no_token(token):
    with pytest.raises(BadToken):
        VAULT.unsign("unsubscribe", token)


def test_a_master_key_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes, not 5"):
        Vault(b"short")


def test_addresses_are_trimmed_and_lower_case():
    assert normalize_email("  Minji@Shop.Example ") == "minji@shop.example"


@pytest.mark.parametrize("value", ["", "minji", "a@b", "a b@c.kr", "<a@b.kr>", "a@b.kr,c@d.kr"])
def test_what_is_no_address_is_named(value):
    with pytest.raises(ValueError, match="is not an e-mail address; write it as"):
        normalize_email(value)
