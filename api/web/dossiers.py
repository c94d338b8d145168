"""The dossiers of sites and the minutes of a ward's review, made for whoever asks from what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.answers import Answer, made, respond
from api.security.identity import Role
from api.security.scope import site_wards
from api.web.sight import seen
from api.web.visit import Visit, VisitNeed
from geo.output.dossier import FORMATS, MEDIA_TYPES, Edition, dossier, minutes
from geo.output.dossier.edition import Audience
from geo.situation import Situation

router = APIRouter(include_in_schema=False)

BUTTONS = ("pdf", "docx")


@router.get("/dossiers/{site_id}.{ending}")
def site_dossier(
    visit: VisitNeed,
    site_id: Annotated[str, PathParameter(max_length=40)],
    ending: Annotated[str, PathParameter(max_length=10)],
) -> Response:
    """The dossier of a site in one of `FORMATS`."""

    def make() -> bytes:
        return dossier(_situation(visit, site_id), site_id, (ending,), edition(visit))[ending]

    return _served(visit, f"{site_id}.{ending}", MEDIA_TYPES.get(ending, ""), make)


@router.get("/minutes/{code}.docx")
def ward_minutes(visit: VisitNeed, code: Annotated[str, PathParameter(max_length=20)]) -> Response:
    """The minutes of a ward's handover review, to be filled in."""

    def make() -> bytes:
        situation = seen(visit.service, visit.situation(), visit.identity, ward=code)
        return minutes(situation, code, edition(visit))

    return _served(visit, f"{code}.docx", MEDIA_TYPES["docx"], make)


def dossier_links(visit: Visit, site_id: str) -> list[tuple[str, str]]:
    """(format, address) of the dossier of a site: the two for the table first, then the others."""
    others = [name for name in FORMATS if name not in BUTTONS]
    return [(name.upper(), visit.url(f"/dossiers/{site_id}.{name}")) for name in (*BUTTONS, *others)]


def _situation(visit: Visit, site_id: str) -> Situation:
    """What the visitor may see; no reports for a ward that answers for a part of the site only.

    A count of some reports would stand there as the count of all.
    """
    shown = seen(visit.service, visit.situation(), visit.identity)
    is_whole = site_wards(visit.service, site_id) <= set(visit.identity.wards)
    return shown if visit.identity.sees_all or is_whole else replace(shown, reports=None)


def edition(visit: Visit) -> Edition:
    """The edition for a visitor: public for those who do not work on reports."""
    audience: Audience = "internal" if visit.identity.role >= Role.WARD else "public"
    url = visit.service.settings.public_url
    return Edition(visit.words.lang, audience, public_url=url).with_environment()


def _served(visit: Visit, name: str, media_type: str, make: Callable[[], bytes]) -> Response:
    situation = visit.situation()
    state = (visit.city.slug, situation.day, situation.data_version, visit.service.today)
    key = ("dossier", name, state, visit.identity.audience, visit.words.lang)

    def answer() -> Answer:
        return made(make(), media_type, {"Content-Disposition": f'attachment; filename="{name}"'})

    return respond(visit.request, visit.service.answers.get(key, answer), private=visit.identity.who != "anonymous")
