"""The table of an attainment: by target, a row for each ward, phase and city, missing apart from zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference.programmes import Indicator, Target

COLUMNS = (
    *("level", "code", "name", "phase", "indicator", "target", "measure", "value", "base", "share", "state"),
    *("wards", "reporting", "zero", "missing", "suppressed"),
)
_COUNTS_WARDS = ("share_of_wards", "number_of_wards")

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Row = dict[str, Any]


def block(
    indicator: Indicator,
    target: Target,
    figures: pd.DataFrame,
    wards: pd.DataFrame,
    scopes: dict[str, Mask],
    phases: tuple[str, ...],
) -> pd.DataFrame:
    """The rows of one target: wards, phases, own (what bodies of the city entered beside them) and city.

    `figures` are those of `coverage_periods.Entered`, `wards` has `code, full_name, phase` in the same order, `scopes`
    says for each scope which wards answer; `phases` are those of the programme, in their order. A count without a
    total takes itself as the total meanwhile.
    """
    value, base = (figures[name].to_numpy(dtype=float) for name in (target.entry_ids * 2)[:2])
    rows = _WardRows(target, value[:-1], base[:-1], scopes[target.scope], wards, phases)
    own = _own_row(float(value[-1]), float(base[-1]))
    if target.level == "city":
        table = pd.DataFrame([{**own, "level": "city"}])
    elif target.measure in _COUNTS_WARDS:
        table = pd.concat([rows.each(), pd.DataFrame([*rows.by_phase(), rows.total("city")])], ignore_index=True)
    else:
        totals = [*rows.by_phase(), own, _plus(rows.total("city"), own)]
        table = pd.concat([rows.each(), pd.DataFrame(totals)], ignore_index=True)
    if not target.has_base:
        table["base"] = np.nan
    table["share"] = _share(target, table)
    table["indicator"], table["target"], table["measure"] = indicator.id, target.id, target.measure
    table["suppressed"] = False
    return table[list(COLUMNS)]


@dataclass(frozen=True, slots=True)
class _WardRows:
    """One target's figures, a place for each ward; NaN is 'nothing entered'."""

    target: Target
    value: Floats
    base: Floats
    scope: Mask
    wards: pd.DataFrame
    phases: tuple[str, ...]

    @property
    def complete(self) -> Mask:
        return ~np.isnan(self.value) & ~np.isnan(self.base)

    @property
    def counted(self) -> Mask:
        """A ward beyond the scope adds its count, but never its yes to a number of wards."""
        return self.complete & (self.scope | (self.target.measure not in _COUNTS_WARDS))

    def each(self) -> pd.DataFrame:
        nothing = np.isnan(self.value) & np.isnan(self.base)
        state = np.select(
            [nothing & ~self.scope, nothing, ~self.complete, self.value == 0],
            ["outside", "missing", "incomplete", "zero"],
            "reported",
        )
        tally = {
            "wards": self.scope,
            "reporting": self.scope & self.complete,
            "zero": self.scope & self.complete & (self.value == 0),
            "missing": self.scope & ~self.complete,
        }
        frame = self.wards.rename(columns={"full_name": "name"}).assign(level="ward", value=self.value, base=self.base)
        return frame.assign(state=state, **{name: mask.astype(int) for name, mask in tally.items()})

    def by_phase(self) -> list[Row]:
        phase = self.wards["phase"].to_numpy(dtype=str)
        present = [name for name in self.phases if (phase == name).any()]
        return [
            {**self.total("phase", phase == name), **dict.fromkeys(("code", "name", "phase"), name)} for name in present
        ]

    def total(self, level: str, chosen: Mask | slice = slice(None)) -> Row:
        counted, scope, complete = self.counted[chosen], self.scope[chosen], self.complete[chosen]
        value, base = self.value[chosen], self.base[chosen]
        added = np.count_nonzero(value[counted] > 0) if self.target.measure in _COUNTS_WARDS else value[counted].sum()
        total = float(added) if counted.any() else math.nan
        return {
            "level": level,
            **dict.fromkeys(("code", "name", "phase"), ""),
            "value": total,
            "base": float(base[counted].sum()) if counted.any() else math.nan,
            "state": _state(total),
            "wards": int(scope.sum()),
            "reporting": int((scope & complete).sum()),
            "zero": int((scope & complete & (value == 0)).sum()),
            "missing": int((scope & ~complete).sum()),
        }


def _own_row(value: float, base: float) -> Row:
    whole = not math.isnan(value) and not math.isnan(base)
    is_half = not whole and not (math.isnan(value) and math.isnan(base))
    return {
        "level": "own",
        **dict.fromkeys(("code", "name", "phase"), ""),
        "value": value if whole else math.nan,
        "base": base if whole else math.nan,
        "state": "incomplete" if is_half else _state(value),
        **dict.fromkeys(("wards", "reporting", "zero", "missing"), 0),
    }


def _plus(total: Row, own: Row) -> Row:
    """The city's row: what wards entered and what bodies of the city did beside them."""
    entered = [row for row in (total, own) if not math.isnan(row["value"])]
    added = {name: sum(row[name] for row in entered) if entered else math.nan for name in ("value", "base")}
    return {**total, **added, "state": _state(added["value"])}


def _state(value: float) -> str:
    if math.isnan(value):
        return "missing"
    return "zero" if value == 0 else "reported"


def _share(target: Target, table: pd.DataFrame) -> Floats:
    whole = table["base"] if target.has_base else table["wards"]
    if target.measure not in ("share_of_wards", "share_of_items"):
        return np.full(len(table), np.nan)
    if target.measure == "share_of_wards":
        whole = whole.where(table["level"] != "ward")
    value, divisor = table["value"].to_numpy(dtype=float), whole.to_numpy(dtype=float)
    share: Floats = np.divide(value, divisor, out=np.full(len(table), np.nan), where=divisor > 0)
    return share
