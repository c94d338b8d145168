"""Random numbers that belong to a report, not to its place in a list.

Monte Carlo p-values jump when one more report shifts every number that is drawn after it. Here each report draws its
own numbers: a hash of its place, day and the seed, run through SplitMix64 (Steele, Lea and Flood 2014, 'Fast
splittable pseudorandom number generators', OOPSLA). The same report gets the same numbers in every run and in
any order, so that p-values of two runs differ by what the data changed and by nothing else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Floats, Ints

Words = npt.NDArray[np.uint64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def mixed(words: Words) -> Words:
    """SplitMix64's output function: each 64-bit word to one that looks random."""
    words = (words ^ (words >> np.uint64(30))) * _MIX_1
    words = (words ^ (words >> np.uint64(27))) * _MIX_2
    return words ^ (words >> np.uint64(31))


def report_keys(points_m: Floats, days: Ints, seed: int) -> Words:
    """One 64-bit key a report, of its place, day and the seed; the second of two equal reports gets another key."""
    start = mixed(np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64) + _GAMMA)
    keys = mixed(points_m[:, 0].copy().view(np.uint64) ^ start)
    keys = mixed(points_m[:, 1].copy().view(np.uint64) ^ (keys + _GAMMA))
    keys = mixed(days.astype(np.int64).view(np.uint64) ^ (keys + _GAMMA))
    return mixed(keys + _repeats(keys).astype(np.uint64) * _GAMMA)


def counter_keys(count: int, seed: int) -> Words:
    """`count` keys by number: what stands at place i is the same however many follow."""
    start = mixed(np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64) + _GAMMA)
    return mixed(start + np.arange(1, count + 1, dtype=np.uint64) * _GAMMA)


def draw(keys: Words, simulation: int) -> Words:
    """The words that the keys draw in one simulation, shape (n,)."""
    with np.errstate(over="ignore"):
        return mixed(keys + np.uint64(simulation + 1) * _GAMMA)


def as_uniform(words: Words) -> Floats:
    """Words as numbers in [0, 1)."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _repeats(keys: Words) -> Ints:
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(keys) else np.zeros(0, dtype=bool)
    start = np.maximum.accumulate(np.where(first, np.arange(len(keys)), 0))
    repeats = np.empty(len(keys), dtype=np.int64)
    repeats[order] = np.arange(len(keys)) - start
    return repeats
