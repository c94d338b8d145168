"""The page `/registers`: drafts that wait, new sites by words, a plan to read, phases of wards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response
from fastapi import Path as PathParameter

from api.security.object_permissions import own_draft, require_own_row
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed, fetching
from api.web.base.table_uploads import sent_back
from api.web.registers.drafting import (
    metres_field,
    packed,
    papers,
    register_text,
    require_chosen,
    save,
    unpacked,
    year_field,
)
from api.web.registers.found_places import FoundPlace, chosen_place, places_of, source_of
from api.web.registers.plan import Chosen, again
from api.web.registers.plan_lines import phase_lines, phases_unlike_programme, plan_lines, sites_of_other_days
from api.web.registers.plan_rest import with_indicators
from api.web.registers.plan_said import said_of
from api.web.registers.preview import preview_page
from api.web.sites.view_models import choices
from api.web.tiles.options import map_options
from geo import settings
from geo.errors import DiabanError, InputError, Problem
from geo.importing.registers.changes import named_wards, new_site, next_id, phases, versions_on
from geo.importing.registers.plan_numbers import with_next_ids
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.errors import ConflictError
from geo.records.plan_files import MAX_BYTES, PlanFile
from geo.records.publishing import drafts, publish
from geo.records.publishing import withdraw_draft as taken_back
from geo.reference.cities import City

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Short = Annotated[str, Form(max_length=60)]
Content = Annotated[str, Form(max_length=2_000_000)]
Words = Annotated[str, Query(max_length=300)]
DraftNumber = Annotated[int, PathParameter(ge=1, le=2**62)]


@router.get("/registers")
def overview(context: PageContextNeed, words: Words = "", ward: Words = "", saved: Words = "") -> Response:
    """Drafts and forms; with `words` the places that they describe."""
    return overview_page(context, Filled({"words": words, "ward": ward}), saved=bool(saved))


@router.post("/registers/sites")
def add_site(
    context: PageContextNeed,
    words: Field = "",
    name: Field = "",
    group: Field = "",
    level: Field = "",
    handed_over: Field = "",
    start: Field = "",
    finish: Field = "",
    declared: Field = "",
    geometry: Content = "",
    accuracy: Field = "",
    source: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
) -> Response:
    """A draft of a new site on a place that was found."""
    values = {"words": words, "name": name, "group": group, "level": level, "handed_over": handed_over}
    values |= {"start": start, "finish": finish, "declared": declared, "day": day, "document": document, "note": note}
    values |= {"geometry": geometry, "accuracy": accuracy, "source": source}

    def made() -> int:
        paper, city = papers(context, values), context.city
        require_chosen(values, "group", "level")
        version = NewSiteVersion(
            site_id=next_id(list(versions_on(context.service.store, paper.day)), city, group),
            name=name,
            group=group,
            level=level,
            handed_over=year_field(handed_over, "handed_over"),
            start=start.strip(),
            finish=finish.strip(),
            declared_wards=declared_wards(declared, city),
            declared_text=declared,
            geometry=geometry,
            geometry_source=source_of(words) if words else source,
            accuracy_m=metres_field(accuracy, "accuracy") or 50.0,
            **paper.said,
        )
        return save(context, f"{version.site_id}: {name}"[:200], new_site(version, paper), paper)

    return _shown(context, made, values)


@router.post("/registers/phases")
def set_phases(
    context: PageContextNeed,
    wards: Field = "",
    phase: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
) -> Response:
    """A draft of the phase of several wards, a name on each line."""
    values = {"wards": wards, "phase": phase, "day": day, "document": document, "note": note}

    def made() -> int:
        paper = papers(context, values)
        require_chosen(values, "phase")
        names = [line.strip() for line in wards.replace(";", "\n").splitlines() if line.strip()]
        title, named = register_text("registers.phases_of", n=len(names)), named_wards(names, context.city)
        return save(context, title, phases(named, phase, paper), paper, note=named.note)

    return _shown(context, made, values)


@router.post("/registers/drafts")
def add_draft(
    context: PageContextNeed,
    entries: Annotated[list[str], Form(max_length=2_000)] = [],  # noqa: B006  (FastAPI copies it)
    programme: Annotated[str, Form(max_length=2_000_000)] = "",
    indicators: Annotated[list[Short], Form(max_length=500)] = [],  # noqa: B006
    title: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
    file_name: Field = "",
    file: Annotated[str, Form(max_length=8_000_000)] = "",
    row: Chosen = [],  # noqa: B006
    place: Chosen = [],  # noqa: B006
    count: Chosen = [],  # noqa: B006
    figure_of: Chosen = [],  # noqa: B006
    figure: Chosen = [],  # noqa: B006
    unit_of: Chosen = [],  # noqa: B006
    unit: Chosen = [],  # noqa: B006
    said: Annotated[str | None, Form(max_length=100_000)] = None,
    doubtful: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """A draft of the rows that were chosen of what was shown, with the file that they came of.

    Where something was chosen since, the page comes again with what follows from it: what is recorded was seen.
    """
    now = said_of(row, count, (figure_of, figure), (unit_of, unit), place)
    if said is not None and now.written != said.replace("\r\n", "\n"):
        return again(context, now, file_name, file)
    values = {"title": title, "day": day, "document": document, "note": note}

    def made() -> int:
        paper = papers(context, values)
        # What the form says holds for all that was chosen.
        said: dict[str, Any] = {"day": paper.day, "document": paper.document}
        brought = sent_back(file_name, file, (), (), MAX_BYTES) if file else None
        plan = None if brought is None else PlanFile(brought.name, brought.data)
        chosen = [*unpacked(entries), *_counted(programme, indicators)]
        if doubtful and all(isinstance(entry, NewPlan) for entry in chosen):
            raise InputError(Problem("web.plan-alone", "entries", count=doubtful))
        chosen = with_next_ids(chosen, list(versions_on(context.service.store, paper.day)), context.city)
        return save(context, title, [replace(entry, **said) for entry in chosen], paper, plan)

    return _shown(context, made, values)


def _counted(programme: str, indicators: Sequence[str]) -> list[NewEntry]:
    """The programme of a plan with the indicators that were chosen."""
    read = unpacked([programme]) if programme and indicators else ()
    found = (with_indicators(entry, indicators) for entry in read)
    return [entry for entry in found if entry is not None]


@router.post("/registers/drafts/{number}/publish")
def publish_draft(context: PageContextNeed, number: DraftNumber) -> Response:
    """Bring a draft into force."""
    by_two = bool(settings.TABLE["publish_by_two"].read())
    try:
        own_draft(context.service, context.identity, number)
        publish(context.service.store, number, context.identity.actor, by_two=by_two)
    except ConflictError as error:
        if own_draft(context.service, context.identity, number).published:
            return overview_page(context, refused(context, error, {}), status=409)
        return preview_page(context, number, refused(context, error, {}))
    except DiabanError as error:
        return overview_page(context, refused(context, error, {}))
    # A new site that got another number than its draft says: the draft's page names both.
    is_moved = bool(own_draft(context.service, context.identity, number).renumbered)
    return context.see(f"/registers/drafts/{number}" if is_moved else "/registers", saved=1)


@router.post("/registers/drafts/{number}/withdraw")
def withdraw_draft(context: PageContextNeed, number: DraftNumber, reason: Field = "") -> Response:
    """Take a draft back."""
    store, identity = context.service.store, context.identity

    def made() -> int:
        row = own_draft(context.service, identity, number).row
        require_own_row(context.service, identity, "register_draft", row, reason=reason)
        return taken_back(store, number, identity.actor, reason=reason).id

    return _done(context, made, {})


def _shown(context: PageContext, made: Callable[[], int], values: dict[str, str]) -> Response:
    """Lead on to the draft that was made, and what it would change; the page again where it is refused."""
    try:
        number = made()
    except DiabanError as error:
        status, form = 409 if isinstance(error, ConflictError) else 422, refused(context, error, values)
        chosen = chosen_place(context, form) if form.value("geometry") else ()
        return overview_page(context, form, chosen, status=status)
    return context.see(f"/registers/drafts/{number}", saved=1)


def _done(context: PageContext, made: Callable[[], int], values: dict[str, str]) -> Response:
    """Lead on after a write; the page with what is wrong where it is refused."""
    try:
        made()
    except DiabanError as error:
        return overview_page(context, refused(context, error, values))
    return context.see("/registers", saved=1)


def overview_page(
    context: PageContext, form: Filled, brought: Sequence[FoundPlace] = (), *, saved: bool = False, status: int = 422
) -> Response:
    """The page, with the forms as they were filled, and a place that somebody brought in a file."""
    described, form = ((), form) if brought else places_of(context, form)
    waiting = drafts(context.service.store, context.city.slug)
    page = context.page(
        "registers.html",
        status=status if form.problems else 200,
        situation=context.situation(),
        drafts=waiting,
        plans=plan_lines(context),
        phased=phase_lines(context),
        phase_differences=phases_unlike_programme(context),
        not_listed=sites_of_other_days(context),
        found=[*brought, *described],
        groups=choices(context, "group"),
        levels=choices(context, "level"),
        phases=choices(context, "phase"),
        form=form,
        saved=saved,
        packed=packed,
        map_options=map_options(context, bounds_of(context)),
    )
    return fetching(page)


def bounds_of(context: PageContext) -> tuple[float, float, float, float]:
    """West, south, east and north of the city."""
    west, south, east, north = context.service.registers(context.city.slug).wards.total_bounds.tolist()
    return west, south, east, north


def declared_wards(text: str, city: City) -> tuple[str, ...]:
    """The wards that a text declares; `InputError` where a name is not sure."""
    from geo.errors import InputError, Problem
    from geo.importing.plans.lists.places import PlaceReader
    from geo.reference.wards import WardRegister

    read = PlaceReader(WardRegister.load(city=city), None).wards(text)
    if read.certainty != "sure":
        raise InputError([Problem("importing.declared-not-sure", "declared", reason=reason) for reason in read.reasons])
    return read.codes
