"""All wards of the country, from `data/country/wards.parquet`: names first, outlines of the provinces that are needed.

The file is GeoParquet with a row group for each province, so that the wards of one are read without the others'.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import settings
from geo.errors import InputError, Problem
from geo.reference.names import split_unit
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.provinces import province_names, provinces
from geo.reference.ward import Ward, WardTable
from geo.reference.ward_names.former_units import FormerUnits, load_former_units

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyarrow.parquet import ParquetFile

    from geo.reference.ward_names.ward_search import WardSearch

TEXTS = ("code", "full_name", "province_code")


def country_file() -> Path:
    """The file of all wards."""
    return settings.data_dir() / "country" / "wards.parquet"


def has_country() -> bool:
    """Whether the data set has the wards of the country."""
    return country_file().is_file()


def country_former_file() -> Path:
    """The file of all units before July 2025."""
    return settings.data_dir() / "country" / "former_units.csv"


def country_table(codes: Iterable[str] | None = None) -> WardTable:
    """The wards of some provinces (codes), or of all, with their outlines.

    Raises
    ------
    InputError
        The data set has no wards of the country, or the file can't be read.
    """
    wanted = tuple(entry.code for entry in provinces()) if codes is None else tuple(sorted(set(codes)))
    tables = [table_in(country_file(), code) for code in wanted]
    wards = tuple(ward for table in tables for ward in table.wards)
    shapes = np.concatenate([table.shapes for table in tables]) if tables else np.empty(0, dtype=object)
    return WardTable(wards, shapes, _frame(wards, shapes))


def provinces_at(lon: float, lat: float) -> tuple[str, ...]:
    """Codes of the provinces in whose bounds a point lies (WGS 84 degrees)."""
    return tuple(
        entry.code
        for entry in provinces()
        if entry.bounds[0] <= lon <= entry.bounds[2] and entry.bounds[1] <= lat <= entry.bounds[3]
    )


def provinces_near(bounds: tuple[float, float, float, float]) -> tuple[str, ...]:
    """Codes of the provinces whose bounds meet others (west, south, east, north; WGS 84 degrees)."""
    west, south, east, north = bounds
    return tuple(
        entry.code
        for entry in provinces()
        if entry.bounds[0] <= east and west <= entry.bounds[2] and entry.bounds[1] <= north and south <= entry.bounds[3]
    )


def country_names(own: Iterable[str] = ()) -> WardSearch:
    """The search by names over the country: wards of today and former units of all provinces, no outlines.

    `own`: codes of the provinces whose wards are found first where several bear a name.
    """
    return _names(country_file(), country_former_file(), tuple(own))


def country_codes() -> frozenset[str]:
    """The codes of all wards of today; errors as `country_table`."""
    return frozenset(ward.code for ward in _all_wards(country_file()))


@lru_cache(maxsize=4)
def _names(file: Path, former: Path, own: tuple[str, ...]) -> WardSearch:
    from geo.reference.ward_names.ward_search import WardSearch

    rank = {code: place for place, code in enumerate(own)}
    wards = sorted(_all_wards(file), key=lambda ward: (rank.get(ward.province_code, len(rank)), ward.code))
    return WardSearch(wards, (), FormerUnits(load_former_units(former)), province_names())


@lru_cache(maxsize=2)
def _all_wards(file: Path) -> tuple[Ward, ...]:
    from pyarrow import parquet

    columns = parquet.ParquetFile(_readable(file)).read(columns=list(TEXTS)).to_pydict()
    return tuple(map(_ward, *(columns[name] for name in TEXTS)))


def table_in(file: Path, code: str) -> WardTable:
    """The wards of one province in a file like that of the country, with their outlines; errors as `country_table`."""
    return _of_province(_readable(file), code, file.stat().st_mtime_ns)


def extent_in(file: Path, code: str) -> tuple[float, float, float, float]:
    """West, south, east, north of the wards of one province in such a file, by its own statistics: no outline is read.

    Errors as `country_table`.
    """
    return _extent(_readable(file), code, file.stat().st_mtime_ns)


@lru_cache(maxsize=80)
def _extent(file: Path, code: str, _changed: int) -> tuple[float, float, float, float]:
    from pyarrow import parquet

    source = parquet.ParquetFile(file)
    group = source.metadata.row_group(_group_of(source, file, code))
    columns = {
        column.path_in_schema.rpartition(".")[2]: column for column in map(group.column, range(group.num_columns))
    }
    (west, east), (south, north) = ((columns[axis].statistics.min, columns[axis].statistics.max) for axis in ("x", "y"))
    return west, south, east, north


def with_frame(table: WardTable) -> WardTable:
    """The same wards with their frame."""
    return WardTable(table.wards, table.shapes, _frame(table.wards, table.shapes))


@lru_cache(maxsize=80)
def _of_province(file: Path, code: str, _changed: int) -> WardTable:
    from pyarrow import parquet

    source = parquet.ParquetFile(file)
    place = _group_of(source, file, code)
    texts = [name for name in (*TEXTS, "phase") if name in source.schema_arrow.names]
    table = source.read_row_group(place, columns=texts)
    wards = tuple(map(_ward, *(table[name].to_pylist() for name in texts)))
    return WardTable(wards, lambda: _outlines(file, place))


def _outlines(file: Path, group: int) -> NDArray[np.object_]:
    """The outlines of a row group."""
    from pyarrow import parquet

    return _shapes(parquet.ParquetFile(file).read_row_group(group, columns=["geometry"])["geometry"].combine_chunks())


def _shapes(column: Any) -> NDArray[np.object_]:
    """The polygons of a column in GeoParquet's own encoding: lists of parts of rings of coordinates."""
    offsets = []
    while hasattr(column, "offsets"):
        offsets.append(np.asarray(column.offsets))
        column = column.values
    points = np.column_stack([np.asarray(column.field(axis)) for axis in ("x", "y")])
    kind = shapely.GeometryType.MULTIPOLYGON
    found: NDArray[np.object_] = shapely.from_ragged_array(kind, points, tuple(reversed(offsets)))
    return found


def _group_of(source: ParquetFile, file: Path, code: str) -> int:
    place = next((at for at in range(source.num_row_groups) if _province_of(source, at) == code), None)
    if place is None:
        raise InputError(Problem("reference.province-not-in-file", str(file), code=code))
    return place


def _province_of(source: object, group: int) -> str:
    column = source.metadata.row_group(group).column(TEXTS.index("province_code"))  # type: ignore[attr-defined]
    return str(column.statistics.min)


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise InputError(Problem("reference.no-country", str(file)))
    return file


def _ward(code: str, full_name: str, province_code: str, phase: str = NOT_COVERED) -> Ward:
    kind, name = split_unit(full_name)
    return Ward(code, name, full_name, kind or "", province_code, phase, None, None, ())


def _frame(wards: tuple[Ward, ...], shapes: np.ndarray[tuple[int, ...], np.dtype[np.object_]]) -> GeoDataFrame:
    import geopandas

    names = ("code", "name", "full_name", "kind", "province_code", "area_km2", "population", "phase", "merged_from")
    table = {name: [getattr(ward, name) for ward in wards] for name in names}
    table["valid_from"] = ["2025-07-01"] * len(wards)
    table["merged_from"] = [[] for _ in wards]
    frame = geopandas.GeoDataFrame(table, geometry=list(shapes), crs="EPSG:4326")
    return frame.astype({"area_km2": float, "population": "Int64"})
