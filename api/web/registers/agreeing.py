"""The border stretches of a site, for the form in which wards agree who answers for which."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
import shapely

from api.web.base.page_context import PageContext
from geo.analysis.border_stretches import BorderStretch, border_stretches
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.spatial.chainage import Chainage


@dataclass(frozen=True, slots=True)
class AgreeingLine:
    """A border stretch: chainages in whole metres, and the names of the wards beside it."""

    from_m: int
    to_m: int
    wards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreeing:
    """What the form shows: the border stretches, and as JSON the route (`[[lon, lat, metres]…]`)."""

    lines: tuple[AgreeingLine, ...]
    route: str


def agreeing(context: PageContext, site: NewSiteVersion) -> Agreeing | None:
    """The border stretches of a site's route; None for areas and points, of which no stretch can be agreed."""
    route = Chainage.of(shapely.from_geojson(site.geometry))
    if route is None:
        return None
    registers, index = context.service.ward_index(context.city.slug)
    names = registers.wards["full_name"].tolist()
    lines = tuple(_line(stretch, names) for stretch in border_stretches(route, index))
    points = zip(route.xy.round(7).tolist(), route.metres.round(2).tolist(), strict=True)
    return Agreeing(lines, orjson.dumps([[*place, metres] for place, metres in points]).decode())


def _line(stretch: BorderStretch, names: list[str]) -> AgreeingLine:
    return AgreeingLine(round(stretch.from_m), int(stretch.to_m), tuple(names[ward] for ward in stretch.wards))
