"""Backups: one state while others write, the same rows again on either database, and nothing believed unseen."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from record_samples import ACTOR, REGISTERS, Clock

from geo.errors import InputError
from geo.records.accounts import NewAccount
from geo.records.backup.create import backup
from geo.records.backup.restore import check_backup, restore
from geo.records.backup.snapshot import MANIFEST, Manifest, read_manifest
from geo.records.entries import NewAssessment, NewReport, NewVerification
from geo.records.model.errors import SchemaTooNewError, StoreError
from geo.records.store import Store, open_store

KINDS = ("assessment", "report", "verification")
REPORT = NewReport(day=date(2026, 1, 7), kind="other", channel="other", lon=105.79, lat=21.0, note="Chiếu sáng kém")


def level(day: int, name: str = "low") -> NewAssessment:
    return NewAssessment(site_id="HN-I-1", level=name, day=date(2026, 2, day), document=f"{day}/BC", office="UBND xã")


def fill(store: Store) -> str:
    """Entries of several kinds, a correction, a withdrawal, reports that retention removed, an account; a session."""
    first = store.add(level(1), ACTOR)
    store.add(level(2, "active"), ACTOR, corrects=first.id)
    row = store.add(REPORT, ACTOR)
    store.add(NewVerification(report_id=row.id, outcome="confirmed", day=date(2026, 2, 1)), ACTOR)
    store.withdraw("assessment", store.add(level(3), ACTOR).id, ACTOR, reason="Ghi nhầm")
    old = NewReport(day=date(2020, 5, 5), kind="other", channel="other", site_id="HN-I-4", chainage_m=12.5)
    store.add_reports([old] * 5, ACTOR, source="an old file")
    store.purge(date(2021, 1, 1), ACTOR)
    store.accounts.add(
        NewAccount(username="yen-hoa", password="nhiều từ rất dài", role="ward", office="UBND", wards=("00004",)), ACTOR
    )
    store.accounts.add_token("yen-hoa", "bản đồ", ACTOR)
    return store.accounts.open_session("yen-hoa")


@dataclass(frozen=True)
class Content:
    """Everything that a store returns."""

    version: str
    frames: dict[str, pd.DataFrame]
    accounts: tuple[object, ...]
    tokens: tuple[object, ...]


def content_of(store: Store) -> Content:
    frames = {kind: store.history(kind) for kind in KINDS}  # type: ignore[arg-type]
    frames |= {"audit": store.audit(10**6), "summaries": store.summaries()}
    return Content(store.version(), frames, store.accounts.all(), store.accounts.tokens("yen-hoa"))


def assert_alike(one: Content, other: Content) -> None:
    assert (one.version, one.accounts, one.tokens) == (other.version, other.accounts, other.tokens)
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a restore saves is saved here, also where the records are on a server."""
    monkeypatch.setenv("DIABAN_DATABASE_FILE", str(tmp_path / "records.sqlite"))


@pytest.fixture
def full(store: Store) -> Store:
    """A store with something of everything."""
    fill(store)
    return store


def test_a_restored_copy_equals_the_original(full: Store, url: str, tmp_path: Path, clock: Clock) -> None:
    file, before = tmp_path / "copy.backup", content_of(full)
    made = backup(file, url, now=clock)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.backup-*"))
    full.add(level(5, "complex"), ACTOR)
    restored = restore(file, url, now=clock)
    assert_alike(content_of(full), before)
    assert restored.manifest == made
    assert backup(tmp_path / "again.backup", url, now=clock).digest == made.digest


def test_what_was_there_before_is_kept_as_a_backup(full: Store, url: str, tmp_path: Path, clock: Clock) -> None:
    backup(tmp_path / "copy.backup", url, now=clock)
    full.add(level(5, "complex"), ACTOR)
    later = content_of(full)
    replaced = restore(tmp_path / "copy.backup", url, now=clock).replaced
    assert replaced is not None
    restore(replaced, url, now=clock)
    assert_alike(content_of(full), later)


