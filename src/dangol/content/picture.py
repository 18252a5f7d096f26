"""What a picture is, by its own bytes, and what all vendors take.

Of several vendors' rules the strictest counts, so that a template goes by any of them. MMS: SOLAPI
takes 200 KB, NHN Cloud 1,000 by 1,000 pixels, all three JPEG alone. Brand Message: NHN Cloud's
table of image types; SOLAPI's 500 KB for KakaoTalk. Only headers are read: nothing is decoded that
somebody uploads.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from dangol.store.vocabulary import BubbleKind, Channel, PictureKind, PictureUse

LARGEST_BYTES: Final = 500_000
PNG_START: Final = b"\x89PNG\r\n\x1a\n"
PNG_END: Final = b"IEND\xaeB`\x82"
PNG_HEADER: Final = struct.Struct(">I4sII")
JPEG_START: Final = b"\xff\xd8"
JPEG_END: Final = b"\xff\xd9"
# Markers of JPEG after which a frame's size stands; and those that have no length.
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
FRAME_HEADER: Final = struct.Struct(">HBHH")
# A problem, and what to do about it.
Found = tuple[str, str]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as a template names it; ``width`` and ``height`` in pixels, ``size`` in bytes."""

    # SHA-256 of its content, in hexadecimal.
    hash: str
    kind: PictureKind
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What vendors take for one use; shapes are heights by widths."""

    name: str
    kinds: tuple[PictureKind, ...]
    bytes: int
    narrowest: int = 1
    # Of each side.
    longest: int = 100_000
    flattest: float = 0.0
    tallest: float = 100_000.0


RULES: Final[Mapping[PictureUse, Rule]] = {
    PictureUse.MMS: Rule(name="an MMS", kinds=(PictureKind.JPEG,), bytes=200_000, longest=1_000),
    PictureUse.BRAND: Rule(
        name="a Brand Message",
        kinds=(PictureKind.JPEG, PictureKind.PNG),
        bytes=LARGEST_BYTES,
        narrowest=500,
        flattest=0.5,
        tallest=4 / 3,
    ),
    PictureUse.BRAND_WIDE: Rule(
        name="a wide Brand Message",
        kinds=(PictureKind.JPEG, PictureKind.PNG),
        bytes=LARGEST_BYTES,
        narrowest=500,
        flattest=0.5,
        tallest=1.0,
    ),
}
BRAND_USES: Final[Mapping[BubbleKind, PictureUse]] = {
    BubbleKind.IMAGE: PictureUse.BRAND,
    BubbleKind.WIDE: PictureUse.BRAND_WIDE,
    BubbleKind.COMMERCE: PictureUse.BRAND,
}


def read_picture(content: bytes) -> Picture:
    """Read what a file holds, whatever it is called.

    Raises:
        ValueError: it is no JPEG and no PNG, or only a part of one.
    """
    kind, size = read_size(content)
    width, height = size
    if not (width and height):
        raise ValueError("The picture has no size. Export it anew as JPEG or PNG.")
    return Picture(
        hash=sha256(content).hexdigest(), kind=kind, width=width, height=height, size=len(content)
    )


def read_size(content: bytes) -> tuple[PictureKind, tuple[int, int]]:
    if content.startswith(PNG_START) and PNG_END in content[-64:]:
        length, name, width, height = PNG_HEADER.unpack_from(content, len(PNG_START))
        if (length, name) == (13, b"IHDR"):
            return PictureKind.PNG, (width, height)
    if content.startswith(JPEG_START) and JPEG_END in content[-64:]:
        return PictureKind.JPEG, read_frame(content)
    if content.startswith((PNG_START, JPEG_START)):
        raise ValueError("The picture breaks off or is damaged. Export or upload it anew.")
    raise ValueError("The picture is neither JPEG nor PNG. Export it as one of them.")


def read_frame(content: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG, from the first frame it declares."""
    at = len(JPEG_START)
    while at + 2 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - begins each marker
        marker = content[at + 1]
        if marker == 0xFF or marker in BARE:  # noqa: PLR2004 - may be repeated
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if at + 2 + FRAME_HEADER.size > len(content):
            break
        length, _, height, width = FRAME_HEADER.unpack_from(content, at + 2)
        if marker in FRAMES:
            return width, height
        at += 2 + length
    raise ValueError("The JPEG says nowhere how large it is. Export it anew.")


def use_of(channel: Channel, bubble: BubbleKind) -> PictureUse | None:
    """Return for what a vendor gets the picture of such a template; None where it shows none."""
    match channel:
        case Channel.SMS:
            return PictureUse.MMS
        case Channel.KAKAO_BRAND:
            return BRAND_USES.get(bubble)
        case _:
            return None


def parse_picture(source: str) -> Picture | None:
    """Read how a template names its picture; empty is none."""
    return msgspec.json.decode(source, type=Picture) if source else None


def write_picture(picture: Picture) -> str:
    """Write a picture as a template names it."""
    return msgspec.json.encode(picture).decode()


def find_picture_faults(picture: Picture, use: PictureUse) -> Iterator[Found]:
    """Say what vendors would refuse about a picture."""
    rule = RULES[use]
    if picture.kind not in rule.kinds:
        wanted = " or ".join(kind.upper() for kind in rule.kinds)
        yield f"it is {picture.kind.upper()}", f"Export it as {wanted}: {rule.name} shows no other."
    if picture.size > rule.bytes:
        yield (
            f"it has {picture.size:,} bytes",
            f"Make it smaller: {rule.name} takes {rule.bytes:,} bytes.",
        )
    if picture.width < rule.narrowest:
        yield f"it is {picture.width:,} pixels wide", f"Make it at least {rule.narrowest:,} wide."
    if max(picture.width, picture.height) > rule.longest:
        yield (
            f"it is {picture.width:,} by {picture.height:,} pixels",
            f"Scale it to at most {rule.longest:,} by {rule.longest:,}.",
        )
    if not rule.flattest <= picture.height / picture.width <= rule.tallest:
        yield (
            f"it is {picture.width:,} by {picture.height:,} pixels",
            f"Crop it to {say_shape(rule.flattest)} to {say_shape(rule.tallest)} for {rule.name}.",
        )


def say_shape(height: float) -> str:
    """Say a height for a width of one as people do."""
    known = {0.5: "2:1", 1.0: "1:1", 4 / 3: "3:4"}
    return known[height]
