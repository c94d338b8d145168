"""Part 4: records are created, replaced and taken back as the items of their collections.

Nothing is overwritten: to replace an item records a correction, to delete it a withdrawal. An account writes here what
it may write at `/api/v1`, by the same permissions and checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from api.core.problems import PreconditionError, QueryError, RecordedAlreadyError
from api.core.responses import holds
from api.core.service import Service
from api.ogc.crs import CRS84, checked_crs, point_in_wgs84
from api.ogc.filters import parsed
from api.ogc.layers import BOOLEAN, KINDS
from api.ogc.query import check_plain
from api.ogc.record_layers import collection_names, described, record_layer, written_kind
from api.ogc.routes import Name, address_of, item_answer
from api.resources.coverage import ask_about_figure, figure_notes
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.schemas.entry_bodies import EntryBody, body_of
from api.security.identity import Identity
from api.security.lists.of_request import CITY
from api.security.object_permissions import records_alike, require_own, require_own_row
from geo.errors import InputError, Problem, UnknownNameError
from geo.i18n.message import Message
from geo.importing.geometries.formats.json_text import refuse_repeated
from geo.importing.geometries.systems.declared import declared_crs
from geo.records.kinds.registry import kind_of
from geo.records.kinds.spec import KindSpec, NewEntry
from geo.records.validation.entry_checks import MAX_NOTE

router = APIRouter(prefix="/ogc", tags=["OGC API Features"], include_in_schema=False)

_READING = "GET, HEAD, OPTIONS"
_FLAT = 2
_SAME_PLACE_DEG = 1e-5
"""A metre: properties that repeat the place are often rounded."""


@router.options("/collections/{collection}/items")
def may_do_with_all(identity: IdentityNeed, collection: Name) -> Response:
    """What the account may do with a collection."""
    return _allowed(identity, collection, ", POST")


@router.options("/collections/{collection}/items/{item}")
def may_do_with_one(identity: IdentityNeed, collection: Name, item: Name) -> Response:  # noqa: ARG001
    """What the account may do with an item."""
    return _allowed(identity, collection, ", PUT, DELETE")


@router.post("/collections/{collection}/items")
async def create(request: Request, service: ServiceNeed, identity: IdentityNeed, collection: Name) -> Response:
    """Record a feature; its address is in `Location`. What is recorded already is refused, unless `again=true`."""
    check_plain(request, "again")
    return await run_sync(_create, request, service, identity, collection, await request.body())


@router.put("/collections/{collection}/items/{item}")
async def replace(
    request: Request, service: ServiceNeed, identity: IdentityNeed, collection: Name, item: Name
) -> Response:
    """Record a feature in place of another one; with `If-Match` only where that is still as it was read."""
    check_plain(request)
    notes = await run_sync(_replace, request, service, identity, collection, item, await request.body())
    return JSONResponse({"id": int(item), "notes": notes}) if notes else Response(status_code=204)


@router.delete("/collections/{collection}/items/{item}")
def delete(
    request: Request,
    service: ServiceNeed,
    identity: IdentityNeed,
    collection: Name,
    item: Name,
    reason: Annotated[str, Query(max_length=MAX_NOTE)] = "",
) -> Response:
    """Take a record back; it stays on record, and says so, with the reason."""
    check_plain(request, "reason")
    spec = _written(identity, collection)
    number = _current(request, service, identity, spec, item)
    require_own_row(service, identity, spec.name, number, reason=reason)
    service.store.withdraw(spec.name, number, identity.actor, reason=reason or str(Message("service.ogc-withdrawn")))
    return Response(status_code=204)


def _create(request: Request, service: Service, identity: Identity, name: str, body: bytes) -> Response:
    spec = _written(identity, name)
    _check_one_id(body)
    sent = _body(request, spec, body)
    entry = sent.entry(spec, identity)
    require_own(service, identity, entry)
    ask_about_figure(service, entry, sent)
    _check_computed(service, spec, entry, _feature(body)["properties"])
    here = f"{address_of(request, service)}/collections/{name}/items"
    guard = None if _again(request) else partial(_refuse_recorded, service, identity, entry, here)
    number = service.store.add(entry, identity.actor, guard=guard).id
    notes = [*map(str, _unused(body, spec, number)), *_notes(service, body, spec, entry)]
    city = request.query_params.get(CITY)  # whose list it is recorded in
    headers = {"Location": f"{here}/{number}{f'?{urlencode({CITY: city})}' if city else ''}"}
    return JSONResponse({"id": number, "notes": notes}, 201, headers) if notes else Response(None, 201, headers)


def _replace(request: Request, service: Service, identity: Identity, name: str, item: str, body: bytes) -> list[str]:
    spec = _written(identity, name)
    number = _current(request, service, identity, spec, item)
    _check_id(body, item)
    sent = _body(request, spec, body)
    entry = sent.entry(spec, identity)
    require_own(service, identity, entry, number)
    ask_about_figure(service, entry, sent)
    service.store.add(entry, identity.actor, corrects=number)
    return _notes(service, body, spec, entry)


def _notes(service: Service, body: bytes, spec: KindSpec, entry: NewEntry) -> list[str]:
    """What to say of a feature that was recorded: what of it was left out, and its day."""
    has_point = described(spec).geometry == "geometry-point"
    place = (_feature(body).get("geometry") or {}).get("coordinates") if has_point else None
    height = place[2] if isinstance(place, list) and len(place) > _FLAT else None
    left = [Message("service.height-left-out", height=str(height)[:20])] if height not in (None, 0) else []
    return [str(note) for note in (*left, *figure_notes(service, entry))]


def _unused(body: bytes, spec: KindSpec, number: int) -> Iterator[Message]:
    """What of a new feature the server settles itself: its id, and properties that are computed or noted."""
    feature = _feature(body)
    given = feature["properties"]
    own = next((each for each in (feature.get("id"), given.get("id")) if each is not None), None)
    if own is not None and str(own) != str(number):
        yield Message("service.id-not-used", given=str(own)[:40], id=str(number))
    # A ward was compared with the place before.
    names = sorted(described(spec).read_only - {"id", "ward_code"})
    sent = [name for name in names if given.get(name) not in (None, "")]
    if sent:
        yield Message("service.properties-not-used", names=sent)


def _check_id(body: bytes, item: str) -> None:
    """Refuse a feature that bears the id of another item than its address names."""
    feature = _feature(body)
    for own in (feature.get("id"), feature["properties"].get("id")):
        if own is not None and str(own) != item:
            raise InputError(Problem("service.id-contradicts", "id", given=str(own)[:40], item=item))


def _check_one_id(body: bytes) -> None:
    """Refuse a new feature that bears two ids: the server numbers what is recorded, but one of them may be meant."""
    feature = _feature(body)
    ids = [str(each)[:40] for each in (feature.get("id"), feature["properties"].get("id")) if each is not None]
    if len(set(ids)) > 1:
        raise InputError(Problem("service.ids-contradict", "id", feature=ids[0], property=ids[1]))


def _check_computed(service: Service, spec: KindSpec, entry: NewEntry, given: dict[str, Any]) -> None:
    """Refuse a ward that is sent with a new record and is not the one in which it lies.

    With a correction it is passed over: what was read is sent back, and the place may be what is corrected.
    """
    sent = given.get("ward_code")
    if spec.computed is None or sent in (None, ""):
        return
    if service.store.check(entry):
        return  # what is wrong with the record itself, such as having no place, is said when it is written
    found = spec.rows([entry], service.store.registers)[0]["ward_code"]
    if sent != found:
        raise InputError(Problem("service.ward-contradicts", "properties", given=str(sent)[:20], found=found or "–"))


def _again(request: Request) -> bool:
    """Whether what is recorded already is to be recorded once more."""
    found = parsed("again", request.query_params.get("again", "false"), BOOLEAN)
    if isinstance(found, Problem):
        raise QueryError(found)
    return bool(found.value)


def _refuse_recorded(service: Service, identity: Identity, entry: NewEntry, here: str, connection: Connection) -> None:
    """Refuse what is recorded already, as a write that has begun sees it; a ward is shown its own reports only.

    Raises
    ------
    RecordedAlreadyError
        Records say the same: the first of them is named with its address.
    """
    spec, numbers = kind_of(entry), records_alike(service, identity, entry, connection)
    if numbers:
        ids = [str(number) for number in numbers]
        found = {"kind": spec.shown, "items": ids, "address": f"{here}/{ids[0]}"}
        raise RecordedAlreadyError(Problem("service.recorded-already", spec.path, **found))


def _allowed(identity: Identity, name: str, writes: str) -> Response:
    if name in KINDS:
        return Response("", headers={"Allow": _READING}, media_type="text/plain")
    _written(identity, name)
    return Response("", headers={"Allow": _READING + writes}, media_type="text/plain")


def _written(identity: Identity, name: str) -> KindSpec:
    """The kind of record of a collection; 405 for a collection that nobody writes, 404 for one that is not there."""
    if name in KINDS:
        raise HTTPException(405, headers={"Allow": _READING})
    spec = written_kind(identity, name)
    if spec is None:
        raise UnknownNameError("collection", name, collection_names(identity))
    return spec


def _current(request: Request, service: Service, identity: Identity, spec: KindSpec, item: str) -> int:
    """The number of the row that an item stands in now.

    Raises
    ------
    UnknownNameError
        There is no such item, or the identity may not read it.
    PreconditionError
        It is another one by now than that of the header `If-Match`.
    """
    found = record_layer(service, identity, spec, service.today)
    row = found.rows_by_id.get(item)
    if row is None:
        raise UnknownNameError("item", item, [], spec.path)
    expected = request.headers.get("if-match")
    if expected is not None and not holds(expected, item_answer(request, service, found, row).etag):
        raise PreconditionError(Problem("service.item-changed", item))
    roots = {root or number: number for number, root in service.store.rows(spec.name, ("id", "root_id"))}
    return int(roots[int(item)])


def _body(request: Request, spec: KindSpec, body: bytes) -> EntryBody:
    """What a feature says, as the interface takes it.

    Raises
    ------
    InputError, RequestValidationError
        It is no feature, or its geometry or properties can't be recorded.
    """
    feature = _feature(body)
    kind = described(spec)
    given = {name: value for name, value in feature["properties"].items() if name not in kind.read_only}
    if kind.geometry == "geometry-point":
        given |= _agreeing(given, _point(request, feature))
    elif feature.get("geometry") is not None:
        raise InputError(Problem("service.no-geometry-here", "geometry", collection=spec.path))
    try:
        return body_of(spec).model_validate(given)
    except ValidationError as error:
        found = [{**entry, "loc": ("properties", *entry["loc"])} for entry in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def _feature(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(Problem("service.not-json", "body", reason=str(error))) from None
    refuse_repeated(body, document, "body")
    if not isinstance(document, dict) or document.get("type") != "Feature":
        raise InputError(Problem("service.not-one-feature", "body"))
    properties = document.get("properties")
    return document | {"properties": properties if isinstance(properties, dict) else {}}


def _agreeing(given: dict[str, Any], point: dict[str, float]) -> dict[str, float]:
    """The point, where no property says another place.

    Raises
    ------
    InputError
        `lon` or `lat` stand among the properties and contradict the geometry.
    """
    other = {name: given[name] for name in point if given.get(name) is not None}
    if any(not _is_number(value) or abs(value - point[name]) > _SAME_PLACE_DEG for name, value in other.items()):
        given_place = ", ".join(f"{name} {value!s:.20}" for name, value in other.items())
        raise InputError(Problem("service.place-contradicts", "properties", given=given_place, **point))
    return point


def _point(request: Request, feature: dict[str, Any]) -> dict[str, float]:
    """The fields of a feature's point; none where there is no geometry."""
    geometry = feature.get("geometry")
    if geometry is None and feature.get("place") is not None:
        raise InputError(Problem("service.no-point", "place"))  # of JSON-FG, which this service does not declare
    if geometry is None:
        return {}
    place = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(place, list) or len(place) < 2 or not all(_is_number(part) for part in place[:2]):
        raise InputError(Problem("service.no-point", "geometry"))
    lon, lat = point_in_wgs84(float(place[0]), float(place[1]), _system(request, feature))
    return {"lon": lon, "lat": lat}


def _system(request: Request, feature: dict[str, Any]) -> str:
    """The URI of the system that `Content-Crs` names, or else a `crs` member of the feature or of its geometry.

    Raises
    ------
    InputError
        They name several.
    """
    header = request.headers.get("content-crs", "").strip(" <>")
    named = [checked_crs(header, "Content-Crs")] if header else []
    named += [uri for of in (feature, feature["geometry"]) if (uri := _declared(of.get("crs"))) is not None]
    systems = dict.fromkeys(CRS84 if uri.endswith("/4326") else uri for uri in named)
    if len(systems) > 1:
        raise InputError(Problem("importing.several-systems", "crs", systems=list(systems)))
    return named[0] if named else CRS84


def _declared(member: Any) -> str | None:
    declared = declared_crs(member, "crs")
    if declared is None:
        return None
    code = declared.to_epsg()
    return CRS84 if code == 4326 else checked_crs(f"EPSG:{code}", "crs")  # GeoJSON writes longitude first


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
