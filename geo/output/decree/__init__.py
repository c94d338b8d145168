"""Nghị định 30/2020/NĐ-CP as a model: types of document, how each element looks, which office signs in which form."""

from __future__ import annotations

from geo.output.decree.checklist import ELEMENTS, PAGE, Element
from geo.output.decree.offices import Office, city_office, ward_office
from geo.output.decree.types import TYPES, DocumentType, number_line

__all__ = [
    "ELEMENTS",
    "PAGE",
    "TYPES",
    "DocumentType",
    "Element",
    "Office",
    "city_office",
    "number_line",
    "ward_office",
]
