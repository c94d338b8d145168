"""The outermost layer: every request is noted, every response gets its headers, and what is ready goes out from here.

A response that is ready for somebody who sends no secret passes no other layer: the rule of its route is applied here,
by the same doors as in the gate, and its headers are complete since it was kept.
"""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.service import Service
from api.http.request_log import RequestLog
from api.http.response_cache import RawResponse, ResponseCache, first_headers, who
from api.security.authorization import SECRETS, RouteTable
from api.security.headers import SecurityHeaders
from api.security.identity import nobody
from geo.errors import DiabanError

_WITH_BODY = frozenset((b"content-length", b"transfer-encoding"))
_LONG_WAY = SECRETS | _WITH_BODY
"""Who sends one of these headers goes through the gate, and past the limit of bodies."""


class FastPath:
    """ASGI middleware around all others."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: Service,
        guarded_routes: RouteTable,
        ready: ResponseCache,
        headers: SecurityHeaders,
        log: RequestLog,
    ) -> None:
        self._app = app
        self._doors, self._ready, self._headers, self._log = guarded_routes, ready, headers, log
        self._nobody = nobody(service)
        self._who = who(self._nobody)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is ready, else pass the request on; note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            if scope["type"] == "lifespan":
                self._ready.close()
            return
        began, status = time.perf_counter(), 500
        try:
            given = await self._ready_for_nobody(scope)
            if given is None:
                status = await self._pass_on(scope, receive, send)
            else:
                await given.send(send)
                status = given.status
        finally:
            self._log.note(scope, status, time.perf_counter() - began)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> int:
        """The status of what was answered; its headers are completed on the way out."""
        status = 500

        async def completing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers.complete(message["headers"])
            await send(message)

        await self._app(scope, receive, completing)
        self._ready.keep(scope)
        return status

    async def _ready_for_nobody(self, scope: Scope) -> RawResponse | None:
        scope.setdefault("state", {})
        headers = first_headers(scope)
        if not _LONG_WAY.isdisjoint(headers):
            return None
        given = await self._ready.find(scope, headers, self._who)
        door = None if given is None else self._doors.find(scope)
        if door is None:
            return None
        try:
            self._doors.authorize(door, scope, self._nobody)
        except DiabanError:
            return None  # the gate says why
        return given
