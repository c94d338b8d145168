"""The schema: from nothing, again, under a race, from a newer version, after a failure in the middle."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from geo.records.database import migrate
from geo.records.database.engine import database_url, make_engine, reading, writing
from geo.records.database.migrations import HEAD, VERSION_TABLE
from geo.records.kinds.registry import metadata
from geo.records.model.errors import DowngradeRefusedError, SchemaTooNewError, StoreError
from geo.records.store import Store, open_store


def test_head_is_the_newest_step_and_the_steps_are_one_line() -> None:
    scripts = ScriptDirectory.from_config(migrate.config())
    assert scripts.get_heads() == [HEAD]
    assert len(scripts.get_bases()) == 1


def test_the_migrated_schema_is_what_the_models_say(store: Store) -> None:
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    with reading(store._engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata()) == []


def test_opening_again_changes_nothing(store: Store, url: str) -> None:
    before = store.version()
    with open_store(url) as again:
        assert migrate.schema_version(again._engine) == HEAD
        assert again.version() == before


def test_several_that_open_an_empty_database_at_once_migrate_it_once(url: str) -> None:
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            open_store(url).close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_store(url) as store:
        assert store.version() == "0.0"


def test_a_newer_schema_is_refused_and_left_alone(store: Store, url: str) -> None:
    with writing(store._engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="schema 9999, newer than this diaban"):
        open_store(url)
    assert migrate.schema_version(store._engine) == "9999"


def test_going_back_is_refused(store: Store) -> None:
    with pytest.raises(DowngradeRefusedError, match="would lose records"):
        migrate.downgrade(store._engine, "base")


def test_tables_of_another_program_are_left_alone(url: str) -> None:
    engine = make_engine(database_url(url))
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE report (x integer)"))
    with pytest.raises(StoreError, match="another program: report"):
        open_store(url)
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["report"]
    engine.dispose()


def test_a_step_that_fails_leaves_the_schema_as_it_was(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.records.model import tables as models

    # `data_version` is made late in the first step: a table of that name that another wrote meanwhile stops it there.
    monkeypatch.setattr(migrate, "_refuse_strangers", lambda connection, found: None)
    engine = make_engine(database_url(url))
    with writing(engine) as connection:
        connection.execute(text(f"CREATE TABLE {models.DataVersion.__tablename__} (x integer)"))
    with pytest.raises(StoreError, match="already exists"):
        open_store(url)
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["data_version"]
    engine.dispose()
