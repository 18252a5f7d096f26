"""Pictures that templates name: a file beside the template, or one that the shop has already."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dangol.app.segments import Place
from dangol.content.library import parse_template
from dangol.content.picture import read_picture, write_picture
from dangol.content.pictures import find_picture, save_picture

# How one that was uploaded is named: SHA-256, in hexadecimal.
HASH: Final = re.compile(r"[0-9a-f]{64}")
# More than any use takes, so that what is too large is still named as that.
LARGEST_FILE: Final = 20_000_000


def shower(path: Path, place: Place) -> Callable[[str], str]:
    """Return what tells a template in this file what its picture is; nothing is kept."""

    def show(name: str) -> str:
        if HASH.fullmatch(name):
            found = find_picture(place.connection, name, workspace_id=place.workspace_id)
            if found is None:
                raise ValueError(f"image: the shop has no picture {name}. Upload it first.")
            return write_picture(found)
        return write_picture(read_picture(read_file(path, name)))

    return show


def keep_files(paths: Sequence[Path], place: Place) -> None:
    """Keep the pictures that stand beside these template files.

    Raises:
        ValueError: one of them cannot be read.
    """
    for path in paths:

        def keep(name: str, path: Path = path) -> str:
            if HASH.fullmatch(name):
                return ""
            content = read_file(path, name)
            kept = save_picture(
                place.connection, content, workspace_id=place.workspace_id, now=place.now
            )
            return write_picture(kept)

        _ = parse_template(path.read_text(encoding="utf-8"), show=keep)


def read_file(template: Path, name: str) -> bytes:
    """Return the bytes of a picture named in a template.

    Raises:
        ValueError: it lies elsewhere, or cannot be read.
    """
    if Path(name).name != name:
        raise ValueError(f"image is {name!r}: put the picture beside the template, name the file.")
    try:
        with (template.parent / name).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ValueError(f"image: {name} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST_FILE:
        raise ValueError(f"image: {name} is larger than {LARGEST_FILE:,} bytes. Make it smaller.")
    return content
