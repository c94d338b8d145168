"""Collections of what is recorded, for the accounts that write it: a kind of record each, by the name of its path.

An item is a record as it holds now; its id is the number by which the record is known through all its corrections.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from api.core.service import Service
from api.ogc.layers import BOOLEAN, DAY, INTEGER, KINDS, MOMENT, NUMBER, TEXT, Kind, Layer, Type, bounds_of, layer
from api.resources.feature_collections import Collection, Row
from api.security.identity import Identity
from api.security.object_permissions import readable, role_of
from geo.errors import UnknownNameError
from geo.records.kinds.fields import WARD
from geo.records.kinds.registry import kinds
from geo.records.kinds.spec import Column, KindSpec
from geo.records.model.vocabulary import vocabulary
from geo.visibility import Role

_POINT = ("lon", "lat")
"""The fields of a kind that are the geometry of its items."""
_STORED: dict[type, Type] = {str: TEXT, float: NUMBER, bool: BOOLEAN, int: INTEGER, date: DAY}
_RECORDED = ("id", "recorded_at")


def written_kinds(identity: Identity) -> Iterator[KindSpec]:
    """The kinds of record that an identity may write item by item; none for those who write nothing."""
    if identity.role >= Role.WARD:
        # An event of a flag is sent to the flag: the path of its kind takes no entries.
        yield from (spec for spec in kinds() if spec.path and "{" not in spec.sent_to and _may(identity, spec))


def written_kind(identity: Identity, name: str) -> KindSpec | None:
    """The kind of record whose collection bears a name, if the identity may write it."""
    return next((spec for spec in written_kinds(identity) if spec.path == name), None)


def collection_names(identity: Identity) -> tuple[str, ...]:
    """The ids of all collections that an identity may read."""
    return (*KINDS, *(spec.path for spec in written_kinds(identity)))


def layer_for(service: Service, identity: Identity, name: str, day: date | None = None) -> Layer:
    """The collection of this name on a day, as an identity may see it.

    Raises
    ------
    UnknownNameError
        There is no such collection, or it is not open to the identity.
    """
    if name in KINDS:
        return layer(service, name, day)
    spec = written_kind(identity, name)
    if spec is None:
        raise UnknownNameError("collection", name, collection_names(identity))
    return record_layer(service, identity, spec, service.valid_day(day))


def record_layer(service: Service, identity: Identity, spec: KindSpec, day: date) -> Layer:
    """The records of a kind up to a day that an identity may read."""
    roots = {number: root or number for number, root in service.store.rows(spec.name, ("id", "root_id"))}
    frame = service.store.entries(spec.name, day)
    records = readable(service, identity, spec, frame.to_dict("records"))
    rows = tuple(_row(record, roots.get(record["id"], record["id"])) for record in records)
    geometries = _points(records)
    source = f"{service.store.opened_as}-{service.store.version()}-{day}-{identity.viewer.key}"
    found = Collection(spec.path, "id", rows, geometries, source)
    ids = {str(row["id"]): number for number, row in enumerate(rows)}
    since = tuple(date.fromisoformat(row["day"]) for row in rows)
    return Layer(described(spec), found, since, ids, bounds_of(geometries))


def described(spec: KindSpec) -> Kind:
    """What the collection of a kind is about."""
    names = tuple(name for name in spec.listing if name not in _POINT)
    own = {column.name for column in spec.columns}
    computed = frozenset(name for name in spec.listing if name not in own)
    geometry = "geometry-point" if own >= set(_POINT) else "geometry-any"
    about = spec.shown, spec.entry.__doc__ or ""
    return Kind(*about, names, computed | frozenset(_RECORDED), geometry, _types(spec))


def _types(spec: KindSpec) -> dict[str, Type]:
    """What the properties of an item are, in their order: those of the list, by the fields of the entry."""
    own = {column.name: _type(column) for column in spec.columns}
    own |= {column.name: {"type": "array", "items": own[column.name]} for column in spec.columns if column.many}
    known = {"id": INTEGER, "recorded_at": MOMENT, "ward_code": TEXT | dict(WARD.schema)} | own
    return {name: known.get(name, TEXT) for name in ("id", *spec.listing, "recorded_at") if name not in _POINT}


def _type(column: Column) -> Type:
    """What a field is as JSON Schema: its type, and which values it takes."""
    terms = [term.id for term in vocabulary().terms(column.rule.group)] if column.rule.group else []
    return _STORED[column.type] | dict(column.rule.schema) | ({"enum": terms} if terms else {})


def _may(identity: Identity, spec: KindSpec) -> bool:
    return identity.role >= max(role_of(spec.write_role), role_of(spec.read_role))


def _row(record: Row, root: int) -> Row:
    return {"id": root} | {name: value for name, value in record.items() if name not in ("id", *_POINT)}


def _points(records: list[Row]) -> NDArray[np.object_]:
    """The recorded points; None where a record has none."""
    geometries: NDArray[np.object_] = np.full(len(records), None, dtype=object)
    for number, record in enumerate(records):
        if record.get("lon") is not None and record.get("lat") is not None:
            geometries[number] = shapely.Point(record["lon"], record["lat"])
    return geometries
