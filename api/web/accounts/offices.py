"""The offices that issue papers: how a paper's head calls them, what they sign as, who their papers go to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter
from starlette.requests import Request

from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from geo import settings
from geo.errors import DiabanError, InputError, Problem
from geo.output.decree.office_file import LISTS, ONE_LINE, SEVERAL, changed_offices, offices, write_offices

router = APIRouter(include_in_schema=False)

_FIELDS = (*SEVERAL, *ONE_LINE, *LISTS)
"""In the order of a paper: its head, then its end."""
MOST_CHARACTERS = 2_000


@router.get("/admin/offices")
def overview(context: PageContextNeed, saved: str = "") -> Response:
    """All offices, each with its form."""
    return _page(context, "", Filled(), saved=bool(saved))


@router.post("/admin/offices/{office}")
async def change(
    context: PageContextNeed, request: Request, office: Annotated[str, PathParameter(max_length=60)]
) -> Response:
    """Write other values of an office into the service's own file; what papers were made of before is made anew."""
    from anyio.to_thread import run_sync

    form = await request.form()
    names = [f"{name}{end}" for name in _FIELDS for end in ("", "_en")]
    values = {name: str(form[name])[:MOST_CHARACTERS] for name in names if name in form}
    return await run_sync(_changed, context, office, values)


def _changed(context: PageContext, office: str, values: dict[str, str]) -> Response:
    store = context.service.store
    try:
        folder = _folder()
        text = changed_offices(folder, office, values)
        # The line of the audit log gives the records another version, so that no paper comes out of a cache.
        with store.transaction() as write:
            write.audit(context.identity.actor, "office.change", office)
            write_offices(folder, text)
    except DiabanError as error:
        return _page(context, office, refused(context, error, values))
    return context.see("/admin/offices", saved=1)


def _folder() -> Path:
    folder = settings.path("templates")
    if folder is None:
        raise InputError(Problem("web.no-templates-folder", "DIABAN_TEMPLATES"))
    return folder


def _page(context: PageContext, office: str, form: Filled, *, saved: bool = False) -> Response:
    folder = settings.path("templates")
    return context.page(
        "offices.html",
        status=422 if form.problems else 200,
        offices=offices(folder),
        changeable=folder is not None,
        one_line=ONE_LINE,
        fields=_FIELDS,
        chosen=office,
        form=form,
        saved=saved,
    )
