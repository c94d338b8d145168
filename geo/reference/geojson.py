"""GeoJSON after RFC 7946, and any other vector file, as a frame with errors that name file and feature."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, Problem
from geo.files import read_bytes, write_atomic
from geo.i18n.message import Message
from geo.reference.crs import WGS84

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MAX_PROBLEMS = 1000
_SURROGATES = re.compile("[\ud800-\udfff]")
DECIMALS = 7
"""Decimals of a degree that are written: 1 cm."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The features of a GeoJSON file by row: `properties`, `geometries` (None where one has none), and their `crs`."""

    properties: list[dict[str, Any]]
    geometries: NDArray[np.object_]
    crs: str


def read_features(path: str | Path) -> Features:
    """The features of a GeoJSON file as they stand, without a frame (the import of pandas takes longer than a command).

    Raises
    ------
    DataFileMissingError, InputError
        As `read_frame`.
    """
    content = read_bytes(Path(path))
    with _no_collections():
        return _features(content, str(path))


def read_frame(path: str | Path) -> GeoDataFrame:
    """The features of a file as a frame in the coordinate system that the file names.

    GeoJSON (`.geojson`, `.json`) is read feature by feature; GeoParquet (`.parquet`) and whatever else GDAL knows
    (GeoPackage, Shapefile, FlatGeobuf) through geopandas.

    Raises
    ------
    DataFileMissingError
        The file is not there or can't be read.
    InputError
        It is not of its format; for GeoJSON with every feature that can't be used.
    """
    path = Path(path)
    content = read_bytes(path)
    if path.suffix.lower() in (".geojson", ".json"):
        with _no_collections():
            return _from_geojson(content, str(path))
    import geopandas

    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            return geopandas.read_parquet(path)
        frame = geopandas.read_file(path)
    except Exception as error:
        raise InputError(Problem("reference.not-vector-data", str(path), reason=str(error))) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise InputError(Problem("reference.table-without-geometries", str(path)))
    return frame


@contextmanager
def _no_collections() -> Iterator[None]:
    """What is parsed makes hundreds of thousands of lists and no cycles: looking for any took most of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def to_geojson(features: Iterable[Mapping[str, Any]]) -> str:
    """A FeatureCollection as text, a feature a line: WGS 84, right-hand rings, at most 7 decimals, no `crs`.

    `features` are mappings with `geometry` (shapely, WGS 84) and any properties; `NaN` and `NaT` become null.
    """
    lines = ",\n".join(json.dumps(feature(f), ensure_ascii=False, separators=(",", ":")) for f in features)
    return '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"


def write_frame(frame: GeoDataFrame, path: str | Path) -> Path:
    """Write a frame (WGS 84) as RFC 7946 GeoJSON, whole or not at all; return the path."""
    return write_atomic(path, to_geojson(records(frame)))


def records(frame: GeoDataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings, the geometry under `geometry`."""
    columns = {str(name): list(frame[name]) for name in frame.columns if name != frame.geometry.name}
    geometries = list(frame.geometry)
    return [
        {**{name: values[row] for name, values in columns.items()}, "geometry": geometries[row]}
        for row in range(len(frame))
    ]


