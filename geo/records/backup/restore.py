"""A backup put back: checked from all sides first, and then in one step, so that a death on the way loses nothing."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from geo.errors import Problem
from geo.files import reason_of, scratch
from geo.i18n.message import Message
from geo.records.backup.create import write_copy
from geo.records.backup.restore_postgres import into_server
from geo.records.backup.snapshot import (
    Manifest,
    broken_chains,
    columns_of,
    copy_rows,
    digest,
    explained_file,
    make_empty,
    read_manifest,
    read_only,
    refused,
    settle,
    sqlite_url,
)
from geo.records.database.chain_check import ChainState, check_chain
from geo.records.database.engine import BUSY_SECONDS, database_url, default_file, explained, make_engine, shown, writing
from geo.records.database.migrate import ensure_schema, refuse_newer, schema_version
from geo.records.model.errors import SchemaTooNewError, StoreBusyError, StoreError
from geo.records.store import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `replaced`: the file that holds what was there before, None where there was nothing."""

    manifest: Manifest
    replaced: Path | None


def check_backup(path: str | os.PathLike[str], *, broken_chain: bool = False) -> Manifest:
    """What a backup holds, after checks from all sides; changes nothing.

    Its pages are whole, its schema is one that this diaban knows, every row fits that schema, the digest over all rows
    is the one it was given when it was made, the append-only order holds, and so does the hash chain, unless a
    `broken_chain` is accepted: that of records that somebody changed before the backup was made.

    Raises
    ------
    InputError
        It is no backup, or damaged, or was changed.
    SchemaTooNewError
        A newer diaban made it.
    """
    with scratch() as folder:
        return _sound_copy(Path(path), folder / "copy.sqlite", broken_chain=broken_chain)


def chain_of(path: str | os.PathLike[str]) -> ChainState | None:
    """How the hash chain of a backup stands; None where its schema had none yet."""
    with _backup_opened(Path(path)) as connection:
        return check_chain(connection)


def restore(
    path: str | os.PathLike[str], url: str | None = None, *, now: Clock = utc_now, broken_chain: bool = False
) -> Restored:
    """Put a backup in the place of the records of `url`, after `check_backup`; an older schema is brought to `HEAD`.

    What was there before is saved as a backup beside the database (PostgreSQL: in the folder of the default file). A
    file that can't be read any more, or that a newer diaban wrote, is set aside under another name. All sessions end.

    Raises
    ------
    InputError, SchemaTooNewError
        As `check_backup`; nothing was changed.
    StoreError
        The database can't be written; what was there before is still there.
    """
    target = database_url(url)
    with scratch() as folder:
        copy = folder / "copy.sqlite"
        manifest = _sound_copy(Path(path), copy, broken_chain=broken_chain)
        _upgrade(copy)
        replaced = _save_present(target, now())
        place = _into_file if target.get_backend_name() == "sqlite" else into_server
        place(copy, target)
    return Restored(manifest, replaced)


def _sound_copy(path: Path, copy: Path, *, broken_chain: bool) -> Manifest:
    """The rows of a backup in a new file with diaban's own schema: what the backup's schema says is not believed."""
    manifest = read_manifest(path)
    if manifest is None:
        raise refused(path, "records.no-backup")
    refuse_newer(manifest.schema, str(path))
    _check_pages(path)
    engine = make_empty(copy, manifest.schema)
    try:
        with explained(sqlite_url(copy)), writing(engine) as target, _backup_opened(path) as source:
            _check_tables(path, source, target)
            rows = _copied(path, source, target)
            chain = None if broken_chain else check_chain(target)
            _check_content(path, manifest, rows, target, chain)
    finally:
        engine.dispose()
    return manifest


def _check_pages(path: Path) -> None:
    try:
        with read_only(path) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise refused(path, "records.backup-damaged", reason=found.splitlines()[0])


@contextmanager
def _backup_opened(path: Path) -> Iterator[Connection]:
    """The backup through SQLAlchemy, read-only and without a journal."""
    from sqlalchemy import create_engine, pool

    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite+pysqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA trusted_schema = OFF")
        yield connection


