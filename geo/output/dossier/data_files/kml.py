"""A site as KML 2.2 for Google Earth, in the colours of the maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.output.dossier.data_files.gpkg import site_facts
from geo.output.dossier.documents.site_sections import border, ward_chainage
from geo.output.dossier.documents.sources import source_lines
from geo.output.dossier.view import SiteView
from geo.output.maps.drawing.cards import rows
from geo.output.shared.theme import AreaStyle, LineStyle, stretch_styles, theme

_DECIMALS = 7
_OPAQUE, _GLASS = "ff", "66"


def kml(site: SiteView) -> bytes:
    """The site's stretches, route and wards as KML (UTF-8), coordinates in WGS 84."""
    w = site.view.words
    folders = (
        _folder(w.pick(theme().text("wards")), _wards(site), shown=True),
        _folder(
            w.pick(site.view.situation.programme.words.sites or theme().text("sites")), [_route(site)], shown=False
        ),
        _folder(w.pick(theme().text("stretches")), _stretches(site), shown=True),
    )
    title = w.text("subject_dossier", number=site.number, name=site.name)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(title)}</name>{_description(_about(site))}"
        f"{''.join(_styles(site))}{''.join(folders)}</Document></kml>\n"
    ).encode()


def _about(site: SiteView) -> str:
    """For whom it is, from which data and sources, under which licence."""
    w = site.view.words
    first = w.text(f"notice_{site.view.edition.audience}")
    return "\n".join((first, *source_lines(site), w.text("rights")))


def _styles(site: SiteView) -> Iterable[str]:
    look = theme()
    yield _line_style("site", look.lines[str(site.row.level)])
    lines = stretch_styles(np.array([row.geometry for row in site.stretches], dtype=object))
    for rank, line in enumerate(lines):
        yield _line_style(f"stretch-{rank}", line)
    for name in site.view.situation.programme.phase_ids:
        yield _area_style(f"ward-{name}", look.areas[name])


def _line_style(name: str, style: LineStyle) -> str:
    return (
        f'<Style id="{name}"><IconStyle><color>{_colour(style.colour, _OPAQUE)}</color></IconStyle>'
        f"<LineStyle><color>{_colour(style.colour, _OPAQUE)}</color><width>{style.width:g}</width></LineStyle>"
        f"<PolyStyle><color>{_colour(style.colour, _GLASS)}</color></PolyStyle></Style>"
    )


def _area_style(name: str, style: AreaStyle) -> str:
    return (
        f'<Style id="{name}"><LineStyle><color>{_colour(style.stroke, _OPAQUE)}</color>'
        f"<width>{style.width:g}</width></LineStyle>"
        f"<PolyStyle><color>{_colour(style.fill, _GLASS)}</color></PolyStyle></Style>"
    )


def _colour(colour: str, alpha: str) -> str:
    """KML turns colours round: alpha, blue, green, red."""
    return alpha + colour[5:7] + colour[3:5] + colour[1:3]


def _folder(name: str, marks: Iterable[str], *, shown: bool) -> str:
    return f"<Folder><name>{escape(name)}</name><visibility>{int(shown)}</visibility>{''.join(marks)}</Folder>"


def _route(site: SiteView) -> str:
    facts = site_facts(site)
    facts["site_name"] = facts.pop("name")  # the placemark's own has the number before it
    title = f"{site.number} {site.name}"
    return _mark(title, "", "site", site.row.geometry, key=site.id, facts=facts)


def _stretches(site: SiteView) -> Iterable[str]:
    w, view = site.view.words, site.view
    for rank, row in enumerate(site.stretches):
        facts = (
            f"{w.text('head_length')}: {site.extent(row)} ({site.share(row)})",
            f"{w.text('head_stretches')}: {ward_chainage(site, row)}",
            f"{w.text('head_border')}: {border(site, row)}",
        )
        yield _mark(view.name(row.ward_code), "\n".join(facts), f"stretch-{rank}", row.geometry)


def _wards(site: SiteView) -> Iterable[str]:
    wards = site.view.situation.wards
    here = wards[wards["code"].astype(str).isin([row.ward_code for row in site.stretches])]
    for row in rows(here):
        yield _mark(str(row.full_name), "", f"ward-{row.phase}", row.geometry)


def _mark(
    name: str,
    about: str,
    style: str,
    geometry: BaseGeometry,
    *,
    key: str = "",
    facts: Mapping[str, Any] | None = None,
) -> str:
    """A placemark; `key` is its id, by which readers know a site again, `facts` what it says in fields."""
    description = _description(about) if about else ""
    parts = [_geometry(part) for part in shapely.get_parts(geometry)]
    shape = parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"
    begin = f"<Placemark id={quoteattr(key)}>" if key else "<Placemark>"
    head = f"{begin}<name>{escape(name)}</name>{description}<styleUrl>#{style}</styleUrl>"
    return f"{head}{_fields(facts or {})}{shape}</Placemark>"


def _fields(facts: Mapping[str, Any]) -> str:
    data = [
        f"<Data name={quoteattr(name)}><value>{escape(str(value))}</value></Data>"
        for name, value in facts.items()
        if value not in (None, "")
    ]
    return f"<ExtendedData>{''.join(data)}</ExtendedData>" if data else ""


def _description(text: str) -> str:
    """Lines of text as a description. Google Earth shows those as HTML, so signs are escaped for it, then for XML."""
    return f"<description>{escape(escape(text).replace(chr(10), '<br>'))}</description>"


def _geometry(part: BaseGeometry) -> str:
    if part.geom_type == "Point":
        return f"<Point>{_coordinates(part)}</Point>"
    if part.geom_type == "Polygon":
        outer, *inner = shapely.get_rings(part)
        holes = "".join(f"<innerBoundaryIs><LinearRing>{_coordinates(r)}</LinearRing></innerBoundaryIs>" for r in inner)
        edge = f"<outerBoundaryIs><LinearRing>{_coordinates(outer)}</LinearRing></outerBoundaryIs>"
        return f"<Polygon><tessellate>1</tessellate>{edge}{holes}</Polygon>"
    return f"<LineString><tessellate>1</tessellate>{_coordinates(part)}</LineString>"


def _coordinates(part: BaseGeometry) -> str:
    pairs = shapely.get_coordinates(part).round(_DECIMALS).tolist()
    return f"<coordinates>{' '.join(f'{x:.{_DECIMALS}f},{y:.{_DECIMALS}f}' for x, y in pairs)}</coordinates>"
