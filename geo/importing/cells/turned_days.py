"""Days that a spreadsheet turned round: 03/07 read as 7 March, while 25/07 stayed text for want of a 25th month."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from geo.i18n.message import Message
from geo.importing.cells.days import has_short_year, is_serial
from geo.importing.tables import Cell
from geo.importing.where import number_list

_TEXT_DAY = re.compile(r"(?a)\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*\d{4}.*", re.S)
_MONTHS = 12


@dataclass(slots=True)
class DayColumn:
    """The cells of a column of days, as they are met: dates of the spreadsheet, and days that are text.

    Where a spreadsheet of another country opened a file, days up to the 12th became dates with day and month turned
    round, and the others stayed text. So dates that all lie in the first 12 days beside texts that all lie after are a
    sign of it.
    """

    early: list[int] = field(default_factory=list)
    later: int = 0
    text_early: list[int] = field(default_factory=list)
    text_later: int = 0
    month_first: int = 0
    short_years: list[int] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)

    def see(self, row: int, cell: Cell) -> None:
        """Take a cell into account."""
        if isinstance(cell, date):
            if cell.day <= _MONTHS:
                self.early.append(row)
            else:
                self.later += 1
        elif isinstance(cell, str) and is_serial(cell):
            self.serials.append(row)
        elif isinstance(cell, str) and has_short_year(cell):
            self.short_years.append(row)
        elif isinstance(cell, str) and (found := _TEXT_DAY.fullmatch(cell)):
            if int(found[1]) > _MONTHS:
                self.text_later += 1
            elif int(found[2]) > _MONTHS:
                self.month_first += 1
            else:
                self.text_early.append(row)

    @property
    def turned(self) -> tuple[int, ...]:
        """The rows whose day is probably turned round."""
        sign = self.early and self.text_later and not self.later and not self.text_early
        return tuple(self.early) if sign else ()

    @property
    def either_way(self) -> tuple[int, ...]:
        """The rows whose day may have its month first, as another of the column certainly has: that one is refused."""
        return tuple(self.text_early) if self.month_first else ()

    def notices(self) -> list[Message]:
        """What to show of it."""
        groups = {
            "importing.turned-days": list(self.turned),
            "importing.days-either-way": list(self.either_way),
            "importing.short-years": self.short_years,
            "importing.serial-days": self.serials,
        }
        return [Message(code, count=len(rows), rows=number_list(rows)) for code, rows in groups.items() if rows]
