"""What a JSON document says of features that it does not hold: services answer in pages, and a page looks whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.i18n.message import Message

_COUNTS = ("numberMatched", "totalFeatures")
_EXCEEDED = "exceededTransferLimit"
"""What services of Esri's say, beside the features or among the properties of their collection."""
CODES = ("importing.part-of-more", "importing.page-of-more")


def parts_of_more(documents: Sequence[Any]) -> tuple[Message, ...]:
    """That the documents of a file are but some pages of an answer; nothing where they say no such thing."""
    pages = [each for each in documents if isinstance(each, dict) and isinstance(each.get("features"), list)]
    if not pages or len(pages) < len(documents):
        return ()
    count = sum(len(page["features"]) for page in pages)
    total = max((_total(page) for page in pages), default=0)
    if total > count:
        return (Message("importing.part-of-more", count=count, total=total),)
    return (Message("importing.page-of-more", count=count),) if not total and all(map(_goes_on, pages)) else ()


def _total(page: Mapping[str, Any]) -> int:
    numbers = [page.get(name) for name in _COUNTS]
    return max((number for number in numbers if isinstance(number, int)), default=0)


def _goes_on(page: Mapping[str, Any]) -> bool:
    links, properties = page.get("links"), page.get("properties")
    has_next = isinstance(links, list) and any(isinstance(link, dict) and link.get("rel") == "next" for link in links)
    said = (page.get(_EXCEEDED), properties.get(_EXCEEDED) if isinstance(properties, dict) else None)
    return has_next or True in said
