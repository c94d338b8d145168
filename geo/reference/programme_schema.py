"""What a programme file may hold: every key with its type, and the rules between keys.

Problems are collected over the whole file, each with the key where it stands and what to do about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from geo.errors import Problem
from geo.i18n.message import FileValue
from geo.reference.programme.keys import NUMBER, OPTIONAL_TEXT, TEXT, WHOLE, Key, Table, keys
from geo.reference.programme.terms_schema import phase_ids, term_problems

MEASURES = ("share_of_wards", "number_of_wards", "count", "share_of_items", "done")
RULES = ("reach", "at_least", "none")
LEVELS = ("ward", "city")
SCOPES = ("all", "programme", "sites")
"""Which wards answer a target, beside the phases of the programme."""
COMBINES = ("sum", "latest", "most", "least")
REPORTS = {"half-year": 0, "year": 1}
"""What bodies report on, and how many of its days a file has at least."""
INDICATOR_PERIODS = ("yearly", "whole")
LISTS = ("new_sites",)
ROUNDINGS = ("up", "down")
BASE_SUFFIX = "-base"
FIRST_YEAR, LAST_YEAR = 2000, 2100

PROGRAMME: Mapping[str, Key] = {
    **dict.fromkeys(("id", "city", "title", "title_en", "document", "issuer", "report_to", "report_to_en"), TEXT),
    "indicators_of": OPTIONAL_TEXT,
    "issued": Key((date,)),
    "first_year": WHOLE,
    "last_year": WHOLE,
    "deadlines": Key((list,)),
    "indicators": Key((list,)),
    "phases": Key((dict,), required=False),
    "aliases": Key((list,), required=False),
    "terms": Key((dict,), required=False),
    "words": Key((dict,), required=False),
}
DEADLINE: Mapping[str, Key] = {
    "report": Key((str,), choices=tuple(REPORTS)),
    "month": WHOLE,
    "day": WHOLE,
    "printed": TEXT,
    "place": TEXT,
}
INDICATOR: Mapping[str, Key] = {
    **dict.fromkeys(("id", "text", "text_en", "place"), TEXT),
    **dict.fromkeys(("parent", "lead", "support", "note"), OPTIONAL_TEXT),
    "period": Key((str,), choices=INDICATOR_PERIODS),
    "targets": Key((list,), required=False),
}
TARGET: Mapping[str, Key] = {
    **dict.fromkeys(("id", "label", "label_en", "unit", "unit_en"), TEXT),
    **dict.fromkeys(("base_label", "base_label_en", "part_of", "note"), OPTIONAL_TEXT),
    "measure": Key((str,), choices=MEASURES),
    "figure": NUMBER,
    "rule": Key((str,), choices=RULES),
    "level": Key((str,), choices=LEVELS),
    "combine": Key((str,), choices=COMBINES),
    "base_combine": Key((str,), required=False, choices=COMBINES),
    "rounding": Key((str,), required=False, choices=ROUNDINGS),
    "among": Key((int,), required=False),
    "lists": Key((str,), required=False, choices=LISTS),
}
ALIAS: Mapping[str, Key] = {
    **dict.fromkeys(("printed", "official", "source"), TEXT),
    "reason": OPTIONAL_TEXT,
}


def problems(data: Table, file: str) -> list[Problem]:
    """Everything that is wrong with the parsed TOML of one programme `file`, in its order; [] if nothing."""
    found = list(keys(data, PROGRAMME, file)) + list(_lists(data, file))
    if not found:
        found += _years(data["first_year"], data["last_year"], file)
    found += _deadlines(_tables(data, "deadlines"), file)
    phases = phase_ids(data)
    found += _indicators(_tables(data, "indicators"), (*SCOPES, *phases), file)
    found += _phases(data.get("phases"), phases, file)
    found += term_problems(data, file)
    for number, alias in enumerate(_tables(data, "aliases"), 1):
        found += keys(alias, ALIAS, f"{file}: aliases {number}")
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
        wrong = list(keys(table, DEADLINE, where))
        yield from wrong
        if not wrong and not _is_day(table["month"], table["day"]):
            yield Problem("reference.not-every-year", where, day=table["day"], month=table["month"])
    reports = [table.get("report") for table in tables]
    for report, least in REPORTS.items():
        found = reports.count(report)
        if not least <= found <= 1:
            yield Problem("reference.deadline-count", f"{file}: deadlines", found=found, report=report)


def _is_day(month: int, day: int) -> bool:
    try:
        date(2027, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def _indicators(tables: Sequence[Table], scopes: Sequence[str], file: str) -> Iterator[Problem]:
    if not tables:
        yield Problem("reference.no-indicator", f"{file}: indicators")
    parents = {str(table.get("parent")) for table in tables}
    for number, table in enumerate(tables, 1):
        where = f"{file}: indicator {table.get('id', number)}"
        yield from keys(table, INDICATOR, where)
        targets = _tables(table, "targets")
        if not targets and str(table.get("id")) not in parents:
            yield Problem("reference.indicator-empty", where)
        for target in targets:
            yield from _target(target, scopes, f"{where}: target {target.get('id', '?')}")
    yield from _references(tables, file)


def _target(table: Table, scopes: Sequence[str], where: str) -> Iterator[Problem]:
    scope = Key((str,), required=False, choices=tuple(scopes))
    wrong = list(keys(table, {**TARGET, "scope": scope}, where))
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


def _phases(table: object, known: Sequence[str], file: str) -> Iterator[Problem]:
    if not isinstance(table, dict):
        return
    where = f"{file}: phases"
    yield from keys(table, {"source": TEXT, **dict.fromkeys(known, Key((list,), required=False))}, where)
    names = [name for phase in known if isinstance(table.get(phase), list) for name in table[phase]]
    for name in names:
        if not isinstance(name, str) or not name.strip():
            yield Problem("reference.not-ward-name", where, value=FileValue(name))
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        yield Problem("reference.ward-twice", where, name=name)
