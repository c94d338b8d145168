"""Exposure: what the registers alone say about where activity could find a gap. No report plays a part.

An active site in a ward that the support programme does not cover, a site divided between wards, a stretch along a
border (*giáp ranh*), a ward that the plan does not name, a recent handover that is not yet quiet. The weights stand in
`data/risk.toml`, each with its reason; another phase or level in the registers ranks the sites anew, without code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from geo.analysis.exposure.accuracy import moved_routes
from geo.analysis.exposure.facts import SiteFacts, Ward, adjoining, known_wards, selects_wards, site_facts
from geo.analysis.exposure.reasons import Reason, level_name, reasons, recent_handover
from geo.analysis.exposure.weights import ExposureRules, load_exposure_rules
from geo.i18n.message import Message
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "ExposureRules",
    "Reason",
    "SiteExposure",
    "WardExposure",
    "exposure",
    "load_exposure_rules",
    "ward_exposure",
]

ExposureLevel = Literal["slight", "notable", "high"]
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SiteExposure:
    """How exposed a site is, and why.

    `score` is the sum of the points of `reasons` (most first); `flag` the level that it reaches, None below `slight`;
    `facts` what was read off the registers; `recent` whether the handover can lie within the last 24 months. `range`:
    the least and the greatest score within the route's own accuracy, of `accuracy_m` metres (0: not known);
    `flag_range` the levels of both.
    """

    facts: SiteFacts
    score: float
    flag: ExposureLevel | None
    recent: bool
    reasons: tuple[Reason, ...]
    range: tuple[float, float] = (0.0, 0.0)
    flag_range: tuple[ExposureLevel | None, ExposureLevel | None] = (None, None)
    accuracy_m: float = 0.0

    @property
    def site_id(self) -> str:
        """Id of the site."""
        return self.facts.site_id

    def sentence(self) -> Message:
        """One sentence for a ward officer: the gravest reasons, and that no report plays a part."""
        why = [reason.brief for reason in self.reasons if reason.rule != "level"][:_SHOWN]
        return Message(
            "analysis.exposure.sentence",
            site=site_number(self.site_id),
            name=self.facts.name,
            level=level_name(self.facts.level),
            why=why or [Message("analysis.exposure.nothing")],
            range=self._within(),
        )

    def _within(self) -> Message | str:
        low, high = self.range
        if low == high:
            return ""
        return Message("analysis.exposure.range", low=low, high=high, metres=self.accuracy_m)


@dataclass(frozen=True, slots=True)
class WardExposure:
    """A ward that an active site touches.

    `inside`: active sites in the ward, with their metres there (0 for areas and points); `along`: active sites within
    25 m of it; `near`: active sites in a ward that adjoins it. A site is in the first of the three that fits.
    `outside`: whether the support programme leaves the ward out.
    """

    ward: Ward
    outside: bool
    inside: tuple[tuple[str, float], ...]
    along: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the ward."""
        return self.ward.code


def exposure(
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    crossings: GeoDataFrame,
    *,
    rules: ExposureRules | None = None,
) -> tuple[SiteExposure, ...]:
    """Every site with its score and reasons, most exposed first; equal scores in the order of `sites`.

    Parameters
    ----------
    day
        The day to speak of: a handover is recent or not by it.
    wards, sites, crossings
        As in a `Situation`, with the phases and levels of the day.
    rules
        Weights; those of `data/risk.toml` if absent.

    Raises
    ------
    DataFileMissingError, InputError
        As `load_exposure_rules`.
    """
    rules = rules or load_exposure_rules()
    known = known_wards(wards)
    found = [_exposed(facts, day, rules, known) for facts in site_facts(sites, crossings, wards)]
    ranged = _ranged(found, day, wards, sites, rules, known)
    return tuple(sorted(ranged, key=lambda e: -e.score))


def _ranged(
    found: list[SiteExposure],
    day: date,
    wards: GeoDataFrame,
    sites: GeoDataFrame,
    rules: ExposureRules,
    known: Mapping[str, Ward],
) -> list[SiteExposure]:
    """The same with the range of each score, in the order of `sites`."""
    scores = [[one.score] for one in found]
    for moved, cut in moved_routes(sites, wards):
        for row, facts in enumerate(site_facts(moved, cut, wards)):
            scores[row].append(_exposed(facts, day, rules, known).score)
    metres = sites["accuracy_m"].fillna(0).tolist() if "accuracy_m" in sites else [0.0] * len(found)
    return [
        replace(
            one,
            range=(min(all_scores), max(all_scores)),
            flag_range=(_flag(min(all_scores), rules), _flag(max(all_scores), rules)),
            accuracy_m=float(off),
        )
        for one, all_scores, off in zip(found, scores, metres, strict=True)
    ]


def ward_exposure(
    wards: GeoDataFrame, sites: GeoDataFrame, crossings: GeoDataFrame, *, rules: ExposureRules | None = None
) -> tuple[WardExposure, ...]:
    """The wards that an active site touches: those outside the programme first, then by how close and how long.

    Parameters and errors as in `exposure`; which levels are active is `active_levels` of the rules.
    """
    rules = rules or load_exposure_rules()
    known = known_wards(wards)
    active = [f for f in site_facts(sites, crossings, wards) if f.level in rules.active_levels]
    beside = adjoining(wards, {code for facts in active for code, _ in facts.wards})
    selects = selects_wards(known.values())
    found = [entry for ward in known.values() for entry in _touched(ward, active, beside, selects)]
    return tuple(sorted(found, key=_rank))


def _exposed(facts: SiteFacts, day: date, rules: ExposureRules, known: Mapping[str, Ward]) -> SiteExposure:
    why = reasons(facts, day, rules, known)
    score = round(sum(reason.points for reason in why), 1)
    return SiteExposure(facts, score, _flag(score, rules), recent_handover(facts, day, rules), why)


def _flag(score: float, rules: ExposureRules) -> ExposureLevel | None:
    levels: tuple[ExposureLevel, ...] = ("high", "notable", "slight")
    return next((level for level in levels if score >= rules.thresholds[level]), None)


def _touched(
    ward: Ward, active: list[SiteFacts], beside: Mapping[str, tuple[str, ...]], selects: bool
) -> Iterator[WardExposure]:
    inside, along, near = [], [], []
    for facts in active:
        if ward.code in facts.metres:
            inside.append((facts.site_id, facts.metres[ward.code]))
        elif any(ward.code in others for _, _, others in facts.border):
            along.append(facts.site_id)
        elif any(ward.code in beside.get(code, ()) for code, _ in facts.wards):
            near.append(facts.site_id)
    if inside or along or near:
        yield WardExposure(ward, selects and not ward.covered, tuple(inside), tuple(along), tuple(near))


def _rank(entry: WardExposure) -> tuple[bool, float, int, int, str]:
    metres = sum(metres for _, metres in entry.inside) + 0.001 * len(entry.inside)
    return not entry.outside, -metres, -len(entry.along), -len(entry.near), entry.code
