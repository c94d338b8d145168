"""What a site that goes into others leaves behind: its ground that no site of the list covers from then on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.i18n.message import Message
from geo.records.drafting.ground import BESIDE_M
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.publishing import Draft
from geo.reference.cities import city
from geo.reference.crs import to_metric
from geo.reference.tolerances import SLIVER_M
from geo.situation.snapshot import Situation


def left_over(draft: Draft, before: Situation, after: Situation) -> Iterator[tuple[str, Message]]:
    """The sites that are split, or merged into another one, with the metres of them that no other site takes over.

    Of an area its outline counts; of a point, whether another site lies there.
    """
    routes = dict(zip(before.sites["site_id"], before.sites["geometry"], strict=True))
    for entry in draft.entries:
        if not isinstance(entry, NewSiteEvent) or not entry.others or entry.site_id not in routes:
            continue
        others = after.sites[after.sites["site_id"] != entry.site_id].geometry
        shapes = np.array([routes[entry.site_id], *others], dtype=object)
        own, *stay = to_metric(shapes, city(draft.city).province_code)
        length, rest = _uncovered(own, stay)
        said = {"site": entry.site_id, "others": list(entry.others), "on": entry.day}
        if length and rest > SLIVER_M:
            yield entry.site_id, Message("records.finding.left-over", rest=rest, length=length, **said)
        elif not length and rest:
            yield entry.site_id, Message("records.finding.left-over-place", **said)


def _uncovered(own: Any, others: list[Any]) -> tuple[float, float]:
    """Metres of a geometry, and those that lie beside none of the others; of a point 0, and 1 where none is there."""
    line = shapely.boundary(own) if shapely.area(own) else own
    near = [shapely.buffer(other, BESIDE_M) for other in others if shapely.dwithin(line, other, BESIDE_M)]
    length = float(shapely.length(line))
    if not length:
        return 0.0, float(not near)
    return length, float(shapely.length(shapely.difference(line, shapely.union_all(near)))) if near else length
