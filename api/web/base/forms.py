"""Forms: what was typed stays when it is refused, and why it is refused is told beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from api.core.problems import QueryError
from api.web.base.error_translations import translated
from api.web.base.page_context import PageContext, parse_day
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


def record(context: PageContext, entry: Callable[[], Entry], values: Mapping[str, str]) -> Filled | None:
    """As `write`; None where it was written."""
    done = write(context, entry, values)
    return done if isinstance(done, Filled) else None


def write(context: PageContext, entry: Callable[[], Entry], values: Mapping[str, str]) -> Receipt | Filled:
    """Write the entry that a form makes, in the name of the visitor; the form to show again where it is refused.

    Raises
    ------
    ForbiddenError
        A ward account writes about another ward.
    StoreError
        The database failed; nothing was written.
    """
    from api.security.object_permissions import require_own

    try:
        made = entry()
        require_own(context.service, context.identity, made)
        return context.service.store.add(made, context.identity.actor)
    except DiabanError as error:
        return refused(context, error, values)


def refused(context: PageContext, error: DiabanError, values: Mapping[str, str]) -> Filled:
    """The form with the problems of an error; an error that is not about what was typed is raised again."""
    from geo.errors import InputError, UnknownNameError

    if not isinstance(error, InputError | UnknownNameError):
        raise error
    return Filled(values, tuple(translated(problem, context.words.lang) for problem in error.problems))


def day_field(text: str, name: str = "day") -> date:
    """The day of a form's field; QueryError where it is missing or none."""
    day = parse_day(text, name)
    if day is None:
        raise QueryError(Problem("is missing", name, "fill it in"))
    return day
