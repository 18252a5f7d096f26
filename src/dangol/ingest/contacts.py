"""Contact data is taken out of what shops send, sealed, and known by its key from then on."""

import base64
import re
from typing import Final

from dangol.ingest.event import Json
from dangol.ingest.fault import bad_value
from dangol.store.vault import Vault, normalize_email

EMAIL_NAMES: Final = ("email",)
PHONE_NAMES: Final = ("phone", "phone_number", "mobile")
CONTACT_NAMES: Final = frozenset(EMAIL_NAMES + PHONE_NAMES)
PUNCTUATION: Final = re.compile(r"[\s().\-/]")
PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_CONTACT: Final = 254


def take_contacts(*sources: Json, vault: Vault, workspace_id: int) -> list[dict[str, str]]:
    """Remove contact data from the sources and return it sealed, one of each kind at most.

    Raises:
        BadPayload: an address or number that is none, since it cannot be kept in the clear.
    """
    holding = [source for source in sources if not CONTACT_NAMES.isdisjoint(source)]
    if not holding:
        return []
    found: dict[str, str] = {}
    for source in holding:
        for name in CONTACT_NAMES & source.keys():
            kind = "email" if name in EMAIL_NAMES else "phone"
            if value := normalize(kind, name, source.pop(name)):
                _ = found.setdefault(kind, value)
    return [seal_contact(vault, workspace_id, kind, value) for kind, value in found.items()]


def seal_contact(vault: Vault, workspace_id: int, kind: str, value: str) -> dict[str, str]:
    """Return a normalised address or number as the inbox keeps it."""
    return {
        "kind": kind,
        "key": vault.key(workspace_id, kind, value),
        "sealed": base64.b64encode(vault.seal(workspace_id, kind, value)).decode(),
    }


def normalize(kind: str, name: str, value: object) -> str | None:
    """Return the form under which it is found again; None when it was left empty."""
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) and len(value) <= LONGEST_CONTACT else ""
    try:
        return normalize_email(text) if kind == "email" else normalize_phone(text)
    except ValueError:
        example = "name@example.com" if kind == "email" else "+82 10-1234-5678"
        raise bad_value(name, value, f"write it like {example}, or leave it out.") from None


def normalize_phone(value: str) -> str:
    """Return a number in E.164; one with a single leading zero is taken as Korean.

    Raises:
        ValueError: it is no telephone number.
    """
    digits = PUNCTUATION.sub("", value)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+82{digits[1:]}"
    if not PHONE.fullmatch(digits):
        raise ValueError(f"phone {value!r} is not a telephone number.")
    return digits
