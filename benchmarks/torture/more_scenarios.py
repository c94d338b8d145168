"""What else is killed: retention, GeoPackages, and the service itself, from its start to its answers."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.torture.killed import Left, Say
from benchmarks.torture.scenarios import ACTOR, REPORT, Maps, OnDatabase, count, unsound
from benchmarks.torture.server import free_port
from geo.records.backup.create import backup
from geo.records.backup.snapshot import sqlite_url
from geo.records.database.chain_check import check_chain
from geo.records.database.engine import database_url, make_engine, reading, writing
from geo.records.database.migrate import config, known_revisions, schema_version
from geo.records.database.migrations import HEAD
from geo.records.store import open_store


class Purges(OnDatabase):
    """Old reports counted and removed: each is there, or counted, never both and never neither."""

    what = "retention"
    pieces = 12
    old = 300

    def before(self) -> None:
        """More old reports than the last attempt had, on a day of their own."""
        with open_store(self.url) as store:
            day = date(2020, 1, 1) + timedelta(days=self.number % 900)
            store.add_reports([replace(REPORT, day=day)] * self.old, ACTOR, source="old")
        self.number += 1

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        self.number = 0
        open_store(self.url).close()

    def work(self, say: Say) -> None:
        with open_store(self.url) as store:
            for year in range(2020, 2024):
                for month in (4, 7, 10):
                    store.purge(date(year, month, 1), ACTOR)
                    say(f"{year}-{month}")

    def look(self, said: list[str]) -> Left:
        self.settle()
        with open_store(self.url) as store:
            counted = int(store.summaries()["reports"].sum())
            there = count(store, "SELECT count(*) FROM report")
            lines = count(store, "SELECT count(*) FROM audit WHERE action = 'report.purge'")
            lost = int(bool(said) and lines < len(said))
            return Left(lost=lost, half=int(counted + there != self.old * self.number) + unsound(store))


class Upgrades(OnDatabase):
    """Records of the oldest released schema, with data, brought up: as they were or as they are now, all rows there."""

    what = "upgrades of the oldest schema"

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        self.oldest = folder / "oldest.sqlite"
        released = Path(__file__).resolve().parents[2] / "tests" / "records" / "released"
        self.oldest.write_bytes(gzip.decompress(min(released.glob("*.backup.gz")).read_bytes()))
        self.before()
        open_store(self.url).close()
        self.right = self._rows(folder / "right.backup")

    def _rows(self, file: Path) -> str:
        """A digest of the rows of a backup, without its manifest and the hash chain, which each upgrade draws anew."""
        backup(file, self.url)
        digest = hashlib.sha256()
        with closing(sqlite3.connect(file)) as rows:
            names = [
                name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            ]
            for name in names:
                if name not in ("hash_chain", "chain_head", "diaban_backup"):
                    digest.update(repr((name, rows.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall())).encode())
        return digest.hexdigest()

    def before(self) -> None:
        """The records as the oldest version left them."""
        if self.server:
            self.server.empty()
            self._fill_server()
            return
        for path in self.folder.glob("records.sqlite*"):
            path.unlink()
        shutil.copy(self.oldest, self.folder / "records.sqlite")

    def _fill_server(self) -> None:
        from alembic import command

        from geo.records.backup.restore_postgres import _fill

        engine, source = make_engine(database_url(self.url)), make_engine(sqlite_url(self.oldest))
        with writing(engine) as server, reading(source) as rows:
            command.upgrade(config(server), str(rows.exec_driver_sql("SELECT version_num FROM diaban_schema").scalar()))
            server.exec_driver_sql("DELETE FROM data_version")
            _fill(server, rows)
        engine.dispose()
        source.dispose()

    def work(self, say: Say) -> None:
        open_store(self.url).close()
        say(HEAD)

    def look(self, said: list[str]) -> Left:
        self.settle()
        engine = make_engine(database_url(self.url))
        found = schema_version(engine)
        engine.dispose()
        with open_store(self.url) as store:
            same = self._rows(self.folder / "now.backup") == self.right
            with reading(store._engine) as connection:
                chain = check_chain(connection)
            same = same and chain is not None and not chain.faults
            lost = int(bool(said) and found != HEAD)
            return Left(lost=lost, half=int(found not in known_revisions()) + int(not same) + unsound(store))


class Packages(Maps):
    """A site written as GeoPackage by GDAL, which wants a file of its own to write to."""

    name = "exports: site as GeoPackage"
    pieces = 4

    def prepare(self, folder: Path) -> None:
        self.file = folder / "out" / "site.gpkg"
        self.known = {hashlib.sha256(self.drawn(number)).hexdigest(): number for number in (0, 1)}

    def drawn(self, number: int) -> bytes:
        from geo.output.dossier.edition import Edition
        from geo.output.dossier.formats import dossier
        from geo.situation import at

        return dossier(at(date(2026, 3, 1 + number)), "HN-I-1", ("gpkg",), Edition())["gpkg"]


class Services(OnDatabase):
    """The service from its start on, written to over HTTP with the token that it gives out at the start."""

    what = "the service, starting and answering"
    pieces = 40

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        self.port = free_port()
        # What is imported and read once a process is there when the deaths begin: they meet the work itself.
        from api.core.settings import ApiSettings
        from api.main import create_app
        from geo.records.model.register_lookup import load_register_lookup

        with open_store(self.url, registers=load_register_lookup()) as store:
            create_app(ApiSettings(log_requests=False), store)

    def work(self, say: Say) -> None:
        from api.main import run

        os.environ["DIABAN_DATABASE_URL"] = self.url
        os.environ["DIABAN_PORT"] = str(self.port)
        os.environ["DIABAN_LOG_REQUESTS"] = "0"

        def announce(base: str, _: str | None, token: str | None) -> None:
            threading.Thread(target=_write, args=(base, str(token), say), daemon=True).start()

        run(announce)

    def look(self, said: list[str]) -> Left:
        self.settle()
        failed = [text for text in said if not text.isdigit()]
        said = [text for text in said if text.isdigit()]
        assert not failed, failed
        with open_store(self.url) as store:
            numbers = ", ".join(said) or "0"
            there = count(store, f"SELECT count(*) FROM report WHERE id IN ({numbers})")
            rows = count(store, "SELECT count(*) FROM report")
            lines = count(store, "SELECT count(*) FROM audit WHERE action = 'report.add'")
            return Left(lost=len(said) - there, half=int(rows != lines) + unsound(store))


def _write(base: str, token: str, say: Say) -> None:
    body = {"day": "2026-01-07", "kind": "other", "channel": "other", "site_id": "HN-I-1", "chainage_m": 10.5}
    try:
        while _asked(f"{base}/ready", token) is None:
            time.sleep(0.005)
        while (receipt := _asked(f"{base}/api/v1/reports?again=true", token, body)) is not None:
            say(str(receipt["id"]))
    except urllib.error.HTTPError as error:
        say(f"answer {error.code}: {error.read()[:200]!r}")


def _asked(url: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            reported: dict[str, Any] = json.loads(answer.read())
            return reported
    except urllib.error.HTTPError:
        raise
    except OSError:
        return None
