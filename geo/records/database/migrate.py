"""Brings a database to the schema of this version, safely from several processes at once.

All steps run in one transaction, under a lock: a process that dies in the middle leaves the old schema, whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from geo.errors import Problem
from geo.records.database.engine import reading, writing
from geo.records.database.migrations import HEAD, VERSION_TABLE
from geo.records.kinds.registry import metadata
from geo.records.model.errors import DowngradeRefusedError, SchemaTooNewError, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

# Any fixed number that other programs in the same PostgreSQL are unlikely to use: 'diaban' in ASCII.
_ADVISORY_LOCK = 0x64696162616E


def schema_version(engine: Engine) -> str | None:
    """The schema that the database has, None when it is empty."""
    with reading(engine) as connection:
        return _found(connection)


def ensure_schema(engine: Engine) -> None:
    """Migrate the database to `HEAD`; does nothing when it is there already.

    Raises
    ------
    SchemaTooNewError
        A newer diaban wrote the database.
    StoreError
        The database already holds tables of these names that are not diaban's.
    """
    if schema_version(engine) == HEAD:
        return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        found = _found(connection)  # again: another process may have migrated while this one waited
        if found == HEAD:
            return
        _refuse_strangers(connection, found)
        from alembic import command

        command.upgrade(config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Never done.

    Raises
    ------
    DowngradeRefusedError
        Always: an older schema has no place for newer records.
    """
    raise DowngradeRefusedError(Problem("records.no-downgrade", str(engine.url.database), revision=revision))


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made from the package itself, so that it works from an installed wheel."""
    from alembic.config import Config

    made = Config()
    folder = Path(__file__).parent / "migrations"
    made.set_main_option("script_location", str(folder).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return version


def _refuse_strangers(connection: Connection, found: str | None) -> None:
    if found is None:
        taken = sorted(set(inspect(connection).get_table_names()) & set(metadata().tables))
        if taken:
            raise StoreError(Problem("records.foreign-tables", str(connection.engine.url.database), tables=taken))
        return
    refuse_newer(found, str(connection.engine.url.database))


def known_revisions() -> frozenset[str]:
    """The schemas that this diaban knows: it can read all of them, and brings them to `HEAD`."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def refuse_newer(found: str, where: str) -> None:
    """Refuse a schema that this diaban does not know; raises `SchemaTooNewError`, naming `where` it was found."""
    if found not in known_revisions():
        raise SchemaTooNewError(Problem("records.newer-schema", where, found=found, known=HEAD))
