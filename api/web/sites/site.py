"""The page of a site: what it is, whose is which stretch, its flags, its history, and the form for its level."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi import Path as PathParameter

from api.resources.feature_collections import Row, collection
from api.resources.visibility import visible
from api.security.object_permissions import site_wards
from api.web.base.dates import day_field
from api.web.base.forms import Filled, record
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.dossiers import dossier_links
from api.web.sites.sparks import spark_of
from api.web.sites.view_models import (
    choices,
    extent,
    flag_lines,
    history_lines,
    report_lines,
    stretch_lines,
    ward_label,
)
from geo.errors import UnknownSiteError
from geo.i18n.translator import translator
from geo.output.dossier.documents.displacement_section import Described, described
from geo.output.shared.theme import theme
from geo.records.entries import NewAssessment
from geo.reference.names import suggest
from geo.reference.sites import site_number
from geo.situation import Situation, not_listed
from geo.situation.agreed import agreed_of
from geo.situation.displacement import displacement_of
from geo.situation.listing.lives import Listing, life, listing_of

router = APIRouter(include_in_schema=False)

SiteId = Annotated[str, PathParameter(max_length=40)]
Field = Annotated[str, Form(max_length=1200)]


@router.get("/sites/{site_id}")
def site(context: PageContextNeed, site_id: SiteId, saved: str = "") -> Response:
    """A site on a day; of one that is not on the list then, when it is, and its life across plans."""
    if site_id not in set(context.situation().sites["site_id"]):
        found = listing_of(context.service.store, site_id)
        if found is not None:
            return _left(context, found)
    return _page(context, site_id, Filled(), saved=bool(saved))


@router.post("/sites/{site_id}/status")
def status(
    context: PageContextNeed,
    site_id: SiteId,
    level: Field = "",
    day: Field = "",
    document: Field = "",
    office: Field = "",
    note: Field = "",
) -> Response:
    """Record the level of a site from a day on; the page again, with the reasons, where it is refused."""
    _row(context.situation(), site_id)

    def entry() -> NewAssessment:
        since = day_field(day)
        own = office or context.identity.office
        return NewAssessment(site_id=site_id, level=level, day=since, document=document, office=own, note=note)

    values = {"level": level, "day": day, "document": document, "office": office, "note": note}
    again = record(context, entry, values)
    return _page(context, site_id, again) if again else context.see(f"/sites/{site_id}", saved=1)


def _page(context: PageContext, site_id: str, form: Filled, *, saved: bool = False) -> Response:
    situation = context.situation()
    row = _row(situation, site_id)
    names = ward_label(situation)
    page = partial(context.page, status=422) if form.problems else context.cached_page
    return page(
        "site.html",
        situation=situation,
        site=row,
        number=site_number(site_id),
        level_label=context.words.pick(theme().lines[row["level"]].label),
        group_label=context.words.pick(theme().text(f"group_{row['group']}")),
        size=_size(context, situation, row),
        declared=[(code, names.get(code, code)) for code in row["declared_wards"]],
        absent=[(code, names.get(code, code)) for code in row["agreement"]["absent"]],
        beside=[(code, names.get(code, code)) for code in _beside(row["agreement"])],
        stretches=stretch_lines(context, situation, site=site_id),
        agreed=[
            (each, [(code, names.get(code, code)) for code in each.wards]) for each in agreed_of(situation, site_id)
        ],
        flags=flag_lines(context, situation, site=site_id),
        history=history_lines(context, situation, site_id),
        life=[line for line in life_lines(context, site_id) if line[0] <= situation.day],
        reports=report_lines(context, situation, site=site_id),
        trend=spark_of(context, situation, site=site_id),
        displacement=_displacement(context, situation, site_id),
        may_record=_may_record(context, site_id),
        levels=choices(context, "level"),
        form=form,
        saved=saved,
        dossiers=dossier_links(context, site_id),
        map_url=context.url(f"/maps/site/{site_id}"),
    )


def _left(context: PageContext, listing: Listing) -> Response:
    """The page of a site that is not on the list on a day."""
    said = not_listed(context.service.store, listing.site_id)
    return context.page(
        "site_left.html",
        situation=context.situation(),
        listing=listing,
        number=site_number(listing.site_id),
        said=said.in_language(context.words.lang)[0] if said else "",
        rows=life_lines(context, listing.site_id),
        days=[since if until is None else until - timedelta(days=1) for since, until in listing.spans],
    )


def life_lines(context: PageContext, site_id: str) -> list[tuple[date, str, str, str]]:
    """What happened to a site, oldest first: day, what, of which name, level, sites or wards, by which document."""
    words, names = context.words, ward_label(context.situation()) | dict(choices(context, "level"))
    what = {"version": "registers.version", "responsibility": "registers.action.responsibility"}
    what["responsibility_ended"] = "registers.action.end"
    return [
        (
            step.day,
            words.text(what.get(step.what, f"registers.event.{step.what}")),
            ", ".join(names.get(part, part) for part in step.about),
            step.document,
        )
        for step in life(context.service.store, site_id)
    ]


def _displacement(context: PageContext, situation: Situation, site_id: str) -> list[Described]:
    """What became of the streets round the site each time that it was dealt with; for those who see all reports."""
    shown = visible(context.service, situation, context.identity)
    words = translator(context.words.lang, "dossier")
    return [described(words, dealt) for dealt in displacement_of(shown, site_id) or ()]


def _row(situation: Situation, site_id: str) -> Row:
    rows = {row["site_id"]: row for row in collection("sites", situation).rows}
    if site_id not in rows:
        raise UnknownSiteError(site_id, suggest(site_id, rows))
    return rows[site_id]


def _size(context: PageContext, situation: Situation, row: Row) -> str:
    here = [c for c in collection("crossings", situation).rows if c["site_id"] == row["site_id"]]
    return extent(context, row["length_m"], sum(c["area_m2"] for c in here))


def _beside(agreement: Row) -> list[str]:
    """Declared wards that the site runs beside and does not enter; those that it touches have a row."""
    return [code for code in agreement["on_border"] if code not in agreement["slivers"]]


def _may_record(context: PageContext, site_id: str) -> bool:
    """Whether the visitor may record the level: the city any, a ward that of the sites that cross it."""
    viewer = context.identity.viewer
    return viewer.sees_all or bool(viewer.works and site_wards(context.service, site_id) & viewer.own)
