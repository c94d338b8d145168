"""Street networks: OpenStreetMap ways read from GeoParquet, GeoPackage, GeoJSON or .osm.pbf, all to one shape."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import DiabanError, InputError, Problem
from geo.i18n.message import listed
from geo.reference.crs import WGS84, to_metric
from geo.reference.streets.gazetteer import Gazetteer, RouteFile
from geo.reference.streets.ways import TAGS, Ways

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

# As OpenStreetMap writes it, and as the common extracts in GeoPackage and Shapefile do.
_SPELLINGS = {"bridge:name": "bridge_name", "bridge-name": "bridge_name", "fclass": "highway"}
_ONEWAY = {"true": "yes", "1": "yes", "f": "yes", "t": "-1", "reverse": "-1", "b": "no", "false": "no"}
_BRIDGE = {"t": "yes", "true": "yes", "f": "no", "false": "no", "no": "no"}
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
Read = Callable[[Path], "gpd.GeoDataFrame"]
_VIETNAM = (102.0, 8.0, 110.5, 23.6)


@dataclass(frozen=True, slots=True)
class StreetNetwork:
    """Ways in metres of the province's VN-2000 zone.

    `sources` are the bare names of the files that were read, in order.
    """

    ways: Ways
    province_code: str
    sources: tuple[str, ...]


def load_network(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    province_code: str = "01",
    gazetteer: Gazetteer | None = None,
    read: Read | None = None,
) -> StreetNetwork:
    """One street network from one or more files (.parquet, .gpkg, .geojson, .osm.pbf, .osm, whatever GDAL reads).

    Lines of a file that the gazetteer lists as a route take the street name that it gives. `read` reads a file that is
    none of OpenStreetMap's own in another way.

    Raises
    ------
    InputError
        With every problem of every file: missing, unreadable, empty, without `name` or `highway`, without lines, with
        no or a wrong coordinate system.
    """
    files = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    routes = (gazetteer or Gazetteer()).routes
    frames: list[gpd.GeoDataFrame] = []
    problems: list[Problem] = [] if files else [Problem("reference.no-street-file")]
    for path in files:
        try:
            frames.append(_ways(Path(path), routes, read or _read))
        except DiabanError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    tags = {tag: np.concatenate([frame[tag].to_numpy(dtype=object) for frame in frames]) for tag in TAGS}
    lonlat = np.concatenate([np.asarray(frame.geometry.values, dtype=object) for frame in frames])
    ways = Ways(tags, to_metric(lonlat, province_code))
    return StreetNetwork(ways, province_code, tuple(Path(path).name for path in files))


def parse_hstore(text: str) -> dict[str, str]:
    r"""Tags of GDAL's `other_tags` field, `"key"=>"value","key"=>"value"`.

    >>> parse_hstore('"bridge"=>"yes","bridge:name"=>"Cầu \\"Tó\\""')
    {'bridge': 'yes', 'bridge:name': 'Cầu "Tó"'}
    """
    return {_unquote(key): _unquote(value) for key, value in _HSTORE.findall(text)}


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _ways(path: Path, routes: Sequence[RouteFile], read: Read) -> gpd.GeoDataFrame:
    """The ways of one file in WGS 84, with the columns `TAGS`."""
    raw = _read(path) if _is_osm(path) else read(path)
    if raw.empty:
        raise InputError(Problem("reference.no-roads", str(path)))
    raw = raw.rename(columns={old: new for old, new in _SPELLINGS.items() if old in raw.columns})
    raw = _with_routes(_with_other_tags(raw), [route for route in routes if route.file == path.name])
    missing = [column for column in ("name", "highway") if column not in raw.columns]
    if missing:
        columns = list(map(str, raw.columns))
        raise InputError(Problem("reference.street-columns", str(path), missing=listed(missing), columns=columns))
    frame = _lines(_in_wgs84(raw, path), path)
    for tag in TAGS:
        frame[tag] = _text(frame[tag]) if tag in frame.columns else ""
    frame["oneway"] = frame["oneway"].str.lower().replace(_ONEWAY)
    frame["bridge"] = frame["bridge"].str.lower().replace(_BRIDGE)
    roads = frame.loc[frame["highway"] != "", [*TAGS, "geometry"]].reset_index(drop=True)
    if roads.empty:
        raise InputError(Problem("reference.no-highway", str(path)))
    return roads


def _read(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyogrio

    if not path.is_file():
        raise InputError(Problem("reference.file-missing", str(path)))
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            return gpd.GeoDataFrame(gpd.read_parquet(path))
        layer, where = ("lines", "highway IS NOT NULL") if _is_osm(path) else (_line_layer(path), None)
        frame = pyogrio.read_dataframe(path, layer=layer, where=where)
    except (OSError, ValueError, RuntimeError) as error:
        # pyogrio's and pyarrow's errors derive from these; their first line says what the file is not.
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(Problem("reference.not-street-network", str(path), reason=first)) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(Problem("reference.table-without-geometries", str(path)))
    return frame


def _is_osm(path: Path) -> bool:
    return path.name.lower().endswith((".pbf", ".osm"))


def _line_layer(path: Path) -> str:
    """The layer to read: the first of lines, else the first."""
    import pyogrio

    layers = pyogrio.list_layers(path)
    return str(next((name for name, kind in layers if kind and "LineString" in kind), layers[0][0]))


def _with_other_tags(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if "other_tags" not in raw.columns:
        return raw
    rows = [parse_hstore(text) if isinstance(text, str) else {} for text in raw["other_tags"]]
    columns = {
        tag: [row.get(tag, row.get(tag.replace("_", ":"), "")) for row in rows]
        for tag in TAGS
        if tag not in raw.columns
    }
    return raw.assign(**columns)


def _with_routes(raw: gpd.GeoDataFrame, routes: Sequence[RouteFile]) -> gpd.GeoDataFrame:
    import pandas as pd

    raw = raw.copy()
    for route in routes:
        if route.column not in raw.columns:
            continue
        chosen = raw[route.column].astype(str).isin([str(value) for value in route.values])
        for tag in ("name", "ref", "highway", "oneway"):
            before = raw[tag] if tag in raw.columns else pd.Series("", index=raw.index, dtype=object)
            raw[tag] = before.astype(object).where(~chosen, getattr(route, tag))
    return raw


def _in_wgs84(raw: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if raw.crs is None:
        raise InputError(Problem("reference.no-crs", str(path)))
    frame = raw if raw.crs == WGS84 else raw.to_crs(WGS84)
    west, south, east, north = frame.total_bounds
    if west > _VIETNAM[2] or east < _VIETNAM[0] or south > _VIETNAM[3] or north < _VIETNAM[1]:
        swapped = _VIETNAM[1] <= west <= _VIETNAM[3] and _VIETNAM[0] <= south <= _VIETNAM[2]
        code = "reference.bounds-swapped" if swapped else "reference.bounds-outside-country"
        raise InputError(Problem(code, str(path), bounds=f"{west:.2f},{south:.2f},{east:.2f},{north:.2f}"))
    return frame


def _lines(raw: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    flat = gpd.GeoDataFrame(raw).set_geometry(shapely.force_2d(raw.geometry.values))
    frame = gpd.GeoDataFrame(flat.explode(ignore_index=True))
    values = np.asarray(frame.geometry.values, dtype=object)
    usable = (shapely.get_type_id(values) == shapely.GeometryType.LINESTRING.value) & (shapely.length(values) > 0)
    if not usable.any():
        raise InputError(Problem("reference.no-line", str(path)))
    return gpd.GeoDataFrame(frame.loc[usable].reset_index(drop=True))


def _text(column: pd.Series[str]) -> pd.Series[str]:
    values = column.astype(object)
    return values.where(values.notna(), "").astype(str).str.normalize("NFC").str.strip()
