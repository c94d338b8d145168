"""A plan side by side: its own rows on the left, what was understood on the right, accepted row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Response, UploadFile
from fastapi import Path as PathParameter

from api.security.object_permissions import may_work_on
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.base.table_uploads import Upload, received, sent_back
from api.web.registers.drafting import packed
from api.web.registers.plan_rest import IndicatorRow, PhaseRow, indicator_rows, phase_rows
from api.web.registers.plan_said import Said, row_choices, said_of, shown
from api.web.sites.view_models import choices
from geo.errors import DiabanError, InputError
from geo.i18n.message import Message
from geo.importing.apart import read_apart
from geo.importing.plans import PlanReading, read_plan_bytes
from geo.importing.registers.changes import Papers
from geo.importing.registers.plan_changes import (
    PlanChanges,
    SiteRow,
    compared,
    entries_of_plan,
    entries_of_rows,
    programme_of,
    said_of_programme,
)
from geo.importing.registers.plan_choices import read_choices
from geo.importing.registers.plan_counting import read_counting
from geo.importing.registers.plan_draft import refuse_other_city
from geo.importing.registers.plan_numbers import with_open_id
from geo.importing.registers.plan_programme import ProgrammeOfPlan
from geo.importing.registers.plan_register import said_of_lists, said_of_plan
from geo.importing.registers.plan_routes import read_places, routes_of
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.model.errors import UnknownRowError
from geo.records.plan_files import MAX_BYTES, cities_of_file, is_hidden, plan_file
from geo.visibility import Role

router = APIRouter(include_in_schema=False)


Chosen = Annotated[list[str], Form(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A row of the page: what the plan prints, what it changes, its entries as a form holds them ('' for none), whether
    it is sure, and whether a route was found for it."""

    printed: str
    row: SiteRow
    entries: str
    sure: bool
    has_route: bool
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRest:
    """The rest of a plan: the plan itself and its programme as a form holds them ('' for none), each ward whose phase
    changes, each indicator."""

    plan: str = ""
    programme: str = ""
    phases: tuple[tuple[PhaseRow, str], ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()


@router.post("/registers/plan")
def read(context: PageContextNeed, file: UploadFile) -> Response:
    """What the file of a plan would change; nothing is recorded."""
    try:
        brought = received(file, MAX_BYTES)
        reading = _read(context, brought)
    except DiabanError as error:
        return _page(context, refused(context, error, {}))
    return _page(context, Filled(), reading, brought)


@router.post("/registers/plan/again")
def read_again(
    context: PageContextNeed,
    row: Chosen = [],  # noqa: B006  (FastAPI copies it)
    place: Chosen = [],  # noqa: B006
    count: Chosen = [],  # noqa: B006
    figure_of: Chosen = [],  # noqa: B006
    figure: Chosen = [],  # noqa: B006
    unit_of: Chosen = [],  # noqa: B006
    unit: Chosen = [],  # noqa: B006
    file_name: Annotated[str, Form(max_length=1200)] = "",
    file: Annotated[str, Form(max_length=8_000_000)] = "",
) -> Response:
    """The same with what the visitor chose of its rows and of how its targets are counted; nothing is recorded."""
    return again(context, said_of(row, count, (figure_of, figure), (unit_of, unit), place), file_name, file)


def again(context: PageContext, said: Said, file_name: str, file: str) -> Response:
    """The page of a file that comes back, with what is chosen; as it was read, with what is wrong, where it is not."""
    try:
        brought = sent_back(file_name, file, (), (), MAX_BYTES)
        reading = _read(context, brought)
    except DiabanError as error:
        return _page(context, refused(context, error, {}))
    try:
        return _page(context, Filled(), reading, brought, said)
    except InputError as error:
        return _page(context, refused(context, error, {}), reading, brought)


def _read(context: PageContext, brought: Upload) -> PlanReading:
    seconds, slug = context.service.settings.reader_seconds, context.city.slug
    reading = read_apart(seconds, brought.name, read_plan_bytes, brought.data, brought.name, slug)
    refuse_other_city(reading, option="")
    return reading


@router.get("/registers/plans/{digest}")
def stored_file(context: PageContextNeed, digest: Annotated[str, PathParameter(max_length=80)]) -> Response:
    """The file of a plan as it was brought, to those who work on a city whose draft holds it.

    For everybody else there is none: whether another city has such a file is not said.
    """
    store, identity = context.service.store, context.identity
    is_own = any(may_work_on(identity, city) for city in cities_of_file(store, digest))
    if not is_own or (identity.role < Role.ADMIN and is_hidden(store, digest)):
        raise UnknownRowError(Message("records.kind.plan_file"), digest)
    found = plan_file(store, digest)
    name = quote(found.name, safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return Response(found.data, media_type="application/octet-stream", headers=headers)


def _page(
    context: PageContext,
    form: Filled,
    reading: PlanReading | None = None,
    brought: Upload | None = None,
    said: Said = Said(),
) -> Response:
    lines: list[PlanLine] = []
    rest = PlanRest()
    remarks: list[Message] = []
    situation, chosen, places = context.situation(), read_choices(said.rows), read_places(said.places)
    if reading is not None:
        day = reading.head.day or context.service.today
        found = compared(context.service.store, reading, day, chosen)
        found = replace(found, counting=read_counting(said.counting))
        paper = _papers(context, found.reading)
        programme = programme_of(context.service.store, found, paper)
        lines, rest = _lines(context, found, paper, programme, places)
        store = context.service.store
        remarks = [*reading.remarks, *said_of_plan(store, reading, day)]
        remarks += [*said_of_lists(store, reading, day), *said_of_programme(store, found, paper)]
    return context.page(
        "registers_plan.html",
        status=422 if form.problems else 200,
        situation=situation,
        reading=reading,
        brought=brought,
        site_names=dict(zip(situation.sites["site_id"], situation.sites["name"], strict=True)),
        remarks=remarks,
        said=shown(chosen, [target for row in rest.indicators for target in row.targets], places).written,
        chosen=chosen,
        places=places,
        applied=bool(said.rows or said.counting or said.places),
        means=row_choices(context, situation),
        lines=lines,
        rest=rest,
        levels=dict(choices(context, "level")),
        phase_names=dict(choices(context, "phase")),
        ward_names=ward_names,
        form=form,
    )


def _papers(context: PageContext, reading: PlanReading) -> Papers:
    head = reading.head
    office = head.issuer or context.identity.office
    return Papers(head.day or context.service.today, f"Kế hoạch {head.number}".strip(), office)


def _lines(
    context: PageContext,
    found: PlanChanges,
    paper: Papers,
    programme: ProgrammeOfPlan | None,
    places: Mapping[str, int],
) -> tuple[list[PlanLine], PlanRest]:
    """The sites of a plan, and the rest of it."""
    where = routes_of(found, places)
    store = context.service.store
    base, _ = entries_of_plan(store, replace(found, sites=()), paper, unsure=True)
    lines = []
    for at, (row, own) in enumerate(entries_of_rows(store, found, paper, where.routes)):
        printed = row.site.printed if row.site else ""
        sure = row.certainty == "sure"
        candidates = tuple(where.candidates.get(row.key, ()))
        form = packed(with_open_id(at, row.site, own) if row.state == "new" else own) if own else ""
        lines.append(PlanLine(printed, row, form, sure, row.key in where.routes, candidates))
    counted = [entry for entry in base if isinstance(entry, NewProgrammeVersion)]
    rest = PlanRest(
        packed(base[:1]),
        packed(counted) if counted else "",
        tuple((row, packed([row.entry])) for row in phase_rows(found.reading, base)),
        tuple(indicator_rows(context, programme)),
    )
    return lines, rest
