"""Telephone numbers: as people write them, turned into the one form the world dials (E.164)."""

import re
from functools import lru_cache
from typing import Final, cast

import phonenumbers

Json = dict[str, object]
HOME: Final = "KR"
LONGEST: Final = 32
# What people write between the digits; the digits may be full-width, as Korean keyboards make them.
WRITTEN: Final = re.compile(r"[+\uff0b]?[\d\s().\-/\u00b7\u2010-\u2015\u2212\uff0d\uff08\uff09]+")
REGIONS: Final = phonenumbers.SUPPORTED_REGIONS


# Reading one costs as much as a whole event without: the same ones come again and again.
@lru_cache(maxsize=20_000)
def normalize_phone(value: str, country: str = HOME) -> str:
    """Return a number in E.164; without a country code it is at home in ``country``.

    Raises:
        ValueError: it is no telephone number that anybody could have.
    """
    text = value.strip()
    if len(text) > LONGEST or not WRITTEN.fullmatch(text):
        raise ValueError(f"phone {value!r} is not a telephone number.")
    # Written as it is dialled from abroad.
    text = f"+{text[2:]}" if text.startswith("00") and not text.startswith("000") else text
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise ValueError(f"phone {value!r} is not a telephone number.") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"phone {value!r} is not a telephone number that anybody could have.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(*sources: Json, otherwise: str) -> str:
    """Return the country that a person's traits name by its two letters, else the shop's."""
    for source in sources:
        place = source.get("address")
        inner = cast("Json", place) if isinstance(place, dict) else {}
        for said in (source.get("country"), inner.get("country")):
            if isinstance(said, str) and said.strip().upper() in REGIONS:
                return said.strip().upper()
    return otherwise
