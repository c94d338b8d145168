"""Formats that GDAL reads: KML, GPX, GeoPackage, FlatGeobuf, Shapefile, DXF, GML, MapInfo.

What a file is was settled before (`kinds`), so that none gets to GDAL which its drivers would take for directions to
other files or to a network.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.checks.drawings import hidden_layers, on_the_ground, unknown_things
from geo.importing.geometries.formats.checks.text_numbers import check_numbers
from geo.importing.geometries.formats.checks.tracks import with_known_tracks, with_road_points
from geo.importing.geometries.formats.checks.xml_numbers import NumberCheck
from geo.importing.geometries.formats.kinds import Kind
from geo.importing.geometries.formats.shapefiles.parts import beside, missing_table, with_sides
from geo.importing.geometries.formats.shapefiles.rows import check_whole, deleted_rows
from geo.importing.geometries.formats.shapefiles.texts import AS_BYTES, from_old_fonts, in_unicode
from geo.importing.geometries.formats.short_lines import without_short_lines
from geo.importing.geometries.formats.stated import without_datum
from geo.importing.geometries.model import AREAS, LINES, POINTS, Features, Geometries, Layer, TooLargeError, unusable
from geo.importing.geometries.source import Source
from geo.importing.where import number_list

if TYPE_CHECKING:
    from pyproj import CRS

_ONE_AT_A_TIME = Lock()
"""What Python does with warnings, and GDAL with its settings, is the process's."""
_WGS84_ONLY = (Kind.KML, Kind.GPX)
_DERIVED = ("route_points", "track_points")
"""Layers of GPX that hold the vertices of other layers once more."""
_NAMES = {Kind.KML: "KML", Kind.GPX: "GPX", Kind.GEOPACKAGE: "GeoPackage", Kind.FLATGEOBUF: "FlatGeobuf"} | {
    Kind.SHAPEFILE: "Shapefile",
    Kind.DXF: "DXF",
    Kind.GML: "GML",
    Kind.MAPINFO: "MapInfo TAB",
    Kind.MAPINFO_EXCHANGE: "MapInfo MIF",
}
_OFFLINE = {"GML_DOWNLOAD_SCHEMA": "NO", "GML_SKIP_RESOLVE_ELEMS": "ALL", "GDAL_HTTP_MAX_RETRY": "0"}
_SCHEMA = re.compile(rb"""[\w.-]+:schemaLocation\s*=\s*("[^"]*"|'[^']*')""")
"""Where a GML document says that its schema lies: GDAL would fetch it."""
_OF_ANY_PAGE = (Kind.SHAPEFILE, Kind.MAPINFO, Kind.MAPINFO_EXCHANGE)
"""What it says of the code page of its texts is often wrong, or nothing."""
_ENCODED = re.compile(rb"""(<\?xml[^>]*encoding\s*=\s*["'])((?:windows|cp)-?125\d)(["'])""", re.I)
_PLACEMARK = re.compile(rb"<(?:\w+:)?Placemark\b.*?</(?:\w+:)?Placemark>", re.S)
_OFF = re.compile(rb"visibility>\s*0\s*<")
"""A placemark that is switched off; programs write it of each that lies in a folder which is."""
_OF_BOUNDS = re.compile(r"\}(?:Envelope|Box)$")
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[/\\]\S*[/\\]")
_PARTS = {Kind.MAPINFO: (".dat", ".map", ".id"), Kind.MAPINFO_EXCHANGE: (".mid",)}
"""What lies beside a file without which it can't be read."""


def vector_layers(source: Source, kind: Kind) -> list[Layer]:
    """The layers of a file that hold geometries; tables without any are none.

    Raises
    ------
    InputError
        GDAL can't read it, or it declares XML entities.
    TooLargeError
        It holds too many features.
    """
    if kind in (*_WGS84_ONLY, Kind.GML):
        _check_xml(source, kind)
    elif kind in (Kind.DXF, Kind.MAPINFO_EXCHANGE):
        check_numbers(source.content(), source.where, kind)
    path, said = _on_disk(source, kind), _road_points(source, kind)[1]
    with _gdal(source.where, kind):
        import pyogrio

        listed = [(str(name), shape) for name, shape in pyogrio.list_layers(path).tolist()]
        infos = {
            name: pyogrio.read_info(path, layer=name, force_feature_count=True)
            for name, shape in listed
            if shape is not None and name not in _DERIVED
        }
    return [_layer(source, path, kind, name, info, said) for name, info in infos.items()]


