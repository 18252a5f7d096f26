"""What vendors call the pictures they were given; one account serves every workspace."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.providers.vendor import Kept, Shown
from dangol.store.connect import Connection
from dangol.store.vocabulary import PictureUse


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPicture:
    """A picture as one vendor knows it; ``hash`` in hexadecimal."""

    hash: str
    use: PictureUse
    file_id: str


def list_pictures(
    connection: Connection, shown: Collection[Shown], *, provider: str, now: datetime
) -> list[VendorPicture]:
    """Return those of these pictures that the vendor has and keeps for a while longer."""
    values = {
        "provider": provider,
        "wanted": [bytes.fromhex(one.hash) for one in shown],
        "now": now,
    }
    with connection.cursor(row_factory=class_row(VendorPicture)) as cursor:
        return cursor.execute(STATEMENTS["list_vendor_pictures"], values).fetchall()


def keep_picture(
    connection: Connection, shown: Shown, kept: Kept, *, provider: str, now: datetime
) -> None:
    """Note what the vendor calls a picture; what it called it before is forgotten."""
    values = {
        "provider": provider,
        "use": shown.use,
        "hash": bytes.fromhex(shown.hash),
        "file_id": kept.file_id,
        "lasts_until": kept.until,
        "now": now,
    }
    connection.execute(STATEMENTS["save_vendor_picture"], values)


def forget_pictures(connection: Connection, shown: Collection[Shown], *, provider: str) -> None:
    """Forget what the vendor called these pictures, unless it got them anew meanwhile."""
    values = {"provider": provider, "file_ids": [one.file_id for one in shown]}
    connection.execute(STATEMENTS["forget_vendor_pictures"], values)
