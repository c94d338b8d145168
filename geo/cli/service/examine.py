"""What `diaban doctor` examines: no check changes anything; each says what it found and how to correct it."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import settings
from geo.errors import DiabanError, Problem
from geo.files import reason_of
from geo.i18n.catalogue import find
from geo.i18n.language import current
from geo.i18n.message import Message

if TYPE_CHECKING:
    from sqlalchemy import Engine

LIBRARIES = ("shapely", "geopandas", "pyproj", "pyogrio", "sqlalchemy", "psycopg", "fastapi", "typst")
LITTLE_SPACE, TOO_LITTLE_SPACE = 500_000_000, 50_000_000
"""Bytes of free space below which the doctor warns, and below which writing is about to fail."""
_MOST_SHOWN = 12
_CLOCK_SLACK = timedelta(minutes=5)


class State(StrEnum):
    """How a thing is: `fine`, `optional` (something is missing that few need), `soon` trouble, `broken`."""

    FINE = "fine"
    OPTIONAL = "optional"
    SOON = "soon"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined: its name, how it is, what was found, and the remedy where one is needed."""

    name: str
    state: State
    found: Message | str
    remedy: Message | str = ""

    def record(self) -> dict[str, str]:
        """As JSON holds it, in the language of the command."""
        return {"name": self.name, "state": self.state, "found": str(self.found), "remedy": str(self.remedy)}


def _finding(name: str, state: State, key: str, /, **parameters: Any) -> Finding:
    """A finding whose texts are `cli.doctor.<key>` and, where there is one, `cli.doctor.<key>.remedy`."""
    code = f"cli.doctor.{key}"
    has_remedy = find(current(), f"{code}.remedy") is not None
    remedy = Message(f"{code}.remedy", **parameters) if has_remedy else ""
    return Finding(name, state, Message(code, **parameters), remedy)


def examine() -> tuple[Finding, ...]:
    """Everything that diaban needs on this machine, in the order in which it needs it."""
    return tuple(finding for check in _CHECKS for finding in _safely(check))


