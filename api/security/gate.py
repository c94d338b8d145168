"""The gate: before any route runs, its rule is looked up and applied. What has no rule is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ForbiddenError, SignInError, explained
from api.security.forgery import SAFE, check_origin, check_token
from api.security.identity import Identity, Role, identify, nobody
from api.security.limits import Limits
from api.security.rules import RULES, Rule
from api.service import Service
from geo.errors import DiabanError, Problem

_SECRETS = (b"authorization", b"cookie")
_REMEMBERED, _LONGEST = 4096, 200
"""Which door a path leads to is remembered for so many paths of at most this length."""


@dataclass(frozen=True, slots=True)
class Door:
    """A route as the gate sees it: its methods and `path`, and what matches it."""

    methods: frozenset[str]
    path: str
    pattern: re.Pattern[str]

    def rule(self, method: str) -> Rule | None:
        """The rule for a method; HEAD is a GET without its body."""
        return RULES.get(("GET" if method == "HEAD" else method, self.path))


def doors(app: FastAPI) -> Iterator[Door]:
    """Every route of an app, in the order in which they are tried, those of routers and mounts too."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if isinstance(context.original_route, Mount):
            yield Door(frozenset(), path, compile_path(f"{path}/{{path:path}}")[0])
        else:
            yield Door(frozenset(context.methods or ()), path, compile_path(path)[0])


class Gate:
    """ASGI middleware; leaves the `identity` and the `route` (its path as declared) in the request's state.

    Where no route fits, `allow` names the methods that the path takes.
    """

    def __init__(self, app: ASGIApp, *, service: Service, owner: FastAPI) -> None:
        self._app = app
        self._service = service
        self._owner = owner
        self._doors: tuple[Door, ...] | None = None
        self._found: dict[tuple[str, str], Door | None] = {}
        self._limits = Limits(service)
        self._nobody = nobody(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer with the reason why not."""
        if scope["type"] != "http":
            # No route speaks WebSocket; only the start and stop of the server pass.
            await (self._app(scope, receive, send) if scope["type"] == "lifespan" else _refuse_socket(send))
            return
        try:
            receive = await self._admit(scope, receive)
        except DiabanError as error:
            await explained(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        state = scope.setdefault("state", {})
        door = self._door(scope)
        state["route"] = door.path if door else ""
        request = Request(scope, receive)
        client = request.client.host if request.client else None
        state["identity"] = identity = await self._identify(request, client)
        if door is None:
            state["allow"] = self._methods(scope)
            return receive  # the router says that there is no such page, or no such method
        rule = door.rule(scope["method"])
        allow(identity, rule)
        if rule is not None and rule.budget:
            self._limits.spend(rule.budget, client or "")
        if scope["method"] in SAFE:
            return receive
        check_origin(request, self._service.settings.public_url)
        return await check_token(request, self._service, identity)

    def _door(self, scope: Scope) -> Door | None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        asked = (method, scope["path"].removeprefix(scope.get("root_path", "")))
        if asked in self._found:
            return self._found[asked]
        found = (door for door in self._leading_to(scope) if not door.methods or method in door.methods)
        door = next(found, None)
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        if len(asked[1]) <= _LONGEST:
            self._found[asked] = door
        return door

    def _methods(self, scope: Scope) -> str:
        """The methods that a path takes, of all its routes, as the header Allow wants them."""
        return ", ".join(sorted({method for door in self._leading_to(scope) for method in door.methods}))

    def _leading_to(self, scope: Scope) -> Iterator[Door]:
        if self._doors is None:
            self._doors = tuple(doors(self._owner))
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return (door for door in self._doors if door.pattern.match(path))

    async def _identify(self, request: Request, client: str | None) -> Identity:
        if not any(name in _SECRETS for name, _ in request.scope["headers"]):
            return self._nobody
        return await run_sync(identify, self._service, request.headers, client)


def allow(identity: Identity, rule: Rule | None) -> None:
    """Let an identity through a rule.

    Raises
    ------
    SignInError
        Nobody has signed in, and the route needs an account.
    ForbiddenError
        The account's role is not enough, or the route has no rule.
    """
    if rule is None:
        raise ForbiddenError(Problem("this route is closed", "", ""))
    if identity.role >= rule.role:
        return
    if identity.who == "anonymous":
        raise SignInError(Problem("this needs an account", "", "sign in, or send a token: Authorization: Bearer …"))
    needed = Role(rule.role).name.lower()
    raise ForbiddenError(Problem(f"this needs the role '{needed}'", "", "ask an administrator"))


async def _refuse_socket(send: Send) -> None:
    message: dict[str, Any] = {"type": "websocket.close", "code": 1008}
    await send(message)
