"""Reports and reviews, for those who work on them: a ward its own, the city all."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from api.core.responses import Answer
from api.resources.dependencies import BoxNeed, PageNeed, RequestContextNeed, WhenNeed
from api.resources.feature_collections import Collection, Row, jsonable
from api.resources.pages import about, listed, tabled
from api.resources.visibility import reports_of, review_row
from api.schemas.examples import LIST_ANSWERS, TABLE_ANSWERS
from api.schemas.fields import Day
from api.security.identity import Identity
from geo.situation import Situation

router = APIRouter(prefix="/api/v1", tags=["records"])

_COLUMNS = ("report_id", "day", "kind", "channel", "lon", "lat", "site_id", "chainage_m", "ward_code", "status", "note")


@router.get("/reports", responses=LIST_ANSWERS)
def reports(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    since: Annotated[Day | None, Query(description="First day.")] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    ward: Annotated[str | None, Query(max_length=20)] = None,
    status: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """The reports of the three years up to a day."""
    situation = context.situation(when)
    found = _reports(situation, context.identity)
    mask = found.where(kind=kind, ward_code=ward, status=status)
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
        rows = [row for row in _reviews(situation) if _concerns(row, context.identity)]
        return tabled(context, rows[page.offset : page.offset + page.limit], len(rows), page, about(situation))

    return context.answer(make)


def _reports(situation: Situation, identity: Identity) -> Collection:
    frame = reports_of(situation, identity)
    source = f"{situation.city}-{situation.data_version}-{situation.day}-{identity.audience}"
    if frame is None:
        return Collection("reports", "report_id", (), np.empty(0, dtype=object), source)
    rows = tuple(_row(record) for record in frame[list(_COLUMNS)].to_dict("records"))
    return Collection("reports", "report_id", rows, np.asarray(frame.geometry, dtype=object), source)


def _row(record: Row) -> Row:
    row = jsonable(record)
    return row | {"day": row["day"][:10]}


def _reviews(situation: Situation) -> list[Row]:
    if situation.reviews is None:
        return []
    return [review_row(record) for record in situation.reviews.to_dict("records")]


def _concerns(row: Row, identity: Identity) -> bool:
    return identity.sees_all or any(code in identity.wards for code in row["wards"])
