"""What `diaban doctor` looks at: each look changes nothing, and says what it found and how to mend it."""

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
from typing import TYPE_CHECKING

from geo.errors import DiabanError

if TYPE_CHECKING:
    from sqlalchemy import Engine

LIBRARIES = ("shapely", "geopandas", "pyproj", "pyogrio", "sqlalchemy", "psycopg", "fastapi", "typst")
LITTLE_SPACE, TOO_LITTLE_SPACE = 500_000_000, 50_000_000
"""Bytes of free space below which the doctor warns, and below which writing is about to fail."""
_CLOCK_SLACK = timedelta(minutes=5)


class State(StrEnum):
    """How a thing is: `fine`, `optional` (something is missing that few need), `soon` trouble, `broken`."""

    FINE = "fine"
    OPTIONAL = "optional"
    SOON = "soon"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its name, how it is, what was found, and the remedy where one is needed."""

    name: str
    state: State
    found: str
    remedy: str = ""


def examine() -> tuple[Finding, ...]:
    """Everything that diaban needs on this machine, in the order in which it needs it."""
    return tuple(finding for look in _LOOKS for finding in _safely(look))


def _safely(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a look; what it stumbles over is a finding too."""
    try:
        yield from look()
    except DiabanError as error:
        for problem in error.problems[:5]:
            found = f"{problem.where}: {problem.what}" if problem.where else problem.what
            yield Finding(look.__name__.strip("_"), State.BROKEN, found, problem.remedy)


def _versions() -> Iterator[Finding]:
    from geo import __version__

    told = f"{__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Finding("diaban", State.FINE, told)
    found: list[str] = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("library", State.BROKEN, f"{name} is not installed", "install diaban again: make setup")
    yield Finding("libraries", State.FINE, ", ".join(found))


def _data() -> Iterator[Finding]:
    from geo import settings
    from geo.records.model.vocabulary import vocabulary
    from geo.reference.programmes import load_programmes
    from geo.reference.sites import load_sites
    from geo.reference.wards import load_wards

    yield Finding("data folder", State.FINE, str(settings.data_dir()))
    wards = load_wards()
    by_city = ", ".join(f"{count} of {code}" for code, count in wards["province_code"].value_counts(sort=False).items())
    yield Finding("wards", State.FINE, f"{len(wards)} ({by_city}), {_hash(settings.wards_file())}")
    yield Finding("sites", State.FINE, f"{len(load_sites())}, {_hash(settings.sites_file())}")
    yield Finding("programmes", State.FINE, ", ".join(programme.id for programme in load_programmes()))
    yield Finding("vocabulary", State.FINE, f"{sum(len(terms) for terms in vocabulary().groups.values())} terms")


def _database() -> Iterator[Finding]:
    from geo.records.database.engine import database_url, make_engine

    url = database_url()
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        yield _writable("database", _nearest(Path(str(url.database)).parent), "not there yet; the first entry makes it")
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
            yield Finding("database", State.FINE, f"{place}: reached, without tables yet; the first start makes them")
            return
        refuse_newer(revision, place)
        yield Finding("database", State.FINE, f"{place}: reached, schema {revision}")
        if revision != HEAD:
            remedy = "take a backup now: diaban backup FILE"
            yield Finding("schema", State.SOON, f"the next start brings it from {revision} to {HEAD}", remedy)
        yield from _writing(engine)
        yield from _records(engine)


def _writing(engine: Engine) -> Iterator[Finding]:
    """Take the place of a writer and give it back without writing."""
    from geo.records.database.engine import writing

    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            connection.exec_driver_sql("UPDATE data_version SET counter = counter WHERE 0")
            found, state = f"a writer gets its turn, journal {mode}", State.FINE if mode == "wal" else State.SOON
        else:
            server = connection.exec_driver_sql("SHOW server_version").scalar()
            reading = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
            found, state = f"PostgreSQL {server}", State.BROKEN if reading else State.FINE
    remedy = "" if state is State.FINE else "put the database where it can be written, on a local disk"
    yield Finding("writing", state, found, remedy)


def _records(engine: Engine) -> Iterator[Finding]:
    from geo.records.database.engine import reading
    from geo.records.ledger import write_transaction as ledger

    with reading(engine) as connection:
        number, last = ledger.current_version(connection)
    yield Finding("records", State.FINE, f"data version {number}, last entry {last:%Y-%m-%d %H:%M} UTC")
    if last > datetime.now(UTC) + _CLOCK_SLACK:
        found = f"the last entry is of {last:%Y-%m-%d %H:%M} UTC, which is yet to come by this machine's clock"
        yield Finding("clock", State.SOON, found, "set the clock, for example with systemd-timesyncd or chrony")


def _letters() -> Iterator[Finding]:
    from geo.output.dossier.writers import fonts

    family = fonts.family()
    if family == fonts.FALLBACK:
        remedy = "put Liberation Serif 2 (package fonts-liberation) into a folder and name it in DIABAN_FONTS"
        yield Finding("fonts", State.SOON, f"documents are set in {family}, of other widths", remedy)
    else:
        yield Finding("fonts", State.FINE, f"documents are set in {family}, with every Vietnamese letter")


def _programs() -> Iterator[Finding]:
    """Nothing that diaban makes needs these; they open and test it."""
    for name, programs, use, package in (
        ("Chromium", ("chromium", "chromium-browser", "google-chrome"), "to test maps", "chromium"),
        ("LibreOffice", ("soffice", "libreoffice"), "to open documents here", "libreoffice-writer"),
    ):
        place = next((found for found in map(shutil.which, programs) if found), None)
        if place:
            yield Finding(name, State.FINE, place)
        else:
            yield Finding(name, State.OPTIONAL, f"not installed; only needed {use}", f"apt-get install {package}")


def _folders() -> Iterator[Finding]:
    from geo import settings
    from geo.records.database.engine import default_file

    yield _writable("cache", _nearest(settings.cache_dir()), "DIABAN_CACHE_DIR", needed=False)
    yield _writable("data of the user", _nearest(default_file().parent), "DIABAN_DATABASE_FILE")
    yield _writable("temporary files", Path(tempfile.gettempdir()), "TMPDIR")


def _writable(name: str, folder: Path, hint: str, *, needed: bool = True) -> Finding:
    """Whether a file can be made in a folder, and how much room there is."""
    worst = State.BROKEN if needed else State.SOON
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        remedy = "give this user the right to write there, or choose another folder"
        return Finding(name, worst, f"{folder}: {error.strerror or error} ({hint})", remedy)
    told = f"{folder}: writable, {free / 1e9:.1f} GB free ({hint})"
    if free >= LITTLE_SPACE:
        return Finding(name, State.FINE, told)
    return Finding(name, worst if free < TOO_LITTLE_SPACE else State.SOON, told, "make room on this disk")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: where it would be made."""
    for place in (folder, *folder.absolute().parents):
        if place.exists():
            return place
    return Path(os.sep)


def _hash(path: Path) -> str:
    return f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}…"


_LOOKS = (_versions, _data, _database, _letters, _programs, _folders)
