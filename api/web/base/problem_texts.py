"""Problems as pages show them: what is wrong, where, and what to do, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from geo.errors import Problem
from geo.i18n.language import Lang


class ProblemText(NamedTuple):
    """A problem in words."""

    what: str
    where: str
    remedy: str


def problem_text(problem: Problem, lang: Lang) -> ProblemText:
    """The words of a problem in a language."""
    return ProblemText(*problem.in_language(lang))


def documented_text(problem: Mapping[str, Any]) -> ProblemText:
    """The words of a problem of a problem document, which is in the language of the request."""
    return ProblemText(problem["what"], problem["where"], problem["remedy"])