def _layer(
    source: Source, path: Path, kind: Kind, name: str, info: Mapping[str, Any], said: tuple[Message, ...]
) -> Layer:
    count = int(info["features"])
    if count > source.limits.max_features:
        most = source.limits.max_features
        raise TooLargeError(Problem("importing.too-many-features", source.where, count=count, most=most))
    shown = source.stem if kind is Kind.SHAPEFILE or kind in _PARTS else name
    return Layer(
        name=shown,
        features=count,
        holds=_holds(str(info["geometry_type"])),
        columns=tuple(map(str, info["fields"])),
        read=cache(lambda: _noted(_features(source.where, path, kind, name, count), said if name == "routes" else ())),
        lines_only=kind is Kind.DXF,
        document=source.where if kind in _WGS84_ONLY else "",
    )


def _noted(features: Features, said: tuple[Message, ...]) -> Features:
    return replace(features, notes=(*said, *features.notes)) if said else features


def _road_points(source: Source, kind: Kind) -> tuple[bytes, tuple[Message, ...]]:
    return with_road_points(source.content()) if kind is Kind.GPX else (b"", ())


def _holds(shape: str) -> frozenset[str]:
    """What a layer of this geometry type may hold; nothing where the type does not say it."""
    for word, kind in (("LineString", LINES), ("Curve", LINES), ("Polygon", AREAS), ("Surface", AREAS)):
        if word in shape:
            return frozenset((kind,))
    return frozenset((POINTS,)) if "Point" in shape else frozenset()


def _features(where: str, path: Path, kind: Kind, layer: str, count: int) -> Features:
    with _gdal(where, kind) as warned:
        from pyogrio.raw import read

        encoding = AS_BYTES if kind in _OF_ANY_PAGE else None
        meta, _, shapes, values = read(path, layer=layer, force_2d=True, datetime_as_string=True, encoding=encoding)
    deleted = deleted_rows(path, where) if kind is Kind.SHAPEFILE else []
    if len(shapes) not in (count, count - len(deleted)):
        reason = f"{len(shapes)} / {count}"
        raise unusable("importing.damaged-file", where, format=_NAMES[kind], reason=reason)
    geometries, lost = _parsed(shapes)
    columns = {str(name): _plain(column) for name, column in zip(meta["fields"], values, strict=True)}
    notes = tuple(Message("importing.gdal-warns", text=text) for text in dict.fromkeys(warned))
    said = (*_links(path, kind), *(_of_drawing(path, columns) if kind is Kind.DXF else ()))
    if kind in _OF_ANY_PAGE:
        columns, of_texts = in_unicode(columns, path)
        gone = [Message("importing.deleted-rows", count=len(deleted), rows=number_list(deleted))] if deleted else []
        said = (*(missing_table(path) if kind is Kind.SHAPEFILE else ()), *gone, *of_texts)
    columns, of_fonts = from_old_fonts(columns)
    features = Features(
        geometries=geometries,
        columns=columns,
        declared=_crs(without_datum(path, kind, layer) or meta.get("crs"), where),
        is_wgs84=kind in _WGS84_ONLY,
        unreadable={row: Message("importing.bad-wkb") for row in lost},
        notes=(*said, *of_fonts, *notes[:3]),
    )
    return on_the_ground(features) if kind is Kind.DXF else features


def _of_drawing(path: Path, columns: Mapping[str, list[Any]]) -> tuple[Message, ...]:
    content = path.read_bytes()
    return (*unknown_things(content), *hidden_layers(content, set(map(str, columns.get("Layer", [])))))


def _parsed(shapes: Any) -> tuple[Geometries, list[int]]:
    """Geometries of WKB, None where there is none, and the rows of those that can't be read."""
    geometries: Geometries = np.asarray(shapely.from_wkb(shapes, on_invalid="ignore"), dtype=object)
    lost: list[int] = []
    for row in np.flatnonzero(shapely.is_missing(geometries)).tolist():
        if shapes[row] is None:
            continue
        geometries[row] = without_short_lines(bytes(shapes[row]))
        if geometries[row] is None:
            lost.append(row)
    return geometries, lost


def _crs(text: Any, where: str) -> CRS | None:
    """The declared system; what is said to be unknown, local or a mere drawing is none."""
    from geo.importing.geometries.systems.declared import named_crs

    if not text:
        return None
    crs = named_crs(str(text), where, "importing.crs-unknown")
    return crs if crs.is_projected or crs.is_geographic else None


