"""A year that is less than its halves is found, by whatever is recorded or comes with it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.importing.coverage_years import below_halves
from geo.records.entries import NewCoverageEntry
from geo.reference.programmes import load_programme

HANOI = load_programme("hanoi")
ROW = {"programme": "hanoi-2026", "ward_code": None, "indicator": "3.1"}


def entry(period: str, value: float, indicator: str = "3.1", ward: str | None = None) -> NewCoverageEntry:
    """A figure, the city's own where no ward is named."""
    return NewCoverageEntry(
        programme="hanoi-2026", ward_code=ward, indicator=indicator, period=period, value=value,
        day=date(2026, 12, 1), document="1/BC", office="Sở Y tế",
    )  # fmt: skip


def recorded(*rows: tuple[str, float]) -> pd.DataFrame:
    """Figures of indicator 3.1 as they are recorded, one after another."""
    frame = [
        ROW | {"period": period, "value": value, "id": number, "day": pd.Timestamp(2026, 6, 1)}
        for number, (period, value) in enumerate(rows)
    ]
    return pd.DataFrame(frame, columns=[*ROW, "period", "value", "id", "day"])


@pytest.mark.parametrize(
    ("before", "given", "halves"),
    [
        ([("2026-H1", 45.0)], [entry("2026", 10)], [45.0]),
        ([("2026-H1", 45.0)], [entry("2026", 45)], []),
        ([("2026-H1", 45.0), ("2026-H2", 10.0)], [entry("2026", 50)], [55.0]),
        ([], [entry("2026", 10), entry("2026-H1", 11)], [11.0]),
        # The last word on a half counts, and one of the same file.
        ([("2026-H1", 45.0), ("2026-H1", 5.0)], [entry("2026", 10)], []),
        ([("2026-H1", 45.0)], [entry("2026", 10), entry("2026-H1", 9)], []),
        # Another figure, another place, another year.
        ([("2026-H1", 45.0)], [entry("2026", 10, ward="00004")], []),
        ([("2025-H1", 45.0)], [entry("2026", 10)], []),
        # What is true at the end of a year may be less than it was in the middle.
        ([], [entry("2026", 0, "1", "00004"), entry("2026-H1", 1, "1", "00004")], []),
    ],
)
def test_years_below_their_halves(
    before: list[tuple[str, float]], given: list[NewCoverageEntry], halves: list[float]
) -> None:
    assert [each.halves for each in below_halves(HANOI, recorded(*before), given)] == halves
