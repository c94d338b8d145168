"""Faults of the database: processes that are killed or write at once, folders and files that can't be used."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from record_samples import REGISTERS

from geo.errors import InputError
from geo.records.database import engine as database
from geo.records.database.engine import database_url, default_file
from geo.records.model.errors import StoreBusyError, StoreError
from geo.records.store import Store, open_store

# Forks a writer for each line that it reads, so that nothing is imported again; a writer notes in a file which rows are
# safe. Reports go in batches of 7, so that half a batch would show.
STABLE = """
import os, sys
from datetime import date
from geo.records.entries import Actor, NewAssessment, NewReport
from geo.records.store import open_store
import psycopg, sqlalchemy.dialects.postgresql.psycopg  # once, before the forks

def write(url, name, count, path):
    actor = Actor(name, "UBND phường")
    log = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    report = NewReport(day=date(2026, 1, 7), kind="other", channel="other", site_id="HN-I-1")
    fields = {"site_id": "HN-I-1", "level": "low", "day": date(2026, 1, 7), "office": name}
    with open_store(url) as store:
        for n in range(count):
            row = store.add(NewAssessment(document=f"{n}/BC", **fields), actor)
            os.write(log, f"{row.id}\\n".encode())
            if n % 5 == 4:
                store.add_reports([report] * 7, actor, source=f"batch {n}")

for line in sys.stdin:
    word, url, name, count, path = line.split()
    if word == "write":
        pid = os.fork()
        if pid == 0:
            write(url, name, int(count), path)
            os._exit(0)
        print(pid, flush=True)
    else:
        print(os.waitstatus_to_exitcode(os.waitpid(int(name), 0)[1]), flush=True)
"""


Stable = subprocess.Popen[str]


@dataclass(frozen=True)
class Writers:
    """Processes that write to a database until they are done or killed."""

    stable: Stable
    url: str
    folder: Path

    def start(self, name: str, count: int) -> int:
        """Start a writer; its process id."""
        return self._tell(f"write {self.url} {name} {count} {self.folder / name}")

    def ended(self, pid: int) -> int:
        """Wait for a writer; its exit code, negative when a signal ended it."""
        return self._tell(f"wait - {pid} - -")

    def wait_for_first_row(self, name: str) -> None:
        """Until a writer is in the middle of its writes."""
        path = self.folder / name
        for _ in range(100_000):
            if path.exists() and path.stat().st_size:
                return
            time.sleep(0.005)
        raise AssertionError(f"{name} wrote nothing")

    def acknowledged(self) -> set[int]:
        """The rows that were reported to the writers as safe."""
        lines = (line for path in self.folder.glob("writer-*") for line in path.read_text().split("\n")[:-1])
        return set(map(int, lines))

    def _tell(self, line: str) -> int:
        assert self.stable.stdin is not None
        assert self.stable.stdout is not None
        self.stable.stdin.write(line + "\n")
        self.stable.stdin.flush()
        return int(self.stable.stdout.readline())


@pytest.fixture(scope="module")
def stable() -> Iterator[Stable]:
    """The process that forks writers."""
    with subprocess.Popen(
        [sys.executable, "-c", STABLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as made:
        yield made
        made.communicate()


@pytest.fixture
def writers(stable: Stable, url: str, tmp_path: Path) -> Writers:
    """Writers to an empty database, on SQLite and on PostgreSQL."""
    open_store(url).close()
    return Writers(stable, url, tmp_path)


def assert_whole(store: Store, acknowledged: set[int]) -> None:
    """Every acknowledged row is there, no batch is half there, and each write left its line and its version."""
    version = ""
    while version != store.version():  # a server may still be ending the write of a client that was killed
        version = store.version()
        rows, reports, lines = store.history("assessment"), store.history("report"), store.audit(10**6)
    batches = lines[lines["action"] == "report.import"]
    assert acknowledged <= set(rows["id"])
    assert len(reports) == 7 * len(batches)
    assert len(lines) == len(rows) + len(batches) == int(version.split(".")[0])


def test_no_acknowledged_write_is_lost_when_the_writer_is_killed(url: str, writers: Writers) -> None:
    dice = random.Random(178)
    for round_ in range(10):
        pid = writers.start(f"writer-{round_}", 100_000)
        writers.wait_for_first_row(f"writer-{round_}")
        time.sleep(dice.uniform(0.0, 0.15))
        os.kill(pid, signal.SIGKILL)
        assert writers.ended(pid) == -signal.SIGKILL
        with open_store(url) as store:
            assert_whole(store, writers.acknowledged())
    assert len(writers.acknowledged()) >= 10
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_several_processes_write_at_once(url: str, writers: Writers) -> None:
    pids = [writers.start(f"writer-{number}", 30) for number in range(3)]
    assert [writers.ended(pid) for pid in pids] == [0, 0, 0]
    assert len(writers.acknowledged()) == 90
    with open_store(url) as store:
        assert_whole(store, writers.acknowledged())
        assert store.history("assessment")["recorded_at"].is_monotonic_increasing


@pytest.fixture
def url_file(tmp_path: Path) -> Path:
    """Where an SQLite file may be."""
    return tmp_path / "folder" / "records.sqlite"


def test_without_any_setting_there_is_one_file_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DIABAN_DATABASE_URL", "DIABAN_DATABASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_file() == tmp_path / "diaban" / "diaban.sqlite"
    with open_store() as store:
        assert store.version() == "0.0"
    assert stat.S_IMODE(default_file().stat().st_mode) == 0o600
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "other.sqlite"))
    assert default_file() == tmp_path / "other.sqlite"
    monkeypatch.setenv("DIABAN_DATABASE_URL", "postgresql://host/name")
    assert database_url().drivername == "postgresql+psycopg"


def test_sqlite_is_set_up_to_be_safe(url_file: Path) -> None:
    with open_store(f"sqlite:///{url_file}") as store, store._engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize("text", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "nonsense", "http://x"])
def test_urls_that_can_not_be_used_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="DIABAN_DATABASE_URL"):
        database_url(text)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("these are notes, not a database" * 100)
    with pytest.raises(StoreError, match="restore a backup"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("these are notes")


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'records.sqlite'}")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://diaban:secret@127.0.0.1:1/records")
    assert "secret" not in str(caught.value)
    assert "check that the server runs" in str(caught.value)


def test_a_database_that_stays_locked_is_told(url_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", ("busy_timeout = 50", *database._PRAGMAS[1:]))
    with open_store(f"sqlite:///{url_file}", registers=REGISTERS) as store:
        other = sqlite3.connect(url_file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="try again; nothing was written"), store.transaction():
            pass
        assert store.version() == "0.0"  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        with store.transaction() as write:
            assert write.version.startswith("1.")
