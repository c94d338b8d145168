"""The programme of a plan: what of it is counted, by the programme in force, of which most plans repeat the indicators.

A plan prints an indicator as a sentence; how it is entered and added up is known from the indicator of the programme
before it with nearly the same words. Of one without such words somebody has to say it; until then it is entered as a
count of the city where it prints a number, else as done or not. Both are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.i18n.message import Message
from geo.importing.plans import PlanIndicator, PlanReading
from geo.importing.plans.understood import PHASES, PlanFigure
from geo.reference.names import fold, plain
from geo.reference.programmes import Deadline, Indicator, Period, Phases, Programme, Target

_ALIKE = 78.0
"""Sentences this alike (of 100) are the same indicator."""
_LIMIT = re.compile(
    r"\b(?:khong (?:vuot )?qua|khong vuot|toi da|nhieu nhat|it hon|duoi|giam)(?: it nhat| toi thieu| tu)? \d"
)
"""A figure that is not to be exceeded, or by which something falls, is no goal to reach."""
_PLACES = re.compile(r"(\d{1,3}) điểm")


@dataclass(frozen=True, slots=True)
class ProgrammeOfPlan:
    """The programme that follows from a plan, and what somebody should look at in it."""

    programme: Programme
    remarks: tuple[Message, ...]


def programme_of_plan(
    reading: PlanReading, before: Programme, *, day: date, document: str, years: tuple[int, int]
) -> ProgrammeOfPlan | None:
    """The programme of a plan that comes into force on a day; None where it lists no indicators.

    Parameters
    ----------
    reading
        The plan as it was read.
    before
        The programme that is in force until then.
    day, document, years
        Since when, by which document, and the first and last year.
    """
    if not reading.indicators:
        return None
    matched = list(_matched(reading.indicators, before))
    title = reading.head.title or document
    programme = replace(
        before,
        id=f"{before.city}-{years[0]}" if years[0] == years[1] else f"{before.city}-{years[0]}-{years[1]}",
        title=title,
        title_en=title,
        document=document,
        issued=day,
        issuer=reading.head.issuer or before.issuer,
        first_year=years[0],
        last_year=years[1],
        indicators=tuple(_distinct([indicator for indicator, _ in matched])),
        deadlines=tuple(_deadlines(reading, before, years)),
        phases=_phases(reading, before, document),
        indicators_of="",
    )
    return ProgrammeOfPlan(programme, tuple(remark for _, remarks in matched for remark in remarks))


def _matched(printed: Sequence[PlanIndicator], before: Programme) -> Iterator[tuple[Indicator, list[Message]]]:
    left = list(before.indicators)
    for entry in printed:
        for parent, own in [("", entry), *((entry.number, item) for item in entry.items)]:
            old = _nearest(own, left)
            if old is None:
                yield _new(own, parent)
                continue
            left.remove(old)
            yield _repeated(own, old, parent), []


def _nearest(printed: PlanIndicator, known: Sequence[Indicator]) -> Indicator | None:
    from rapidfuzz import fuzz

    words = _words(printed.text)
    scored = [(fuzz.ratio(words, _words(old.text)), old) for old in known]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= _ALIKE else None


def _words(text: str) -> str:
    """A sentence without its figures, which change from year to year."""
    return " ".join(re.sub(r"[\d.,%/]+", " ", plain(text)).split())


def _repeated(printed: PlanIndicator, old: Indicator, parent: str) -> Indicator:
    """An indicator that the programme before it had: its figures are those that are printed now."""
    same = fold(printed.text) == fold(old.text)
    return replace(
        old,
        id=printed.number or old.id,
        text=printed.text,
        text_en=old.text_en if same else printed.text,
        lead=printed.lead or old.lead,
        support=printed.support or old.support,
        targets=tuple(_targets(printed, old)),
        parent=parent,
        note=old.note if same else "",
    )


def _targets(printed: PlanIndicator, old: Indicator) -> Iterator[Target]:
    left = list(printed.figures)
    for target in old.targets:
        found = next((figure for figure in left if _is_of(figure, target)), None)
        if found is not None:
            left.remove(found)
        yield replace(
            target,
            id=_renumbered(target.id, old.id, printed.number),
            part_of=_renumbered(target.part_of, old.id, printed.number),
            figure=target.figure if found is None else found.figure,
            among=_among(target, printed),
        )


def _is_of(figure: PlanFigure, target: Target) -> bool:
    """Whether a printed figure may be that of a target: a share of one of shares, none of one that allows none; what
    must not be passed is no goal."""
    if target.measure == "done" or figure.rule == "at_most" or (figure.figure == 0) != (target.rule == "none"):
        return False
    return (figure.unit == "%") == target.measure.startswith("share")


def _renumbered(id: str, old: str, new: str) -> str:
    return new + id[len(old) :] if new and id.startswith(old) else id


def _among(target: Target, printed: PlanIndicator) -> int | None:
    found = _PLACES.search(printed.text)
    return int(found[1]) if target.among is not None and found else target.among


def _new(printed: PlanIndicator, parent: str) -> tuple[Indicator, list[Message]]:
    """An indicator that no programme had before: counted by the city, until somebody says how."""
    indicator = Indicator(
        id=printed.number,
        text=printed.text,
        text_en=printed.text,
        place=f"Chỉ tiêu {printed.number}",
        period="yearly",
        parent=parent,
        lead=printed.lead,
        support=printed.support,
    )
    if printed.items:
        return indicator, []
    goals = () if _LIMIT.search(plain(printed.text)) else [each for each in printed.figures if each.rule != "at_most"]
    figure = next((each for each in goals if each.unit != "%" and each.figure > 0), None)
    target = _done(printed) if figure is None else _counted(printed, figure)
    said = "importing.plan-indicator-done" if figure is None else "importing.plan-indicator-counted"
    remark = Message(said, number=printed.number, text=printed.text[:80], unit=target.unit)
    return replace(indicator, targets=(target,)), [remark]


def _done(printed: PlanIndicator) -> Target:
    units: dict[str, Any] = {"unit": "có/không", "unit_en": "yes/no"}
    return Target(**_named(printed), **units, measure="done", figure=1.0, rule="reach", level="city", combine="latest")


def _counted(printed: PlanIndicator, figure: PlanFigure) -> Target:
    what: dict[str, Any] = {"measure": "count", "rule": figure.rule, "unit": figure.unit, "unit_en": figure.unit}
    return Target(**_named(printed), **what, figure=figure.figure, level="city", combine="sum")


def _named(printed: PlanIndicator) -> dict[str, Any]:
    return {"id": printed.number, "label": printed.text[:200], "label_en": printed.text[:200]}


def _distinct(indicators: Sequence[Indicator]) -> Iterator[Indicator]:
    """Each number once; of a plan that numbers two lists alike, the second is numbered on."""
    taken: set[str] = set()
    for number, entry in enumerate(indicators, 1):
        id = entry.id if entry.id and entry.id not in taken else f"{entry.id or 'm'}-{number}"
        taken.add(id)
        if id == entry.id:
            yield entry
            continue
        targets = tuple(
            replace(t, id=_renumbered(t.id, entry.id, id) if entry.id else f"{id}{t.id}") for t in entry.targets
        )
        yield replace(entry, id=id, targets=targets)


def _deadlines(reading: PlanReading, before: Programme, years: tuple[int, int]) -> Iterator[Deadline]:
    """The reporting days in each year: as printed, else those of the programme before."""
    printed = {day.month > 9: day for day in reading.deadlines}
    for year in range(years[0], years[1] + 1):
        for whole, report in ((False, "half-year"), (True, "year")):
            old = next((entry for entry in before.deadlines if entry.report == report), before.deadlines[-1])
            if old.report != report and whole not in printed:
                continue
            day, said = (printed[whole], "Thời hạn báo cáo") if whole in printed else (old.day, old.printed)
            yield replace(
                old,
                report=report,
                period=Period(year) if whole else Period(year).parts[0],
                day=day.replace(year=year),
                printed=said,
            )


def _phases(reading: PlanReading, before: Programme, document: str) -> Phases:
    """The wards that the plan lists by phase; of a phase that it does not list those of the programme before go on."""
    from geo.reference.wards import WardRegister

    if not reading.wards:
        return before.phases
    names = {ward.code: ward.full_name for ward in WardRegister.load().wards}
    own = {name: tuple(names[code] for code in reading.phase(name)) for name in PHASES}
    taken = {fold(name) for each in own.values() for name in each}
    on = {name: tuple(one for one in before.phases.printed(name) if fold(one) not in taken) for name in PHASES}
    listed = {name: on[name] if name in reading.missing else own[name] for name in PHASES}
    twice = set(listed["pilot"])
    others = tuple(name for name in listed["expansion"] if name not in twice)
    return Phases((("pilot", listed["pilot"]), ("expansion", others)), document)
