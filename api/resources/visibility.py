"""What of a situation which audience may see: everything for the city, own wards for a ward, no small count in public.

Public counts of reports are those of the last closed quarter, as they were known a month after its end. Quarters do not
overlap and what was known then never changes, so that no difference between two days, or between two answers, gives a
count away; within a quarter small counts are withheld with as many others as it takes
(`geo.analysis.disclosure.cell_suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from api.core.service import Service
from api.resources.feature_collections import Row, jsonable
from api.security.identity import Identity, Role
from geo.analysis.disclosure.cell_suppression import SMALLEST_SHOWN
from geo.analysis.disclosure.tables import suppress_public
from geo.records.ledger.published_counts import published_quarter
from geo.reference.geojson import geometry_object
from geo.situation import Situation

if TYPE_CHECKING:
    from geo.analysis.flags.flag import Flag

WINDOW = timedelta(days=365)
"""Those who work on reports get the counts of a year up to the day."""
WITHHELD = f"<{SMALLEST_SHOWN}"
NOTE = "'<5' is a count from 1 to 4, or one withheld because such a count could be worked out from it."

Shown = int | str | None


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """How many reports there are from `first` to `last` day, by ward; `wards` holds those with any.

    For the public counts are ints or '<5'; `total` None where it is withheld for the sake of others. `blind` are counts
    that this audience is not told at all (other wards' for a ward, anything where no quarter is settled yet).
    """

    first: date | None
    last: date | None
    total: Shown
    wards: Mapping[str, Shown]
    seen: frozenset[str] | None = None
    note: str = ""

    def of_ward(self, code: str) -> Row:
        """The count of one ward; `reports` None where this audience is not told."""
        told = self.first is not None and (self.seen is None or code in self.seen)
        return {**self._span(), "reports": self.wards.get(code, 0) if told else None}

    def document(self) -> Row:
        """All counts that this audience is told."""
        rows = [{"ward_code": code, "reports": count} for code, count in sorted(self.wards.items())]
        return {**self._span(), "total": self.total, "by_ward": rows}

    def _span(self) -> Row:
        span: Row = {"from": _iso(self.first), "to": _iso(self.last)}
        return span | ({"note": self.note} if self.note else {})


def report_counts(service: Service, situation: Situation, identity: Identity) -> ReportCounts:
    """The counts of reports that an audience is told of a situation."""
    if identity.role < Role.WARD:
        return _public_counts(service, situation)
    reports = situation.reports
    if reports is None:
        return ReportCounts(None, None, None, {})
    first = situation.day - WINDOW
    recent = reports[(reports["day"] > pd.Timestamp(first)) & (reports["status"] != "unfounded")]
    counts = Counter(code for code in recent["ward_code"] if identity.sees_ward(code) and isinstance(code, str))
    seen = None if identity.sees_all else frozenset(identity.wards)
    total = len(recent) if identity.sees_all else sum(counts.values())
    return ReportCounts(first + timedelta(days=1), situation.day, total, counts, seen)


def _public_counts(service: Service, situation: Situation) -> ReportCounts:
    first, last = published_quarter(min(situation.day, service.today))
    return _withheld(first, last, situation.wards["code"].tolist(), service.store.published_counts(first))


def _withheld(first: date, last: date, codes: list[str], counts: Mapping[str, int]) -> ReportCounts:
    # Reports outside all wards belong to no city: in the totals of both they could be found by their difference.
    keys = [*codes, "total"]
    values = [float(counts.get(code, 0)) for code in codes]
    table = pd.DataFrame(
        {
            "level": ["ward"] * len(codes) + ["city"],
            "phase": "",
            "target": "reports",
            "measure": "count",
            "value": [*values, sum(values)],
            "base": np.nan,
            "share": np.nan,
        }
    )
    told = suppress_public(table)["value"].tolist()
    shown: dict[str, Shown] = {
        key: WITHHELD if value != value else int(value) for key, value in zip(keys, told, strict=True) if value != 0
    }
    total = shown.pop("total", 0)
    if total == WITHHELD and sum(values) >= SMALLEST_SHOWN:
        total = None
    return ReportCounts(first, last, total, shown, note=NOTE)


def flags_of(situation: Situation, identity: Identity) -> list[Row]:
    """The flags that an audience is told, in the order of the situation, as JSON-ready rows without geometry."""
    return [flag_row(flag, full=sees_flag(flag, identity)) for flag in told_flags(situation, identity)]


def told_flags(situation: Situation, identity: Identity) -> list[Flag]:
    """The flags that an audience is told: for the public those that need no reports, for a ward its own as well."""
    flags = situation.flags or ()
    return [flag for flag in flags if flag.rule == "exposure" or sees_flag(flag, identity)]


def sees_flag(flag: Flag, identity: Identity) -> bool:
    """Whether an audience is told the counts and notes of a flag."""
    return identity.sees_all or any(identity.sees_ward(code) for code, _ in flag.wards)


def flag_row(flag: Flag, *, full: bool) -> Row:
    """A flag as a JSON-ready row; counts, probability and note only where `full`."""
    row: Row = {
        "flag_id": flag.flag_id,
        "rule": flag.rule,
        "level": flag.level,
        "status": flag.status,
        "site_id": flag.site_id,
        "wards": [{"ward_code": code, "share": round(share, 6)} for code, share in flag.wards],
        "ward_codes": [code for code, _ in flag.wards],
        "first_day": flag.first_day.isoformat(),
        "last_day": flag.last_day.isoformat(),
        "text_vi": flag.text_vi,
        "text_en": flag.text_en,
        "score": flag.score,
        "reasons": [{"points": points, "vi": vi, "en": en} for points, vi, en in flag.reasons],
    }
    counts = {"observed": flag.observed, "expected": flag.expected, "p": flag.p, "note": flag.note}
    return row | (counts if full else {})


def flag_geometry(flag: Flag) -> dict[str, Any] | None:
    """The geometry of a flag as GeoJSON; only flags that an audience is told may be asked for theirs."""
    return geometry_object(flag.geometry)


def history_of(situation: Situation, site_id: str, identity: Identity) -> list[Row]:
    """What was recorded of a site up to the day, oldest first; notes and reviews only for those who work on it."""
    rows: list[Row] = []
    if situation.assessments is not None:
        mine = situation.assessments[situation.assessments["site_id"] == site_id]
        rows += [_assessment(row, identity) for row in mine.to_dict("records")]
    if situation.reviews is not None and identity.role >= Role.WARD:
        rows += [_review(row) for row in situation.reviews.to_dict("records") if site_id in row["sites"]]
    return sorted(rows, key=lambda row: (row["day"], row["recorded_at"]))


def reports_of(situation: Situation, identity: Identity) -> Any:
    """The reports whose ward is open to an identity, a frame as in the situation; None where there are none yet."""
    reports = situation.reports
    if reports is None or identity.sees_all:
        return reports
    # An array, because pandas takes an empty list for the names of columns.
    mine = np.fromiter(map(identity.sees_ward, reports["ward_code"]), dtype=bool, count=len(reports))
    return reports[mine].reset_index(drop=True)


def _assessment(record: Mapping[Any, Any], identity: Identity) -> Row:
    names = ("id", "site_id", "level", "day", "document", "office", "recorded_at")
    row = {"kind": "assessment"} | jsonable({name: record[name] for name in names})
    row["day"] = row["day"][:10]
    return row | ({"note": record["note"]} if identity.role >= Role.WARD else {})


def _review(record: Mapping[Any, Any]) -> Row:
    row = review_row(record)
    return {"kind": "review"} | row


def review_row(record: Mapping[Any, Any]) -> Row:
    """A handover review as a JSON-ready row; days as ISO dates."""
    names = ("id", "day", "wards", "sites", "conclusion", "next_day", "document", "note", "recorded_at")
    row = jsonable({name: record[name] for name in names})
    return row | {name: row[name][:10] if row[name] else None for name in ("day", "next_day")}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
