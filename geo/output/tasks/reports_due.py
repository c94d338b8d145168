"""Which reports of wards are due: by the programme, and for months and quarters by `data/ward_reports.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.reference.programmes import Period, Programme

if TYPE_CHECKING:
    from pandas import DataFrame

AHEAD = timedelta(days=31)
"""A report is a task from so long before its last day on."""
BEHIND = timedelta(days=120)
"""A report that is later than this is a matter for the figures of the programme, and no task any more."""
_MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Cadence:
    """A report that every ward of a city owes for each period of so many `months`, `days_after` the period's end."""

    city: str
    months: int
    days_after: int


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report on a period of a programme with the last day in time, and the wards that have entered nothing for it."""

    programme: str
    period: Period
    last_day: date
    without: tuple[str, ...]


def reports_due(
    programme: Programme, city: str, wards: list[str], entries: DataFrame, day: date
) -> tuple[DueReport, ...]:
    """The reports that are due around a day and lack wards, by last day; `entries` as `Store.coverage` gives them."""
    mine = entries[(entries["programme"] == programme.id) & entries["ward_code"].notna()]
    entered: dict[str, set[str]] = {}
    for code, period in zip(mine["ward_code"].tolist(), mine["period"].tolist(), strict=True):
        entered.setdefault(code, set()).add(period)
    found = []
    for period, last_day in sorted(_around(programme, city, day), key=lambda one: (one[1], one[0])):
        without = tuple(code for code in wards if not _has(entered.get(code, set()), period))
        if without:
            found.append(DueReport(programme.id, period, last_day, without))
    return tuple(found)


def _around(programme: Programme, city: str, day: date) -> Iterator[tuple[Period, date]]:
    for deadline in programme.deadlines:
        if day - BEHIND <= deadline.last_day <= day + AHEAD:
            yield deadline.period, deadline.last_day
    for cadence in _cadences(settings.data_dir() / "ward_reports.toml"):
        if cadence.city == city:
            yield from _of_cadence(cadence, programme, day)


def _of_cadence(cadence: Cadence, programme: Programme, day: date) -> Iterator[tuple[Period, date]]:
    """The period that a day lies in, and those before it whose report is not later than `BEHIND`."""
    now = Period.numbered(day.year, (day.month - 1) // cadence.months + 1, cadence.months)
    while (due := now.last_day + timedelta(days=cadence.days_after)) >= day - BEHIND:
        if programme.first_year <= now.year <= programme.last_year and due <= day + AHEAD:
            yield now, due
        last = now.first_day - timedelta(days=1)
        now = Period.numbered(last.year, (last.month - 1) // cadence.months + 1, cadence.months)


def _has(entered: set[str], period: Period) -> bool:
    """Whether a ward entered a period: itself, one that holds it, or all its parts."""
    if any(Period.parse(text).holds(period) for text in entered):
        return True
    return bool(period.parts) and period.months > 1 and all(_has(entered, part) for part in period.parts)


@cache
def _cadences(path: Path) -> tuple[Cadence, ...]:
    """The reports of a file; none where a data set has no such file."""
    if not path.is_file():
        return ()
    try:
        rows = tomllib.loads(read_bytes(path).decode("utf-8"))["reports"]
        return tuple(Cadence(row["city"], _MONTHS[row["every"]], int(row.get("days_after", 0))) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("tasks.no-ward-reports", str(path), error=str(error))) from error
