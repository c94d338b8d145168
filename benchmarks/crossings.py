"""Crossings and point look-ups against peers: same input, same answers, ratios from one run.

    python -m benchmarks.crossings --shared ../shared [--routes 5000 100000] [--runs 3] [--postgis]

Peers are asked how long each route runs in each ward, which is `ward_lengths` here; `cross` returns the borders, the
chainage and the geometry too, and is measured beside it. All are asked in turn, so that they see the same machine; the
ratio is that of the medians. Before a peer is measured its answer is compared: the pairs of site and ward must be the
same, and lengths agree to a centimetre (neighbouring wards of the country file overlap by that much here and there,
and overlay counts such a metre twice). Peak memory is that of a fresh process that reads the inputs and answers once.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import inputs, memory, peers
from benchmarks.postgis_server import postgis
from geo.analysis.crossings.batches import WardLengths, ward_lengths
from geo.analysis.crossings.table import cross
from geo.spatial.edge_index import edge_index
from geo.spatial.edge_index_cache import content_key, load_index, save_index
from geo.spatial.lookup import point_lookup
from geo.spatial.measure import Plane


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run, after one that is not counted."""
    work()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return seconds


def same(table: WardLengths, other: pd.DataFrame) -> str:
    """'' if a peer's answer is the same, else what differs."""
    other = other[other["length"] > 1e-6]
    keep = table.length_m > 1e-6
    ours = pd.Series(table.length_m[keep], index=pd.MultiIndex.from_arrays([table.line[keep], table.ward[keep]]))
    theirs = pd.Series(other["length"].to_numpy(), index=pd.MultiIndex.from_arrays([other["site"], other["ward"]]))
    only = len(ours.index.symmetric_difference(theirs.index))
    both = ours.index.intersection(theirs.index)
    more = theirs[both].to_numpy() - ours[both].to_numpy()
    if only:
        return f"{only} pairs differ"
    apart = int((np.abs(more) > 0.05).sum())
    if not apart:
        return ""
    # Where wards overlap, a peer counts the metre for both, and diaban for one.
    why = ", all longer: a metre where wards overlap counts twice" if more.min() > -0.05 else ""
    return f"{apart} of {len(both):,} lengths differ by more than 5 cm{why}"


def crossings(name: str, wards: gpd.GeoDataFrame, count: int, runs: int) -> list[str]:
    """Lines of the table for one set of wards."""
    routes = inputs.routes(wards, count)
    polygons = np.asarray(wards.geometry, dtype=object)
    lines = np.asarray(routes.geometry, dtype=object)
    available = peers.available()
    if "PostGIS" in available:
        peers.prepare_postgis(routes, wards)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        index = edge_index(polygons)
        save_index(index, folder / "index")
        routes.to_parquet(folder / "routes.parquet")
        wards.to_parquet(folder / "wards.parquet")

        def from_disk() -> WardLengths:
            content_key(polygons)  # by which the index is found
            loaded = load_index(folder / "index", polygons)
            assert loaded is not None
            return ward_lengths(lines, loaded, Plane())

        table = ward_lengths(lines, index, Plane())
        rows = []
        for peer, work in available.items():
            differs = same(table, work(routes, wards))
            alone, loaded, everything, theirs = interleaved(
                [
                    lambda: ward_lengths(lines, index, Plane()),
                    from_disk,
                    lambda: cross(lines, index, Plane()),
                    lambda work=work: work(routes, wards),  # type: ignore[misc]
                ],
                runs,
            )
            ratios = " | ".join(f"{theirs / ours:.1f}" for ours in (alone, loaded, everything))
            held = "–" if peer == "PostGIS" else f"{memory.peak(peer, folder):,.0f}"
            rows.append(f"| {name} | {count:,} | {peer} | {ratios} | {held} | {differs or 'same'} |")
        rows += [
            f"| {name} | {count:,} | {who} | – | – | – | {memory.peak(who, folder):,.0f} | – |"
            for who in ("diaban, lengths", "diaban, all", "inputs alone")
        ]
    return rows


def interleaved(works: list[Callable[[], object]], runs: int) -> list[float]:
    """Median seconds of each, run in turn so that all see the same machine."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for number, work in enumerate(works):
            begin = time.perf_counter()
            work()
            seconds[number].append(time.perf_counter() - begin)
    return [statistics.median(of) for of in seconds]


def lookups(name: str, wards: gpd.GeoDataFrame, count: int, runs: int) -> list[str]:
    """Lines of the table for points: against both directions of a spatial join."""
    polygons = np.asarray(wards.geometry, dtype=object)
    xy = inputs.points(wards, count)
    lookup = point_lookup(polygons)
    ours = statistics.median(timed(lambda: lookup.rows(xy[:, 0], xy[:, 1]), runs))
    points = gpd.GeoDataFrame(geometry=shapely.points(xy), crs=wards.crs)
    cells = gpd.GeoDataFrame(geometry=polygons, crs=wards.crs)
    there = statistics.median(timed(lambda: gpd.sjoin(points, cells, predicate="within"), 1))
    back = statistics.median(timed(lambda: gpd.sjoin(cells, points, predicate="contains"), 1))
    row = lookup.row
    ones = xy[:20_000].tolist()
    each = statistics.median(timed(lambda: [row(x, y) for x, y in ones], runs)) / len(ones)
    return [
        f"| {name} | 1 point, and again | diaban takes {each * 1e6:.1f} µs | – | – | – | – | – |",
        f"| {name} | {count:,} points | sjoin within | {there / ours:.1f} | – | – | – | – |",
        f"| {name} | {count:,} points | sjoin contains | {back / ours:.1f} | – | – | – | – |",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--routes", type=int, nargs="+", default=[5000])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("hanoi", "country"), help="one set of wards")
    parser.add_argument("--postgis", action="store_true", help="start a PostGIS server of our own as a peer")
    options = parser.parse_args()
    if not options.postgis:
        measured(options)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server goes too
    with postgis() as address:
        os.environ["DIABAN_BENCH_POSTGIS"] = address
        measured(options)


def measured(options: argparse.Namespace) -> None:
    """Print the table for the given options."""
    sets = {} if options.only == "country" else {"Hà Nội, 126 wards": inputs.hanoi()}
    if options.only != "hanoi" and (options.shared / "data" / "wards_vietnam_10m.parquet").is_file():
        sets["Việt Nam, 3,321 wards"] = inputs.country(options.shared)
    elif options.only != "hanoi":
        print("the national wards are not here: only Hà Nội is measured")
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, geopandas {gpd.__version__}")
    print(
        "| wards | routes of 3 km | peer | times slower than diaban | with the index loaded from disk "
        "| than diaban with borders, chainage and geometry | peak memory, MB | answers |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, wards in sets.items():
        for count in options.routes:
            print(*crossings(name, wards, count, options.runs), sep="\n", flush=True)
        print(*lookups(name, wards, options.points, options.runs), sep="\n", flush=True)


if __name__ == "__main__":
    main()
