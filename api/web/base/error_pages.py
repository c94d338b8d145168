"""What goes wrong is a page for those who look at pages; programs get their problem document as it is."""

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
from api.resources.city_finding import home_city
from api.security.identity import Identity
from api.web.base.language import language_of, path_of, reads_pages
from api.web.base.page_context import PageContext
from api.web.base.problem_texts import ProblemText, documented_text
from api.web.base.translations import words
from geo.reference.cities import city as city_named
from geo.visibility import Role

_PASSED_ON = ("retry-after", "set-cookie")


class PageFailures:
    """ASGI middleware: a problem document becomes a page, a missing sign-in leads to the form for it."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; take hold of the answer where it is a problem document and the client reads pages."""
        if scope["type"] != "http" or not reads_pages(Request(scope)):
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
                    await self._page(scope, held)(scope, receive, send)

        await self._app(scope, receive, holding)

    def _page(self, scope: Scope, held: list[Message]) -> Response:
        start = held[0]
        document: dict[str, Any] = orjson.loads(b"".join(part.get("body", b"") for part in held[1:]))
        status = int(start["status"])
        request = Request(scope)
        if status == 401 and scope["method"] == "GET":
            return _to_sign_in(request)
        context = self._context(request)
        name = str(document.get("type", "")).rsplit(":", 1)[-1]
        response = context.page(
            "failure.html",
            status=status,
            code=status,
            heading=_heading(context, name, status),
            problems=_problems(document, status),
            suggestions=document.get("suggestions") or [],
        )
        headers = Headers(raw=start["headers"])
        response.headers.update({key: headers[key] for key in _PASSED_ON if key in headers})
        return response

    def _context(self, request: Request) -> PageContext:
        identity: Identity | None = request.scope.get("state", {}).get("identity")
        who = identity or Identity("anonymous", Role.NOBODY)
        city = city_named(home_city(self._service, who.wards, who.provinces))
        return PageContext(request, self._service, who, words(language_of(request)), city, None, city.slug)


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


def _problems(document: dict[str, Any], status: int) -> list[ProblemText]:
    if status >= 500:
        return []
    return [documented_text(problem) for problem in document.get("problems", [])]
