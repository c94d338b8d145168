"""Forms: what was typed stays when it is refused, and why it is refused stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from api.web.base.page_context import PageContext
from api.web.base.problem_texts import ProblemText, problem_text
from geo.errors import DiabanError
from geo.records.entries import NewEntry, Receipt

Entry = TypeVar("Entry", bound=NewEntry)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form: `values` by field, and the `problems` of the last try."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[ProblemText, ...] = ()

    def value(self, name: str, otherwise: str = "") -> str:
        """What was typed into a field; `otherwise` before anything was."""
        return self.values.get(name, otherwise)


def record(context: PageContext, entry: Callable[[], Entry], values: Mapping[str, str]) -> Filled | None:
    """As `write`; None where it was written."""
    done = write(context, entry, values)
    return done if isinstance(done, Filled) else None


def write(
    context: PageContext,
    entry: Callable[[], Entry],
    values: Mapping[str, str],
    guard: Callable[[Entry, Connection], None] | None = None,
) -> Receipt | Filled:
    """Write the entry that a form makes, in the name of the visitor; the form to show again where it is refused.

    `guard` looks at what is recorded when the write has begun; what it raises undoes the write, and goes on.

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
        within = partial(guard, made) if guard is not None else None
        return context.service.store.add(made, context.identity.actor, guard=within)
    except DiabanError as error:
        return refused(context, error, values)


def refused(context: PageContext, error: DiabanError, values: Mapping[str, str]) -> Filled:
    """The form with the problems of an error; an error that is not about what was typed is raised again."""
    from geo.errors import InputError, UnknownNameError

    if not isinstance(error, InputError | UnknownNameError):
        raise error
    return Filled(values, tuple(problem_text(problem, context.words.lang) for problem in error.problems))
