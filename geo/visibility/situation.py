"""The situation as a viewer may see it: what is drawn or written from it can't show more, whoever draws it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from geo.analysis.coverage.published import public as suppressed
from geo.reference.cities import city
from geo.situation import Lazy, Situation
from geo.visibility.coverage import visible_coverage
from geo.visibility.flags import visible_flags
from geo.visibility.rows import answering_wards, visible_rows
from geo.visibility.viewer import PUBLIC, Viewer

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment
    from geo.analysis.flags.flag import Flag
    from geo.visibility.published import Published

PARTS = frozenset(("reports", "reviews", "assessments", "flags", "coverage"))
"""Parts of a situation of which something is hidden from everybody but the city."""


def visible(situation: Situation, viewer: Viewer, published: Published | None = None) -> Situation:
    """A situation as a viewer may see it, by the policy of `geo.visibility.policy`; the situation itself is unchanged.

    A part of which nothing is open to the viewer is None; the names of the parts of which something is hidden are in
    `hidden`, and outputs say so. The state of the programme is that of `published`; without it, which is for data that
    are in no store, it is the situation's own with small counts suppressed. Made visible to the same viewer again, a
    situation stays as it is.
    """
    bound, viewer = viewer.of_list(city(situation.city).list_key), viewer.in_city(situation.city)
    version = situation.data_version if situation.hidden is not None else _named(situation)
    if viewer.sees_all:
        # What a situation holds of other cities is not for whoever is bound to this one.
        own = _of_several(situation, bound) if bound.provinces else {}
        return replace(situation, **own, data_version=version, hidden=situation.hidden or frozenset())
    return replace(
        situation,
        reports=visible_rows("report", situation.reports, viewer, _one),
        **_of_several(situation, viewer),
        raised=situation.raised.then(partial(_flags, viewer=viewer)),
        attained=_coverage(situation, viewer, published),
        data_version=version if viewer.works else public_version(situation),
        hidden=PARTS,
    )


def _of_several(situation: Situation, viewer: Viewer) -> dict[str, Any]:
    """The frames of a situation that hold records of all cities, as a viewer may see them."""
    # A site that lies in no ward is its city's.
    every = viewer.own if viewer.provinces else frozenset[str]()
    sites = {site: wards or every for site, wards in answering_wards(situation.agreements).items()}
    return {
        "reviews": visible_rows("review", situation.reviews, viewer, frozenset),
        "assessments": visible_rows("assessment", situation.assessments, viewer, lambda s: sites.get(s, frozenset())),
        "observations": visible_rows("observation", situation.observations, viewer, lambda p: sites.get(p, _one(p))),
        "measures": visible_rows("measure", situation.measures, viewer, lambda s: sites.get(s, frozenset())),
    }


def public(situation: Situation, published: Published | None = None) -> Situation:
    """A situation as everybody may see it (`visible`)."""
    return visible(situation, PUBLIC, published)


def for_wards(situation: Situation, viewer: Viewer, wards: Iterable[str]) -> Situation:
    """A visible situation for an output about these wards: without reports where the viewer sees those of a part only.

    A count of some reports would stand there as the count of all.
    """
    if viewer.sees_every(wards):
        return situation
    return replace(situation, reports=None)


def public_version(situation: Situation) -> str:
    """The version of what everybody may see of a situation: no write that the public can't see changes it.

    It follows from the registers, the levels and phases of the day, and the public fields of the assessments.
    """
    shown = visible_rows("assessment", situation.assessments, PUBLIC, frozenset)
    parts = [situation.wards["phase"].tolist(), situation.sites["level"].tolist()]
    parts += [] if shown is None else [shown[name].astype(str).tolist() for name in shown.columns]
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=6).hexdigest()
    return f"{situation.data_version.split('-', 1)[0]}-{digest}"


def _named(situation: Situation) -> str:
    """The data version as it is shown: it differs where what is shown differs, not how often something was written.

    What is recorded of later days changes nothing in the papers of a day, and so not their version.
    """
    registers, _, recorded = (situation.state or situation.data_version).partition("-")
    return f"{registers}-{hashlib.blake2b(recorded.encode(), digest_size=6).hexdigest()}" if recorded else registers


def _one(code: object) -> frozenset[str]:
    return frozenset((code,)) if isinstance(code, str) else frozenset()


def _flags(flags: tuple[Flag, ...] | None, viewer: Viewer) -> tuple[Flag, ...] | None:
    return None if flags is None else visible_flags(flags, viewer)


def _coverage(situation: Situation, viewer: Viewer, published: Published | None) -> Lazy[Attainment | None]:
    if published is not None:
        return Lazy(partial(visible_coverage, situation, viewer, published))
    return situation.attained.then(lambda known: None if known is None else suppressed(known))
