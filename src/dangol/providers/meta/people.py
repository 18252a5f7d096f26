"""How Meta wants people written before they are hashed (Graph API, Customer File Custom Audiences).

Meta's own Python client throws away every letter beyond a to z, so that all Hangul names are alike,
and leaves telephone numbers in their national form; hence rules of our own.
"""

import unicodedata
from typing import Final

from dangol.providers.audience import Person, hash_text

SCHEMA: Final = ("EMAIL", "PHONE", "FN", "LN", "COUNTRY")


def hash_person(person: Person) -> list[str]:
    """Return a person's hashes in the order of ``SCHEMA``; empty where nothing is known."""
    return [
        hash_text(part)
        for part in (
            "".join(person.email.split()).lower(),
            # Digits with the country's code, without the + that Google wants.
            "".join(digit for digit in person.phone if digit.isascii() and digit.isdigit()),
            plain_name(person.given_name),
            plain_name(person.family_name),
            person.country.lower(),
        )
    ]


def plain_name(name: str) -> str:
    """Write a name in small letters without blanks and punctuation; letters of any script stay."""
    composed = unicodedata.normalize("NFC", name).lower()
    return "".join(letter for letter in composed if unicodedata.category(letter)[0] in "LMN")
