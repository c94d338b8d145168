"""The dossiers of sites and the minutes of a ward's review, made for each visitor from what they may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.core.responses import Answer, made
from api.http.response_cache import cached_response
from api.resources.visibility import visible
from api.security.object_permissions import site_wards
from api.web.base.page_context import PageContext, PageContextNeed
from geo.output.dossier import FORMATS, MEDIA_TYPES, Edition, dossier, minutes
from geo.output.dossier.edition import Audience
from geo.situation import Situation
from geo.visibility import for_wards

router = APIRouter(include_in_schema=False)

BUTTONS = ("pdf", "docx")


@router.get("/dossiers/{site_id}.{ending}")
def site_dossier(
    context: PageContextNeed,
    site_id: Annotated[str, PathParameter(max_length=40)],
    ending: Annotated[str, PathParameter(max_length=10)],
) -> Response:
    """The dossier of a site in one of `FORMATS`."""

    def make() -> bytes:
        situation = _situation(context, site_wards(context.service, site_id))
        return dossier(situation, site_id, (ending,), edition(context))[ending]

    return _served(context, f"{site_id}.{ending}", MEDIA_TYPES.get(ending, ""), make)


@router.get("/minutes/{code}.docx")
def ward_minutes(context: PageContextNeed, code: Annotated[str, PathParameter(max_length=20)]) -> Response:
    """The minutes of a ward's handover review, to be filled in."""

    def make() -> bytes:
        return minutes(_situation(context, frozenset((code,))), code, edition(context))

    return _served(context, f"{code}.docx", MEDIA_TYPES["docx"], make)


def dossier_links(context: PageContext, site_id: str) -> list[tuple[str, str]]:
    """(format, address) of the dossier of a site: the two for the table first, then the others."""
    others = [name for name in FORMATS if name not in BUTTONS]
    return [(name.upper(), context.url(f"/dossiers/{site_id}.{name}")) for name in (*BUTTONS, *others)]


def _situation(context: PageContext, wards: frozenset[str]) -> Situation:
    """What the visitor may see, for a document about these wards."""
    return for_wards(visible(context.service, context.situation(), context.identity), context.identity.viewer, wards)


def edition(context: PageContext) -> Edition:
    """The edition for a visitor: public for those who do not work on reports."""
    audience: Audience = "internal" if context.identity.viewer.works else "public"
    url = context.service.settings.public_url
    return Edition(context.words.lang, audience, public_url=url).with_environment()


def _served(context: PageContext, name: str, media_type: str, make: Callable[[], bytes]) -> Response:
    def answer() -> Answer:
        return made(make(), media_type, {"Content-Disposition": f'attachment; filename="{name}"'})

    return cached_response(context.request, context.service, context.identity, answer)
