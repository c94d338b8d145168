"""The life of a site across plans, and the short forms: clear, return, rename."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi import Path as PathParameter

from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.registers.drafting import papers, save
from api.web.sites.view_models import choices
from geo.errors import DiabanError
from geo.importing.registers.changes import Papers, event, renamed, returned, version_of
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
SiteId = Annotated[str, PathParameter(max_length=40)]
Action = Literal["clear", "return", "rename", "split", "merge"]


@router.get("/registers/sites/{site_id}")
def life(context: PageContextNeed, site_id: SiteId) -> Response:
    """The versions and events of a site, and the forms."""
    return _page(context, version_of(context.service.store, site_id), Filled())


@router.post("/registers/sites/{site_id}/{action}")
def change(
    context: PageContextNeed,
    site_id: SiteId,
    action: Action,
    name: Field = "",
    level: Field = "",
    others: Field = "",
    day: Field = "",
    document: Field = "",
    note: Field = "",
) -> Response:
    """A draft of what happens to a site."""
    old = version_of(context.service.store, site_id)
    values = {"name": name, "level": level, "others": others, "day": day, "document": document, "note": note}
    try:
        paper = papers(context, values)
        title = f"{old.site_id}: {context.words.text(f'registers.action.{action}')}"
        save(context, title, _entries(old, action, values, paper), paper)
    except DiabanError as error:
        return _page(context, old, refused(context, error, values))
    return context.see("/registers", saved=1)


def _entries(old: NewSiteVersion, action: Action, values: dict[str, str], paper: Papers) -> list[NewEntry]:
    if action == "rename":
        return renamed(old, values["name"], paper)
    if action == "return":
        return returned(old, paper, values["level"] or None)
    if action == "clear":
        return [event(old.site_id, "cleared", paper)]
    others = values["others"].upper().replace(",", " ").split()
    return [event(old.site_id, "merged" if action == "merge" else "split", paper, others)]


def _page(context: PageContext, site: NewSiteVersion, form: Filled) -> Response:
    versions, events = context.service.store.register_entries()
    rows = [
        (row["day"].date(), context.words.text("registers.version"), row["name"], row["document"])
        for row in versions[versions["site_id"] == site.site_id].to_dict("records")
    ]
    rows += [
        (
            row["day"].date(),
            context.words.text(f"registers.event.{row['event']}"),
            " ".join(row["others"]),
            row["document"],
        )
        for row in events[events["site_id"] == site.site_id].to_dict("records")
    ]
    return context.page(
        "registers_site.html",
        status=422 if form.problems else 200,
        situation=context.situation(),
        site=site,
        rows=sorted(rows, key=lambda row: row[0]),
        levels=choices(context, "level"),
        form=form,
    )
