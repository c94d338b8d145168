"""Street layers of several years as one: the newest wins, what only an older one holds stays.

`merged` takes ways in metres and knows no files; `geo.reference.build.places` and whoever else builds from the same
sources call it with layers that `street_layer` has read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.reference.crs import to_metric
from geo.reference.geojson import read_frame
from geo.reference.streets.ways import TAGS

SAME_M = 12.0
"""An older way that lies this near to a newer one, along nearly all of it, is the same street."""
GONE = 0.8
"""An older way of which more than this share lies along newer ones is left out."""
CUT = 0.2
"""Of an older way of which more than this share lies along newer ones, only the rest is taken."""
SHORTEST_M = 30.0
"""A rest that is shorter than this is left out."""
LONG_OVERLAP_M = 60.0
"""Ways that meet newer ones for less than this only cross them."""

THROUGH = frozenset(
    f"{kind}{suffix}" for kind in ("motorway", "trunk", "primary", "secondary", "tertiary") for suffix in ("", "_link")
)
"""Classes that are taken without a name, too: what joins the named streets."""


def street_layer(raw: Path | gpd.GeoDataFrame, province_code: str, year: str) -> gpd.GeoDataFrame:
    """The streets of a file, or a frame (WGS 84), that bear a name or a number, or are of a class in `THROUGH`.

    Returns
    -------
    GeoDataFrame
        Text columns `TAGS` and `year`, LineStrings in metres of the province's VN-2000 zone. Planned streets are left
        out.
    """
    raw = read_frame(raw) if isinstance(raw, Path) else raw
    table = pd.DataFrame({tag: _text(raw, tag) for tag in TAGS})
    table["year"] = year
    planned = (table["highway"] == "proposed") | (table["highway"] == "")
    wanted = ((table["name"] != "") | (table["ref"] != "") | table["highway"].isin(THROUGH)) & ~planned
    lines = to_metric(np.asarray(raw.geometry.values, dtype=object)[wanted.to_numpy()], province_code)
    return gpd.GeoDataFrame(table[wanted].reset_index(drop=True), geometry=list(lines))


def merged(newer: gpd.GeoDataFrame, older: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Both layers as one, `newer` first; both as `street_layer` gives them.

    Of the older layer those ways are left out that lie along newer ones for `GONE` of their length, and of others that
    part is cut off. A newer way without a name takes that of the older way which it replaces.
    """
    new, old = _lines(newer), _lines(older)
    tree = shapely.STRtree(new)
    pairs = tree.query(old, predicate="dwithin", distance=SAME_M)
    named = _with_names(newer, older, pairs)
    beside = _beside(new, old, pairs)
    rests = np.array([_rest(line, near) for line, near in zip(old, beside, strict=True)], dtype=object)
    held = ~shapely.is_empty(rests)
    rest = gpd.GeoDataFrame(older[held].drop(columns="geometry"), geometry=list(rests[held]))
    both = pd.concat([named, rest.explode(ignore_index=True)], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry")


def _beside(new: NDArray[np.object_], old: NDArray[np.object_], pairs: NDArray[np.intp]) -> NDArray[np.object_]:
    """For each older way the area within `SAME_M` of the newer ways that are near to it."""
    strips = shapely.buffer(new, SAME_M, cap_style="flat")
    near = np.full(len(old), shapely.Polygon(), dtype=object)
    order = np.argsort(pairs[0], kind="stable")
    rows, starts = np.unique(pairs[0][order], return_index=True)
    for row, group in zip(rows, np.split(pairs[1][order], starts[1:]), strict=True):
        near[row] = shapely.union_all(strips[group])
    return near


def _rest(line: BaseGeometry, beside: BaseGeometry) -> BaseGeometry:
    """What is left of an older way: nothing, a part, or all of it."""
    if beside.is_empty:
        return line
    shared = shapely.intersection(line, beside).length
    if shared >= GONE * line.length:
        return shapely.LineString()
    if shared < CUT * line.length or shared < LONG_OVERLAP_M:
        return line
    parts = shapely.get_parts(shapely.line_merge(shapely.difference(line, beside)))
    long = parts[shapely.length(parts) >= SHORTEST_M]
    return shapely.MultiLineString(list(long)) if len(long) else shapely.LineString()


def _with_names(newer: gpd.GeoDataFrame, older: gpd.GeoDataFrame, pairs: NDArray[np.intp]) -> gpd.GeoDataFrame:
    """The newer layer with what the older one knew of the same ways: a name where it has none, the name of a bridge."""
    new, old = _lines(newer), _lines(older)
    names, bridges = newer["name"].to_numpy(dtype=object).copy(), newer["bridge_name"].to_numpy(dtype=object).copy()
    before = older["name"].to_numpy(dtype=object)
    on_bridge = (newer["bridge"] != "").to_numpy()
    bridge_before = np.array([name.startswith("Cầu ") for name in before], dtype=bool)
    nameless = (names[pairs[1]] == "") & (before[pairs[0]] != "")
    over = on_bridge[pairs[1]] & (bridges[pairs[1]] == "") & bridge_before[pairs[0]]
    for old_row, new_row in _along(old, new, pairs[:, nameless | over]):
        if bridge_before[old_row] and names[new_row]:
            bridges[new_row] = before[old_row] if names[new_row] != before[old_row] else ""
        elif not names[new_row]:
            names[new_row] = before[old_row]
    return newer.assign(name=names, bridge_name=bridges)


def _along(old: NDArray[np.object_], new: NDArray[np.object_], pairs: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """The pairs of which the newer way lies along the older one for `GONE` of its length, the surest first."""
    a, b = pairs
    if not len(a):
        return
    strips = shapely.buffer(old[a], SAME_M, cap_style="flat")
    share = shapely.length(shapely.intersection(new[b], strips)) / shapely.length(new[b])
    for row in np.argsort(-share, kind="stable"):
        if share[row] >= GONE:
            yield int(a[row]), int(b[row])


def _lines(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(frame.geometry.values, dtype=object)


def _text(raw: gpd.GeoDataFrame, column: str) -> pd.Series[str]:
    """A column as text without empty ends, '' where it is missing."""
    if column not in raw.columns:
        return pd.Series("", index=raw.index, dtype=object)
    values = raw[column].astype(object)
    text = values.where(values.notna(), "").astype(str)
    clean: pd.Series[str] = text.str.normalize("NFC").str.replace(r"\s+", " ", regex=True).str.strip()
    return clean
