"""Gives Bizgo pictures: a key that lasts a while for a text message, an address for Kakao."""

from collections.abc import Mapping
from typing import Final

from dangol.providers.bizgo.codes import TAKEN
from dangol.providers.vendor import Kept, VendorError
from dangol.providers.wire.call import Answered, Place, object_of, text_of
from dangol.providers.wire.form import write_form
from dangol.providers.wire.times import read_time
from dangol.store.vocabulary import PictureUse

PATHS: Final[Mapping[PictureUse, str]] = {
    PictureUse.MMS: "/api/comm/v1/file/mms",
    PictureUse.BRAND: "/api/comm/v1/file/brandmessage/default",
    PictureUse.BRAND_WIDE: "/api/comm/v1/file/brandmessage/wide",
}


async def upload_picture(
    place: Place, content: bytes, *, name: str, use: PictureUse, headers: Mapping[str, str]
) -> Kept:
    """Give Bizgo a picture.

    Raises:
        VendorError: it was not taken.
    """
    form = write_form({}, file_field="file", file_name=name, content=content)
    told = await place.call("POST", PATHS[use], headers=headers, body=form)
    if not isinstance(told, Answered):
        raise VendorError(f"Bizgo does not answer: {told.why}. Check DANGOL_BIZGO_URL.")
    inner = object_of(told.said, "data")
    kept = object_of(inner, "data")
    file_id = text_of(kept, "fileKey") or text_of(kept, "imgUrl")
    if not (told.is_ok and text_of(inner, "code") == TAKEN and file_id):
        code = text_of(inner, "code") or text_of(told.said, "common", "authCode")
        said = f"{code or told.status} {text_of(inner, 'result')}".rstrip()
        raise VendorError(f"Bizgo did not take a picture: {said}.")
    return Kept(file_id=file_id, until=read_time(text_of(kept, "expired")))
