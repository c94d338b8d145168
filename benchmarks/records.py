"""A year of a country's reports on PostgreSQL: how long they take to load, and the snapshot of a day from among them.

    python -m benchmarks.records --shared ../shared [--rows 1000000]

A server of our own is started for it. Reports are points spread over the 3,321 wards, as many in each; loading them
means all that `Store.add_reports` does: every check, the ward of every point, COPY, one transaction. Beside it stands
COPY of the same rows and nothing else, by the same driver. The snapshot is that of Hà Nội, the first time it is asked
for; `reports alone` is the question to the database and its frame.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import text

from benchmarks.postgis_server import postgis
from geo.records.database.bulk_insert import insert_rows
from geo.records.entries import Actor, NewReport
from geo.records.kinds.registry import kind
from geo.records.ledger.seed_from_plan import PLAN_ACTOR, plan_assessments, plan_phases
from geo.records.model.register_lookup import RegisterLookup, load_register_lookup
from geo.records.store import Store, open_store
from geo.records.validation.entry_checks import VIET_NAM
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import snapshot as situation
from geo.spatial.lookup import PointLookup, point_lookup

YEAR = 2026
LAST = date(YEAR, 12, 31)
NOW = datetime(YEAR + 1, 1, 1, tzinfo=UTC)
ACTOR = Actor("benchmark", "Sở Y tế", "import")
KINDS, CHANNELS = ("other", "surroundings"), ("hotline", "ward_check")


def main() -> None:
    """Print what loading takes, and what a day takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    chosen = parser.parse_args()
    wards = gpd.read_parquet(chosen.shared / "data" / "wards_vietnam_10m.parquet")
    west, south, east, north = VIET_NAM
    bounds = wards.bounds
    near = (bounds.minx > west) & (bounds.miny > south) & (bounds.maxx < east) & (bounds.maxy < north)
    wards = wards[near].reset_index(drop=True)
    lookup = point_lookup(np.asarray(wards.geometry))
    reports = made(wards, chosen.rows)
    tell(f"{len(reports):,} reports in {len(wards):,} wards; {platform.machine()}, {os.cpu_count()} processors, load")
    tell(f"  {' '.join(f'{load:.1f}' for load in os.getloadavg())} before\n")
    with postgis() as url, open_store(url, registers=country(wards, lookup), now=lambda: NOW) as store:
        loading(store, reports)
        # Who asks for a day has no million entries in memory, through which the garbage collector would go meanwhile.
        del reports
        gc.collect()
        with store.transaction() as write:
            write.connection.execute(text("ANALYZE"))
        store.seed(plan_assessments(load_sites()), PLAN_ACTOR)
        store.seed(plan_phases(load_wards()), PLAN_ACTOR)
        days(store)


def loading(store: Store, reports: list[NewReport]) -> None:
    """Loading the reports, and beside it COPY of the same rows and nothing else."""
    with timed("load: checks, wards, COPY, one transaction"):
        store.add_reports(reports, ACTOR, source="benchmark")
    again = rows_of(store, min(len(reports), 200_000))
    with timed(f"COPY of {len(again):,} rows alone"), store.transaction() as write:
        insert_rows(write.connection, kind("report").table, iter(again))
        write.connection.rollback()


def days(store: Store) -> None:
    """The snapshot of Hà Nội on four days; nothing of one is reused for another but what is made once a process."""
    with timed("the first snapshot of this process: imports, registers, and all"):
        situation.at(LAST - timedelta(days=9), store=store)
    for back in (0, 1, 2):
        day = LAST - timedelta(days=back)
        codes = situation.load_registers("hanoi").wards["code"].tolist()
        with timed(f"reports alone, {day}"):
            found = store.reports(day - situation.WINDOW, day, wards=codes)
        with timed(f"the snapshot of Hà Nội, {day} ({len(found):,} reports in it)"):
            situation.at(day, store=store)


def made(wards: gpd.GeoDataFrame, count: int, *, seed: int = 7) -> list[NewReport]:
    """Reports over a year, as many in each ward, at places within it; a fixed seed."""
    random = np.random.default_rng(seed)
    each = -(-count // len(wards))
    xy = np.concatenate([inside(geometry, each, random) for geometry in wards.geometry])
    xy = np.round(random.permutation(xy)[:count], 6)
    kinds, channels, since = (random.integers(0, high, count).tolist() for high in (2, 2, 365))
    return [
        NewReport(day=LAST - timedelta(days=days), kind=KINDS[kind], channel=CHANNELS[channel], lon=lon, lat=lat)
        for days, kind, channel, (lon, lat) in zip(since, kinds, channels, xy.tolist(), strict=True)
    ]


def inside(area: shapely.Geometry, count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Places spread evenly over an area, (count, 2)."""
    west, south, east, north = area.bounds
    core = area.buffer(-1e-5)
    shapely.prepare(core)
    found = np.empty((0, 2))
    while len(found) < count:
        tried = random.uniform((west, south), (east, north), (4 * count, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(core, tried[:, 0], tried[:, 1])]])
    return found[:count]


def country(wards: gpd.GeoDataFrame, lookup: PointLookup) -> RegisterLookup:
    """The registers of the data set, with the wards of the whole country."""
    codes = wards["code"].to_numpy(dtype=object)
    own = load_register_lookup()

    def wards_at(lons: object, lats: object) -> list[str | None]:
        rows = lookup.rows(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
        return [None if row < 0 else str(codes[row]) for row in rows.tolist()]

    return RegisterLookup(own.site_lengths, frozenset(codes.tolist()), wards_at, own.place_at)


def rows_of(store: Store, count: int) -> list[dict[str, object]]:
    """Rows of reports as they are stored, without their numbers."""
    with store.transaction() as write:
        found = write.connection.execute(text(f"SELECT * FROM report ORDER BY id LIMIT {count:d}")).mappings()
        return [{name: value for name, value in row.items() if name != "id"} for row in found]


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Tell how long the block takes."""
    began = time.perf_counter()
    yield
    tell(f"  {time.perf_counter() - began:7.2f} s  {what}\n")


def tell(line: str) -> None:
    """Write at once."""
    write: Callable[[str], int] = sys.stdout.write
    write(line)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
