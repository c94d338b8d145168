"""A filled cell of a file of figures, as it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.errors import Problem
from geo.importing.cells import as_text
from geo.importing.columns import Column
from geo.importing.coverage.cells import COVERAGE_COLUMNS, RawEntry
from geo.reference.wards import Ward


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled cell as it was read; `problems` where it can't be taken."""

    raw: RawEntry
    ward: Ward | None
    indicator: str
    period: str
    value: float
    day: object
    problems: tuple[Problem, ...]

    def row(self) -> dict[str, object]:
        """The entry as a row of the frame."""
        return {
            "ward_code": self.ward.code if self.ward else None,
            "indicator": self.indicator,
            "period": self.period,
            "value": self.value,
            "day": self.day,
            "document": as_text(self.raw.document),
            "office": as_text(self.raw.office),
        }

    def key(self, indicator: str) -> tuple[str, str, str]:
        """What the entry is about, or would be with another indicator."""
        return (self.ward.code if self.ward else "", indicator, self.period)


def columns_of(office: str) -> tuple[Column, ...]:
    """The columns of a list; that of the office may be missing where it is known whose figures they are."""
    return tuple(
        replace(column, required=False) if office and column.field == "office" else column
        for column in COVERAGE_COLUMNS
    )
