"""Small counts suppressed from what the public sees, and enough others that none can be worked out by subtraction.

A count from 1 to 4 may point at a person. It is suppressed (primary), and where a total that stays would give it away,
further counts are suppressed with it (complementary). Which ones is drawn by lot from a secret seed: whoever knows the
method, and that it would have taken the smallest, could work back from its choice to the counts. Zero and 'nothing
reported' stay: they say nothing about anyone. Method: cell suppression with the usual threshold rule (Hundepool et al.,
*Statistical Disclosure Control*, 2012, ch. 4), here exact, because the totals that are shown split the parts into
groups without overlap.

This module knows one tree: wards, phases, city. How the figures of one ward hang together (a whole and its part, a
count and the total that it is out of, half-years and year) is shown by `geo.analysis.disclosure.tables`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST_SHOWN = 5
"""The smallest count above zero that a public output shows."""
PARTNERS = 2
"""So many bodies that put what each knows of its own together find no count of another's."""

_REST = ""

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


def is_small(counts: Floats) -> Mask:
    """Which of `counts` lie above zero and below the smallest one that is shown; NaN (nothing reported) does not."""
    small: Mask = (counts > 0) & (counts < SMALLEST_SHOWN)
    return small


def suppressed_rows(
    level: NDArray[np.str_], phase: NDArray[np.str_], primary: Mask, counts: Floats, seed: bytes = b""
) -> Mask:
    """Which rows of a table to suppress: the `primary` ones, and the others that it takes to keep them from view.

    `level` (`ward`, `own`, `phase`, `city`) and `phase` say for each of n rows where it stands. `counts` is n × c: c
    counts of each row that are suppressed together and do not follow from each other; each adds up wards to phases, and
    phases and `own` to the city. None is below zero; 0 where nothing was reported. Whoever knows every row that is
    shown, which counts are zero, and the counts of any two rows of their own (two wards that tell each other theirs),
    finds for each other suppressed count from 1 to 4 that it could as well be 5.
    """
    leaf = (level == "ward") | (level == "own")
    if not leaf.any():
        return primary
    parts = _Parts(
        counts=counts[leaf],
        group=np.where(level[leaf] == "own", _REST, phase[leaf]),
        hidden=primary[leaf],
        lots=_lots(counts[leaf], phase[leaf], seed),
    )
    total = level == "phase"
    totals = dict(zip(phase[total].tolist(), counts[total].sum(axis=1).tolist(), strict=True))
    groups = set(phase[total & primary].tolist())
    groups, city_suppressed = _complement(parts, totals, groups, bool(primary[level == "city"].any()))
    result: Mask = np.zeros(len(level), dtype=bool)
    result[leaf] = parts.hidden
    result |= total & np.isin(phase, sorted(groups))
    result |= (level == "city") & city_suppressed
    return result


@dataclass(slots=True)
class _Parts:
    """The counts that add up (wards, and the city's own), the phase of each, and which are suppressed so far."""

    counts: Floats
    group: NDArray[np.str_]
    hidden: Mask
    lots: NDArray[np.intp] | None

    def protect(self, groups: Sequence[str]) -> bool:
        """Withhold further parts of `groups`, whose sums are known, until none can be worked out; False if that fails.

        With k suppressed counts of at least 1 and the sum S, each could be anything from 1 to S − k + 1; that reaches
        beyond the threshold from S = k + 4 on. Two wards that take their own counts off have k − 2 counts and S − their
        own left, and that must be enough too, most of all for the two with the largest.
        """
        inside, drawn = np.isin(self.group, groups), list[int]()
        while True:
            exposed = _exposed(self.counts[inside & self.hidden])
            if not len(exposed):
                self._put_back(inside, drawn if self.lots is not None else ())
                return True
            open_rows = np.flatnonzero(inside & ~self.hidden & (self.counts[:, exposed[0]] > 0))
            if not open_rows.size:
                return False
            lots = self.counts[open_rows, exposed[0]] if self.lots is None else self.lots[open_rows]
            drawn.append(int(open_rows[np.argmin(lots)]))
            self.hidden[drawn[-1]] = True

    def _put_back(self, inside: Mask, drawn: Sequence[int]) -> None:
        """Show again what was drawn before it was enough, and is not needed any more."""
        for row in drawn[:-1]:
            self.hidden[row] = False
            if len(_exposed(self.counts[inside & self.hidden])):
                self.hidden[row] = True

    def lot(self, group: str) -> float:
        """The lot of a group: the first of its rows', or its sum."""
        rows = self.group == group
        return float(self.counts[rows].sum() if self.lots is None else self.lots[rows].min(initial=len(rows)))


def _lots(counts: Floats, phase: NDArray[np.str_], seed: bytes) -> NDArray[np.intp] | None:
    """The order in which rows are drawn: by chance from the seed, and another one for other counts; None without."""
    if not seed:
        return None
    digest = hashlib.blake2b(key=seed[:64], digest_size=16)
    digest.update(np.ascontiguousarray(counts).tobytes() + "|".join(phase.tolist()).encode())
    return np.random.default_rng(int.from_bytes(digest.digest(), "big")).permutation(len(counts))


def _exposed(counts: Floats) -> NDArray[np.intp]:
    """The columns of suppressed `counts` of which the known sum says too much to the wards with the largest counts."""
    number, largest = (counts > 0).sum(axis=0), np.sort(counts, axis=0)[-PARTNERS:].sum(axis=0)
    others, rest = number - PARTNERS, counts.sum(axis=0) - largest
    return np.flatnonzero((number > 0) & ((others < 2) | (rest < others + SMALLEST_SHOWN - 1)))


def _complement(
    parts: _Parts, totals: dict[str, float], groups: set[str], city_suppressed: bool
) -> tuple[set[str], bool]:
    """Which totals must go too. Each phase total that stays is a known sum; the city's, less these, is another."""
    groups = groups | {phase for phase in totals if phase not in groups and not parts.protect([phase])}
    while not city_suppressed and not parts.protect([_REST, *sorted(groups)]):
        rest = [phase for phase in totals if phase not in groups and totals[phase] > 0]
        city_suppressed = not rest
        groups = groups | ({min(rest, key=parts.lot)} if rest else set())
    return groups, city_suppressed
