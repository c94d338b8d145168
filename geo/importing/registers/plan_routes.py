"""The routes of the new sites of a plan, by the plan's own words; only where one sure place is found."""

from __future__ import annotations

from geo.errors import DiabanError, Problem
from geo.importing.registers.plan_changes import PlanChanges
from geo.importing.registers.routes import Route, route_of_words
from geo.reference.cities import city as city_named


def routes_of(found: PlanChanges) -> tuple[dict[str, Route], list[Problem]]:
    """Key of the row of a new site → its route; and why the others have none."""
    routes: dict[str, Route] = {}
    problems: list[Problem] = []
    for row in found.sites:
        if row.state != "new" or row.site is None:
            continue
        ward = row.site.wards[0] if len(row.site.wards) == 1 else ""
        try:
            routes[row.key] = route_of_words(row.site.name, city_named(found.city), ward)
        except DiabanError as error:
            problems += [problem.at(f"{row.key} {row.site.name}") for problem in error.problems]
    return routes, problems
