"""The geometry of a site as somebody brings it: words that name a place, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.reference.cities import City

if TYPE_CHECKING:
    from geo.importing.geometries import Question
    from geo.reference.places.candidate import Candidate


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

    data, _ = pasted(text)
    return route_of_file(data, "geometry", question)


def route_of_words(words: str, city: City, ward: str = "", choose: int | None = None) -> Route:
    """The place that words describe.

    Raises
    ------
    InputError
        Nothing is found, or nothing in the city, or several candidates are, of which `choose` (from 1) names none; they
        are listed.
    """
    import shapely

    from geo.reference.places.search import find_in_cities

    answer, _ = find_in_cities(words, city, ward)
    found = [candidate for part in answer.parts for candidate in part.candidates]
    if not found:
        near = [name for part in answer.parts for name in part.nearest]
        raise InputError(Problem("importing.no-such-place", words, near=near))
    _refuse_elsewhere(found, city)
    if choose is None and not answer.sure:
        raise InputError(Problem("importing.several-places", words, candidates=_listed(found)))
    if choose is not None and not 1 <= choose <= len(found):
        raise InputError(Problem("importing.several-places", words, candidates=_listed(found)))
    candidate = found[(choose or 1) - 1]
    shape = candidate.lonlat(city.province_code)
    source = f"“{words}”; © OpenStreetMap contributors, ODbL 1.0"
    return Route(shapely.to_geojson(shape), source[:300], float(candidate.accuracy_m))


def _refuse_elsewhere(found: Sequence[Candidate], city: City) -> None:
    """Refuse places of which none lies in the city, though another one has them."""
    from geo.records.drafting.ground import outside_faults

    faults = [list(outside_faults(one.lonlat(city.province_code), city, one.name)) for one in found]
    if all(faults):
        raise InputError([fault.problem for fault in faults[0]])


def _listed(found: Sequence[Candidate]) -> list[str]:
    """The candidates as a reader chooses among them."""
    sizes = (f"{one.length_m:.0f} m, ±{one.accuracy_m:.0f} m" for one in found)
    return [f"{number}. {one.name} ({size})" for number, (one, size) in enumerate(zip(found, sizes, strict=True), 1)]
