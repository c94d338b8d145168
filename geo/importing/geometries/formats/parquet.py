"""GeoParquet, and Parquet whose geometries are WKB or WKT without a word about it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from geo.errors import Problem
from geo.i18n.message import Message
from geo.importing.geometries.formats.tabular.parquet_columns import (
    native_shape,
    native_type,
    second_columns,
    vertices_of,
)
from geo.importing.geometries.model import AREAS, LINES, POINTS, Features, Layer, TooLargeError, object_array, unusable
from geo.importing.geometries.source import Source
from geo.importing.geometries.systems.declared import named_crs

if TYPE_CHECKING:
    from pyproj import CRS

_USUAL = ("geometry", "geom", "wkb_geometry", "the_geom", "wkb", "wkt", "shape")


def parquet_layers(source: Source) -> list[Layer]:
    """The one layer of a Parquet file.

    Raises
    ------
    InputError
        It can't be read, or has no column of geometries.
    TooLargeError
        It unpacks to too much.
    """
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(source.original or BytesIO(source.content()))
        held = file.metadata
        unpacked = sum(held.row_group(group).total_byte_size for group in range(held.num_row_groups))
        if held.num_rows > source.limits.max_features or unpacked > source.limits.max_unpacked:
            most = source.limits.max_features
            raise TooLargeError(Problem("importing.too-many-features", source.where, count=held.num_rows, most=most))
        geo = orjson.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        table = file.read()
    except (ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, TooLargeError):
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise unusable("importing.damaged-file", source.where, format="GeoParquet", reason=reason) from error
    features = _read(table, geo, source.where)
    count = len(features.geometries) + len(features.passed)
    return [Layer(source.stem, count, holds(features.geometries), tuple(table.column_names), lambda: features)]


def _read(table: Any, geo: Any, where: str) -> Features:
    name = _geometry_column(table, geo)
    if name is None:
        return vertices_of(table, where)
    described = geo.get("columns", {}) if isinstance(geo, dict) else {}
    features = _features(table, name, described.get(name), where)
    columns = [other for other in table.column_names if other in described and other != name]
    others = {other: _shapes(table[other].to_pylist(), described[other])[0] for other in columns}
    return replace(features, notes=second_columns(name, features.geometries, others, where))


def holds(geometries: Any) -> frozenset[str]:
    """Which of lines, areas and points are among geometries, also inside collections."""
    sizes = set(shapely.get_dimensions(geometries).tolist())
    return frozenset(name for number, name in ((1, LINES), (2, AREAS), (0, POINTS)) if number in sizes)


def _geometry_column(table: Any, geo: Any) -> str | None:
    names = list(table.column_names)
    primary = geo.get("primary_column") if isinstance(geo, dict) else None
    small = {name.lower(): name for name in reversed(names)}
    return primary if primary in names else next((small[name] for name in _USUAL if name in small), None)


def _features(table: Any, name: str, described: Any, where: str) -> Features:
    shapes, unreadable = _shapes(table[name].to_pylist(), described)
    columns = {other: table[other].to_pylist() for other in table.column_names if other != name}
    declared, is_wgs84 = _crs(described, where)
    return Features(shapes, columns, declared=declared, is_wgs84=is_wgs84, unreadable=unreadable)


def _shapes(values: list[Any], described: Any) -> tuple[Any, dict[int, Message]]:
    shapes: list[Any] = []
    unreadable: dict[int, Message] = {}
    native = native_type(described)
    for row, value in enumerate(values):
        shape = None
        try:
            if value is not None:
                shape = native_shape(native, value) if native else _of_well_known(value)
        except (shapely.errors.ShapelyError, TypeError, ValueError, NotImplementedError):
            unreadable[row] = Message("importing.bad-wkb")
        shapes.append(shape)
    return shapely.force_2d(object_array(shapes)) if shapes else np.empty(0, dtype=object), unreadable


def _of_well_known(value: Any) -> Any:
    return shapely.from_wkt(value) if isinstance(value, str) else shapely.from_wkb(value)


def _crs(described: Any, where: str) -> tuple[CRS | None, bool]:
    """The declared system, and whether it is WGS 84 for want of one, as GeoParquet has it."""
    if not isinstance(described, dict):
        return None, False
    if "crs" not in described:
        return None, True
    crs = described["crs"]
    if crs is None:
        return None, False
    text = crs if isinstance(crs, str) else orjson.dumps(crs).decode()
    return _from_text(text, where), False


def _from_text(text: str, where: str) -> CRS:
    """The system of PROJJSON, WKT or a name."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not text.lstrip().startswith("{"):
        return named_crs(text, where, "importing.crs-unknown")
    try:
        crs = CRS.from_json(text)
    except (CRSError, ValueError) as error:
        raise unusable("importing.crs-unknown", where, reason=str(error)[:200], name="PROJJSON") from error
    return crs.sub_crs_list[0] if crs.is_compound else crs
