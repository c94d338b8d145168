"""The table of an attainment: by target, a row for each ward, phase and city, missing apart from zero."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference.programmes import Indicator, Target

PHASES = ("pilot", "expansion", "none")

COLUMNS = (
    *("level", "code", "name", "phase", "indicator", "target", "measure", "value", "base", "share", "state"),
    *("wards", "reporting", "zero", "missing", "suppressed"),
)
_COUNTS_WARDS = ("share_of_wards", "number_of_wards")

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def block(
    indicator: Indicator, target: Target, figures: pd.DataFrame, wards: pd.DataFrame, scopes: dict[str, Mask]
) -> pd.DataFrame:
    """The rows of one target: wards, phases, own (what bodies of the city entered beside them) and city.

    `figures` are those of `coverage_periods.Entered`, `wards` has `code, full_name, phase` in the same order, and
    `scopes` says for each scope which wards answer. A count without a total takes itself as the total meanwhile.
    """
    value, base = (figures[name].to_numpy(dtype=float) for name in (target.entry_ids * 2)[:2])
    rows = _WardRows(target, value[:-1], base[:-1], scopes[target.scope], wards)
    own = pd.DataFrame([_own_row(target, float(value[-1]), float(base[-1]))])
    if target.level == "city":
        parts = [own.assign(level="city")]
    elif target.measure in _COUNTS_WARDS:
        parts = [rows.each(), rows.by_phase(), rows.total("city", slice(None))]
    else:
        parts = [rows.each(), rows.by_phase(), own, _plus(rows.total("city", slice(None)), own)]
    table = pd.concat(parts, ignore_index=True)
    table["share"] = _share(target, table)
    table["indicator"], table["target"], table["measure"] = indicator.id, target.id, target.measure
    table["suppressed"] = False
    if not target.has_base:
        table["base"] = np.nan
    return table[list(COLUMNS)]


@dataclass(frozen=True, slots=True)
class _WardRows:
    """One target's figures, a place for each ward; NaN is 'nothing entered'."""

    target: Target
    value: Floats
    base: Floats
    scope: Mask
    wards: pd.DataFrame

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

    def by_phase(self) -> pd.DataFrame:
        phase = self.wards["phase"].to_numpy(dtype=str)
        present = [name for name in PHASES if (phase == name).any()]
        totals = [self.total("phase", phase == name).assign(code=name, name=name, phase=name) for name in present]
        return pd.concat(totals, ignore_index=True)

    def total(self, level: str, chosen: Mask | slice) -> pd.DataFrame:
        counted, scope, complete = self.counted[chosen], self.scope[chosen], self.complete[chosen]
        value, base = self.value[chosen], self.base[chosen]
        added = np.count_nonzero(value[counted] > 0) if self.target.measure in _COUNTS_WARDS else value[counted].sum()
        row = {
            "value": float(added) if counted.any() else np.nan,
            "base": float(base[counted].sum()) if counted.any() else np.nan,
            "wards": int(scope.sum()),
            "reporting": int((scope & complete).sum()),
            "zero": int((scope & complete & (value == 0)).sum()),
            "missing": int((scope & ~complete).sum()),
        }
        return pd.DataFrame(
            [{"level": level, "code": "", "name": "", "phase": "", "state": _state(row["value"]), **row}]
        )


def _own_row(target: Target, value: float, base: float) -> dict[str, object]:
    whole = not math.isnan(value) and not math.isnan(base)
    half_told = not whole and not (math.isnan(value) and math.isnan(base))
    return {
        **dict.fromkeys(("code", "name", "phase"), ""),
        "level": "own",
        "value": value if whole else np.nan,
        "base": base if whole and target.has_base else np.nan,
        "state": "incomplete" if half_told else _state(value),
        **dict.fromkeys(("wards", "reporting", "zero", "missing"), 0),
    }


def _plus(total: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    for name in ("value", "base"):
        added = pd.concat([total[name], own[name]]).astype(float)
        total[name] = added.sum(min_count=1)
    total["state"] = _state(float(total["value"].iloc[0]))
    return total


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
