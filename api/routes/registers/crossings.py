"""Which ward answers for which metre: of the known sites, and of any route or area that is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from api.core.responses import CSV, GEOJSON, Answer, made, made_json, respond
from api.resources.dependencies import BoxNeed, CityQuery, Form, PageNeed, RequestContext, RequestContextNeed, WhenNeed
from api.resources.feature_collections import agreement_document, collection
from api.resources.pages import listed, to_csv
from api.resources.route_cuts import Cut, cut_everywhere, cut_of
from api.routes.registers.sites import GroupQuery, LevelQuery
from api.schemas.examples import CUT_ANSWERS, LIST_ANSWERS
from api.schemas.submitted_geometries import MEDIA_TYPES, OF_API, submitted_schema, submitted_sites
from geo.analysis.reconcile import reconcile
from geo.errors import InputError, Problem
from geo.output.shared.crossing_rows import agreed_rows, crossing_rows, own_extents, to_geojson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.analysis.reconcile import Agreement
    from geo.importing.geometries import SitesRead

CrsQuery = Annotated[
    str | None,
    Query(
        description="Coordinate system of the body instead of the one that it names; or the form of packed degrees: "
        "ddmm, ddmmss, e6, e7.",
        examples=["EPSG:5897"],
        max_length=2000,
    ),
]
LayerQuery = Annotated[
    str | None, Query(description="Layer of a body that has several; else the first with lines.", max_length=200)
]
router = APIRouter(prefix="/api/v1", tags=["crossings"])
_MOST_NOTES = 20
"""So many fit a header."""

_ROUTE = {
    "type": "Feature",
    "id": "my-route",
    "properties": {},
    "geometry": {"type": "LineString", "coordinates": [[105.79, 21.03], [105.82, 21.04], [105.85, 21.03]]},
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": (
            "Routes, areas or points: GeoJSON (WGS 84, or the system that its `crs` names), KML, KMZ, GPX, GeoPackage, "
            "FlatGeobuf, a zipped Shapefile, GeoParquet, DXF, GML, zipped MapInfo, TopoJSON, CSV with "
            "WKT or with vertices in order."
        ),
        "content": {
            "application/geo+json": {"schema": submitted_schema(), "example": _ROUTE},
            **{name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES},
        },
    }
}


@router.get("/crossings", responses=LIST_ANSWERS)
def crossings(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    ward: Annotated[str | None, Query(description="Code of the ward.", max_length=20)] = None,
    site: Annotated[str | None, Query(description="Id of the site.", max_length=40)] = None,
    level: LevelQuery = None,
    group: GroupQuery = None,
) -> Response:
    """The stretches of all sites, one for each site and ward, with their lengths in metres."""
    situation = context.situation(when)
    found = collection("crossings", situation)
    mask = found.where(ward_code=ward, site_id=site, site_level=level, site_group=group)
    if bbox is not None:
        mask &= found.within(*bbox)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.post("/crossings", openapi_extra=_BODY, responses=CUT_ANSWERS)
async def cross(
    request: Request,
    context: RequestContextNeed,
    city: CityQuery = None,
    crs: CrsQuery = None,
    layer: LayerQuery = None,
) -> Response:
    """The wards that a route or area of your own meets, and for how many metres (or square metres).

    Without a `city` it is cut at the wards of every city that it meets, and what leaves these at those of the country.
    Lengths are geodesic; each metre has one ward, also along a border. What lies outside all wards is `outside_m`
    (`outside_m2` of an area, `outside_share` of points), and a row of its own whose `ward_code` is null. `notes` say
    how the body was read and measured (of CSV: the header `Diaban-Notes`, a JSON array). Where a feature has
    `declared_wards`, `agreement` compares them with what is computed.
    """
    _check_is_file(request.headers.get("content-type", ""))
    named = _named_crs(crs, request.headers.get("content-crs", "").strip(" <>"))
    body = await request.body()
    return await run_sync(_crossed, context, body, city, (named, layer))


def _named_crs(crs: str | None, header: str) -> str | None:
    """The system that the parameter names, or else the header `Content-Crs`; both may stand if they say the same."""
    if crs and header and crs.rpartition(":")[2] != header.rpartition("/")[2]:
        raise InputError(Problem("importing.several-systems", "Content-Crs", systems=[crs, header]))
    return crs or header or None


def _check_is_file(media_type: str) -> None:
    """Refuse a form, which would be read as a damaged table."""
    if media_type.lower().startswith("multipart/"):
        raise InputError(Problem("service.form-not-file", "body", file="route.geojson"))


def _crossed(context: RequestContext, body: bytes, city: str | None, of: tuple[str | None, str | None]) -> Response:
    settings, (crs, layer) = context.service.settings, of
    read = submitted_sites(
        body,
        settings.max_route_bytes,
        settings.max_route_vertices,
        question=replace(OF_API, crs=crs, layer=layer),
        seconds=settings.reader_seconds,
    )
    found = cut_of(context.service, read, city) if city else cut_everywhere(context.service, read)
    return respond(context.request, _answer(context.form, read, found), private=True)


def _answer(form: Form, read: SitesRead, done: Cut) -> Answer:
    found, cities, notes = done.rows, done.cities, [str(note) for note in (*read.notes, *done.notes)]
    agreements = reconcile(read.frame, found)
    if form is Form.CSV:
        return made(to_csv(agreed_rows(found, agreements)), CSV, _said(notes))
    if form is Form.GEOJSON:
        return made(to_geojson(found, agreements, notes), GEOJSON)
    rows = crossing_rows(found)
    items = []
    for agreement in agreements:
        own = agreement.site_id
        mine = [{k: v for k, v in row.items() if k != "site_id"} for row in rows if row["site_id"] == own]
        items.append({"id": own, **own_extents(mine), "crossings": mine, **_declaration(agreement)})
    return made_json({"city": cities[0], "cities": cities, "notes": notes, "items": items})


def _said(notes: Sequence[str]) -> dict[str, str]:
    """The notes as a header, a JSON array in ASCII: a CSV file has no place for them."""
    return {"diaban-notes": json.dumps(notes[:_MOST_NOTES])} if notes else {}


def _declaration(agreement: Agreement) -> dict[str, Any]:
    """Declared against computed, where what was sent declares wards."""
    if not agreement.declared:
        return {}
    return {"declared": list(agreement.declared), "agreement": agreement_document(agreement)}
