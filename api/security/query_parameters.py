"""Query parameters: one that a route does not know is refused with those that it knows, never ignored.

An answer to a question that nobody asked looks like an answer: `?ward_code=00331` where the parameter is called `ward`
would be all wards, with status 200.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.security.lists.of_request import CITY, has_further_lists
from geo.errors import InputError, Problem

PROGRAMS = ("/api/", "/ogc", "/openapi.json", "/metrics", "/health", "/ready", "/tiles.json")
"""Paths that programs ask for; all others are pages and what belongs to them."""
_BY_THEMSELVES = "/ogc"
"""The service below it answers 400, as its norm asks, and knows more parameters than its routes declare."""
_TRACKING = ("utm_", "fbclid", "gclid", "zarsrc", "mc_")
"""Beginnings of what other sites append to the address of a page when somebody follows a link there."""
_MOST = 20


@dataclass(frozen=True, slots=True)
class Parameters:
    """The query parameters of a route in the order of their declaration; `several` may stand more than once."""

    names: tuple[str, ...] = ()
    several: frozenset[str] = frozenset()


def parameters_of(route: Any) -> Parameters | None:
    """The query parameters that a route declares; None for one that reads them by itself."""
    if not isinstance(route, APIRoute):
        return None
    fields = {field.alias: field.field_info.annotation for field in _fields(route.dependant)}
    return Parameters(tuple(fields), frozenset(name for name, kind in fields.items() if _is_list(kind)))


def refuse_unknown(path: str, known: Parameters | None, query: bytes) -> None:
    """Refuse a query that holds what its route does not know, or twice what stands once.

    Raises
    ------
    InputError
        Each such parameter is named, with those that there are.
    """
    if not query or known is None or path.startswith(_BY_THEMSELVES):
        return
    given = Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    names = known.names if CITY in known.names or not has_further_lists() else (*known.names, CITY)
    is_page = not path.startswith(PROGRAMS)
    problems = [
        _unknown(name, known.names)
        for name in given
        if name not in names and not (is_page and name.startswith(_TRACKING))
    ]
    repeated = (name for name in names if given[name] > 1 and name not in known.several)
    problems += [Problem("service.repeated-parameter", name) for name in repeated]
    if problems:
        raise InputError(problems[:_MOST])


def _unknown(name: str, known: tuple[str, ...]) -> Problem:
    shown = name[:40]
    if not known:
        return Problem("service.no-parameters", shown, name=shown)
    return Problem("service.unknown-parameter", shown, name=shown, known=known)


def _fields(dependant: Dependant) -> list[Any]:
    inner = (field for part in dependant.dependencies for field in _fields(part))
    return [*dependant.query_params, *inner]


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (list, tuple, set) or any(_is_list(part) for part in get_args(kind))
