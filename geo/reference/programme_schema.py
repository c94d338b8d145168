"""What a programme file may hold: every key with its type, and the rules between keys.

Problems are collected over the whole file, each with the key where it stands and what to do about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.errors import Problem

MEASURES = ("share_of_wards", "number_of_wards", "count", "share_of_items", "done")
RULES = ("reach", "at_least", "none")
LEVELS = ("ward", "city")
SCOPES = ("all", "pilot", "expansion", "programme", "sites")
COMBINES = ("sum", "latest", "most", "least")
REPORTS = ("half-year", "year")
INDICATOR_PERIODS = ("yearly", "whole")
ROUNDINGS = ("up", "down")
BASE_SUFFIX = "-base"
FIRST_YEAR, LAST_YEAR = 2000, 2100

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: the types it may have, whether it must be there, and the values it may take."""

    types: tuple[type, ...]
    required: bool = True
    choices: tuple[str, ...] = ()


_TEXT = Key((str,))
_OPTIONAL_TEXT = Key((str,), required=False)
_NUMBER = Key((int, float))
_WHOLE = Key((int,))

PROGRAMME: Mapping[str, Key] = {
    **dict.fromkeys(("id", "city", "title", "title_en", "document", "issuer", "report_to", "report_to_en"), _TEXT),
    "issued": Key((date,)),
    "first_year": _WHOLE,
    "last_year": _WHOLE,
    "deadlines": Key((list,)),
    "indicators": Key((list,)),
    "phases": Key((dict,), required=False),
    "aliases": Key((list,), required=False),
}
DEADLINE: Mapping[str, Key] = {
    "report": Key((str,), choices=REPORTS),
    "month": _WHOLE,
    "day": _WHOLE,
    "printed": _TEXT,
    "place": _TEXT,
}
INDICATOR: Mapping[str, Key] = {
    **dict.fromkeys(("id", "text", "text_en", "place"), _TEXT),
    **dict.fromkeys(("parent", "lead", "support", "note"), _OPTIONAL_TEXT),
    "period": Key((str,), choices=INDICATOR_PERIODS),
    "targets": Key((list,), required=False),
}
TARGET: Mapping[str, Key] = {
    **dict.fromkeys(("id", "label", "label_en", "unit", "unit_en"), _TEXT),
    **dict.fromkeys(("base_label", "base_label_en", "part_of", "note"), _OPTIONAL_TEXT),
    "measure": Key((str,), choices=MEASURES),
    "figure": _NUMBER,
    "rule": Key((str,), choices=RULES),
    "level": Key((str,), choices=LEVELS),
    "scope": Key((str,), required=False, choices=SCOPES),
    "combine": Key((str,), choices=COMBINES),
    "base_combine": Key((str,), required=False, choices=COMBINES),
    "rounding": Key((str,), required=False, choices=ROUNDINGS),
    "among": Key((int,), required=False),
}
PHASES: Mapping[str, Key] = {"source": _TEXT, "pilot": Key((list,)), "expansion": Key((list,))}
ALIAS: Mapping[str, Key] = {
    **dict.fromkeys(("printed", "official", "source"), _TEXT),
    "reason": _OPTIONAL_TEXT,
}
_TYPE_NAMES = {str: "text", int: "a whole number", float: "a number", date: "a date", list: "a list", dict: "a table"}


def problems(data: Table, file: str) -> list[Problem]:
    """Everything that is wrong with the parsed TOML of one programme `file`, in its order; [] if nothing."""
    found = list(_keys(data, PROGRAMME, file)) + list(_lists(data, file))
    if not found:
        found += _years(data["first_year"], data["last_year"], file)
    found += _deadlines(_tables(data, "deadlines"), file)
    found += _indicators(_tables(data, "indicators"), file)
    found += _phases(data.get("phases"), file)
    for number, alias in enumerate(_tables(data, "aliases"), 1):
        found += _keys(alias, ALIAS, f"{file}: aliases {number}")
    return found


def _keys(table: Table, known: Mapping[str, Key], where: str) -> Iterator[Problem]:
    for name in known:
        if known[name].required and name not in table:
            yield Problem(f"'{name}' is missing", where, f"add {name} = … ({_kinds(known[name])})")
    for name, value in table.items():
        place = f"{where}: {name}"
        if name not in known:
            yield Problem("this key is not known", place, "remove it, or correct it to one of " + ", ".join(known))
            continue
        key = known[name]
        if isinstance(value, bool) or not isinstance(value, key.types):
            yield Problem(f"is {value!r}", place, f"give {_kinds(key)}")
        elif key.choices and value not in key.choices:
            yield Problem(f"'{value}' is not one of its values", place, "choose " + ", ".join(key.choices))
        elif key.required and isinstance(value, str) and not value.strip():
            yield Problem("is empty", place, "give a text")


def _kinds(key: Key) -> str:
    return " or ".join(dict.fromkeys(_TYPE_NAMES[kind] for kind in key.types))


