"""By how much a city's places come and go more than independent reports at steady shares would.

Every p-value of a scan or a site takes reports for independent. Where rates of places wander by themselves, counts vary
more, and what chance brings is greater. How much more is measured: reports of each place in blocks of `BLOCK_DAYS`,
squared deviations over what the shuffles of the scan bring on average, against the same of each shuffle. Shuffles keep
the number of each place, the days of the whole city, and from when places are observed, so that a season, a campaign or
a late start is no dispersion. A deviation counts up to `_MOST` only: one burst is a signal, and no habit of the city.

Ratios and logarithms of p-values are divided by the factor (McCullagh P., Nelder J. A. 1989, 'Generalized Linear
Models', section 4.5: quasi-likelihood).
"""

from __future__ import annotations

import numpy as np

from geo.analysis.clusters.inputs import Floats, Ints
from geo.analysis.clusters.noise import draw, report_keys
from geo.analysis.clusters.prospective import Past, shuffled

BLOCK_DAYS = 60
_MOST = 9.0
_LEAST_REPORTS, _LEAST_CELLS = 100, 200
"""With fewer places by blocks the measure is off by a tenth and more, and one signal would move it."""
_SHUFFLES = 39


def dispersion(past: Past, place: Ints, seed: int) -> float:
    """The factor, 1 or more, of reports with the number of each one's place (n,), in the order of the past.

    1 where there are too few reports or places to say.
    """
    if len(past) < _LEAST_REPORTS:
        return 1.0
    last = int(past.days[-1])
    blocks = (last - past.origin) // BLOCK_DAYS + 1
    cells = blocks * (int(place.max()) + 1)

    def counted(days: Ints) -> Floats:
        return np.bincount(place * blocks + (last - days) // BLOCK_DAYS, minlength=cells).astype(np.float64)

    keys = report_keys(past.points_m, past.days, seed)
    drawn = np.stack([counted(shuffled(past, draw(keys, turn))) for turn in range(_SHUFFLES)])
    usual = drawn.mean(axis=0)
    said = usual > 0
    if said.sum() < _LEAST_CELLS:
        return 1.0

    def deviation(counts: Floats) -> Floats:
        return np.asarray(np.minimum((counts - usual)[..., said] ** 2 / usual[said], _MOST).sum(axis=-1))

    # The shuffles lie nearer to their own mean than what is independent of it, by (n - 1) / n and (n + 1) / n.
    chance = float(deviation(drawn).mean()) * (_SHUFFLES + 1) / (_SHUFFLES - 1)
    return max(float(deviation(counted(past.days))) / chance, 1.0) if chance > 0 else 1.0
