"""A period that its parts contradict is found, by whatever is recorded or comes with it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.importing.coverage_parts import unlike_parts
from geo.importing.coverage_wholes import above_wholes, missing_halves
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
    ("before", "given", "parts"),
    [
        ([("2026-H1", 45.0)], [entry("2026", 10)], [45.0]),
        ([("2026-H1", 45.0)], [entry("2026", 45)], []),
        ([("2026-H1", 45.0), ("2026-H2", 10.0)], [entry("2026", 50)], [55.0]),
        ([], [entry("2026", 10), entry("2026-H1", 11)], [11.0]),
        # The last word on a half counts, and one of the same file.
        ([("2026-H1", 45.0), ("2026-H1", 5.0)], [entry("2026", 10)], []),
        ([("2026-H1", 45.0)], [entry("2026", 10), entry("2026-H1", 9)], []),
        # Quarters and months make halves and years; one with a figure of its own stands for what is in it.
        ([("2026-Q1", 45.0), ("2026-04", 3.0)], [entry("2026-H1", 40)], [48.0]),
        ([("2026-H1", 20.0), ("2026-Q1", 45.0)], [entry("2026", 20)], []),
        # What is recorded of a longer period is asked about when a part comes that does not go with it.
        ([("2026-H1", 10.0), ("2026-Q1", 8.0)], [entry("2026-Q2", 5)], [13.0]),
        ([("2026", 10.0)], [entry("2026-03", 11)], [11.0]),
        # Where all parts are known, a sum can't be more than they are together.
        ([("2026-Q1", 45.0), ("2026-Q2", 3.0)], [entry("2026-H1", 999)], [48.0]),
        ([("2026-Q1", 45.0), ("2026-04", 1.0), ("2026-05", 1.0), ("2026-06", 1.0)], [entry("2026-H1", 49)], [48.0]),
        ([("2026-Q1", 45.0), ("2026-04", 1.0)], [entry("2026-H1", 999)], []),
        ([("2026-H1", 50.0), ("2026-Q1", 45.0)], [entry("2026-Q2", 4)], [49.0]),
        # Another figure, another place, another year.
        ([("2026-H1", 45.0)], [entry("2026", 10, ward="00004")], []),
        ([("2025-H1", 45.0)], [entry("2026", 10)], []),
        # More than all parts; as long as one is missing there may be more.
        ([("2026-Q1", 100.0), ("2026-Q2", 50.0)], [entry("2026-H1", 999)], [150.0]),
        ([("2026-Q1", 100.0), ("2026-Q2", 50.0)], [entry("2026-H1", 150)], []),
        ([("2026-Q1", 100.0)], [entry("2026-H1", 999)], []),
        ([("2026-H1", 9.0), ("2026-Q3", 5.0), ("2026-Q4", 1.0)], [entry("2026", 16)], [15.0]),
        ([("2026-H1", 9.0), ("2026-Q3", 5.0)], [entry("2026", 16)], []),
        ([("2026-Q1", 9.0), ("2026-01", 3.0), ("2026-02", 3.0)], [entry("2026-03", 2)], [8.0]),
        # What is true at the end of a year may be less than it was in the middle, and is what the last part says.
        ([], [entry("2026", 0, "1", "00004"), entry("2026-H1", 1, "1", "00004")], []),
        ([], [entry("2026", 0, "1", "00004"), entry("2026-H2", 1, "1", "00004")], [1.0]),
        ([], [entry("2026", 1, "1", "00004"), entry("2026-Q4", 0, "1", "00004")], [0.0]),
    ],
)
def test_periods_unlike_their_parts(
    before: list[tuple[str, float]], given: list[NewCoverageEntry], parts: list[float]
) -> None:
    assert [each.parts for each in unlike_parts(HANOI, recorded(*before), given)] == parts


@pytest.mark.parametrize(
    ("before", "given", "above"),
    [
        # The total is recorded, and its part comes; or the reverse.
        ([("8-base", 10.0)], [entry("2026-H1", 12, "8")], [("8", 12.0, "8-base", 10.0, "8-base")]),
        ([("8", 12.0)], [entry("2026-H1", 10, "8-base")], [("8", 12.0, "8-base", 10.0, "8")]),
        ([("12a", 5.0)], [entry("2026-H1", 6, "12b")], [("12b", 6.0, "12a", 5.0, "12a")]),
        ([("8-base", 10.0)], [entry("2026-H1", 10, "8")], []),
        # Both come together: they are compared with each other, in their file.
        ([("8-base", 10.0)], [entry("2026-H1", 12, "8"), entry("2026-H1", 12, "8-base")], []),
        # Another period, another place.
        ([("8-base", 10.0)], [entry("2026-H2", 12, "8"), entry("2026-H1", 12, "8", "00004")], []),
        # The last word counts.
        ([("8-base", 10.0), ("8-base", 12.0)], [entry("2026-H1", 12, "8")], []),
    ],
)
def test_a_part_above_a_whole_that_is_recorded(
    before: list[tuple[str, float]], given: list[NewCoverageEntry], above: list[tuple[object, ...]]
) -> None:
    rows = recorded(*(("2026-H1", value) for _, value in before)).assign(indicator=[name for name, _ in before])
    found = above_wholes(HANOI, rows, given)
    assert [(each.part, each.value, each.whole, each.limit, each.is_recorded) for each in found] == above


def test_a_count_without_its_total_and_a_total_without_its_count() -> None:
    rows = recorded(("2026-H1", 10.0)).assign(indicator="8-base")
    given = [entry("2026-H1", 9, "8"), entry("2026-H2", 9, "8"), entry("2026-H2", 4, "12a-base"), entry("2026-H2", 1)]
    assert [(each.period, other) for each, other in missing_halves(HANOI, rows, given)] == [
        ("2026-H2", "8-base"),
        ("2026-H2", "12a"),
    ]
