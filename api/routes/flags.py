"""Flags: where new activity may be starting, and why."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.responses import made_json
from api.resources.dependencies import BoxNeed, PageNeed, RequestContextNeed, WhenNeed
from api.resources.feature_collections import Collection, source_of
from api.resources.pages import about, listed
from api.resources.visibility import flag_row, flag_rows, visible
from api.schemas.examples import LIST_ANSWERS
from geo.analysis.flags.flag import FlagLevel, FlagRule, FlagStatus
from geo.errors import UnknownNameError
from geo.reference.geojson import geometry_object
from geo.situation import Situation
from geo.visibility import Viewer

router = APIRouter(prefix="/api/v1", tags=["flags"])


@router.get("/flags", responses=LIST_ANSWERS)
def flags(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    level: Annotated[FlagLevel | None, Query()] = None,
    rule: Annotated[FlagRule | None, Query()] = None,
    status: Annotated[FlagStatus | None, Query()] = None,
    ward: Annotated[str | None, Query(max_length=20, description="Code of a ward that it concerns.")] = None,
    site: Annotated[str | None, Query(max_length=40, description="Id of a site.")] = None,
) -> Response:
    """The flags of a day. The public gets those that need no reports, a ward its own as well."""
    situation = context.situation(when)
    shown = visible(context.service, situation, context.identity)
    found = _collection(shown, context.identity.viewer, (situation.data_version, when.known_at))
    mask = found.where(level=level, rule=rule, status=status, site_id=site)
    if ward is not None:
        mask &= np.array([ward in row["ward_codes"] for row in found.rows], dtype=bool)
    if bbox is not None:
        mask &= found.within(*bbox)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.get("/flags/{flag_id}")
def flag(
    context: RequestContextNeed, when: WhenNeed, flag_id: Annotated[str, PathParameter(max_length=130)]
) -> Response:
    """One flag of a day, with its geometry and every reason for its score."""
    situation = context.situation(when)
    shown = visible(context.service, situation, context.identity)
    found = next((flag for flag in shown.flags or () if flag.flag_id == flag_id), None)
    if found is None:
        raise UnknownNameError("flag", flag_id, [])
    row = flag_row(found, context.identity.viewer)
    return context.answer(lambda: made_json({**about(situation), **row, "geometry": geometry_object(found.geometry)}))


def _collection(shown: Situation, viewer: Viewer, source: Hashable) -> Collection:
    rows = tuple(flag_rows(shown, viewer))
    geometries = np.empty(len(rows), dtype=object)
    geometries[:] = [flag.geometry for flag in shown.flags or ()]
    place = f"{source_of(shown)}-{source}-{shown.day}-{viewer.key}"
    return Collection("flags", "flag_id", rows, geometries, place)
