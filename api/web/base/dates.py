"""Days as people type them into pages and addresses: dd/mm/yyyy, as documents have it, or ISO."""

from __future__ import annotations

import re
from datetime import date

from api.core.problems import QueryError
from geo.errors import Problem

_TYPED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


def parse_day(text: str, name: str = "day") -> date | None:
    """A day from a field or an address, None for ''.

    >>> parse_day("7/1/2026") == parse_day(" 2026-01-07 ") == date(2026, 1, 7)
    True

    Raises
    ------
    QueryError
        It is no day; `name` is the field.
    """
    clean = text.strip()
    if not clean:
        return None
    try:
        return _typed(clean) or date.fromisoformat(clean)
    except ValueError:
        raise QueryError(Problem("web.not-a-day", name, text=clean[:40])) from None


def day_field(text: str, name: str = "day") -> date:
    """The day of a form's field.

    Raises
    ------
    QueryError
        It is missing, or no day.
    """
    day = parse_day(text, name)
    if day is None:
        raise QueryError(Problem("web.missing", name))
    return day


def typed(value: object) -> str:
    """A day as a field shows it: dd/mm/yyyy; what is no day stays as it was typed.

    >>> typed(date(2026, 1, 7)), typed("2026-01-07"), typed("soon"), typed(None)
    ('07/01/2026', '07/01/2026', 'soon', '')
    """
    if value is None:
        return ""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{day:%d/%m/%Y}"


def _typed(text: str) -> date | None:
    found = _TYPED.fullmatch(text)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None
