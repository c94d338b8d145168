"""Who looked at reports, took documents away, or was refused: an audit line for each account, thing and hour."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from http import HTTPStatus
from threading import Lock

from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.service import Service
from api.security.identity import Identity
from geo.errors import DiabanError
from geo.records.entries import Actor
from geo.visibility import Role

log = logging.getLogger("diaban.api")
AUDITED: dict[str, str] = {
    "/api/v1/reports": "report.view",
    "/api/v1/reviews": "review.view",
    "/reports": "report.view",
    "/reports/{report_id}": "report.view",
    "/records/{collection}/{row_id}": "record.view",
    "/ogc/collections/{collection}/items": "collection.export",
    "/ogc/collections/{collection}/items/{item}": "collection.view",
    "/dossiers/{site_id}.{ending}": "dossier.export",
    "/minutes/{code}.{ending}": "minutes.export",
    "/packages/{code}.zip": "package.export",
    "/packages/reviews/{number}.zip": "package.export",
    "/coverage/report.{ending}": "coverage.export",
    "/admin/audit": "audit.view",
}
"""Routes (as declared) of what is not for everybody, and what the audit log calls looking at it."""
_PUBLIC = ("/ogc/collections/wards/", "/ogc/collections/sites/", "/ogc/collections/crossings/")
REFUSED = "access.refused"
"""What the audit log calls a request that an account may not make."""
_ONCE_S, _REMEMBERED = 3600.0, 10_000


class AuditTrail:
    """ASGI middleware, outside of the authorization and of what answers from the cache."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service
        self._noted: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._owed: deque[tuple[Actor, str, str, str]] = deque(maxlen=_REMEMBERED)
        self._writing = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; note it where something was shown, or where an account was refused."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, watching)
        identity: Identity | None = scope.get("state", {}).get("identity")
        line = _line_of(scope, status) if identity is not None and identity.role >= Role.WARD else None
        if identity is not None and line is not None and self._is_new(identity, *line):
            await run_sync(self._note, identity, *line)

    def _is_new(self, identity: Identity, action: str, path: str) -> bool:
        key, now = (identity.who, action, path[:200]), time.monotonic()
        if now - self._noted.pop(key, -_ONCE_S) < _ONCE_S:
            self._noted[key] = self._noted.get(key, now)
            return False
        self._noted[key] = now
        while len(self._noted) > _REMEMBERED:
            self._noted.popitem(last=False)
        return True

    def _note(self, identity: Identity, action: str, path: str) -> None:
        """Write a line, after those that a full disk did not let be written; they say when it was."""
        when = self._service.now.isoformat(timespec="seconds")
        with self._writing:
            self._owed.append((identity.actor, action, path[:200], ""))
            try:
                while self._owed:
                    self._service.store.accounts.note(*self._owed[0])
                    self._owed.popleft()
            except DiabanError as error:
                self._owed[-1] = (identity.actor, action, path[:200], when)
                log.error("audit", extra={"error": type(error).__name__})


def _line_of(scope: Scope, status: int) -> tuple[str, str] | None:
    """The action and its subject where a request leaves a line: what was shown, or the route that was refused."""
    route = scope["state"].get("route", "")
    if status == HTTPStatus.FORBIDDEN:
        return REFUSED, f"{scope['method']} {route}"  # not the path, in which somebody's words could stand
    action = AUDITED.get(route)
    looks = scope["method"] in ("GET", "HEAD") and not scope["path"].startswith(_PUBLIC)
    return (action, scope["path"]) if action is not None and looks and status < HTTPStatus.BAD_REQUEST else None
