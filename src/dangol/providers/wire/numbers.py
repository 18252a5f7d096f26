"""Telephone numbers as Korean vendors want them: at home with a leading zero, digits only."""

import re
from typing import Final

import phonenumbers

HOME_CODE: Final = "82"
NOT_DIGIT: Final = re.compile(r"\D")


def split_number(number: str) -> tuple[str, str]:
    """Return the country's code, and the number as it is dialled there, digits only.

    Takes E.164 (``+821012345678``), or a Korean number as it is written at home.
    """
    if number.startswith("+82"):
        return HOME_CODE, "0" + NOT_DIGIT.sub("", number[3:])
    if not number.startswith("+"):
        return HOME_CODE, NOT_DIGIT.sub("", number)
    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", NOT_DIGIT.sub("", number)
    return str(read.country_code), phonenumbers.national_significant_number(read)


def join_number(number: str, country: str = HOME_CODE) -> str:
    """Return a number that a vendor names in E.164, the form under which we find it again."""
    digits = NOT_DIGIT.sub("", number)
    if number.strip().startswith("+") or (country == HOME_CODE and digits.startswith("82")):
        return f"+{digits}"
    return f"+{country or HOME_CODE}{digits.removeprefix('0')}"
