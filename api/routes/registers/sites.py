"""Sites: their level on a day, the wards they cross, and what was recorded of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.responses import CSV, GEOJSON, Answer, made, made_json
from api.resources.city_finding import own_first
from api.resources.dependencies import BoxNeed, Form, PageNeed, RequestContext, RequestContextNeed, When, WhenNeed
from api.resources.feature_collections import Row, collection, feature_bytes, geometry_bytes
from api.resources.pages import about, listed, tabled, to_csv
from api.resources.visibility import flag_rows, history_rows, visible
from api.schemas.examples import LIST_ANSWERS, ONE_ANSWERS, TABLE_ANSWERS
from api.schemas.fields import Group, Level
from geo.errors import UnknownSiteError
from geo.reference.names import plain, suggest
from geo.situation import Situation
from geo.situation.agreed import agreed_of
from geo.situation.listing.lives import Step, life, listing_of

router = APIRouter(prefix="/api/v1", tags=["sites"])

SiteId = Annotated[str, PathParameter(description="Id of the site.", examples=["HN-I-1"], max_length=40)]
LevelQuery = Annotated[Level | None, Query(description="Activity level on the day.")]
GroupQuery = Annotated[Group | None, Query(description="Part of the list that the site is in.")]
WardQuery = Annotated[str | None, Query(description="Code of a ward that the site crosses.", max_length=20)]


@router.get("/sites", responses=LIST_ANSWERS)
def sites(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    level: LevelQuery = None,
    group: GroupQuery = None,
    ward: WardQuery = None,
    q: Annotated[str | None, Query(description="Part of the name; 'QL32' finds 'Quốc lộ 32'.", max_length=200)] = None,
) -> Response:
    """The sites of a city with their level on a day and the wards they cross.

    A name that no site of the server's own city bears is looked for in the others.
    """
    situation = _city_with(context, when, q)
    found = collection("sites", situation)
    mask = found.where(level=level, group=group)
    if ward is not None:
        mask &= np.array([ward in row["wards"] for row in found.rows], dtype=bool)
    if q:
        mask &= np.array([_means(row["name"], q) for row in found.rows], dtype=bool)
    if bbox is not None:
        mask &= found.within(*bbox)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.get("/sites/{site_id}", responses=ONE_ANSWERS)
def site(context: RequestContextNeed, when: WhenNeed, site_id: SiteId) -> Response:
    """A site on a day, with the stretch of each ward and its flags; `agreed`: who agreed to answer for which metres, by
    which document, beside the legal cut."""
    situation = context.situation(when)
    row = site_row(situation, site_id)
    return context.answer(lambda: _one(context, situation, row))


@router.get("/sites/{site_id}/crossings", responses=LIST_ANSWERS)
def site_crossings(context: RequestContextNeed, when: WhenNeed, page: PageNeed, site_id: SiteId) -> Response:
    """Which ward answers for which metres of a site; the lengths add up to the site's length."""
    situation = context.situation(when)
    site_row(situation, site_id)
    found = collection("crossings", situation)
    mask = found.where(site_id=site_id)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.get("/sites/{site_id}/history", responses=TABLE_ANSWERS)
def history(context: RequestContextNeed, when: WhenNeed, page: PageNeed, site_id: SiteId) -> Response:
    """What was recorded of a site up to a day, oldest first, across all plans; a ward account gets its own reviews.

    `kind` is `assessment` or `review`, or of its life across plans `version`, what became of it (`cleared`, `returned`,
    `renamed`, `split`, `merged`, `from_split`, `from_merged`), `responsibility` and `responsibility_ended`, with what
    they are `about`: its name, sites, or codes of wards. A site that left the list has its history too.
    """
    situation, store = context.situation(when), context.service.store
    if listing_of(store, site_id, when.known_at) is None:
        site_row(situation, site_id)

    def make() -> Answer:
        rows = history_rows(visible(context.service, situation, context.identity), site_id)
        lived = [step for step in life(store, site_id, when.known_at) if step.day <= situation.day]
        rows = sorted([*_life_rows(lived), *rows], key=lambda row: str(row["day"]))  # of one day as each list has them
        return tabled(context, rows[page.offset : page.offset + page.limit], len(rows), page, about(situation))

    return context.answer(make)


def site_row(situation: Situation, site_id: str) -> int:
    """The row of a site; `UnknownSiteError` if there is none of this id."""
    ids = [row["site_id"] for row in collection("sites", situation).rows]
    if site_id not in ids:
        raise UnknownSiteError(site_id, suggest(site_id, ids))
    return ids.index(site_id)


def _life_rows(steps: Sequence[Step]) -> Iterator[Row]:
    """Steps of a life as rows; levels are recorded as assessments."""
    for step in steps:
        if step.what != "level":
            yield {"kind": step.what, "day": step.day.isoformat(), "about": list(step.about), "document": step.document}


def _one(context: RequestContext, situation: Situation, row: int) -> Answer:
    found = collection("sites", situation)
    facts: Row = found.rows[row]
    if context.form is Form.GEOJSON:
        return made(feature_bytes(found, np.array([row]), geometry_bytes(found)) + b"\n", GEOJSON)
    if context.form is Form.CSV:
        return made(to_csv([facts]), CSV)
    crossings = collection("crossings", situation)
    stretches = [crossings.rows[r] for r in np.flatnonzero(crossings.where(site_id=facts["site_id"])).tolist()]
    shown = visible(context.service, situation, context.identity)
    flags = [flag for flag in flag_rows(shown, context.identity.viewer) if flag["site_id"] == facts["site_id"]]
    agreed = [asdict(one) | {"day": one.day.isoformat()} for one in agreed_of(situation, facts["site_id"])]
    return made_json({**about(situation), **facts, "crossings": stretches, "agreed": agreed, "flags": flags})


def _city_with(context: RequestContext, when: When, name: str | None) -> Situation:
    """The situation of the first city with a site of this name, if no city is named; else of the one that it is of."""
    if when.city is None and name:
        for slug in own_first(context.service, context.home):
            rows = context.situation(replace(when, city=slug)).sites
            if any(_means(site, name) for site in rows["name"]):
                return context.situation(replace(when, city=slug))
    return context.situation(when)


def _means(name: str, query: str) -> bool:
    wanted = plain(query)
    # Numbered roads are written QL32, QL 32, ĐT.427 as often as in full.
    for short, full in (("ql", "quoc lo "), ("tl", "tinh lo "), ("dt", "duong tinh ")):
        if wanted.startswith(short) and wanted[len(short) :].strip(" .")[:1].isdigit():
            wanted = full + wanted[len(short) :].strip(" .")
    return wanted in plain(name)
