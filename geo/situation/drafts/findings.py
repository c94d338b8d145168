"""What somebody should look at before a draft is published: command, page and API ask here, and say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.cache import Cache
from geo.errors import Problem
from geo.i18n.message import Message, Words
from geo.records.drafting.covered_up import covered_up, overlapping, said_twice, subject_of, subjects
from geo.records.drafting.ground import SAME, share_inside, shared_m, stretch_of, wards_beside
from geo.records.drafting.levels import leveled_twice
from geo.records.drafting.same_day import same_day_conflicts
from geo.records.drafting.site_lives import life_faults
from geo.records.drafting.withdrawals import gone_before, remaining, withdrawal_faults
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind_of
from geo.records.model.register_lookup import route_length
from geo.records.published.rows import publication_moment
from geo.records.publishing import Draft, as_published, conflicts_of, drafts, sites_of
from geo.records.store import Store
from geo.reference.cities import City, city
from geo.reference.crs import to_metric
from geo.reference.names import fold
from geo.reference.tolerances import SLIVER_M
from geo.situation.drafts.against import held_already, other_agreements, other_levels, other_phases
from geo.situation.drafts.agreements import ended_agreements, overlapping_agreements
from geo.situation.drafts.going_on import going_on
from geo.situation.drafts.left_over import left_over
from geo.situation.drafts.plausible import too_large
from geo.situation.drafts.proposed import Proposed
from geo.situation.drafts.targets import changed_targets
from geo.situation.drafts.without_effect import hidden_levels, unfit_later
from geo.situation.drafts.words_of_route import words_of_route
from geo.situation.registers import load_registers
from geo.situation.site_reports import of_site
from geo.situation.snapshot import Situation, at

if TYPE_CHECKING:
    from geo.analysis.flags import Flag
    from geo.analysis.reconcile import Agreement

_DESCRIBED = ("geometry", "start", "finish", "declared_wards", "declared_text", "note")
"""The route of a version, and what is written of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a draft does beside what it says: a `message` about a site ('' for none).

    `look`: whether somebody has to look at it before the draft is published; else it is good to know.
    """

    site_id: str
    message: Message
    look: bool = False


_cached: Cache[tuple[object, int], tuple[Finding, ...]] = Cache(256)


@dataclass(frozen=True, slots=True)
class CorridorLine:
    """The reports in the corridor of a site that a draft changes, before and after; `stays`: it is on the list then."""

    site_id: str
    name: str
    before: int
    after: int
    stays: bool


def before_and_after(store: Store, draft: Draft) -> tuple[Situation, Situation]:
    """The situation of the draft's day as it is recorded, and as it would be with the draft; once it is published, as
    it was known before and behind that, whatever became of it since."""
    moment = publication_moment(store, draft.row) if draft.published else None
    if moment is not None:
        known = (moment - timedelta(microseconds=1), moment)
        before, after = (at(draft.day, city=draft.city, store=store, known_at=each) for each in known)
        return before, after
    # What holds on the draft's day by a later draft's own entries plays no part: only this one is added.
    entries = Proposed(store, draft.entries, ("draft", draft.row))
    return at(draft.day, city=draft.city, store=store), at(draft.day, city=draft.city, store=entries)


def findings(store: Store, draft: Draft) -> tuple[Finding, ...]:
    """What there is to look at of a draft that is not published, then what is good to know; () once it is published.

    Sites that somebody changed since, events that cannot happen as things stand now, names of former units. Routes:
    how accurate they are, larger than a site can be, moved away from where they were, the same as another site's,
    partly outside the city; words for the ends and notes that described another one; wards that are declared and not
    met, or met and not declared; later versions, which undo it. What a site that goes into others leaves behind,
    levels of later days that would show nowhere. Agreements that end, overlap, are replaced or do not fit the route.
    Other phases of the same wards, wards that have theirs already, and what the draft says twice of one day. Targets
    with other figures; phases and indicators that a plan leaves as they are. Reports that fall out of a corridor or
    come into it. Flags that it raises or ends. Other drafts of the sites.
    """
    if draft.published:
        return ()
    # All of it follows from what is recorded, from the registers' files, and from the draft's own row.
    key = (store.opened_as, draft.row)
    return _cached.get(
        key, lambda: _found(store, draft), lambda: (store.version(), load_registers(draft.city).version, store.today)
    )


def _found(store: Store, draft: Draft) -> tuple[Finding, ...]:
    overtaken = [Finding(one.parameters["site"], _overtaken(one), look=True) for one in conflicts_of(store, draft)]
    draft = as_published(store, draft)
    overtaken += _refused(store, draft, overtaken)
    before, after = before_and_after(store, draft)
    found = [
        *overtaken,
        *_former_units(draft),
        *_said_twice(store, draft),
        *_routes(store, draft, after),
        *_later_versions(store, draft),
        *(Finding(*said, look=True) for said in left_over(draft, before, after)),
        *(Finding(*said, look=True) for said in hidden_levels(store, draft)),
        *(Finding(*said, look=True) for said in unfit_later(store, draft)),
        *(Finding(*said) for said in ended_agreements(store, draft, before, after)),
        *(Finding(*said) for said in overlapping_agreements(draft, after)),
        *(Finding(*said) for said in other_agreements(store, draft, after)),
        *(Finding("", said, look=True) for said in other_phases(store, draft, after)),
        *(Finding("", said) for said in held_already(store, draft, after)),
        *(Finding(*said) for said in other_levels(store, draft)),
        *_far_wards(draft, after),
        *(Finding("", said) for said in changed_targets(store, draft)),
        *(Finding("", said) for said in going_on(store, draft, before)),
    ]
    found += [*_reports(before, after), *_flags(before, after), *_other_drafts(store, draft)]
    return tuple(sorted(found, key=lambda finding: not finding.look))


def corridors(before: Situation, after: Situation) -> list[CorridorLine]:
    """Sites in whose corridor other reports lie than before."""
    listed = set(after.sites["site_id"])
    names = {site: name for one in (before, after) for site, name in _pairs(one, "name")}
    lines = [
        CorridorLine(site, name, _count(before, site), _count(after, site), site in listed)
        for site, name in names.items()
    ]
    return [line for line in lines if line.before != line.after]


def only_open(flags: Iterable[Flag], others: Iterable[Flag]) -> list[Flag]:
    """The open flags that are not open among others."""
    known = {flag.flag_id for flag in others if flag.is_open}
    return [flag for flag in flags if flag.is_open and flag.flag_id not in known]


def _routes(store: Store, draft: Draft, after: Situation) -> Iterator[Finding]:
    place, rows = city(draft.city), store.rows("site_version", ("site_id", "day", *_DESCRIBED))
    names, routes = dict(_pairs(after, "name")), dict(_pairs(after, "geometry"))
    agreements = {one.site_id: one for one in after.agreements}
    wards = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    for entry in draft.entries:
        if not isinstance(entry, NewSiteVersion):
            continue
        yield from _declared(agreements.get(entry.site_id), wards)
        before = _version_before(rows, entry.site_id, entry.day)
        new, old = shapely.from_geojson(entry.geometry), shapely.from_geojson(before["geometry"]) if before else None
        yield from (Finding(entry.site_id, *said) for said in (words_of_route(entry, before) if before else ()))
        if old is not None and shapely.equals(new, old):
            continue
        others = {site: route for site, route in routes.items() if site != entry.site_id}
        yield Finding(entry.site_id, _said("accuracy", entry.site_id, metres=entry.accuracy_m))
        yield from (Finding(entry.site_id, said, look=True) for said in too_large(entry.site_id, new, place))
        yield from _moved(entry.site_id, new, old, place)
        yield from _outside(entry.site_id, new, place)
        yield from _doubles(entry, new, others, names, place)


def _declared(agreement: Agreement | None, wards: dict[str, str]) -> Iterator[Finding]:
    """Declared against computed: wards declared and not met, or met for more than a sliver and not declared."""
    if agreement is None or not agreement.declared:
        return
    for key, codes in (("absent", agreement.absent), ("undeclared", agreement.undeclared)):
        if codes:
            yield Finding(
                agreement.site_id, _said(key, agreement.site_id, wards=[wards.get(code, code) for code in codes])
            )


def _version_before(rows: Sequence[tuple[Any, ...]], site_id: str, day: date) -> dict[str, Any] | None:
    own = [values for site, since, *values in rows if site == site_id and since <= day]
    return dict(zip(_DESCRIBED, own[-1], strict=True)) if own else None


def _moved(site: str, new: Any, old: Any, place: City) -> Iterator[Finding]:
    if old is None:
        return
    own, was = to_metric(np.array([new, old], dtype=object), place.province_code)
    shared, share = shared_m(own, was)
    if share < SAME:
        away = float(shapely.hausdorff_distance(own, was))
        yield Finding(site, _said("moved", site, shared=shared, length=route_length(new), away=away), look=True)


def _outside(site: str, new: Any, place: City) -> Iterator[Finding]:
    length = route_length(new)
    outside = (1 - share_inside(new, place)) * length
    if outside > SLIVER_M:
        yield Finding(site, _said("outside", site, outside=outside, length=length), look=True)


def _doubles(
    entry: NewSiteVersion, new: Any, others: dict[str, Any], names: dict[str, str], place: City
) -> Iterator[Finding]:
    shapes = to_metric(np.array([new, *others.values()], dtype=object), place.province_code)
    for site, other in zip(others, shapes[1:], strict=True):
        shared, share = shared_m(shapes[0], other)
        named = fold(names[site]) == fold(entry.name)
        said = {"other": site, "name": names[site], "shared": shared}
        if share >= SAME or named:
            yield Finding(entry.site_id, _said("double", entry.site_id, **said), look=True)
        elif shared >= SLIVER_M:
            yield Finding(entry.site_id, _said("beside", entry.site_id, **said))


def _later_versions(store: Store, draft: Draft) -> Iterator[Finding]:
    """Versions that are in force from a later day on: each is the whole of a site, and knows nothing of the draft."""
    rows = store.rows("site_version", ("site_id", "day", "document"))
    for entry in draft.entries:
        if not isinstance(entry, NewSiteVersion):
            continue
        later = [row for row in rows if row[0] == entry.site_id and row[1] > entry.day]
        for site, day, document in later[:1]:
            yield Finding(site, _said("later-version", site, on=day, document=document), look=True)


def _far_wards(draft: Draft, after: Situation) -> Iterator[Finding]:
    """Wards that agree to answer for a stretch which lies neither in them nor beside them."""
    routes, place = dict(_pairs(after, "geometry")), city(draft.city)
    names = dict(zip(after.wards["code"], after.wards["full_name"], strict=True))
    for entry in draft.entries:
        if not isinstance(entry, NewResponsibility) or entry.site_id not in routes:
            continue
        beside = wards_beside(stretch_of(routes[entry.site_id], entry.from_m, entry.to_m), place)
        if far := [names.get(code, code) for code in entry.wards if code not in beside]:
            yield Finding(entry.site_id, _said("far-ward", entry.site_id, wards=far), look=True)


def _reports(before: Situation, after: Situation) -> Iterator[Finding]:
    for line in corridors(before, after):
        said = _said("reports", line.site_id, before=line.before, after=line.after)
        yield Finding(line.site_id, said, look=line.stays and line.after < line.before)


def _flags(before: Situation, after: Situation) -> Iterator[Finding]:
    was, now = before.flags or (), after.flags or ()
    for key, flags in (("flag-new", only_open(now, was)), ("flag-gone", only_open(was, now))):
        for flag in flags:
            text = Words(flag.text_vi, flag.text_en, flag.flag_id)
            # What follows from the registers alone is no alert: nothing happened there.
            code = key if flag.is_reported else key.replace("flag", "exposed")
            yield Finding(flag.site_id or "", _said(code, flag.site_id or "", text=text))


def _other_drafts(store: Store, draft: Draft) -> Iterator[Finding]:
    """Other drafts about these sites: whichever is published second conflicts, or its new site gets another number."""
    own, names, said = set(sites_of(draft.entries)), _names(draft), subjects(draft.entries)
    for other in drafts(store, draft.city):
        both = {said[key] for key in subjects(other.entries) if key in said} - own
        both |= {one.site_id for one in overlapping(draft.entries, other.entries)} - own
        for site in sorted(both) if other.number != draft.number else ():
            yield Finding("", _said("also-in-draft", site, draft=str(other.number), title=other.title))
        for site in sorted(own.intersection(sites_of(other.entries))) if other.number != draft.number else ():
            is_new = site in draft.new_sites & other.new_sites and fold(names[site]) != fold(_names(other)[site])
            key = "number-in-draft" if is_new else "also-in-draft"
            yield Finding(site, _said(key, site, draft=str(other.number), title=other.title))


def _names(draft: Draft) -> dict[str, str]:
    return {entry.site_id: entry.name for entry in draft.entries if isinstance(entry, NewSiteVersion)}


def _refused(store: Store, draft: Draft, overtaken: Sequence[Finding]) -> Iterator[Finding]:
    """What else publishing would be refused for as things stand now."""
    rest = remaining(store.rows, draft.entries)
    found = [*gone_before(store.rows, draft.entries), *covered_up(rest, draft.entries, draft.row)]
    found += same_day_conflicts(rest, draft.entries)
    faults = [*withdrawal_faults(store.rows, draft.entries, city(draft.city)), *life_faults(rest, draft.entries)]
    found += [] if overtaken or found else [one.problem for one in faults]
    for problem in found:
        yield Finding(problem.parameters.get("site", ""), _overtaken(problem, "refused"), look=True)


def _overtaken(problem: Problem, key: str = "outdated") -> Message:
    """That a draft would be refused, in the words of the refusal."""
    return Message(f"records.finding.{key}", said=Message(problem.code, **problem.parameters))


def _former_units(draft: Draft) -> Iterator[Finding]:
    """Units from before July 2025 for which wards of today were taken."""
    if draft.note:
        yield Finding("", Message("records.finding.former-units", units=draft.note), look=True)


def _said_twice(store: Store, draft: Draft) -> Iterator[Finding]:
    """What the draft itself says in two ways of the same day."""
    for entry in (*said_twice(draft.entries), *leveled_twice(store.rows, draft.entries)):
        subject = subject_of(entry)
        said = {"kind": kind_of(entry).shown, "subject": subject, "on": entry.day}
        yield Finding(getattr(entry, "site_id", ""), Message("records.finding.said-twice", **said), look=True)


def _said(key: str, site: str, **parameters: Any) -> Message:
    return Message(f"records.finding.{key}", site=site, **parameters)


def _pairs(situation: Situation, column: str) -> Iterator[tuple[str, Any]]:
    return zip(situation.sites["site_id"], situation.sites[column], strict=True)


def _count(situation: Situation, site_id: str) -> int:
    if situation.reports is None or site_id not in set(situation.sites["site_id"]):
        return 0
    return int(of_site(situation, site_id, situation.reports).sum())