def test_numbers_go_on_where_they_were(full: Store, url: str, tmp_path: Path, clock: Clock) -> None:
    backup(tmp_path / "copy.backup", url, now=clock)
    restore(tmp_path / "copy.backup", url, now=clock)
    with open_store(url, registers=REGISTERS, now=clock) as again:
        assert again.add(REPORT, ACTOR).id == 7  # 1 stands, 2 to 6 were removed by retention
        with pytest.raises(StoreError, match="append-only"), again.transaction() as write:
            write.connection.exec_driver_sql("UPDATE report SET note = ''")


def test_a_copy_lets_nobody_in(store: Store, url: str, tmp_path: Path, clock: Clock) -> None:
    session = fill(store)
    assert store.accounts.session(session) is not None
    backup(tmp_path / "copy.backup", url, now=clock)
    restore(tmp_path / "copy.backup", url, now=clock)
    assert store.accounts.session(session) is None


@pytest.mark.postgres
def test_records_move_between_the_databases(postgres: Callable[[], str], tmp_path: Path, clock: Clock) -> None:
    server, file = postgres(), f"sqlite:///{tmp_path / 'one.sqlite'}"
    with open_store(file, registers=REGISTERS, now=clock) as store:
        fill(store)
        before = content_of(store)
    first = backup(tmp_path / "one.backup", file, now=clock)
    restore(tmp_path / "one.backup", server, now=clock)
    with open_store(server, now=clock) as store:
        assert_alike(content_of(store), before)
    second = backup(tmp_path / "two.backup", server, now=clock)
    restore(tmp_path / "two.backup", f"sqlite:///{tmp_path / 'two.sqlite'}", now=clock)
    with open_store(f"sqlite:///{tmp_path / 'two.sqlite'}", now=clock) as store:
        assert_alike(content_of(store), before)
    assert first.digest == second.digest


