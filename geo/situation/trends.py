"""Trends of reports: months by status, and each site and ward against the same days of the year before.

Reports are those of a situation, as whoever asks may see them. A month that had ended before the first report of all
is not known, which is not zero: nobody reported yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.situation.site_reports import of_site
from geo.situation.snapshot import Situation

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

STATUSES = ("confirmed", "verified", "unverified", "unfounded")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month of 'YYYY-MM' (`first` its first day): reports by status in the order of `STATUSES`, None if not known.

    `before` is how many there were in the same month of the year before; None if not known.
    """

    first: date
    counts: tuple[int, ...] | None
    before: int | None

    @property
    def total(self) -> int | None:
        """All of the month."""
        return None if self.counts is None else sum(self.counts)


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """How many reports a site or ward (`key`; '' for all) has from 1 January to the day, and on the same days of the
    year before (None where that is not known); `months` are the totals of the last twelve months."""

    key: str
    now: int
    before: int | None
    months: tuple[int | None, ...]


def by_month(situation: Situation, chosen: NDArray[np.bool_] | None = None) -> tuple[Month, ...]:
    """The last twelve months up to that of the day; of the `chosen` rows of the reports, all if None."""
    frame = situation.reports
    if frame is None:
        return ()
    known_from, firsts = _known_from(frame), _months(situation.day)
    rows = slice(None) if chosen is None else chosen  # of two columns: a frame of reports is expensive to cut
    month, status = frame["day"].to_numpy(dtype="datetime64[M]")[rows], frame["status"].to_numpy(dtype=str)[rows]
    return tuple(_month(first, month, status, known_from) for first in firsts)


def by_site(situation: Situation) -> tuple[YearSoFar, ...]:
    """Every site of the situation, in its order: reports that name it or lie in its corridor."""
    frame = situation.reports
    if frame is None:
        return ()
    ids = [str(site) for site in situation.sites["site_id"]]
    return tuple(_so_far(situation, site, of_site(situation, site, frame)) for site in ids)


def by_ward(situation: Situation, codes: Iterable[str] | None = None) -> tuple[YearSoFar, ...]:
    """The wards with any report in these two years (or those of `codes`), the most of this year first."""
    frame = situation.reports
    if frame is None:
        return ()
    ward = frame["ward_code"].astype(object)
    named = codes if codes is not None else (code for code in ward.unique() if isinstance(code, str))
    found = [_so_far(situation, code, (ward == code).to_numpy(dtype=bool)) for code in sorted(named)]
    shown = [each for each in found if codes is not None or each.now or each.before]
    return tuple(sorted(shown, key=lambda each: (-each.now, -(each.before or 0), each.key)))


def so_far(situation: Situation) -> YearSoFar | None:
    """All reports; None where the situation holds none."""
    frame = situation.reports
    return None if frame is None else _so_far(situation, "", np.ones(len(frame), dtype=bool))


def _so_far(situation: Situation, key: str, chosen: NDArray[np.bool_]) -> YearSoFar:
    frame, day = situation.reports, situation.day
    assert frame is not None
    days = frame["day"].to_numpy(dtype="datetime64[D]")[chosen]
    last_year, known_from = _year_before(day), _known_from(frame)
    before = None if known_from > date(day.year - 1, 1, 1) else _between(days, date(day.year - 1, 1, 1), last_year)
    months = tuple(month.total for month in by_month(situation, chosen))
    return YearSoFar(key, _between(days, date(day.year, 1, 1), day), before, months)


def _between(days: NDArray[np.datetime64], first: date, last: date) -> int:
    return int(((days >= np.datetime64(first)) & (days <= np.datetime64(last))).sum())


def _known_from(frame: GeoDataFrame) -> date:
    """The first day of the month of the first report of all; a day that never comes where there is none."""
    if frame.empty:
        return date.max
    first: date = pd.Timestamp(frame["day"].min()).date()
    return first.replace(day=1)


def _month(first: date, month: NDArray[np.datetime64], status: NDArray[np.str_], known_from: date) -> Month:
    here = month == np.datetime64(first, "M")
    year_before = first.replace(year=first.year - 1)
    counts = tuple(int((here & (status == name)).sum()) for name in STATUSES)
    before = int((month == np.datetime64(year_before, "M")).sum())
    return Month(first, None if first < known_from else counts, None if year_before < known_from else before)


def _months(day: date) -> Iterator[date]:
    for back in range(MONTHS - 1, -1, -1):
        index = day.year * 12 + day.month - 1 - back
        yield date(index // 12, index % 12 + 1, 1)


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
