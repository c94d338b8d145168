"""Pages of items as GeoJSON with their links; those of a small box are made at once, from bytes that are there.

Whoever moves a map asks for another box each time, so that no cache helps. What is left to do then is to look which
geometries meet the box, and to put their features one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import orjson
from starlette.requests import Request
from starlette.types import Scope

from api.core.data_version import DataState
from api.core.gzip_parts import joined, stored
from api.core.responses import GEOJSON, Answer, made, takes_gzip
from api.core.service import Service
from api.ogc.crs import CRS84
from api.ogc.layers import KINDS, Layer, cached_layer
from api.resources.feature_collections import Rows, are_packed, feature_parts, packed_features, ready_geometry_bytes
from geo import __version__

Form = Literal["json", "html"]
DEFAULT_LIMIT = 100
FEW = 30
"""So many items are put together in less time than it takes to hand them to a thread."""
_TYPES: dict[Form, str] = {"json": GEOJSON, "html": "text/html"}
_NUMBER = rb"-?\d{1,3}(?:\.\d{1,15})?"
_BOX = re.compile(
    rb"(?:limit=(?P<limit>[1-9]\d{0,3})&)?bbox=(?P<box>%b(?:,%b){3})(?:&limit=(?P<limit_too>[1-9]\d{0,3}))?&f=json"
    % (_NUMBER, _NUMBER)
)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of items: how many at most, from which one on, and in which form."""

    limit: int
    offset: int
    form: Form


def geojson_page(found: Layer, chosen: Rows, part: Part, here: str, wording: str, crs: str, shapes: Any) -> Answer:
    """The page of the chosen rows; `shapes` are the geometries as bytes in the system `crs`, see `links` for others."""
    shown = chosen[part.offset : part.offset + part.limit]
    own = links(here, wording, part, int(chosen.size))
    head = orjson.dumps({"numberMatched": int(chosen.size), "numberReturned": int(shown.size), "links": own})[1:-1]
    # The geometries of registers follow from their source, and are nearly all of the bytes that were to be hashed.
    same = (f"{__version__}\n{crs}\n{found.found.source}".encode(), head, *map(found.found.digest, shown.tolist()))
    follows_from = b"\n".join(same) if found.found.name in KINDS else b""
    features = feature_parts(found.found, shown, shapes)
    begin, end = b'{"type":"FeatureCollection",%b,"features":[\n' % head, b"\n]}\n"

    def zip_up(body: bytes) -> bytes:
        return joined((stored(begin), *packed_features(found.found, shown, shapes), stored(end)), body)

    body = b"".join((begin, *features, end))
    return made(body, GEOJSON, link_headers(crs, own), follows_from, zip_up if crs == CRS84 else None)


def links(here: str, wording: str, part: Part, total: int) -> list[dict[str, Any]]:
    """The links of a page, of `total` items; `here` is its address, `wording` its query without form and place."""
    other: Form = "html" if part.form == "json" else "json"

    def link(rel: str, offset: int, wanted: Form) -> dict[str, Any]:
        href = f"{here}?{wording}&offset={offset}&f={wanted}"
        return {"href": href, "rel": rel, "type": _TYPES[wanted]}

    found = [link("self", part.offset, part.form), link("alternate", part.offset, other)]
    if part.offset + part.limit < total:
        found.append(link("next", part.offset + part.limit, part.form))
    if part.offset > 0:
        found.append(link("prev", max(0, part.offset - part.limit), part.form))
    return found


def link_headers(crs: str, own: list[dict[str, Any]]) -> dict[str, str]:
    """The headers that name the coordinate system and the links of a page."""
    header = ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in own)
    return {"Content-Crs": f"<{crs}>", "Link": header}


def items_in_box(service: Service, scope: Scope, headers: Mapping[bytes, bytes], data: DataState) -> Answer | None:
    """The items of a collection that meet a box, where that is all that is asked for and nothing has to be built.

    None where it takes longer, or is another request: the route answers, with the same bytes.
    """
    query = _BOX.fullmatch(scope["query_string"])
    if query is None or scope.get("root_path"):
        return None
    if query["limit"] and query["limit_too"]:
        return None
    west, south, east, north = map(float, query["box"].split(b","))
    name = scope["path"].split("/")[3]
    layer = cached_layer(service, name, None, data)
    shapes = None if layer is None else ready_geometry_bytes(layer.found)
    if layer is None or shapes is None or south > north or south > 90.0 or north < -90.0:
        return None
    rows = layer.found.within(west, south, east, north).nonzero()[0]
    zipped = takes_gzip(headers.get(b"accept-encoding", b"").decode("latin-1"))
    if rows.size > FEW or (zipped and not are_packed(layer.found, rows)):
        return None
    part = Part(int(query["limit"] or query["limit_too"] or DEFAULT_LIMIT), 0, "json")
    server = tuple(scope.get("server") or ())
    base = service.settings.public_url.rstrip("/") or _base(scope["scheme"], headers.get(b"host"), server)
    wording = f"bbox={query['box'].decode().replace(',', '%2C')}&limit={part.limit}"
    answer = geojson_page(layer, rows, part, f"{base}{scope['path']}", wording, CRS84, shapes)
    if zipped:
        answer.zipped()
    return answer


ITEMS_AT_ONCE = {f"/ogc/collections/{name}/items": items_in_box for name in KINDS}
"""What may be answered at once, by path (`api.http.fast_path`)."""


@lru_cache(maxsize=64)
def _base(scheme: str, host: bytes | None, server: tuple[str | int | None, ...]) -> str:
    """The address of the server as a client calls it."""
    headers = [] if host is None else [(b"host", host)]
    scope = {"type": "http", "scheme": scheme, "headers": headers, "path": "/", "query_string": b""}
    scope |= {"server": server} if server else {}
    return str(Request(scope).base_url).rstrip("/")
