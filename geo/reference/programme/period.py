"""A reporting period: a year, a half, a quarter, a month."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from geo.errors import InputError, Problem
from geo.i18n.formats import MONTHS

_PERIOD = re.compile(r"([0-9]{4})(?:-H([12])|-Q([1-4])|-(0[1-9]|1[0-2]))?")
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reporting period (*kỳ báo cáo*): the `months` of a `year` that end with `last_month`.

    There are years, halves, quarters and months. In order they stand by their end, the shorter first.
    """

    year: int
    last_month: int = 12
    months: int = 12

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written `2026`, `2026-H1`, `2026-Q1` or `2026-03`.

        Raises
        ------
        InputError
            The text is none of these.
        """
        found = _PERIOD.fullmatch(text.strip())
        if not found:
            raise InputError(Problem("reference.not-period", "period", text=text))
        year, half, quarter, month = found.groups()
        if half or quarter:
            return cls.numbered(int(year), int(half or quarter), 6 if half else 3)
        return cls.numbered(int(year), int(month), 1) if month else cls(int(year))

    @classmethod
    def numbered(cls, year: int, number: int, months: int) -> Period:
        """The half (6 `months`), quarter (3) or month (1) of a year with this number."""
        return cls(year, number * months, months)

    @property
    def number(self) -> int:
        """Which half, quarter or month of its year it is, from 1."""
        return self.last_month // self.months

    def __str__(self) -> str:
        names = {12: "", 6: f"-H{self.number}", 3: f"-Q{self.number}", 1: f"-{self.number:02}"}
        return f"{self.year}{names[self.months]}"

    @property
    def label(self) -> str:
        """The period in Vietnamese: `6 tháng đầu năm 2026`, `quý I năm 2026`."""
        half, quarter = ("đầu", "cuối")[self.number > 1], _ROMAN[(self.number - 1) % 4]
        names = {12: "", 6: f"6 tháng {half} ", 3: f"quý {quarter} ", 1: f"tháng {self.number} "}
        return f"{names[self.months]}năm {self.year}"

    @property
    def label_en(self) -> str:
        """The period in English: `first half of 2026`, `quarter I of 2026`."""
        half, quarter = ("first", "second")[self.number > 1], _ROMAN[(self.number - 1) % 4]
        month = MONTHS[self.last_month - 1]
        names = {12: "year ", 6: f"{half} half of ", 3: f"quarter {quarter} of ", 1: f"{month} "}
        return f"{names[self.months]}{self.year}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.last_month - self.months + 1, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    @property
    def is_year(self) -> bool:
        """Whether it is a whole year."""
        return self.months == 12

    @property
    def parts(self) -> tuple[Period, ...]:
        """The periods of the next shorter kind in it: halves of a year, their quarters, the months of these."""
        length = {12: 6, 6: 3, 3: 1}.get(self.months, 12)
        ends = range(self.last_month - self.months + length, self.last_month + 1, length)
        return tuple(Period(self.year, end, length) for end in ends)

    def holds(self, other: Period) -> bool:
        """Whether another period lies in it, or is the same."""
        return self.first_day <= other.first_day and other.last_day <= self.last_day
