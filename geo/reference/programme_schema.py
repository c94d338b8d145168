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
from geo.i18n.message import FileValue, Message, either

MEASURES = ("share_of_wards", "number_of_wards", "count", "share_of_items", "done")
RULES = ("reach", "at_least", "none")
LEVELS = ("ward", "city")
SCOPES = ("all", "pilot", "expansion", "programme", "sites")
COMBINES = ("sum", "latest", "most", "least")
REPORTS = ("half-year", "year")
INDICATOR_PERIODS = ("yearly", "whole")
LISTS = ("new_sites",)
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
    "indicators_of": _OPTIONAL_TEXT,
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
    "lists": Key((str,), required=False, choices=LISTS),
}
PHASES: Mapping[str, Key] = {"source": _TEXT, "pilot": Key((list,)), "expansion": Key((list,))}
ALIAS: Mapping[str, Key] = {
    **dict.fromkeys(("printed", "official", "source"), _TEXT),
    "reason": _OPTIONAL_TEXT,
}
_TYPE_NAMES = {
    str: Message("reference.type.text"),
    int: Message("reference.type.whole-number"),
    float: Message("reference.type.number"),
    date: Message("reference.type.date"),
    list: Message("reference.type.list"),
    dict: Message("reference.type.table"),
}


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
            yield Problem("reference.entry-missing", where, key=name, type=_types(known[name]))
    for name, value in table.items():
        place = f"{where}: {name}"
        if name not in known:
            yield Problem("reference.entry-unknown", place, known=list(known))
            continue
        key = known[name]
        if isinstance(value, bool) or not isinstance(value, key.types):
            yield Problem("reference.entry-type", place, value=FileValue(value), type=_types(key))
        elif key.choices and value not in key.choices:
            yield Problem("reference.entry-choice", place, value=str(value), choices=key.choices)
        elif key.required and isinstance(value, str) and not value.strip():
            yield Problem("reference.entry-empty", place)


def _types(key: Key) -> Message:
    found: Message = either(_TYPE_NAMES[kind] for kind in key.types)
    return found


def _years(first: int, last: int, file: str) -> Iterator[Problem]:
    if first > last:
        yield Problem("reference.years-reversed", f"{file}: first_year")
    for name, year in (("first_year", first), ("last_year", last)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            yield Problem("reference.year-range", f"{file}: {name}", year=year, first=FIRST_YEAR, last=LAST_YEAR)


def _tables(data: Table, name: str) -> list[Table]:
    value = data.get(name, [])
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _lists(data: Table, file: str) -> Iterator[Problem]:
    lists = [(data, name, file) for name in ("deadlines", "indicators", "aliases")]
    lists += [(entry, "targets", f"{file}: indicator {entry.get('id')}") for entry in _tables(data, "indicators")]
    for table, name, where in lists:
        value = table.get(name, [])
        if isinstance(value, list) and not all(isinstance(entry, dict) for entry in value):
            yield Problem("reference.not-tables", f"{where}: {name}", name=name)


def _deadlines(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    for number, table in enumerate(tables, 1):
        where = f"{file}: deadlines {number}"
        wrong = list(_keys(table, DEADLINE, where))
        yield from wrong
        if not wrong and not _is_day(table["month"], table["day"]):
            yield Problem("reference.not-every-year", where, day=table["day"], month=table["month"])
    reports = [table.get("report") for table in tables]
    for report in REPORTS:
        if reports.count(report) != 1:
            found = reports.count(report)
            yield Problem("reference.deadline-count", f"{file}: deadlines", found=found, report=report)


def _is_day(month: int, day: int) -> bool:
    try:
        date(2027, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def _indicators(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    if not tables:
        yield Problem("reference.no-indicator", f"{file}: indicators")
    parents = {str(table.get("parent")) for table in tables}
    for number, table in enumerate(tables, 1):
        where = f"{file}: indicator {table.get('id', number)}"
        yield from _keys(table, INDICATOR, where)
        targets = _tables(table, "targets")
        if not targets and str(table.get("id")) not in parents:
            yield Problem("reference.indicator-empty", where)
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
        yield Problem("reference.figure-not-share", f"{where}: figure", figure=figure)
    if (table["rule"] == "none") != (figure == 0):
        yield Problem("reference.figure-against-rule", where, figure=figure, rule=table["rule"])
    if not math.isfinite(figure):
        yield Problem("reference.figure-not-finite", f"{where}: figure", figure=str(figure))
    if figure < 0:
        yield Problem("reference.figure-negative", f"{where}: figure")
    has_base = {"base_label", "base_label_en", "base_combine"} & set(table)
    if measure == "share_of_items" and len(has_base) < 3:
        yield Problem("reference.total-missing", where)
    if measure != "share_of_items" and has_base:
        yield Problem("reference.total-superfluous", where, keys=sorted(has_base))
    if measure.endswith("_of_wards") and table["level"] != "ward":
        yield Problem("reference.level-not-ward", f"{where}: level")


def _references(tables: Sequence[Table], file: str) -> Iterator[Problem]:
    ids = [str(table.get("id")) for table in tables]
    targets = [str(target.get("id")) for table in tables for target in _tables(table, "targets")]
    for kind, names in (("indicator", ids), ("target", targets)):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("reference.id-twice", f"{file}: indicators", kind=kind, id=name)
    for name in targets:
        if name.endswith(BASE_SUFFIX):
            yield Problem("reference.id-of-total", file, id=name, suffix=BASE_SUFFIX)
    for table in tables:
        if table.get("parent", "") not in ("", *ids):
            where = f"{file}: indicator {table.get('id')}: parent"
            yield Problem("reference.no-such-indicator", where, id=table["parent"])
        for target in _tables(table, "targets"):
            if target.get("part_of", "") not in ("", *targets):
                where = f"{file}: target {target.get('id')}: part_of"
                yield Problem("reference.no-such-target", where, id=target["part_of"])


def _phases(table: object, file: str) -> Iterator[Problem]:
    if not isinstance(table, dict):
        return
    where = f"{file}: phases"
    yield from _keys(table, PHASES, where)
    lists = [table.get("pilot"), table.get("expansion")]
    names = [name for entry in lists if isinstance(entry, list) for name in entry]
    for name in names:
        if not isinstance(name, str) or not name.strip():
            yield Problem("reference.not-ward-name", where, value=FileValue(name))
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        yield Problem("reference.ward-twice", where, name=name)
