"""The geometry of a site as somebody brings it: words that name a place, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.reference.cities import City
from geo.reference.places.place_index import has_places

if TYPE_CHECKING:
    from geo.importing.geometries import Question
    from geo.reference.places.candidate import Candidate


_WIDEST_M2 = 3e6
"""A larger area is a ward or a district, hardly a site: somebody has to say that it is meant."""


@dataclass(frozen=True, slots=True)
class Route:
    """A geometry as GeoJSON text, where it is from, and how far it may be off in metres (None where unknown).

    `notes`: what is to be said of how it was read.
    """

    geometry: str
    source: str
    accuracy_m: float | None = None
    notes: tuple[Message, ...] = ()


def route_of_file(file: str | Path | bytes, name: str = "", question: Question | None = None) -> Route:
    """The one feature of a file of geometries, or of the layer of it that `question` names.

    Raises
    ------
    DataFileMissingError, InputError
        As `read_geometries`; the file holds no feature, or several.
    """
    import shapely

    from geo.importing.geometries import read_geometries

    reading = read_geometries(file, question, name=name)
    shapes = [shape for shape in reading.frame.geometry if shape is not None]
    if len(shapes) != 1:
        raise InputError(Problem("importing.one-geometry", name or str(file), count=len(shapes)))
    return Route(shapely.to_geojson(shapes[0]), name or Path(str(file)).name, notes=reading.notes)


def route_of_text(text: str, question: Question | None = None) -> Route:
    """The one feature that was pasted: coordinates, WKT, GeoJSON; errors as `route_of_file`."""
    from geo.importing.pasted_route import pasted

    data, said = pasted(text)
    found = route_of_file(data, "geometry", question)
    return replace(found, notes=(*said, *found.notes))


def route_of_words(words: str, city: City, ward: str = "", choose: int | None = None) -> Route:
    """The place that words describe.

    Raises
    ------
    InputError
        Nothing is found, or nothing in the city, or several candidates are, or one that is not sure or a whole area, of
        which `choose` (from 1) names none; they are listed.
    """
    found = places_of_words(words, city, ward)
    if not found.candidates:
        raise InputError(found.not_found(words))
    _refuse_elsewhere(found.candidates, city)
    if choose is None and not found.sure:
        raise InputError(Problem(found.question, words, candidates=found.labels))
    if choose is not None and not 1 <= choose <= len(found.candidates):
        raise InputError(Problem(found.question, words, candidates=found.labels))
    return found.route((choose or 1) - 1)


def _refuse_elsewhere(found: Sequence[Candidate], city: City) -> None:
    """Refuse places of which none lies in the city, though another one has them."""
    from geo.records.drafting.ground import outside_faults

    faults = [list(outside_faults(one.lonlat(city.province_code), city, one.name)) for one in found]
    if all(faults):
        raise InputError([fault.problem for fault in faults[0]])


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The candidates for words, the best first; `sure`: whether there is one that nobody has to choose; `near`: names
    that are near where there is none."""

    words: str
    city: City
    candidates: tuple[Candidate, ...]
    sure: bool
    near: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The candidates as a reader chooses among them: `1. Đường Láng (1200 m, ±50 m)`; of one name, with where."""
        names = [one.name for one in self.candidates]
        return [
            f"{number}. {one.name} ({_size(one)}±{one.accuracy_m:.0f} m)"
            + (f", {one.evidence[-1]}" if names.count(one.name) > 1 and one.evidence else "")
            for number, one in enumerate(self.candidates, 1)
        ]

    @property
    def question(self) -> str:
        """The code of what a reader is asked."""
        return "importing.one-place-unsure" if len(self.candidates) == 1 else "importing.several-places-fit"

    def not_found(self, where: str) -> Problem:
        """That there is no candidate; the names that are near, if any is."""
        if self.near:
            return Problem("importing.no-such-place-near", where, near=self.near)
        if not has_places(self.city):
            return Problem("places.no-files", where, city=self.city.name)
        return Problem("importing.no-such-place", where)

    def route(self, at: int) -> Route:
        """The candidate at a place of the list as a route."""
        import shapely

        candidate = self.candidates[at]
        shape = candidate.lonlat(self.city.province_code)
        source = f"“{self.words}”; © OpenStreetMap contributors, ODbL 1.0"
        return Route(shapely.to_geojson(shape), source[:300], float(candidate.accuracy_m))


def places_of_words(words: str, city: City, ward: str = "") -> FoundPlaces:
    """The places that words may mean; an area of several square kilometres is never sure."""
    from geo.reference.places.search import find_in_cities

    answer, _ = find_in_cities(words, city, ward)
    found = tuple(candidate for part in answer.parts for candidate in part.candidates)
    near = tuple(name for part in answer.parts for name in part.nearest)
    is_wide = any(one.geometry.area > _WIDEST_M2 for one in found)
    return FoundPlaces(words, city, found, answer.sure and len(found) == 1 and not is_wide, near)


def _size(one: Candidate) -> str:
    if one.geometry.area:
        return f"{one.geometry.area / 1e6:.2f} km², "
    return f"{one.length_m:.0f} m, " if one.length_m else ""
