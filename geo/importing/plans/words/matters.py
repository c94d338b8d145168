"""What the programmes of the service are about, as plans print it: beside other words it says nothing more."""

from __future__ import annotations

import re
from functools import lru_cache

from geo.importing.plans.words.plain_words import words_of
from geo.reference.programmes import Programme, load_programmes


def matters_of(programmes: tuple[Programme, ...]) -> tuple[str, ...]:
    """What programmes call their matter, in plain words, each once."""
    problems = (programme.words.problem for programme in programmes)
    return tuple(dict.fromkeys(words_of(problem.vi) for problem in problems if problem is not None))


def without_matters(words: str) -> str:
    """Plain words (`words_of`) without those for the matter of any programme, and *về tệ nạn* before them."""
    matters = matters_of(load_programmes())
    return " ".join(_pattern(matters).sub(" ", words).split()) if matters else words


@lru_cache(maxsize=8)
def _pattern(matters: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(matters, key=len, reverse=True)
    return re.compile(rf"\b(?:ve )?(?:te nan )?(?:{'|'.join(map(re.escape, longest_first))})\b")
