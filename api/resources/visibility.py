"""Situations, records and counts for whoever asks: the policy of `geo.visibility`, its results as JSON-ready rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.core.service import Service
from api.resources.feature_collections import Row, jsonable
from api.security.identity import Identity
from geo import visibility
from geo.analysis.flags.flag import Flag
from geo.situation import Situation
from geo.visibility import Published, Viewer
from geo.visibility.flags import concerns
from geo.visibility.report_counts import ReportCounts
from geo.visibility.report_counts import report_counts as counts_for

_ASSESSMENT = ("id", "site_id", "level", "day", "document", "office", "recorded_at")
_REVIEW = ("id", "day", "wards", "sites", "conclusion", "next_day", "document", "note", "recorded_at")


def visible(service: Service, situation: Situation, identity: Identity) -> Situation:
    """A situation as whoever asks may see it (`geo.visibility.visible`)."""
    return visibility.visible(situation, identity.viewer, published(service))


def published(service: Service) -> Published:
    """The published figures by the service's clock."""
    return Published(service.store, service.today, service.situation)


def report_counts(service: Service, situation: Situation, identity: Identity) -> ReportCounts:
    """The counts of reports that whoever asks may know."""
    return counts_for(situation, identity.viewer, published(service))


def flag_rows(shown: Situation, viewer: Viewer) -> list[Row]:
    """The flags of a visible situation in its order, as JSON-ready rows without geometry."""
    return [flag_row(flag, viewer) for flag in shown.flags or ()]


def flag_row(flag: Flag, viewer: Viewer) -> Row:
    """A visible flag as a JSON-ready row; counts, probability and note only for those whom it concerns."""
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
    counts |= {"handled_by": flag.handled_by, "until": flag.until.isoformat() if flag.until else None}
    counts |= {"result": flag.result}
    return row | (counts if concerns(flag, viewer) else {})


def history_rows(shown: Situation, site_id: str) -> list[Row]:
    """What a visible situation holds of a site up to its day, oldest first: assessments and reviews.

    A row has no key for a field that is hidden from its reader.
    """
    rows: list[Row] = []
    if shown.assessments is not None:
        mine = shown.assessments[shown.assessments["site_id"] == site_id]
        rows += [_assessment_row(record) for record in mine.to_dict("records")]
    if shown.reviews is not None:
        reviews = shown.reviews.to_dict("records")
        rows += [{"kind": "review"} | review_row(record) for record in reviews if site_id in record["sites"]]
    return sorted(rows, key=lambda row: (row["day"], row["recorded_at"]))


def review_rows(shown: Situation) -> list[Row]:
    """The handover reviews of a visible situation, oldest first."""
    return [] if shown.reviews is None else [review_row(record) for record in shown.reviews.to_dict("records")]


def review_row(record: Mapping[Any, Any]) -> Row:
    """A handover review as a JSON-ready row; days as ISO dates."""
    row = jsonable({name: record[name] for name in _REVIEW})
    return row | {name: row[name][:10] if row[name] else None for name in ("day", "next_day")}


def _assessment_row(record: Mapping[Any, Any]) -> Row:
    hidden = record.get("recorded_by") is None
    names = _ASSESSMENT if hidden else (*_ASSESSMENT, "note")
    row = {"kind": "assessment"} | jsonable({name: record[name] for name in names})
    return row | {"day": row["day"][:10]}
