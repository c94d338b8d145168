"""Crossings and point look-ups against peers: same input, same answers, ratios from one run.

    python -m benchmarks.crossings --shared ../shared [--routes 5000] [--runs 3]

Peers are asked in turn with diaban, so that both see the same machine; the ratio is that of the medians. Before a peer
is measured its answer is compared: the pairs of site and ward must be the same, and lengths agree to a centimetre
(neighbouring wards of the country file overlap by that much here and there, and overlay counts such a metre twice).
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import inputs, peers
from geo.analysis.crossings import CrossingTable, cross
from geo.analysis.edges import edge_index
from geo.analysis.index_cache import load_index, save_index
from geo.reference.lookup import point_lookup
from geo.reference.measure import Plane


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run, after one that is not counted."""
    work()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return seconds


def same(table: CrossingTable, other: pd.DataFrame) -> str:
    """'' if a peer's answer is the same, else what differs."""
    other = other[other["length"] > 1e-6]
    keep = table.length_m > 1e-6
    ours = pd.Series(table.length_m[keep], index=pd.MultiIndex.from_arrays([table.site[keep], table.ward[keep]]))
    theirs = pd.Series(other["length"].to_numpy(), index=pd.MultiIndex.from_arrays([other["site"], other["ward"]]))
    only = len(ours.index.symmetric_difference(theirs.index))
    both = ours.index.intersection(theirs.index)
    apart = np.abs(ours[both].to_numpy() - theirs[both].to_numpy())
    if only:
        return f"{only} pairs differ"
    return f"{int((apart > 0.05).sum())} lengths differ by more than 5 cm" if (apart > 0.05).any() else ""


def crossings(name: str, wards: gpd.GeoDataFrame, count: int, runs: int) -> list[str]:
    """Lines of the table for one set of wards."""
    routes = inputs.routes(wards, count)
    polygons = np.asarray(wards.geometry, dtype=object)
    lines = np.asarray(routes.geometry, dtype=object)
    build = statistics.median(timed(lambda: edge_index(polygons), 1))
    index = edge_index(polygons)
    ours = statistics.median(timed(lambda: cross(lines, index, Plane()), runs))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "index"
        save_index(index, place)
        load = statistics.median(timed(lambda: load_index(place, polygons), runs))
    table = cross(lines, index, Plane())
    rows = []
    available = peers.available()
    if "PostGIS" in available:
        peers.prepare_postgis(routes, wards)
    for peer, work in available.items():
        differs = same(table, work(routes, wards))
        theirs = statistics.median(timed(lambda work=work: work(routes, wards), runs))  # type: ignore[misc]
        again = statistics.median(timed(lambda: cross(lines, index, Plane()), runs))
        ratio, loaded = theirs / statistics.mean((ours, again)), theirs / (statistics.mean((ours, again)) + load)
        rows.append(f"| {name} | {count:,} | {peer} | {ratio:.1f} | {loaded:.1f} | {differs or 'same'} |")
        if peer == "geopandas.overlay":
            rows.append(f"| {name} | – | index built, in overlays of {count:,} routes | {build / theirs:.1f} | – | – |")
    return rows


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
    return [
        f"| {name} | {count:,} points | sjoin within | {there / ours:.1f} | – | – |",
        f"| {name} | {count:,} points | sjoin contains | {back / ours:.1f} | – | – |",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--routes", type=int, default=5000)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    sets = {"Hà Nội, 126 wards": inputs.hanoi()}
    if (options.shared / "data" / "wards_vietnam_10m.parquet").is_file():
        sets["Việt Nam, 3,321 wards"] = inputs.country(options.shared)
    else:
        print("the national wards are not here: only Hà Nội is measured")
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, geopandas {gpd.__version__}")
    print("| wards | routes of 3 km | peer | times slower than diaban | with the index loaded from disk | answers |")
    print("|---|---|---|---|---|---|")
    for name, wards in sets.items():
        print(*crossings(name, wards, options.routes, options.runs), sep="\n", flush=True)
        print(*lookups(name, wards, options.points, options.runs), sep="\n", flush=True)


if __name__ == "__main__":
    main()
