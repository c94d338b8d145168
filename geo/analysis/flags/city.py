"""A city's reports as evidence for the rules: placed, counted, collapsed, with what the office recorded beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from geo.analysis.detection.collapse import Matters, collapsed
from geo.analysis.detection.evidence import Evidence, MonitoredSites, evidence, observed
from geo.analysis.detection.inputs import Bools
from geo.analysis.detection.observation import NEVER
from geo.analysis.detection.thresholds import Thresholds
from geo.analysis.exposure.facts import Ward, known_wards
from geo.analysis.flags.counting import load_count_rules, recorded_observation
from geo.analysis.flags.office_records import OfficeRecords
from geo.analysis.flags.places import Located, StudyArea, day_number, day_of, located, study_area_of
from geo.analysis.flags.rules import FlagRules, load_flag_rules
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

Ints = npt.NDArray[np.int64]
Shares = tuple[tuple[str, float], ...]


class CityDay(Protocol):
    """What a `Situation` has of a city on a day."""

    @property
    def day(self) -> date: ...
    @property
    def wards(self) -> GeoDataFrame: ...
    @property
    def sites(self) -> GeoDataFrame: ...
    @property
    def reports(self) -> GeoDataFrame | None: ...
    @property
    def assessments(self) -> DataFrame | None: ...
    @property
    def observations(self) -> DataFrame | None: ...
    @property
    def measures(self) -> DataFrame | None: ...


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """All that flags from reports need, read once a call. `site_wards`: each site's wards with shares.

    `known`: matters in order of day; `matter` (matters,) the number in `matters` of each of them; `near` which of them
    count for near repeats; `recorded`: ids of flags, in the order in which something was recorded of them;
    `ring_m`: how far the ring round a site reaches.
    """

    day: date
    area: StudyArea
    seen: Located
    matters: Matters
    known: Evidence
    matter: Ints
    near: Bools
    monitored: MonitoredSites
    wards: Mapping[str, Ward]
    names: Mapping[str, str]
    routes: Mapping[str, BaseGeometry]
    site_wards: Mapping[str, Shares]
    recorded: tuple[str, ...]
    rules: FlagRules
    ring_m: float

    def reports_of(self, members: Sequence[int]) -> Ints:
        """Rows of `seen` of all reports of some of the known matters."""
        return self.matters.rows_of(self.matter[list(members)])


def city_of(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    site_wards: Mapping[str, Shares],
    reports: GeoDataFrame,
    *,
    office: OfficeRecords,
    recorded: Iterable[str],
    rules: FlagRules,
    thresholds: Thresholds,
) -> City | None:
    """The reports of a city as evidence for the rules; None where none of them counts.

    Reports that count for no rule are left out (`[counts]` of `data/risk.toml`), the others collapsed to matters.
    """
    area = study_area_of(wards, sites)
    counted = _counted(reports, located(reports, day, area))
    if counted.effort.all():
        return None
    seen = counted.seen
    matters = collapsed(seen.reports, thresholds.collapse, effort=counted.effort, linked=counted.linked)
    first = matters.first
    monitored = MonitoredSites(area.sites, *_since(area, office), dealt=_dealt(office, area, day))
    placed = seen.precise[first] & counted.emergence[first]
    known, matter = evidence(matters.reports, monitored, ward=seen.ward[first], placed=placed)
    ids = sites["site_id"].tolist()
    return City(
        day=day,
        area=area,
        seen=seen,
        matters=matters,
        known=known,
        matter=matter,
        near=(seen.precise[first] & counted.near_repeat[first])[matter],
        monitored=monitored,
        wards=known_wards(wards),
        names={site: f"{site_number(site)}, {name}" for site, name in zip(ids, sites["name"].tolist(), strict=True)},
        routes=dict(zip(ids, sites.geometry, strict=True)),
        site_wards=site_wards,
        recorded=tuple(recorded),
        rules=rules,
        ring_m=thresholds.displacement.ring_m,
    )


def city_of_situation(situation: CityDay, thresholds: Thresholds) -> City | None:
    """The reports of a situation as evidence; None where it has no records, or none of its reports counts.

    Raises
    ------
    DataFileMissingError, InputError
        `data/risk.toml` can't be used.
    """
    if situation.reports is None or not len(situation.reports):
        return None
    return city_of(
        situation.day,
        situation.wards,
        situation.sites,
        {},
        situation.reports,
        office=OfficeRecords.of(situation.assessments, situation.observations, situation.measures),
        recorded=(),
        rules=load_flag_rules(),
        thresholds=thresholds,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """Reports that count for a rule or as effort: where they are, and (reports,) for which of the two."""

    seen: Located
    effort: Bools
    emergence: Bools
    near_repeat: Bools
    linked: Ints | None


def _counted(reports: GeoDataFrame, seen: Located) -> _Counted:
    counts, frame = load_count_rules(), reports.iloc[seen.rows]
    effort = counts.inspected(frame)
    site, emergence, near = (
        counts.counted(frame, rule) & ~effort for rule in ("reactivation", "emergence", "near_repeat")
    )
    used = site | emergence | effort
    return _Counted(
        seen=Located(seen.reports.only(used), seen.ward[used], seen.precise[used], seen.rows[used]),
        effort=effort[used],
        emergence=emergence[used],
        near_repeat=near[used],
        linked=_linked(frame[used]) if "same_as" in frame else None,
    )


def _linked(frame: GeoDataFrame) -> Ints:
    """The number of the matter that each report was linked to, at entry or later, -1 for none; links go either way."""
    same = frame["same_as"].to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(same).any():
        return np.full(len(frame), -1)
    row = {int(report): number for number, report in enumerate(frame["report_id"].tolist())}
    linking = [number for number in np.flatnonzero(np.isfinite(same)).tolist() if int(same[number]) in row]
    ends = [row[int(same[number])] for number in linking]
    links = coo_matrix((np.ones(len(ends)), (linking, ends)), shape=(len(frame), len(frame)))
    label = connected_components(links, directed=False)[1].astype(np.int64)
    return np.where(np.bincount(label)[label] > 1, label, -1)


def _since(area: StudyArea, office: OfficeRecords) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    """From when sites and wards are observed, as day numbers, None where nothing is recorded."""
    said = {place: day_number(since) for place, since in {**recorded_observation(), **office.observed}.items()}
    return tuple(said.get(site) for site in area.sites.site_ids), tuple(said.get(code) for code in area.ward_codes)


def _dealt(office: OfficeRecords, area: StudyArea, day: date) -> tuple[tuple[int, int], ...]:
    """The times at which sites were dealt with, up to the day: (row of the site, day number)."""
    row = {site: number for number, site in enumerate(area.sites.site_ids)}
    return tuple((row[site], day_number(when)) for site, when in office.dealt if site in row and when <= day)


def observed_places(city: City, thresholds: Thresholds) -> list[tuple[str, date | None, bool]]:
    """(site with its number, or ward; since when; whether that is recorded) of all sites, and of wards that differ.

    None is a site that nothing says is observed yet. Wards that are observed like the city as a whole are left out.
    """
    found, seen = city.monitored, observed(city.known, city.monitored, thresholds.observation)
    sites = zip(city.area.sites.site_ids, seen.sites.tolist(), found.site_since, strict=True)
    wards = zip(city.area.ward_codes, seen.wards.tolist(), found.ward_since, strict=False)
    rows = [(city.names[site], None if day >= NEVER else day_of(day), said is not None) for site, day, said in sites]
    return rows + [
        (f"{city.wards[code].full_name} ({code})", day_of(day), said is not None)
        for code, day, said in wards
        if said is not None or day > seen.otherwise
    ]
