"""Full disks, folders that can't be written, a clock that goes back, neighbours, a server that dies under load."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.torture.scenarios import ACTOR, BATCH, REPORT
from benchmarks.torture.server import Server
from geo.errors import DiabanError, InputError
from geo.files import write_atomic
from geo.records.backup.create import backup
from geo.records.backup.snapshot import read_manifest
from geo.records.database.engine import reading
from geo.records.entries import NewAssessment
from geo.records.model.errors import StoreError
from geo.records.store import Store, open_store

SURVIVED, FAILED, SKIPPED = "survived", "FAILED", "skipped"
NOBODY = 65534


@dataclass(frozen=True)
class Fault:
    """A fault, what became of it, and the message that the user saw."""

    name: str
    state: str
    found: str = ""
    said: str = ""


class Skipped(Exception):  # noqa: N818 - no error: this machine can't show the fault
    """The fault can't be made here."""


def all_of(folder: Path, server: Server | None, only: str = "") -> list[Fault]:
    """Every fault in turn."""
    folder.mkdir(parents=True)
    found: list[Fault] = []
    for name, trial in _TRIALS:
        if only not in name:
            continue
        place = Path(tempfile.mkdtemp(dir=folder))
        try:
            found.append(Fault(name, SURVIVED, *(trial(place, server) if trial in _OF_SERVERS else trial(place))))
        except Skipped as reason:
            found.append(Fault(name, SKIPPED, str(reason)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            found.append(Fault(name, FAILED, " ".join(f"{type(error).__name__}: {error}".split())[:300]))
    return found


# ---- a full disk


def disk_full_for_writes(folder: Path) -> tuple[str, str]:
    """Entries until the disk is full; then room is made, and they go on in the same process."""
    with _small_disk(folder) as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 1_000_000)
        with open_store(f"sqlite:///{disk / 'records.sqlite'}") as store:
            said, safe = _until_refused(store)
            assert store.version().split(".")[0] == str(safe), "reading goes on"
            ballast.unlink()
            store.add_reports([REPORT] * BATCH, ACTOR, source="after")
            _assert_whole(store, safe + 1)
        return f"{safe} batches acknowledged, {safe} there; wrote again once there was room", said


def disk_full_for_files(folder: Path) -> tuple[str, str]:
    """A map that does not fit: the old one stays."""
    with _small_disk(folder) as disk:
        write_atomic(disk / "map.html", "old")
        said = _refused(lambda: write_atomic(disk / "map.html", b"x" * 8_000_000), InputError)
        assert (disk / "map.html").read_text() == "old"
        assert [path.name for path in disk.iterdir()] == ["map.html"], "nothing is left beside it"
        return "the old file stays, nothing beside it", said


def disk_full_for_backups(folder: Path) -> tuple[str, str]:
    """A backup that does not fit: the old one stays."""
    source = f"sqlite:///{folder / 'source.sqlite'}"
    with _small_disk(folder / "disk") as disk, open_store(source) as store:
        store.add_reports([REPORT] * 10, ACTOR, source="small")
        made = backup(disk / "copy.backup", source)
        store.add_reports([REPORT] * 60_000, ACTOR, source="large")
        said = _refused(lambda: backup(disk / "copy.backup", source), DiabanError)
        assert read_manifest(disk / "copy.backup") == made
        assert [path.name for path in disk.iterdir()] == ["copy.backup"], "nothing is left beside it"
        return "the old backup stays, nothing beside it", said


def disk_full_for_the_cache(folder: Path) -> tuple[str, str]:
    """No room for an index: it serves from memory."""
    from geo.reference.wards import load_wards
    from geo.spatial import edge_index_cache as index_cache

    with _small_disk(folder) as disk:
        (disk / "ballast").write_bytes(b"x" * 3_600_000)
        polygons = np.asarray(load_wards().geometry, dtype=object)
        index_cache._memory.clear()
        index = index_cache.cached_index(polygons, disk / "cache")
        index_cache._memory.clear()
        left = list((disk / "cache").glob("*")) if (disk / "cache").exists() else []
        return (
            f"served from memory ({len(index.owners):,} edges), {len(left)} folders left",
            "nothing: a cache is no need",
        )


# ---- folders that can't be written


def read_only_folder(folder: Path) -> tuple[str, str]:
    """The disk turns read-only under an open store, as after an input/output error; then it can be written again."""
    with _small_disk(folder) as disk, open_store(f"sqlite:///{disk / 'records.sqlite'}") as store:
        store.add_reports([REPORT] * BATCH, ACTOR, source="before")
        store.close()
        _mount("-o", "remount,ro", str(disk))
        said = _refused(lambda: store.add_reports([REPORT], ACTOR, source="refused"), StoreError)
        _refused(lambda: write_atomic(disk / "map.html", "x"), InputError)
        _mount("-o", "remount,rw", str(disk))
        store.add_reports([REPORT] * BATCH, ACTOR, source="after")
        _assert_whole(store, 2)
        return "writes refused, files too; wrote again once it could", said


def no_permission(folder: Path) -> tuple[str, str]:
    """Another user opens the database of this one, makes one in this folder, writes a map there."""
    url = f"sqlite:///{folder / 'records.sqlite'}"
    open_store(url).close()
    folder.chmod(0o500 if os.geteuid() else 0o755)
    try:
        said = _as_nobody(
            lambda: open_store(url),
            lambda: open_store(f"sqlite:///{folder / 'new' / 'records.sqlite'}"),
            lambda: write_atomic(folder / "map.html", "x"),
        )
    finally:
        folder.chmod(0o700)
    assert len(said) == 3, said
    with open_store(url) as store:
        _assert_whole(store, 0)
    return "refused three times; the owner goes on", _tidy(said[0])


# ---- the clock, and neighbours


def clock_goes_back(folder: Path) -> tuple[str, str]:
    """The clock goes back half a year between two writes: order, moments and past days stay what they were."""
    moment = [datetime(2026, 3, 10, 2, tzinfo=UTC)]
    with open_store(f"sqlite:///{folder / 'records.sqlite'}", now=lambda: moment[0]) as store:
        for number in range(10):
            entry = NewAssessment(
                site_id="HN-I-1", level="low", day=date(2025, 7, 7), document=f"{number}/BC", office="U"
            )
            store.add(entry, ACTOR)
            moment[0] += timedelta(days=-180 if number == 4 else 1)
            if number == 4:
                known, then = store.known_at(), store.history("assessment")
        rows = store.history("assessment")
        assert rows["recorded_at"].is_monotonic_increasing and rows["recorded_at"].is_unique
        assert len(store.assessments(known_at=known)) == len(then) == 5
    return (
        "10 writes in their order, what was known before stays so",
        "nothing: the order of writes does not hang on it",
    )


_WRITER = """
import sys
from datetime import date
from geo.records.entries import Actor, NewReport
from geo.records.store import open_store
report = NewReport(day=date(2026, 1, 7), kind="other", channel="other", site_id="HN-I-1")
with open_store(sys.argv[1]) as store:
    for number in range(int(sys.argv[2])):
        store.add_reports([report] * 7, Actor("torture", "UBND"), source=str(number))
"""


def two_processes(folder: Path) -> tuple[str, str]:
    """Two processes open the same file, which is not there yet, and write as fast as they can."""
    url, count = f"sqlite:///{folder / 'records.sqlite'}", 100
    both = [
        subprocess.Popen([sys.executable, "-c", _WRITER, url, str(count)], stderr=subprocess.PIPE) for _ in range(2)
    ]
    errors = [process.communicate()[1].decode()[-300:] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    with open_store(url) as store:
        _assert_whole(store, 2 * count)
    return f"2 × {count} batches, all there, no error", "nothing: each waits for its turn"


# ---- a server that dies


def server_restarts(folder: Path, server: Server | None) -> tuple[str, str]:
    """Four writers; the server is killed (immediate) and started again, twice; a writer tries again when asked to."""
    if server is None:
        raise Skipped("PostgreSQL is not installed")
    safe, said = [0] * 4, list[str]()
    stop = threading.Event()
    with open_store(server.empty()) as store:

        def write(number: int) -> None:
            while not stop.is_set():
                try:
                    store.add_reports([REPORT] * BATCH, ACTOR, source=f"{number}")
                    safe[number] += 1
                except StoreError as error:
                    said.append(str(error))
                    time.sleep(0.05)

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        for _ in range(2):
            time.sleep(1)
            server.stop()
            time.sleep(0.3)
            server.start()
        before = sum(safe)
        time.sleep(1)
        stop.set()
        for writer in writers:
            writer.join()
        assert sum(safe) > before, "writing goes on after the restart"
        there = _batches(store)
        assert sum(safe) <= there <= sum(safe) + len(said), f"{sum(safe)} acknowledged, {there} there"
        _assert_whole(store, there)
    found = f"{sum(safe)} batches acknowledged, all there ({there - sum(safe)} more whose answer was cut off)"
    return f"{found}; {len(said)} clear errors; went on by itself", _tidy(said[0]) if said else ""


def server_restarts_served(folder: Path, server: Server | None) -> tuple[str, str]:
    """The same under the service, with clients over HTTP."""
    if server is None:
        raise Skipped("PostgreSQL is not installed")
    from benchmarks.torture.faults_served import server_restarts_under_the_service

    return server_restarts_under_the_service(folder, server)


# ---- inside


def _until_refused(store: Store) -> tuple[str, int]:
    for safe in range(100_000):
        try:
            store.add_reports([REPORT] * BATCH, ACTOR, source=str(safe))
        except StoreError as error:
            return _tidy(str(error)), safe
    raise AssertionError("the disk did not fill up")


def _assert_whole(store: Store, batches: int) -> None:
    assert _batches(store) == batches, f"{_batches(store)} batches there, {batches} expected"
    assert len(store.history("report")) == BATCH * batches
    assert int(store.version().split(".")[0]) == batches
    if store.url.get_backend_name().startswith("sqlite"):
        with reading(store._engine) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def _batches(store: Store) -> int:
    return len(store.audit(10**6, action="report.import"))


def _refused(attempt: Callable[[], object], kind: type[DiabanError]) -> str:
    try:
        attempt()
    except kind as error:
        return _tidy(str(error))
    raise AssertionError("it was not refused")


def _tidy(text: str) -> str:
    """A message without the place in which it happened to be said."""
    return text.split(": ", 1)[-1].replace("|", "/").replace("\n", " ")[:160]


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder.mkdir(exist_ok=True)
    disk = folder / "small"
    disk.mkdir()
    _mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk))
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def _mount(*arguments: str) -> None:
    if os.geteuid() != 0:
        raise Skipped("only root may mount a small disk")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped(f"no disk can be mounted here ({done.stderr.strip()[:80]})")


def _as_nobody(*attempts: Callable[[], object]) -> list[str]:
    """What a process without rights is answered at each attempt; what is not refused says so."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            for attempt in attempts:
                os.write(writer, f"{_outcome(attempt)}\n".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as reported:
        lines = reported.read().splitlines()
    os.waitpid(pid, 0)
    assert not any(line.startswith("NOT REFUSED") for line in lines), lines
    return lines


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except DiabanError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - any other is a finding
        return f"NOT REFUSED PROPERLY: {type(error).__name__}: {error}"
    return "NOT REFUSED"


_TRIALS: tuple[tuple[str, Callable[..., tuple[str, str]]], ...] = (
    ("disk full, entries", disk_full_for_writes),
    ("disk full, maps", disk_full_for_files),
    ("disk full, backups", disk_full_for_backups),
    ("disk full, indexes", disk_full_for_the_cache),
    ("folder turns read-only", read_only_folder),
    ("no permission", no_permission),
    ("clock goes back", clock_goes_back),
    ("two processes, one file", two_processes),
    ("server restarts under load", server_restarts),
    ("server restarts under the service", server_restarts_served),
)
_OF_SERVERS = (server_restarts, server_restarts_served)
