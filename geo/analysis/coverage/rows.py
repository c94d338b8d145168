"""The table of an attainment: by target, a row for each ward, phase and city, missing apart from zero."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis.coverage.periods import Entered
from geo.reference.programmes import Indicator, Target

COLUMNS = (
    *("level", "code", "name", "phase", "indicator", "target", "measure", "value", "base", "share", "state"),
    *("wards", "reporting", "zero", "missing", "suppressed"),
)
_COUNTS_WARDS = ("share_of_wards", "number_of_wards")

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Row = dict[str, Any]
Block = dict[str, NDArray[Any]]
"""The columns of some rows; put together at once, for a frame costs more than what is in it."""


def block(
    indicator: Indicator,
    target: Target,
    known: Entered,
    wards: pd.DataFrame,
    scopes: dict[str, Mask],
    phases: tuple[str, ...],
) -> Block:
    """The rows of one target, by column: wards, phases, own (what bodies of the city entered beside them) and city.

    `wards` has `code, full_name, phase` in the order of what is `known`, `scopes` says for each scope which wards
    answer; `phases` are those of the programme, in their order. A count without a total takes itself as the total
    meanwhile. What is carried from an earlier period counts, but is `missing` for this one.
    """
    value, base = (known.figures[name].to_numpy(dtype=float) for name in (target.entry_ids * 2)[:2])
    carried = known.is_carried(target.entry_ids)
    rows = _WardRows(target, value[:-1], base[:-1], carried[:-1], scopes[target.scope], wards, phases)
    own = _own_row(float(value[-1]), float(base[-1]), is_carried=bool(carried[-1]))
    if target.level == "city":
        found = _columns([{**own, "level": "city"}])
    elif target.measure in _COUNTS_WARDS:
        found = _below(rows.each(), _columns([*rows.by_phase(), rows.total("city")]))
    else:
        found = _below(rows.each(), _columns([*rows.by_phase(), own, _plus(rows.total("city"), own)]))
    count = len(found["level"])
    if not target.has_base:
        found["base"] = np.full(count, np.nan)
    found["share"] = _share(target, found)
    said = {"indicator": indicator.id, "target": target.id, "measure": target.measure}
    found |= {name: np.full(count, text, dtype=object) for name, text in said.items()}
    return found | {"suppressed": np.zeros(count, dtype=bool)}


def table_of(blocks: Iterable[Block]) -> pd.DataFrame:
    """The rows of all targets in their order, columns `COLUMNS`."""
    found = list(blocks)
    return pd.DataFrame({name: np.concatenate([each[name] for each in found]) for name in COLUMNS})


def _columns(rows: list[Row]) -> Block:
    texts = ("level", "code", "name", "phase", "state")
    return {name: np.array([row[name] for row in rows], dtype=object if name in texts else None) for name in rows[0]}


def _below(first: Block, then: Block) -> Block:
    return {name: np.concatenate([column, then[name]]) for name, column in first.items()}


@dataclass(frozen=True, slots=True)
class _WardRows:
    """One target's figures, a place for each ward; NaN is 'nothing entered', `carried` for an earlier period alone."""

    target: Target
    value: Floats
    base: Floats
    carried: Mask
    scope: Mask
    wards: pd.DataFrame
    phases: tuple[str, ...]

    @property
    def complete(self) -> Mask:
        return ~np.isnan(self.value) & ~np.isnan(self.base)

    @property
    def entered(self) -> Mask:
        """What is complete, and not for an earlier period alone."""
        return self.complete & ~self.carried

    @property
    def counted(self) -> Mask:
        """A ward beyond the scope adds its count, but never its yes to a number of wards."""
        return self.complete & (self.scope | (self.target.measure not in _COUNTS_WARDS))

    def each(self) -> Block:
        nothing = self.carried | (np.isnan(self.value) & np.isnan(self.base))
        state = np.select(
            [nothing & ~self.scope, nothing, ~self.complete, self.value == 0],
            ["outside", "missing", "incomplete", "zero"],
            "reported",
        )
        tally = {
            "wards": self.scope,
            "reporting": self.scope & self.entered,
            "zero": self.scope & self.entered & (self.value == 0),
            "missing": self.scope & ~self.entered,
        }
        texts = {"code": "code", "name": "full_name", "phase": "phase"}
        return {
            "level": np.full(len(state), "ward", dtype=object),
            **{name: self.wards[column].to_numpy(dtype=object) for name, column in texts.items()},
            "value": self.value,
            "base": self.base,
            "state": state.astype(object),
            **{name: mask.astype(int) for name, mask in tally.items()},
        }

    def by_phase(self) -> list[Row]:
        phase = self.wards["phase"].to_numpy(dtype=str)
        present = [name for name in self.phases if (phase == name).any()]
        return [
            {**self.total("phase", phase == name), **dict.fromkeys(("code", "name", "phase"), name)} for name in present
        ]

    def total(self, level: str, chosen: Mask | slice = slice(None)) -> Row:
        counted, scope, entered = self.counted[chosen], self.scope[chosen], self.entered[chosen]
        value, base = self.value[chosen], self.base[chosen]
        added = np.count_nonzero(value[counted] > 0) if self.target.measure in _COUNTS_WARDS else value[counted].sum()
        total = float(added) if counted.any() else math.nan
        return {
            "level": level,
            **dict.fromkeys(("code", "name", "phase"), ""),
            "value": total,
            "base": float(base[counted].sum()) if counted.any() else math.nan,
            "state": _state(total if (counted & entered).any() else math.nan),
            "wards": int(scope.sum()),
            "reporting": int((scope & entered).sum()),
            "zero": int((scope & entered & (value == 0)).sum()),
            "missing": int((scope & ~entered).sum()),
        }


def _own_row(value: float, base: float, *, is_carried: bool) -> Row:
    whole = not math.isnan(value) and not math.isnan(base)
    is_half = not whole and not (math.isnan(value) and math.isnan(base))
    return {
        "level": "own",
        **dict.fromkeys(("code", "name", "phase"), ""),
        "value": value if whole else math.nan,
        "base": base if whole else math.nan,
        "state": "missing" if is_carried else "incomplete" if is_half else _state(value),
        **dict.fromkeys(("wards", "reporting", "zero", "missing"), 0),
    }


def _plus(total: Row, own: Row) -> Row:
    """The city's row: what wards entered and what bodies of the city did beside them."""
    entered = [row for row in (total, own) if not math.isnan(row["value"])]
    added = {name: sum(row[name] for row in entered) if entered else math.nan for name in ("value", "base")}
    is_missing = total["state"] == "missing" and own["state"] in ("missing", "incomplete")
    return {**total, **added, "state": "missing" if is_missing else _state(added["value"])}


def _state(value: float) -> str:
    if math.isnan(value):
        return "missing"
    return "zero" if value == 0 else "reported"


def _share(target: Target, found: Block) -> Floats:
    none = np.full(len(found["level"]), np.nan)
    if target.measure not in ("share_of_wards", "share_of_items"):
        return none
    divisor = found["base" if target.has_base else "wards"].astype(float)
    if target.measure == "share_of_wards":
        divisor = np.where(found["level"] == "ward", np.nan, divisor)
    share: Floats = np.divide(found["value"].astype(float), divisor, out=none, where=divisor > 0)
    return share
