"""The hash chain: whole under parallel writers and after retention; whatever was changed past the records is named."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import ACTOR, REGISTERS, Clock
from sqlalchemy.exc import DBAPIError

from geo.errors import InputError
from geo.records.backup.create import backup
from geo.records.backup.restore import chain_of, check_backup, restore
from geo.records.backup.snapshot import read_manifest, settle
from geo.records.database.chain_check import ChainState, check_chain
from geo.records.database.engine import reading
from geo.records.database.hash_chain import encoded
from geo.records.entries import NewAssessment, NewReport, NewVerification
from geo.records.store import Store, open_store

OLD = NewReport(day=date(2020, 5, 5), kind="other", channel="other", site_id="HN-I-4", chainage_m=12.5)
RELEASED = Path(__file__).parent / "released"


def level(day: int, name: str = "low") -> NewAssessment:
    return NewAssessment(site_id="HN-I-1", level=name, day=date(2026, 2, day), document=f"{day}/BC", office="UBND xã")


def state(store: Store) -> ChainState:
    with reading(store._engine) as connection:
        found = check_chain(connection)
    assert found is not None
    return found


def faults(store: Store) -> list[str]:
    return [str(fault) for fault in state(store).faults]


def tamper(store: Store, *statements: str) -> None:
    """Change rows as somebody does who may do anything with the database: without its triggers."""
    with store._engine.begin() as connection:
        if store.in_file:
            listed = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in connection.exec_driver_sql(listed).scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in ("report", "audit"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


def fill(store: Store) -> None:
    """Two levels with a correction, six reports of which retention removed five, a verification, lines of the audit."""
    first = store.add(level(1), ACTOR)
    store.add(level(2, "active"), ACTOR, corrects=first.id)
    row = store.add(NewReport(day=date(2026, 1, 7), kind="other", channel="other", lon=105.79, lat=21.0), ACTOR)
    store.add(NewVerification(report_id=row.id, outcome="confirmed", day=date(2026, 2, 1)), ACTOR)
    store.add_reports([OLD] * 5, ACTOR, source="an old file")
    store.purge(date(2021, 1, 1), ACTOR)
    store.accounts.note(ACTOR, "audit.read", "audit")


@pytest.fixture
def full(store: Store) -> Store:
    """A store on each database with something of everything."""
    fill(store)
    return store


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with something of everything, to be copied."""
    file = tmp_path_factory.mktemp("chain") / "records.sqlite"
    with open_store(f"sqlite:///{file}", registers=REGISTERS, now=Clock()) as store:
        fill(store)
    settle(file)
    return file


@pytest.fixture
def in_file(filled: Path, tmp_path: Path) -> Iterator[Store]:
    """A store in a file of the test's own."""
    with open_store(f"sqlite:///{shutil.copy(filled, tmp_path / 'own.sqlite')}", registers=REGISTERS) as store:
        yield store


def test_every_row_has_its_link_and_the_chain_is_whole(full: Store) -> None:
    found = state(full)
    assert found.faults == ()
    removed, kept = 5, sum(len(full.history(kind)) for kind in ("assessment", "report", "verification"))
    summaries = len(full.summaries())
    assert summaries == 1
    assert found.links == kept + 2 * removed + summaries + len(full.audit(10**6))
    assert (found.begun_with, len(found.head)) == (0, 64)


def test_what_retention_removed_can_not_be_guessed_from_its_hash(full: Store) -> None:
    query = "SELECT count(*), count(salt) FROM hash_chain WHERE table_name = 'report'"
    with reading(full._engine) as connection:
        assert tuple(connection.exec_driver_sql(query).one()) == (11, 1)


