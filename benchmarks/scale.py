"""How time and memory grow with the number of routes, and what that means for millions of them.

    python -m benchmarks.scale --shared ../shared [--most 1000000] [--run]

Each number of routes is answered in a fresh process that reads GeoParquet and writes nothing; `--run` adds a run of
`diaban scale crossings` with its own local cluster over the largest number: GeoParquet in and out, shuffled.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks import inputs
from benchmarks.memory import held
from geo.spatial.edge_index import edge_index
from geo.spatial.edge_index_cache import load_index, save_index

WGS84 = "EPSG:4326"
PART = 100_000


def written(wards: gpd.GeoDataFrame, count: int, folder: Path) -> Path:
    """A folder of GeoParquet with that many routes in WGS 84, `PART` in a file."""
    folder.mkdir()
    for number, begin in enumerate(range(0, count, PART)):
        size = min(PART, count - begin)
        routes = inputs.routes(wards, size, seed=7 + number).to_crs(WGS84)
        frame = gpd.GeoDataFrame({"site_id": [f"R{begin + row:08d}" for row in range(size)]}, geometry=routes.geometry)
        frame.to_parquet(folder / f"sites-{number:04d}.parquet", index=False)
    return folder


def answer(ground: Path, sites: Path) -> dict[str, float]:
    """Seconds to read, to ask for lengths, to ask for all, and megabytes held at most, in this process."""
    from geo.analysis.crossings.batches import ward_lengths
    from geo.analysis.crossings.table import cross
    from geo.spatial.measure import Ellipsoid

    wards = gpd.read_parquet(ground / "wards.parquet")
    index = load_index(ground / "index", np.asarray(wards.geometry, dtype=object))
    assert index is not None
    begin = time.perf_counter()
    frames = [gpd.read_parquet(file) for file in sorted(sites.glob("*.parquet"))]
    lines = np.concatenate([np.asarray(frame.geometry, dtype=object) for frame in frames])
    read = time.perf_counter()
    before = held()
    ward_lengths(lines, index, Ellipsoid())
    lengths = time.perf_counter()
    asked = held()
    table = cross(lines, index, Ellipsoid())
    done = time.perf_counter()
    return {
        "routes": len(lines),
        "rows": len(table.site),
        "read_s": read - begin,
        "lengths_s": lengths - read,
        "all_s": done - lengths,
        "inputs_mb": before,
        "lengths_mb": asked,
        "all_mb": held(),
    }


def slope(table: pd.DataFrame, column: str) -> float:
    """Exponent of the growth with the number of routes, from the two largest."""
    last = table.iloc[-2:]
    return float(np.diff(np.log(last[column]))[0] / np.diff(np.log(last["routes"]))[0])


def cluster_run(ground: Path, sites: Path, folder: Path, workers: int) -> float:
    """Seconds of a whole run on a local cluster, start of its processes included."""
    options = ["-o", str(folder / "run"), "--wards", str(ground / "wards.parquet"), "--workers", str(workers)]
    code = "from geo.cli.app import main; main()"
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, "scale", "crossings", str(sites), *options], check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--run", action="store_true", help="a run on a local cluster over the largest number too")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--answer", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        print(json.dumps(answer(*options.answer)))
        return
    wards = inputs.country(options.shared)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ground = folder / "ground"
        ground.mkdir()
        degrees = wards.to_crs(WGS84).assign(name=wards["code"])
        degrees.to_parquet(ground / "wards.parquet")
        save_index(edge_index(np.asarray(degrees.geometry, dtype=object)), ground / "index")
        counts = [count for count in (1_000, 10_000, 100_000, 1_000_000) if count <= options.most]
        rows = []
        for count in counts:
            sites = written(wards, count, folder / str(count))
            command = [sys.executable, "-m", "benchmarks.scale", "--answer", str(ground), str(sites)]
            rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        table = pd.DataFrame(rows)
        print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
        print(table.round(2).to_string(index=False))
        print({column: round(slope(table, column), 2) for column in ("lengths_s", "all_s", "all_mb")})
        if options.run:
            seconds = cluster_run(ground, folder / str(counts[-1]), folder, options.workers)
            print(f"run of {counts[-1]:,} routes on {options.workers} workers: {seconds:.0f} s")


if __name__ == "__main__":
    main()
