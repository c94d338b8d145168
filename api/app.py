"""The app, put together: layers, routes, pages, what is kept, the records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api import errors, logs
from api.answers import Answers
from api.front import Front
from api.kept import Kept, Latest
from api.metrics import Metrics
from api.ogc.routes import router as ogc_router
from api.ready import Ready, ReadyWithin
from api.routes import ROUTERS, wards
from api.security.gate import Doors, Gate
from api.security.headers import SecurityHeaders
from api.security.local import LocalAccess
from api.security.sizes import BodyLimit
from api.service import Service
from api.settings import ApiSettings, refuse_unsafe
from api.start import end_with_parent, has_accounts, hold_little_memory
from api.turns import Turns
from api.web.pages import install_pages
from geo import __version__
from geo.records.plan import PLAN_ACTOR, plan_assessments, plan_phases
from geo.records.registers import load_registers
from geo.records.store import Clock, Store, open_store, utc_now
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import Situation

DESCRIPTION = """Which ward answers for which metre of a handed-over complex site, and what holds on any day.

Answers come as JSON, GeoJSON or CSV, by `Accept` or `f=`. Reading what is public needs no account; writing needs a
token (`Authorization: Bearer …`) or a session. The service is about places and duties: it takes nothing about persons.
"""


_PICTURES = 24
"""Pictures of days that are kept."""


class _Fronted(FastAPI):
    """An app with a layer around all others, also around the one that tells of failures nobody foresaw."""

    front: Front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.front(scope, receive, send)

    async def behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        """All that stands behind the front."""
        await super().__call__(scope, receive, send)


def build(settings: ApiSettings, store: Store | None, clock: Clock) -> FastAPI:
    """See `api.main.create_app`."""
    own = open_store(registers=load_registers(), now=clock) if store is None else None
    records = store or own
    assert records is not None
    service = _service(settings, records, clock)
    app = _Fronted(
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
    for router in (ogc_router, *ROUTERS):
        app.include_router(router)
    doors, headers = Doors(app, service), SecurityHeaders(https=settings.https)
    ready = Ready(service, headers, wards.SAME)
    log = logs.RequestLog(app.state.metrics, log_requests=settings.log_requests)
    app.add_middleware(Turns)
    app.add_middleware(ReadyWithin, ready=ready)
    app.add_middleware(Gate, service=service, doors=doors)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    install_pages(app, service)
    app.front = Front(app.behind, service=service, doors=doors, ready=ready, headers=headers, log=log)
    return app


def from_environment() -> FastAPI:
    """The app of a worker process; everything comes from the environment."""
    hold_little_memory()
    logs.configure()
    end_with_parent()
    return build(ApiSettings(), None, utc_now)


def _service(settings: ApiSettings, store: Store, clock: Clock) -> Service:
    refuse_unsafe(settings, has_accounts=has_accounts(store))
    store.seed(plan_assessments(load_sites()), PLAN_ACTOR)
    store.seed(plan_phases(load_wards()), PLAN_ACTOR)
    local = LocalAccess(settings.local_folder) if settings.local_folder else None
    # Half of the room is for answers by what they follow from, half for the same by what was asked (`api.ready`).
    answers = Answers(settings.cache_bytes // 2)
    pictures = Latest[Situation](_PICTURES, settings.cache_bytes, lambda picture: picture.size)
    return Service(settings, store, clock, answers, pictures, Kept(_PICTURES), local)


def _closing(own: Store | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if own is not None:
            own.close()

    return lifespan
