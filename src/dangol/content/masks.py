"""What may be shown of contact data: enough to recognise it, too little to use it."""

from typing import Final

# Traits that name or place a person, whatever a shop's language calls them.
PERSONAL: Final = (
    "name",
    "address",
    "street",
    "birth",
    "phone",
    "email",
    "이름",
    "주소",
    "생년",
    "전화",
)
LONGEST_TRAIT: Final = 200


def mask_email(email: str) -> str:
    """Keep the first and last letter before the at sign, and the domain.

    >>> mask_email("household-123@shop.example")
    'h•••3@shop.example'
    """
    local, _, domain = email.partition("@")
    return f"{mask_word(local)}@{domain}"


def mask_phone(phone: str) -> str:
    """Keep the last four digits.

    >>> mask_phone("+821012345678")
    '•••5678'
    """
    return f"•••{phone[-4:]}"


def mask_word(word: str) -> str:
    """Keep the first and last letter of a word of four letters or more, else only the first.

    >>> mask_word("minji"), mask_word("민지")
    ('m•••i', '민•••')
    """
    return f"{word[:1]}•••{word[-1]}" if len(word) > 3 else f"{word[:1]}•••"  # noqa: PLR2004


def mask_trait(name: str, value: object) -> str:
    """Return what a trait says; one that names a person masked, a long one cut."""
    return mask_word(str(value)) if is_personal(name) else shorten(str(value))


def is_personal(name: str) -> bool:
    return any(word in name.lower() for word in PERSONAL)


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST_TRAIT else f"{text[:LONGEST_TRAIT]}…"
