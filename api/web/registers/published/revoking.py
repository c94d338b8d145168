"""What was published and holds, and the form by which it is taken back: a draft with document and reason."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response

from api.security.object_permissions import own_draft
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.registers.drafting import PAPERS, papers, register_text, save
from geo.errors import DiabanError, InputError, Problem
from geo.records.published.rows import PublishedRow, published_rows, rows_in_force, rows_named, withdrawal_of

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Subject = Annotated[str, Query(max_length=60)]
DraftQuery = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get("/registers/published")
def published(context: PageContextNeed, subject: Subject = "", draft: DraftQuery = None) -> Response:
    """What holds in the city, of a subject (a site, a ward, the number of a plan), or of a draft that was published."""
    return _page(context, subject, draft, Filled({}))


@router.post("/registers/published")
def revoke(
    context: PageContextNeed,
    rows: Annotated[list[str], Form(max_length=2_000)] = [],  # noqa: B006  (FastAPI copies it)
    reason: Field = "",
    names_person: Field = "",
    subject: Field = "",
    day: Field = "",
    document: Field = "",
) -> Response:
    """A draft that takes back the rows that were chosen; its page says what follows."""
    values = {"reason": reason, "names_person": names_person, "subject": subject, "day": day, "document": document}
    try:
        paper = papers(context, {name: values.get(name, "") for name in PAPERS})
        if not rows:
            raise InputError(Problem("web.no-row-chosen", "rows"))
        said: tuple[Any, ...] = (paper.day, paper.document, paper.office, reason, bool(names_person))
        entries = [withdrawal_of(one, *said) for one in rows_named(context.service.store, context.city, rows)]
        title = register_text("registers.revoked_rows", n=len(entries), about=", ".join(_subjects(entries)))
        number = save(context, title, entries, paper)
    except DiabanError as error:
        chosen = {f"row:{name}": "1" for name in rows}
        return _page(context, subject, None, refused(context, error, values | chosen))
    return context.see(f"/registers/drafts/{number}", saved=1)


def _subjects(entries: list[Any]) -> list[str]:
    return list(dict.fromkeys(entry.subject for entry in entries))


def _page(context: PageContext, subject: str, draft: int | None, form: Filled) -> Response:
    found: list[PublishedRow]
    if draft is not None:
        found = published_rows(context.service.store, own_draft(context.service, context.identity, draft).row)
    else:
        found = rows_in_force(context.service.store, context.city, subject.strip())
    return context.page(
        "registers_published.html",
        status=422 if form.problems else 200,
        situation=context.situation(),
        rows=found,
        subject=subject,
        form=form,
    )
