"""What vector tiles show: wards, sites, crossings, each with the few facts that a map needs, all of them public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import Transformer

    from geo.situation import Registers, Situation

Value = str | int | float
Rows = NDArray[np.int64]
WARD_FACTS = ("code", "name", "full_name", "kind", "province_code", "phase")
SITE_FACTS = ("site_id", "name", "group", "level", "handed_over")
CROSSING_FACTS = ("site_id", "ward_code", "ward_name", "length_m", "share")


@dataclass(frozen=True, slots=True)
class TileLayer:
    """One layer: geometries in WGS 84 with their facts; `is_coverage` where edges are shared and must stay so.

    Nothing of it is shown on zooms below `least_zoom`. The geometries are those of the registers, not another copy:
    what a tile needs of them is moved to the grid of tiles when it is requested.
    """

    name: str
    geometries: NDArray[np.object_]
    facts: tuple[Mapping[str, Value], ...]
    least_zoom: int = 0
    is_coverage: bool = False

    def on_grid(self, rows: Rows | None = None) -> NDArray[np.object_]:
        """The geometries of some rows, or all, in metres of EPSG:3857."""
        chosen = self.geometries if rows is None else self.geometries[rows]
        moved: NDArray[np.object_] = shapely.transform(chosen, on_grid)
        return moved


def on_grid(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes (n, 2) of WGS 84 in metres of EPSG:3857."""
    east, north = _to_grid().transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([east, north])


@cache
def _to_grid() -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(4326, 3857, always_xy=True)


def situation_layers(*situations: Situation | Registers) -> tuple[TileLayer, ...]:
    """The wards, sites and crossings of one day, of one city or several."""
    return (
        _layer("wards", [s.wards for s in situations], WARD_FACTS, is_coverage=True),
        _layer("sites", [s.sites for s in situations], SITE_FACTS, least_zoom=8),
        _layer("crossings", [s.crossings for s in situations], CROSSING_FACTS, least_zoom=10),
    )


def country_layers(wards: GeoDataFrame) -> tuple[TileLayer, ...]:
    """Wards alone, as of a whole country: a frame with `code`, geometry, and what it has of `WARD_FACTS`."""
    return (_layer("wards", [wards], WARD_FACTS, is_coverage=True),)


def _layer(
    name: str, frames: list[GeoDataFrame], facts: tuple[str, ...], *, least_zoom: int = 0, is_coverage: bool = False
) -> TileLayer:
    flat = [np.asarray(frame.geometry.to_crs(4326), dtype=object) for frame in frames]
    rows = tuple(
        {str(key): _plain(value) for key, value in row.items() if value is not None and value == value}
        for frame in frames
        for row in frame[[fact for fact in facts if fact in frame.columns]].to_dict("records")
    )
    return TileLayer(name, np.concatenate(flat), rows, least_zoom, is_coverage)


def _plain(value: object) -> Value:
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    return int(value) if isinstance(value, int | np.integer) else str(value)
