"""`diaban crossings --sites FILE.parquet -o OUT.parquet` against its own arrays, and databases, file to file."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import psycopg

from benchmarks import inputs, peers
from benchmarks.postgis_server import postgis
from benchmarks.table import Row

_PART = 100_000
_ARRAYS = """
import sys, time
import geopandas, numpy
from geo.analysis.crossings.indexed_wards import ward_index
from geo.analysis.crossings.table import cross
from geo.spatial.measure import Ellipsoid
index = ward_index(geopandas.read_parquet(sys.argv[2]))
begin = time.perf_counter()
cross(numpy.asarray(geopandas.read_parquet(sys.argv[1]).geometry, dtype=object), index, Ellipsoid())
print(time.perf_counter() - begin)
"""
_COPY = """
COPY (SELECT r.site_id, w.code, ST_Length(ST_Intersection(r.geometry, w.geometry)) AS length,
             ST_AsWKB(ST_Intersection(r.geometry, w.geometry)) AS geometry
      FROM read_parquet('{sites}') r JOIN read_parquet('{wards}') w ON ST_Intersects(r.geometry, w.geometry))
TO '{out}' (FORMAT parquet)
"""


def rows(shared: Path, count: int) -> Iterator[Row]:
    """The rows of the table; a peer once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        sites, wards, out = folder / "sites.parquet", folder / "wards.parquet", folder / "out.parquet"
        plane = inputs.country(shared)
        parts = [
            inputs.routes(plane, min(_PART, count - n), seed=7 + n).to_crs("EPSG:4326") for n in range(0, count, _PART)
        ]
        frame = pd.concat(parts, ignore_index=True)[["geometry"]]
        frame.insert(0, "site_id", [f"R{n:08d}" for n in range(count)])
        frame.to_parquet(sites, index=False, row_group_size=_PART)
        del parts, frame
        known = gpd.read_parquet(shared / "data" / "wards_vietnam_10m.parquet").rename(columns={"full_name": "name"})
        known[["code", "name", "geometry"]].to_parquet(wards)
        arrays = [sys.executable, "-c", _ARRAYS, str(sites), str(wards)]
        command = [sys.executable, "-c", "from geo.cli.app import main; main()", "crossings", "--sites", str(sites)]
        command += ["--wards", str(wards), "-o", str(out)]
        subprocess.run(arrays, check=True, capture_output=True)  # the index is on disk from here on
        inner = float(subprocess.run(arrays, check=True, capture_output=True, text=True).stdout)
        gpd.read_parquet(sites).iloc[:10].to_parquet(folder / "few.parquet", index=False)
        _timed([str(folder / "few.parquet") if part == str(sites) else part for part in command])  # its index too
        ours, peak = _timed(command)
        call = f"`diaban crossings --sites FILE.parquet -o OUT.parquet`, {count:,} routes"
        memory = f"{peak:,.0f} MB at most"
        yield Row(call, f"{ours:.1f} s", f"arrays: read and cut, {inner:.1f} s", ours / inner, 1.5, "≤", note=memory)
        for name, work in (("DuckDB", _duckdb), ("SedonaDB", _sedonadb), ("PostGIS", _postgis)):
            try:
                taken = work(sites, wards, folder / f"{name}.parquet")
            except (ImportError, FileNotFoundError, psycopg.Error) as error:
                sys.stderr.write(f"{name} is left out: {error}\n")
                continue
            yield Row(call, f"{ours:.1f} s", f"{name}, file to file, {taken:.1f} s", taken / ours, 1, "≥")


_MEASURED = """
import os, subprocess, sys, time
begin = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - begin, used.ru_maxrss / 1024)
"""


def _timed(command: list[str]) -> tuple[float, float]:
    """Seconds and megabytes of a command, which may find what lies in no ward (exit code 1).

    Started by a small process: what the one that starts it holds counts as memory of the command.
    """
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], check=True, capture_output=True, text=True
    ).stdout
    code, seconds, megabytes = said.split()
    if code not in ("0", "1"):
        raise RuntimeError(f"{command}: exit code {code}")
    return float(seconds), float(megabytes)


def _duckdb(sites: Path, wards: Path, out: Path) -> float:
    begin = time.perf_counter()
    connection = peers.duckdb_connection()
    connection.execute(_COPY.format(sites=sites, wards=wards, out=out))
    return time.perf_counter() - begin


def _sedonadb(sites: Path, wards: Path, out: Path) -> float:
    import sedonadb as db

    begin = time.perf_counter()
    context = db.connect()
    context.read_parquet(str(sites)).to_view("r")
    context.read_parquet(str(wards)).to_view("w")
    context.sql(
        "SELECT r.site_id, w.code, ST_Length(ST_Intersection(r.geometry, w.geometry)) AS length, "
        "ST_Intersection(r.geometry, w.geometry) AS geometry FROM r JOIN w ON ST_Intersects(r.geometry, w.geometry)"
    ).to_parquet(str(out))
    return time.perf_counter() - begin


def _postgis(sites: Path, wards: Path, out: Path) -> float:
    """PostGIS has no reader of GeoParquet: the columns are copied into tables as WKB, the answer into a file as it is.

    Its server has been started before the clock, and that is stopped afterwards.
    """
    from pyarrow import parquet

    with postgis() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        begin = time.perf_counter()
        for name, key, file in (("r", "site_id", sites), ("w", "code", wards)):
            connection.execute(f"CREATE UNLOGGED TABLE {name} ({key} text, geometry geometry)")
            with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(["text", "bytea"])
                for batch in parquet.ParquetFile(file).iter_batches(columns=[key, "geometry"]):
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)
            connection.execute(f"CREATE INDEX ON {name} USING gist (geometry)")
            connection.execute(f"ANALYZE {name}")
        query = (
            "SELECT site_id, code, ST_Length(part), part FROM (SELECT r.site_id, w.code, "
            "ST_Intersection(r.geometry, w.geometry) AS part FROM r JOIN w ON ST_Intersects(r.geometry, w.geometry)) p"
        )
        with connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy, out.open("wb") as file:
            file.writelines(copy)
        return time.perf_counter() - begin
