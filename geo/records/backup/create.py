"""A backup: all records in one file, made while writing goes on, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import importlib.metadata
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine

from geo.errors import InputError, Problem
from geo.files import place_beside, reason_of
from geo.records.backup.snapshot import (
    Manifest,
    Progress,
    copy_rows,
    digest,
    make_empty,
    read_manifest,
    settle,
    sqlite_url,
    write_manifest,
)
from geo.records.database.engine import database_url, explained, make_engine, reading, shown, writing
from geo.records.database.migrate import refuse_newer, schema_version
from geo.records.ledger import write_transaction as ledger
from geo.records.model.errors import StoreError
from geo.records.store import Clock, utc_now


def backup(
    path: str | os.PathLike[str], url: str | None = None, *, now: Clock = utc_now, progress: Progress | None = None
) -> Manifest:
    """Write all records of `url` (as `open_store` chooses it) to the file `path`, whole or not at all.

    The file is an SQLite database of the schema that the records have, readable by its owner alone. It holds one state
    of the records, whatever is written meanwhile, and no browser session. An older backup at `path` is replaced;
    any other file there is refused. `progress` is called with the number of rows copied so far.

    Raises
    ------
    InputError
        `path` is another file than a backup, or can't be written.
    StoreError
        There are no records, they can't be read, or a newer diaban wrote them.
    """
    source, target = database_url(url), Path(path)
    _refuse_overwriting(source, target)
    _refuse_absent(source)
    engine = make_engine(source)
    try:
        with explained(source):
            return _written(engine, target, now, progress)
    except OSError as error:
        raise InputError(Problem("records.backup-not-written", str(target), reason=reason_of(error))) from error
    finally:
        engine.dispose()


def _written(engine: Engine, target: Path, now: Clock, progress: Progress | None) -> Manifest:
    revision = schema_version(engine)
    if revision is None:
        raise StoreError(Problem("records.nothing-to-back-up", shown(engine.url)))
    refuse_newer(revision, str(engine.url.database))
    try:
        return write_copy(engine, target, revision, now(), progress)
    except BlockingIOError as error:
        raise InputError(Problem("records.backup-running", str(target))) from error


def write_copy(
    engine: Engine,
    target: Path,
    revision: str,
    moment: datetime,
    progress: Progress | None = None,
    *,
    beside: Path | None = None,
) -> Manifest:
    """As `make_copy`, but beside `target`, and renamed into its place when it is whole; errors as `place_beside`.

    `beside` is what the place beside is named after, where the name of the `target` is another one each time.
    """
    with place_beside(beside or target) as folder:
        partial = folder / "copy.sqlite"
        made = make_copy(engine, partial, revision, moment, progress)
        settle(partial)
        partial.replace(target)
        _sync_folder(target.parent)
    return made


def make_copy(
    engine: Engine, path: Path, revision: str, moment: datetime, progress: Progress | None = None
) -> Manifest:
    """Copy the records of an engine, of schema `revision`, to a new SQLite file; what the copy says of itself."""
    copy = make_empty(path, revision)
    try:
        with explained(sqlite_url(path)), writing(copy) as target:
            with explained(engine.url), reading(engine) as source:
                rows = copy_rows(source, target, progress)
                version = ledger.current_version(source)[0]
            made = Manifest(moment, _own_version(), revision, version, digest(target), rows)
            write_manifest(target, made)
    finally:
        copy.dispose()
    return made


def _own_version() -> str:
    """The version of diaban that is installed; read from its metadata, since `geo` itself stands above the records."""
    try:
        return importlib.metadata.version("diaban")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _refuse_absent(source: URL) -> None:
    """A backup makes no database: without a file there is nothing to copy."""
    if source.get_backend_name() == "sqlite" and not Path(str(source.database)).is_file():
        raise StoreError(Problem("records.database-absent", str(source.database)))


def _refuse_overwriting(source: URL, target: Path) -> None:
    if not target.exists():
        return
    same = source.get_backend_name() == "sqlite" and target.resolve() == Path(str(source.database)).resolve()
    if same or target.is_dir() or read_manifest(target) is None:
        raise InputError(Problem("records.is-database" if same else "records.is-other-file", str(target)))


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
