"""A route as it is drawn: along streets between points, straight, or an area; what it means, at each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from fastapi import APIRouter, Form, Query, Response, UploadFile

from api.core.responses import made_json, respond
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.base.table_uploads import received
from api.web.registers.found_places import (
    HAND_M,
    brought_place,
    crossings_of,
    elsewhere,
    found_places,
    frame_of,
    measured,
)
from api.web.registers.overview import declared_wards, overview_page
from geo.analysis.reconcile import reconcile
from geo.errors import DiabanError, InputError, Problem
from geo.importing.geometries import Question
from geo.importing.registers.routes import route_of_file
from geo.output.shared.theme import theme
from geo.records.drafting.ground import shared_m
from geo.records.kinds.registers.site_version import MOST_METRES
from geo.reference.crs import to_metric, to_wgs84

router = APIRouter(include_in_schema=False)

Mode = Literal["streets", "straight", "area"]
Points = Annotated[str, Query(max_length=4_000)]
Text = Annotated[str, Query(max_length=300)]
Asked = Annotated[str, Form(max_length=200)]
MOST_POINTS = 100
STREET_M = 10.0
"""How far off a route may be that follows streets of the base."""
BOW = 0.25
"""Where no street is known, the way between two points may bow away from the straight line by this share of it: a way
that is a fifth longer than the line does."""
SHARED_M = 30.0
"""A site that runs beside what is drawn for so many metres is the same place in part."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A geometry in degrees, None where the points make none yet; how far it may be off in metres; what is to be said
    of it."""

    shape: Any
    accuracy_m: float = HAND_M
    notes: tuple[str, ...] = ()


@router.get("/registers/route")
def route(
    context: PageContextNeed,
    points: Points = "",
    mode: Mode = "streets",
    declared: Text = "",
    words: Text = "",
    ward: Text = "",
    choose: Annotated[int, Query(ge=0, le=100)] = 0,
) -> Response:
    """What the points of a map mean, or the one of the places in words that is chosen (from 0): the route, its metres
    and wards, and how they agree; nothing is recorded."""
    drawn = _described(context, words, ward, choose) if words else _shape(context, _places(points), mode)
    document: dict[str, Any] = {"geometry": None, "wards": [], "sites": [], "declared": [], "notes": drawn.notes}
    if drawn.shape is not None:
        document = _meaning(context, drawn, declared)
    return respond(context.request, made_json(document), private=True)


@router.post("/registers/geometry")
def of_file(context: PageContextNeed, file: UploadFile, crs: Asked = "", layer: Asked = "") -> Response:
    """The form of a new site on the geometry of a file, in the system and of the layer that the page names."""
    try:
        brought = received(file, context.service.settings.max_route_bytes)
        found = route_of_file(brought.data, brought.name, Question.at_page(crs, layer))
        notes = tuple(note.text(context.words.lang) for note in found.notes)
        place = brought_place(context, brought.name, found.geometry, found.accuracy_m or HAND_M, notes)
    except DiabanError as error:
        return overview_page(context, refused(context, error, {"crs": crs, "layer": layer}))
    return overview_page(context, Filled({"source": brought.name}), [place])


def _described(context: PageContext, words: str, ward: str, choose: int) -> _Drawn:
    found = found_places(words, ward, context.city)
    if choose >= len(found):
        return _Drawn(None)
    return _Drawn(shapely.from_geojson(found[choose].geometry), found[choose].accuracy_m)


def _places(text: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Longitudes and latitudes of `lon,lat;lon,lat`; `InputError` where it is something else."""
    try:
        pairs = [tuple(map(float, pair.split(","))) for pair in text.split(";") if pair]
        found = np.array(pairs, dtype=float).reshape(-1, 2)
    except ValueError as error:
        raise InputError(Problem("web.no-points", "points")) from error
    if len(found) > MOST_POINTS or not np.isfinite(found).all() or (np.abs(found) > (180, 90)).any():
        raise InputError(Problem("web.no-points", "points"))
    return found


