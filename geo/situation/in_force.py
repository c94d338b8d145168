"""The registers in force on a day, as they were known at a moment: the shipped ones, then what was published.

The files of the data set are recorded as the first plan at the first start. As long as nothing else is published for a
city, its registers are those files; a day before the first plan has the registers of the first plan, since nothing
older is known.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from geo.cache import Cache
from geo.records.kinds.registers.site_event import ENDING
from geo.records.ledger.seed_from_plan import PLAN_ACTOR
from geo.records.programmes import recorded_programmes
from geo.reference.cities import city as city_named
from geo.reference.cities import in_list
from geo.reference.sites import load_sites
from geo.situation.registers import CITIES, Registers, load_registers, registers_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.situation.records import Records

Frame = TypeVar("Frame", bound="DataFrame")
_RENAMED = {"from": "start", "to": "finish"}
"""Columns of the register → fields of a version."""


def registers_on(day: date, city: str, records: Records, known_at: datetime | None = None) -> Registers:
    """The registers of a city (slug) in force on a day.

    Parameters
    ----------
    day
        Any day.
    records
        The records; of a city of which they hold no version of a site, the registers are the shipped files.
    known_at
        An aware datetime: only what was published by then counts. Now, if absent.

    Raises
    ------
    UnknownNameError, InputError, DataFileMissingError, StoreError
        As `load_registers` and the records.
    """
    shipped = load_registers(city)
    records = records.of(shipped.city.slug)
    with in_list(shipped.city.list_key):
        return _with_programmes(_sites_on(day, shipped, records, known_at), day, records, known_at)


def has_sites(city: str, records: Records) -> bool:
    """Whether a city (slug) ever had a site, in the shipped files or as recorded; reads nothing else of it."""
    place = city_named(city)
    prefix = f"{place.site_prefix}-"
    with in_list(place.list_key):
        shipped, (versions, _) = load_sites(), records.of(place.slug).register_entries()
    return any(bool(frame["site_id"].str.startswith(prefix).any()) for frame in (shipped, versions) if len(frame))


def with_recorded(registers: Registers, phases: DataFrame, levels: DataFrame) -> Registers:
    """The registers with the phases of wards and the levels of sites as last recorded (`Store.phases`, `levels`)."""
    wards = with_phases(registers.wards, phases)
    return replace(registers, wards=wards, sites=_with(registers.sites, "site_id", "level", levels, "site_id"))


def with_phases(wards: Frame, phases: DataFrame) -> Frame:
    """Wards (`code`, `phase`) with the phases as last recorded (`Store.phases`)."""
    return _with(wards, "code", "phase", phases, "ward_code")


def _with(frame: Frame, key: str, column: str, recorded: DataFrame, recorded_key: str) -> Frame:
    """The register with a column as last recorded; what nobody recorded stays as the plan has it."""
    latest = dict(zip(recorded[recorded_key], recorded[column], strict=True))
    values = [latest.get(name, old) for name, old in zip(frame[key], frame[column], strict=True)]
    return frame.assign(**{column: values})


def _sites_on(day: date, shipped: Registers, records: Records, known_at: datetime | None) -> Registers:
    versions, events = _of_city(shipped, records, known_at)
    if versions.empty:
        return shipped
    on = _timestamp(max(day, _first_day(shipped, versions)))
    current = versions[versions["day"] <= on].drop_duplicates("site_id", keep="last")
    gone = _gone(events[events["day"] <= on])
    return _made(shipped, current[~current["site_id"].isin(gone)], records, _first(versions))


def _first_day(shipped: Registers, versions: DataFrame) -> date:
    """The day of the first plan. That of a city whose files list no site names none, and a site that is added later is
    not in force before its day."""
    first: date = versions["day"].min().date()
    plan = shipped.programmes[0]
    return min(first, plan.issued) if shipped.sites.empty and plan.entered else first


def _with_programmes(found: Registers, day: date, records: Records, known_at: datetime | None) -> Registers:
    """The registers with the programmes that are recorded; the same ones where these are those of the files."""
    programmes = recorded_programmes(day, found.city, records, known_at)
    if not programmes or programmes == found.programmes:
        return found
    digest = hashlib.blake2b(f"{found.version}{programmes}".encode(), digest_size=6)
    return replace(found, recorded=programmes, version=digest.hexdigest())


def registers_ever(city: str, records: Records) -> Registers:
    """Every site that a city ever had, each as it was last: for what was recorded of sites that left the list."""
    shipped = load_registers(city)
    records = records.of(shipped.city.slug)
    versions, _ = _of_city(shipped, records, None)
    return (
        shipped
        if versions.empty
        else _made(shipped, versions.drop_duplicates("site_id", keep="last"), records, _first(versions))
    )


def _first(versions: DataFrame) -> tuple[str, ...]:
    """The sites of the first plan, in its order."""
    return tuple(versions.loc[versions["recorded_by"] == PLAN_ACTOR.who, "site_id"].unique())


def _of_city(shipped: Registers, records: Records, known_at: datetime | None) -> tuple[DataFrame, DataFrame]:
    prefix = f"{shipped.city.site_prefix}-"
    versions, events = records.register_entries(known_at)
    return versions[versions["site_id"].str.startswith(prefix)], events[events["site_id"].str.startswith(prefix)]


def _gone(events: DataFrame) -> set[str]:
    """The sites whose last event took them off the list; another name brings none back."""
    moves = events[events["event"] != "renamed"]
    last = dict(zip(moves["site_id"], moves["event"], strict=True))
    return {site for site, event in last.items() if event in ENDING}


def _made(shipped: Registers, current: DataFrame, records: Records, first: tuple[str, ...]) -> Registers:
    """The registers of these versions, once for each set of them."""
    # By their names too: the texts of a version that was taken back because it names a person are shown no more.
    named = tuple(zip(current["id"], current["name"], strict=True))
    key = (records.opened_as, shipped.city.slug, shipped.version, named)
    return _cached.get(key, lambda: _registers(shipped, current, first))


def _registers(shipped: Registers, current: DataFrame, first: tuple[str, ...]) -> Registers:
    sites = _frame(shipped.sites, current, first)
    if _same(sites, shipped.sites):
        return shipped
    digest = hashlib.blake2b(shipped.version.encode(), digest_size=6)
    digest.update(repr(_rows(sites)).encode())
    return registers_of(shipped.city, shipped.wards, sites, digest.hexdigest())


def _frame(shipped: GeoDataFrame, current: DataFrame, first: tuple[str, ...]) -> GeoDataFrame:
    """The versions as the frame that `load_sites` gives: sites of the first plan in their order, the others by id."""
    import pandas as pd
    import shapely

    order = {site: at for at, site in enumerate(first)}
    rows = sorted(current.to_dict("records"), key=lambda row: (order.get(row["site_id"], len(order)), _parts(row)))
    columns = [name for name in shipped.columns if name != "geometry"]
    table: dict[str, Any] = {name: [row[_RENAMED.get(name, name)] for row in rows] for name in columns}
    table["declared_wards"] = [list(codes) for codes in table["declared_wards"]]
    years = [None if pd.isna(year) else int(year) for year in table["handed_over"]]
    table["handed_over"] = pd.Series(years, dtype="Int64")
    shapes = [shapely.from_geojson(row["geometry"]) for row in rows]
    return type(shipped)({name: table[name] for name in columns}, geometry=shapes, crs=shipped.crs)


def _parts(row: dict[Any, Any]) -> list[tuple[int, str]]:
    """An id in pieces, so that HN-II-10 comes behind HN-II-9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in str(row["site_id"]).split("-")]


def _same(one: GeoDataFrame, other: GeoDataFrame) -> bool:
    return len(one) == len(other) and _rows(one) == _rows(other)


def _rows(sites: GeoDataFrame) -> list[tuple[Any, ...]]:
    columns = [name for name in sites.columns if name != "geometry"]
    plain = [tuple(map(_plain, values)) for values in zip(*(sites[name] for name in columns), strict=True)]
    return [(*row, shape) for row, shape in zip(plain, sites.geometry.to_wkb(hex=True), strict=True)]


def _plain(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list | tuple):
        return tuple(value)
    return None if pd.isna(value) else value if isinstance(value, str | float) else int(value)


def _timestamp(day: date) -> Any:
    import pandas as pd

    return pd.Timestamp(day)


_cached: Cache[object, Registers] = Cache(CITIES)
