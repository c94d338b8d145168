"""The routes of the new sites of a plan, by the plan's own words; where several places fit, the one that is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from geo.errors import DiabanError, InputError, Problem
from geo.importing.registers.plan_changes import PlanChanges
from geo.importing.registers.routes import FoundPlaces, Route, places_of_words
from geo.reference.cities import city as city_named

Chosen = Mapping[str, int]
"""Key of the row of a new site → the number of its place among the candidates, from 1."""


@dataclass(slots=True)
class PlanRoutes:
    """By the key of the row of a new site: its route, and the candidates where somebody has to choose, as they are
    listed; and why the others have none."""

    routes: dict[str, Route] = field(default_factory=dict)
    candidates: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_places(texts: Iterable[str]) -> dict[str, int]:
    """Chosen places as a command or a request writes them, `II.3=2`; `InputError` otherwise."""
    pairs = {text: text.rpartition("=") for text in texts}
    wrong = [text for text, (key, _, value) in pairs.items() if not key.strip() or not value.strip().isdecimal()]
    if wrong:
        raise InputError([Problem("importing.place-choice-form", text) for text in wrong])
    return {key.strip(): int(value) for key, _, value in pairs.values()}


def routes_of(found: PlanChanges, chosen: Chosen = MappingProxyType({})) -> PlanRoutes:
    """The routes of the new sites of a plan.

    Raises
    ------
    InputError
        What is chosen is no new site of the plan, or no number of a candidate of it.
    """
    made = PlanRoutes()
    new = [row for row in found.sites if row.state == "new" and row.site is not None]
    keys = [row.key for row in new]
    unknown = [f"{key}={number}" for key, number in chosen.items() if key not in keys]
    if unknown:
        raise InputError(
            [Problem("importing.choice-no-row", text, key=text.rpartition("=")[0], known=keys) for text in unknown]
        )
    for row in new:
        assert row.site is not None
        ward = row.site.wards[0] if len(row.site.wards) == 1 else ""
        where = f"{row.key} {row.site.name}"
        try:
            places = places_of_words(row.site.name, city_named(found.city), ward)
        except DiabanError as error:
            made.problems += [problem.at(where) for problem in error.problems]
            continue
        _take(made, row.key, where, places, chosen.get(row.key))
    return made


def _take(made: PlanRoutes, key: str, where: str, places: FoundPlaces, choice: int | None) -> None:
    """The route of a row, or what somebody has to choose."""
    if choice is not None and not 1 <= choice <= len(places.candidates):
        code = "importing.no-such-candidate"
        raise InputError(Problem(code, f"{key}={choice}", number=choice, candidates=places.labels))
    if not places.sure:
        made.candidates[key] = places.labels
    if choice is not None or places.sure:
        made.routes[key] = places.route((choice or 1) - 1)
    elif places.candidates:
        made.problems.append(Problem(places.question, where, candidates=places.labels))
    else:
        made.problems.append(places.not_found(where))
