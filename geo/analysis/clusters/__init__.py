"""Where reports crowd together more than chance would have it: in space and time at once, or against a population.

Public names: `knox` and `near_repeat` (is there space-time interaction, how far and how long does it reach),
`scan_poisson` (clusters against a population), `scan_space_time_permutation` (clusters against the reports' own
places and days; needs no population), and the windows that the scans look through: `circles`, `neighbourhoods`
(a ward with its neighbours) and `stretches` (along a route; circles miss what is long and thin). `wards_by_population`
and `neighbourhood_clusters` scan the wards of a city; `diaban clusters` prints them.

All distances are metres in a planar coordinate system, all days whole day numbers from any fixed origin.
"""

from __future__ import annotations

from geo.analysis.clusters.interaction import KnoxResult, NearRepeat, knox, near_repeat
from geo.analysis.clusters.permutation import SpaceTimeCluster, scan_space_time_permutation
from geo.analysis.clusters.poisson import PoissonCluster, log_likelihood_ratio, scan_poisson
from geo.analysis.clusters.wards import neighbourhood_clusters, wards_by_population
from geo.analysis.clusters.zones import Zones, circles, neighbourhoods, stretches

__all__ = [
    "KnoxResult",
    "NearRepeat",
    "PoissonCluster",
    "SpaceTimeCluster",
    "Zones",
    "circles",
    "knox",
    "log_likelihood_ratio",
    "near_repeat",
    "neighbourhood_clusters",
    "neighbourhoods",
    "scan_poisson",
    "scan_space_time_permutation",
    "stretches",
    "wards_by_population",
]
