"""Crossings of one file into another in one process: GeoParquet in batches, so that memory does not grow with the file.

Only a file about which there is nothing to ask is taken: in WGS 84, with ids that are texts, each once, and without
declared wards. Of any other
one, and of one with any fault, the way of `geo.importing` says what is to be said.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.analysis.crossings.table import CrossingTable, crossing_table
from geo.errors import InputError
from geo.files import place_beside
from geo.reference.crs import WGS84
from geo.spatial.lookup import OUTSIDE

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyarrow import Table
    from pyarrow.parquet import ParquetFile

BATCH = 50_000
"""Sites in a batch."""
_LONGEST_ID = 100
_KINDS = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
"""The names of types of geometries, by their numbers."""

_LINE = np.dtype([("order", "u1"), ("kind", "<u4"), ("vertices", "<u4")])
"""What WKB has of a line before its coordinates."""
_MOST_VERTICES = 100_000_000
"""Of more in the lines of a batch the bytes can't be counted in the 32 bits that an array of Arrow has for them."""
_REPEATED = ["site_id", "ward_code", "ward_name", "border_with.list.element"]
"""Columns whose values come again, and are written once; numbers and geometries are all different."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """What was done: `sites` read, `rows` written, `outside` rows in no ward, `outside_m` metres of them."""

    sites: int
    rows: int
    outside: int
    outside_m: float


def cross_file(sites: Path, wards: GeoDataFrame, target: Path, batch: int = BATCH) -> Streamed | None:
    """Write the rows of `geo.crossings` for all sites of a GeoParquet file, whole or not at all.

    Parameters
    ----------
    sites, target
        GeoParquet files; `target` is written over.
    wards
        As for `geo.crossings`.
    batch
        Sites in memory at a time (three batches: one is written and one is read while another is cut).

    Returns
    -------
    Streamed or None
        None, and nothing written, if the file has to be read in another way, or has a fault.

    Raises
    ------
    OSError
        A file can't be read or written.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        # What is read ahead by default stays in memory until the file is closed.
        with ParquetFile(sites, pre_buffer=False) as file:
            column = _geometry_column(file)
            if column is None or _declares_wards(file) or not _are_ids(file):
                return None
            with place_beside(target) as folder, closing(_batches(file, column, batch)) as batches:
                done = _written(batches, wards, folder / target.name)
                if not done.rows:
                    return None
                (folder / target.name).replace(target)
            return done
    except (ArrowException, InputError, shapely.errors.ShapelyError):
        return None


def _geometry_column(file: ParquetFile) -> str | None:
    """The column of geometries, if the file says that it is WKB in WGS 84."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        described = orjson.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        name = described["primary_column"]
        column = described["columns"][name]
        system = column.get("crs", "OGC:CRS84")
        is_plain = column["encoding"] == "WKB" and system is not None and file.schema_arrow.get_field_index(name) >= 0
        named = CRS.from_user_input(system).to_authority() if is_plain else None
    except (ValueError, KeyError, TypeError, AttributeError, CRSError):
        return None
    return str(name) if named in (("EPSG", "4326"), ("OGC", "CRS84")) else None


def _declares_wards(file: ParquetFile) -> bool:
    """Whether wards are declared, with which what is computed has to be compared."""
    return any(file.schema_arrow.get_field_index(name) >= 0 for name in ("declared_wards", "declared"))


def _are_ids(file: ParquetFile) -> bool:
    """Whether there are ids, texts that are as they will be read, each once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if file.schema_arrow.get_field_index("site_id") < 0 or not file.metadata.num_rows:
        return False
    ids = file.read(columns=["site_id"])["site_id"]
    if not (pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type)) or ids.null_count:
        return False
    size = pc.utf8_length(ids)
    is_same = pc.equal(ids, pc.utf8_trim_whitespace(ids))
    return bool(
        pc.all(is_same).as_py()
        and pc.min(size).as_py() > 0
        and pc.max(size).as_py() <= _LONGEST_ID
        and pc.count_distinct(ids).as_py() == len(ids)
    )


def _batches(file: ParquetFile, column: str, size: int) -> Generator[GeoDataFrame]:
    """The sites, so many at a time."""
    import geopandas
    import pandas as pd

    for batch in file.iter_batches(size, columns=["site_id", column]):
        shapes = shapely.from_wkb(batch.column(column).to_numpy(zero_copy_only=False))
        ids = pd.Series(batch.column("site_id").to_pandas(), dtype="str")
        yield geopandas.GeoDataFrame({"site_id": ids}, geometry=shapes, crs=WGS84)


