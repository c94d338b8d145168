"""Names of streets that an older layer has and the merged one has not, or not there: with the lines that bore them.

Where both years have a street, the newest wins, and with it its name: 'Đường Phúc La - Văn Phú' of 2021 is Phố Văn Khê
in 2025 but for 14 m. Without its older line the name would be answered by what is left of it, or by another street.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reference.places.place_index import dated
from geo.reference.streets.search import base as base_of

SAME_M = 30.0
"""A way of the same name that lies this near: the other carriageway, or the same way drawn anew."""
REPLACED_M = 12.0
"""So near to an older way lies the newer one that took its place."""
WAY_M = 20.0
NAME_M = 60.0
"""Less than this of an older way, and of all ways of a name, is no street of its own: an end that moved a little."""


def older_names(older: gpd.GeoDataFrame, both: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What the streets of a city were called in an older layer where `both`, the merged one, calls them otherwise.

    Both have `name`, `year` and lines in metres. Names are compared without their type, since *Phố* finds *Đường*.

    Returns
    -------
    GeoDataFrame
        `name` (of the older layer), `now` (of the newer way along most of it, '' for none), `key`, `year` and
        `year_now` of the layers; lines in metres.
    """
    lines, names = np.asarray(both.geometry.values, dtype=object), both["name"].to_numpy(dtype=object)
    keys = np.array([_key(name) for name in names], dtype=object)
    named = older[(older["name"] != "").to_numpy()]
    old = np.asarray(named.geometry.values, dtype=object)
    own = np.array([_key(name) for name in named["name"]], dtype=object)
    rest = _without(old, own, lines, keys)
    long = shapely.length(rest) >= WAY_M
    table = gpd.GeoDataFrame({"name": named["name"].to_numpy()[long], "key": own[long]}, geometry=list(rest[long]))
    table["now"] = _names_now(rest[long], lines, names)
    table["year"], table["year_now"] = str(older["year"].max()), str(both["year"].max())
    metres = table.assign(metres=table.length).groupby("name")["metres"].transform("sum")
    parts = table[(metres >= NAME_M).to_numpy()].explode(ignore_index=True)
    columns = ["name", "now", "key", "year", "year_now", "geometry"]
    return gpd.GeoDataFrame(parts[parts.length > 1.0][columns].reset_index(drop=True))


def _key(name: str) -> str:
    return dated(base_of(name)) if name else ""


def _without(
    old: NDArray[np.object_], own: NDArray[np.object_], lines: NDArray[np.object_], keys: NDArray[np.object_]
) -> NDArray[np.object_]:
    """The older lines without what lies beside ways of the same name."""
    a, b = shapely.STRtree(lines).query(old, predicate="dwithin", distance=SAME_M)
    same = own[a] == keys[b]
    rest = old.copy()
    for row in np.unique(a[same]):
        beside = shapely.buffer(lines[b[same & (a == row)]], SAME_M)
        rest[row] = shapely.difference(old[row], shapely.union_all(beside))
    return rest


def _names_now(rest: NDArray[np.object_], lines: NDArray[np.object_], names: NDArray[np.object_]) -> list[str]:
    """The name that most of the ways along each line bear, '' where none is beside it or they have none."""
    strips = shapely.buffer(rest, REPLACED_M, cap_style="flat")
    a, b = shapely.STRtree(lines).query(strips, predicate="intersects")
    metres = shapely.length(shapely.intersection(lines[b], strips[a]))
    found: list[dict[str, float]] = [{} for _ in rest]
    for row, name, length in zip(a, names[b], metres, strict=True):
        found[row][name] = found[row].get(name, 0.0) + float(length)
    return [max(sorted(one), key=lambda name: one[name]) if one else "" for one in found]
