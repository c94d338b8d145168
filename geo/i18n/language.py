"""The languages, and the one in which this context (a command, a request) speaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")
DEFAULT: Lang = "vi"
"""The language of pages and of the command line where nobody chose one."""

_current: ContextVar[Lang] = ContextVar("language", default="en")
"""English for those who call the library; commands and pages choose for their users."""


def current() -> Lang:
    """The language of this context."""
    return _current.get()


def other_language(lang: Lang) -> Lang:
    """The language beside `lang` on what is written in both.

    >>> other_language("vi")
    'en'
    """
    return LANGS[1 - LANGS.index(lang)]


def choose(lang: Lang) -> None:
    """Speak `lang` in this context from now on."""
    _current.set(lang)


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Speak `lang` within a block."""
    token = _current.set(lang)
    try:
        yield
    finally:
        _current.reset(token)
