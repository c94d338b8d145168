"""The programme files of the list in view."""

from __future__ import annotations

from pathlib import Path

from geo import settings
from geo.reference.cities import list_folders


def programme_files(*, added: bool) -> list[Path]:
    """Those of the data set, and of `added` cities, folder by folder."""
    folders = [folder for folder in list_folders() if added or folder == settings.data_dir()]
    return [file for folder in folders for file in sorted((folder / "programmes").glob("*.toml"))]
