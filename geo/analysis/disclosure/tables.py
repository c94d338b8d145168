"""Coverage tables as the public may see them, beside those that it has seen before.

What one ward reports hangs together: a whole and its part (3.6a, 3.6b), a count and the total that it is out of, the
halves of a year and the year. All of it is linear, so it is split into *elementary* counts, which follow from nothing
else: the part and the rest, the count and what is missing from its total, each half-year and what the year adds to
them. A figure that follows from elementary counts is shown only where every one of them is. So no relation between
figures of the same ward shows anything of a suppressed count, and for each elementary count there remains one tree of
sums (wards, phases, city), which `geo.analysis.disclosure.cell_suppression` protects exactly.

That figures which are linked must be protected as one system, and what was published before counts as known, is the
rule for linked tables in Hundepool et al., *Statistical Disclosure Control* (2012), sections 4.2 and 4.6; that it is
enough for an attacker who solves the whole system, with no count below zero, is the condition of Fischetti and
Salazar-González, *Solving the cell suppression problem on tabular data with linear constraints*, Management Science 47
(2001). They look for the cheapest pattern; this one is found without search and withholds somewhat more.

Figures that carry over (`latest`, `most`; targets for the whole programme) make totals that mix periods. Beside such
figures a total is shown only where nothing in it is suppressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.disclosure.cell_suppression import Floats, Mask, is_small, suppressed_rows
from geo.reference.programme_schema import BASE_SUFFIX

_YES_OR_NO = ("share_of_wards", "number_of_wards", "done")
_FIGURES = ("value", "base")


@dataclass(frozen=True, slots=True)
class Relations:
    """How targets hang together: `wholes` by the id of their part, `added` the entry ids (`12a`, `12a-base`) of which
    half-years add up to the year, `carried` the targets whose figure stands until another one is entered."""

    wholes: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Published:
    """A table that the public has: as it was found, and as it is shown."""

    table: pd.DataFrame
    shown: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Before:
    """What the public has already: the `halves` of the same year so far, and the table published last (`previous`)."""

    halves: tuple[Published, ...] = ()
    previous: Published | None = None


def suppress_public(
    table: pd.DataFrame, relations: Relations | None = None, before: Before | None = None, seed: bytes = b""
) -> pd.DataFrame:
    """The coverage table as the public may see it: the same rows, suppressed figures emptied, `suppressed` says where.

    `table` is that of `geo.analysis.coverage.attainment.Attainment`: rows of `level` `ward`, `phase`, `city` and
    `own` (what
    bodies of the city entered), by `target`, with `code`, `phase`, `measure`, `value`, `base` and `share`; the `state`
    of every row stays. Answers with yes or no and numbers of wards are no counts of people or cases and stay. With one
    half-year in `before` the table is that of the second, with two that of the year. `seed` is the secret by which is
    drawn what is suppressed for the sake of others.
    """
    known, seen = relations or Relations(), before or Before()
    shown = table.copy()
    shown["suppressed"] = False
    rows = _by_target(table)
    halves = [(_by_target(half.table), _by_target(half.shown)) for half in seen.halves]
    last = seen.previous
    previous = (_by_target(last.table), _by_target(last.shown)) if last is not None else None
    for family in _families(rows, known.wholes):
        sheet = _sheet(rows, family, known.wholes)
        if known.carried & set(family):
            hidden = _carried(sheet, _aligned(previous, rows, family, sheet) if previous else None, seed)
        else:
            seen_halves = [_aligned(half, rows, family, sheet) for half in halves]
            hidden = _yearly(sheet, seen_halves, _added(family, known.added), seed)
        for target in family:
            at = rows[target].index[hidden]
            shown.loc[at, ["value", "base", "share"]] = np.nan
            shown.loc[at, "suppressed"] = True
    return shown


_Rows = Mapping[str, pd.DataFrame]
_Pair = tuple[Mask, Mask]


def _by_target(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    groups = table.groupby("target", sort=False)
    return {str(name): rows for name, rows in groups if rows["measure"].iloc[0] not in _YES_OR_NO}


def _families(rows: _Rows, wholes: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Targets that hang together; a part whose whole is counted at another level stands alone."""
    families: dict[str, list[str]] = {}
    for name in rows:
        root = name
        while wholes.get(root) in rows and rows[wholes[root]]["level"].tolist() == rows[name]["level"].tolist():
            root = wholes[root]
        families.setdefault(root, []).append(name)
    return [tuple(family) for family in families.values()]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The figures of a family: for each of n rows `value` and `base` (n × targets), NaN where there is none.

    `wholes` says by column which targets are the parts of which. `hidden` are the rows that were suppressed where the
    sheet is one that was published, `regrouped` whether its wards stood in other phases then.
    """

    level: NDArray[np.str_]
    phase: NDArray[np.str_]
    value: Floats
    base: Floats
    has_base: Mask
    wholes: tuple[tuple[int, tuple[int, ...]], ...]
    hidden: Mask
    regrouped: bool = False

    @property
    def leaf(self) -> Mask:
        """The rows that add up: wards, and what bodies of the city entered."""
        return np.isin(self.level, ("ward", "own"))

    def published(self) -> tuple[Floats, Floats]:
        """Values and bases as they enter the sums: 0 where nothing, or only half of it, was reported."""
        complete = ~np.isnan(self.value) & (~np.isnan(self.base) | ~self.has_base)
        return np.where(complete, self.value, 0.0), np.where(complete & self.has_base, self.base, 0.0)

    def parts(self) -> Floats:
        """The elementary counts of each row (n × c): of a whole what no part holds, of a base what it lacks."""
        value, base = self.published()
        rest = value.copy()
        for whole, inside in self.wholes:
            rest[:, whole] -= value[:, inside].sum(axis=1)
        parts: Floats = np.abs(np.hstack([rest, np.where(self.has_base, base - value, 0.0)]))
        return parts

    def small(self) -> Mask:
        """The rows in which a figure lies from 1 to 4: one that is published, or one that follows from two of them."""
        value, base = self.published()
        rests = [value[:, whole] - value[:, parts].sum(axis=1) for whole, parts in self.wholes]
        rests += [
            base[:, whole] - base[:, parts].sum(axis=1)
            for whole, parts in self.wholes
            if self.has_base[[whole, *parts]].all()
        ]
        figures = [self.value, self.base, np.where(self.has_base, base - value, 0.0), *(r[:, None] for r in rests)]
        return np.asarray(is_small(np.abs(np.hstack(figures))).any(axis=1), dtype=np.bool_)

    def less(self, other: _Sheet, columns: _Pair) -> _Sheet:
        """What this sheet shows beyond another, in the given columns of value and base; 0 in the rest."""
        value, base = (
            np.where(chosen, np.nan_to_num(mine) - np.nan_to_num(theirs), 0.0)
            for mine, theirs, chosen in zip((self.value, self.base), (other.value, other.base), columns, strict=True)
        )
        return replace(self, value=value, base=base)


def _sheet(rows: _Rows, family: Sequence[str], wholes: Mapping[str, str]) -> _Sheet:
    first = rows[family[0]]
    value, base = (np.column_stack([rows[name][kind].to_numpy(dtype=float) for name in family]) for kind in _FIGURES)
    parts = {name: tuple(place for place, other in enumerate(family) if wholes.get(other) == name) for name in family}
    return _Sheet(
        level=first["level"].to_numpy(dtype=str),
        phase=first["phase"].to_numpy(dtype=str),
        value=value,
        base=base,
        has_base=np.array([rows[name]["measure"].iloc[0] == "share_of_items" for name in family]),
        wholes=tuple((place, parts[name]) for place, name in enumerate(family) if parts[name]),
        hidden=np.zeros(len(first), dtype=bool),
    )


def _aligned(published: tuple[_Rows, _Rows], rows: _Rows, family: Sequence[str], like: _Sheet) -> _Sheet:
    """What was published of a family, row by row beside `like`; NaN where a row was not there then."""
    table, shown = published
    keys = pd.MultiIndex.from_frame(rows[family[0]][["level", "code"]])
    value, base = np.full_like(like.value, np.nan), np.full_like(like.base, np.nan)
    hidden, regrouped = np.zeros(len(keys), dtype=bool), False
    for column, name in enumerate(family):
        if name not in table:
            continue
        then = table[name].assign(suppressed=shown[name]["suppressed"].to_numpy()).set_index(["level", "code"])
        beside = then.reindex(keys)
        value[:, column], base[:, column] = (beside[kind].to_numpy(dtype=float) for kind in _FIGURES)
        hidden |= beside["suppressed"].eq(True).to_numpy()
        ward = like.level == "ward"
        regrouped |= bool((beside["phase"].to_numpy()[ward] != like.phase[ward]).any())
    return replace(like, value=value, base=base, hidden=hidden, regrouped=regrouped)


def _added(family: Sequence[str], added: frozenset[str]) -> _Pair:
    """Of which values, and of which bases, of a family half-years add up."""
    value = np.array([name in added for name in family])
    return value, np.array([name + BASE_SUFFIX in added for name in family])


def _yearly(sheet: _Sheet, halves: Sequence[_Sheet], added: _Pair, seed: bytes) -> Mask:
    primary = sheet.small()
    if not halves:
        return suppressed_rows(sheet.level, sheet.phase, primary, sheet.parts(), seed)
    if len(halves) == 1:
        # What is known of the year from both halves, before it is published.
        year = _expected(halves[0], sheet, added)
        shows = ~halves[0].hidden & ~((sheet.level == "phase") & halves[0].regrouped)
        return suppressed_rows(sheet.level, sheet.phase, primary | (shows & year.small()), sheet.parts(), seed)
    return _of_year(sheet, halves[0], halves[1], added, seed)


def _of_year(year: _Sheet, first: _Sheet, second: _Sheet, added: _Pair, seed: bytes) -> Mask:
    everything = (np.ones_like(added[0]), np.ones_like(added[1]))
    late = year.less(_expected(first, second, added), everything)
    primary = year.small() | first.hidden | second.hidden | late.small()
    primary |= year.less(first, added).small() | year.less(second, added).small()
    if first.regrouped or second.regrouped:
        primary |= year.level == "phase"
    other = year.less(second, (~added[0], ~added[1]))
    if other.value[year.leaf].any() or other.base[year.leaf].any():
        return _without_totals(year, primary)
    return suppressed_rows(year.level, year.phase, primary, late.parts(), seed)


def _carried(sheet: _Sheet, previous: _Sheet | None, seed: bytes) -> Mask:
    """For figures that stand until another is entered: most of them were published before."""
    primary = sheet.small()
    if previous is None:
        return suppressed_rows(sheet.level, sheet.phase, primary, sheet.parts(), seed)
    everything = np.ones(sheet.value.shape[1], dtype=bool)
    new = sheet.less(previous, (everything, everything))
    if not (new.value.any() or new.base.any() or previous.regrouped):
        return previous.hidden
    leaf: Mask = sheet.leaf | (not sheet.leaf.any())
    return _without_totals(sheet, primary | new.small() | (previous.hidden & leaf))


def _without_totals(sheet: _Sheet, primary: Mask) -> Mask:
    """Totals are shown only where nothing in them is suppressed: these sums mix periods, whose tree nobody knows."""
    hidden = primary.copy()
    touched = np.unique(sheet.phase[sheet.leaf & primary & (sheet.level == "ward")])
    hidden |= (sheet.level == "phase") & np.isin(sheet.phase, touched)
    if (sheet.leaf & primary).any():
        hidden |= sheet.level == "city"
    return hidden


def _expected(first: _Sheet, second: _Sheet, added: _Pair) -> _Sheet:
    """The year that two halves make: their sum, or the figure that stands at its end."""
    value, base = (
        np.where(np.isnan(early) | (~np.isnan(late) & ~columns), late, np.where(np.isnan(late), early, early + late))
        for early, late, columns in zip((first.value, first.base), (second.value, second.base), added, strict=True)
    )
    return replace(second, value=value, base=base)