def _years(first: int, last: int, file: str) -> Iterator[Problem]:
    if first > last:
        yield Problem("first_year comes after last_year", f"{file}: first_year", "put the earlier year first")
    for name, year in (("first_year", first), ("last_year", last)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            yield Problem(f"is {year}", f"{file}: {name}", f"give a year from {FIRST_YEAR} to {LAST_YEAR}")


def _tables(data: Table, name: str) -> list[Table]:
    value = data.get(name, [])
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _lists(data: Table, file: str) -> Iterator[Problem]:
    lists = [(data, name, file) for name in ("deadlines", "indicators", "aliases")]
    lists += [(entry, "targets", f"{file}: indicator {entry.get('id')}") for entry in _tables(data, "indicators")]
    for table, name, where in lists:
        value = table.get(name, [])
        if isinstance(value, list) and not all(isinstance(entry, dict) for entry in value):
            yield Problem("holds something that is not a table", f"{where}: {name}", f"write [[{name}]] blocks")


def _deadlines(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    for number, table in enumerate(tables, 1):
        where = f"{file}: deadlines {number}"
        wrong = list(_keys(table, DEADLINE, where))
        yield from wrong
        if not wrong and not _is_day(table["month"], table["day"]):
            what = f"day {table['day']} of month {table['month']} is not in every year"
            yield Problem(what, where, "give a month from 1 to 12 and a day that it has every year")
    reports = [table.get("report") for table in tables]
    for report in REPORTS:
        if reports.count(report) != 1:
            what = f"{reports.count(report)} deadlines for the {report} report"
            yield Problem(what, f"{file}: deadlines", f'give one [[deadlines]] with report = "{report}"')


def _is_day(month: int, day: int) -> bool:
    try:
        date(2027, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def _indicators(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    if not tables:
        yield Problem("there is no indicator", f"{file}: indicators", "add [[indicators]]")
    parents = {str(table.get("parent")) for table in tables}
    for number, table in enumerate(tables, 1):
        where = f"{file}: indicator {table.get('id', number)}"
        yield from _keys(table, INDICATOR, where)
        targets = _tables(table, "targets")
        if not targets and str(table.get("id")) not in parents:
            yield Problem("has neither a target nor sub-items", where, "add [[indicators.targets]]")
        for target in targets:
            yield from _target(target, f"{where}: target {target.get('id', '?')}")
    yield from _references(tables, file)


def _target(table: Table, where: str) -> Iterator[Problem]:
    wrong = list(_keys(table, TARGET, where))
    yield from wrong
    if wrong:
        return
    measure, figure = table["measure"], table["figure"]
    if measure.startswith("share") and not 0 < figure <= 100:
        yield Problem(f"is {figure}", f"{where}: figure", "give a share in per cent, above 0 and up to 100")
    if (table["rule"] == "none") != (figure == 0):
        what = f"figure {figure} does not fit rule '{table['rule']}'"
        yield Problem(what, where, "'none' goes with 0, and 0 with 'none'")
    if not math.isfinite(figure):
        yield Problem(f"is {figure}", f"{where}: figure", "give a number")
    if figure < 0:
        yield Problem("is negative", f"{where}: figure", "give a figure from 0 up")
    has_base = {"base_label", "base_label_en", "base_combine"} & set(table)
    if measure == "share_of_items" and len(has_base) < 3:
        yield Problem("a share of items needs its total", where, "add base_label, base_label_en and base_combine")
    if measure != "share_of_items" and has_base:
        yield Problem("only a share of items has a total", where, "remove " + ", ".join(sorted(has_base)))
    if measure.endswith("_of_wards") and table["level"] != "ward":
        yield Problem("wards are counted from what wards enter", f"{where}: level", 'set level = "ward"')


def _references(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    ids = [str(table.get("id")) for table in tables]
    targets = [str(target.get("id")) for table in tables for target in _tables(table, "targets")]
    for kind, names in (("indicator", ids), ("target", targets)):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"{kind} id '{name}' stands twice", f"{file}: indicators", "give each its own id")
    for name in targets:
        if name.endswith(BASE_SUFFIX):
            yield Problem(f"target id '{name}' ends in '{BASE_SUFFIX}', which names totals", file, "rename it")
    for table in tables:
        if table.get("parent", "") not in ("", *ids):
            where = f"{file}: indicator {table.get('id')}: parent"
            yield Problem(f"no indicator '{table['parent']}'", where, "name an indicator of this file")
        for target in _tables(table, "targets"):
            if target.get("part_of", "") not in ("", *targets):
                where = f"{file}: target {target.get('id')}: part_of"
                yield Problem(f"no target '{target['part_of']}'", where, "name a target of this file")


def _phases(table: object, file: str) -> Iterator[Problem]:
    if not isinstance(table, dict):
        return
    where = f"{file}: phases"
    yield from _keys(table, PHASES, where)
    lists = [table.get("pilot"), table.get("expansion")]
    names = [name for entry in lists if isinstance(entry, list) for name in entry]
    for name in names:
        if not isinstance(name, str) or not name.strip():
            yield Problem(f"{name!r} is not a ward's name", where, "give the printed name as text")
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        yield Problem(f"'{name}' stands twice", where, "leave each ward in one list, once")
