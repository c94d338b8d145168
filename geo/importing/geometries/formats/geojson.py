"""GeoJSON in all its shapes: collections, also nested; features; bare geometries; sequences and lists of these.

A file of before RFC 7946 may name a coordinate system, of the collection, of a feature or of a geometry (as PostGIS
writes it); then it means it. JSON-FG has `place`, in the system of `coordRefSys`, where `geometry` is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.i18n.message import Message
from geo.importing.geometries.formats.well_known import known_fault
from geo.importing.geometries.model import Features, object_array, unusable
from geo.importing.geometries.systems.declared import declared_crs, system_name
from geo.reference.geojson import half_a_character

if TYPE_CHECKING:
    from pyproj import CRS

GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_KNOWN = (*GEOMETRIES, "LinearRing")
"""A ring is none of GeoJSON's, and is written in it."""
_UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    shapely.errors.ShapelyError,
)  # fmt: skip
_WGS84 = "EPSG:4326"
_DEEPEST = 50
"""Collections in collections; files of practice have two or three."""


class GeometryError(ValueError):
    """A geometry that can't be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(slots=True)
class _Found:
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    ids: list[Any] = field(default_factory=list)
    unreadable: dict[int, Message | str] = field(default_factory=dict)
    declared: list[Any] = field(default_factory=list)
    standing: Any = None
    """`coordRefSys` of the collection, which is that of each `place` and of no `geometry`."""
    places: dict[int, Any] = field(default_factory=dict)
    """Row that is read from its `place` → the system of that."""
    unplaced: list[Any] = field(default_factory=list)
    """Systems of places that are not read."""


def is_geojson(document: Any) -> bool:
    """Whether a document is GeoJSON, or a list of it."""
    if isinstance(document, list):
        return bool(document) and all(is_geojson(item) for item in document[:1])
    known = ("FeatureCollection", "Feature", *_KNOWN)
    return isinstance(document, dict) and document.get("type") in known


def are_positions(document: Any) -> bool:
    """Whether a document is the bare list of coordinates of a point, a line or several lines."""
    while isinstance(document, list) and document and isinstance(document[0], list):
        document = document[0]
    return isinstance(document, list) and bool(document) and _is_number(document[0])


def position_features(document: list[Any], where: str) -> Features:
    """The line through a bare list of positions, or the lines of several; errors as `geojson_features`."""
    depth, inner = 0, document
    while isinstance(inner[0], list):
        depth, inner = depth + 1, inner[0]
    kinds = ("Point", "LineString", "MultiLineString")
    if depth >= len(kinds):
        raise unusable("reference.not-feature-collection", where)
    made = geojson_features([{"type": kinds[depth], "coordinates": document}], where)
    note = Message("importing.bare-positions", type=kinds[depth])
    return replace(made, is_wgs84=False, is_assumed=True, notes=(note, *made.notes))


def geojson_features(documents: list[Any], where: str) -> Features:
    """The features of GeoJSON documents, one after the other.

    Raises
    ------
    InputError
        A document is no GeoJSON, or they name several coordinate systems.
    """
    found = _Found()
    for document in documents:
        found.standing = None
        for item in _items(document, where, 0, found):
            _take(item, found)
    names = list(dict.fromkeys(name for row in found.rows for name in row))
    columns = {name: [row.get(name) for row in found.rows] for name in names if name != "geometry"}
    crs = one_crs(_in_force(found), where)
    return Features(
        geometries=object_array(found.geometries),
        columns=columns,
        ids=found.ids,
        declared=crs,
        is_wgs84=True,
        unreadable=found.unreadable,
        notes=_place_notes(found),
    )


def _in_force(found: _Found) -> list[Any]:
    """The systems of what is read: those of places too, and WGS 84 of geometries beside these."""
    if not found.places:
        return found.declared
    others = sum(shape is not None and row not in found.places for row, shape in enumerate(found.geometries))
    return [*found.declared, *found.places.values(), *([_WGS84] if others else [])]


def _place_notes(found: _Found) -> tuple[Message, ...]:
    """That places were left for the geometries beside them."""
    systems = list(dict.fromkeys(str(name) for system in found.unplaced if (name := system_name(system))))
    return (Message("importing.place-left", systems=systems),) if systems else ()


def _items(document: Any, where: str, depth: int, found: _Found) -> Iterator[Any]:
    """The features of a document; bare geometries as features without properties."""
    if depth > _DEEPEST:
        raise unusable("importing.nested-too-deep", where)
    if isinstance(document, list):
        for item in document:
            yield from _items(item, where, depth + 1, found)
        return
    kind = document.get("type") if isinstance(document, dict) else None
    if depth == 0 and kind not in ("FeatureCollection", "Feature", *_KNOWN):
        raise unusable("reference.not-feature-collection", where)
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise unusable("reference.not-feature-collection", where)
        _note_crs(document, found.declared)
        found.standing = document.get("coordRefSys") or found.standing
        for item in features:
            yield from _items(item, where, depth + 1, found)
    elif kind in _KNOWN:
        yield {"type": "Feature", "geometry": document}
    else:
        yield document


def _take(item: Any, found: _Found) -> None:
    """Add a feature, or why it can't be read, in its place."""
    geometry: BaseGeometry | None = None
    properties: Mapping[str, Any] = {}
    name: Any = None
    row = len(found.rows)
    try:
        if not isinstance(item, dict) or item.get("type") != "Feature":
            raise GeometryError(Message("reference.not-a-feature"))
        _note_crs(item, found.declared)
        name, given = item.get("id"), _geometry_or_place(item, row, found)
        properties = dict(item.get("properties") or {})
        bad = half_a_character(properties)
        if bad is not None:
            raise GeometryError(Message("reference.half-a-character", name=bad))
        if given is not None:
            _note_crs(given, found.declared)
            geometry = geometry_of(given)
    except GeometryError as error:
        found.unreadable[row] = error.message
    except _UNREADABLE as error:
        found.unreadable[row] = known_fault(error) or Message("importing.bad-geometry")
    found.geometries.append(geometry)
    found.rows.append(properties)
    found.ids.append(name)


