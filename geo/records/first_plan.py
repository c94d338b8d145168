"""The sites of the first plan, where nothing else is recorded of sites, and phases: read in milliseconds, without the
store.

Until somebody publishes a register, the sites in force are those that the first start recorded. A command that names a
ward or measures a site then needs neither the libraries of the database nor a frame of all versions. What is not as
simple as that is None here, and the store says it (`geo.situation.registers_on`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import settings
from geo.i18n.formats import VIET_NAM_TIME
from geo.records import database
from geo.reference.cities import cities, list_in_view

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SQLITE = "sqlite:///"
_RENAMED = {"from": "start", "to": "finish"}
"""Columns of the register → fields of a version."""
_OTHERS = """
SELECT (SELECT count(*) FROM site_event WHERE list_key IS NULL)
     + (SELECT count(*) FROM site_version
        WHERE list_key IS NULL AND (recorded_by <> 'plan' OR root_id IS NOT NULL OR withdrawn
              OR day > max(?, (SELECT min(day) FROM site_version WHERE list_key IS NULL))))
"""
_PHASES = """
SELECT ward_code, phase FROM phase_change AS own
WHERE NOT withdrawn AND day <= ? AND list_key IS NULL
  AND NOT EXISTS (SELECT 1 FROM phase_change AS newer WHERE newer.corrects_id = own.id)
ORDER BY day, id
"""
Row = dict[str, Any]


def first_sites(shipped: Iterable[str], today: date | None = None) -> list[Row] | None:
    """A row of `site_version` a site, by city and in the order of the plan; None where more is recorded of sites.

    None, too, where the records are not in a file of SQLite in this version of the schema, or know no site of a city
    of which sites (their ids) are `shipped`.
    """
    file = _file()
    if file is None:
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = _rows(connection, today or datetime.now(UTC).astimezone(VIET_NAM_TIME).date())
    except sqlite3.Error:
        return None
    order = {f"{city.site_prefix}-": place for place, city in enumerate(cities())}
    placed = [(next((order[prefix] for prefix in order if row["site_id"].startswith(prefix)), -1), row) for row in rows]
    ids = [row["site_id"] for row in rows]
    if not _prefixes(shipped) <= _prefixes(ids) or len(set(ids)) != len(ids):
        return None
    return [row for _, row in sorted(placed, key=lambda one: (one[0], one[1]["id"]))]


def phases_now(today: date | None = None) -> dict[str, str] | None:
    """Ward → its phase as it is recorded; None where the records are not in a file of SQLite in this version."""
    file = _file()
    if file is None:
        return None
    day = today or datetime.now(UTC).astimezone(VIET_NAM_TIME).date()
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("SELECT version_num FROM diaban_schema").fetchall()[0][0] != _newest_schema():
                return None
            return dict(connection.execute(_PHASES, (day.isoformat(),)).fetchall())
    except sqlite3.Error:
        return None


def may_be_agreed() -> bool:
    """Whether an agreement on responsibility may be recorded: not where the file of the records says that none is."""
    file = _file()
    if file is None:
        return True
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM responsibility)").fetchone()[0])
    except sqlite3.Error:
        return True


def _file() -> Path | None:
    """The file of the records; None where they are elsewhere, or nowhere yet, and for a further list of a province."""
    if list_in_view():  # a further list is for the store
        return None
    url = settings.text("database_url")
    if url and (not url.startswith(_SQLITE) or "?" in url):
        return None
    file = Path(url.removeprefix(_SQLITE)) if url else settings.database_file()
    return file if file.is_file() else None


def _prefixes(ids: Iterable[str]) -> set[str]:
    """What the ids of the cities' sites begin with."""
    return {site.partition("-")[0] for site in ids}


def _rows(connection: sqlite3.Connection, today: date) -> list[Row]:
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN")  # one state of the file for all questions
    if connection.execute("SELECT version_num FROM diaban_schema").fetchall()[0][0] != _newest_schema():
        return []
    if connection.execute(_OTHERS, (today.isoformat(),)).fetchone()[0]:
        return []
    return [dict(row) for row in connection.execute("SELECT * FROM site_version WHERE list_key IS NULL ORDER BY id")]


def _newest_schema() -> str:
    """The version of the schema that this version of diaban writes: the newest step of the migrations."""
    steps = (Path(database.__file__).parent / "migrations" / "versions").glob("v[0-9]*.py")
    return max(step.stem for step in steps)[1:].partition("_")[0]


def as_shipped(rows: list[Row], shipped: GeoDataFrame) -> GeoDataFrame | None:
    """The frame of `load_sites`, by city, where it says the same as the rows; None where it does not."""
    import shapely

    by_id = {row["site_id"]: row for row in rows}
    ids = shipped["site_id"].tolist()
    if len(ids) != len(rows) or set(ids) != set(by_id):
        return None
    ordered = [by_id[site] for site in ids]
    for column in (name for name in shipped.columns if name != "geometry"):
        values = [_plain(row[_RENAMED.get(column, column)]) for row in ordered]
        if column == "declared_wards":
            values = [text.split() for text in values]
        if values != [_plain(value) for value in shipped[column].tolist()]:
            return None
    shapes = shapely.from_geojson([row["geometry"] for row in ordered])
    if (shapely.to_wkb(shapes) != shapely.to_wkb(shipped.geometry.to_numpy())).any():
        return None
    place = {row["site_id"]: number for number, row in enumerate(rows)}
    return shipped.iloc[sorted(range(len(ids)), key=lambda number: place[ids[number]])].reset_index(drop=True)


def _plain(value: Any) -> Any:
    """A missing number as None."""
    return None if value is None or str(value) in ("<NA>", "nan") else value
