"""What is published of a programme: each period beside those that were published before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from geo.analysis.coverage.attainment import Attainment, results_of
from geo.analysis.disclosure.tables import Before, Published, Relations, suppress_public
from geo.reference.programmes import Period, Programme


def public(internal: Attainment, before: Before | None = None, seed: bytes = b"") -> Attainment:
    """The same attainment with small counts suppressed (`suppress_public`), in its table and its results.

    `before`: what the public has of other periods of the programme. One that is public already is returned as it is.
    """
    if internal.audience == "public":
        return internal
    table = suppress_public(internal.table, relations(internal.programme), before, seed)
    pairs = [(entry.indicator, entry.target) for entry in internal.results]
    shown = [
        replace(shown, state=entry.state)
        for shown, entry in zip(results_of(pairs, table, internal.period), internal.results, strict=True)
    ]
    return replace(internal, table=table, results=tuple(shown), audience="public")


def public_of(
    programme: Programme, period: Period, made: Callable[[Period], Attainment], seed: bytes = b""
) -> Attainment:
    """The public attainment of `period`, nothing of which gives away, beside earlier periods, what is suppressed there.

    `made` gives the internal attainment of a period; for what is published, as it was known when it was published.
    Periods are published in order: first half, second half, year.
    """
    published: dict[Period, Published] = {}
    for each in [*_before(programme, period), period]:
        internal = made(each)
        shown = public(internal, _seen(each, published), seed)
        published[each] = Published(internal.table, shown.table)
    return shown


def relations(programme: Programme) -> Relations:
    """How the targets of a programme hang together."""
    targets = programme.targets
    added = [
        name
        for target in targets
        for name, way in zip(target.entry_ids, (target.combine, target.base_combine), strict=False)
        if way == "sum"
    ]
    whole = [target.id for entry in programme.indicators if entry.period == "whole" for target in entry.targets]
    return Relations({t.id: t.part_of for t in targets if t.part_of}, frozenset(added), frozenset(whole))


def _before(programme: Programme, period: Period) -> list[Period]:
    """The periods that were published before one and bear on it: of its year, and all for figures that carry over."""
    carries = any(entry.period == "whole" for entry in programme.indicators)
    return [each for each in programme.periods if each < period and (carries or each.year == period.year)]


def _seen(period: Period, published: dict[Period, Published]) -> Before:
    halves = [published[half] for half in Period(period.year).parts if half < period]
    return Before(tuple(halves), next(reversed(published.values()), None))
