"""All provinces in one service: its start, first page, first tile, the situation of a day, memory of the worker.

    python -m benchmarks.provinces [--reports 100000] [--others 100000] [--sqlite] [--folder FOLDER]

Every province that the data set has no city of is added by `diaban city add` (wards, no streets) in an own folder, each
with a programme of its own; `--reports` of a year lie in Hà Nội, `--others` in each other province: 3.4 million, which
take some minutes to write. Records are on a PostgreSQL server of its own, with `--sqlite` on SQLite. Seconds are of the
clock; beside them stand those of the processor, which a busy machine does not lengthen as much. Memory is that of the
one worker: resident, then its share where pages are shared with others (PSS). `--folder` holds what is made, else a
temporary folder does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import shapely

from benchmarks.postgis_server import postgis
from benchmarks.torture.server import free_port
from geo.records.entries import Actor, NewReport
from geo.reference.cities import cities
from geo.reference.provinces import provinces
from geo.reference.wards import load_wards

ACTOR = Actor("benchmark", "Sở Y tế", "import")
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_MAIN = [sys.executable, "-c", "from geo.cli.app import main; main()"]
_PER_SECOND = os.sysconf("SC_CLK_TCK")
_REST_S = 20.0


def main() -> None:
    """Make the provinces and their records, start the service on them twice, print what it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=100_000)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder}/records.sqlite" if chosen.sqlite else stack.enter_context(postgis())
        os.environ |= {
            "DIABAN_CITIES_DIR": str(folder / "cities"),
            "DIABAN_DATABASE_URL": url,
            "DIABAN_CACHE_DIR": str(folder / "cache"),
        }
        added = _timed(_add_all)
        written = _timed(lambda: _fill(chosen.reports, chosen.others))
        tell(f"{len(cities())} cities added in {added:.0f} s, their reports written in {written:.0f} s, load {_load()}")
        tell("\nfirst start, with an empty DIABAN_CACHE_DIR")
        _served(folder)
        tell("\nnext start")
        _served(folder)
        tell("\nsituations of days that were not asked for before, in a process of their own")
        subprocess.run([sys.executable, "-m", "benchmarks.provinces_days"], check=True)
        tell(f"load {_load()}")


def _add_all() -> None:
    known = {place.province_code for place in cities()}
    for province in provinces():
        if province.code not in known:
            command = [*_MAIN, "city", "add", province.slug, "--province", province.code]
            subprocess.run(command, check=True, capture_output=True)


def _fill(own: int, others: int) -> None:
    from geo.records.model.register_lookup import load_register_lookup
    from geo.records.store import open_store

    with open_store(registers=load_register_lookup()) as store:
        for place in cities():
            wards = np.asarray(load_wards(city=place).geometry, dtype=object)
            store.add_reports(_reports(wards, own if place.slug == "hanoi" else others), ACTOR, source=place.slug)


def _reports(wards: np.ndarray[tuple[int, ...], np.dtype[np.object_]], count: int) -> list[NewReport]:
    """`count` reports of the last year, as many in each ward, anywhere in it."""
    today, rng = datetime.now(UTC).date(), np.random.default_rng(1)
    each = -(-count // len(wards))
    places = np.concatenate([_anywhere(ward, each, rng) for ward in wards])
    rng.shuffle(places)
    days = [today - timedelta(days=1 + number % 360) for number in range(count)]
    return [_report(day, place) for day, place in zip(days, places[:count].tolist(), strict=True)]


def _anywhere(ward: shapely.Geometry, count: int, rng: np.random.Generator) -> Floats:
    """Points in a polygon (count, 2), each as likely to lie anywhere."""
    low, high = np.reshape(shapely.bounds(ward), (2, 2))
    found = np.empty((0, 2))
    while len(found) < count:
        drawn = rng.uniform(low, high, (4 * count, 2))
        found = np.concatenate([found, drawn[shapely.contains_xy(ward, *drawn.T)]])
    return found[:count]


def _report(day: date, place: list[float]) -> NewReport:
    lon, lat = (round(number, 7) for number in place)
    return NewReport(day=day, kind="other", channel="hotline", lon=lon, lat=lat)


def _served(folder: Path) -> None:
    port, began = free_port(), time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*_MAIN, "serve", "--port", str(port)], stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        while not _answers(f"{base}/ready") and process.poll() is None:
            time.sleep(0.02)
        tell(f"start: {time.perf_counter() - began:.2f} s, processor {_used(process.pid):.2f} s")
        for what, path in (
            ("first tile", "/tiles/5/25/14"),
            ("a tile of the whole country at zoom 8", "/tiles/8/203/112"),
            ("first page", "/"),
            ("situation of Hà Nội", "/api/v1/situation?city=hanoi"),
            ("page of another province", "/?city=phu-tho"),
        ):
            before, took = _used(process.pid), _timed(lambda path=path: _get(base + path))  # type: ignore[misc]
            since = time.perf_counter() - began
            used = _used(process.pid) - before
            tell(f"{what}: {took:.2f} s, processor {used:.2f} s; {since:.2f} s after the command")
        time.sleep(_REST_S)  # what is made beside the first requests is made by then
        tell(f"memory at rest: {_memory(process.pid, 'smaps_rollup', 'Rss')} MB, ", end="")
        tell(f"its share: {_memory(process.pid, 'smaps_rollup', 'Pss')} MB, ", end="")
        tell(f"at most: {_memory(process.pid, 'status', 'VmHWM')} MB")
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        _get(address)
    except OSError:
        return False
    return True


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=120) as answer:
        found: bytes = answer.read()
        return found


def _used(pid: int) -> float:
    """Seconds of the processor that a process used so far."""
    fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _PER_SECOND


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _load() -> str:
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def _memory(pid: int, file: str, name: str) -> int:
    """Megabytes that a file of Linux about a process names."""
    lines = (Path("/proc") / str(pid) / file).read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:"))


def tell(text: str, end: str = "\n") -> None:
    """Print at once."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