_REPEATED = "at, who, office, origin, action, subject, detail"
CHANGES = {
    "a row edited": (["UPDATE report SET note = 'Khác' WHERE id = 1"], ["row 1 of report is not as it was written"]),
    "a line edited": (["UPDATE audit SET who = 'khac' WHERE id = 2"], ["row 2 of audit is not as it was written"]),
    "a line deleted": (["DELETE FROM audit WHERE id = 3"], ["row 3 of audit is gone"]),
    "two lines exchanged": (
        [f"UPDATE audit SET id = {new} WHERE id = {old}" for old, new in ((1, 99), (2, 1), (99, 2))],
        ["row 1 of audit is not as it was written", "row 2 of audit is not as it was written"],
    ),
    "a line added": (
        [f"INSERT INTO audit ({_REPEATED}) SELECT {_REPEATED} FROM audit WHERE id = 1"],
        ["row 8 of audit was written past diaban"],
    ),
    "a removed row back": (
        ["DELETE FROM verification", "UPDATE report SET id = 3 WHERE id = 1"],
        ["row 3 of report was removed by retention, and is there again", "row 1 of report is gone"],
    ),
    "a link deleted": (["DELETE FROM hash_chain WHERE number = 4"], ["hash chain: links 4 to 4 are missing"]),
    "the end cut off": (
        ["DELETE FROM audit WHERE id = 7", "DELETE FROM hash_chain WHERE number = 22"],
        ["hash chain: it ends at link 21, though link 22 was the last that was written"],
    ),
    "two links exchanged": (
        [
            "UPDATE hash_chain SET number = -number WHERE number IN (1, 2)",
            "UPDATE hash_chain SET number = 3 + number WHERE number < 0",
        ],
        ["hash chain: link 1 (row 1 of audit) does not follow", "hash chain: link 2 ("],
    ),
    "a removal made up": (
        ["DELETE FROM audit WHERE id = 1", "UPDATE hash_chain SET salt = NULL, removed = 1 WHERE number = 2"],
        ["says that row 1 of audit was removed, from which nothing is ever removed"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_past_the_records_is_named(in_file: Store, change: str) -> None:
    statements, named = CHANGES[change]
    tamper(in_file, *statements)
    found = faults(in_file)
    assert [text for text in named if not any(text in fault for fault in found)] == [], found


def test_so_it_is_on_a_server(postgres: Callable[[], str], clock: Clock) -> None:
    with open_store(postgres(), registers=REGISTERS, now=clock) as store:
        fill(store)
        assert faults(store) == []
        tamper(store, *CHANGES["a row edited"][0], *CHANGES["a line deleted"][0])
        assert faults(store) == ["row 3 of audit is gone", "row 1 of report is not as it was written"]


def test_the_links_themselves_take_no_changes(full: Store) -> None:
    for statement in (
        "UPDATE hash_chain SET digest = chained",
        "UPDATE hash_chain SET salt = NULL",
        "DELETE FROM hash_chain",
    ):
        with pytest.raises(DBAPIError, match="append-only"), full._engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_writers_in_parallel_make_one_chain(store: Store, url: str, clock: Clock) -> None:
    def records(number: int) -> None:
        with open_store(url, registers=REGISTERS, now=clock) as own:
            for _ in range(4):
                own.add_reports([OLD] * 3, ACTOR, source=f"file {number}")

    def audit_lines() -> None:
        with open_store(url, registers=REGISTERS, now=clock) as own:
            for _ in range(12):
                own.accounts.note(ACTOR, "audit.read", "audit")

    threads = [threading.Thread(target=records, args=(number,)) for number in range(2)]
    threads += [threading.Thread(target=audit_lines) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = state(store)
    assert found.faults == ()
    assert found.links == 2 * 4 * (3 + 1) + 2 * 12


def test_a_write_that_fails_leaves_no_link(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as write:
        write.audit(ACTOR, "test", "test")
        raise ZeroDivisionError
    assert (state(store).links, faults(store)) == (0, [])
    store.add(level(1), ACTOR)
    assert (state(store).links, faults(store)) == (2, [])


def test_older_records_get_a_chain_over_what_is_there(url: str, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    file.write_bytes(gzip.decompress((RELEASED / "0003.backup.gz").read_bytes()))
    manifest = read_manifest(file)
    assert manifest is not None
    assert chain_of(file) is None
    restore(file, url)
    others = ("account", "api_token", "data_version", "retention_permit", "diaban_schema")
    rows = sum(count for table, count in manifest.rows.items() if table not in others)
    with open_store(url, registers=REGISTERS) as store:
        assert (state(store).begun_with, state(store).links, faults(store)) == (rows, rows, [])
        store.add(level(1), ACTOR)
        assert (state(store).links, faults(store)) == (rows + 2, [])


def test_a_chain_moves_between_the_databases(postgres: Callable[[], str], tmp_path: Path, clock: Clock) -> None:
    file, there = tmp_path / "copy.backup", f"sqlite:///{tmp_path / 'there.sqlite'}"
    server = postgres()
    with open_store(server, registers=REGISTERS, now=clock) as store:
        store.add_reports([OLD] * 3, ACTOR, source="a file")
        store.purge(date(2021, 1, 1), ACTOR)
        store.add(level(1), ACTOR)
        before = state(store)
    backup(file, server, now=clock)
    restore(file, there, now=clock)
    with open_store(there, registers=REGISTERS, now=clock) as store:
        assert state(store) == before
        store.add(level(2), ACTOR)
    backup(file, there, now=clock)
    restore(file, server, now=clock)
    with open_store(server, registers=REGISTERS, now=clock) as store:
        assert faults(store) == []
        assert state(store).links == before.links + 2


def test_a_backup_of_a_broken_chain_is_put_back_only_knowingly(in_file: Store, tmp_path: Path) -> None:
    tamper(in_file, "UPDATE report SET note = 'Khác' WHERE id = 1")
    file, url = tmp_path / "copy.backup", f"sqlite:///{in_file.url.database}"
    backup(file, url)
    with pytest.raises(InputError, match="row 1 of report is not as it was written"):
        check_backup(file)
    with pytest.raises(InputError, match="row 1 of report is not as it was written"):
        restore(file, url)
    restore(file, url, broken_chain=True)
    assert faults(in_file) == ["row 1 of report is not as it was written"]


@given(
    st.lists(
        st.one_of(
            st.text(st.characters()),
            st.integers(),
            st.floats(),
            st.floats(-0.001, 0.001),
            st.sampled_from(["null", "e-", "0.00001", "\x7f\u2028", 1e-4, 9.9e-5, 1e16, 2**64, -0.0]),
        )
    )
)
@settings(max_examples=300, deadline=None)
def test_the_quick_encoding_of_a_row_is_that_of_json(values: list[object]) -> None:
    row = ["report", [(f"c{number}", value) for number, value in enumerate(values)]]
    slow = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    assert encoded(row) == slow
