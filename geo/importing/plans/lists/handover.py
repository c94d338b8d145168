"""The year in which a site was handed over, from a column of its own or from a note."""

from __future__ import annotations

import re

from geo.i18n.message import Message

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_HANDED = re.compile(r"bàn\s+giao", re.I)
_NOT_YET = re.compile(r"\bchưa\s+bàn\s+giao\b", re.I)
_CLAUSE = re.compile(r"[;.\n]|,(?=\s*(?:tái|đưa|đã đưa|phát sinh|bổ sung))", re.I)
_FIRST_YEAR = 2000


def handed_over(column: str, note: str, plan_year: int | None) -> tuple[int | None, list[Message]]:
    """The year of handover, None where none is given, and what makes it doubtful."""
    years = years_of(column) if column.strip() else _of_note(note)
    if not years:
        doubtful = bool(column.strip(" -–—")) and not _NOT_YET.search(column) and column.strip().casefold() != "x"
        return None, [Message("importing.plan-no-year", text=column[:40])] if doubtful else []
    reasons = []
    if len(set(years)) > 1:
        reasons.append(Message("importing.plan-several-years", years=[str(year) for year in years]))
    year = years[-1]
    if year < _FIRST_YEAR or (plan_year is not None and year > plan_year):
        reasons.append(Message("importing.plan-year-doubtful", year=str(year)))
    return year, reasons


def years_of(text: str) -> list[int]:
    """The years that a text names."""
    return [int(year) for year in _YEAR.findall(text)]


def _of_note(note: str) -> list[int]:
    """The years behind 'bàn giao', clause by clause; a year of something else is none."""
    years: list[int] = []
    for clause in _CLAUSE.split(note):
        found = _HANDED.search(clause)
        if found and not _NOT_YET.search(clause):
            years += years_of(clause[found.end() :])[:1] or years_of(clause[: found.start()])[-1:]
    return years
