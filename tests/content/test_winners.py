"""A list of winners lets people recognise themselves, and nobody else reach them."""

import doctest

import pytest

from dangol.content import winners
from dangol.content.winners import star_email, star_name, star_phone


def test_the_examples_hold():
    assert doctest.testmod(winners).failed == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김", "*"),
        ("김봄", "김*"),
        ("홍길동", "홍*동"),
        (" 홍길동 ", "홍*동"),
        ("선우용녀", "선**녀"),
        ("독고영재님", "독***님"),
        ("홍 길동", "* 길*"),
        ("王小明", "王*明"),
        ("Jane", "J***"),
        ("Jean-Luc O'Neill", "J******* O******"),
        ("X Æ", "* *"),
        ("", ""),
    ],
)
def test_names_of_any_length_and_language_are_masked(name, shown):
    assert star_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("01012345678", "010-****-5678"),
        ("+82 10-1234-5678", "010-****-5678"),
        ("+82 (0)10 1234 5678", "010-****-5678"),
        ("0082-10-1234-5678", "010-****-5678"),
        ("011-123-4567", "011-****-4567"),
        ("(02) 123-4567", "****-4567"),
        ("+1 415 555 0123", "****-0123"),
        ("1588-1234", "****-1234"),
        ("1234", "****"),
        ("", "****"),
    ],
)
def test_numbers_in_many_forms_keep_at_most_prefix_and_four_digits(phone, shown):
    assert star_phone(phone) == shown


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("a@shop.example", "a***@shop.example"),
        ("민지@shop.example", "민***@shop.example"),
        ('"a@b"@shop.example', '"***@shop.example'),
        ("nobody", "***"),
        ("@shop.example", "***"),
    ],
)
def test_addresses_keep_one_letter_and_the_domain(email, shown):
    assert star_email(email) == shown
