"""The shop itself: its name, its clock, and how much it wants to say."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg.rows import class_row

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.store")
COUNTRY: Final = re.compile("[A-Z]{2}")
COLOUR: Final = re.compile("#[0-9a-f]{6}")
OPT_OUT_PHONE: Final = re.compile(r"080-?\d{3,4}-?\d{4}")
# It stands in a header as well: a host, perhaps a port, and a path without what would end either.
LOGO: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[^\s\"'<>;,\\]{1,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One shop's settings, as its row in ``workspace`` has them."""

    id: int
    name: str
    time_zone: str
    default_locale: str
    # Two letters of ISO 3166.
    country: str
    sender_name: str
    sender_email: str
    sender_postal: str
    sender_phone: str
    quiet_from: time
    quiet_until: time
    cap_messages: int
    cap_days: int
    # So far back any limit looks.
    counted_days: int
    notice_ko: str
    notice_en: str
    sending_paused: bool
    # Six hexadecimal digits after a #; None for our own colour.
    brand_colour: str | None = None
    logo_url: str | None = None
    # The free number by which advertising on the telephone can be refused; empty: none.
    opt_out_phone: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.time_zone)


def create_workspace(
    connection: Connection,
    *,
    name: str,
    time_zone: str,
    default_locale: str,
    sender_name: str,
    sender_email: str,
    sender_postal: str,
    sender_phone: str,
    now: datetime,
    quiet_from: time = time(21),
    quiet_until: time = time(8),
    cap_messages: int = 3,
    cap_days: int = 7,
    notice_ko: str = "",
    notice_en: str = "",
    country: str = "KR",
) -> int:
    """Create a shop that is quiet at night and writes at most three times a week; return its id.

    Raises:
        ValueError: ``time_zone`` is not an IANA time zone, or ``country`` not two capitals.
    """
    zone_of(time_zone)
    if not COUNTRY.fullmatch(country):
        raise ValueError(f"country is {country!r}; write two letters of ISO 3166, such as KR.")
    values = {
        "name": name,
        "time_zone": time_zone,
        "default_locale": default_locale,
        "country": country,
        "sender_name": sender_name,
        "sender_email": sender_email,
        "sender_postal": sender_postal,
        "sender_phone": sender_phone,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "cap_messages": cap_messages,
        "cap_days": cap_days,
        "notice_ko": notice_ko,
        "notice_en": notice_en,
        "now": now,
    }
    row = connection.execute(STATEMENTS["insert_workspace"], values).fetchone()
    assert row is not None  # noqa: S101 - an insert without conflict returns its row
    return int(row[0])


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ValueError(
            f"time_zone {name!r} is unknown; write an IANA name such as Asia/Seoul."
        ) from fault


def read_workspace(connection: Connection, *, workspace_id: int) -> Workspace:
    """Return a shop's settings.

    Raises:
        LookupError: there is no such workspace.
    """
    with connection.cursor(row_factory=class_row(Workspace)) as cursor:
        cursor.execute(STATEMENTS["read_workspace"], {"workspace_id": workspace_id})
        found = cursor.fetchone()
    if found is None:
        raise LookupError(f"Workspace {workspace_id} does not exist; `dangol doctor` lists them.")
    return found


def set_opt_out(connection: Connection, *, workspace_id: int, number: str) -> None:
    """Note the number by which advertising on the telephone is refused for free; empty: none.

    Raises:
        ValueError: it is no 080 number.
    """
    if number and not OPT_OUT_PHONE.fullmatch(number):
        raise ValueError(f"{number!r} is no free number: write it as 080-123-4567, or '' for none.")
    values = {"workspace_id": workspace_id, "number": number}
    _ = connection.execute(STATEMENTS["set_opt_out_phone"], values)


def set_brand(
    connection: Connection, *, workspace_id: int, colour: str | None, logo_url: str | None
) -> None:
    """Let a shop's customer pages look like the shop; None for our own look.

    Raises:
        ValueError: the colour is none, or the logo is not at an https address.
    """
    if colour is not None and not COLOUR.fullmatch(colour.lower()):
        raise ValueError(f"colour {colour!r} is none; write # and six digits, such as #a8441f.")
    if logo_url is not None and not LOGO.fullmatch(logo_url):
        raise ValueError(
            f"logo {logo_url!r} is no address of a picture; write one that begins with https:// "
            "and has no spaces."
        )
    values = {
        "workspace_id": workspace_id,
        "colour": colour and colour.lower(),
        "logo_url": logo_url,
    }
    _ = connection.execute(STATEMENTS["set_brand"], values)
