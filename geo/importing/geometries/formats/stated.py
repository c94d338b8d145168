"""The coordinate system in a file's own words.

The library that reads the file gives the EPSG code of what looks alike, whatever the datum: a zone of UTM on an unknown
datum comes back as one of Indonesia.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from geo.importing.geometries.formats.kinds import Kind

_HEAD = 1 << 16
_UNSAID = re.compile(r'DATUM\["[^"]*(?:unknown|not[ _]specified|undefined)', re.I)
_BOUND = "BOUNDCRS["
_PROJ = "+proj="
"""What a file of another program may hold in place of well-known text; GDAL passes over it."""
_GEOPACKAGE = """
    SELECT s.definition FROM gpkg_contents AS c JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = c.srs_id
    WHERE c.table_name = ?
"""


def without_datum(path: Path, kind: Kind, layer: str) -> str | None:
    """The well-known text of a layer's system if it leaves the datum open or brings a shift of its own, else None."""
    if kind is Kind.SHAPEFILE:
        text = _of_shapefile(path)
    elif kind is Kind.GEOPACKAGE:
        text = _of_geopackage(path, layer)
    else:
        text = _of_flatgeobuf(path) if kind is Kind.FLATGEOBUF else ""
    return text if text.startswith((_BOUND, _PROJ)) or _UNSAID.search(text) else None


def _of_shapefile(path: Path) -> str:
    side = next((p for p in (path.with_suffix(".prj"), path.with_suffix(".PRJ")) if p.exists()), None)
    return "" if side is None else side.read_text(encoding="utf-8", errors="replace").strip()


def _of_geopackage(path: Path, layer: str) -> str:
    """Read without a lock and without a journal: the file may lie where nothing can be written."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found = database.execute(_GEOPACKAGE, (layer,)).fetchone()
    except sqlite3.Error:
        return ""  # what is wrong with the file, GDAL says
    return str(found[0]) if found else ""


def _of_flatgeobuf(path: Path) -> str:
    """The text in the header, between its own brackets."""
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("latin-1")
    begin = head.find(_BOUND)
    if begin < 0:
        return ""
    depth = 0
    for end, sign in enumerate(head[begin:], begin):
        depth += (sign == "[") - (sign == "]")
        if sign == "]" and not depth:
            return head[begin : end + 1]
    return ""
