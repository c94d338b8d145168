"""Small counts withheld from what the public sees, and enough others that none can be worked out by subtraction.

A count from 1 to 4 may point at a person. It is withheld (primary), and where a total that stays would give it away,
further counts are withheld with it (complementary), the smallest first. Zero and 'nothing reported' stay: they say
nothing about anyone. Method: cell suppression with the usual threshold rule (Hundepool et al., *Statistical Disclosure
Control*, 2012, ch. 4), here exact, because the totals that are shown split the parts into groups without overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SMALLEST_SHOWN = 5
"""The smallest count above zero that a public output shows."""

_YES_OR_NO = ("share_of_wards", "number_of_wards", "done")
_REST = ""

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


def suppress_public(table: pd.DataFrame) -> pd.DataFrame:
    """The coverage table as the public may see it: the same rows, withheld figures emptied, `suppressed` says where.

    `table` is that of `geo.analysis.coverage.Attainment`: rows of `level` `ward`, `phase`, `city` and `own` (what
    bodies of the city entered), by `target`, with `phase`, `measure`, `value`, `base` and `share`. The phases of a
    target add up its wards, its city row adds up phases and `own`. Answers with yes or no and numbers of wards are no
    counts of people or cases and stay. A difference `base` − `value` from 1 to 4 withholds the value as well.
    """
    shown = table.copy()
    shown["suppressed"] = False
    for _, rows in shown.groupby("target", sort=False):
        if rows["measure"].iloc[0] in _YES_OR_NO:
            continue
        no_base = _withheld(rows, rows["base"].to_numpy(dtype=float), np.zeros(len(rows), dtype=bool))
        gap = (rows["base"] - rows["value"]).to_numpy(dtype=float)
        by_difference = is_small(gap) & ~no_base
        no_value = _withheld(rows, rows["value"].to_numpy(dtype=float), by_difference)
        shown.loc[rows.index[no_base], "base"] = np.nan
        shown.loc[rows.index[no_value], "value"] = np.nan
        shown.loc[rows.index[no_base | no_value], "share"] = np.nan
        shown.loc[rows.index[no_base | no_value], "suppressed"] = True
    return shown


def is_small(counts: Floats) -> Mask:
    """Which of `counts` lie above zero and below the smallest one that is shown; NaN (nothing reported) does not."""
    small: Mask = (counts > 0) & (counts < SMALLEST_SHOWN)
    return small


def _withheld(rows: pd.DataFrame, counts: Floats, also: Mask) -> Mask:
    """Which of one target's `counts` (aligned with `rows`) to withhold; `also` are primary for another reason."""
    level, phase = rows["level"].to_numpy(dtype=str), rows["phase"].to_numpy(dtype=str)
    leaf = (level == "ward") | (level == "own")
    if not leaf.any():
        return is_small(counts) | (also & ~np.isnan(counts))
    parts = _Parts(
        counts=np.nan_to_num(counts[leaf]),
        group=np.where(level[leaf] == "own", _REST, phase[leaf]),
        hidden=(is_small(counts) | also)[leaf],
    )
    total = level == "phase"
    primary = is_small(counts) | also
    totals = dict(zip(phase[total].tolist(), np.nan_to_num(counts[total]).tolist(), strict=True))
    withheld = set(phase[total & primary].tolist())
    city_withheld = bool(primary[level == "city"].any())
    withheld, city_withheld = _complement(parts, totals, withheld, city_withheld)
    result: Mask = np.zeros(len(rows), dtype=bool)
    result[leaf] = parts.hidden
    result |= total & np.isin(phase, sorted(withheld))
    result |= (level == "city") & city_withheld
    return result & ~np.isnan(counts)


@dataclass(slots=True)
class _Parts:
    """The counts that add up (wards, and the city's own), the phase of each, and which are withheld so far."""

    counts: Floats
    group: NDArray[np.str_]
    hidden: Mask

    def protect(self, groups: Sequence[str]) -> bool:
        """Withhold further counts of `groups`, whose sum is known, until none can be worked out; False if that fails.

        With k withheld counts of at least 1 and the sum S, each could be anything from 1 to S − k + 1; that reaches
        beyond the threshold from S = k + 4 on.
        """
        inside = np.isin(self.group, groups)
        while True:
            withheld = self.counts[inside & self.hidden]
            if not len(withheld) or (len(withheld) >= 2 and withheld.sum() >= len(withheld) + SMALLEST_SHOWN - 1):
                return True
            open_counts = np.where(inside & ~self.hidden & (self.counts > 0), self.counts, np.inf)
            if not np.isfinite(open_counts).any():
                return False
            self.hidden[int(np.argmin(open_counts))] = True


def _complement(
    parts: _Parts, totals: dict[str, float], withheld: set[str], city_withheld: bool
) -> tuple[set[str], bool]:
    """Which totals must go too. Each phase total that stays is a known sum; the city's, less these, is another."""
    withheld = withheld | {phase for phase in totals if phase not in withheld and not parts.protect([phase])}
    while not city_withheld and not parts.protect([_REST, *sorted(withheld)]):
        rest = [phase for phase in totals if phase not in withheld and totals[phase] > 0]
        city_withheld = not rest
        withheld = withheld | ({min(rest, key=lambda phase: totals[phase])} if rest else set())
    return withheld, city_withheld