def _geometry_or_place(item: Mapping[str, Any], row: int, found: _Found) -> Any:
    """The geometry of a feature, or its `place` (of JSON-FG) where it has none."""
    geometry, place = item.get("geometry"), item.get("place")
    own = place.get("coordRefSys") if isinstance(place, dict) else None
    system = own or item.get("coordRefSys") or found.standing
    if geometry is None and place is not None:
        found.places[row] = system or _WGS84
        return place
    if geometry is not None and system and system not in found.unplaced:
        found.unplaced.append(system)
    return geometry


def _note_crs(document: Any, declared: list[Any]) -> None:
    crs = document.get("crs") if isinstance(document, dict) else None
    if crs and crs not in declared:
        declared.append(crs)


def one_crs(declared: list[Any], where: str) -> CRS | None:
    """The one system of all members that name one, None without; several are refused with their names."""
    systems: list[CRS] = []
    for member in declared:
        crs = declared_crs(member, where)
        if crs is not None and not any(crs == other for other in systems):
            systems.append(crs)
    if len(systems) > 1:
        raise unusable("importing.several-systems", where, systems=[crs.to_string()[:60] for crs in systems])
    return systems[0] if systems else None


def geometry_of(document: Mapping[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry in two dimensions; heights and measures may stand here and there, and are left out.

    Raises
    ------
    GeometryError, ValueError, TypeError, RecursionError, ShapelyError
        It is none.
    """
    kind = document.get("type") if isinstance(document, Mapping) else None
    if kind == "GeometryCollection":
        return shapely.GeometryCollection([geometry_of(part) for part in document["geometries"]])
    if kind == "LinearRing":
        raise GeometryError(Message("importing.is-ring"))
    build = _BUILDERS.get(str(kind))
    if build is None:
        raise GeometryError(Message("importing.no-geometry-type", type=str(kind)[:40], offered=GEOMETRIES))
    return build(document.get("coordinates"))


def _line(value: Any) -> shapely.LineString:
    return shapely.LineString(positions(value))


def _point(value: Any) -> shapely.Point:
    return shapely.Point(positions([value])[0]) if value else shapely.Point()


def _polygon(value: Any) -> shapely.Polygon:
    if not _list(value):
        return shapely.Polygon()
    shell, *holes = [shapely.LinearRing(positions(ring)) for ring in value]
    return shapely.Polygon(shell, holes)


_BUILDERS: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": _point,
    "MultiPoint": lambda value: shapely.MultiPoint(positions(value)),
    "LineString": _line,
    "MultiLineString": lambda value: shapely.MultiLineString([_line(part) for part in _filled(value)]),
    "Polygon": _polygon,
    "MultiPolygon": lambda value: shapely.MultiPolygon([_polygon(part) for part in _filled(value)]),
}


def positions(value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Positions as an (n, 2) array.

    Raises
    ------
    GeometryError
        A position is not made of two numbers or more.
    """
    if not _list(value):
        return np.zeros((0, 2))
    try:
        array = np.asarray(value)
    except ValueError:  # of unequal lengths, as where only some have a height
        array = np.zeros(0)
    if array.ndim == 2 and array.dtype.kind in "iuf" and array.shape[1] >= 2:
        return array[:, :2].astype(float)
    return np.array([_position(position) for position in value], dtype=float)


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) < 2 or not all(map(_is_number, value[:2])):
        raise GeometryError(Message("importing.no-position"))
    return float(value[0]), float(value[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _filled(value: Any) -> list[Any]:
    """The parts that are not empty: programs leave an empty one where a part was cut away."""
    return [part for part in _list(value) if not (isinstance(part, list | tuple) and not part)]


def _list(value: Any) -> Any:
    """A list or tuple as it is."""
    if not isinstance(value, list | tuple):
        raise GeometryError(Message("importing.no-position"))
    return value
