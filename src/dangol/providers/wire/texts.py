"""What all vendors' text messages have in common: where an SMS ends and an LMS begins."""

from typing import Final

from dangol.providers.vendor import TextNote

LONGEST_SMS: Final = 90


def is_short(note: TextNote) -> bool:
    """Tell whether a text goes as an SMS: no picture, no title, and few bytes of CP949.

    What CP949 cannot carry counts one and is refused by the vendor.
    """
    size = len(note.text.encode("cp949", errors="replace"))
    return note.picture is None and not note.title and size <= LONGEST_SMS
