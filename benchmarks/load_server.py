"""The service in processes of its own, with accounts and tokens, and how much memory it takes over the time."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load_clients import Reader, Writer
from benchmarks.torture.server import free_port
from geo.records.accounts import NewAccount
from geo.records.entries import Actor
from geo.records.store import Store, open_store

ACTOR = Actor("load", "UBND phường", "cli")
ACCOUNTS = 20
"""Ward accounts; writers share them, each with a token of its own."""
_START = "from geo.cli.app import main; main()"
_PUBLIC = (
    *("/", "/sites/HN-I-1", "/sites/HN-I-4", "/wards/{ward}", "/about"),
    *("/api/v1/situation", "/api/v1/flags", "/api/v1/coverage", "/api/v1/sites", "/api/v1/sites/HN-I-1/crossings"),
    *("/api/v1/wards/{ward}", "/api/v1/wards/at?lon={lon:.5f}&lat={lat:.5f}", "/api/v1/wards/search?q=hoai"),
    *("/ogc/collections/wards/items?limit=20&f=json", "/ogc/collections/sites/items?f=json", "/maps/overview"),
)
_OFFICE = ("/api/v1/reports?limit=100", "/api/v1/reviews", "/reviews", "/upload")


@dataclass(slots=True)
class Memory:
    """Megabytes that the processes of the server `pid` hold (PSS), every second."""

    samples: list[float] = field(default_factory=list)
    pid: int = 0

    def now(self) -> float:
        """At this moment."""
        return sum(_held(one) for one in _family(self.pid)) / 1000

    @property
    def start(self) -> float:
        """After the first tenth of the time, when everything was asked for once."""
        return self.samples[len(self.samples) // 10] if self.samples else 0.0

    @property
    def most(self) -> float:
        """The most."""
        return max(self.samples, default=0.0)

    @property
    def end(self) -> float:
        """At the end."""
        return self.samples[-1] if self.samples else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A ward that a site crosses, with a point in it."""

    ward: str
    site: str
    lon: float
    lat: float


def people(url: str, writers: int, readers: int) -> tuple[list[Writer], list[Reader]]:
    """Make accounts in the records of `url`, and tokens for so many writers and readers; a third of these have none."""
    from geo.records.model.register_lookup import load_register_lookup
    from geo.situation import load_registers

    registers = load_registers()
    own = registers.crossings[registers.crossings["length_m"] > 500]  # a ward answers for no sliver
    crossed = own.drop_duplicates("ward_code").head(ACCOUNTS)
    inside = registers.wards.geometry.representative_point()
    points = dict(zip(registers.wards["code"], zip(inside.x, inside.y, strict=True), strict=True))
    places = [Place(code, site, *points[code]) for code, site in crossed[["ward_code", "site_id"]].to_numpy().tolist()]
    with open_store(url, registers=load_register_lookup()) as store:
        for place in places:
            _account(store, f"ward.{place.ward}", "ward", (place.ward,))
        _account(store, "city", "city", ())
        made = [_writer(store, places[number % len(places)]) for number in range(writers)]
        looking = [_reader(store, number, places[number % len(places)]) for number in range(readers)]
    return made, looking


def _account(store: Store, name: str, role: str, wards: tuple[str, ...]) -> None:
    new = NewAccount(username=name, password=secrets.token_urlsafe(18), role=role, office="UBND", wards=wards)
    store.accounts.add(new, ACTOR)


def _writer(store: Store, place: Place) -> Writer:
    token = store.accounts.add_token(f"ward.{place.ward}", "load", ACTOR)
    return Writer(token, place.ward, round(place.lon, 6), round(place.lat, 6), place.site)


def _reader(store: Store, number: int, place: Place) -> Reader:
    name = ("", "city", f"ward.{place.ward}")[number % 3]
    token = store.accounts.add_token(name, "load", ACTOR) if name else ""
    asked = _PUBLIC if not name else (*_PUBLIC, *_OFFICE)
    return Reader(token, tuple(path.format(ward=place.ward, lon=place.lon, lat=place.lat) for path in asked))


@contextmanager
def serving(url: str, folder: Path, workers: int) -> Iterator[tuple[int, Memory]]:
    """`diaban serve` on the records of `url` with its default limits; its port, and its memory while it runs."""
    port = free_port()
    environment = os.environ | {
        "DIABAN_DATABASE_URL": url,
        "DIABAN_SECRET": secrets.token_urlsafe(48),
        "DIABAN_CACHE_DIR": str(folder / "cache"),
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-c", _START, "serve", "--port", str(port), "--workers", str(workers)]
    stop = threading.Event()
    with (folder / "log").open("wb") as log, subprocess.Popen(command, env=environment, stderr=log) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/ready", process, folder / "log")
            memory = Memory(pid=process.pid)
            watch = threading.Thread(target=_watch, args=(memory, stop), daemon=True)
            watch.start()
            yield port, memory
            stop.set()
            watch.join()
        finally:
            process.terminate()
            process.wait(timeout=600)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(9000):  # a quarter of an hour: two workers start slowly on a machine that has much else to do
        if process.poll() is not None:
            break
        with suppress(OSError), urllib.request.urlopen(url, timeout=60):
            return
        time.sleep(0.1)
    raise RuntimeError(log.read_text()[-2000:])


def _watch(memory: Memory, stop: threading.Event) -> None:
    while not stop.wait(1):
        with suppress(OSError, ValueError):
            memory.samples.append(memory.now())


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in children(pid):
        yield from _family(child)


def children(pid: int) -> set[int]:
    """The processes that any thread of a process started: a reader is started by that which needs it."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread ended meanwhile
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def _held(pid: int) -> int:
    """Kilobytes of a process, with its share of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
