"""The pictures of SOLAPI's fake: uploaded by type, and looked for when a message shows one."""

import secrets
from typing import Final

from dangol.providers.solapi.fake_group import ACCOUNT
from dangol.providers.solapi.pictures import TYPES
from dangol.providers.wire.call import Json, text_of
from dangol.providers.wire.fake import Asked, Reply
from dangol.providers.wire.fake_gallery import Gallery, read_file
from dangol.store.vocabulary import PictureUse

LARGEST: Final = {
    PictureUse.MMS: 200 * 1024,
    PictureUse.BRAND: 500 * 1024,
    PictureUse.BRAND_WIDE: 500 * 1024,
}
# "A value is malformed". SOLAPI publishes no code of its own for a file that it does not know.
UNKNOWN_PICTURE: Final = "1011"
BUBBLES: Final = {
    "IMAGE": PictureUse.BRAND,
    "WIDE": PictureUse.BRAND_WIDE,
    "COMMERCE": PictureUse.BRAND,
}


class PictureShelf(Gallery):
    """What was uploaded to the account."""

    def __init__(self) -> None:
        super().__init__(largest=LARGEST)

    def take(self, asked: Asked) -> Reply:
        """Keep a picture under a file id."""
        kind = text_of(asked.body, "type")
        use = next((one for one, name in TYPES.items() if name == kind), None)
        content = read_file(text_of(asked.body, "file"))
        if use is None or not self.fits(content, use):
            refusal = {"errorCode": "ValidationError", "errorMessage": "업로드할 수 없는 파일"}
            return Reply(status=400, said=refusal)
        file_id = f"ST01FZ{secrets.token_hex(13).upper()}"
        self.put(file_id, content, use)
        name = text_of(asked.body, "name") or file_id
        return Reply(
            said={
                "fileId": file_id,
                "type": kind,
                "name": name,
                "originalName": name,
                "url": f"/{file_id}",
                "accountId": ACCOUNT,
                "link": None,
            }
        )

    def knows(self, message: Json) -> bool:
        """Tell whether the picture that a message shows is there; none is there, too."""
        if kind_of(message) == "MMS":
            return self.has(text_of(message, "imageId"), PictureUse.MMS)
        bubble = text_of(message, "kakaoOptions", "bms", "chatBubbleType")
        if bubble not in BUBBLES:
            return True
        return self.has(text_of(message, "kakaoOptions", "bms", "imageId"), BUBBLES[bubble])


def kind_of(message: Json) -> str:
    """Return what a message is; SOLAPI finds it out where nobody says."""
    return text_of(message, "type") or ("MMS" if text_of(message, "imageId") else "SMS")