def _check_tables(path: Path, source: Connection, target: Connection) -> None:
    held, wanted = columns_of(source), columns_of(target)
    if held != wanted:
        odd = sorted(name for name in {*held, *wanted} if held.get(name) != wanted.get(name))
        raise refused(path, "records.backup-other-tables", tables=odd)


def _copied(path: Path, source: Connection, target: Connection) -> dict[str, int]:
    try:
        return copy_rows(source, target)
    except StoreError as error:
        if error.problems[0].code in ("records.disk-full", "records.database-not-opened"):
            raise
        cause = Message(error.problems[0].code, **error.problems[0].parameters)
        raise refused(path, "records.backup-breaks-rules", cause=cause) from error


def _check_content(
    path: Path, manifest: Manifest, rows: dict[str, int], target: Connection, chain: ChainState | None
) -> None:
    faults = [*broken_chains(target), *(chain.faults if chain is not None else ())]
    if rows != manifest.rows:
        faults.insert(0, Message("records.rows-counted-otherwise"))
    elif digest(target) != manifest.digest:
        faults.insert(0, Message("records.rows-changed"))
    if faults:
        raise refused(path, "records.backup-unsound", faults=faults)


def _upgrade(copy: Path) -> None:
    engine = make_engine(sqlite_url(copy))
    with explained(engine.url):
        ensure_schema(engine)
    engine.dispose()
    settle(copy)


# ---- what is there now


def _save_present(target: URL, moment: datetime) -> Path | None:
    """Save what is there before it is replaced; where that is, None where nothing was."""
    in_file = target.get_backend_name() == "sqlite"
    place = Path(str(target.database)) if in_file else default_file()
    if in_file and (not place.exists() or place.stat().st_size == 0):
        return None
    name = f"{place.stem}.before-restore-{moment:%Y%m%dT%H%M%S}"
    engine = make_engine(target)
    try:
        return _copy_present(engine, _free(place.with_name(f"{name}.sqlite")), moment)
    except StoreError as error:
        if not in_file or isinstance(error, StoreBusyError) or not _unreadable(place, error):
            raise
        engine.dispose()
        return _set_aside(place, _free(place.with_name(f"{name}.damaged")))
    finally:
        engine.dispose()


def _copy_present(engine: Engine, path: Path, moment: datetime) -> Path | None:
    with explained(engine.url):
        revision = schema_version(engine)
        if revision is None:
            return None
        refuse_newer(revision, shown(engine.url))
        try:
            write_copy(engine, path, revision, moment, beside=path.with_name("before-restore"))
        except OSError as error:
            raise StoreError(Problem("records.present-not-saved", str(path), reason=reason_of(error))) from error
    return path


def _unreadable(place: Path, error: StoreError) -> bool:
    """Whether the file itself is the trouble, and not the disk or its permissions."""
    if isinstance(error, SchemaTooNewError):
        return True
    try:
        connection = sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True)
        sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        connection.close()
    except sqlite3.DatabaseError:
        return True
    return not sound


def _set_aside(place: Path, aside: Path) -> Path:
    """Move a file that can't be used out of the way, with its journals."""
    for ending in ("-wal", "-shm"):
        journal = place.with_name(place.name + ending)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + ending))
    place.rename(aside)
    return aside


def _free(path: Path) -> Path:
    """The path, or the first like it that is not taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


# ---- into its place


def _into_file(copy: Path, target: URL) -> None:
    """Write the pages of the copy into the SQLite file, as one transaction that other processes may be waiting for."""
    place = Path(str(target.database))
    make_engine(target).dispose()  # makes folder and file, for its owner alone
    deadline = time.monotonic() + BUSY_SECONDS

    def watch(_: int, remaining: int, __: int) -> None:
        if remaining and time.monotonic() > deadline:
            raise StoreBusyError(Problem("records.restore-busy", str(place)))

    with explained_file(place):
        source, live = sqlite3.connect(copy), sqlite3.connect(place, isolation_level=None)
        try:
            live.execute("PRAGMA synchronous = FULL")
            live.execute("PRAGMA journal_mode = WAL")
            source.backup(live, progress=watch, sleep=0.05)
        finally:
            live.close()
            source.close()
