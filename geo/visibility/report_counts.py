"""How many reports there are by ward, as a viewer may know it.

Public counts are those of the latest published quarter, as they were known a month after its end. Quarters do not
overlap and what was known then never changes, so that no difference between two days, or between two answers, gives a
count away; within a quarter small counts are suppressed with as many others as it takes
(`geo.analysis.disclosure.cell_suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.disclosure.cell_suppression import SMALLEST_SHOWN
from geo.analysis.disclosure.tables import suppress_public
from geo.records.ledger.published_counts import CHECKED
from geo.situation import Situation
from geo.visibility.published import Published
from geo.visibility.viewer import Viewer

WINDOW = timedelta(days=365)
"""Those who work on reports get the counts of a year up to the day."""
SUPPRESSED = f"<{SMALLEST_SHOWN}"
NOTE = "'<5' is a count from 1 to 4, or one suppressed because such a count could be worked out from it."

Shown = int | str | None
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """How many reports there are from `first` to `last` day by ward, as known on `as_of`; `wards` holds those with any.

    For the public counts are ints or '<5'; `total` None where it is suppressed for the sake of others. `visible` are
    the wards whose counts the viewer may know, None for all of them.
    """

    first: date | None
    last: date | None
    total: Shown
    wards: Mapping[str, Shown]
    visible: frozenset[str] | None = None
    note: str = ""
    as_of: date | None = None

    def of_ward(self, code: str) -> Row:
        """The count of one ward; `reports` None where the viewer may not know it."""
        known = self.first is not None and (self.visible is None or code in self.visible)
        return {**self._span(), "reports": self.wards.get(code, 0) if known else None}

    def document(self) -> Row:
        """All counts that the viewer may know."""
        rows = [{"ward_code": code, "reports": count} for code, count in sorted(self.wards.items())]
        return {**self._span(), "total": self.total, "by_ward": rows}

    def _span(self) -> Row:
        span: Row = {"from": _iso(self.first), "to": _iso(self.last), "as_of": _iso(self.as_of)}
        return span | ({"note": self.note} if self.note else {})


def report_counts(situation: Situation, viewer: Viewer, published: Published) -> ReportCounts:
    """The counts of the reports of a situation (not yet filtered) that a viewer may know."""
    viewer = viewer.in_city(situation.city)
    if not viewer.works:
        first, last, counts = published.report_counts(situation)
        codes = situation.wards["code"].tolist()
        return suppressed_counts(first, last, codes, counts, published.store.disclosure_seed)
    reports = situation.reports
    if reports is None:
        return ReportCounts(None, None, None, {})
    first = situation.day - WINDOW
    recent = reports[(reports["day"] > pd.Timestamp(first)) & (reports["status"] != "unfounded")]
    by_ward = Counter(code for code in recent["ward_code"] if viewer.sees_ward(code) and isinstance(code, str))
    visible = None if viewer.sees_all else viewer.own
    total = len(recent) if viewer.sees_all else sum(by_ward.values())
    return ReportCounts(first + timedelta(days=1), situation.day, total, by_ward, visible, as_of=situation.day)


def suppressed_counts(
    first: date, last: date, codes: list[str], counts: Mapping[str, int], seed: bytes = b""
) -> ReportCounts:
    """The counts of a quarter by ward as the public sees them: no count from 1 to 4, and none that others give away."""
    # Reports outside all wards belong to no city: in the totals of both they could be found by their difference.
    keys = [*codes, "total"]
    values = [float(counts.get(code, 0)) for code in codes]
    figures = suppress_public(_table([*values, sum(values)]), seed=seed)["value"].tolist()
    shown: dict[str, Shown] = {
        key: SUPPRESSED if value != value else int(value)
        for key, value in zip(keys, figures, strict=True)
        if value != 0
    }
    total = shown.pop("total", 0)
    if total == SUPPRESSED and sum(values) >= SMALLEST_SHOWN:
        total = None
    return ReportCounts(first, last, total, shown, note=NOTE, as_of=last + CHECKED)


def _table(values: list[float]) -> pd.DataFrame:
    """Counts of wards and, last, of the city in the columns that suppression works on."""
    return pd.DataFrame(
        {
            "level": ["ward"] * (len(values) - 1) + ["city"],
            "phase": "",
            "target": "reports",
            "measure": "count",
            "value": values,
            "base": np.nan,
            "share": np.nan,
        }
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
