"""Anchors: heads of the ledger's chain, each written once into a file of its own, elsewhere."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from pyarrow import fs

from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.consent.chain import Anchor
from dangol.consent.verify import ANCHOR, canonical

SUFFIX: Final = ".json"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An anchor as its file has it; ``at`` is when it was written, in UTC."""

    dangol: str
    workspace: int
    seq: int
    hash: str
    at: str

    def read(self) -> Anchor:
        """Return what it says about the chain."""
        return Anchor(workspace_id=self.workspace, seq=self.seq, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorPlace:
    """A folder on this machine, or below an address of an object store."""

    address: str
    files: fs.FileSystem
    root: str

    def keep(self, anchor: Written) -> str:
        """Write an anchor into a file of its own; return the file's address.

        Raises:
            ProblemError: it cannot be written there.
        """
        name = f"consent-{anchor.workspace}-{anchor.seq:012d}-{plain(anchor.at)}{SUFFIX}"
        try:
            if "://" not in self.address:
                self.files.create_dir(self.root, recursive=True)
            with self.files.open_output_stream(f"{self.root}/{name}") as file:
                file.write(encode(anchor))
        except OSError as error:
            raise self.unusable(error) from error
        return f"{self.address}/{name}"

    def read(self) -> list[Written]:
        """Return the anchors that are kept here, by workspace and number.

        Raises:
            ProblemError: they cannot be read, or a file is no anchor.
        """
        try:
            found = self.files.get_file_info(fs.FileSelector(self.root, allow_not_found=True))
            paths = sorted(one.path for one in found if one.path.endswith(SUFFIX))
            kept = [one for path in paths for one in decode(self.content(path), name=path)]
        except OSError as error:
            raise self.unusable(error) from error
        return sorted(kept, key=lambda one: (one.workspace, one.seq, one.at))

    def content(self, path: str) -> bytes:
        with self.files.open_input_stream(path) as file:
            return file.read()

    def unusable(self, error: OSError) -> ProblemError:
        return ProblemError(
            f"The anchors in {self.address} cannot be read or written: {error}. "
            "Set DANGOL_ANCHOR_FOLDER to a place where Dangol may write."
        )


def open_anchors(settings: Settings) -> AnchorPlace:
    """Return where this installation keeps its anchors."""
    address = settings.anchor_place.rstrip("/")
    if "://" not in address:
        root = str(Path(address).absolute())
        return AnchorPlace(address=root, files=fs.LocalFileSystem(), root=root)
    endpoint = urlsplit(settings.lake_endpoint)
    files = fs.S3FileSystem(
        access_key=settings.lake_access_key or None,
        secret_key=settings.lake_secret_key or None,
        region=settings.lake_region or None,
        scheme=endpoint.scheme or None,
        endpoint_override=endpoint.netloc or None,
    )
    return AnchorPlace(address=address, files=files, root=address.partition("://")[2])


def read_anchors(places: Iterable[Path]) -> list[Written]:
    """Return the anchors in these files and folders.

    Raises:
        ProblemError: one cannot be read, or is no anchor.
    """
    found: list[Written] = []
    for place in places:
        paths = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
        for path in paths:
            try:
                found += decode(path.read_bytes(), name=str(path))
            except OSError as error:
                raise ProblemError(
                    f"The anchor {path} cannot be read: {error.strerror}. Check the path."
                ) from error
    return found


def encode(anchor: Written) -> bytes:
    """Write an anchor as a line of JSON."""
    return canonical(msgspec.to_builtins(anchor)) + b"\n"


def decode(text: bytes, *, name: str) -> list[Written]:
    """Read the anchors of a file, one on each line.

    Raises:
        ProblemError: a line is none.
    """
    try:
        anchors = [msgspec.json.decode(line, type=Written) for line in text.splitlines()]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProblemError(f"{name} holds something that is no anchor: {error}.") from error
    for anchor in anchors:
        if anchor.dangol != ANCHOR:
            raise ProblemError(
                f"{name} holds something that is no anchor: dangol is {anchor.dangol!r}, "
                f"not {ANCHOR!r}."
            )
    return anchors


def plain(at: str) -> str:
    """Return a time as file names have it."""
    return at.replace("-", "").replace(":", "").partition(".")[0] + "Z"