def _safely(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; an error of it is a finding too."""
    try:
        yield from check()
    except DiabanError as error:
        name = check.__name__.strip("_")
        yield from (_broken(name, problem) for problem in error.problems[:5])


def _broken(name: str, problem: Problem, state: State = State.BROKEN) -> Finding:
    found = f"{problem.where}: {problem.what}" if problem.where else problem.what
    return Finding(name, state, found, problem.remedy)


def _versions() -> Iterator[Finding]:
    from geo import __version__

    machine = f"{platform.system()} {platform.machine()}"
    python = platform.python_version()
    yield _finding("diaban", State.FINE, "version", version=__version__, python=python, machine=machine)
    found: list[str] = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield _finding("library", State.BROKEN, "no-library", name=name)
    yield Finding("libraries", State.FINE, ", ".join(found))


def _settings() -> Iterator[Finding]:
    """Variables that mean nothing, or can't be used."""
    from geo.records.database import audit_shipping

    unknown = settings.unknown()
    yield from (_broken("settings", problem, State.SOON) for problem in unknown)
    settings.environment()
    audit_shipping.is_on()
    if not unknown:
        count = sum(settings.is_set(variable.variable) for variable in settings.TABLE.values())
        yield _finding("settings", State.FINE, "settings", count=count)


def _data() -> Iterator[Finding]:
    from geo.records.model.vocabulary import vocabulary
    from geo.reference.programmes import load_programmes
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards

    yield Finding("data folder", State.FINE, str(settings.data_dir()))
    wards = load_wards()
    counts = wards["province_code"].value_counts(sort=False).items()
    by_city = [Message("cli.doctor.of-province", count=int(count), code=str(code)) for code, count in counts]
    digest = _hash(settings.wards_file())
    yield _finding("wards", State.FINE, "wards", count=len(wards), by_city=by_city, digest=digest)
    yield Finding("sites", State.FINE, f"{len(load_sites())}, {_hash(settings.sites_file())}")
    yield Finding("programmes", State.FINE, ", ".join(programme.id for programme in load_programmes()))
    terms = sum(len(terms) for terms in vocabulary().groups.values())
    yield _finding("vocabulary", State.FINE, "vocabulary", count=terms)


def _database() -> Iterator[Finding]:
    from geo.records.database.engine import database_url, make_engine

    url = database_url()
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        yield _writable("database", _nearest(Path(str(url.database)).parent), Message("cli.doctor.no-database-yet"))
        return
    engine = make_engine(url)
    try:
        yield from _open_database(engine)
    finally:
        engine.dispose()


def _open_database(engine: Engine) -> Iterator[Finding]:
    from geo.records.database.engine import explained
    from geo.records.database.migrate import refuse_newer, schema_version
    from geo.records.database.migrations import HEAD

    with explained(engine.url):
        revision = schema_version(engine)
        place = engine.url.render_as_string()
        if revision is None:
            yield _finding("database", State.FINE, "no-tables-yet", place=place)
            return
        refuse_newer(revision, place)
        yield _finding("database", State.FINE, "reached", place=place, schema=str(revision))
        if revision != HEAD:
            yield _finding("schema", State.SOON, "old-schema", old=str(revision), new=str(HEAD))
        yield from _writing(engine)
        yield from _records(engine)
        if revision == HEAD:
            yield from _changed_files(engine)


def _writing(engine: Engine) -> Iterator[Finding]:
    """Take the place of a writer and give it back without writing."""
    from geo.records.database.engine import writing

    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            connection.exec_driver_sql("UPDATE data_version SET counter = counter WHERE 0")
            state = State.FINE if mode == "wal" else State.SOON
            found: Message | str = Message("cli.doctor.sqlite-writing", mode=str(mode))
        else:
            server = connection.exec_driver_sql("SHOW server_version").scalar()
            reading = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
            found, state = f"PostgreSQL {server}", State.BROKEN if reading else State.FINE
    yield Finding("writing", state, found, "" if state is State.FINE else Message("cli.doctor.not-writable"))


def _records(engine: Engine) -> Iterator[Finding]:
    from geo.records.database.chain_check import check_chain
    from geo.records.database.engine import reading
    from geo.records.ledger import write_transaction as ledger

    with reading(engine) as connection:
        number, last = ledger.current_version(connection)
        chain = check_chain(connection)
    yield _finding("records", State.FINE, "records", version=str(number), moment=last)
    if last > datetime.now(UTC) + _CLOCK_SLACK:
        yield _finding("clock", State.SOON, "clock", moment=last)
    if chain is not None:
        values = {"count": chain.links, "head": chain.head, "moment": chain.begun_at, "before": chain.begun_with}
        if not chain.faults:
            yield _finding("hash-chain", State.FINE, "hash-chain", **values)
        remedy = Message("cli.doctor.hash-chain-broken.remedy")
        yield from (Finding("hash-chain", State.BROKEN, fault, remedy) for fault in chain.faults)


def _changed_files(engine: Engine) -> Iterator[Finding]:
    """Files of the data set that say something else than what is recorded, once they are recorded at all."""
    from geo.records.changed_files import changed_files
    from geo.records.store import Store

    store = Store(engine)
    if not store.rows("site_version", ("id",)):
        return
    changed = changed_files(store)
    subjects = [change.subject for change in changed]
    if not changed:
        yield _finding("registers", State.FINE, "files-as-recorded")
        return
    yield _finding("registers", State.SOON, "files-changed", count=len(changed), subjects=subjects[:_MOST_SHOWN])


def _letters() -> Iterator[Finding]:
    from geo.output.dossier.writers import fonts

    family = fonts.family()
    if family == fonts.FALLBACK:
        yield _finding("fonts", State.SOON, "other-fonts", family=family)
    else:
        yield _finding("fonts", State.FINE, "fonts", family=family)


def _programs() -> Iterator[Finding]:
    """Nothing that diaban makes needs these; they open and test it."""
    for name, programs, use, package in (
        ("Chromium", ("chromium", "chromium-browser", "google-chrome"), "for-maps", "chromium"),
        ("LibreOffice", ("soffice", "libreoffice"), "for-documents", "libreoffice-writer"),
    ):
        place = next((found for found in map(shutil.which, programs) if found), None)
        if place:
            yield Finding(name, State.FINE, place)
        else:
            yield _finding(name, State.OPTIONAL, f"not-installed-{use}", package=package)


def _folders() -> Iterator[Finding]:
    cache, file = settings.TABLE["cache_dir"].variable, settings.TABLE["database_file"].variable
    yield _writable("cache", _nearest(settings.cache_dir()), cache, worst=State.SOON)
    yield _writable("user-data", _nearest(settings.database_file().parent), file)
    yield _writable("temporary-files", Path(tempfile.gettempdir()), "TMPDIR")


def _writable(name: str, folder: Path, hint: Message | str, *, worst: State = State.BROKEN) -> Finding:
    """Whether a file can be made in a folder, and how much room there is."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return _finding(name, worst, "folder-not-writable", folder=str(folder), reason=reason_of(error), hint=hint)
    values: dict[str, Any] = {"folder": str(folder), "gigabytes": round(free / 1e9, 1), "hint": hint}
    if free >= LITTLE_SPACE:
        return _finding(name, State.FINE, "folder", **values)
    return _finding(name, worst if free < TOO_LITTLE_SPACE else State.SOON, "full-folder", **values)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: where it would be made."""
    for place in (folder, *folder.absolute().parents):
        if place.exists():
            return place
    return Path(os.sep)


def _hash(path: Path) -> str:
    return f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}…"


_CHECKS = (_versions, _settings, _data, _database, _letters, _programs, _folders)
