"""The page of the units before July 2025: which wards of today took each over, whole or in part."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.resources.former_units import former_unit_rows
from api.web.base.page_context import PageContextNeed

router = APIRouter(include_in_schema=False)


@router.get("/units/former")
def former_units(
    context: PageContextNeed,
    q: Annotated[str, Query(max_length=200)] = "",
    district: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Former communes and wards of the city, by name and district."""
    register = context.service.register(context.city.slug)
    every = former_unit_rows(register, context.city.slug)
    rows = former_unit_rows(register, context.city.slug, q.strip(), district)
    districts = list(dict.fromkeys(row["district"] for row in every))
    return context.cached_page("former_units.html", rows=rows, districts=districts, q=q.strip(), district=district)
