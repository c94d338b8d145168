"""The documents as HTML pages, small and without any script; every value is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import shapely
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from api.core.responses import HTML, Answer, made
from api.http.response_cache import language_cookie
from api.ogc.item_pages import Form
from api.resources.feature_collections import Collection, Rows
from geo.i18n.language import DEFAULT, LANGS, Lang, current
from geo.i18n.message import Message

_WIDTH = 640.0


def page(template: str, headers: dict[str, str] | None = None, **values: Any) -> Answer:
    """The page of a template of `api/ogc/templates`, in the language of the context."""
    values |= {"lang": current(), "t": _said}
    return made(_environment().get_template(template).render(**values), HTML, headers)


def language_of(request: Request, form: Form) -> Lang:
    """The language of a document: pages in the one that was chosen, what programs read in English for all."""
    wish = language_cookie(request.scope)
    return next((lang for lang in LANGS if lang == wish), DEFAULT) if form == "html" else "en"


def _said(key: str, **values: Any) -> str:
    return str(Message(f"ogc.{key}", **values))


def drawing(found: Collection, chosen: Rows) -> dict[str, Any]:
    """The outlines of items as paths of an SVG drawing: `width`, `height`, `paths` (one an item, with its `name`).

    Items without a place, as records often are, have no path.
    """
    placed = ~(shapely.is_missing(found.geometries[chosen]) | shapely.is_empty(found.geometries[chosen]))
    chosen = chosen[placed]
    shapes = shapely.simplify(found.geometries[chosen], 0.0005)
    if not chosen.size:
        return {"width": 1, "height": 1, "paths": []}
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    # A degree of longitude is shorter than one of latitude here (cos 21°).
    scale = _WIDTH / max((east - west) * 0.934, (north - south), 1e-6)
    paths = [
        {"name": str(found.rows[row].get("name") or found.rows[row][found.key]), "d": _path(shape, west, north, scale)}
        for row, shape in zip(chosen.tolist(), shapes, strict=True)
    ]
    width, height = (east - west) * 0.934 * scale, (north - south) * scale
    return {"width": round(max(width, 1)), "height": round(max(height, 1)), "paths": paths}


def _path(shape: Any, west: float, north: float, scale: float) -> str:
    parts = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            xy = [(round((x - west) * 0.934 * scale, 1), round((north - y) * scale, 1)) for x, y in ring.coords]
            closed = "Z" if part.geom_type == "Polygon" else ("h0" if part.geom_type == "Point" else "")
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in xy) + closed)
    return "".join(parts)


def shown(value: Any) -> str:
    """A value as it stands in a cell of a page."""
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return "" if value is None else str(value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.ogc"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    return environment