def feature(record: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON Feature: the `geometry` of the record, and the rest as properties in their order."""
    properties = {name: _jsonable(value) for name, value in record.items() if name != "geometry"}
    return {"type": "Feature", "properties": properties, "geometry": geometry_object(record["geometry"])}


def geometry_object(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """A GeoJSON geometry of a shapely one in WGS 84, to 7 decimals, exterior rings anticlockwise; None if empty."""
    if geometry is None or geometry.is_empty:
        return None
    flat = shapely.orient_polygons(shapely.force_2d(geometry), exterior_cw=False)
    rounded = shapely.transform(flat, lambda xy: np.round(xy, DECIMALS))
    if shapely.get_dimensions(rounded) == 1 and not rounded.length:
        return None  # shorter than a centimetre: no line is left after rounding
    return dict(mapping(rounded))


def _jsonable(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_jsonable(v) for v in value.tolist()]
    if isinstance(value, list | tuple):
        return [_jsonable(v) for v in value]
    if hasattr(value, "isoformat"):
        return value.isoformat() if value == value else None
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return None
    return value


def _from_geojson(content: bytes, where: str) -> GeoDataFrame:
    return frame_of(_features(content, where))


def frame_of(found: Features) -> GeoDataFrame:
    """Features as a frame, a column for each property that one of them has."""
    import geopandas

    columns: Sequence[str] = list(dict.fromkeys(name for row in found.properties for name in row))
    table = {name: [row.get(name) for row in found.properties] for name in columns if name != "geometry"}
    return geopandas.GeoDataFrame(table, geometry=found.geometries, crs=found.crs)


def _features(content: bytes, where: str) -> Features:
    collection = _parse(content, where)
    epsg = _declared_crs(collection, where)
    rows: list[dict[str, Any]] = []
    geometries: list[BaseGeometry | None] = []
    problems: list[Problem] = []
    for number, item in enumerate(collection["features"], start=1):
        try:
            geometries.append(_shape(item))
            rows.append(_properties(item))
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            IndexError,
            OverflowError,
            RecursionError,
            shapely.errors.ShapelyError,
        ) as error:
            name = Message("place.feature", file=where, number=number)
            reason: Any = error.message if isinstance(error, _FeatureError) else str(error)
            problems.append(Problem("reference.feature-unreadable", name, reason=reason))
        if len(problems) >= MAX_PROBLEMS:
            problems.append(Problem("reference.too-many-problems", where, most=MAX_PROBLEMS))
            break
    if problems:
        raise InputError(problems)
    return Features(rows, np.array(geometries, dtype=object), epsg)


class _FeatureError(ValueError):
    """A feature that is no GeoJSON; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _parse(content: bytes, where: str) -> dict[str, Any]:
    try:
        collection = _loads(content)
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(Problem("reference.not-json", where, reason=str(error))) from error
    if isinstance(collection, dict) and collection.get("type") == "Feature":
        collection = {"type": "FeatureCollection", "features": [collection]}
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise InputError(Problem("reference.not-feature-collection", where))
    return collection


def _loads(content: bytes) -> Any:
    import orjson

    try:
        return orjson.loads(content)
    except ValueError:
        # The slower reader knows NaN and byte order marks, and says better where it stopped.
        return json.loads(content)


def _declared_crs(collection: Mapping[str, Any], where: str) -> str:
    """RFC 7946 knows WGS 84 alone; files of its predecessor may name another system, and then they mean it."""
    declared = collection.get("crs")
    if not declared:
        return WGS84
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(declared["properties"]["name"])
    except (CRSError, KeyError, TypeError) as error:
        raise InputError(Problem("reference.crs-unknown", where, reason=str(error))) from error
    return WGS84 if crs.to_string() in ("OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84") else crs.to_string()


def _properties(item: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(item.get("properties") or {})
    bad = half_a_character(found)
    if bad is not None:
        raise _FeatureError(Message("reference.half-a-character", name=bad))
    return found


def half_a_character(properties: Mapping[str, Any]) -> str | None:
    """The name of a property with half of a surrogate pair, as `"\\ud800"` spells it: nothing can store or write it."""
    for name, value in properties.items():
        if not (_encodes(name) and (not isinstance(value, str) or _encodes(value))):
            return repr(name)
    return None


def _encodes(text: object) -> bool:
    return not isinstance(text, str) or text.isascii() or not _SURROGATES.search(text)


def _shape(item: Mapping[str, Any]) -> BaseGeometry | None:
    if item.get("type") != "Feature":
        raise _FeatureError(Message("reference.not-a-feature"))
    geometry = item.get("geometry")
    if geometry is None:
        return None
    with np.errstate(invalid="ignore"):  # `checks` reports NaN, with the feature's name
        return _read_geometry(geometry)


def _read_geometry(geometry: Mapping[str, Any]) -> BaseGeometry:
    """As `shapely.geometry.shape`, which looks at every vertex in Python: too slow for a city's borders."""
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind == "Polygon" and coordinates:
        return _polygon(coordinates)
    if kind == "MultiPolygon" and coordinates:
        return shapely.MultiPolygon([_polygon(part) for part in coordinates])
    return shape(dict(geometry))


def _polygon(rings: Sequence[Any]) -> shapely.Polygon:
    shell, *holes = [shapely.LinearRing(np.asarray(ring, dtype=float)[:, :2]) for ring in rings]
    return shapely.Polygon(shell, holes)
