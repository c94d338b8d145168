"""For those who run the server: is it alive, can it answer, its metrics; and the documentation of the service."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.core.responses import JSON, made_json
from api.http.response_cache import cached_response
from api.resources.dependencies import IdentityNeed, ServiceNeed
from api.schemas.openapi import document
from geo import __version__
from geo.situation import load_registers

router = APIRouter(tags=["operation"])

_ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon.png": "image/png",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>diaban: the API</title>
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="icon" href="docs/assets/favicon.png">
</head>
<body>
<div id="docs"></div>
<noscript>The document itself is at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</body>
</html>
"""
# A session in the browser writes with the token of the page; programs send their bearer token instead.
_START = """"use strict";
let token = null;
fetch("api/v1/session").then((answer) => answer.json()).then((session) => { token = session.csrf_token; });
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (token && !["GET", "HEAD"].includes(request.method)) { request.headers["X-CSRF-Token"] = token; }
    return request;
  },
});
"""


@router.get("/health")
async def health() -> dict[str, str]:
    """`ok` as long as the process lives; asks neither the database nor the data set."""
    return {"status": "ok", "version": __version__}


@router.get("/ready")
def ready(service: ServiceNeed) -> dict[str, str]:
    """`ready` when the registers are read, the database answers and its disk has room; 5xx with a reason otherwise."""
    load_registers(service.settings.city)
    service.store.version()
    service.store.require_room(service.settings.least_free_bytes)
    return {"status": "ready"}


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Prometheus metrics."""
    return Response(request.app.state.metrics.exposed(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, service: ServiceNeed, identity: IdentityNeed) -> Response:
    """The OpenAPI document."""
    return cached_response(request, service, identity, lambda: made_json(document(request.app), JSON))


@router.get("/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    """The documentation, to read and to try; nothing of it comes from another server."""
    return HTMLResponse(_PAGE)


@router.get("/docs/assets/{name}", include_in_schema=False)
def asset(name: Annotated[str, PathParameter(max_length=60)]) -> Response:
    """A file of the documentation page."""
    headers = {"Cache-Control": "public, max-age=86400"}
    if name == "start.js":
        return Response(_START, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
    if name not in _ASSETS:
        raise HTTPException(404)
    return Response(_asset(name), media_type=_ASSETS[name], headers=headers)


@cache
def _asset(name: str) -> bytes:
    """A file of Swagger UI, from the installed package `fastapi-offline`; only its files are used."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise HTTPException(404)
    return (Path(spec.origin).parent / "static" / name).read_bytes()
