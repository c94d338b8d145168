"""What the figures are made from, how true they are, and what is not stored."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.resources.feature_collections import collection
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.view_models import SiteLine, site_lines
from geo import __version__
from geo.output.maps.drawing.layers import sources
from geo.output.shared.theme import theme
from geo.situation import Situation

router = APIRouter(include_in_schema=False)


def _sites_word(context: PageContext, situation: Situation) -> str:
    """What the programme calls its places, within a sentence."""
    text = context.words.pick(situation.programme.words.sites or theme().text("sites"))
    return text[:1].lower() + text[1:]


@router.get("/about")
def about(context: PageContextNeed) -> Response:
    """Sources, accuracy, privacy, and how to get the data by program."""
    situation = context.situation()
    rows = {row["site_id"]: row for row in collection("sites", situation).rows}
    lines: list[tuple[SiteLine, float, str]] = [
        (line, rows[line.site_id]["accuracy_m"], rows[line.site_id]["note"] or "")
        for line in site_lines(context, situation)
    ]
    return context.cached_page(
        "about.html",
        called=_sites_word(context, situation),
        situation=situation,
        sources=sources(situation, context.words.lang),
        sites=lines,
        programme=situation.programme,
        version=__version__,
    )
