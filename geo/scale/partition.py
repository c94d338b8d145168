"""What a worker does: the crossings of one partition, written whole or not at all."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.analysis.crossings.table import crossings
from geo.errors import DataFileMissingError, DiabanError, Problem
from geo.scale.folder import RunFolder, number
from geo.spatial.edge_index_cache import load_index

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.spatial.edge_index import EdgeIndex


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a partition went: `rows` of sites in and of `crossings` out, `seconds`, the `process` that worked on it.

    `outside`: sites of which a part lies in no ward, `outside_m` metres in all.
    `problems` is not empty if its sites can't be used: asking again would not help.
    """

    partition: int
    sites: int
    crossings: int
    seconds: float
    process: int
    problems: tuple[Problem, ...] = ()
    outside: int = 0
    outside_m: float = 0.0


def cross_partition(partition: str, root: str) -> Outcome:
    """Crossings of the sites in a partition of the run in the folder `root`, written beside and renamed.

    Raises
    ------
    DataFileMissingError
        The wards or their index are not there.
    OSError
        The partition can't be read, or the answer not written.
    """
    import geopandas

    begin = time.perf_counter()
    folder, source = RunFolder(Path(root)), Path(partition)
    wards, index = _registers(root)
    sites = geopandas.read_parquet(source).reset_index(drop=True)
    try:
        rows = crossings(sites, wards, index=index) if len(sites) else None
    except DiabanError as error:
        return Outcome(number(source), len(sites), 0, time.perf_counter() - begin, os.getpid(), error.problems)
    target = folder.result(source)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        (_no_rows() if rows is None else rows).to_parquet(beside, index=False)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    found = 0 if rows is None else len(rows)
    lost = np.zeros(0) if rows is None else rows.loc[rows["ward_code"].isna(), "length_m"].to_numpy()
    seconds = time.perf_counter() - begin
    return Outcome(
        number(source), len(sites), found, seconds, os.getpid(), outside=lost.size, outside_m=float(lost.sum())
    )


@lru_cache(maxsize=2)
def _registers(root: str) -> tuple[GeoDataFrame, EdgeIndex]:
    """Wards and their index: read once a worker, the arrays of the index mapped into memory."""
    import geopandas

    folder = RunFolder(Path(root))
    wards = geopandas.read_parquet(folder.wards)
    index = load_index(folder.index, np.asarray(wards.geometry, dtype=object))
    if index is None:
        raise DataFileMissingError(Problem("scale.index-damaged", str(folder.index)))
    return wards, index


def _no_rows() -> GeoDataFrame:
    import geopandas

    names = ("site_id", "ward_code", "ward_name", "length_m", "area_m2", "share", "intervals_m", "border_m")
    return geopandas.GeoDataFrame({name: [] for name in (*names, "border_with")}, geometry=[], crs="EPSG:4326")
