"""Places in words: names as somebody types them, the places that a description may mean, former units."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.core.responses import CSV, GEOJSON, Answer, made, made_json, respond
from api.core.service import Service
from api.resources.city_finding import own_first
from api.resources.dependencies import CityQuery, Form, RequestContext, RequestContextNeed
from api.resources.former_units import former_unit_rows
from api.resources.pages import to_csv
from api.resources.place_suggestions import suggested
from api.schemas.examples import CANDIDATES_ANSWERS, UNITS_ANSWERS
from geo.analysis.place_wards import collection
from geo.reference.cities import city as city_named
from geo.reference.places.place_index import ATTRIBUTION
from geo.reference.places.search import find_in_cities

router = APIRouter(prefix="/api/v1", tags=["places"])

TextQuery = Annotated[
    str,
    Query(min_length=1, max_length=600, description="A name, or a place as a notice prints it.", examples=["Bà Triệu"]),
]


@router.get("/places")
def places(
    context: RequestContextNeed,
    q: TextQuery,
    city: CityQuery = None,
    limit: Annotated[int, Query(ge=1, le=20, description="Names at most.")] = 8,
) -> Response:
    """Names as one types: wards, sites, streets, landmarks and former units, best first, each with where it lies.

    Without a `city` those of the account's own city, else the server's, come first, then those of the others.
    `suggestions` are the names alone.
    """
    slugs = (city,) if city else own_first(context.service, context.home)
    return context.answer(partial(_answer, context.service, q, slugs, limit))


def _answer(service: Service, q: str, slugs: Sequence[str], limit: int) -> Answer:
    items = suggested(service, q, slugs, limit)
    names = list(dict.fromkeys(row["name"] for row in items))
    return made_json({"query": q, "items": items, "suggestions": names, "attribution": ATTRIBUTION})


@router.get("/places/candidates", responses=CANDIDATES_ANSWERS)
def candidates(
    context: RequestContextNeed,
    q: TextQuery,
    city: CityQuery = None,
    ward: Annotated[str, Query(max_length=100, description="Ward or former district in which it lies.")] = "",
) -> Response:
    """The places that a description may mean, as GeoJSON: a stretch, a street, a junction, a point or an area each.

    Best first, with wards, length, accuracy and what speaks for it; `sure` says whether one is left. Where none is
    found, `parts` say what was understood and which names are nearest.
    """
    answer, index = find_in_cities(q, city_named(city or context.home), ward)
    return respond(context.request, made_json(collection(answer, index), GEOJSON), private=True)


@router.get("/units/former", responses=UNITS_ANSWERS)
def former(
    context: RequestContextNeed,
    q: Annotated[str, Query(max_length=200, description="A name in any spelling; all if absent.")] = "",
    district: Annotated[str, Query(max_length=100, description="Former district.")] = "",
    city: CityQuery = None,
) -> Response:
    """The communes and wards until June 2025: name, district, and the wards of today that took each over.

    Whole or in part, by which item of which resolution; square metres and side where an outline of it is known.
    """
    return context.answer(partial(_former, context, q, district, city))


def _former(context: RequestContext, q: str, district: str, city: str | None) -> Answer:
    slugs = (city,) if city else own_first(context.service, context.home)
    rows = [row for slug in slugs for row in former_unit_rows(context.service.register(slug), slug, q, district)]
    if context.form is Form.CSV:
        flat = [{**row, **heir, "heirs": None} for row in rows for heir in row["heirs"]]
        return made(to_csv([{key: value for key, value in row.items() if key != "heirs"} for row in flat]), CSV)
    return made_json({"items": rows, "count": len(rows)})
