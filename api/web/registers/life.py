"""The life of a site across plans, and the short forms: another route, cleared, returned, renamed, responsibility."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Response
from fastapi import Path as PathParameter

from api.core.problems import QueryError
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed, fetching
from api.web.registers.agreeing import agreeing
from api.web.registers.drafting import metres_field, papers, register_text, require_chosen, save, year_field
from api.web.registers.entry_lines import Conflict, same_day_lines
from api.web.registers.found_places import chosen_place, places_of, source_of
from api.web.registers.overview import declared_wards
from api.web.registers.plan_lines import files_by_number
from api.web.sites.site import life_lines
from api.web.sites.view_models import choices, ward_label
from api.web.tiles.options import map_options
from geo.errors import DiabanError, Problem
from geo.importing.geometries import Question
from geo.importing.registers.changes import (
    NamedWards,
    Papers,
    changed,
    city_of,
    correcting,
    event,
    named_wards,
    redescribed,
    renamed,
    responsibility,
    returned,
    version_of,
)
from geo.importing.registers.routes import route_of_text
from geo.records.drafting.ground import stretch_message
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.model.errors import ConflictError
from geo.records.model.paper_numbers import bears_number
from geo.situation.agreed import agreed_of

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Content = Annotated[str, Form(max_length=2_000_000)]
Words = Annotated[str, Query(max_length=300)]
SiteId = Annotated[str, PathParameter(max_length=40)]
_BESIDE_DEG = 0.003
Action = Literal["route", "details", "clear", "return", "rename", "split", "merge", "responsibility", "end"]


@router.get("/registers/sites/{site_id}")
def life(context: PageContextNeed, site_id: SiteId, words: Words = "", ward: Words = "") -> Response:
    """The versions and events of a site, and the forms; with `words` the places that they describe."""
    return _page(context, _shown(context, site_id), Filled({"words": words, "ward": ward}))


@router.post("/registers/sites/{site_id}/{action}")
def change(
    context: PageContextNeed,
    site_id: SiteId,
    action: Action,
    name: Field = "",
    level: Field = "",
    others: Field = "",
    start: Field = "",
    finish: Field = "",
    declared: Field = "",
    handed_over: Field = "",
    corridor: Field = "",
    words: Field = "",
    geometry: Content = "",
    accuracy: Field = "",
    source: Field = "",
    wards: Field = "",
    from_m: Field = "",
    to_m: Field = "",
    stretch: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
    correct: Field = "",
) -> Response:
    """A draft of what happens to a site; its page leads on to what it would change. 409 with both versions where
    another paper says another thing of that day."""
    shown = _shown(context, site_id)
    values = {"name": name, "level": level, "others": others, "words": words, "geometry": geometry}
    values |= {"start": start, "finish": finish, "declared": declared, "handed_over": handed_over, "corridor": corridor}
    values |= {"source": source, "accuracy": accuracy, "wards": wards, "from_m": from_m, "to_m": to_m}
    values |= {"stretch": stretch, "day": day, "document": document, "note": note}
    entries: list[NewEntry] = []
    try:
        paper = papers(context, values)
        if action == "end":
            require_chosen(values, "stretch")
        old = version_of(context.service.store, site_id, paper.day)
        title = f"{old.site_id}: {register_text(f'registers.action.{action}')}"
        named = named_wards(_lines(wards), city_of(old.site_id)) if action == "responsibility" else NamedWards(())
        described = _described(old, shown, values, paper) if action == "details" else []
        entries = described or _entries(old, action, values, paper, named)
        entries = correcting(context.service.store, entries, paper) if correct else entries
        number = save(context, title, entries, paper, note=named.note)
    except ConflictError as error:
        situation = context.situation()
        conflicts = same_day_lines(context, entries, situation)
        return _page(context, shown, refused(context, error, values), conflicts)
    except DiabanError as error:
        return _page(context, shown, refused(context, error, values))
    return context.see(f"/registers/drafts/{number}", saved=1)


def _shown(context: PageContext, site_id: str) -> NewSiteVersion:
    """The version of a site today, with which its forms are filled; its first one where it comes later."""
    return version_of(context.service.store, site_id, context.service.store.today)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]


def _entries(
    old: NewSiteVersion, action: Action, values: dict[str, str], paper: Papers, wards: NamedWards
) -> list[NewEntry]:
    if action == "route":
        return [_rerouted(old, values, paper)]
    if action == "end":
        return [responsibility(old.site_id, wards, paper, *_ends(values["stretch"]))]
    if action == "responsibility":
        ends = (metres_field(values[name], name) for name in ("from_m", "to_m"))
        return [responsibility(old.site_id, wards, paper, *ends)]
    return _of_list(old, action, values, paper)


def _of_list(old: NewSiteVersion, action: Action, values: dict[str, str], paper: Papers) -> list[NewEntry]:
    if action == "rename":
        return renamed(old, values["name"], paper)
    if action == "return":
        return returned(old, paper, values["level"] or None)
    if action == "clear":
        return [event(old.site_id, "cleared", paper)]
    others = values["others"].upper().replace(",", " ").split()
    return [event(old.site_id, "merged" if action == "merge" else "split", paper, others)]


def _ends(stretch: str) -> tuple[float | None, float | None]:
    """The ends of a stretch as the form names it, `1200.0:3400.5`; blank is an end of the route."""
    try:
        start, end = (float(text) if text else None for text in stretch.split(":"))
    except ValueError:
        raise QueryError([Problem("records.no-stretch", "stretch")]) from None
    return start, end


def _rerouted(old: NewSiteVersion, values: dict[str, str], paper: Papers) -> NewSiteVersion:
    """A version with another route: a place that words describe, or one that was pasted."""
    route = route_of_text(values["geometry"], Question.at_page())
    source = source_of(values["words"]) if values["words"] else values["source"]
    said: dict[str, Any] = {name: values[name].strip() or None for name in ("start", "finish")}
    said["accuracy_m"] = metres_field(values["accuracy"], "accuracy")
    return changed(old, paper, geometry=route.geometry, geometry_source=source or None, **said)


def _described(old: NewSiteVersion, shown: NewSiteVersion, values: dict[str, str], paper: Papers) -> list[NewEntry]:
    """A site with the level, ends, declared wards, handover and corridor of a form: those that are not as it was filled
    (`shown`); on another day the others may be other ones too."""
    declared = values["declared"].strip()
    said: dict[str, Any] = {name: values[name].strip() for name in ("start", "finish")}
    said["handed_over"] = year_field(values["handed_over"], "handed_over")
    said["corridor_m"] = metres_field(values["corridor"], "corridor")
    said["level"] = values["level"] or shown.level
    said = {name: value for name, value in said.items() if value != getattr(shown, name)}
    if declared != shown.declared_text:
        said |= {"declared_text": declared, "declared_wards": declared_wards(declared, city_of(old.site_id))}
    return redescribed(old, paper, **said)


def _page(context: PageContext, site: NewSiteVersion, form: Filled, conflicts: Sequence[Conflict] = ()) -> Response:
    chosen = chosen_place(context, form) if form.value("geometry") and form.value("words") else ()
    found, form = (chosen, form) if chosen else places_of(context, form)
    rows, files = life_lines(context, site.site_id), files_by_number(context)
    page = context.page(
        "registers_site.html",
        status=409 if conflicts else 422 if form.problems else 200,
        conflicts=conflicts,
        situation=context.situation(),
        site=site,
        rows=rows,
        files=_files_of(rows, files),
        map_options=map_options(context, _around(site)),
        agreeing=agreeing(context, site),
        agreed=_stretches(context, site),
        corridor=f"{site.corridor_m:.10g}".replace(".", ","),  # as it is: the form sends it back
        found=found,
        levels=choices(context, "level"),
        form=form,
    )
    return fetching(page)


def _files_of(rows: Sequence[tuple[Any, ...]], files: Mapping[str, str]) -> dict[str, str]:
    """Document of a row → the stored file of the plan whose number it bears."""
    documents = {row[3] for row in rows}
    return {one: file for one in documents for number, file in files.items() if bears_number(one, number)}


def _stretches(context: PageContext, site: NewSiteVersion) -> list[tuple[str, str]]:
    """The stretches that are agreed today: their ends as a form sends them, and which they are, with the wards."""
    names = ward_label(context.situation())
    found = []
    for one in agreed_of(context.situation(), site.site_id):
        ends = ":".join("" if end is None else repr(end) for end in (one.from_m, one.to_m))
        wards = ", ".join(names.get(code, code) for code in one.wards)
        found.append((ends, f"{stretch_message(one.from_m, one.to_m).text(context.words.lang)}: {wards}"))
    return found


def _around(site: NewSiteVersion) -> tuple[float, float, float, float]:
    """West, south, east and north of the ground about a site; degrees."""
    import shapely

    west, south, east, north = shapely.bounds(shapely.from_geojson(site.geometry)).tolist()
    return west - _BESIDE_DEG, south - _BESIDE_DEG, east + _BESIDE_DEG, north + _BESIDE_DEG
