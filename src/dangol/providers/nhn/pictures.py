"""Gives NHN Cloud pictures: an id for a text message, an address for a Brand Message."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from dangol.providers.vendor import Kept, VendorError
from dangol.providers.wire.call import Answered, Place, Told, object_of, text_of
from dangol.providers.wire.form import write_form
from dangol.store.vocabulary import PictureUse

TYPES: Final[Mapping[PictureUse, str]] = {
    PictureUse.BRAND: "IMAGE",
    PictureUse.BRAND_WIDE: "WIDE_IMAGE",
}


async def upload_file(place: Place, content: bytes, *, name: str, key: str, secret: str) -> Kept:
    """Give the SMS product a picture; ``key`` is its app key.

    Raises:
        VendorError: it was not taken.
    """
    told = await place.call(
        "POST",
        f"/sms/v3.0/appKeys/{key}/attachfile/binaryUpload",
        headers={"X-Secret-Key": secret},
        body={"fileName": name, "fileBody": b64encode(content).decode(), "createUser": "dangol"},
    )
    return keep(told, "body", "data", "fileId")


async def upload_image(
    place: Place, content: bytes, *, name: str, use: PictureUse, key: str, secret: str
) -> Kept:
    """Give the KakaoTalk product a picture for a Brand Message; ``key`` is its app key.

    Raises:
        VendorError: it was not taken.
    """
    form = write_form(
        {"imageType": TYPES[use]}, file_field="image", file_name=name, content=content
    )
    told = await place.call(
        "POST",
        f"/brand-message/v1.0/appkeys/{key}/images",
        headers={"X-Secret-Key": secret},
        body=form,
    )
    return keep(told, "image", "imageUrl")


def keep(told: Told, *path: str) -> Kept:
    """Read what NHN calls a picture; it does not say how long it lasts."""
    if not isinstance(told, Answered):
        raise VendorError(f"NHN does not answer: {told.why}. Check the DANGOL_NHN_… addresses.")
    header, file_id = object_of(told.said, "header"), text_of(told.said, *path)
    if not (told.is_ok and header.get("isSuccessful") is True and file_id):
        code = text_of(header, "resultCode") or str(told.status)
        raise VendorError(
            f"NHN did not take a picture: {code} {text_of(header, 'resultMessage')}".rstrip() + "."
        )
    return Kept(file_id=file_id)
