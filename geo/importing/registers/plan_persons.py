"""What a plan prints about persons: named, and not taken over until somebody changes the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geo.i18n.message import Message, listed
from geo.importing.plans import PlanIndicator, PlanReading, PlanSite
from geo.records.validation.privacy import screen
from geo.records.validation.texts_within import texts_within

HEAD = ("title", "issuer")
"""What a plan says of itself in words of its own."""


def without_persons(reading: PlanReading) -> tuple[PlanReading, tuple[Message, ...]]:
    """The reading without the texts of its programme that are about persons, and what was left out with the reasons.

    Sites stay: what is taken over of a row is known only beside the register (`said_of_persons`).
    """
    head = reading.head
    private = {name: reasons for name in HEAD if (reasons := screen(getattr(head, name)))}
    said = [Message(f"importing.plan-private-{name}", reasons=_named(codes)) for name, codes in private.items()]
    kept: list[PlanIndicator] = []
    for order, indicator in enumerate(reading.indicators, 1):
        own, more = _without(indicator, str(order))
        kept += own
        said += more
    made = replace(head, **dict.fromkeys(private, ""))
    return replace(reading, head=made, indicators=tuple(kept)), tuple(said)


def said_of_persons(site: PlanSite) -> tuple[Message, ...]:
    """Why a row can't be taken over; () where its name and place are about no person."""
    found = [code for text in (site.name, site.place) for code in screen(text)]
    return (Message("importing.plan-private-row", reasons=_named(found)),) if found else ()


def _without(indicator: PlanIndicator, order: str) -> tuple[list[PlanIndicator], list[Message]]:
    own = replace(indicator, items=()).document()
    found = [code for _, text in texts_within(own) for code in screen(text)]
    if found:
        number = indicator.number or order
        return [], [Message("importing.plan-private-indicator", number=number, reasons=_named(found))]
    parts = [_without(item, f"{order}.{at}") for at, item in enumerate(indicator.items, 1)]
    kept = tuple(item for items, _ in parts for item in items)
    return [replace(indicator, items=kept)], [message for _, said in parts for message in said]


def _named(codes: Iterable[str]) -> Message:
    return listed([Message(code) for code in dict.fromkeys(codes)])
