"""Peak memory of one way to answer, in a process of its own (run by `benchmarks.crossings`)."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np

from benchmarks import peers
from geo.analysis.crossings.batches import ward_lengths
from geo.analysis.crossings.table import cross
from geo.spatial.edge_index_cache import load_index
from geo.spatial.measure import Plane


def peak(who: str, folder: Path) -> float:
    """Megabytes at most that a fresh process held while `who` answered for the frames in the folder."""
    command = [sys.executable, "-m", "benchmarks.memory", who, str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def main() -> None:
    """Read `routes.parquet` and `wards.parquet`, answer once, print the peak in megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("who")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    routes = gpd.read_parquet(options.folder / "routes.parquet")
    wards = gpd.read_parquet(options.folder / "wards.parquet")
    if options.who.startswith("diaban"):
        index = load_index(options.folder / "index", np.asarray(wards.geometry, dtype=object))
        assert index is not None
        work = cross if options.who == "diaban, all" else ward_lengths
        work(np.asarray(routes.geometry, dtype=object), index, Plane())
    elif options.who != "inputs alone":
        peers.available()[options.who](routes, wards)
    print(held())


def held() -> float:
    """Megabytes at most that this process has held so far."""
    status = Path("/proc/self/status")
    if status.is_file():
        # `ru_maxrss` would count what the process that started this one held.
        [line] = [line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
