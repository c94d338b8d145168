"""What goes wrong is told as a page to those who look at pages; programs get their problem document as before."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import MEDIA_TYPE
from api.core.service import Service
from api.security.identity import Identity
from api.web.base.error_translations import translated
from api.web.base.page_context import LANG_COOKIE, PageContext, path_of
from api.web.base.translations import chosen, words
from geo.errors import Problem
from geo.reference.cities import city as city_named
from geo.visibility import Role

_PROGRAMS = ("/api/", "/ogc", "/openapi.json", "/metrics", "/health", "/ready", "/static/")
_KEPT = ("retry-after", "set-cookie")


class PageFailures:
    """ASGI middleware: a problem document becomes a page, a missing sign-in leads to the form for it."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; take hold of the answer where it is a problem document and the client reads pages."""
        if scope["type"] != "http" or not _reads_pages(scope):
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def holding(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                held.append(message)
                if not message.get("more_body"):
                    await self._told(scope, held)(scope, receive, send)

        await self._app(scope, receive, holding)

    def _told(self, scope: Scope, held: list[Message]) -> Response:
        start = held[0]
        document: dict[str, Any] = orjson.loads(b"".join(part.get("body", b"") for part in held[1:]))
        status = int(start["status"])
        request = Request(scope)
        if status == 401 and scope["method"] == "GET":
            return _to_sign_in(request)
        context = self._visit(request)
        name = str(document.get("type", "")).rsplit(":", 1)[-1]
        response = context.page(
            "failure.html",
            status=status,
            code=status,
            heading=_heading(context, name, status),
            problems=_problems(context, document, status),
            suggestions=document.get("suggestions") or [],
        )
        kept = Headers(raw=start["headers"])
        response.headers.update({key: kept[key] for key in _KEPT if key in kept})
        return response

    def _visit(self, request: Request) -> PageContext:
        identity: Identity | None = request.scope.get("state", {}).get("identity")
        lang = chosen(request.query_params.get("lang"), request.cookies.get(LANG_COOKIE))
        city = city_named(self._service.settings.city)
        who = identity or Identity("anonymous", Role.NOBODY)
        return PageContext(request, self._service, who, words(lang), city, None)


def _reads_pages(scope: Scope) -> bool:
    if not any(name == b"accept" and b"text/html" in value for name, value in scope["headers"]):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "") and not path_of(Request(scope)).startswith(_PROGRAMS)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(MEDIA_TYPE)


def _to_sign_in(request: Request) -> Response:
    path, query = path_of(request), request.scope["query_string"].decode("latin-1")
    after = path + (f"?{query}" if query else "")
    root = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(f"{root}/login?{urlencode({'next': after})}", status_code=303)


def _heading(context: PageContext, name: str, status: int) -> str:
    for key in (f"failure.{name}", f"failure.{status}"):
        if key in context.words.texts:
            return context.words.text(key)
    return context.words.text("failure.other")


def _problems(context: PageContext, document: dict[str, Any], status: int) -> list[Problem]:
    if status >= 500:
        return []
    return [
        translated(Problem(p["what"], p["where"], p["remedy"]), context.words.lang)
        for p in document.get("problems", [])
    ]
