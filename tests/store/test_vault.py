"""Sealing, finding, signing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.store.vault import BadToken, Vault, normalize_email

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
