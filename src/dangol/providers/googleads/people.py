"""How Google wants people written before they are hashed (Data Manager API, user data)."""

import unicodedata
from typing import Final

from dangol.providers.audience import Person, hash_text

# One person's identifiers, hashed.
Identified = list[dict[str, object]]

# In these, Google takes a dot in the name for nothing.
DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})


def identify(person: Person) -> Identified:
    """Return a person's identifiers; none where we know nothing Google could match."""
    found: Identified = []
    if email := plain_email(person.email):
        found.append({"emailAddress": hash_text(email)})
    if person.phone:
        # With the + that Meta does not want.
        found.append({"phoneNumber": hash_text(person.phone)})
    given, family = plain_name(person.given_name), plain_name(person.family_name)
    if given and family and person.country:
        found.append(
            {
                "address": {
                    "givenName": hash_text(given),
                    "familyName": hash_text(family),
                    "regionCode": person.country.upper(),
                }
            }
        )
    return found


def plain_email(email: str) -> str:
    name, at, domain = "".join(email.split()).lower().partition("@")
    return f"{name.replace('.', '') if domain in DOTLESS else name}{at}{domain}"


def plain_name(name: str) -> str:
    """Write a name in small letters without blanks at its ends; letters of any script stay."""
    return unicodedata.normalize("NFC", name).strip().lower()
