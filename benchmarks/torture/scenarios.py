"""What is killed: writes, imports, exports, index builds, migrations, backups and restores."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, inspect

from benchmarks.torture.killed import Left, Say
from benchmarks.torture.server import Server
from geo.files import write_atomic
from geo.importing import reports
from geo.records.backup.create import backup
from geo.records.backup.restore import check_backup, restore
from geo.records.database.engine import database_url, make_engine, reading
from geo.records.database.migrate import schema_version
from geo.records.database.migrations import HEAD
from geo.records.entries import Actor, NewAssessment, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.reference.wards import load_wards
from geo.spatial import edge_index_cache as index_cache

ACTOR = Actor("torture", "UBND phường")
REPORT = NewReport(day=date(2026, 1, 7), kind="other", channel="other", site_id="HN-I-1")
BATCH, IMPORT = 7, 500


class OnDatabase:
    """Work on a database: an SQLite file in the folder, or a server."""

    what = ""
    pieces = 2

    def __init__(self, server: Server | None = None) -> None:
        self.server = server
        self.name = f"{self.what}, {'PostgreSQL' if server else 'SQLite'}"

    def prepare(self, folder: Path) -> None:
        self.folder = folder
        self.url = self.server.empty() if self.server else f"sqlite:///{folder / 'records.sqlite'}"

    def before(self) -> None:
        """Nothing: each attempt goes on where the last one died."""

    def settle(self) -> None:
        if self.server:
            self.server.settle()


def count(store: Store, query: str) -> int:
    """The number that a query finds."""
    with reading(store._engine) as connection:
        return int(connection.exec_driver_sql(query).scalar() or 0)


def unsound(store: Store) -> int:
    """1 where SQLite finds a damaged page."""
    if not store.url.get_backend_name().startswith("sqlite"):
        return 0
    with reading(store._engine) as connection:
        return int(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok")


class Writes(OnDatabase):
    """Single entries, and batches of seven that must not come in part."""

    what = "writes"
    pieces = 30

    def work(self, say: Say) -> None:
        with open_store(self.url) as store:
            number = 0
            while True:
                entry = NewAssessment(
                    site_id="HN-I-1", level="low", day=date(2026, 1, 7), document=f"{number}/BC", office="UBND"
                )
                say(str(store.add(entry, ACTOR).id))
                if number % 3 == 2:
                    store.add_reports([REPORT] * BATCH, ACTOR, source=f"batch {number}")
                number += 1

    def look(self, said: list[str]) -> Left:
        self.settle()
        with open_store(self.url) as store:
            batches = count(store, "SELECT count(*) FROM audit WHERE action = 'report.import'")
            rows = count(store, "SELECT count(*) FROM assessment")
            lines = count(store, "SELECT count(*) FROM audit")
            turns = int(store.version().split(".")[0])
            half = (
                count(store, "SELECT count(*) FROM report") != BATCH * batches or not rows + batches == lines == turns
            )
            numbers = ", ".join(said) or "0"
            there = count(store, f"SELECT count(*) FROM assessment WHERE id IN ({numbers})")
            return Left(lost=len(said) - there, half=int(half) + unsound(store))


class Imports(OnDatabase):
    """Files of 500 reports, each all or nothing."""

    what = f"imports of {IMPORT} rows"

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        self.registers = load_register_lookup()
        self.number = 0
        open_store(self.url).close()

    def before(self) -> None:
        self.number += 1

    def work(self, say: Say) -> None:
        heading = "Ngày,Loại tin,Nguồn tin,Mã điểm,Lý trình,Ghi chú\n"
        with open_store(self.url, registers=self.registers) as store:
            for number in range(1000):
                row = f"01/03/2026,Khác,Khác,HN-I-4,100,Tệp {self.number} lần {number}\n"
                file = write_atomic(self.folder / "tin.csv", heading + row * IMPORT)
                read = reports.read_reports(file, store)
                reports.commit(store, read.with_recorded().with_repeated(), ACTOR)  # the rows of all files are alike
                say(read.digest)

    def look(self, said: list[str]) -> Left:
        self.settle()
        with open_store(self.url) as store:
            lines = store.audit(10**6, action="report.import")
            rows = count(store, "SELECT count(*) FROM report")
            lost = len(set(said) - set(lines["subject"]))
            return Left(lost=lost, half=int(rows != IMPORT * len(lines)) + unsound(store))


class Migrations(OnDatabase):
    """The schema made from nothing: there whole, or not at all."""

    what = "migrations"

    def before(self) -> None:
        if self.server:
            self.server.empty()
            return
        for path in self.folder.glob("records.sqlite*"):
            path.unlink()

    def work(self, say: Say) -> None:
        open_store(self.url).close()
        say(HEAD)

    def look(self, said: list[str]) -> Left:
        self.settle()
        engine = make_engine(database_url(self.url))
        found = schema_version(engine)
        half = found not in (None, HEAD) or (found is None and bool(_tables(engine)))
        engine.dispose()
        with open_store(self.url) as store:
            store.add_reports([REPORT], ACTOR, source="after")
            return Left(lost=int(bool(said) and found != HEAD), half=int(half) + unsound(store))


def _tables(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return inspect(connection).get_table_names()


class Backups(OnDatabase):
    """A file that is the last whole backup, or the one after it."""

    what = "backups"

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        with open_store(self.url) as store:
            store.add_reports([REPORT] * 2000, ACTOR, source="x")
        self.file = folder / "out" / "copy.backup"
        backup(folder / "first.backup", self.url)  # what is made once a process is there when the deaths begin

    def work(self, say: Say) -> None:
        while True:
            say(backup(self.file, self.url).digest)

    def look(self, said: list[str]) -> Left:
        self.settle()
        litter = len(list(self.file.parent.glob(".*"))) if self.file.parent.exists() else 0
        if not self.file.exists():
            return Left(lost=int(bool(said)), litter=litter)
        return Left(lost=int(said != [] and check_backup(self.file).digest != said[-1]), litter=litter)


class Restores(OnDatabase):
    """The old records or the new ones, never a mixture."""

    what = "restores"

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        self.files = {}
        for count in (500, 900):
            source = f"sqlite:///{folder / f'source-{count}.sqlite'}"
            with open_store(source) as store:
                store.add_reports([REPORT] * count, ACTOR, source=str(count))
            file = folder / f"{count}.backup"
            self.files[backup(file, source).digest] = file
        restore(self.files[next(iter(self.files))], self.url)

    def work(self, say: Say) -> None:
        while True:
            for name, file in self.files.items():
                restore(file, self.url)
                say(name)

    def look(self, said: list[str]) -> Left:
        self.settle()
        kept = list(self.folder.rglob("*before-restore*.sqlite"))
        whole = [check_backup(path).digest in self.files for path in kept]  # what is kept is whole, or not there
        for path in kept:
            path.unlink()
        litter = len(list(self.folder.glob(".*")))
        with open_store(self.url) as store:
            made = backup(self.folder / "now.backup", self.url)
            half = int(made.digest not in self.files) + whole.count(False) + unsound(store)
            return Left(half=half, litter=litter)


class Maps:
    """A map drawn and written, day after day: the file is the last one said, or the next."""

    name = "exports: map drawn and written"
    pieces = 2

    def prepare(self, folder: Path) -> None:
        from geo.situation import at

        self.file = folder / "out" / "overview.html"
        self.situations = [at(date(2026, 3, 1)), at(date(2026, 3, 2))]
        self.known = {hashlib.sha256(self.drawn(number)).hexdigest(): number for number in (0, 1)}

    def drawn(self, number: int) -> bytes:
        from geo.output.maps import folium_map, overview_drawing, render

        return render(folium_map(overview_drawing(self.situations[number]))).encode()

    def before(self) -> None:
        """The file of the last attempt stays: it must stay whole."""

    def work(self, say: Say) -> None:
        for number in range(10_000):
            write_atomic(self.file, self.drawn(number % 2))
            say(str(number % 2))

    def look(self, said: list[str]) -> Left:
        litter = len(list(self.file.parent.glob(".*"))) if self.file.parent.exists() else 0
        if not self.file.exists():
            return Left(lost=int(bool(said)), litter=litter)
        found = hashlib.sha256(self.file.read_bytes()).hexdigest()
        return Left(half=int(found not in self.known), litter=litter)


class Files(Maps):
    """As `Maps`, with the pages drawn before: every death meets the writing itself."""

    name = "exports: 1 MB file written"
    pieces = 10

    def prepare(self, folder: Path) -> None:
        self.file = folder / "out" / "overview.html"
        self.pages = [bytes([65 + number]) * 1_000_000 for number in (0, 1)]
        self.known = {hashlib.sha256(page).hexdigest(): number for number, page in enumerate(self.pages)}

    def drawn(self, number: int) -> bytes:
        return self.pages[number]


class Indexes:
    """Edge indexes on disk: whole, or made anew."""

    name = "index builds"
    pieces = 2

    def prepare(self, folder: Path) -> None:
        self.folder = folder / "cache"
        self.polygons = np.asarray(load_wards().geometry, dtype=object)
        index_cache._memory.clear()
        self.edges = len(index_cache.cached_index(self.polygons, folder / "right").owners)
        self.right = next((folder / "right").glob("edges-*"))

    def before(self) -> None:
        """What the last attempt left stays: it must be found whole, or be recognised as a remnant."""

    def work(self, say: Say) -> None:
        while True:
            index_cache._memory.clear()
            for place in self.folder.glob("edges-*"):
                shutil.rmtree(place)
            index_cache.cached_index(self.polygons, self.folder)
            say("built")

    def look(self, said: list[str]) -> Left:
        litter = len(list(self.folder.glob(".*"))) if self.folder.exists() else 0
        half = sum(_differs(self.right, place) for place in self.folder.glob("edges-*"))
        index_cache._memory.clear()
        found = index_cache.cached_index(self.polygons, self.folder)
        return Left(half=half + int(len(found.owners) != self.edges), litter=litter)


def _differs(right: Path, other: Path) -> bool:
    names = {path.name for path in right.iterdir()}
    if names != {path.name for path in other.iterdir()}:
        return True
    return any((right / name).read_bytes() != (other / name).read_bytes() for name in names)