def _written(batches: Iterator[GeoDataFrame], wards: GeoDataFrame, target: Path) -> Streamed:
    """Cross batch after batch; the rows of one are written, and the next one is read, while another is crossed."""
    sites, rows, outside, metres = 0, 0, 0, 0.0
    # The writer is closed last, when its thread has ended.
    with _Writer(target) as writer, ThreadPoolExecutor(2) as threads:
        writing: Future[None] | None = None
        reading = threads.submit(next, batches, None)
        while (frame := reading.result()) is not None:
            reading = threads.submit(next, batches, None)
            found = crossing_table(frame, wards)
            lost = found.length_m[found.ward == OUTSIDE]
            sites, rows = sites + len(frame), rows + len(found.site)
            outside, metres = outside + lost.size, metres + float(lost.sum())
            if writing is not None:
                writing.result()
            writing = threads.submit(writer.write, found, frame, wards)
        if writing is not None:
            writing.result()
    return Streamed(sites, rows, outside, metres)


class _Writer:
    """GeoParquet 1.0, a row group for each frame that is written; of frames of `geo.crossings`."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._file: Any = None
        self._kinds: set[str] = set()

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is None:
            return
        from pyproj import CRS

        column = {"encoding": "WKB", "geometry_types": sorted(self._kinds), "crs": CRS(WGS84).to_json_dict()}
        said = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
        self._file.add_key_value_metadata({"geo": orjson.dumps(said).decode()})
        self._file.close()

    def write(self, found: CrossingTable, sites: GeoDataFrame, wards: GeoDataFrame) -> None:
        """Add the crossings of some sites, as `geo.crossings` has them."""
        from pyarrow.parquet import ParquetWriter

        types = np.unique(shapely.get_type_id(found.geometry)).tolist()
        self._kinds |= {_KINDS[number] for number in types}
        table = _table(found, sites, wards)
        if self._file is None:
            self._file = ParquetWriter(self._target, table.schema, use_dictionary=_REPEATED)
        self._file.write_table(table)


def _table(found: CrossingTable, sites: GeoDataFrame, wards: GeoDataFrame) -> Table:
    """The rows in Arrow: no list and no text is made that Arrow has already; geometries as WKB."""
    import pyarrow as pa

    code, name = (pa.array(wards[column].tolist(), pa.string()) for column in ("code", "name"))
    ward = pa.array(found.ward, mask=found.ward == OUTSIDE)
    spans = found.spans_m
    pairs = pa.ListArray.from_arrays(_offsets(np.arange(len(spans.values) + 1) * 2), pa.array(spans.values.ravel()))
    columns = {
        "site_id": pa.array(sites["site_id"], pa.string()).take(pa.array(found.site)),
        "ward_code": code.take(ward),
        "ward_name": name.take(ward),
        "length_m": found.length_m,
        "area_m2": found.area_m2,
        "share": found.share,
        "intervals_m": pa.ListArray.from_arrays(_offsets(spans.offsets), pairs),
        "border_m": found.border_m,
        "border_with": pa.ListArray.from_arrays(
            _offsets(found.beside.offsets), code.take(pa.array(found.beside.values))
        ),
        "geometry": _wkb(found.geometry),
    }
    return pa.table(columns)


def _wkb(shapes: NDArray[np.object_]) -> Any:
    """Shapes (2D) as an array of WKB: of lines, which most are, without a text of Python for each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    lines, others = np.flatnonzero(is_line), np.flatnonzero(~is_line)
    vertices = shapely.get_num_points(shapes[lines]).astype("<u4")
    if vertices.sum() > _MOST_VERTICES:
        return pa.array(shapely.to_wkb(shapes), pa.binary())
    heads = np.zeros((lines.size, _LINE.itemsize), dtype=np.uint8)
    head = heads.view(_LINE)[:, 0]
    head["order"], head["kind"], head["vertices"] = 1, shapely.GeometryType.LINESTRING + 1, vertices
    bodies = shapely.get_coordinates(shapes[lines]).astype("<f8", copy=False)
    begins = np.append(0, np.cumsum(vertices.astype(np.intp))) * bodies.itemsize * 2
    joined = pc.binary_join_element_wise(
        _binary(heads, np.arange(lines.size + 1) * _LINE.itemsize), _binary(bodies, begins), pa.scalar(b"", pa.binary())
    )
    order = np.empty(shapes.size, dtype=np.intp)
    order[np.concatenate([lines, others])] = np.arange(shapes.size)
    return pa.concat_arrays([joined, pa.array(shapely.to_wkb(shapes[others]), pa.binary())]).take(pa.array(order))


def _binary(content: NDArray[Any], offsets: NDArray[np.intp]) -> Any:
    """Bytes in a row as an array of Arrow, which begin at `offsets` and end at the next."""
    import pyarrow as pa

    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(np.ascontiguousarray(content))]
    return pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)


def _offsets(begin: NDArray[np.intp]) -> Any:
    import pyarrow as pa

    return pa.array(begin.astype(np.int32))