def test_a_backup_holds_one_state_while_others_write(store: Store, url: str, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.add_reports([REPORT] * 7, ACTOR, source=f"batch {number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [backup(tmp_path / f"{number}.backup", url) for number in range(5)]
    finally:
        stop.set()
        writer.join()
    for number, made in enumerate(found):
        assert check_backup(tmp_path / f"{number}.backup") == made
        assert made.rows["report"] == 7 * made.rows["audit"] == 7 * int(made.version.split(".")[0])


# ---- files that are no sound backups


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records and a sound backup of them."""
    folder = tmp_path_factory.mktemp("source")
    url = f"sqlite:///{folder / 'source.sqlite'}"
    with open_store(url, registers=REGISTERS, now=Clock()) as store:
        fill(store)
    backup(folder / "copy.backup", url, now=Clock())
    return folder


@pytest.fixture
def file(source: Path, tmp_path: Path) -> Path:
    """A sound backup, beside its source."""
    for path in source.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / "copy.backup"


def change(file: Path, *statements: str) -> Manifest | None:
    """Change a backup by hand, past the triggers."""
    triggers = ("DROP TRIGGER IF EXISTS report_no_update", "DROP TRIGGER IF EXISTS audit_no_delete")
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in (*triggers, *statements):
        connection.executescript(statement)
    connection.close()
    return read_manifest(file)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE report SET note = 'Khác' WHERE id = 1", "rows are not what they were"),
        ("DELETE FROM audit WHERE id = 3", "not as many rows.*no audit line"),
        ("DELETE FROM diaban_backup", "is no backup of diaban"),
        ("CREATE TABLE more (x)", "other tables than its schema: more"),
        ("ALTER TABLE report ADD COLUMN name TEXT", "other tables than its schema: report"),
        ("UPDATE diaban_backup SET value = 'x' WHERE name = 'rows'", "is no backup of diaban"),
        ("PRAGMA ignore_check_constraints = ON; UPDATE report SET lon = NULL", "break the rules of its schema"),
        ("UPDATE data_version SET recorded_at = '2026-01-01 00:00:00.000000'", "newer than the data version"),
    ],
)
def test_a_changed_backup_is_refused(file: Path, tmp_path: Path, statement: str, what: str) -> None:
    change(file, statement)
    target = f"sqlite:///{tmp_path / 'target.sqlite'}"
    with pytest.raises(InputError, match=what):
        restore(file, target)
    assert not (tmp_path / "target.sqlite").exists()


def test_a_chain_that_was_bent_is_refused_even_with_a_new_digest(file: Path) -> None:
    from geo.records.backup.snapshot import digest, sqlite_url
    from geo.records.database.engine import make_engine, reading

    change(file, "DROP TRIGGER assessment_no_update", "UPDATE assessment SET root_id = 3 WHERE corrects_id = 1")
    engine = make_engine(sqlite_url(file))
    with reading(engine) as connection:
        found = digest(connection)
    engine.dispose()
    change(file, f"UPDATE {MANIFEST} SET value = '{found}' WHERE name = 'digest'", "PRAGMA journal_mode = DELETE")
    with pytest.raises(InputError, match="belongs to another chain"):
        check_backup(file)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.98])
def test_a_truncated_backup_is_refused(file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError, match=r"is no backup of diaban|is damaged"):
        check_backup(file)


def test_a_flipped_page_is_refused(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = content.rindex(b"Chi\xe1\xba\xbfu s\xc3\xa1ng")
    content[middle] ^= 0x01
    file.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"rows are not what they were|is damaged"):
        check_backup(file)


def test_a_backup_of_a_newer_diaban_is_refused_politely(file: Path) -> None:
    change(file, f"UPDATE {MANIFEST} SET value = '9999' WHERE name = 'schema'")
    with pytest.raises(SchemaTooNewError, match="upgrade diaban"):
        check_backup(file)


def test_other_files_are_neither_read_nor_overwritten(file: Path, tmp_path: Path) -> None:
    source, notes = tmp_path / "source.sqlite", tmp_path / "notes.txt"
    notes.write_text("notes")
    for path, what in ((source, "is the database itself"), (notes, "is no backup"), (tmp_path, "is no backup")):
        with pytest.raises(InputError, match=what):
            backup(path, f"sqlite:///{source}")
    for path in (notes, source, tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError, match="is no backup of diaban"):
            restore(path, f"sqlite:///{source}")
    assert notes.read_text() == "notes"
    backup(file, f"sqlite:///{source}")  # an older backup is replaced


def test_without_records_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not there"):
        backup(tmp_path / "copy.backup", f"sqlite:///{tmp_path / 'absent.sqlite'}")
    assert not list(tmp_path.iterdir())


# ---- what is restored over


@pytest.mark.parametrize("state", ["damaged", "newer"])
def test_a_database_that_can_not_be_read_is_set_aside(file: Path, tmp_path: Path, clock: Clock, state: str) -> None:
    place = tmp_path / "source.sqlite"
    if state == "damaged":
        place.write_bytes(b"SQLite format 3\0" + b"\x13" * 5000)
    else:
        with sqlite3.connect(place) as connection:
            connection.execute("UPDATE diaban_schema SET version_num = '9999'")
        connection.close()
    was = place.read_bytes()
    restored = restore(file, f"sqlite:///{place}", now=clock)
    assert restored.replaced is not None
    assert restored.replaced.read_bytes() == was
    with open_store(f"sqlite:///{place}") as store:
        assert len(store.history("report")) == 1


def test_a_restore_into_a_new_file_keeps_nothing(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "new" / "records.sqlite"
    assert restore(file, f"sqlite:///{place}").replaced is None
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    with open_store(f"sqlite:///{place}") as store:
        assert len(store.history("report")) == 1


@pytest.mark.postgres
def test_a_restore_that_dies_leaves_the_numbers_of_a_server_too(
    postgres: Callable[[], str], file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.records.backup import restore_postgres as restore_server

    def die(*_: object) -> None:
        raise RuntimeError("died before the commit")

    server = postgres()
    with open_store(server, registers=REGISTERS, now=clock) as store:
        rows = [store.add(REPORT, ACTOR).id for _ in range(20)]
        monkeypatch.setattr(restore_server, "_compare", die)
        with pytest.raises(RuntimeError, match="died"):
            restore(file, server, now=clock)
        assert store.add(REPORT, ACTOR).id == rows[-1] + 1
