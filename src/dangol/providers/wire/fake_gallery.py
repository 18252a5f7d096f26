"""The pictures that a vendor's fake was given, each by an id of the fake's choice."""

import secrets
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import HTTP
from typing import Final

from dangol.providers.wire.fake import Asked
from dangol.store.vocabulary import PictureUse

MOST_KEPT: Final = 1_000
JPEG: Final = b"\xff\xd8"
PNG: Final = b"\x89PNG"


class Gallery:
    """Keeps pictures for each use; what it does not keep any more, a message cannot show."""

    def __init__(self, *, largest: Mapping[PictureUse, int]) -> None:
        self.largest = largest
        self.kept: OrderedDict[str, tuple[PictureUse, bytes]] = OrderedDict()

    def fits(self, content: bytes, use: PictureUse) -> bool:
        """Tell whether the vendor takes such a picture: JPEG for texts, PNG as well for Kakao."""
        starts = (JPEG,) if use is PictureUse.MMS else (JPEG, PNG)
        return content.startswith(starts) and len(content) <= self.largest[use]

    def put(self, file_id: str, content: bytes, use: PictureUse) -> None:
        """Keep a picture; the oldest beyond the limit is forgotten."""
        self.kept[file_id] = (use, content)
        if len(self.kept) > MOST_KEPT:
            _ = self.kept.popitem(last=False)

    def has(self, file_id: str, *uses: PictureUse) -> bool:
        """Tell whether there is a picture of that name for one of these uses."""
        return file_id in self.kept and self.kept[file_id][0] in uses


def new_number() -> int:
    """Return a number for a vendor that names files by numbers."""
    return 1 + secrets.randbelow(2**31)


def read_file(encoded: str) -> bytes:
    """Return what stands in a JSON body as Base64; nothing where it is none."""
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b""


def read_form(asked: Asked) -> dict[str, bytes]:
    """Return the values of a form by field, those of files among them."""
    head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode()
    found: dict[str, bytes] = {}
    for part in message_from_bytes(head + asked.raw, policy=HTTP).iter_parts():
        name: object = part.get_param("name", header="content-disposition")
        value: object = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            found[name] = value
    return found
