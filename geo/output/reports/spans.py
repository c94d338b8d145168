"""The stretch of time that a report is about: a half-year or year of the plan, or a month or quarter inside it.

Figures are entered by half-year or year. A month or quarter shows what was known at its end, and how much of that is
new since its beginning.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import InputError, Problem
from geo.i18n.translator import Translator
from geo.reference.programmes import Period

_MONTH, _QUARTER = re.compile(r"([0-9]{4})-M?(0[1-9]|1[0-2])"), re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last` day, both included; `name` as it was written (`2026-Q1`), `months` long."""

    name: str
    first: date
    last: date
    months: int

    @property
    def before(self) -> date:
        """The day before it begins."""
        return self.first - timedelta(days=1)

    @property
    def part_of_year(self) -> float:
        """How much of a year it is."""
        return self.months / 12

    def label(self, w: Translator) -> str:
        """What it is called: 'quý I năm 2026', 'tháng 3 năm 2026'."""
        number = (self.first.month - 1) // self.months + 1
        if self.months == 3:
            return w.text("span_quarter", number=("I", "II", "III", "IV")[number - 1], year=str(self.first.year))
        return w.text("span_month", number=str(number), year=str(self.first.year))

    @classmethod
    def parse(cls, text: str) -> Span:
        """The span written `2026-03` or `2026-Q1`.

        Raises
        ------
        InputError
            The text is neither.
        """
        month, quarter = _MONTH.fullmatch(text.strip()), _QUARTER.fullmatch(text.strip())
        if month:
            return _span(text.strip(), int(month[1]), int(month[2]), 1)
        if quarter:
            return _span(text.strip(), int(quarter[1]), 3 * int(quarter[2]) - 2, 3)
        raise InputError(Problem("reports.not-a-span", "--span", text=text))


def part_of_year(period: Period, span: Span | None) -> float:
    """How much of a year a report is about."""
    if span is not None:
        return span.part_of_year
    return period.months / 12


def _span(name: str, year: int, first: int, months: int) -> Span:
    last = first + months - 1
    return Span(name, date(year, first, 1), date(year, last, monthrange(year, last)[1]), months)
