"""The draft of a plan: what its file changes in the registers, and what of it is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.plans import PlanReading
from geo.importing.registers.changes import Papers
from geo.importing.registers.plan_changes import (
    PlanChanges,
    SiteRow,
    compared,
    entries_of_plan,
    said_of_phases,
    said_of_programme,
)
from geo.importing.registers.plan_counting import Counting
from geo.importing.registers.plan_register import said_of_lists, said_of_plan
from geo.importing.registers.plan_routes import Chosen, routes_of
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.spec import NewEntry
from geo.records.store import Store


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """The entries of a plan, by which papers, what it changes, and the rows that are left out.

    `problems`: why new sites have no route; `remarks`: that the plan is known already, wards that leave their phase,
    and what somebody should look at of how indicators are counted.
    """

    papers: Papers
    found: PlanChanges
    entries: Sequence[NewEntry]
    left: Sequence[SiteRow]
    problems: Sequence[Problem]
    remarks: Sequence[Message]


def with_head(
    reading: PlanReading, number: str = "", day: date | None = None, issuer: str = "", option: str = "--"
) -> PlanReading:
    """The reading with what the user says of the plan; `option` stands before the name of what is missing.

    Raises
    ------
    InputError
        The plan says no number, day, issuer or city, and nor does the user; it is of another city than the chosen one.
    """
    head = reading.head
    said = replace(head, number=number or head.number, day=day or head.day, issuer=issuer or head.issuer)
    options = (("number", said.number), ("day", said.day), ("issuer", said.issuer), ("city", said.city))
    refuse_other_city(reading, option)
    missing = [name for name, value in options if not value]
    if missing:
        several = [one for one in reading.remarks if one.code == "importing.plan-several-cities"]
        problems = [Problem("importing.plan-head-missing", f"{option}{name}") for name in missing]
        raise InputError([*problems, *(Problem(one.code, f"{option}city", **one.parameters) for one in several)])
    return replace(reading, head=said)


def refuse_other_city(reading: PlanReading, option: str = "--") -> None:
    """Refuse the plan of another city than the chosen one (`InputError`): somebody has to say which is meant."""
    for remark in reading.remarks:
        if remark.code == "importing.plan-other-city":
            raise InputError(Problem("importing.plan-of-other-city", f"{option}city", **remark.parameters))


def refuse_nothing_sure(entries: Sequence[NewEntry], found: PlanChanges, left: Sequence[SiteRow]) -> None:
    """Refuse a draft that would hold the plan alone while no row of it is sure (`InputError`)."""
    if any(row.state == "same" for row in found.sites):
        return
    open_rows = [row for row in left if row.state != "same"]
    if open_rows and all(isinstance(entry, NewPlan) for entry in entries):
        raise InputError(Problem("importing.plan-nothing-sure", "file", count=len(open_rows)))


def draft_of_plan(
    store: Store,
    reading: PlanReading,
    *,
    unsure: bool = False,
    choices: Mapping[str, str] = MappingProxyType({}),
    counting: Counting = MappingProxyType({}),
    places: Chosen = MappingProxyType({}),
) -> PlanDraft:
    """What a plan changes; rows that are not sure are left out unless they are wanted (`unsure`).

    `reading` is one that `with_head` returned; `choices`, `counting`, `places` and errors as `compared`, `recounted`
    and `routes_of`.
    """
    head = reading.head
    assert head.day is not None
    papers = Papers(head.day, f"Kế hoạch {head.number}", head.issuer)
    found = replace(compared(store, reading, head.day, choices), counting=counting)
    found_places = routes_of(found, places)
    entries, left = entries_of_plan(store, found, papers, unsure=unsure, routes=found_places.routes)
    refuse_nothing_sure(entries, found, left)
    remarks = (
        *said_of_plan(store, reading, head.day),
        *said_of_phases(found, unsure=unsure),
        *said_of_lists(store, reading, head.day),
        *said_of_programme(store, found, papers),
    )
    return PlanDraft(papers, found, entries, left, found_places.problems, remarks)
