"""The outermost layer: every request is logged and counted, every response gets its headers.

What is cached for somebody who sends no secret goes out from here, through no other layer: the rule of its route is
applied by the same table as in the authorization, and its headers are complete already. So does what can be made in
less time than the layers take, where the network that asks has not used up its seconds of work.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.problems import TooManyError
from api.core.responses import RawResponse
from api.core.service import Service
from api.http.request_log import RequestLog, log
from api.http.response_cache import AtOnce, ResponseCache, first_headers
from api.security.authorization import SECRETS, RouteTable
from api.security.headers import SecurityHeaders
from api.security.identity import network_of, nobody
from api.security.lists.of_request import list_of_request
from api.security.rate_limit import WorkAtOnce
from geo.errors import DiabanError
from geo.reference.cities import view_list

_SLOW_PATH = SECRETS | {b"content-length", b"transfer-encoding"}
"""Who sends one of these headers passes the authorization, and the limit of bodies."""


class AtOnceTable(NamedTuple):
    """What makes answers at once, by path, and the seconds of work that networks have for it."""

    makers: Mapping[str, AtOnce]
    budget: WorkAtOnce


class FastPath:
    """ASGI middleware around all others."""

    def __init__(
        self, app: ASGIApp, service: Service, routes: RouteTable, cache: ResponseCache, headers: SecurityHeaders,
        log: RequestLog, at_once: AtOnceTable,
    ) -> None:  # fmt: skip
        self._app = app
        self._routes, self._cache, self._headers, self._log = routes, cache, headers, log
        self._nobody, self._at_once, self._service = nobody(service), at_once, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, else pass the request on; log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            if scope["type"] == "lifespan":
                self._cache.close()
            return
        began, status = time.perf_counter(), 500
        try:
            view_list(list_of_request(self._service, scope, self._nobody))
            if scope["method"] == "HEAD":
                status = await self._answer(_as_get(scope), receive, _without_body(send))
            else:
                status = await self._answer(scope, receive, send)
        finally:
            self._log.note(scope, status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        found = await self._for_nobody(scope)
        if found is None:
            return await self._pass_on(scope, receive, send)
        await found.send(send)
        return found.status

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> int:
        """The status of what was answered; its headers are completed on the way out."""
        status = 500

        async def completing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers.complete(message["headers"], status)
            await send(message)

        await self._app(scope, receive, completing)
        return status

    async def _for_nobody(self, scope: Scope) -> RawResponse | None:
        scope.setdefault("state", {})
        headers = first_headers(scope)
        if not _SLOW_PATH.isdisjoint(headers):
            return None
        found = await self._cache.find(scope, headers, self._nobody)
        if found is None and scope["path"] in self._at_once.makers:
            found = self._made(scope, headers)
        route = None if found is None else self._routes.find(scope)
        if route is None:
            return None
        try:
            self._routes.authorize(route, scope, self._nobody)
        except DiabanError:
            return None  # the authorization says why
        return found

    def _made(self, scope: Scope, headers: Mapping[bytes, bytes]) -> RawResponse | None:
        """What is made at once, at the cost of the network that asks, as behind the concurrency limit."""
        client = scope.get("client")
        network, budget, began = network_of(client[0] if client else None), self._at_once.budget, time.monotonic()
        try:
            budget.check(network)
        except TooManyError:
            return None  # the concurrency limit says so
        try:
            return self._cache.make(scope, headers, self._nobody, self._at_once.makers[scope["path"]])
        except Exception:  # noqa: BLE001 - whatever fails here, the layers know what to say
            log.exception("an answer could not be made at once")
            return None
        finally:
            budget.charge(network, time.monotonic() - began)


def _as_get(scope: Scope) -> Scope:
    """The GET whose headers a HEAD request asks for; its state says `head`, for the one GET that changes things."""
    scope.setdefault("state", {})["head"] = True
    return {**scope, "method": "GET"}


def _without_body(send: Send) -> Send:
    async def headers_alone(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return headers_alone
