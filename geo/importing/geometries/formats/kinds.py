"""Which format a file is of: by what is in it; its ending decides only between kinds of text."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from enum import StrEnum

from geo.importing.geometries.model import unusable
from geo.importing.geometries.source import Source


class Kind(StrEnum):
    """The formats that are read."""

    JSON = "json"
    KML = "kml"
    GPX = "gpx"
    GEOPACKAGE = "gpkg"
    FLATGEOBUF = "fgb"
    SHAPEFILE = "shp"
    PARQUET = "parquet"
    DXF = "dxf"
    GML = "gml"
    MAPINFO = "tab"
    MAPINFO_EXCHANGE = "mif"
    ARCHIVE = "zip"
    TABLE = "table"
    WKT = "wkt"


FORMATS = (
    "GeoJSON", "GeoJSONSeq", "TopoJSON", "Esri JSON", "KML", "KMZ", "GPX", "GeoPackage", "FlatGeobuf", "Shapefile",
    "GeoParquet", "DXF", "GML", "MapInfo TAB", "MapInfo MIF", "WKT", "CSV", "XLSX", "ODS",
)  # fmt: skip
"""The formats by name, as messages list them."""
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"SQLite format 3\0", Kind.GEOPACKAGE),
    (b"fgb\x03", Kind.FLATGEOBUF),
    (b"PAR1", Kind.PARQUET),
    (b"\x00\x00\x27\x0a", Kind.SHAPEFILE),
    (b"AutoCAD Binary DXF", Kind.DXF),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"\xd0\xcf\x11\xe0", Kind.TABLE),
)
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DXF = re.compile(r"(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\b")
WKT = re.compile(
    r"\s*(?:srid=\d+;)?\s*(?:multi)?"
    r"(?:point|linestring|linearring|polygon|geometrycollection|circularstring|compoundcurve|curve|curvepolygon|surface|triangle|tin"
    r"|polyhedralsurface)\s*(?:z|m|zm)?\s*(?:\(|empty)",
    re.I,
)
"""The begin of a geometry in well-known text."""
_TAG = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_XML = {"kml": Kind.KML, "gpx": Kind.GPX}
_GML_SPACE = re.compile(r"""xmlns(?::[\w.-]+)?\s*=\s*["']http://www\.opengis\.net/(?:gml|wfs)\b""")
_MAPINFO = re.compile(r"!table\b", re.I)
_NATIVE = re.compile(r"^\s*type\s+native\b", re.I | re.M)
"""A table of MapInfo that is one by itself; others name files or databases elsewhere."""
_EXCHANGE = re.compile(r"version\s+\d+\s*\r?\n\s*charset\b", re.I)
_SIDE_FILES = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".mid")


def kind_of(source: Source) -> Kind:
    """The format of a file.

    Raises
    ------
    DataFileMissingError
        It can't be read.
    InputError
        It is empty, or of no format that is read.
    """
    head = source.head()
    if not head:
        raise unusable("importing.empty-file", source.where)
    if head.startswith(b"AC10"):
        raise unusable("importing.is-dwg", source.where)
    if source.ending in _SIDE_FILES:
        of, main = ("MapInfo MIF", ".mif") if source.ending == ".mid" else ("Shapefile", ".shp")
        raise unusable("importing.side-file", source.where, ending=source.ending, format=of, main=main)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _archive(source) if kind is Kind.ARCHIVE else kind
    return _text(head, source)


def _archive(source: Source) -> Kind:
    """A workbook is an archive too."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content())) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise unusable("importing.damaged-file", source.where, format="ZIP", reason=str(error)) from error
    return Kind.TABLE if {"[Content_Types].xml", "content.xml"} & names else Kind.ARCHIVE


def _text(head: bytes, source: Source) -> Kind:
    text = _shown(head)
    first = text.lstrip("\ufeff \t\r\n")[:1]
    if first == "<":
        return _xml(text, source)
    if first in ("{", "[", "\x1e"):
        return Kind.JSON
    if source.ending in (".geojson", ".json", ".geojsonl", ".topojson"):
        return Kind.JSON  # to be refused as such
    if _DXF.match(text):
        return Kind.DXF
    if WKT.match(text):
        return Kind.WKT
    if "\0" in text or not text.strip() or not _is_text(text):
        raise unusable("importing.no-geometry-format", source.where, formats=FORMATS)
    return _of_mapinfo(text, source) or Kind.TABLE


def _of_mapinfo(text: str, source: Source) -> Kind | None:
    if _MAPINFO.match(text):
        if not _NATIVE.search(text):
            raise unusable("importing.mapinfo-not-native", source.where)
        return Kind.MAPINFO
    return Kind.MAPINFO_EXCHANGE if _EXCHANGE.match(text) else None


def _shown(head: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")
    if not encoding:
        even, odd = head[::2].count(0), head[1::2].count(0)
        least = len(head) // 4
        encoding = "utf-16-le" if odd > least > even else "utf-16-be" if even > least > odd else "utf-8"
    return head.decode(encoding, errors="replace").removeprefix("\ufeff")


def _is_text(text: str) -> bool:
    """Whether hardly anything in it is no sign of a text; Vietnamese in CP1258 is half letters that UTF-8 lacks."""
    strange = sum(sign < " " and sign not in "\t\r\n\f" for sign in text)
    return strange * 100 <= len(text)


def _xml(text: str, source: Source) -> Kind:
    body = re.sub(r"<\?.*?\?>|<!--.*?-->", " ", text, flags=re.S)
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise unusable("importing.document-type", source.where)
    tag = _TAG.search(body)
    kind = _XML.get(tag[2].lower()) if tag else None
    if kind is None and tag and _GML_SPACE.search(body):
        kind = Kind.GML
    if kind is None:
        raise unusable("importing.other-xml", source.where, tag=tag[2] if tag else "?", formats=FORMATS)
    return kind
