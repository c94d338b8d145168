"""The dossiers of sites and the minutes of a ward's review, made for each visitor from what they may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.core.responses import Answer, made
from api.http.response_cache import cached_response
from api.resources.visibility import visible
from api.security.object_permissions import site_wards
from api.web.base.file_names import attached, what_of
from api.web.base.page_context import PageContext, PageContextNeed
from geo.output.dossier import FORMATS, Edition, dossier
from geo.output.dossier.edition import Audience
from geo.output.shared.formats import MEDIA_TYPES, named
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

    return _served(context, site_id, ending, make)


@router.get("/atlas.{document}")
def city_atlas(
    context: PageContextNeed, document: Annotated[Literal["pdf", "docx", "odt"], PathParameter()]
) -> Response:
    """The atlas of a city: all its sites in one document, as the visitor may see them."""

    def make() -> bytes:
        found = _situation(context, frozenset(context.situation().wards["code"]))
        written: bytes = named("atlas", document).made(found, edition(context))
        return written

    return _served(context, what_of(context, "atlas", context.city.slug), document, make)


@router.get("/minutes/{code}.{ending}")
def ward_minutes(
    context: PageContextNeed,
    code: Annotated[str, PathParameter(max_length=20)],
    ending: Annotated[Literal["docx", "odt", "pdf"], PathParameter()],
) -> Response:
    """The minutes of a ward's handover review, to be filled in."""

    def make() -> bytes:
        found = _situation(context, frozenset((code,)))
        written: bytes = named("minutes", ending).made(found, code, edition(context))
        return written

    return _served(context, what_of(context, "minutes", code), ending, make)


@router.get("/packages/{code}.zip")
def ward_package(context: PageContextNeed, code: Annotated[str, PathParameter(max_length=20)]) -> Response:
    """The handover package of a ward: dossiers, minutes, map and data, as the visitor may see them."""
    from geo.output.handover import package_of_ward

    def make() -> bytes:
        return package_of_ward(_situation(context, frozenset((code,))), code, edition(context))

    return _served(context, what_of(context, "package", code), "zip", make)


@router.get("/packages/reviews/{number}.zip")
def review_package(context: PageContextNeed, number: Annotated[int, PathParameter(ge=1, le=2**31 - 1)]) -> Response:
    """The handover package of a recorded review, as the visitor may see it."""
    from geo.output.handover import of_review, package_of_review

    def make() -> bytes:
        seen = visible(context.service, context.situation(), context.identity)
        _, wards = of_review(seen, number)
        shown = for_wards(seen, context.identity.viewer, frozenset(wards))
        return package_of_review(shown, number, edition(context))

    return _served(context, what_of(context, "review", str(number)), "zip", make)


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
    return Edition(context.words.lang, audience, public_url=url, today=context.service.today).with_environment()


def _served(context: PageContext, what: str, ending: str, make: Callable[[], bytes]) -> Response:
    def answer() -> Answer:
        return made(make(), MEDIA_TYPES[ending], attached(context, what, ending, context.situation().day))

    return cached_response(context.request, context.service, context.identity, answer)
