"""The places that words describe, or that somebody brought, as forms of the registers offer them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from api.resources.route_cuts import cut
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext
from api.web.registers.drafting import metres_field
from geo.errors import DiabanError, InputError, UnknownNameError
from geo.i18n.language import current
from geo.i18n.message import shown
from geo.importing.geometries import Question
from geo.importing.registers.routes import route_of_text
from geo.output.shared.crossing_rows import crossing_rows
from geo.output.shared.theme import theme
from geo.records.drafting.ground import outside_faults
from geo.reference.cities import City

HAND_M = 30.0
"""How far off a route may be that is drawn by hand."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that words describe: its name, metres, accuracy, wards, and the route as a form holds it.

    `notes`: what is to be said of how it was read; `problems`: why it can't be a site of the city.
    """

    name: str
    length_m: float
    accuracy_m: float
    wards: tuple[tuple[str, float], ...]
    geometry: str
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def found_places(words: str, ward: str, city: City) -> Sequence[FoundPlace]:
    """The places that words describe, best first; none where nothing is found."""
    from geo.analysis.place_wards import collection
    from geo.reference.places.search import find_in_cities

    answer, index = find_in_cities(words, city, ward)
    features: list[dict[str, Any]] = collection(answer, index)["features"]
    return [_place(each["properties"], each["geometry"], city) for each in features]


def places_of(context: PageContext, form: Filled) -> tuple[Sequence[FoundPlace], Filled]:
    """The places that the words of a form describe, and the form: with what is wrong, if they name an unknown ward."""
    words = form.value("words")
    if not words:
        return (), form
    try:
        return found_places(words, form.value("ward"), context.city), form
    except (InputError, UnknownNameError) as error:
        wrong = refused(context, error, form.values)
        return (), replace(form, problems=(*form.problems, *wrong.problems))


def brought_place(
    context: PageContext, name: str, geometry: str, accuracy_m: float, notes: Sequence[str] = ()
) -> FoundPlace:
    """The place of a geometry (GeoJSON, degrees).

    Raises
    ------
    DiabanError
        It cannot be measured.
    """
    shape = shapely.from_geojson(geometry)
    rows, length = measured(crossings_of(context, shape))
    return FoundPlace(
        name, length, accuracy_m, ward_metres(rows), geometry, tuple(notes), elsewhere(shape, context.city)
    )


def chosen_place(context: PageContext, form: Filled) -> Sequence[FoundPlace]:
    """The place on which a form was sent, which stays where the form is refused; () where its geometry is none."""
    name = form.value("words") or form.value("source") or form.value("name")
    try:
        route = route_of_text(form.value("geometry"), Question.at_page())
        accuracy = metres_field(form.value("accuracy"), "accuracy") or HAND_M
        return [brought_place(context, name, route.geometry, accuracy)]
    except DiabanError:
        return ()  # the form says what is wrong with it


def crossings_of(context: PageContext, shape: Any) -> Any:
    """The wards of a geometry in degrees, as `geo.crossings` gives them."""
    return cut(context.service, frame_of(shape), context.city.slug)[1]


def frame_of(shape: Any, declared: tuple[str, ...] = ()) -> Any:
    """A geometry in degrees as a frame of one site."""
    import geopandas

    table = {"site_id": ["new"], "name": [""], "declared_wards": [list(declared)], "accuracy_m": [HAND_M]}
    return geopandas.GeoDataFrame(table, geometry=[shape], crs="EPSG:4326")


def measured(found: Any) -> tuple[list[dict[str, Any]], float]:
    """The rows of crossings, and the metres of all."""
    rows = crossing_rows(found)
    return rows, sum(float(row["length_m"] or 0) for row in rows)


def source_of(words: str) -> str:
    """Where the geometry of a place that words describe is from."""
    return f"“{words}”; © OpenStreetMap contributors, ODbL 1.0"


def ward_metres(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, float], ...]:
    """The wards of rows of crossings with their metres; what lies in none is called so."""
    outside = shown(theme().text("outside"), current())
    return tuple((row["ward_name"] or outside, float(row["length_m"] or 0.0)) for row in rows)


def elsewhere(shape: Any, city: City) -> tuple[str, ...]:
    """Why a geometry can't be a site of the city; () where it lies in it."""
    return tuple(str(fault.problem.at("")) for fault in outside_faults(shape, city))


def _place(facts: dict[str, Any], geometry: Any, city: City) -> FoundPlace:
    wards = ward_metres([{**row, "ward_name": row["name"]} for row in facts["wards"]])
    sizes = float(facts["length_m"] or 0), float(facts["accuracy_m"])
    shape = shapely.from_geojson(json.dumps(geometry))
    return FoundPlace(facts["name"], *sizes, wards, shapely.to_geojson(shape), problems=elsewhere(shape, city))
