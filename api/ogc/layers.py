"""The three collections of all cities together, as OGC clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from api.core.data_version import DataState
from api.core.service import Service
from api.resources.feature_collections import NAMES, Collection, Row, collection
from geo.analysis.reconcile import VERDICTS
from geo.cache import Cache
from geo.errors import UnknownNameError
from geo.i18n.message import Bilingual, Message
from geo.records.model.vocabulary import vocabulary
from geo.reference.cities import cities
from geo.reference.ward_names.units_since import UNITS_SINCE
from geo.situation import load_registers

Type = dict[str, Any]
TEXT: Type = {"type": "string"}
NUMBER: Type = {"type": "number"}
INTEGER: Type = {"type": "integer"}
COUNT: Type = {"type": "integer", "minimum": 0}
BOOLEAN: Type = {"type": "boolean"}
DAY: Type = {"type": "string", "format": "date"}
MOMENT: Type = {"type": "string", "format": "date-time"}
LIST: Type = {"type": "array", "items": TEXT}
_WARD: Type = TEXT | {"pattern": "^[0-9]{5}$"}
_SPANS: Type = {"type": "array", "items": {"type": "array", "items": NUMBER}}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a collection is about, and by which properties it can be filtered.

    `read_only`: the properties that a client does not write; `geometry`: the format of its geometries, as Part 5 calls
    it, where the items do not show it. `types`: what each property is, as JSON Schema, whatever the items hold.
    """

    title: Bilingual
    description: Bilingual | str
    queryables: tuple[str, ...]
    read_only: frozenset[str] = frozenset()
    geometry: str = "geometry-any"
    types: Mapping[str, Type] = field(default_factory=dict)

    @property
    def queryable_types(self) -> dict[str, Type]:
        """What each of the queryables is."""
        return {name: self.types[name] for name in self.queryables}


def _one_of(*values: str) -> Type:
    """A text that is one of these."""
    return {"type": "string", "enum": list(values)}


def _terms(group: str) -> Type:
    return _one_of(*(term.id for term in vocabulary().terms(group)))


def _types(texts: str, numbers: str = "", lists: str = "", **others: Type) -> dict[str, Type]:
    """Properties by what they are: texts, numbers, lists of texts, and `others`."""
    kinds = ((texts, TEXT), (numbers, NUMBER), (lists, LIST))
    return {name: kind for names, kind in kinds for name in names.split()} | others


KINDS: dict[str, Kind] = {
    "wards": Kind(
        Message("ogc.wards"),
        Message("ogc.wards-about"),
        ("code", "name", "full_name", "kind", "province_code", "phase", "valid_from"),
        types=_types(
            "code name full_name kind province_code phase",
            "area_km2",
            "merged_from",
            population=COUNT,
            valid_from=DAY,
            code=_WARD,
            kind=_one_of("phường", "xã", "đặc khu"),
            province_code=TEXT | {"pattern": "^[0-9]{2}$"},
            phase=_terms("phase"),
        ),
    ),
    "sites": Kind(
        Message("ogc.sites"),
        Message("ogc.sites-about"),
        ("site_id", "name", "group", "level", "handed_over"),
        types=_types(
            "site_id name group level from to declared_text document geometry_source note",
            "accuracy_m corridor_m length_m outside_m area_m2 outside_m2 outside_share",
            "declared_wards wards",
            handed_over=COUNT,
            agreement={"type": "object"},
            group=_terms("group"),
            level=_terms("level"),
        ),
    ),
    "crossings": Kind(
        Message("ogc.crossings"),
        Message("ogc.crossings-about"),
        ("crossing_id", "site_id", "ward_code", "ward_name", "verdict", "site_group", "site_level"),
        types=_types(
            "crossing_id site_id ward_code ward_name verdict site_name site_group site_level",
            "length_m area_m2 share border_m",
            "border_with declared_wards on_border absent",
            intervals_m=_SPANS,
            ward_code=_WARD,
            verdict=_one_of(*VERDICTS.values(), "answered", "outside"),
            site_group=_terms("group"),
            site_level=_terms("level"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A collection of all cities on a day; `since` is the day from which each row holds."""

    kind: Kind
    found: Collection
    since: tuple[date | None, ...]
    rows_by_id: dict[str, int]
    bounds: tuple[float, float, float, float]


def layer(service: Service, name: str, day: date | None = None) -> Layer:
    """The collection of this name on a day, today if none is given.

    Raises
    ------
    UnknownNameError
        There is no such collection.
    """
    wanted = _checked(service, name, day)

    def build() -> Layer:
        return _made(name, [collection(name, service.public_situation(wanted, city.slug)) for city in cities()])

    return _layers.get((name, *service.public_state(wanted)), build)


def cached_layer(service: Service, name: str, day: date | None, data: DataState) -> Layer | None:
    """As `layer`, without waiting for anything: None where it is not built yet. `data` is their present state."""
    wanted = data.day if day is None and name in KINDS else _checked(service, name, day)
    return _layers.find((name, *service.public_state(wanted, data)))


def _checked(service: Service, name: str, day: date | None) -> date:
    if name not in KINDS:
        raise UnknownNameError("collection", name, NAMES)
    return max(UNITS_SINCE, service.valid_day(day))  # before it there is no item: those of that day are left out


def _made(name: str, parts: list[Collection]) -> Layer:
    rows = tuple(row for part in parts for row in part.rows)
    geometries = of_one_type(np.concatenate([part.geometries for part in parts]))
    found = Collection(name, parts[0].key, rows, geometries, "+".join(part.source for part in parts))
    starts = _ward_starts()
    since = tuple(_since(row, starts) for row in rows)
    ids = {str(row[found.key]): number for number, row in enumerate(rows)}
    return Layer(KINDS[name], found, since, ids, bounds_of(geometries))


def _ward_starts() -> dict[str, str]:
    registers = (load_registers(city.slug).wards for city in cities())
    return {code: start for wards in registers for code, start in zip(wards["code"], wards["valid_from"], strict=True)}


def _since(row: Row, starts: dict[str, str]) -> date | None:
    if "handed_over" in row:
        return date(row["handed_over"], 1, 1) if row["handed_over"] else None
    start = row.get("valid_from") or starts.get(row.get("ward_code", ""))
    return date.fromisoformat(start[:10]) if start else None


def of_one_type(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Lines and areas as multiples where some of them are: GDAL takes the type of the first one for that of all."""
    kinds = shapely.get_type_id(geometries)
    for single, several, make in ((1, 5, shapely.multilinestrings), (3, 6, shapely.multipolygons)):
        if (kinds == single).any() and (kinds == several).any():
            geometries = geometries.copy()
            rows = np.flatnonzero(kinds == single)
            geometries[rows] = make(geometries[rows], indices=np.arange(len(rows)))
    return geometries


def bounds_of(geometries: NDArray[np.object_]) -> tuple[float, float, float, float]:
    """West, south, east and north of geometries, in degrees; those of all wards where there are none."""
    if not len(geometries) or shapely.is_missing(geometries).all():
        parts = [load_registers(city.slug).wards.total_bounds for city in cities()]
        west, south = np.min(parts, axis=0)[:2].tolist()
        east, north = np.max(parts, axis=0)[2:].tolist()
        return west, south, east, north
    west, south, east, north = np.round(shapely.total_bounds(geometries), 6).tolist()
    return west, south, east, north


_layers: Cache[tuple[object, ...], Layer] = Cache(4 * len(NAMES))
