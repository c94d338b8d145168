"""The new sites that answer a programme's target, as a viewer may see them: candidates are as open as flags."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geo.analysis.coverage.new_sites import NewSite, NewSites, Origin, listing_target
from geo.reference.cities import city as city_named
from geo.situation.in_force import registers_on
from geo.visibility.flags import concerns

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.analysis.coverage.attainment import Attainment
    from geo.analysis.flags.flag import Flag
    from geo.reference.programmes import Period, Programme
    from geo.situation import Situation
    from geo.situation.records import Records
    from geo.visibility.viewer import Viewer

_FOUNDED = ("warning", "alert")
"""Levels of a flag that is well founded; one that is only watched is no candidate."""
_SUCCESSION = ("split", "merged")
"""Events whose other sites are the same place under another id, and so not new."""


def with_new_sites(
    attained: Attainment,
    situation: Situation,
    records: Records | None,
    viewer: Viewer,
    known_at: datetime | None = None,
) -> Attainment:
    """The same attainment with the places that answer its target of new sites, by its own day; see `new_sites_of`."""
    day = min(attained.day, situation.day)
    found = new_sites_of(attained.programme, attained.period, day, situation, records, viewer, known_at)
    return replace(attained, new_sites=found)


def new_sites_of(
    programme: Programme,
    period: Period,
    day: date,
    situation: Situation,
    records: Records | None,
    viewer: Viewer,
    known_at: datetime | None = None,
) -> NewSites | None:
    """The sites that came in on the plan's day or since up to `day`, at most to the end of `period`; None if not asked.

    Candidates are the open, well-founded flags of emergence of the `situation` (with nothing hidden) that the viewer
    may know of; None where nothing is reported, from which flags follow: that is no sign that there are none. What was
    published after `known_at` does not count.
    Raises as `registers_on`.
    """
    target = listing_target(programme)
    if target is None:
        return None
    until, viewer = min(day, period.last_day), viewer.in_city(situation.city)
    sites = () if records is None else tuple(_arrivals(programme, until, records, known_at))
    ordered = tuple(sorted(sites, key=lambda site: (site.day, site.id)))
    candidates = (
        _candidates(situation, programme.issued, until, viewer) if viewer.works and _is_reported(situation) else None
    )
    return NewSites(target.id, period, programme.issued, until, ordered, candidates)


def _arrivals(programme: Programme, until: date, records: Records, known_at: datetime | None) -> Iterator[NewSite]:
    versions, events = _of_city(programme.city, until, records, known_at)
    if versions.empty or until < programme.issued:
        return
    # What a plan itself adds is new beside the plan before it; the first plan has none before it.
    before = programme.issued - timedelta(days=1)
    first_plan = set(registers_on(before, programme.city, records, known_at).sites["site_id"])
    after = events[events["day"].dt.date >= programme.issued]
    returned = after[after["event"] == "returned"].drop_duplicates("site_id")
    begun = versions.drop_duplicates("site_id")
    begun = begun[begun["day"].dt.date >= programme.issued]
    known = first_plan | _successors(after) | set(returned["site_id"])
    for row in begun[~begun["site_id"].isin(known)].to_dict("records"):
        yield _site("new", row, versions, programme.city, records, known_at)
    for row in returned.to_dict("records"):
        yield _site("returned", row, versions, programme.city, records, known_at)


def _of_city(city: str, until: date, records: Records, known_at: datetime | None) -> tuple[DataFrame, DataFrame]:
    prefix = f"{city_named(city).site_prefix}-"
    versions, events = (frame[frame["site_id"].str.startswith(prefix)] for frame in records.register_entries(known_at))
    return versions[versions["day"].dt.date <= until], events[events["day"].dt.date <= until]


def _successors(events: DataFrame) -> set[str]:
    others = events.loc[events["event"].isin(_SUCCESSION), "others"]
    return {site for each in others for site in each}


def _site(
    origin: Origin,
    came: Mapping[Hashable, Any],
    versions: DataFrame,
    city: str,
    records: Records,
    known_at: datetime | None,
) -> NewSite:
    """A site as its last version names it, in the wards that it lay in when it came in."""
    site, day = str(came["site_id"]), came["day"].date()
    last = versions[versions["site_id"] == site].iloc[-1]
    then = registers_on(day, city, records, known_at)
    names = dict(zip(then.wards["code"], then.wards["full_name"], strict=True))
    cut = then.crossings[then.crossings["site_id"] == site].dropna(subset="ward_code")
    cut = cut.sort_values(["length_m", "area_m2"], ascending=False)
    wards = tuple((code, names.get(code, code)) for code in cut["ward_code"])
    ends = " – ".join(end for end in (last["start"], last["finish"]) if end)
    return NewSite(origin, site, str(last["name"]), day, ends, wards, str(came["document"]))


def _candidates(situation: Situation, since: date, until: date, viewer: Viewer) -> tuple[NewSite, ...]:
    names = dict(zip(situation.wards["code"], situation.wards["full_name"], strict=True))
    flags = (flag for flag in situation.flags or () if _is_candidate(flag) and concerns(flag, viewer))
    return tuple(
        NewSite("candidate", flag.flag_id, "", flag.first_day, "", _wards(flag, names), "")
        for flag in sorted(flags, key=lambda flag: (flag.first_day, flag.flag_id))
        if since < flag.first_day <= until
    )


def _is_reported(situation: Situation) -> bool:
    if situation.reports is None:
        return False
    return len(situation.reports) > 0 or any(flag.is_reported for flag in situation.flags or ())


def _is_candidate(flag: Flag) -> bool:
    return flag.rule == "emergence" and flag.is_open and flag.level in _FOUNDED


def _wards(flag: Flag, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, names.get(code, code)) for code, _ in sorted(flag.wards, key=lambda pair: -pair[1]))
