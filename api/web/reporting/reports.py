"""A single report (*tin báo*): the form for one, its page, and what its verification found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi import Path as PathParameter
from sqlalchemy import Connection

from api.core.problems import ForbiddenError
from api.web.base.dates import day_field
from api.web.base.forms import Filled, write
from api.web.base.page_context import PageContext, PageContextNeed, fetching, ward_names
from api.web.base.problem_texts import problem_text
from api.web.reporting.meanwhile import refuse_unseen, seen_now
from api.web.sites.view_models import ReportLine, choices, report_line, site_choices, term
from api.web.tiles.options import map_options
from geo.errors import InputError
from geo.importing.cells import CellError, as_degrees, as_metres, as_record
from geo.importing.reports.recorded import RecordedAlikeError, refuse_alike
from geo.records.entries import NewReport, NewVerification
from geo.records.kinds.registry import kind as kind_named
from geo.records.model.errors import UnknownRowError
from geo.reference.cities import cities

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Number = Annotated[int, PathParameter(ge=1, le=2**62)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found, on which day, by which document; recorded by which office."""

    number: int
    outcome: str
    day: str
    document: str
    note: str
    office: str


@router.get("/reports/new")
def new(context: PageContextNeed, site: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form for a report, of `site` if one is named."""
    return _form(context, Filled({"site_id": site}))


@router.post("/reports/new")
def add(
    context: PageContextNeed,
    day: Field = "",
    kind: Field = "",
    channel: Field = "",
    site_id: Field = "",
    chainage_m: Field = "",
    lon: Field = "",
    lat: Field = "",
    verified: Field = "",
    same_as: Field = "",
    note: Field = "",
    again: Field = "",
) -> Response:
    """Record a report; the form again where it is refused, or where the same is recorded already (unless `again`)."""
    values = {"day": day, "kind": kind, "channel": channel, "site_id": site_id, "chainage_m": chainage_m}
    values |= {"lon": lon, "lat": lat, "verified": verified, "same_as": same_as, "note": note}

    def entry() -> NewReport:
        placed = figures(
            {
                "chainage_m": (chainage_m, as_metres),
                "lon": (lon, as_degrees),
                "lat": (lat, as_degrees),
                "same_as": (same_as, as_record),
            }
        )
        place = {"site_id": site_id or None} | placed
        facts = {"kind": kind, "channel": channel, "verified": bool(verified), "note": note}
        return NewReport(day=day_field(day), **facts, **place)  # type: ignore[arg-type]

    try:
        done = write(context, entry, values, None if again else partial(refuse_recorded, context))
    except RecordedAlikeError as error:
        # Who records it all the same most likely has the same matter from somebody else.
        linked = values | {"same_as": same_as or str(error.numbers[0])}
        return _form(context, Filled(linked), status=409, alike=error.numbers)
    except ForbiddenError as error:
        # A place just beyond the border is a slip of the pen more often than a try: what was typed stays.
        return _form(
            context, Filled(values, tuple(problem_text(p, context.words.lang) for p in error.problems)), status=403
        )
    if isinstance(done, Filled):
        return _form(context, done, status=422)
    return _today(context).see(f"/reports/{done.id}", saved=1)


@router.get("/reports/{report_id}")
def report(context: PageContextNeed, report_id: Number, saved: str = "") -> Response:
    """A report, and what its verification found."""
    return _page(context, report_id, Filled(), saved=bool(saved))


@router.post("/reports/{report_id}/verification")
def verify(
    context: PageContextNeed,
    report_id: Number,
    outcome: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
    seen: Field = "",
) -> Response:
    """Record what the verification of a report found; the page again, with the reasons, where it is refused.

    `seen`: up to when the page showed what was recorded; a finding of later is not replaced.
    """

    def entry() -> NewVerification:
        return NewVerification(report_id=report_id, outcome=outcome, day=day_field(day), document=document, note=note)

    values = {"outcome": outcome, "day": day, "document": document, "note": note}
    done = write(context, entry, values, lambda made, connection: refuse_unseen(seen, [made], connection))
    if isinstance(done, Filled):
        return _page(context, report_id, done)
    return _today(context).see(f"/reports/{report_id}", saved=1)


def refuse_recorded(context: PageContext, report: NewReport, connection: Connection) -> None:
    """Refuse what is recorded already; a ward is shown its own reports only."""
    refuse_alike(connection, report, context.service.store.registers, context.identity.bounds)


def figures(cells: dict[str, tuple[str, Callable[[str], float]]]) -> dict[str, float | None]:
    """Numbers as officials write them, None for an empty field; InputError with all those that are none."""
    found: dict[str, float | None] = {}
    problems = []
    for name, (text, read) in cells.items():
        try:
            found[name] = read(text) if text.strip() else None
        except CellError as error:
            problems.append(error.at(name))
    if problems:
        raise InputError(problems)
    return found


def _form(context: PageContext, form: Filled, *, status: int = 200, alike: Sequence[int] = ()) -> Response:
    page = context.page(
        "report_new.html",
        status=status,
        kinds=choices(context, "kind"),
        channels=choices(context, "channel"),
        sites=site_choices(context, context.situation()),
        only_own=", ".join(name for _, name in ward_names(context.identity.wards)),
        map_options=map_options(context, _bounds(context), sites=True),
        form=form,
        alike=alike,
    )
    page.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return fetching(page)


def _bounds(context: PageContext) -> tuple[float, float, float, float]:
    """West, south, east and north of the visitor's own wards, else of the city."""
    wards = context.situation().wards
    own = wards[wards["code"].isin(context.identity.wards)]
    west, south, east, north = (own if len(own) else wards).total_bounds.tolist()
    return west, south, east, north


def _page(context: PageContext, report_id: int, form: Filled, *, saved: bool = False) -> Response:
    seen, line = seen_now(context), _line(context, report_id)
    return context.page(
        "report.html",
        status=422 if form.problems else 200,
        report=line,
        findings=_findings(context, report_id),
        outcomes=choices(context, "outcome"),
        form=form,
        saved=saved,
        seen=seen,
    )


def _line(context: PageContext, report_id: int) -> ReportLine:
    """The report, in whichever city it lies; one that is not the visitor's is unknown to them."""
    for city in (context.city, *(other for other in cities() if other.slug != context.city.slug)):
        there = replace(context, city=city)
        found = report_line(there, there.situation(), report_id)
        if found is not None:
            return found
    raise UnknownRowError(kind_named("report").shown, str(report_id))


def _findings(context: PageContext, report_id: int) -> list[Found]:
    """What verifications found, the latest first; what was corrected or withdrawn is left out."""
    frame = context.service.store.history("verification", report_id=report_id)
    corrected = set(frame["corrects_id"].dropna())
    rows = [row for row in frame.to_dict("records") if row["id"] not in corrected and not row["withdrawn"]]
    return [
        Found(
            int(row["id"]),
            term(context, "outcome", row["outcome"]),
            context.words.day(row["day"]),
            row["document"],
            row["note"] or "",
            row["recorded_office"],
        )
        for row in sorted(rows, key=lambda row: (row["day"], row["id"]), reverse=True)
    ]


def _today(context: PageContext) -> PageContext:
    """The same visit on the present day: what was just recorded may lie behind the day that was looked at."""
    return replace(context, day=None)
