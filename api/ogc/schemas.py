"""What the items of a collection hold, as JSON Schema: `/queryables` (Part 3) and `/schema` (Part 5)."""

from __future__ import annotations

from typing import Any

from api.ogc.layers import Layer
from geo.i18n.language import current
from geo.i18n.message import shown

Document = dict[str, Any]
MEDIA_TYPE = "application/schema+json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def queryables(here: str, layer: Layer) -> Document:
    """The properties by which items can be filtered; `here` is the address of the document."""
    properties: Document = {name: {"title": name} | about for name, about in layer.kind.queryable_types.items()}
    properties["geometry"] = {"x-ogc-role": "primary-geometry", "format": geometry_format(layer)}
    return _document(here, layer, properties) | {"additionalProperties": False}


def schema(here: str, layer: Layer) -> Document:
    """All properties of the items, in their order, with the one that names an item and the geometry."""
    rows, key = layer.found.rows, layer.found.key
    types = layer.kind.types
    names = dict.fromkeys(name for row in rows for name in row) or types
    properties: Document = {name: dict(types[name]) for name in names}
    for number, (name, described) in enumerate(properties.items(), start=1):
        described["x-ogc-propertySeq"] = number
        if name in layer.kind.read_only:
            described["readOnly"] = True
    if key in properties:
        properties[key]["x-ogc-role"] = "id"
    properties["geometry"] = {"x-ogc-role": "primary-geometry", "format": geometry_format(layer)}
    return _document(here, layer, properties)


def geometry_format(layer: Layer) -> str:
    """The one type of geometry that a collection holds, as Part 5 calls it; any where it holds several."""
    shapes = layer.found.geometries
    types = {shape.geom_type.lower() for shape in shapes if shape is not None}
    return f"geometry-{types.pop()}" if len(types) == 1 else layer.kind.geometry


def _document(here: str, layer: Layer, properties: Document) -> Document:
    return {
        "$schema": _DIALECT,
        "$id": here,
        "type": "object",
        "title": shown(layer.kind.title, current()),
        "description": shown(layer.kind.description, current()),
        "properties": properties,
    }
