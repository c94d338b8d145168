"""What a route's own accuracy can change: the same facts with the route moved by as much as it may be off.

Each site is moved by its `accuracy_m` towards the four points of the compass, and crossed with the wards again. A
neighbour that the route may run in, or a border it may run along, shows in the range of its score.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import translate

from geo.analysis.crossings.table import crossings
from geo.cache import Cache
from geo.reference.crs import to_metric, to_wgs84

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Moved = tuple["GeoDataFrame", "GeoDataFrame"]
"""Sites and their crossings."""
_COMPASS = np.array([(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])


def moved_routes(sites: GeoDataFrame, wards: GeoDataFrame) -> tuple[Moved, ...]:
    """Sites and crossings with every route off by its accuracy, one pair a direction; none where no accuracy is known.

    `sites` and `wards` of one city, WGS 84; the levels are those of `sites`. Raises `InputError` as `crossings` does.
    """
    if "accuracy_m" not in sites or not len(sites) or not (sites["accuracy_m"].fillna(0) > 0).any():
        return ()
    found = _crossed.get(_key(sites, wards), lambda: _moved(sites, wards))
    return tuple((sites.set_geometry(list(routes.geometry), crs=sites.crs), cut) for routes, cut in found)


def _moved(sites: GeoDataFrame, wards: GeoDataFrame) -> tuple[Moved, ...]:
    province = str(wards["province_code"].iloc[0])
    metric = to_metric(np.asarray(sites.geometry, dtype=object), province)
    off = sites["accuracy_m"].fillna(0).to_numpy(dtype=np.float64)
    found = []
    for way in _COMPASS:
        shifted = [translate(route, *(way * metres)) for route, metres in zip(metric, off, strict=True)]
        routes = sites.set_geometry(list(to_wgs84(np.array(shifted, dtype=object), province)), crs=sites.crs)
        found.append((routes, crossings(routes, wards)))
    return tuple(found)


def _key(sites: GeoDataFrame, wards: GeoDataFrame) -> str:
    digest = hashlib.blake2b(repr((sites["site_id"].tolist(), sites["accuracy_m"].tolist())).encode(), digest_size=16)
    for frame in (sites, wards):
        for text in shapely.to_wkb(np.asarray(frame.geometry, dtype=object)):
            digest.update(text)
    digest.update(repr((wards["code"].tolist(), [str(d) for d in sites["declared_wards"]])).encode())
    return digest.hexdigest()


_crossed: Cache[str, tuple[Moved, ...]] = Cache(8)
