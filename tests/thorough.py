"""What `make test` shows with one example and `make thorough` with all: the same test for other data. CI runs both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def some(cases: Sequence[Any], count: int = 1) -> list[Any]:
    """Cases of a test: the first `count` as they are, the others marked `thorough`."""
    return [*cases[:count], *map(_thorough, cases[count:])]


def these(cases: Iterable[Any], chosen: Iterable[Any]) -> list[Any]:
    """Cases of a test: those that are chosen as they are, the others marked `thorough`."""
    first = {*chosen}
    return [case if case in first else _thorough(case) for case in cases]


def _thorough(case: Any) -> Any:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.thorough)
