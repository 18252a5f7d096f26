"""A link opens one page of one message, as we made it, for as long as we said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT

from dangol.content.tokens import (
    LASTS,
    ExpiredToken,
    TokenPurpose,
    read_page_token,
    read_token,
    sign_click,
    sign_message,
    sign_next,
    sign_page,
)
from dangol.store.vault import BadToken

MESSAGE = {"workspace_id": 3, "message_id": 4711}
PAGES = tuple(LASTS)


def made(purpose: TokenPurpose) -> str:
    if purpose in PAGES:
        return sign_page(TEST_VAULT, purpose, **MESSAGE, now=NOON)
    if purpose is TokenPurpose.CLICK:
        return sign_click(TEST_VAULT, **MESSAGE, link_id=7)
    return sign_message(TEST_VAULT, purpose, **MESSAGE)


def reader(purpose: TokenPurpose) -> Callable[[str], object]:
    if purpose in PAGES:
        return lambda token: read_page_token(TEST_VAULT, purpose, token, now=NOON)
    return lambda token: read_token(TEST_VAULT, purpose, token)


def flipped(token: str) -> list[str]:
    """Every token that differs from this in one bit."""
    raw = token.encode()
    return [
        (raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]).decode("latin-1")
        for place in range(len(raw))
        for bit in range(8)
    ]


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_a_token_with_any_bit_turned_opens_nothing(purpose):
    token = made(purpose)
    assert reader(purpose)(token)

    for forged in flipped(token):
        with pytest.raises(BadToken):
            reader(purpose)(forged)


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_a_token_with_anything_added_or_missing_opens_nothing(purpose):
    token = made(purpose)

    for forged in ("", token[:-1], token[1:], f"{token}=", f"{token}A", f"{token}!", f" {token}"):
        with pytest.raises(BadToken):
            reader(purpose)(forged)


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_a_token_opens_nothing_that_it_was_not_made_for(purpose):
    for other in set(TokenPurpose) - {purpose}:
        with pytest.raises(BadToken):
            reader(other)(made(purpose))


@pytest.mark.parametrize("purpose", PAGES)
def test_a_page_can_be_opened_until_its_time_is_over(purpose):
    token = made(purpose)
    last = NOON + LASTS[purpose]

    assert read_page_token(TEST_VAULT, purpose, token, now=last - timedelta(seconds=1))
    with pytest.raises(ExpiredToken):
        read_page_token(TEST_VAULT, purpose, token, now=last)


def test_no_way_from_page_to_page_makes_a_link_last_longer():
    token = made(TokenPurpose.PREFERENCES)
    now, last = NOON, NOON + LASTS[TokenPurpose.PREFERENCES]
    purpose = TokenPurpose.PREFERENCES
    for _ in range(200):
        try:
            named = read_page_token(TEST_VAULT, purpose, token, now=now)
        except ExpiredToken:
            break
        purpose = next(page for page in PAGES if page is not purpose)
        token = sign_next(TEST_VAULT, purpose, named=named, now=now)
        now += timedelta(hours=23)

    assert now <= last


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_a_token_is_short_and_holds_nothing_but_numbers(purpose):
    token = made(purpose)

    assert len(token) <= 50
    assert token.replace("-", "").replace("_", "").isalnum()
