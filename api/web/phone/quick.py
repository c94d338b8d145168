"""The page of the quick report, what it sends, and the worker that opens it without a network."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api.core.responses import Answer, made, respond
from api.web.base.dates import day_field
from api.web.base.forms import Filled, write
from api.web.base.page_context import PageContext, PageContextNeed, fetching, ward_names
from api.web.reporting.reports import figures, refuse_recorded
from api.web.sites.view_models import choices
from geo.importing.cells import as_degrees
from geo.importing.reports.recorded import RecordedAlikeError
from geo.records.entries import NewReport

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
_WORKER = "text/javascript; charset=utf-8"


@router.get("/phone/")
def page(context: PageContextNeed) -> Response:
    """The form: place, kind, channel, done."""
    shown = context.page(
        "phone.html",
        kinds=choices(context, "kind"),
        channels=choices(context, "channel"),
        only_own=", ".join(name for _, name in ward_names(context.identity.wards)),
        back=f"/wards/{context.identity.wards[0]}" if context.identity.wards else "/",
    )
    shown.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return fetching(shown)


@router.post("/phone/reports")
def add(
    context: PageContextNeed,
    day: Field = "",
    kind: Field = "",
    channel: Field = "",
    lon: Field = "",
    lat: Field = "",
    note: Field = "",
    again: Field = "",
) -> Response:
    """Record a report of the queue: 201 with its number, 409 with those that say the same, 422 with what is wrong."""

    def entry() -> NewReport:
        place = figures({"lon": (lon, as_degrees), "lat": (lat, as_degrees)})
        return NewReport(day=day_field(day), kind=kind, channel=channel, note=note, **place)  # type: ignore[arg-type]

    try:
        done = write(context, entry, {}, None if again else partial(refuse_recorded, context))
    except RecordedAlikeError as error:
        return JSONResponse({"alike": list(error.numbers)}, 409)
    if isinstance(done, Filled):
        return JSONResponse({"problems": [_said(context, problem) for problem in done.problems]}, 422)
    return JSONResponse({"id": done.id, "href": context.url(f"/reports/{done.id}")}, 201)


@router.get("/phone/worker.js")
def worker(request: Request) -> Response:
    """The service worker; its scope is the folder that it lies in, which holds this page alone."""
    return respond(request, _script(), private=False)


def _said(context: PageContext, problem: object) -> str:
    where = getattr(problem, "where", "")
    key = f"field.{where}"
    name = context.words.text(key) if key in context.words.texts else ""
    return ": ".join(text for text in (name, str(getattr(problem, "what", ""))) if text)


@cache
def _script() -> Answer:
    script = Path(__file__).parents[1].joinpath("static", "phone_worker.js").read_bytes()
    return made(script, _WORKER, {"Content-Security-Policy": "default-src 'none'; connect-src 'self'"})
