"""What the figures are made from, how true they are, and what is not stored."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.collections import collection
from api.web.facts import SiteLine, site_lines
from api.web.visit import VisitNeed
from geo import __version__
from geo.output.maps.layers import sources
from geo.reference.programmes import load_programme

router = APIRouter(include_in_schema=False)


@router.get("/about")
def about(visit: VisitNeed) -> Response:
    """Sources, accuracy, privacy, and how to get the data by program."""
    situation = visit.situation()
    rows = {row["site_id"]: row for row in collection("sites", situation).rows}
    lines: list[tuple[SiteLine, float, str]] = [
        (line, rows[line.site_id]["accuracy_m"], rows[line.site_id]["note"] or "")
        for line in site_lines(visit, situation)
    ]
    return visit.page(
        "about.html",
        situation=situation,
        sources=sources(situation),
        sites=lines,
        programme=load_programme(visit.city.programme),
        version=__version__,
    )
