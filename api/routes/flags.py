"""Flags: where new activity may be starting, and why."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.responses import made_json
from api.resources.dependencies import BoxNeed, PageNeed, RequestContextNeed, WhenNeed
from api.resources.feature_collections import Collection, source_of
from api.resources.pages import about, listed
from api.resources.visibility import flag_geometry, flag_row, sees_flag, told_flags
from api.schemas.examples import LIST_ANSWERS
from api.security.identity import Identity
from geo.errors import UnknownNameError
from geo.situation import Situation

router = APIRouter(prefix="/api/v1", tags=["flags"])


@router.get("/flags", responses=LIST_ANSWERS)
def flags(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    level: Annotated[Literal["watch", "warning", "alert"] | None, Query()] = None,
    rule: Annotated[Literal["exposure", "reactivation", "emergence", "near_repeat"] | None, Query()] = None,
    status: Annotated[Literal["raised", "acknowledged", "closed"] | None, Query()] = None,
    ward: Annotated[str | None, Query(max_length=20, description="Code of a ward that it concerns.")] = None,
    site: Annotated[str | None, Query(max_length=40, description="Id of a site.")] = None,
) -> Response:
    """The flags of a day. The public gets those that need no reports, a ward its own as well."""
    situation = context.situation(when)
    found = _collection(situation, context.identity)
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
    found = next((flag for flag in told_flags(situation, context.identity) if flag.flag_id == flag_id), None)
    if found is None:
        raise UnknownNameError("flag", flag_id, [])
    row = flag_row(found, full=sees_flag(found, context.identity))
    return context.answer(lambda: made_json({**about(situation), **row, "geometry": flag_geometry(found)}))


def _collection(situation: Situation, identity: Identity) -> Collection:
    visible = told_flags(situation, identity)
    rows = tuple(flag_row(flag, full=sees_flag(flag, identity)) for flag in visible)
    geometries = np.empty(len(visible), dtype=object)
    geometries[:] = [flag.geometry for flag in visible]
    source = f"{source_of(situation)}-{situation.data_version}-{situation.day}-{identity.audience}"
    return Collection("flags", "flag_id", rows, geometries, source)
