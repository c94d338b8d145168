"""The documents of the service beside its items: landing page, conformance, collections."""

from __future__ import annotations

from typing import Any

from api.ogc.crs import CRS84, known_crs
from api.ogc.layers import Layer
from api.ogc.schemas import MEDIA_TYPE as SCHEMA_TYPE
from geo.i18n.language import current
from geo.i18n.message import Message, shown

Document = dict[str, Any]
_GEOJSON = "application/geo+json"
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
)
_REL = "http://www.opengis.net/def/rel/ogc/1.0"


def landing(base: str) -> Document:
    """The landing page; `base` is the address of the OGC service."""
    links = [
        *_both(base, "self", _said("this-document")),
        _link(f"{base}/api", "service-desc", OPENAPI_TYPE, _said("definition")),
        _link(f"{base}/api?f=html", "service-doc", "text/html", _said("documentation")),
        _link(f"{base}/conformance", "conformance", "application/json", _said("classes")),
        _link(f"{base}/collections", "data", "application/json", _said("the-collections")),
    ]
    return {"title": _said("title"), "description": _said("about"), "links": links}


def conformance() -> Document:
    """The classes of the norm that the service conforms to."""
    return {"conformsTo": list(CONFORMANCE)}


def collections(base: str, layers: dict[str, Layer]) -> Document:
    """The list of collections."""
    return {
        "links": _both(f"{base}/collections", "self", _said("this-document")),
        "crs": list(known_crs()),
        "collections": [described(base, name, layer) for name, layer in layers.items()],
    }


def described(base: str, name: str, layer: Layer) -> Document:
    """One collection: title, extent, coordinate systems, links."""
    here = f"{base}/collections/{name}"
    days = [day for day in layer.since if day is not None]
    begin = f"{min(days).isoformat()}T00:00:00+07:00" if days else None
    return {
        "id": name,
        "title": shown(layer.kind.title, current()),
        "description": shown(layer.kind.description, current()),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(layer.bounds)], "crs": CRS84},
            "temporal": {
                "interval": [[begin, None]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "crs": list(known_crs()),
        "storageCrs": CRS84,
        "links": [
            *_both(here, "self", _said("this-collection")),
            _link(f"{here}/items?f=json", "items", _GEOJSON, _said("items-geojson")),
            _link(f"{here}/items?f=html", "items", "text/html", _said("items-html")),
            _link(f"{here}/queryables?f=json", f"{_REL}/queryables", SCHEMA_TYPE, _said("queryables")),
            _link(f"{here}/schema?f=json", f"{_REL}/schema", SCHEMA_TYPE, _said("schema")),
        ],
    }


def _both(href: str, rel: str, title: str) -> list[Document]:
    return [
        _link(f"{href}?f=json", rel, "application/json", _said("as", what=title, form="JSON")),
        _link(f"{href}?f=html", "alternate", "text/html", _said("as", what=title, form="HTML")),
    ]


def _link(href: str, rel: str, media_type: str, title: str) -> Document:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def _said(key: str, **values: str) -> str:
    """A text of the documents in the language of whoever reads them."""
    return str(Message(f"ogc.{key}", **values))
