"""Authorization: before any route runs, its rule is looked up and applied. What has no rule is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api.core.problems import ForbiddenError, SignInError, explained
from api.core.service import Service
from api.core.settings import cross_origins
from api.security.buckets import Buckets
from api.security.csrf import SAFE, check_origin, check_token
from api.security.devices import account_of_device
from api.security.identity import Identity, identify, network_of, nobody
from api.security.lists.of_request import list_of_request
from api.security.permissions import RULES, Rule
from api.security.query_parameters import Parameters, parameters_of, refuse_unknown
from api.security.rate_limit import Limits
from geo.errors import DiabanError, Problem
from geo.records.model.vocabulary import vocabulary
from geo.reference.cities import cities, city, in_list, list_in_view, view_list
from geo.reference.lists.names import list_name, names_of
from geo.visibility import Role

SECRETS = frozenset((b"authorization", b"cookie"))
"""Headers that say who sends a request; without them it is nobody."""
_STORED, _LONGEST = 4096, 200
"""Which route a path leads to is stored for so many paths of at most this length."""


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """A route as authorization sees it: its methods and `path`, what matches it, and which parameters it takes."""

    methods: frozenset[str]
    path: str
    pattern: re.Pattern[str]
    parameters: Parameters | None = None

    def rule(self, method: str) -> Rule | None:
        """The rule for a method; HEAD is a GET without its body."""
        return RULES.get(("GET" if method == "HEAD" else method, self.path))


def guarded_routes(app: FastAPI) -> Iterator[GuardedRoute]:
    """Every route of an app, in the order in which they are tried, those of routers and mounts too."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if isinstance(context.original_route, Mount):
            yield GuardedRoute(frozenset(), path, compile_path(f"{path}/{{path:path}}")[0])
        else:
            known = parameters_of(context.original_route)
            yield GuardedRoute(frozenset(context.methods or ()), path, compile_path(path)[0], known)


class RouteTable:
    """The routes of an app, and the table of rules applied to who sends a request.

    What they find out is left in the request's state: the `route` (its path as declared) and the `identity`.
    """

    def __init__(self, owner: FastAPI, service: Service, buckets: Buckets) -> None:
        self._owner = owner
        self._routes: tuple[GuardedRoute, ...] | None = None
        self._found: dict[tuple[str, str], GuardedRoute | None] = {}
        self._service = service
        self._limits = Limits(service, buckets)

    def find(self, scope: Scope) -> GuardedRoute | None:
        """The route that a request leads to, if there is one."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        key = (method, scope["path"].removeprefix(scope.get("root_path", "")))
        route = self._found[key] if key in self._found else self._look_for(key)
        scope.setdefault("state", {})["route"] = route.path if route else ""
        return route

    def authorize(self, route: GuardedRoute, scope: Scope, identity: Identity) -> None:
        """Apply the rule of a route to an identity, and take the request off its budget; raises as `allow`."""
        scope["state"]["identity"] = identity
        rule = route.rule(scope["method"])
        allow(identity, rule)
        if rule is not None and rule.budget:
            client = scope.get("client")
            network = network_of(client[0] if client else None)
            known = account_of_device(self._service, scope) if rule.budget == "login" else ""
            self._limits.spend(rule.budget, f"device of {known}" if known else network)

    def methods(self, scope: Scope) -> str:
        """The methods that a path takes, of all its routes, as the header Allow wants them."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        methods = {method for route in self._leading_to(path) for method in route.methods}
        # What is answered to GET is answered to HEAD, and every path says what it takes.
        more = ({"HEAD"} if "GET" in methods else set()) | ({"OPTIONS"} if methods else set())
        return ", ".join(sorted(methods | more))

    def _look_for(self, key: tuple[str, str]) -> GuardedRoute | None:
        method, path = key
        found = (route for route in self._leading_to(path) if not route.methods or method in route.methods)
        route = next(found, None)
        if len(self._found) >= _STORED:
            self._found.clear()
        if len(path) <= _LONGEST:
            self._found[key] = route
        return route

    def _leading_to(self, path: str) -> Iterator[GuardedRoute]:
        if self._routes is None:
            self._routes = tuple(guarded_routes(self._owner))
        return (route for route in self._routes if route.pattern.match(path))


class Authorization:
    """ASGI middleware; where no route fits, it leaves in the request's state which methods the path takes (`allow`)."""

    def __init__(self, app: ASGIApp, *, service: Service, guarded_routes: RouteTable) -> None:
        self._app = app
        self._service = service
        self._routes = guarded_routes
        self._nobody = nobody(service)
        self._cross_origins = frozenset(cross_origins(service.settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer with the reason why not."""
        if scope["type"] != "http":
            # No route speaks WebSocket; only the start and stop of the server pass.
            await (self._app(scope, receive, send) if scope["type"] == "lifespan" else _refuse_socket(send))
            return
        if scope["method"] == "OPTIONS" and self._routes.find(scope) is None and (allow := self._routes.methods(scope)):
            # Asked before a request that carries secrets, and without them.
            await Response(status_code=204, headers={"Allow": allow})(scope, receive, send)
            return
        with in_list(list_in_view()):  # what the request chooses ends with it
            try:
                receive = await self._admit(scope, receive)
            except DiabanError as error:
                await explained(error)(scope, receive, send)
                return
            await self._app(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        route = self._routes.find(scope)
        request = Request(scope, receive)
        account = await self._identify(request)
        view_list(list_of_request(self._service, scope, account))
        scope["state"]["identity"] = identity = account.of_list(list_in_view())
        if route is None:
            scope["state"]["allow"] = self._routes.methods(scope)
            return receive  # the router says that there is no such page, or no such method
        rule = route.rule(scope["method"])
        if identity.role < account.role and rule is not None and identity.role < rule.role <= account.role:
            raise ForbiddenError(_another_list(account))
        self._routes.authorize(route, scope, identity)
        refuse_unknown(route.path, route.parameters, scope["query_string"])
        if scope["method"] in SAFE:
            return receive
        if identity.reads_only and not (rule and rule.reads):
            raise ForbiddenError(Problem("security.reads-only"))
        check_origin(request, self._service.settings.public_url, self._foreign_origins(scope, identity))
        return await check_token(request, self._service, identity)

    def _foreign_origins(self, scope: Scope, identity: Identity) -> frozenset[str]:
        """The other sites that may send this write: those of the settings, to the API, and never with a session."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        is_open = path.startswith(("/api/", "/ogc/")) and path != "/api/v1/session" and identity.session is None
        return self._cross_origins if is_open else frozenset()

    async def _identify(self, request: Request) -> Identity:
        if SECRETS.isdisjoint(name for name, _ in request.scope["headers"]):
            return self._nobody
        client = request.client.host if request.client else None
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
        raise ForbiddenError(Problem("security.route-closed"))
    if identity.role >= rule.role:
        return
    if identity.who == "anonymous":
        raise SignInError(Problem("security.needs-account"))
    role = vocabulary().groups["role"][Role(rule.role).name.lower()]
    raise ForbiddenError(Problem("security.needs-role", role=role))


def _another_list(account: Identity) -> Problem:
    """What the account has no right in, and in what it has."""
    here = next(iter(cities()))
    # Of a list that was removed its address is all there is.
    own = names_of(account.provinces) or sorted(account.provinces) or [list_name(city(here.layers_slug))]
    return Problem("security.another-city", city=list_name(here), cities=own)


async def _refuse_socket(send: Send) -> None:
    message: dict[str, Any] = {"type": "websocket.close", "code": 1008}
    await send(message)
