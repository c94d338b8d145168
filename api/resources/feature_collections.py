"""The three collections of a situation, wards, sites and crossings, as rows with ids and geometries, made once."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.analysis.reconcile import Agreement
from geo.cache import Cache
from geo.output.shared.crossing_rows import agreed_rows, agreement_lists, crossing_rows, extents
from geo.reference.geojson import feature, records
from geo.situation import Situation

Row = dict[str, Any]
Rows = NDArray[np.intp]
NAMES = ("wards", "sites", "crossings")


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: `rows` (JSON-ready properties), the property `key` that names a row, and `geometries` (WGS 84).

    `source` names the registers that the geometries come from: same source, same geometries.
    """

    name: str
    key: str
    rows: tuple[Row, ...]
    geometries: NDArray[np.object_]
    source: str

    def __len__(self) -> int:
        return len(self.rows)

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
        """Which rows meet a box in WGS 84; one that crosses the antimeridian (west > east) is two boxes."""
        boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        hit: NDArray[np.bool_] = np.zeros(len(self), dtype=bool)
        for left, right in boxes:
            area = shapely.box(left, south, right, north)
            shapely.prepare(area)
            hit |= shapely.intersects(area, self.geometries)
        return hit

    def where(self, **wanted: Any) -> NDArray[np.bool_]:
        """Which rows have these values; a set of values means any of them, None that any value will do."""
        mask: NDArray[np.bool_] = np.ones(len(self), dtype=bool)
        for name, value in wanted.items():
            if value is not None:
                values = value if isinstance(value, frozenset) else frozenset((value,))
                mask &= np.fromiter((row[name] in values for row in self.rows), dtype=bool, count=len(self))
        return mask


def collection(name: str, situation: Situation) -> Collection:
    """A collection of a situation by its name (`NAMES`); built once for each situation, and dropped with it."""
    return _of(situation).get(name, lambda: _MAKERS[name](situation))


def _of(situation: Situation) -> Cache[str, Collection]:
    found = _collections.get(id(situation))
    if found is None:
        found = _collections.setdefault(id(situation), Cache(len(NAMES)))
        weakref.finalize(situation, _collections.pop, id(situation), None).atexit = False
    return found


def feature_bytes(found: Collection, chosen: Rows, geometries: Sequence[bytes]) -> bytes:
    """The chosen rows as GeoJSON features, joined by commas; `geometries` are those of `geometry_bytes`."""
    rows, key = found.rows, found.key
    parts = (
        b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}'
        % (orjson.dumps(rows[row][key]), geometries[row], orjson.dumps(rows[row]))
        for row in chosen.tolist()
    )
    return b",\n".join(parts)


def geometry_bytes(found: Collection) -> tuple[bytes, ...]:
    """The geometries of a collection as GeoJSON in WGS 84, 7 decimals; made once for each content of the registers."""
    return _geometries.get((found.name, found.source), lambda: tuple(map(geometry_json, found.geometries)))


def geometry_json(geometry: BaseGeometry | None) -> bytes:
    """A geometry as GeoJSON bytes."""
    return orjson.dumps(feature({"geometry": geometry})["geometry"])


def source_of(situation: Situation) -> str:
    """What names the registers of a situation."""
    return f"{situation.city}-{situation.data_version.split('-', 1)[0]}"


def jsonable(record: Row) -> Row:
    """A record of a frame as JSON-ready properties, without its geometry."""
    properties: Row = feature({**record, "geometry": None})["properties"]
    return properties


def _wards(situation: Situation) -> Collection:
    rows = tuple(jsonable(record) for record in records(situation.wards))
    return Collection("wards", "code", rows, np.asarray(situation.wards.geometry), source_of(situation))


def _sites(situation: Situation) -> Collection:
    crossed: dict[str, list[Row]] = {}
    for row in crossing_rows(situation.crossings):
        crossed.setdefault(row["site_id"], []).append(row)
    agreements = {agreement.site_id: agreement for agreement in situation.agreements}
    rows = tuple(
        jsonable(record)
        | {
            "wards": [row["ward_code"] for row in crossed.get(record["site_id"], []) if row["ward_code"]],
            **extents(crossed.get(record["site_id"], [])),
            "agreement": agreement_document(agreements[record["site_id"]]),
        }
        for record in records(situation.sites)
    )
    return Collection("sites", "site_id", rows, np.asarray(situation.sites.geometry), source_of(situation))


def _crossings(situation: Situation) -> Collection:
    sites = {row["site_id"]: row for row in _sites(situation).rows}
    rows = tuple(
        {"crossing_id": f"{row['site_id']}.{row['ward_code'] or 'outside'}"}
        | jsonable(row)
        | {f"site_{name}": sites[row["site_id"]][name] for name in ("name", "group", "level")}
        for row in agreed_rows(situation.crossings, situation.agreements)
    )
    return Collection("crossings", "crossing_id", rows, np.asarray(situation.crossings.geometry), source_of(situation))


def agreement_document(agreement: Agreement) -> Row:
    """Declared against computed, as lists of ward codes."""
    return {**agreement_lists(agreement), "agrees": agreement.agrees}


_MAKERS: dict[str, Callable[[Situation], Collection]] = {"wards": _wards, "sites": _sites, "crossings": _crossings}
_collections: dict[int, Cache[str, Collection]] = {}
_geometries: Cache[tuple[str, str], tuple[bytes, ...]] = Cache(48)
