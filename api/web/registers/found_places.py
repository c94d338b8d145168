"""The places that words describe, as forms of the registers offer them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.i18n.language import current
from geo.i18n.message import shown
from geo.output.shared.theme import theme
from geo.records.drafting.ground import outside_faults
from geo.reference.cities import City


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
    import shapely

    wards = ward_metres([{**row, "ward_name": row["name"]} for row in facts["wards"]])
    sizes = float(facts["length_m"] or 0), float(facts["accuracy_m"])
    shape = shapely.from_geojson(json.dumps(geometry))
    return FoundPlace(facts["name"], *sizes, wards, shapely.to_geojson(shape), problems=elsewhere(shape, city))
