"""The app, put together: layers, routes, pages, the cache, the records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.core import background
from api.core import problems as errors
from api.core.local_access import LocalAccess
from api.core.process import (
    collect_little_garbage,
    end_with_parent,
    has_accounts,
    switch_often,
)
from api.core.service import Service
from api.core.settings import ApiSettings, log_changed_files, log_unknown, refuse_unsafe
from api.http import request_log as logs
from api.http.audit_trail import AuditTrail
from api.http.body_limit import BodyLimit
from api.http.concurrency_limit import ConcurrencyLimit
from api.http.cross_origin import open_to_others
from api.http.fast_path import AtOnceTable, FastPath
from api.http.metrics import Metrics
from api.http.response_cache import ResponseCache, ResponseCacheLayer
from api.ogc.item_pages import ITEMS_AT_ONCE
from api.ogc.record_writes import router as ogc_writes
from api.ogc.routes import router as ogc_router
from api.routes import routers
from api.routes.registers import wards
from api.security.authorization import Authorization, RouteTable
from api.security.devices import account_of_device
from api.security.headers import SecurityHeaders
from api.security.oidc.rights import provider_settings
from api.security.permissions import extend, record_rules
from api.security.rate_limit import WorkAtOnce, WorkBudget, buckets_of
from api.web.first_page import go_on, prepare
from api.web.pages import install_pages
from geo import __version__
from geo.cache import Cache
from geo.records.database import audit_shipping
from geo.records.model.register_lookup import load_register_lookup
from geo.records.open import seed_plan
from geo.records.sign_in.hashing import share_between
from geo.records.sign_in.shared_attempts import SharedAttempts
from geo.records.store import Clock, Store, open_store, utc_now
from geo.reference.cities import in_list
from geo.situation import limit_cache

DESCRIPTION = """Which ward answers for which metre of a site of the list, and what holds on any day.

Answers come as JSON, GeoJSON or CSV, by `Accept` or `f=`. Reading what is public needs no account; writing needs a
token (`Authorization: Bearer …`) or a session. The service is about places and duties: it takes nothing about persons.
"""


class _App(FastAPI):
    """An app with a layer around all others, also around the one that answers failures nobody foresaw."""

    outermost: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.outermost(scope, receive, send)

    async def slow_path(self, scope: Scope, receive: Receive, send: Send) -> None:
        """All that stands behind the fast path."""
        await super().__call__(scope, receive, send)


def build(settings: ApiSettings, store: Store | None, clock: Clock) -> FastAPI:
    """See `api.main.create_app`."""
    with in_list(""):
        own = open_store(registers=load_register_lookup(), now=clock) if store is None else None
    records = store or own
    assert records is not None
    service = _service(settings, records, clock)
    app = _App(
        title="diaban",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_closing(own),
        responses=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # own log and own measurements
    )
    app.state.service = service
    app.state.metrics = Metrics(service.answers, settings.metrics_folder)
    errors.install(app)
    extend(record_rules())
    for router in (ogc_router, ogc_writes, *routers()):
        app.include_router(router)
    buckets = buckets_of(service)
    routes, headers = RouteTable(app, service, buckets), SecurityHeaders(https=settings.https)
    cache = ResponseCache(service, headers, wards.CANONICAL_QUERIES)
    log = logs.RequestLog(app.state.metrics, log_requests=settings.log_requests)
    budget = WorkBudget(service, buckets)
    app.add_middleware(ConcurrencyLimit, budget=budget, known=partial(account_of_device, service))
    app.add_middleware(ResponseCacheLayer, cache=cache)
    app.add_middleware(Authorization, service=service, guarded_routes=routes)
    app.add_middleware(AuditTrail, service=service)
    app.add_middleware(BodyLimit, settings=settings)
    install_pages(app, service)
    at_once = AtOnceTable(ITEMS_AT_ONCE if settings.anonymous_reads else {}, WorkAtOnce(budget))
    app.outermost = open_to_others(FastPath(app.slow_path, service, routes, cache, headers, log, at_once), settings)
    return app


def from_environment() -> FastAPI:
    """As `api.main.from_environment`, which calls it."""
    switch_often()
    logs.configure()
    log_unknown()
    end_with_parent()
    settings = ApiSettings()
    share_between(settings.workers)
    app = build(settings, None, utc_now)
    prepare(app.state.service)
    collect_little_garbage()
    go_on(app.state.service)
    background.start(app.state.service)
    return app


def _service(settings: ApiSettings, store: Store, clock: Clock) -> Service:
    refuse_unsafe(settings, has_accounts=has_accounts(store))
    provider_settings(settings)  # what is missing is said now, and not to the first who signs in
    audit_shipping.is_on()  # an address that can't be used is said now, and not at the first write
    with in_list(""):
        seed_plan(store)
        log_changed_files(store)
    if settings.metrics_folder is not None:  # the folder that the workers of a server share
        store.accounts.attempts = SharedAttempts(settings.metrics_folder / "attempts")
    store.disclosure_seed  # noqa: B018 - made before anything is published
    local = LocalAccess(settings.local_folder) if settings.local_folder else None
    # The situations, which answers are made from, may take as much again.
    limit_cache(settings.cache_bytes)
    return Service(settings, store, clock, Cache(settings.cache_bytes, lambda answer: answer.size), local)


def _closing(own: Store | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if own is not None:
            own.close()

    return lifespan