def _shape(context: PageContext, places: np.ndarray[Any, Any], mode: Mode) -> _Drawn:
    least = 3 if mode == "area" else 2
    if len(np.unique(places, axis=0)) < least:
        return _Drawn(None)
    if mode == "area":
        area = shapely.Polygon(places)
        if area.is_valid:
            return _Drawn(area)
        return _Drawn(None, notes=(context.words.text("registers.draw.crossing"),))
    if mode == "straight":
        return _Drawn(shapely.LineString(places))
    return _along(context, places)


def _along(context: PageContext, places: np.ndarray[Any, Any]) -> _Drawn:
    from geo.reference.places.place_index import load_places
    from geo.reference.streets.along import along_streets

    province = context.city.province_code
    points = np.array([shapely.Point(place) for place in places], dtype=object)
    metric = shapely.get_coordinates(to_metric(points, province))
    found = along_streets(metric, load_places(context.city).tree)
    if found is None:
        return _Drawn(None)
    (line,) = to_wgs84(np.array([found.line], dtype=object), province)
    shape = shapely.set_precision(line, 1e-7)
    if not found.straight_m:
        return _Drawn(shape, STREET_M)
    accuracy = min(max(HAND_M, round(BOW * found.straight_m, -1)), MOST_METRES)
    said = context.words.text("registers.draw.no_street", metres=context.words.metres(found.straight_m))
    return _Drawn(shape, accuracy, (said,))


def _meaning(context: PageContext, drawn: _Drawn, declared: str) -> dict[str, Any]:
    w, shape = context.words, drawn.shape
    found = crossings_of(context, shape)
    rows, length = measured(found)
    area = sum(float(row["area_m2"] or 0) for row in rows)
    names = _ward_names(context)
    return {
        "geometry": shapely.geometry.mapping(shape),
        "accuracy_m": drawn.accuracy_m,
        "size": w.metres(length) if length else w.written.square_metres(area),
        "accuracy": w.metres(drawn.accuracy_m),
        "notes": [*drawn.notes, *elsewhere(shape, context.city)],
        "wards": [_ward_line(context, row, names) for row in rows],
        "sites": _others(context, shape),
        "declared": _declared(context, shape, declared, found),
    }


def _ward_line(context: PageContext, row: dict[str, Any], names: dict[str, str]) -> tuple[str, str]:
    w = context.words
    size = w.metres(row["length_m"]) if row["length_m"] else w.written.square_metres(row["area_m2"])
    return names.get(row["ward_code"], w.pick(theme().text("outside"))), size


def _ward_names(context: PageContext) -> dict[str, str]:
    wards = context.service.registers(context.city.slug).wards
    return dict(zip(wards["code"], wards["full_name"], strict=True))


def _declared(context: PageContext, shape: Any, text: str, found: Any) -> list[list[str]]:
    """What a text declares against what is computed: a word for each ward, or why the text is not understood."""
    if not text.strip():
        return []
    try:
        codes = declared_wards(text, context.city)
    except DiabanError as error:
        return [[problem.text(context.words.lang), ""] for problem in error.problems]
    (agreement,) = reconcile(frame_of(shape, codes), found)
    names = _ward_names(context)
    parts = {"confirmed": agreement.confirmed, "undeclared": agreement.undeclared, "absent": agreement.absent}
    said = {key: context.words.text(f"registers.declared.{key}") for key in parts}
    return [[names.get(code, code), said[key]] for key, part in parts.items() for code in part]


def _others(context: PageContext, shape: Any) -> list[list[str]]:
    """The sites that run beside what is drawn, and for how many metres."""
    province = context.city.province_code
    (own,) = to_metric(np.array([shape], dtype=object), province)
    sites = context.situation().sites
    found = []
    routes = to_metric(np.asarray(sites.geometry, dtype=object), province)
    for site_id, name, other in zip(sites["site_id"], sites["name"], routes, strict=True):
        shared, _ = shared_m(own, other)
        if shared >= SHARED_M:
            found.append([f"{site_id} {name}", context.words.metres(shared)])
    return found
