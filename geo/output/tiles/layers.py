"""What vector tiles show: wards, sites, crossings, each with the few facts that a map needs, all of them public."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.output.tiles.coverage_cache import StoredShapes, simplified_coverage

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame
    from pyproj import Transformer

    from geo.situation import Registers, Situation

Value = str | int | float
Facts = Mapping[str, Value]
Rows = NDArray[np.int64]
Shapes = NDArray[np.object_]
WARD_FACTS = ("code", "name", "full_name", "kind", "province_code", "phase")
SITE_FACTS = ("site_id", "name", "group", "level", "handed_over")
CROSSING_FACTS = ("site_id", "ward_code", "ward_name", "length_m", "share")


class TileLayer(Protocol):
    """One layer: geometries in WGS 84, each with its facts; `is_coverage` where edges are shared and must stay so.

    Nothing of it is shown on zooms below `least_zoom`. The geometries are those of the registers, not another copy:
    what a tile needs of them is moved to the grid of tiles when it is requested.
    """

    @property
    def name(self) -> str: ...
    @property
    def least_zoom(self) -> int: ...
    @property
    def is_coverage(self) -> bool: ...
    @property
    def facts(self) -> tuple[Facts, ...]: ...

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees; NaN where there is nothing."""

    def on_grid(self, rows: Rows | None = None) -> Shapes:
        """The geometries of some rows, or all, in metres of EPSG:3857."""

    def boxes(self) -> Shapes:
        """The box around each, in metres of EPSG:3857."""

    def generalised(self, tolerance: float, halfway: float) -> StoredShapes:
        """Of a coverage, its areas (EPSG:3857) without what is smaller than a tolerance in metres: neighbours have
        common edges as before. What is coarser than `halfway` is made of what was made for that."""


@dataclass(frozen=True)
class FrameLayer:
    """A layer of frames that are in memory, or that `make` reads when something of it is shown."""

    name: str
    make: Callable[[], tuple[Shapes, tuple[Facts, ...]]]
    least_zoom: int = 0
    is_coverage: bool = False

    @cached_property
    def _made(self) -> tuple[Shapes, tuple[Facts, ...]]:
        return self.make()

    @property
    def geometries(self) -> Shapes:
        """The geometries in WGS 84."""
        return self._made[0]

    @property
    def facts(self) -> tuple[Facts, ...]:
        """The facts of each."""
        return self._made[1]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """As `TileLayer.bounds`."""
        west, south, east, north = shapely.total_bounds(self.geometries).tolist()
        return west, south, east, north

    def on_grid(self, rows: Rows | None = None) -> Shapes:
        """As `TileLayer.on_grid`."""
        moved: Shapes = shapely.transform(self.geometries if rows is None else self.geometries[rows], on_grid)
        return moved

    def boxes(self) -> Shapes:
        """As `TileLayer.boxes`."""
        low, high = np.split(shapely.bounds(self.geometries), 2, axis=1)
        return np.asarray(shapely.box(*on_grid(low).T, *on_grid(high).T), dtype=object)

    def generalised(self, tolerance: float, halfway: float) -> StoredShapes:
        """As `TileLayer.generalised`."""

        def source() -> Shapes:
            if tolerance <= halfway:
                return self.on_grid()
            return self.generalised(halfway, halfway).take(np.arange(len(self.geometries)))

        return simplified_coverage(self.geometries, tolerance, source)


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
    wards = FrameLayer("wards", lambda: _rows([s.wards for s in situations], WARD_FACTS), is_coverage=True)
    return (wards, *site_layers(lambda: situations))


def site_layers(situations: Callable[[], Sequence[Situation | Registers]]) -> tuple[TileLayer, ...]:
    """The sites and crossings of one day alone, which are asked for when a tile shows some."""
    return (
        FrameLayer("sites", lambda: _rows([s.sites for s in situations()], SITE_FACTS), least_zoom=8),
        FrameLayer("crossings", lambda: _rows([s.crossings for s in situations()], CROSSING_FACTS), least_zoom=10),
    )


def country_layers(wards: GeoDataFrame) -> tuple[FrameLayer, ...]:
    """Wards alone, as of a whole country: a frame with `code`, geometry, and what it has of `WARD_FACTS`."""
    return (FrameLayer("wards", lambda: _rows([wards], WARD_FACTS), is_coverage=True),)


def _rows(frames: list[GeoDataFrame], facts: tuple[str, ...]) -> tuple[Shapes, tuple[Facts, ...]]:
    flat = [np.asarray(frame.geometry.to_crs(4326), dtype=object) for frame in frames]
    rows = tuple(row for frame in frames for row in facts_of(frame, facts))
    return np.concatenate(flat) if flat else np.empty(0, dtype=object), rows


def facts_of(frame: DataFrame, facts: tuple[str, ...]) -> tuple[Facts, ...]:
    """What a tile says of each row of a frame, of those columns that it has."""
    return tuple(
        {str(key): _plain(value) for key, value in row.items() if value is not None and value == value}
        for row in frame[[fact for fact in facts if fact in frame.columns]].to_dict("records")
    )


def _plain(value: object) -> Value:
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    return int(value) if isinstance(value, int | np.integer) else str(value)
