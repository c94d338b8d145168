"""Clusters of wards: against their population, and in space and time against the reports' own wards and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geo.analysis.clusters.inputs import Ints, checked_points, require
from geo.analysis.clusters.permutation import SpaceTimeCluster, scan_space_time_permutation
from geo.analysis.clusters.poisson import PoissonCluster, scan_poisson
from geo.analysis.clusters.zones import neighbourhoods


def wards_by_population(
    ward: Ints,
    codes: Sequence[str],
    middles_m: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    most_share: float = 0.25,
    simulations: int = 999,
    seed: int = 0,
) -> tuple[PoissonCluster, ...]:
    """Wards beside each other with more reports than their population explains (`scan_poisson`), highest ratio first.

    Parameters
    ----------
    ward
        (n,) the row of each report's ward, -1 for none (those are left out).
    codes, middles_m, population
        The wards (k,): codes, middles (k, 2) in planar metres, and people, NaN where not known: a ward without reports
        is left out then.

    Raises
    ------
    InputError
        Lengths that differ, or reports in a ward whose population is not known (all of them are named).
    """
    middles, people = checked_points(middles_m, "middles_m"), np.asarray(population, dtype=np.float64)
    alike = len(codes) == len(middles) == len(people)
    require(alike, "analysis.values-for-places", "population", values=len(people), places=len(codes))
    cases = np.bincount(ward[ward >= 0], minlength=len(codes))
    known = np.isfinite(people)
    unknown = [codes[row] for row in np.flatnonzero(~known & (cases > 0)).tolist()]
    require(not unknown, "analysis.population-unknown", "population", wards=unknown)
    rows = np.flatnonzero(known)
    found = scan_poisson(middles[rows], cases[rows], people[rows], most_share, simulations, seed)
    return tuple(_with_rows(cluster, rows) for cluster in found)


def neighbourhood_clusters(
    ward_of: Sequence[str],
    points_m: npt.ArrayLike,
    days: npt.ArrayLike,
    neighbours: Mapping[str, Sequence[str]],
    *,
    last_day: int,
    lengths_days: Sequence[int] = (7, 14, 30, 60, 90),
    simulations: int = 999,
    seed: int = 0,
) -> tuple[SpaceTimeCluster, ...]:
    """Wards, alone or with their neighbours, that hold more of the last days' reports than their share explains.

    `neighbours` as in `neighbourhoods`; windows end on `last_day`, if a report does. The p-value is for one look at all
    wards and lengths; chance alone brings as much once in 1 / p such looks (the recurrence interval). Errors as
    `scan_space_time_permutation`.
    """
    return scan_space_time_permutation(
        points_m,
        days,
        zones=neighbourhoods(ward_of, neighbours),
        lengths_days=lengths_days,
        ending_since=last_day,
        simulations=simulations,
        seed=seed,
    )


def _with_rows(cluster: PoissonCluster, rows: Ints) -> PoissonCluster:
    """The cluster with rows of all wards for members."""
    return replace(cluster, members=rows[cluster.members])
