"""Gives SOLAPI pictures: a file id for each and each use. How long they last it does not say."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from dangol.providers.solapi.account import SolapiAccount, SolapiError
from dangol.providers.vendor import Kept
from dangol.providers.wire.call import text_of
from dangol.store.vocabulary import PictureUse

PATH: Final = "/storage/v1/files"
TYPES: Final[Mapping[PictureUse, str]] = {
    PictureUse.MMS: "MMS",
    PictureUse.BRAND: "BMS",
    PictureUse.BRAND_WIDE: "BMS_WIDE",
}


async def upload_picture(
    account: SolapiAccount, content: bytes, *, name: str, use: PictureUse
) -> Kept:
    """Give SOLAPI a picture.

    Raises:
        SolapiError: it was not taken.
    """
    body = {"file": b64encode(content).decode(), "name": name, "type": TYPES[use]}
    file_id = text_of(await account.demand("POST", PATH, body=body), "fileId")
    if not file_id:
        raise SolapiError("SOLAPI took a picture and did not say what it calls it.")
    return Kept(file_id=file_id)
