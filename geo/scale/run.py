"""A run over a cluster: shuffle sites by place, cross every partition, try failed ones again, report how it went."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.reference.wards import load_wards
from geo.scale.cluster import client_of, needed
from geo.scale.folder import RunFolder, number, opened, parquet_files
from geo.scale.partition import Outcome, cross_partition
from geo.spatial.edge_index_cache import cached_index, content_key, save_index

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

PARTITION_ROWS = 50_000
"""Sites in a partition: some seconds of work and about 300 MB for routes of 3 km."""
ATTEMPTS = 3
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run went: `partitions` in all, of which `finished` were finished before; `outcomes` of those done now.

    `retried`: number of a partition and why it was asked again; `failed`: number and what is wrong for good.
    """

    partitions: int
    finished: int
    outcomes: tuple[Outcome, ...]
    retried: tuple[tuple[int, str], ...] = ()
    failed: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Ledger:
    outcomes: list[Outcome] = field(default_factory=list)
    attempts: dict[int, int] = field(default_factory=dict)
    retried: list[tuple[int, str]] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)


def scale_crossings(
    sites: str | Path,
    root: str | Path,
    *,
    wards: GeoDataFrame | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    rows: int = PARTITION_ROWS,
    progress: Progress | None = None,
) -> Summary:
    """Crossings of partitioned sites on a Dask cluster; row for row those of `geo.crossings`.

    Parameters
    ----------
    sites
        A GeoParquet file or a folder of them: `site_id` and geometry, in one coordinate system.
    root
        Folder of the run (see `geo.scale.folder`), in reach of every worker. A run that was stopped goes on here.
    wards
        Wards with `code`, `name` and areas (WGS 84); the shipped register if None.
    scheduler
        Address of a running scheduler, `tcp://host:port`; else a cluster of this machine with `workers` processes
        (as many as processors, if None).
    rows
        Sites in a partition.
    progress
        Called with partitions done, partitions in all, and what is being done.

    Raises
    ------
    DataFileMissingError
        Dask is not installed (extra `scale`), or a file is missing.
    InputError
        Wards or sites can't be used, or the folder holds another run.
    DiabanError
        The scheduler can't be reached.
    """
    report = progress or _silent
    sites = Path(sites).resolve()
    registers = _wards(wards)
    folder = opened(Path(root).resolve(), sites, content_key(_polygons(registers)), rows)
    _store_wards(registers, folder, report)
    if folder.shuffled.is_dir() and not _unanswered(folder):
        count = len(folder.partitions())
        return Summary(count, count, ())
    with client_of(scheduler, workers) as client:
        if not folder.shuffled.is_dir():
            report(0, 0, "shuffle")
            _shuffle(client, sites, folder, rows)
        return _crossed(client, folder, report)


def _silent(done: int, of: int, what: str) -> None:
    """Say nothing."""


def _wards(given: GeoDataFrame | None) -> GeoDataFrame:
    frame = load_wards() if given is None else given
    return frame[["code", "name", "geometry"]].reset_index(drop=True)


def _polygons(registers: GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(registers.geometry, dtype=object)


def _store_wards(registers: GeoDataFrame, folder: RunFolder, report: Progress) -> None:
    """Wards and their index where every worker finds them."""
    if folder.index.is_dir():
        return
    report(0, 0, "index")
    save_index(cached_index(_polygons(registers)), folder.index)
    registers.to_parquet(folder.wards)


def _shuffle(client: Any, sites: Path, folder: RunFolder, rows: int) -> None:
    """Sites that are near each other (along a Hilbert curve) into one partition, `rows` in each."""
    dask_geopandas = needed("dask_geopandas")
    files = parquet_files(sites)
    count = max(-(-_rows_of(files) // rows), 1)
    beside = folder.root / ".shuffled.partial"
    frame = dask_geopandas.read_parquet([str(file) for file in files])
    if "site_id" not in frame.columns:
        raise InputError(Problem("scale.no-site-id", str(sites)))
    if count == 1:
        near = frame.repartition(npartitions=1)  # the shuffle fails where several files go into one partition
    else:
        near = frame.spatial_shuffle(npartitions=count, calculate_partitions=False)
    client.compute(near.to_parquet(str(beside), compute=False, write_index=False), sync=True)
    for left in beside.iterdir():
        if left.suffix != ".parquet":
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    beside.rename(folder.shuffled)


def _rows_of(files: list[Path]) -> int:
    from pyarrow import parquet

    return sum(parquet.ParquetFile(file).metadata.num_rows for file in files)


def _crossed(client: Any, folder: RunFolder, report: Progress) -> Summary:
    """All partitions that have no answer yet, as they come; one that fails is asked again, `ATTEMPTS` times in all."""
    left, count = _unanswered(folder), len(folder.partitions())
    finished = count - len(left)
    ledger = _Ledger()
    asked = [_asked(client, path, folder) for path in left]
    running = needed("distributed").as_completed(asked, loop=client.loop)
    by_number = {number(path): path for path in left}
    report(finished, count, "crossings")
    for future in running:
        again = _settled(future, ledger)
        if again is not None:
            running.add(_asked(client, by_number[again], folder))
        report(finished + len(ledger.outcomes), count, "crossings")
    outcomes = tuple(sorted(ledger.outcomes, key=lambda outcome: outcome.partition))
    return Summary(count, finished, outcomes, tuple(ledger.retried), tuple(sorted(ledger.failed)))


def _unanswered(folder: RunFolder) -> list[Path]:
    return [path for path in folder.partitions() if not folder.result(path).is_file()]


def _asked(client: Any, partition: Path, folder: RunFolder) -> Any:
    # The number is part of the key, to show which partition it was when a worker died before it could say so.
    key = f"cross-{number(partition)}-{uuid4().hex}"
    return client.submit(cross_partition, str(partition), str(folder.root), key=key, pure=False)


def _settled(future: Any, ledger: _Ledger) -> int | None:
    """Enter how a partition went; returns its number if it is to be asked again."""
    partition = int(future.key.split("-")[1])
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        future.release()
        if outcome.problems:
            ledger.failed.append((partition, "; ".join(map(str, outcome.problems))))
        else:
            ledger.outcomes.append(outcome)
        return None
    why = f"{type(error).__name__}: {error}"
    ledger.attempts[partition] = ledger.attempts.get(partition, 1) + 1
    if ledger.attempts[partition] > ATTEMPTS:
        ledger.failed.append((partition, why))
        return None
    ledger.retried.append((partition, why))
    return partition
