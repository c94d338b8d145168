"""The page of the units before July 2025: which wards of today took each over, whole or in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.resources.city_finding import own_first
from api.resources.former_units import former_unit_rows
from api.web.base.page_context import PageContext, PageContextNeed
from geo.i18n.message import Message
from geo.reference.cities import city as city_named
from geo.reference.ward_names.former_units import same_district

router = APIRouter(include_in_schema=False)


@router.get("/units/former")
def former_units(
    context: PageContextNeed,
    q: Annotated[str, Query(max_length=200)] = "",
    district: Annotated[str, Query(max_length=100)] = "",
    city: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Former communes and wards of all cities or of one, by name and district; the server's own city first.

    A district that no chosen city has is left out of the choice: it stays from the city chosen before.
    """
    slugs = (context.city.slug,) if city else own_first(context.service, context.home)
    districts = {slug: _districts(context, slug) for slug in slugs}
    chosen = next((name for names in districts.values() for name in names if _is(name, district)), "")
    rows = [row for slug in slugs for row in _rows(context, slug, q.strip(), chosen)]
    return context.cached_page(
        "former_units.html",
        rows=rows,
        districts=[(_city_name(context, slug), names) for slug, names in districts.items()],
        names={slug: _city_name(context, slug) for slug in own_first(context.service, context.home)},
        q=q.strip(),
        district=chosen,
        chosen_city=context.city.slug if city else "",
    )


def _districts(context: PageContext, slug: str) -> Iterable[str]:
    return dict.fromkeys(row["district"] for row in former_unit_rows(context.service.register(slug), slug))


def _is(district: str, text: str) -> bool:
    return bool(text) and same_district(district, text)


def _rows(context: PageContext, slug: str, name: str, district: str) -> list[dict[str, Any]]:
    """The rows of a city, the side of each share in words."""
    rows = former_unit_rows(context.service.register(slug), slug, name, district)
    for heir in (heir for row in rows for heir in row["heirs"] if heir["side"]):
        heir["side"] = Message(f"reference.side.{heir['side']}").text(context.words.lang)
    return rows


def _city_name(context: PageContext, slug: str) -> str:
    city = city_named(slug)
    return city.name if context.words.lang == "vi" else city.name_en
