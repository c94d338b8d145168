"""Wards: by code, by any spelling of the name, by point, and the sites that cross them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from api.core.data_version import DataState
from api.core.problems import NotFoundError
from api.core.responses import CSV, GEOJSON, Answer, made, made_json
from api.core.service import Service
from api.http.response_cache import CanonicalQuery
from api.resources.city_finding import own_first, province_at
from api.resources.city_finding import ward_at as anywhere_at
from api.resources.dependencies import BoxNeed, CityQuery, Form, PageNeed, RequestContextNeed, WhenNeed
from api.resources.feature_collections import Row, collection, feature_bytes, geometry_bytes
from api.resources.pages import about, listed, to_csv
from api.resources.visibility import flag_rows, report_counts, visible
from api.schemas.examples import LIST_ANSWERS, ONE_ANSWERS
from api.schemas.fields import Degrees, Phase
from geo.analysis.near_wards import wards_near
from geo.errors import Problem, UnknownWardError
from geo.reference.names import suggest
from geo.reference.ward import Ward
from geo.reference.ward_names.unit_phrases import Phrase
from geo.reference.ward_names.ward_query import shown
from geo.reference.ward_names.ward_search import WardSearch
from geo.situation import Situation

router = APIRouter(prefix="/api/v1", tags=["wards"])

Code = Annotated[str, PathParameter(description="Official code of 5 characters.", examples=["00004"], max_length=20)]


@router.get("/wards", responses=LIST_ANSWERS)
def wards(
    context: RequestContextNeed,
    when: WhenNeed,
    page: PageNeed,
    bbox: BoxNeed,
    phase: Annotated[Phase | None, Query(description="Programme coverage.")] = None,
    ward: Annotated[list[str] | None, Query(description="Codes of wards.", max_length=200)] = None,
) -> Response:
    """The wards of a city with their phase on a day."""
    situation = context.situation(when)
    found = collection("wards", situation)
    mask = found.where(phase=phase, code=frozenset(ward) if ward else None)
    if bbox is not None:
        mask &= found.within(*bbox)
    return context.answer(lambda: listed(context, found, mask, page, situation))


@router.get("/wards/at", responses=ONE_ANSWERS)
def ward_at(
    context: RequestContextNeed,
    when: WhenNeed,
    lon: Annotated[Degrees, Query(ge=-180, le=180, description="Longitude, degrees WGS 84.", examples=[105.834])],
    lat: Annotated[Degrees, Query(ge=-90, le=90, description="Latitude, degrees WGS 84.", examples=[21.037])],
) -> Response:
    """The ward at a point, in whichever city it lies; 404 outside all wards, or those of the `city` that is named.

    Degrees may have minutes, with decimals or seconds: `105°50.12'E`.

    `neighbours` (JSON): the other wards whose border runs within 25 m of the point, with the distance in metres; as
    exact as borders are, the point may lie in one of them.
    """
    if when.city is None:
        found = anywhere_at(context.service, lon, lat)
        when = replace(when, city=found[0] if found else province_at(context.service, lon, lat))
    situation = context.situation(when)
    ward = context.service.register(situation.city).at(lon, lat)
    if ward is None:
        raise NotFoundError(Problem("service.no-ward-at", f"{lon:g}, {lat:g}"))
    index = context.service.ward_index(situation.city)[1]
    near = wards_near(context.service.register(situation.city).wards, index, lon, lat)
    more: Row = {"neighbours": [row for row in near if row["code"] != ward.code]}
    return context.answer(lambda: _one(context.form, situation, ward.code, more))


_POINT = re.compile(rb"lon=(-?\d{1,3}(?:\.\d{1,15})?)&lat=(-?\d{1,2}(?:\.\d{1,15})?)((?:&f=[a-z]{1,10})?)")
_WITHOUT_NEIGHBOURS = (b"&f=geojson", b"&f=csv")


def ward_of(service: Service, query: bytes, data: DataState) -> Hashable:
    """What stands for a query of `/wards/at`: all points of a ward have one answer; in JSON, those by no border."""
    point = _POINT.fullmatch(query)
    if point is None:
        return query
    lon, lat, form = float(point[1]), float(point[2]), point[3]
    found = anywhere_at(service, lon, lat, data.files)
    if found is None:
        return query
    if form not in _WITHOUT_NEIGHBOURS and service.may_be_by_border(lon, lat, found[0]):
        return query
    return found[1].code, form


CANONICAL_QUERIES: dict[str, CanonicalQuery] = {"/api/v1/wards/at": ward_of}
"""What stands for a query in the key of its answer (`api.http.response_cache`)."""


@router.get("/wards/search")
def search(
    context: RequestContextNeed,
    q: Annotated[str, Query(min_length=1, max_length=200, description="A name in any spelling.", examples=["yen hoa"])],
    city: CityQuery = None,
) -> Response:
    """The wards that a name or several mean, and by which rule: diacritics, unit and former names don't matter.

    Without a `city` those of all cities, the server's own first. Nothing is guessed: a name that is unknown is listed
    under `missing` with the nearest names, and the others of the text are answered.
    """
    slugs = (city,) if city else own_first(context.service, context.home)
    searches = [(slug, context.service.register(slug).search) for slug in slugs]
    found = [(slug, one.search(q)) for slug, one in searches]
    items = [_found_row(slug, one.ward) for slug, answer in found for one in answer.found]
    how = next((one.how for _, answer in found for one in answer.found), None)
    unknown = [phrase for phrase in found[0][1].missing if all(phrase in answer.missing for _, answer in found)]
    missing = [_missing_row(phrase, [search for _, search in searches]) for phrase in unknown]
    near = list(dict.fromkeys(name for row in missing for name in row["suggestions"]))
    document: Row = {"query": q, "how": how, "items": items, "missing": missing, "suggestions": near}
    return context.answer(partial(made_json, document))


def _missing_row(phrase: Phrase, searches: Iterable[WardSearch]) -> Row:
    """A name that no city knows, with the nearest that they do."""
    near = dict.fromkeys(name for search in searches for name in search.suggestions([phrase]))
    return {"name": shown(phrase), "suggestions": list(near)}


def _found_row(city: str, ward: Ward) -> Row:
    return {"code": ward.code, "name": ward.name, "full_name": ward.full_name, "phase": ward.phase, "city": city}


@router.get("/wards/{code}", responses=ONE_ANSWERS)
def ward(context: RequestContextNeed, when: WhenNeed, code: Code) -> Response:
    """A ward on a day, with the sites that cross it, its flags, and how many reports there are."""
    situation = context.situation(when)
    return context.answer(lambda: _one(context.form, situation, code, _more(context, situation, code)))


@router.get("/wards/{code}/sites", responses=LIST_ANSWERS)
def ward_sites(context: RequestContextNeed, when: WhenNeed, page: PageNeed, code: Code) -> Response:
    """The stretches of sites that lie in a ward, with their lengths."""
    situation = context.situation(when)
    _row(situation, code)
    found = collection("crossings", situation)
    mask = found.where(ward_code=code)
    return context.answer(lambda: listed(context, found, mask, page, situation))


def _one(form: Form, situation: Situation, code: str, more: Row) -> Answer:
    row = _row(situation, code)
    found = collection("wards", situation)
    if form is Form.GEOJSON:
        return made(feature_bytes(found, np.array([row]), geometry_bytes(found)) + b"\n", GEOJSON)
    if form is Form.CSV:
        return made(to_csv([found.rows[row]]), CSV)
    return made_json({**about(situation), **found.rows[row], **more})


def _row(situation: Situation, code: str) -> int:
    codes = [row["code"] for row in collection("wards", situation).rows]
    if code not in codes:
        raise UnknownWardError(code, suggest(code, codes))
    return codes.index(code)


def _more(context: RequestContextNeed, situation: Situation, code: str) -> Row:
    crossings = collection("crossings", situation)
    sites = [crossings.rows[row] for row in np.flatnonzero(crossings.where(ward_code=code)).tolist()]
    shown = visible(context.service, situation, context.identity)
    flags = [flag for flag in flag_rows(shown, context.identity.viewer) if code in flag["ward_codes"]]
    return {
        "sites": sites,
        "flags": flags,
        "reports": report_counts(context.service, situation, context.identity).of_ward(code),
    }
