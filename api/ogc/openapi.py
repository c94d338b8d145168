"""The API definition of the OGC service: OpenAPI 3.0, as the norm asks (FastAPI's own document is 3.1)."""

from __future__ import annotations

from typing import Any

from api.ogc.crs import CRS84, known_crs
from api.ogc.item_pages import DEFAULT_LIMIT
from api.ogc.layers import KINDS, Kind
from api.ogc.query import MAX_LIMIT
from api.ogc.record_layers import described
from geo import __version__
from geo.i18n.language import current
from geo.i18n.message import Message, shown
from geo.records.kinds.registry import kinds
from geo.records.kinds.spec import KindSpec

Document = dict[str, Any]
_GEOJSON = "application/geo+json"
_ITEM = ["itemId", "datetime", "crs", "f"]
_LISTED = ["limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "f"]


def definition(base: str) -> Document:
    """The OpenAPI 3.0 document of the service at `base`."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "diaban: OGC API Features",
            "version": __version__,
            "description": _said("api-about"),
            "license": {"name": "MIT"},
        },
        "servers": [{"url": base}],
        "tags": [{"name": "Capabilities"}, {"name": "Data"}],
        "paths": _paths(),
        "components": {
            "parameters": _parameters(),
            "schemas": _schemas(),
            "responses": _responses(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> Document:
    paths: Document = {
        "/": _get("landing", _said("landing"), "Capabilities", "Landing"),
        "/conformance": _get("conformance", _said("conformance-classes"), "Capabilities", "Conformance"),
        "/collections": _get("collections", _said("collections"), "Capabilities", "Collections"),
    }
    for name, kind in KINDS.items():
        here = f"/collections/{name}"
        paths[here] = _get(f"{name}.describe", shown(kind.title, current()), "Capabilities", "Collection")
        paths[f"{here}/items"] = _items(name, kind)
        one = _get(
            f"{name}.item",
            _said("one-item", name=name),
            "Data",
            "Feature",
            _ITEM,
            "application/geo+json",
        )
        one["get"]["responses"]["404"] = {"$ref": "#/components/responses/NotFound"}
        paths[f"{here}/items/{{itemId}}"] = one
        for about in ("queryables", "schema"):
            title = _said(f"{about}-of", name=name)
            paths[f"{here}/{about}"] = _get(
                f"{name}.{about}", title, "Capabilities", "Schema", media_type="application/schema+json"
            )
    for spec in kinds():
        if spec.path and "{" not in spec.sent_to:
            paths |= _written(spec)
    return paths


def _written(spec: KindSpec) -> Document:
    """The paths of a collection that accounts write."""
    here, name = f"/collections/{spec.path}/items", spec.path
    item = {"$ref": "#/components/parameters/itemId"}
    every = _items(name, described(spec))
    one = _get(f"{name}.item", _said("one-item", name=name), "Data", "Feature", _ITEM, _GEOJSON)
    every["post"] = _write(f"{name}.create", _said("record-item", name=name), "201")
    one["put"] = _write(f"{name}.replace", _said("correct-item", name=name), "204") | {"parameters": [item]}
    one["delete"] = _write(f"{name}.delete", _said("withdraw-item", name=name), "204") | {"parameters": [item]}
    del one["delete"]["requestBody"]
    for reads in (every["get"], one["get"]):
        refused = {code: {"$ref": "#/components/responses/Refused"} for code in ("401", "403")}
        reads["responses"] |= refused | {"404": {"$ref": "#/components/responses/NotFound"}}
    for method in (every["get"], every["post"], one["get"], one["put"], one["delete"]):
        # A session stands for a token, too; a wrong parameter is refused before anybody is asked who it is.
        method["security"] = [{"bearer": []}, {}]
    return {here: every, f"{here}/{{itemId}}": one}


def _write(operation: str, summary: str, status: str) -> Document:
    body = {"required": True, "content": {_GEOJSON: {"schema": {"$ref": "#/components/schemas/Feature"}}}}
    errors = {code: {"$ref": "#/components/responses/Refused"} for code in ("401", "403", "404", "409", "412", "422")}
    responses = {status: {"description": summary}} | errors
    return {
        "operationId": operation,
        "summary": summary,
        "tags": ["Data"],
        "requestBody": body,
        "responses": responses,
    }


def _items(name: str, kind: Kind) -> Document:
    listed = _get(f"{name}.items", _said("items-of", name=name), "Data", "FeatureCollection", _LISTED, _GEOJSON)
    for queryable, about in kind.queryable_types.items():
        own = {"name": queryable, "in": "query", "required": False, "schema": _or_empty(about.get("items", about))}
        said = _said("only-items", name=queryable)
        listed["get"]["parameters"].append(own | {"description": said})
    return listed


def _or_empty(about: Document) -> Document:
    """The schema of a filter: a value of its property, or an empty text, for items that have none."""
    return {"anyOf": [about, {"type": "string", "enum": [""]}]}


def _get(
    operation: str,
    summary: str,
    tag: str,
    schema: str,
    parameters: list[str] | None = None,
    media_type: str = "application/json",
) -> Document:
    content = {
        media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        "text/html": {"schema": {"type": "string"}},
    }
    references = [{"$ref": f"#/components/parameters/{name}"} for name in parameters or ["f"]]
    errors = {status: {"$ref": f"#/components/responses/{name}"} for status, name in _ERRORS.items()}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": references,
            "responses": {"200": {"description": summary, "content": content}} | errors,
        }
    }


_ERRORS = {"400": "BadRequest", "406": "NotAcceptable", "500": "Failure"}


def _responses() -> Document:
    schema = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    texts = {
        "BadRequest": _said("bad-request"),
        "NotFound": _said("not-found"),
        "NotAcceptable": _said("not-acceptable"),
        "Failure": _said("failed"),
        "Refused": _said("refused"),
    }
    return {name: {"description": text, "content": schema} for name, text in texts.items()}


def _parameters() -> Document:
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    crs = {"type": "string", "format": "uri", "enum": list(known_crs()), "default": CRS84}
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    moment = _said("moment")
    return {
        "f": _query("f", {"type": "string", "enum": ["json", "html"]}, _said("form")),
        "limit": _query("limit", limit, _said("limit")),
        "offset": _query("offset", {"type": "integer", "minimum": 0, "default": 0}, _said("offset")),
        "bbox": _query("bbox", box, _said("bbox")) | {"style": "form", "explode": False},
        "bbox-crs": _query("bbox-crs", crs, _said("bbox-crs")),
        "crs": _query("crs", crs, _said("crs")),
        "datetime": _query("datetime", {"type": "string", "minLength": 4}, moment),
        "itemId": {"name": "itemId", "in": "path", "required": True, "schema": {"type": "string"}},
    }


def _query(name: str, schema: Document, description: str) -> Document:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _schemas() -> Document:
    links: Document = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
    texts: Document = {"type": "array", "items": {"type": "string"}}
    feature: Document = {"type": "object", "required": ["type", "geometry", "properties"]}
    return {
        "Link": _object(
            {"href": {"type": "string"}, "rel": {"type": "string"}, "type": {"type": "string"}}, "href", "rel"
        ),
        "Landing": _object({"title": {"type": "string"}, "links": links}, "links"),
        "Conformance": _object({"conformsTo": texts}, "conformsTo"),
        "Collection": _object({"id": {"type": "string"}, "links": links, "crs": texts}, "id", "links"),
        "Collections": _object(
            {"links": links, "collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}}},
            "links",
            "collections",
        ),
        "Feature": feature
        | {
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"type": "string"},
                "geometry": {"type": "object", "nullable": True},
                "properties": {"type": "object", "nullable": True},
                "links": links,
            }
        },
        "FeatureCollection": _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
                "links": links,
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
            "type",
            "features",
        ),
        "Schema": {"type": "object"},
        "Problem": _object(
            {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}}, "type", "title"
        ),
    }


def _object(properties: Document, *required: str) -> Document:
    return {"type": "object", "required": list(required), "properties": properties}


def _said(key: str, **values: str) -> str:
    """A text of the definition in the language of whoever reads it."""
    return str(Message(f"ogc.{key}", **values))
