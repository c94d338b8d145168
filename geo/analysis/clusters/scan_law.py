"""How great the ratios of a quiet year are: from shuffled days, for all circles, lengths and daily looks together.

The greatest ratio of each shuffle follows, nearly, a Gumbel distribution (Abrams A., Kleinman K., Kulldorff M. 2010,
'Gumbel based p-value approximations for spatial scan statistics', International Journal of Health Geographics 9: 61),
fitted by its moments. Short windows are many more than long ones and bring greater ratios by chance, so that with one
limit for all they would use up the whole error and a slow crowd would never be seen. Each length has its own location
therefore, and a weight: what counts is a score, the ratio less the location of its length, plus the scale times the
logarithm of its weight; the greatest score of each shuffle is fitted again (weighted least p-values, Westfall P. H.,
Young S. S. 1993, 'Resampling-based multiple testing').
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.clusters.lattice import Lattice
from geo.analysis.clusters.noise import draw, report_keys
from geo.analysis.clusters.prospective import Past, shuffled, windows_of_looks

_EULER = 0.5772156649015329
_DEEPEST = 4.0
"""No location lies more scales below that of all lengths: where a length hardly ever brings a window, its few greatest
ratios say little."""


@dataclass(frozen=True, slots=True)
class Gumbel:
    """The distribution of a greatest value; of scale 0 where nothing could be drawn."""

    location: float
    scale: float

    def of(self, value: float) -> float:
        """The chance of this value or a greater one; 1 where nothing could be drawn."""
        return float(-np.expm1(-np.exp(-(value - self.location) / self.scale))) if self.scale > 0 else 1.0

    def value_at(self, p: float) -> float:
        """The value that comes with chance `p`."""
        return float(self.location - self.scale * np.log(-np.log1p(-p))) if self.scale > 0 else float("inf")

    def of_more(self, times: float) -> Gumbel:
        """The distribution of the greatest of `times` as many: F(x) to this power."""
        return Gumbel(self.location + self.scale * float(np.log(times)), self.scale)


@dataclass(frozen=True, slots=True)
class ScanLaw:
    """What a quiet year brings: `greatest` is of the scores, `handicaps` are taken from ratios by `lengths` (days).

    Ratios count divided by the `dispersion` (`geo.analysis.clusters.dispersion`).
    """

    lengths: tuple[int, ...]
    handicaps: tuple[float, ...]
    greatest: Gumbel
    dispersion: float = 1.0

    def scores(self, llr: npt.ArrayLike, length: npt.ArrayLike) -> Floats:
        """The scores of windows of these ratios and lengths, same shape."""
        at = np.searchsorted(np.array(self.lengths), length)
        return np.asarray(np.asarray(llr, dtype=np.float64) / self.dispersion - np.array(self.handicaps)[at])

    def of(self, score: float) -> float:
        """The chance that a quiet year brings this score or a greater one anywhere; 1 where nothing could be drawn."""
        return self.greatest.of(score)

    def score_at(self, p: float) -> float:
        """The score that a quiet year brings with chance `p`."""
        return self.greatest.value_at(p)

    def of_more(self, times: float) -> ScanLaw:
        """The law of `times` as many windows of the same kind."""
        return replace(self, greatest=self.greatest.of_more(times))


def no_law(lengths: Ints) -> ScanLaw:
    """Where nothing can be drawn: every p-value is 1."""
    return ScanLaw(tuple(lengths.tolist()), (0.0,) * len(lengths), Gumbel(0.0, 0.0))


def law_of_looks(
    past: Past,
    zones: Lattice,
    since: Ints,
    first_look: int,
    lengths: Ints,
    weights: Floats,
    min_cases: int,
    *,
    simulations: int,
    seed: int,
    until: int,
) -> ScanLaw:
    """The law of all looks from `first_look` to the last day by chance, by shuffled days.

    `lengths` rise, with a weight each. `until` as in `windows_of_looks`. Each report draws its own numbers
    (`geo.analysis.clusters.noise`), so that one report more moves p a little only.
    """
    if not len(zones):
        return no_law(lengths)
    keys = report_keys(past.points_m, past.days, seed)
    maxima = np.zeros((simulations, len(lengths)))
    for s in range(simulations):
        days = shuffled(past, draw(keys, s))
        found = windows_of_looks(past, zones, since, days, first_look, lengths, min_cases, until=until)
        np.maximum.at(maxima[s], np.searchsorted(lengths, found.length), found.llr)
    return law_of(maxima, lengths, weights)


def law_of(maxima: Floats, lengths: Ints, weights: Floats) -> ScanLaw:
    """The law of the greatest ratios of each simulation and length (simulations, lengths)."""
    whole = gumbel_of(maxima.max(axis=1))
    if whole.scale <= 0:
        return no_law(lengths)
    location = np.maximum(maxima.mean(axis=0) - _EULER * whole.scale, whole.location - _DEEPEST * whole.scale)
    handicap = location - whole.scale * np.log(weights / weights.max())
    greatest = gumbel_of((maxima - handicap).max(axis=1))
    return ScanLaw(tuple(lengths.tolist()), tuple(handicap.tolist()), greatest)


def gumbel_of(maxima: Floats) -> Gumbel:
    """The Gumbel distribution of the same mean and spread; nothing where all values are alike."""
    if len(maxima) < 2 or not np.ptp(maxima):
        return Gumbel(0.0, 0.0)
    scale = float(maxima.std(ddof=1)) * np.sqrt(6) / np.pi
    return Gumbel(float(maxima.mean()) - _EULER * scale, scale)
