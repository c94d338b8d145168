"""The files of a Shapefile beside each other."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterator
from pathlib import Path

from geo.i18n.message import Message
from geo.importing.geometries.source import Source

_SIDES = (".shx", ".dbf", ".prj", ".cpg")


def beside(path: Path) -> dict[str, Path]:
    """The files of the same name in its folder, by their ending in small letters."""
    return {side.suffix.lower(): side for side in path.parent.glob(f"{glob.escape(path.stem)}.*")}


def with_sides(source: Source) -> Path:
    """The file with its side files; what lacks its index is copied, so that one can be made beside the copy."""
    path = source.on_disk(".shp")
    sides = beside(path)
    if ".shx" in sides and path == source.original:
        return path
    copy = source.folder / "restored" / path.name
    copy.parent.mkdir(exist_ok=True)
    for suffix in (".shp", *_SIDES):
        found = path if suffix == ".shp" else sides.get(suffix)
        if found is not None:
            shutil.copyfile(found, copy.with_suffix(suffix))
    return copy


def missing_table(path: Path) -> Iterator[Message]:
    """That there is no table of attributes: ids and names are made then."""
    if ".dbf" not in beside(path):
        yield Message("importing.no-attributes", ending=".dbf")
