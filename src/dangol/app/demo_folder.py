"""What a demonstration remembers between runs, in a file beside its data."""

from pathlib import Path
from typing import Final

import msgspec

from dangol.app.problem import ProblemError

FILE: Final = "demo.json"


class Remembered(msgspec.Struct, kw_only=True):
    """Whose data it is, how to get in, and the time spent so far."""

    data: str
    login: str
    password: str
    mail_port: int
    rows: int = 0
    finished: bool = False
    seconds: dict[str, float] = {}


def recall(folder: Path) -> Remembered | None:
    """Return what the last run left; None in a new folder."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Remembered)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, OSError) as error:
        raise ProblemError(
            f"{folder / FILE} cannot be read: {error}. Delete {folder} to begin anew."
        ) from error


def remember(folder: Path, remembered: Remembered) -> None:
    """Write it down, whole or not at all."""
    draft = folder / f"{FILE}.new"
    draft.touch(mode=0o600)
    _ = draft.write_bytes(msgspec.json.format(msgspec.json.encode(remembered)))
    _ = draft.replace(folder / FILE)
