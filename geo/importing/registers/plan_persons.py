"""What a plan prints about persons: named, and not taken over until somebody changes the words.

Indicators that name somebody are left out where they are read (`geo.importing.plans.lists.indicators`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from geo.i18n.message import Message, listed
from geo.importing.plans import PlanReading, PlanSite
from geo.records.validation.privacy import screen

_HEAD = ("title", "issuer")
"""What a plan says of itself in words of its own."""


def without_persons(reading: PlanReading) -> tuple[PlanReading, tuple[Message, ...]]:
    """The reading without a title or an issuer that is about a person, and that it is left out, with the reasons.

    Sites stay: what is taken over of a row is known only beside the register (`said_of_persons`).
    """
    private = {name: codes for name in _HEAD if (codes := screen(getattr(reading.head, name)))}
    said = (Message(f"importing.plan-private-{name}", reasons=_named(codes)) for name, codes in private.items())
    blank: dict[str, Any] = dict.fromkeys(private, "")
    return replace(reading, head=replace(reading.head, **blank)), tuple(said)


def said_of_persons(site: PlanSite) -> tuple[Message, ...]:
    """Why a row can't be taken over; () where its name and place are about no person."""
    found = [code for text in (site.name, site.place) for code in screen(text)]
    return (Message("importing.plan-private-row", reasons=_named(found)),) if found else ()


def _named(codes: Iterable[str]) -> Message:
    found: Message = listed([Message(code) for code in dict.fromkeys(codes)])
    return found
