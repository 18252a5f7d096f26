"""The history of this installation: where its lake is."""

from dangol.app.settings import Settings
from dangol.store.lake import Lake


def open_lake(settings: Settings) -> Lake:
    """Return the lake that the settings name."""
    return Lake(settings.lake_folder)
