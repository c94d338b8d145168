"""The routes of the OGC service."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter

from api.core.responses import GEOJSON, JSON, Answer, made, made_json, respond, takes_gzip
from api.core.service import Service
from api.http.response_cache import cached_response, is_private
from api.ogc import documents, schemas
from api.ogc.crs import CRS84, checked_crs, geometries_in
from api.ogc.html import drawing, language_of, page
from api.ogc.item_pages import FEW, Form, Part, geojson_page, link_headers, links
from api.ogc.layers import KINDS, Layer, cached_layer
from api.ogc.openapi import definition
from api.ogc.query import ItemsQuery, check_named, check_plain, day_of, form_of, items_query
from api.ogc.record_layers import collection_names, described, layer_for, written_kind
from api.resources.dependencies import IdentityNeed, ServiceNeed, base_of, get_identity, get_service
from api.resources.feature_collections import Rows, feature_bytes
from geo.errors import UnknownNameError, UnknownSiteError
from geo.i18n.language import current, speaking
from geo.i18n.message import shown
from geo.reference.ward_names.units_since import refuse_before_units
from geo.situation import not_listed

router = APIRouter(prefix="/ogc", tags=["OGC API Features"], include_in_schema=False)

Name = Annotated[str, PathParameter(max_length=40)]


@router.get("")
def landing(request: Request, service: ServiceNeed) -> Response:
    """The landing page."""
    check_plain(request)
    return _document(request, service, partial(documents.landing, address_of(request, service)), "landing.html")


@router.get("/conformance")
def conformance(request: Request, service: ServiceNeed) -> Response:
    """The classes of the norm that the service conforms to."""
    check_plain(request)
    return _document(request, service, documents.conformance, "conformance.html")


@router.get("/api")
def api(request: Request, service: ServiceNeed) -> Response:
    """The API definition, OpenAPI 3.0."""
    check_plain(request)
    define = partial(definition, address_of(request, service))
    if request.query_params.get("f") == "html":
        return _document(request, service, define, "api.html")
    with speaking("en"):
        return _cached(request, service, lambda: made_json(define(), documents.OPENAPI_TYPE))


@router.get("/collections")
def collections(request: Request, service: ServiceNeed, identity: IdentityNeed) -> Response:
    """The collections, for accounts with those of what they record."""
    check_plain(request)
    layers = {name: layer_for(service, identity, name) for name in collection_names(identity)}
    return _document(
        request, service, partial(documents.collections, address_of(request, service), layers), "collections.html"
    )


@router.get("/collections/{collection}")
def collection(request: Request, service: ServiceNeed, collection: Name) -> Response:
    """One collection."""
    check_plain(request)
    found = layer_for(service, get_identity(request), collection)
    return _document(
        request,
        service,
        partial(documents.described, address_of(request, service), collection, found),
        "collection.html",
    )


@router.get("/collections/{collection}/queryables")
def queryables(request: Request, service: ServiceNeed, collection: Name) -> Response:
    """By which properties the items of a collection can be filtered."""
    check_plain(request)
    found = layer_for(service, get_identity(request), collection)
    here = f"{address_of(request, service)}/collections/{collection}/queryables"
    return _document(request, service, partial(schemas.queryables, here, found), "schema.html", schemas.MEDIA_TYPE)


@router.get("/collections/{collection}/schema")
def schema(request: Request, service: ServiceNeed, collection: Name) -> Response:
    """What the items of a collection hold."""
    check_plain(request)
    found = layer_for(service, get_identity(request), collection)
    here = f"{address_of(request, service)}/collections/{collection}/schema"
    return _document(request, service, partial(schemas.schema, here, found), "schema.html", schemas.MEDIA_TYPE)


@router.get("/collections/{collection}/items")
async def items(request: Request, collection: Name) -> Response:
    """The items of a collection: one page of those that are asked for."""
    service = get_service(request)
    spec = written_kind(get_identity(request), collection)
    query = items_query(request, described(spec) if spec else KINDS.get(collection))
    form = form_of(request)
    day, data = query.day(service.last_day), request.scope["state"].get("data")
    found = cached_layer(service, collection, day, data) if data and spec is None else None
    if found is None:
        found = await run_sync(layer_for, service, get_identity(request), collection, day)
    rows = np.flatnonzero(query.mask(found))
    if not rows.size:
        check_named(service, query)

    def respond_page() -> Response:
        return _cached(request, service, lambda: _page(request, service, found, query, form, rows))

    # A small page is made at once: that takes less than handing it to a thread.
    small = form == "json" and rows.size <= FEW and not takes_gzip(request.headers.get("accept-encoding", ""))
    return respond_page() if small else await run_sync(respond_page)


@router.get("/collections/{collection}/items/{item}")
def item(request: Request, service: ServiceNeed, collection: Name, item: Name) -> Response:
    """One item of a collection, on the day of `datetime`, today without one."""
    check_plain(request, "crs", "datetime")
    crs, form = checked_crs(request.query_params.get("crs"), "crs"), form_of(request)
    day = day_of(request.query_params.get("datetime"), service.last_day)
    if day is not None and collection in KINDS:
        refuse_before_units(day)
    found = layer_for(service, get_identity(request), collection, day)
    row = found.rows_by_id.get(item)
    if row is None and collection == "sites" and not_listed(service.store, item) is not None:
        raise UnknownSiteError(item, [])  # which is answered with the days on which it is on the list
    if row is None:
        raise UnknownNameError("item", item, [], collection)
    return _cached(request, service, lambda: _one(request, service, found, row, crs, form))


def _page(request: Request, service: Service, found: Layer, query: ItemsQuery, form: Form, chosen: Rows) -> Answer:
    part = Part(query.limit, query.offset, form)
    given = [(k, v) for k, v in request.query_params.multi_items() if k not in ("limit", "offset", "f")]
    here, wording = f"{base_of(request, service)}{request.url.path}", urlencode([*given, ("limit", query.limit)])
    if form == "json":
        return geojson_page(found, chosen, part, here, wording, query.crs, geometries_in(found.found, query.crs))
    own = links(here, wording, part, int(chosen.size))
    rows = chosen[query.offset : query.offset + query.limit]
    counts = {"numberMatched": int(chosen.size), "numberReturned": int(rows.size)}
    return _items_page(request, service, found, rows, counts | {"links": own}, link_headers(query.crs, own))


def _items_page(
    request: Request, service: Service, found: Layer, chosen: Rows, counts: dict[str, Any], headers: dict[str, str]
) -> Answer:
    values = {
        "base": address_of(request, service),
        "name": found.found.name,
        "key": found.found.key,
        "columns": _columns(found),
        "rows": [found.found.rows[row] for row in chosen.tolist()],
        "drawing": drawing(found.found, chosen),
    }
    with speaking(language_of(request, "html")):
        return page("items.html", headers, title=shown(found.kind.title, current()), **values, **counts)


def _one(request: Request, service: Service, found: Layer, row: int, crs: str, form: Form) -> Answer:
    base, name = address_of(request, service), found.found.name
    here = f"{base}/collections/{name}"
    own = [
        {"href": f"{here}/items/{found.found.rows[row][found.found.key]}", "rel": "self", "type": GEOJSON},
        {"href": here, "rel": "collection", "type": JSON},
    ]
    headers = link_headers(crs, own)
    one = np.array([row])
    if form == "html":
        values = {"row": found.found.rows[row], "drawing": drawing(found.found, one)}
        with speaking(language_of(request, form)):
            return page("item.html", headers, base=base, name=name, title=shown(found.kind.title, current()), **values)
    body = feature_bytes(found.found, one, geometries_in(found.found, crs))
    return made(body[:-1] + b',"links":%b}\n' % orjson.dumps(own), GEOJSON, headers)


def item_answer(request: Request, service: Service, found: Layer, row: int) -> Answer:
    """An item as GeoJSON in the system of the data: what the tag of `If-Match` stands for."""
    return _one(request, service, found, row, CRS84, "json")


def _columns(found: Layer) -> list[str]:
    return list(found.kind.queryables) + (["length_m", "share"] if found.found.name == "crossings" else [])


def _document(
    request: Request, service: Service, make: Callable[[], Any], template: str, media_type: str = JSON
) -> Response:
    base = address_of(request, service)
    form = form_of(request)
    with speaking(language_of(request, form)):
        document = make()
        answer = page(template, base=base, document=document) if form == "html" else made_json(document, media_type)
    return respond(request, answer, private=is_private(get_identity(request)))


def _cached(request: Request, service: Service, make: Callable[[], Answer]) -> Response:
    return cached_response(request, service, get_identity(request), make)


def address_of(request: Request, service: Service) -> str:
    """The address of the OGC service as the client calls it."""
    return f"{base_of(request, service)}/ogc"
