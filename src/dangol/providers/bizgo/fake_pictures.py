"""The pictures of Bizgo's fake: keys that end, for text messages; addresses for Kakao."""

import secrets
from datetime import datetime
from typing import Final, cast

from dangol.providers.bizgo.pictures import PATHS
from dangol.providers.wire.call import Json, at, object_of, text_of
from dangol.providers.wire.fake import Asked
from dangol.providers.wire.fake_gallery import Gallery, read_form
from dangol.store.vocabulary import PictureUse

LARGEST: Final = {
    PictureUse.MMS: 300 * 1024,
    PictureUse.BRAND: 5_000_000,
    PictureUse.BRAND_WIDE: 5_000_000,
}
BUBBLES: Final = {
    "FI": PictureUse.BRAND,
    "FW": PictureUse.BRAND_WIDE,
    "FM": PictureUse.BRAND,
}


class PictureShelf(Gallery):
    """What was uploaded to the account."""

    def __init__(self) -> None:
        super().__init__(largest=LARGEST)

    def keep(self, asked: Asked, *, until: datetime) -> Json | None:
        """Keep a picture and return what is said of it; None where it is none."""
        use = next(one for one, path in PATHS.items() if path == asked.path)
        content = read_form(asked).get("file", b"")
        if not self.fits(content, use):
            return None
        name = secrets.token_hex(12)
        if use is PictureUse.MMS:
            self.put(name, content, use)
            return {"fileKey": name, "expired": until.isoformat()}
        url = f"https://mud-kage.kakao.com/{name}"
        self.put(url, content, use)
        return {"imgUrl": url}

    def refuse(self, message: Json) -> str:
        """Return the code for a picture that is not there; empty where all are."""
        files = cast("list[object]", at(message, "mms", "fileKey") or [])
        if not all(self.has(str(one), PictureUse.MMS) for one in files):
            return "A217"
        brand = object_of(message, "brandmessage")
        use = BUBBLES.get(text_of(brand, "msgType"))
        if use and not self.has(text_of(brand, "attachment", "image", "imgUrl"), use):
            return "A513"
        return ""
