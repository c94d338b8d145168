"""Zipped files: a Shapefile with its parts, KMZ, or any file that is read by itself; each member is a layer or more."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath

from geo.errors import Problem
from geo.importing.geometries.model import TooLargeError, unusable
from geo.importing.geometries.source import Source

_READ = (
    ".shp", ".kml", ".gpx", ".gpkg", ".fgb", ".parquet", ".geoparquet", ".dxf", ".geojson", ".json", ".geojsonl",
    ".topojson", ".csv", ".tsv", ".wkt", ".gml", ".tab", ".mif", ".kmz", ".zip", ".ndjson", ".jsonl", ".geojsons",
    ".xlsx", ".xlsm", ".xls", ".ods", ".txt",
)  # fmt: skip
_SIDES = (".shx", ".dbf", ".prj", ".cpg", ".dat", ".map", ".id", ".ind", ".mid")
_BESIDE = (
    ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".qml", ".sld", ".lyr", ".cst", ".atx", ".xml", ".png", ".jpg", ".jpeg",
    ".gif", ".svg", ".webp", ".css", ".pdf", ".html", ".htm", ".md", ".rtf", ".qgz", ".qgs",
)  # fmt: skip
"""What lies beside geometries and holds none: indices, styles, pictures, descriptions."""
_CHUNK = 1 << 20


def members(source: Source) -> tuple[list[Source], list[str]]:
    """The members of an archive that may be files of geometries, unpacked beside each other, and the names of others.

    Raises
    ------
    TooLargeError
        It has too many members, or they unpack to too much.
    InputError
        It can't be unpacked, is locked by a password, or holds nothing that is read.
    """
    try:
        with zipfile.ZipFile(BytesIO(source.content())) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            _check(entries, source)
            files = [entry.filename for entry in archive.infolist() if _is_file(entry)]
            wanted = {entry.filename for entry in entries}
            unpacked = [_unpacked(archive, entry, number, source) for number, entry in enumerate(entries)]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise unusable("importing.damaged-file", source.where, format="ZIP", reason=str(error)[:200]) from error
    found = [path for path in unpacked if path.suffix in _READ]
    if not found:
        raise unusable("importing.nothing-in-archive", source.where, endings=_READ, names=files[:8] or ["–"])
    left = [name for name in files if name not in wanted and PurePosixPath(name).suffix.lower() not in _BESIDE]
    return [_member(path, source) for path in found], left


def _member(path: Path, source: Source) -> Source:
    member = Source(path, name=f"{source.where}/{path.name}", limits=replace(source.limits))
    source.adopt(member)
    return member


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    return _is_file(entry) and _path(entry).suffix.lower() in (*_READ, *_SIDES)


def _is_file(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in _path(entry).parts)


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _check(entries: list[zipfile.ZipInfo], source: Source) -> None:
    limits = source.limits
    total = sum(entry.file_size for entry in entries)
    tight = any(e.file_size > 1_000_000 and e.file_size > limits.max_ratio * max(e.compress_size, 1) for e in entries)
    if len(entries) > limits.max_members or total > limits.max_unpacked or tight:
        raise TooLargeError(
            Problem("importing.archive-too-large", source.where, megabytes=limits.max_unpacked // 10**6)
        )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, number: int, source: Source) -> Path:
    """A member under its own bare name, in a folder for its place in the archive: no name leads out of it."""
    inside = PurePosixPath(entry.filename.replace("\\", "/"))
    folder = source.folder / f"d{abs(hash(str(inside.parent))):x}"
    folder.mkdir(exist_ok=True)
    stem = "".join(sign if sign.isalnum() or sign in "-_ .()" else "_" for sign in inside.stem)[:80] or str(number)
    path = folder / f"{stem}{inside.suffix.lower()}"
    left = source.limits.max_unpacked
    with archive.open(entry) as packed, path.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                megabytes = source.limits.max_unpacked // 10**6
                raise TooLargeError(Problem("importing.archive-too-large", source.where, megabytes=megabytes))
            file.write(chunk)
    return path
