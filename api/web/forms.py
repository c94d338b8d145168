"""Forms: what was typed stays when it is refused, and why it is refused is told beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from api.errors import QueryError
from api.web.visit import Visit, parse_day
from geo.errors import DiabanError, Problem
from geo.records.entries import NewEntry, Receipt

Entry = TypeVar("Entry", bound=NewEntry)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form: `values` by field, and the `problems` of the last try."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def value(self, name: str, otherwise: str = "") -> str:
        """What was typed into a field; `otherwise` before anything was."""
        return self.values.get(name, otherwise)


def record(visit: Visit, entry: Callable[[], Entry], values: Mapping[str, str]) -> Filled | None:
    """As `write`; None where it was written."""
    done = write(visit, entry, values)
    return done if isinstance(done, Filled) else None


def write(visit: Visit, entry: Callable[[], Entry], values: Mapping[str, str]) -> Receipt | Filled:
    """Write the entry that a form makes, in the name of the visitor; the form to show again where it is refused.

    Raises
    ------
    ForbiddenError
        A ward account writes about another ward.
    StoreError
        The database failed; nothing was written.
    """
    from api.security.scope import require_own

    try:
        made = entry()
        require_own(visit.service, visit.identity, made)
        return visit.service.store.add(made, visit.identity.actor)
    except DiabanError as error:
        return refused(visit, error, values)


def refused(visit: Visit, error: DiabanError, values: Mapping[str, str]) -> Filled:
    """The form with the problems of an error; an error that is not about what was typed is raised again."""
    from geo.errors import InputError, UnknownNameError

    if not isinstance(error, InputError | UnknownNameError):
        raise error
    return Filled(values, tuple(visit.words.problem(problem) for problem in error.problems))


def day_field(text: str, name: str = "day") -> date:
    """The day of a form's field; QueryError where it is missing or none."""
    day = parse_day(text, name)
    if day is None:
        raise QueryError(Problem("is missing", name, "fill it in"))
    return day
