"""The columns of a list of indicators that hold its targets: those of the plan's own years, none of results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.i18n.message import Message, listed
from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.headings import Heading
from geo.importing.plans.words.figures import figure_of_cells, is_unit
from geo.importing.plans.words.plain_words import words_of

_OF_A_YEAR = re.compile(r"(?:(?:muc tieu|chi tieu|ke hoach|phan dau|giao) )*(?:den )?(?:het )?(?:nam )?20\d\d")
_RESULT = re.compile(
    r"\bket qua\b(?! (?:can|phai|du kien|mong doi|dau ra|dat)\b).*\S|\bket qua dat duoc\b"
    r"|\b(?:uoc|da) (?:thuc hien|dat)\b"
)
_UNITS = re.compile(r"don vi")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Targets:
    """The one column of the targets, that of their units, and what is said of columns that are not read."""

    column: int | None
    unit: int | None
    said: tuple[Message, ...] = ()


def targets_of(heading: Heading, rows: Sequence[GridRow], years: tuple[int, int] | None) -> Targets:
    """The column of the targets of a list, None where there is none, or where several may be it."""
    found = [at for at, label in enumerate(heading.labels) if _may_be(heading, at, label)]
    own = [at for at in found if not _is_elsewhere(heading.labels[at], years)]
    dated = [at for at in own if _YEAR.search(heading.labels[at])]
    best = dated if len(dated) == 1 else own
    column = best[0] if len(best) == 1 else None
    unit = heading.column("unit")
    unit = _unit(heading, rows) if unit is None else unit
    left = [heading.labels[at] for at in found if at != column and _counts(rows, at)]
    read = {" ".join(heading.labels[at].split()) for at in (column, unit) if at is not None}
    unread = dict.fromkeys([*(" ".join(label.split()) for label in left), *heading.unread(rows)])
    names = [name for name in unread if name not in read]
    return Targets(column, unit, (Message("importing.plan-columns-unread", columns=listed(names)),) if names else ())


def _may_be(heading: Heading, at: int, label: str) -> bool:
    return at in heading.roles.get("target", ()) or bool(_OF_A_YEAR.fullmatch(words_of(label)))


def _is_elsewhere(label: str, years: tuple[int, int] | None) -> bool:
    """Whether a column holds what was reached, or what another year was to reach."""
    named = [int(year) for year in _YEAR.findall(label)]
    is_other = years is not None and bool(named) and not any(years[0] <= year <= years[1] for year in named)
    return is_other or bool(_RESULT.search(words_of(label)))


def _counts(rows: Sequence[GridRow], at: int) -> bool:
    """Whether a column holds figures."""
    return any(at in row.filled and figure_of_cells(row.cells[at], "") for row in rows)


def _unit(heading: Heading, rows: Sequence[GridRow]) -> int | None:
    """The column 'Đơn vị', where units stand in it and no offices."""
    for at in heading.roles.get("ward", ()):
        cells = [row.cells[at] for row in rows if at in row.filled and len(row.filled) > 1]
        if _UNITS.fullmatch(words_of(heading.labels[at])) and cells and all(map(is_unit, cells)):
            return at
    return None
