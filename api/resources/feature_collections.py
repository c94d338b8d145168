"""The three collections of a situation, wards, sites and crossings, as rows with ids and geometries, made once."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from api.core.gzip_parts import deflated
from geo.analysis.reconcile import Agreement
from geo.cache import Cache
from geo.output.shared.crossing_rows import agreed_rows, agreement_lists, crossing_rows, extents
from geo.reference.geojson import feature, records
from geo.situation import Situation

Row = dict[str, Any]
Rows = NDArray[np.intp]
NAMES = ("wards", "sites", "crossings")
_PACKED_COMMA = deflated(b",\n")


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
    _frames: list[tuple[tuple[bytes, bytes], ...]] = field(default_factory=list, compare=False, repr=False)
    _digests: dict[int, bytes] = field(default_factory=dict, compare=False, repr=False)
    _packed: dict[int, bytes] = field(default_factory=dict, compare=False, repr=False)
    _bounds: list[NDArray[np.float64]] = field(default_factory=list, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def frames(self) -> tuple[tuple[bytes, bytes], ...]:
        """What stands before and after the geometry of each row as a GeoJSON feature; made at the first call."""
        if not self._frames:
            self._frames.append(tuple(_frame(row[self.key], row) for row in self.rows))
        return self._frames[0]

    def digest(self, row: int) -> bytes:
        """What follows from all of a row but its geometry, and is another where that is; once for each row."""
        if row not in self._digests:
            self._digests[row] = hashlib.sha256(b"\n".join(self.frames[row])).digest()
        return self._digests[row]

    @property
    def bounds(self) -> NDArray[np.float64]:
        """(2, 4, rows): west, south, -east, -north of the geometries, then of a point in each; made at the first call.

        What meets a box is not above the east, north, -west, -south of that: one comparison for all sides.
        """
        if not self._bounds:
            points = shapely.point_on_surface(self.geometries)
            both = np.stack([shapely.bounds(self.geometries), shapely.bounds(points)])
            both[:, :, 2:] *= -1
            self._bounds.append(np.ascontiguousarray(both.transpose(0, 2, 1)))
        return self._bounds[0]

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
        """Which rows meet a box in WGS 84; one that crosses the antimeridian (west > east) is two boxes."""
        if west > east:
            return self._meeting(west, south, 180.0, north) | self._meeting(-180.0, south, east, north)
        return self._meeting(west, south, east, north)

    def _meeting(self, west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
        """As `within`; a box that begins east of its end meets nothing."""
        below = self.bounds <= np.array(((east,), (north,), (-west,), (-south,)))
        met: NDArray[np.bool_] = np.logical_and.reduce(below, axis=1)
        hit: NDArray[np.bool_] = met[0]
        # Only shapes of which no point is known to lie in the box have to be looked at.
        open_ = (hit > met[1]).nonzero()[0]
        if open_.size:
            hit[open_] = shapely.intersects(shapely.box(west, south, east, north), self.geometries[open_])
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
    return b"".join(feature_parts(found, chosen, geometries))


def feature_parts(found: Collection, chosen: Rows, geometries: Sequence[bytes]) -> list[bytes]:
    """`feature_bytes` in parts, so that what holds them is put together in one go."""
    parts: list[bytes] = []
    for row in chosen.tolist():
        head, tail = found.frames[row]
        parts += (b",\n", head, geometries[row], tail)
    return parts[1:]


def packed_features(found: Collection, chosen: Rows, geometries: Sequence[bytes]) -> list[bytes]:
    """The chosen rows as in `feature_parts`, each compressed with what parts it from the next; once for each row.

    `geometries`: those of `geometry_bytes`, in WGS 84.
    """
    packed = found._packed
    parts: list[bytes] = []
    for row in chosen.tolist():
        if row not in packed:
            packed[row] = deflated(b"".join((found.frames[row][0], geometries[row], found.frames[row][1])))
        parts += (_PACKED_COMMA, packed[row])
    return parts[1:]


def are_packed(found: Collection, chosen: Rows) -> bool:
    """Whether `packed_features` compresses nothing any more."""
    return all(row in found._packed for row in chosen.tolist())


def _frame(key: object, row: Row) -> tuple[bytes, bytes]:
    head = b'{"type":"Feature","id":%b,"geometry":' % orjson.dumps(key)
    return head, b',"properties":%b}' % orjson.dumps(row)


def geometry_bytes(found: Collection) -> tuple[bytes, ...]:
    """The geometries of a collection as GeoJSON in WGS 84, 7 decimals; made once for each content of the registers."""
    return _geometries.get((found.name, found.source), lambda: tuple(map(geometry_json, found.geometries)))


def ready_geometry_bytes(found: Collection) -> tuple[bytes, ...] | None:
    """`geometry_bytes` where they are made already."""
    return _geometries.find((found.name, found.source))


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
