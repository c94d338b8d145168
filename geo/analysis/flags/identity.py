"""The id of a matter that is no site: by its first report, so that it stays while reports come and windows move on.

An id like `emergence:202603:01E1174N4651` names the month of the first report of an episode, the province, and the
500 m cell of its VN-2000 zone that the report lies in: zones count their metres alike, so that a cell alone may be one
of several provinces. Ids recorded without a province are those of any that has the cell. An episode is what hangs
together backwards from the reports at hand. If one of the ids that any of its reports would give was recorded before,
that one stays: what was acknowledged or closed stays so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from geo.analysis.flags.flag import FLAG_LEVELS
from geo.analysis.flags.places import day_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELL_M = 500.0
_LEVELS = frozenset(FLAG_LEVELS)
_PLACED = re.compile(r":(\d{6}):(\d\d|)E(-?\d+)N(-?\d+)(?:\.\d+)?$")


def matter(event_id: str) -> tuple[str, str | None]:
    """The flag id and the level that an event was recorded for; an event without a level speaks of the flag as such.

    >>> matter("reactivation:HN-I-5:warning"), matter("exposure:HN-I-1")
    (('reactivation:HN-I-5', 'warning'), ('exposure:HN-I-1', None))
    """
    head, _, last = event_id.rpartition(":")
    return (head, last) if head and last in _LEVELS else (event_id, None)


def episode(points_m: Floats, days: Ints, members: Ints, *, reach_m: float, gap_days: int) -> Ints:
    """The rows that hang together with the members: each within `reach_m` and, backwards, `gap_days` of the next.

    Ordered by day, then place; the members are among them.
    """
    inside = np.zeros(len(days), dtype=bool)
    inside[members] = True
    fresh = np.asarray(members, dtype=np.int64)
    while fresh.size:
        lo, hi = days[fresh].min() - gap_days, days[fresh].max()
        maybe = np.flatnonzero(~inside & (days >= lo) & (days <= hi))
        gap = np.hypot(*(points_m[maybe][:, None, :] - points_m[fresh][None, :, :]).transpose(2, 0, 1))
        apart = days[fresh][None, :] - days[maybe][:, None]
        linked = ((gap <= reach_m) & (apart >= 0) & (apart <= gap_days)).any(axis=1)
        fresh = maybe[linked]
        inside[fresh] = True
    rows = np.flatnonzero(inside)
    return rows[np.lexsort((points_m[rows, 1], points_m[rows, 0], days[rows]))]


def episode_id(prefix: str, points_m: Floats, days: Ints, known: Iterable[str], province: str) -> str:
    """The id of an episode (rows in order of day): the one recorded last in `known`, else that of its first report."""
    seen = origins(points_m, days, province)
    possible = {f"{prefix}:{origin}" for origin in seen}
    recorded = [name for name in known if name in possible]
    return recorded[-1] if recorded else f"{prefix}:{seen[0]}"


def origins(points_m: Floats, days: Ints, province: str) -> list[str]:
    """Month, province and cell of each report, as ids name them (`202603:01E1174N4651`); then those without the
    province, which were recorded before ids named it."""
    cells = np.floor(points_m / CELL_M).astype(np.int64).tolist()
    named = [(f"{day_of(d):%Y%m}", f"E{e}N{n}") for d, (e, n) in zip(days.tolist(), cells, strict=True)]
    return [f"{month}:{of}{cell}" for of in (province, "") for month, cell in named]


def origin_of(flag_id: str) -> str | None:
    """The month, province and cell that an id names; None for one that is a site's as a whole.

    >>> origin_of("near_repeat:202603:01E1174N4651.2"), origin_of("reactivation:HN-I-5")
    ('202603:01E1174N4651', None)
    """
    found = _PLACED.search(flag_id)
    return f"{found[1]}:{found[2]}E{found[3]}N{found[4]}" if found else None


def earlier_ids(flag_id: str, known: Iterable[str]) -> tuple[str, ...]:
    """The recorded ids of other flags of the same place, in their order: of the same site, or of a cell beside.

    >>> earlier_ids("emergence:202606:E1174N4651", ["emergence:202601:E1175N4650", "emergence:202601:E1200N4651"])
    ('emergence:202601:E1175N4650',)
    """
    return tuple(name for name in known if name != flag_id and _same_place(name, flag_id))


def cell_of(flag_id: str) -> tuple[int, int] | None:
    """The 500 m cell that an id names, as columns east and rows north of the zone's origin; None for a site's."""
    found = _PLACED.search(flag_id)
    return (int(found[3]), int(found[4])) if found else None


def is_of(flag_id: str, province: str) -> bool:
    """Whether the cell that an id names may be one of a province (code); an id without a cell is of any."""
    return _province(flag_id) in ("", province)


def _province(flag_id: str) -> str:
    """The code of the province that an id names, '' for none."""
    found = _PLACED.search(flag_id)
    return found[2] if found else ""


def site_of(flag_id: str) -> str | None:
    """The site that an id names, None for a place away from all sites."""
    parts = flag_id.split(":")
    return parts[1] if len(parts) > 1 and parts[0] in ("reactivation", "displacement", "exposure") else None


def _same_place(first: str, second: str) -> bool:
    if first.split(":", maxsplit=1)[0] == "exposure" or first.split(":", maxsplit=1)[0] == "near_repeat":
        return False
    if site_of(first) or site_of(second):
        return site_of(first) == site_of(second)
    one, other, provinces = cell_of(first), cell_of(second), {_province(first), _province(second)}
    if len(provinces - {""}) > 1:
        return False
    return one is not None and other is not None and max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 1