def _plain(column: Any) -> list[Any]:
    """A column as Python values, None where there is none."""
    array = np.asarray(column)
    if array.dtype.kind == "O":
        return [value.tolist() if isinstance(value, np.ndarray) else value for value in array]
    return [None if value != value else value for value in array.tolist()]


def _on_disk(source: Source, kind: Kind) -> Path:
    if kind is Kind.SHAPEFILE:
        shapes = with_sides(source)
        check_whole(shapes, source.where)
        return shapes
    if kind is Kind.GML:  # a copy, as GDAL writes what it learns of the schema beside the file
        copy = source.folder / "file.gml"
        copy.write_bytes(_SCHEMA.sub(b"", source.content()))
        return copy
    if kind in _WGS84_ONLY:
        return _rewritten(source, kind)
    needed = _PARTS.get(kind)
    if needed is None:
        return source.on_disk(f".{kind}")
    path = source.original
    there = set() if path is None else set(beside(path))
    if path is None or not there.issuperset(needed):
        missing = [ending for ending in needed if ending not in there]
        raise unusable("importing.parts-missing", source.where, format=_NAMES[kind], endings=missing)
    return path


def _rewritten(source: Source, kind: Kind) -> Path:
    """The document, or a copy of it in which the driver finds what it would pass over."""
    content = _road_points(source, kind)[0] if kind is Kind.GPX else with_known_tracks(source.content())
    declared = _ENCODED.match(content[:200])
    content = _in_utf8(content, declared) if declared else content
    if content == source.content():
        return source.on_disk(f".{kind}")
    copy = source.folder / f"read.{kind}"
    copy.write_bytes(content)
    return copy


def _in_utf8(content: bytes, declared: re.Match[bytes]) -> bytes:
    """A document of a code page that the driver may not know (`windows-1258`)."""
    text = content[declared.end() :].decode(declared[2].decode(), errors="replace")
    return declared[1] + b"utf-8" + declared[3] + unicodedata.normalize("NFC", text).encode()


def _check_xml(source: Source, kind: Kind) -> None:
    """Refuse entities, numbers that are not whole, elements out of place and broken XML.

    The drivers' own parser would report a file cut short as whole.
    """
    from io import BytesIO
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    tags, numbers, systems = set(), NumberCheck(source.where, kind), dict[str, None]()
    try:
        for _, element in iterparse(BytesIO(source.content()), forbid_dtd=True):
            tags.add(str(element.tag).rpartition("}")[2])
            numbers.look(element)
            named = element.get("srsName") if kind is Kind.GML else None
            if named and not _OF_BOUNDS.search(str(element.tag)):
                systems.setdefault(named)
            element.clear()
    except DefusedXmlException as error:
        raise unusable("importing.document-type", source.where) from error
    except (ParseError, ValueError, LookupError) as error:
        raise unusable("importing.damaged-file", source.where, format=_NAMES[kind], reason=str(error)) from error
    if numbers.problems:
        raise InputError(numbers.problems)
    if len(systems) > 1:
        raise unusable("importing.several-systems", source.where, systems=list(systems))
    if "NetworkLink" in tags and "Placemark" not in tags:
        raise unusable("importing.only-a-link", source.where)


def _links(path: Path, kind: Kind) -> tuple[Message, ...]:
    """That a KML document leads to another one, whose features are not in it (nothing is fetched), or hides some."""
    if kind is not Kind.KML:
        return ()
    content = path.read_bytes()
    linked = [Message("importing.link-not-followed")] if b"<NetworkLink" in content else []
    count = sum(bool(_OFF.search(each)) for each in _PLACEMARK.findall(content))
    return (*linked, *([Message("importing.switched-off", count=count)] if count else []))


@contextmanager
def _gdal(where: str, kind: Kind) -> Iterator[list[str]]:
    """One reading of GDAL's, whose warnings are collected; its errors refuse the file."""
    warned: list[str] = []
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        import pyogrio

        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES", "OGR_GEOJSON_MAX_OBJ_SIZE": "200", **_OFFLINE})
        try:
            yield warned
        except (RuntimeError, ValueError, OSError, TypeError, LookupError, OverflowError) as error:
            # pyogrio's errors derive from these; their first line says what is wrong.
            reason = (str(error).splitlines() or [type(error).__name__])[0].replace(str(Path(where)), "")
            reason = _FOLDERS.sub("", reason)[:120]  # where it lies here is nobody's business
            raise unusable("importing.damaged-file", where, format=_NAMES[kind], reason=reason) from error
        finally:
            warned += [str(item.message)[:200] for item in caught if issubclass(item.category, RuntimeWarning)]
