"""Pictures for a shop's own servers, with a server key: given before a template names them."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, READING_ONE, ServerRequest, open_clerk
from dangol.content.picture import RULES, Picture, find_picture_faults, read_picture
from dangol.content.pictures import find_picture, read_content, save_picture
from dangol.store.vocabulary import ApiKeyScope, PictureKind, PictureUse

TAGS: Final = ["pictures"]
HASH: Final = re.compile(r"[0-9a-f]{64}")


class PictureWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture: the bytes of a JPEG or PNG file, in Base64."""

    content: bytes


class UseView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether vendors take a picture for one use; without faults they do."""

    use: PictureUse
    faults: list[str]


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that the shop has; a template names it by ``hash`` (SHA-256, in hexadecimal).

    Width and height are in pixels, ``size`` is in bytes.
    """

    hash: str
    kind: PictureKind
    width: int
    height: int
    size: int
    uses: list[UseView]


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what is wrong with a picture.

    Raises:
        ClientException: it is none, or no vendor takes it.
        NotFoundException: the shop has none of that hash.
    """
    try:
        yield
    except ValueError as error:
        raise ClientException(str(error)) from error
    except LookupError as error:
        raise NotFoundException(str(error)) from error


open_pictures: Final = partial(open_clerk, refusing=refusing)


def find_uses(picture: Picture) -> list[UseView]:
    return [
        UseView(
            use=use,
            faults=[f"{said}. {remedy}" for said, remedy in find_picture_faults(picture, use)],
        )
        for use in RULES
    ]


def check_uses(picture: Picture) -> None:
    """See that vendors take a picture for something.

    Raises:
        ValueError: they do not; with what is wrong with it for a Brand Message, the widest use.
    """
    uses = find_uses(picture)
    if all(one.faults for one in uses):
        (brand,) = (one for one in uses if one.use is PictureUse.BRAND)
        raise ValueError(f"No vendor takes the picture: {brand.faults[0]}")


@post("/v1/pictures", tags=TAGS, status_code=200, sync_to_thread=True, raises=CHANGING)
def store_picture(request: ServerRequest, data: JSONBody[PictureWish]) -> PictureView:
    """Keep a picture for templates; the same one again changes nothing."""
    with open_pictures(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        check_uses(read_picture(data.content))
        kept = save_picture(
            clerk.connection, data.content, workspace_id=clerk.workspace_id, now=clerk.now
        )
    return PictureView(
        hash=kept.hash,
        kind=kept.kind,
        width=kept.width,
        height=kept.height,
        size=kept.size,
        uses=find_uses(kept),
    )


@get("/v1/pictures/{hash:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_picture(request: ServerRequest, hash: FromPath[str]) -> Response[bytes]:  # noqa: A002 - as in the answers
    """Return the bytes of a picture, as a JPEG or PNG file."""
    with open_pictures(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        found = (
            find_picture(clerk.connection, hash, workspace_id=clerk.workspace_id)
            if HASH.fullmatch(hash)
            else None
        )
        if found is None:
            raise LookupError(f"The shop has no picture {hash!r}.")
        content = read_content(clerk.connection, hash, workspace_id=clerk.workspace_id)
    return Response(content=content, media_type=f"image/{found.kind}")


picture_routes: Final = [store_picture, fetch_picture]
