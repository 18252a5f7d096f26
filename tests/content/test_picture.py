"""A picture is what its bytes say, and what no vendor shows is named before it is kept."""

from pathlib import Path

import pytest
from tests.build import NOON
from tests.pictures import jpeg, png

from dangol.content.picture import find_picture_faults, read_picture
from dangol.content.pictures import find_picture, read_content, save_picture
from dangol.store.vocabulary import PictureKind, PictureUse

SHOTS = sorted((Path(__file__).parents[2] / "docs" / "images").glob("*.png"))


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (jpeg(640, 480), PictureKind.JPEG, (640, 480)),
        (png(501, 333), PictureKind.PNG, (501, 333)),
        # Fill bytes before a marker, and one marker that has no length.
        (b"\xff\xd8\xff\xff\xff\x01" + jpeg(7, 9)[2:], PictureKind.JPEG, (7, 9)),
    ],
)
def test_kind_and_size_are_read_from_the_bytes(content, kind, size):
    picture = read_picture(content)

    assert (picture.kind, (picture.width, picture.height)) == (kind, size)
    assert (picture.size, len(picture.hash)) == (len(content), 64)


def test_a_real_screenshot_is_a_picture():
    assert all(read_picture(shot.read_bytes()).width > 100 for shot in SHOTS)
    assert SHOTS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither JPEG nor PNG"),
        (b"GIF89a" + b"\x00" * 100, "neither JPEG nor PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither JPEG nor PNG"),
        (jpeg()[:-2], "breaks off"),
        (png()[:-8], "breaks off"),
        (png(0, 5), "has no size"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\xff\xd9", "nowhere how large"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82", "breaks off"),
    ],
)
def test_what_is_no_whole_picture_is_refused(content, said):
    with pytest.raises(ValueError, match=said):
        read_picture(content)


@pytest.mark.parametrize(
    ("content", "use", "problem"),
    [
        (png(), PictureUse.MMS, "it is PNG"),
        (jpeg(size=200_001), PictureUse.MMS, "it has 200,001 bytes"),
        (jpeg(1_001, 800), PictureUse.MMS, "1,001 by 800 pixels"),
        (jpeg(499, 400), PictureUse.BRAND, "499 pixels wide"),
        (jpeg(1_000, 499), PictureUse.BRAND, "1,000 by 499 pixels"),
        (jpeg(600, 801), PictureUse.BRAND, "600 by 801 pixels"),
        (jpeg(600, 601), PictureUse.BRAND_WIDE, "600 by 601 pixels"),
        (jpeg(size=500_001), PictureUse.BRAND, "it has 500,001 bytes"),
    ],
)
def test_what_a_vendor_would_refuse_is_named(content, use, problem):
    ((found, remedy),) = find_picture_faults(read_picture(content), use)

    assert problem in found
    assert remedy


@pytest.mark.parametrize(
    ("content", "use"),
    [
        (jpeg(1_000, 1_000, size=200_000), PictureUse.MMS),
        (png(600, 800), PictureUse.BRAND),
        (jpeg(1_000, 500, size=500_000), PictureUse.BRAND_WIDE),
        (png(600, 600), PictureUse.BRAND_WIDE),
    ],
)
def test_what_all_vendors_take_has_no_fault(content, use):
    assert list(find_picture_faults(read_picture(content), use)) == []


def test_a_picture_is_kept_once_and_belongs_to_its_shop(connection, workspace):
    first = save_picture(connection, jpeg(), workspace_id=workspace, now=NOON)

    assert save_picture(connection, jpeg(), workspace_id=workspace, now=NOON) == first
    assert connection.execute("select count(*) from picture").fetchone() == (1,)
    assert find_picture(connection, first.hash, workspace_id=workspace) == first
    assert read_content(connection, first.hash, workspace_id=workspace) == jpeg()
    assert find_picture(connection, first.hash, workspace_id=workspace + 1) is None
    with pytest.raises(LookupError):
        read_content(connection, first.hash, workspace_id=workspace + 1)
