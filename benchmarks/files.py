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

from benchmarks import inputs, peers
from benchmarks.table import Row

_PART = 100_000
_ARRAYS = """
import sys, time
import geopandas, numpy
from geo.analysis.crossings.ground import ward_index
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
    with tempfile.TemporaryDirectory() as place:
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
        for name, work in (("DuckDB", _duckdb), ("SedonaDB", _sedonadb)):
            try:
                begin = time.perf_counter()
                work(sites, wards, folder / "theirs.parquet")
                taken = time.perf_counter() - begin
            except ImportError:
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


def _duckdb(sites: Path, wards: Path, out: Path) -> None:
    connection = peers.duckdb_connection()
    connection.execute(_COPY.format(sites=sites, wards=wards, out=out))


def _sedonadb(sites: Path, wards: Path, out: Path) -> None:
    import sedonadb as db

    context = db.connect()
    context.read_parquet(str(sites)).to_view("r")
    context.read_parquet(str(wards)).to_view("w")
    context.sql(
        "SELECT r.site_id, w.code, ST_Length(ST_Intersection(r.geometry, w.geometry)) AS length, "
        "ST_Intersection(r.geometry, w.geometry) AS geometry FROM r JOIN w ON ST_Intersects(r.geometry, w.geometry)"
    ).to_parquet(str(out))
