"""Reports and reviews, for those who work on them: a ward its own, the city all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query, Response

from api.core.responses import Answer
from api.resources.dependencies import BoxNeed, PageNeed, RequestContextNeed, WhenNeed
from api.resources.feature_collections import Collection, Row, jsonable
from api.resources.pages import about, listed, tabled
from api.resources.visibility import review_rows, visible
from api.schemas.examples import LIST_ANSWERS, TABLE_ANSWERS
from api.schemas.fields import Day, ReportKind
from geo.situation import Situation
from geo.situation.site_reports import of_site
from geo.visibility import Viewer

router = APIRouter(prefix="/api/v1", tags=["records"])

Status = Literal["confirmed", "unfounded", "verified", "unverified"]
_COLUMNS = (
    *("report_id", "day", "kind", "channel", "lon", "lat", "site_id", "chainage_m", "ward_code", "status", "same_as"),
    "note",
)


@router.get("/reports", responses=LIST_ANSWERS)
def reports(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    since: Annotated[Day | None, Query(description="First day.")] = None,
    kind: ReportKind | None = None,
    ward: Annotated[str | None, Query(max_length=20)] = None,
    site: Annotated[
        str | None, Query(max_length=40, description="Those that name the site or lie in its corridor.")
    ] = None,
    status: Status | None = None,
) -> Response:
    """The reports of the three years up to a day."""
    situation = context.situation(when)
    shown = visible(context.service, situation, context.identity)
    found = _reports(shown, context.identity.viewer, (situation.data_version, when.known_at))
    mask = found.where(kind=kind, ward_code=ward, status=status)
    if site is not None and shown.reports is not None:
        mask &= of_site(situation, site, shown.reports)
    if since is not None:
        mask &= np.array([row["day"] >= since.isoformat() for row in found.rows], dtype=bool)
    if bbox is not None:
        mask &= found.within(*bbox)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.get("/reviews", responses=TABLE_ANSWERS)
def reviews(context: RequestContextNeed, when: WhenNeed, page: PageNeed) -> Response:
    """The handover reviews up to a day, oldest first; a ward's are those that name it."""
    situation = context.situation(when)

    def make() -> Answer:
        rows = review_rows(visible(context.service, situation, context.identity))
        return tabled(context, rows[page.offset : page.offset + page.limit], len(rows), page, about(situation))

    return context.answer(make)


def _reports(shown: Situation, viewer: Viewer, source: Hashable) -> Collection:
    frame = shown.reports
    place = f"{shown.city}-{source}-{shown.day}-{viewer.key}"
    if frame is None:
        return Collection("reports", "report_id", (), np.empty(0, dtype=object), place)
    rows = tuple(_row(record) for record in frame[list(_COLUMNS)].to_dict("records"))
    return Collection("reports", "report_id", rows, np.asarray(frame.geometry, dtype=object), place)


def _row(record: Mapping[Any, Any]) -> Row:
    row = jsonable(dict(record))
    return row | {"day": row["day"][:10]}
