"""The queries over many reports are answered from an index, and read a small share of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from record_samples import REGISTERS
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from geo.records.kinds.registry import kind
from geo.records.ledger import queries as frames
from geo.records.store import Store, open_store

pytestmark = pytest.mark.postgres
ROWS, WARDS, DAYS = 60_000, 300, 365
FIRST = date(2025, 6, 1)
_FILL = f"""
INSERT INTO report (recorded_at, recorded_by, recorded_office, withdrawn, day, note, corrects_id, root_id,
                    kind, channel, lon, lat, ward_code, verified)
SELECT now(), 'tests', 'tests', false, DATE '{FIRST}' + (n * 7919) % {DAYS}, '', NULL, NULL,
       'other', 'hotline', 105.8, 21.0, CASE WHEN n % 500 = 0 THEN NULL ELSE lpad((n % {WARDS})::text, 5, '0') END, false
FROM generate_series(1, {ROWS}) AS n
"""
_CORRECT = """
INSERT INTO report (recorded_at, recorded_by, recorded_office, withdrawn, day, note, corrects_id, root_id,
                    kind, channel, lon, lat, ward_code, verified)
SELECT now(), 'tests', 'tests', id % 2 = 0, day, 'again', id, id, kind, channel, lon, lat, ward_code, verified
FROM report WHERE id % 100 = 1
"""


@pytest.fixture(scope="module")
def many(postgres: Callable[[], str]) -> Iterator[Store]:
    """Reports of 300 wards over a year; one in a hundred was corrected or withdrawn, one in 500 names no ward."""
    with open_store(postgres(), registers=REGISTERS) as store:
        with store.transaction() as write:
            write.connection.execute(text(_FILL))
            write.connection.execute(text(_CORRECT))
        with store.transaction() as write:
            write.connection.execute(text("ANALYZE"))
        yield store


def _explained(store: Store, query: Any) -> dict[str, Any]:
    query_text = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    with store.transaction() as write:
        plan = write.connection.execute(
            text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query_text}".replace(":", r"\:"))
        )
        found: dict[str, Any] = plan.scalar_one()[0]["Plan"]
        return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def _pages(store: Store, table: str) -> int:
    with store.transaction() as write:
        query = text("SELECT relpages FROM pg_class WHERE relname = :table")
        return int(write.connection.execute(query, {"table": table}).scalar_one())


def test_the_reports_of_some_wards_come_from_the_index_by_ward_and_day(many: Store) -> None:
    wards = [f"{n:05d}" for n in range(5)]
    columns = (kind("report").table.c.id, kind("report").table.c.day)
    query_text = frames.reports_query(date(2026, 3, 1), date(2026, 3, 31), None, wards).with_only_columns(*columns)
    plan = _explained(many, query_text)
    nodes = list(_nodes(plan))
    assert "ix_report_ward_day" in {node.get("Index Name") for node in nodes}
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan"]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < _pages(many, "report") / 2
    assert 0 < plan["Actual Rows"] < ROWS * 0.01


@pytest.mark.parametrize("wards", [["00007", "00008"], [], None])
def test_what_the_database_picks_is_what_picking_from_all_would_give(many: Store, wards: list[str] | None) -> None:
    span = date(2025, 9, 1), date(2025, 9, 20)
    everything = many.reports(*span)
    found = many.reports(*span, wards=wards)
    if wards is None:
        expected = everything
    else:
        mine = everything["ward_code"].isin(wards) | everything["ward_code"].isna()
        expected = everything[mine].reset_index(drop=True)
    assert found["report_id"].tolist() == expected["report_id"].tolist()
    assert found["ward_code"].isna().sum() == expected["ward_code"].isna().sum() > 0


def test_verifications_are_read_of_the_reports_asked_for_alone(many: Store) -> None:
    with many.transaction() as write:
        write.connection.execute(
            text(
                "INSERT INTO verification (recorded_at, recorded_by, recorded_office, withdrawn, day, note, report_id, "
                "outcome, document) SELECT now(), 'tests', 'tests', false, day, '', id, 'confirmed', '1/BC' "
                "FROM report WHERE root_id IS NULL AND id % 7 = 0"
            )
        )
    found = many.reports(date(2025, 9, 1), date(2025, 9, 20), wards=["00007"])
    assert set(found["status"]) == {"confirmed", "unverified"}
    assert (found["status"] == "confirmed").tolist() == [row % 7 == 0 for row in found["report_id"]]
