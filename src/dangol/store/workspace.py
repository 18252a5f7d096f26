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
