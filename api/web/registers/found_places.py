"""The places that words describe, as forms of the registers offer them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.reference.cities import City


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that words describe: its name, metres, accuracy, wards, and the route as a form holds it.

    `notes`: what is to be said of how it was read.
    """

    name: str
    length_m: float
    accuracy_m: float
    wards: tuple[tuple[str, float], ...]
    geometry: str
    notes: tuple[str, ...] = ()


def found_places(words: str, ward: str, city: City) -> Sequence[FoundPlace]:
    """The places that words describe, best first; none where nothing is found."""
    from geo.analysis.place_wards import collection
    from geo.reference.places.search import find_in_cities

    answer, index = find_in_cities(words, city, ward)
    features: list[dict[str, Any]] = collection(answer, index)["features"]
    return [_place(each["properties"], each["geometry"]) for each in features]


def source_of(words: str) -> str:
    """Where the geometry of a place that words describe is from."""
    return f"“{words}”; © OpenStreetMap contributors, ODbL 1.0"


def _place(facts: dict[str, Any], geometry: Any) -> FoundPlace:
    import shapely

    wards = tuple((row["name"], float(row["length_m"])) for row in facts["wards"])
    sizes = float(facts["length_m"] or 0), float(facts["accuracy_m"])
    return FoundPlace(facts["name"], *sizes, wards, shapely.to_geojson(shapely.from_geojson(json.dumps(geometry))))
