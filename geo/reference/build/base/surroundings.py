"""What lies round a city: the sea off its coast, and the borders of the provinces.

Neighbours beyond the border are no sea: the sea is the part of the map outside all wards that holds a place said to
lie in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from geo.reference.base.table import BaseLayers, Table, joined, nothing, table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Box = tuple[float, float, float, float]
_CLOSED = 0.0006
"""Gaps between wards of two sources are closed up to so many degrees (66 m): they are no straits."""


def surroundings(
    wards: GeoDataFrame, country: GeoDataFrame, box: Box, at_sea: Sequence[tuple[float, float]]
) -> BaseLayers:
    """The sea (where one of the places `at_sea`, longitude and latitude, lies in it) and the borders of provinces.

    `wards` are the city's, in full detail; `country` all wards of the country, with `province_code`, generalised.
    """
    frame = shapely.box(*box)
    own = str(wards["province_code"].iloc[0])
    near = country[country.intersects(frame) & (country["province_code"] != own)]
    provinces = {
        str(code): shapely.union_all(np.asarray(part.geometry.array, dtype=object))
        for code, part in near.groupby("province_code", sort=True)
    }
    provinces[own] = shapely.union_all(np.asarray(wards.geometry.array, dtype=object))
    ground = {"borders": _borders(provinces, frame)}
    if len(at_sea):
        ground["water"] = _sea(provinces, frame, MultiPoint(list(at_sea)))
    return ground


def together(ground: BaseLayers, more: BaseLayers) -> BaseLayers:
    """Two grounds as one, layer by layer."""
    layers = {**ground, **more}
    return {name: joined(ground.get(name, nothing()), more.get(name, nothing())) for name in layers}


def _borders(provinces: dict[str, BaseGeometry], frame: BaseGeometry) -> Table:
    lines = [shapely.intersection(shapely.boundary(shape), frame) for shape in provinces.values()]
    shown = [shapely.line_merge(line) for line in lines if not line.is_empty]
    return table(shown, ["province"] * len(shown), [""] * len(shown))


def _sea(provinces: dict[str, BaseGeometry], frame: BaseGeometry, places: MultiPoint) -> Table:
    land = shapely.union_all(list(provinces.values())).buffer(_CLOSED).buffer(-_CLOSED)
    parts = shapely.get_parts(shapely.difference(frame, land))
    sea = parts[shapely.intersects(parts, places)]
    return table(sea, ["sea"] * len(sea), [""] * len(sea))
