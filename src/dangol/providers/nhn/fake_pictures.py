"""The pictures of NHN's fake: files of text messages by number, images of Kakao by address."""

from collections.abc import Sequence
from typing import Final, cast

from dangol.providers.nhn.pictures import TYPES
from dangol.providers.wire.call import Json, at, text_of
from dangol.providers.wire.fake import Asked, Reply, Route
from dangol.providers.wire.fake_gallery import Gallery, new_number, read_file, read_form
from dangol.store.vocabulary import PictureUse

LARGEST: Final = {
    PictureUse.MMS: 300 * 1024,
    PictureUse.BRAND: 5_000_000,
    PictureUse.BRAND_WIDE: 5_000_000,
}
# NHN publishes no codes of their own for images that it does not take or know.
BAD_IMAGE: Final = -4
UNKNOWN_IMAGE: Final = -1023
BUBBLES: Final = {
    "IMAGE": PictureUse.BRAND,
    "WIDE": PictureUse.BRAND_WIDE,
    "COMMERCE": PictureUse.BRAND,
}


class PictureShelf(Gallery):
    """What was uploaded to both products."""

    def __init__(self) -> None:
        super().__init__(largest=LARGEST)

    def routes(self) -> Sequence[Route]:
        """Return where pictures are uploaded."""
        files = "/sms/v3.0/appKeys/*/attachfile/binaryUpload"
        return (
            Route(method="POST", path=files, handle=self.take_file),
            Route(method="POST", path="/brand-message/v1.0/appkeys/*/images", handle=self.take),
        )

    def take_file(self, asked: Asked) -> Reply:
        """Keep the picture of a text message."""
        content = read_file(text_of(asked.body, "fileBody"))
        name = text_of(asked.body, "fileName")
        if not name.endswith((".jpg", ".jpeg")):
            return Reply(said=header(-2003, "jpg가 아닌 첨부 파일"))
        if not self.fits(content, PictureUse.MMS):
            return Reply(said=header(-2005, "300KB가 넘는 첨부 파일"))
        number = new_number()
        self.put(str(number), content, PictureUse.MMS)
        data = {"fileId": number, "fileName": name, "filePath": f"0/{number}"}
        return Reply(said={**header(0, "SUCCESS"), "body": {"data": data}})

    def take(self, asked: Asked) -> Reply:
        """Keep the picture of a Brand Message."""
        form = read_form(asked)
        kind = form.get("imageType", b"").decode()
        use = next((one for one, name in TYPES.items() if name == kind), None)
        content = form.get("image", b"")
        if use is None or not self.fits(content, use):
            return Reply(said=header(BAD_IMAGE, "등록할 수 없는 이미지"))
        number = new_number()
        url = f"https://mud-kage.kakao.com/{number}"
        self.put(url, content, use)
        image = {"imageSeq": number, "imageUrl": url, "imageName": f"{number}"}
        return Reply(said={**header(0, "SUCCESS"), "image": image})

    def refuse(self, body: Json) -> Reply | None:
        """Refuse a message whose picture is not there; None where all are."""
        files = cast("list[object]", at(body, "attachFileIdList") or [])
        if not all(self.has(str(one), PictureUse.MMS) for one in files):
            return Reply(said=header(-2004, "없거나 만료된 첨부 파일"))
        use = BUBBLES.get(text_of(body, "chatBubbleType"))
        if use and not self.has(text_of(body, "image", "imageUrl"), use):
            return Reply(said=header(UNKNOWN_IMAGE, "등록되지 않은 이미지"))
        return None


def header(code: int, words: str) -> Json:
    """Return the head of every answer of NHN's."""
    return {"header": {"resultCode": code, "resultMessage": words, "isSuccessful": code == 0}}
