"""Sites read without the store are those that the store gives, and nothing is read where more is recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records
from geopandas.testing import assert_geodataframe_equal

from geo.cli.common import sites_in_force
from geo.records.entries import Actor
from geo.records.first_plan import as_shipped, first_sites
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.ledger.seed_from_plan import PLAN_ACTOR
from geo.records.open import seed_plan
from geo.records.store import Store, open_store
from geo.reference.sites import load_sites
from geo.situation import registers_on

OFFICE = Actor("city", "UBND thành phố", "cli")
SAID = {"day": date(2026, 9, 1), "document": "1/QĐ-UBND", "office": "UBND thành phố"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = fresh_records(tmp_path)
    monkeypatch.setenv("DIABAN_DATABASE_URL", url)
    with open_store(url, now=lambda: datetime(2026, 10, 1, tzinfo=UTC)) as store:
        seed_plan(store)
        yield store


def _version(site_id: str, **other: object) -> NewSiteVersion:
    line = '{"type":"LineString","coordinates":[[105.83,21.03],[105.84,21.04]]}'
    texts = dict.fromkeys(("start", "finish", "declared_text", "geometry_source", "note"), "")
    given = {"name": "Phố", "group": "public", "level": "low", "declared_wards": ("00004",), "geometry": line}
    more = {"handed_over": 2026, "accuracy_m": 50.0, "corridor_m": 50.0, "plan": "07/KH-UBND"}
    return NewSiteVersion(**{"site_id": site_id, **SAID, **texts, **given, **more, **other})  # type: ignore[arg-type]


def test_after_the_first_start_they_are_those_of_the_store(store: Store) -> None:
    rows = first_sites(load_sites()["site_id"])
    assert rows is not None
    by_store = registers_on(date(2026, 10, 1), "hanoi", store).sites
    found = as_shipped(rows, load_sites())
    assert found is not None
    assert_geodataframe_equal(found, by_store)
    assert_geodataframe_equal(sites_in_force(), by_store)


def test_a_file_that_says_otherwise_is_not_what_is_in_force(store: Store) -> None:
    rows, shipped = first_sites(load_sites()["site_id"]), load_sites()
    assert rows is not None
    for column, value in (("name", "khác"), ("handed_over", None), ("corridor_m", 51.0)):
        other = shipped.copy()
        other.loc[3, column] = value
        assert as_shipped(rows, other) is None, column
    moved = shipped.set_geometry(shipped.geometry.translate(1e-7))
    assert as_shipped(rows, moved) is None
    assert as_shipped(rows, shipped.iloc[1:]) is None


@pytest.mark.parametrize(
    ("entry", "actor"),
    [
        (NewSiteEvent(site_id="HN-I-1", event="cleared", **SAID), OFFICE),  # type: ignore[arg-type]
        (_version("HN-I-1"), OFFICE),
        (_version("HN-I-99"), OFFICE),
        (_version("HN-I-1"), PLAN_ACTOR),
    ],
)
def test_whatever_else_is_recorded_of_sites_is_left_to_the_store(
    store: Store, entry: NewSiteEvent | NewSiteVersion, actor: Actor
) -> None:
    store.seed([entry], actor)
    assert first_sites(load_sites()["site_id"]) is None


def test_what_holds_later_is_left_to_the_store_until_that_day(store: Store) -> None:
    store.seed([_version("HN-I-99")], PLAN_ACTOR)
    assert first_sites(["HN-I-1"], date(2026, 8, 31)) is None
    rows = first_sites(["HN-I-1"], date(2026, 9, 1))
    assert rows is not None
    assert len(rows) == len(load_sites()) + 1
    assert as_shipped(rows, load_sites()) is None


def test_a_city_that_is_not_recorded_yet_and_files_that_are_none_are_left_to_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert first_sites(["HN-I-1", "HUE-1"]) is None
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"not a database of any kind, but as long as the head of one" * 20)
    for url in (f"sqlite:///{other}", f"sqlite:///{tmp_path}/none.sqlite", "postgresql://nobody@127.0.0.1:1/none"):
        monkeypatch.setenv("DIABAN_DATABASE_URL", url)
        assert first_sites(["HN-I-1"]) is None, url


def test_a_ward_is_named_without_the_libraries_of_the_database(store: Store) -> None:
    asked = (
        "import sys; from geo.cli.registers.ward_sites import listed_sites; from geo.cli.geometry_files import *; "
        "from geo.reference.wards import WardRegister; f = GeometryFiles(); found = listed_sites(f, f.register()); "
        "print(len(found.ids), {'pandas', 'sqlalchemy'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    assert said.split() == [str(len(load_sites())), "set()"]
