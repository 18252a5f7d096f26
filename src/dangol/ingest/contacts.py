"""Contact data is taken out of what shops send, sealed, and known by its key from then on."""

import base64
from typing import Final

from dangol.ingest.event import Json
from dangol.ingest.fault import bad_value
from dangol.store.phones import HOME, country_of, normalize_phone
from dangol.store.vault import Vault, normalize_email

EMAIL_NAMES: Final = ("email",)
PHONE_NAMES: Final = ("phone", "phone_number", "mobile")
CONTACT_NAMES: Final = frozenset(EMAIL_NAMES + PHONE_NAMES)
LONGEST_CONTACT: Final = 254
REMEDIES: Final = {
    "email": "write it like name@example.com, or leave it out.",
    "phone": (
        "no such number is given out in {country}: write it whole, like +82 10-1234-5678, or "
        "leave it out."
    ),
}


def take_contacts(
    *sources: Json, vault: Vault, workspace_id: int, country: str = HOME
) -> list[dict[str, str]]:
    """Remove contact data from the sources and return it sealed, one of each kind at most.

    A telephone number without a country code is at home in the country that the sources name, or
    else in ``country``.

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
            home = HOME if kind == "email" else country_of(*sources, otherwise=country)
            if value := normalize(kind, name, source.pop(name), country=home):
                _ = found.setdefault(kind, value)
    return [seal_contact(vault, workspace_id, kind, value) for kind, value in found.items()]


def seal_contact(vault: Vault, workspace_id: int, kind: str, value: str) -> dict[str, str]:
    """Return a normalised address or number as the inbox keeps it."""
    return {
        "kind": kind,
        "key": vault.key(workspace_id, kind, value),
        "sealed": base64.b64encode(vault.seal(workspace_id, kind, value)).decode(),
    }


def normalize(kind: str, name: str, value: object, *, country: str = HOME) -> str | None:
    """Return the form under which it is found again; None when it was left empty.

    Raises:
        BadPayload: it is no e-mail address, or no telephone number that anybody could have.
    """
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) and len(value) <= LONGEST_CONTACT else ""
    try:
        return normalize_email(text) if kind == "email" else normalize_phone(text, country)
    except ValueError:
        raise bad_value(name, value, REMEDIES[kind].format(country=country)) from None
