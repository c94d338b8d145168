"""Problems as pages show them: what is wrong, where, and what to do, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.web.base.error_translations import phrase
from geo.errors import Problem
from geo.i18n.language import Lang


class ProblemText(NamedTuple):
    """A problem in words."""

    what: str
    where: str
    remedy: str


def problem_text(problem: Problem, lang: Lang) -> ProblemText:
    """The words of a problem in a language."""
    return _complete(ProblemText(*problem.in_language(lang)), lang)


def documented_text(problem: Mapping[str, Any], lang: Lang) -> ProblemText:
    """The words of a problem of a problem document, which is in the language of the request."""
    return _complete(ProblemText(problem["what"], problem["where"], problem["remedy"]), lang)


def _complete(text: ProblemText, lang: Lang) -> ProblemText:
    """Put into Vietnamese what still is an English sentence."""
    return ProblemText(*map(phrase, text)) if lang == "vi" else text
