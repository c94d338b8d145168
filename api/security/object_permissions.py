"""Whose ward is it? A ward account writes about its own wards alone, in new rows and in those that it corrects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from api.core.problems import ForbiddenError
from api.core.service import Service
from api.security.identity import Identity, Role
from geo.analysis.flags.flag import Flag
from geo.analysis.reconcile import reconcile
from geo.errors import Problem
from geo.records.model.entries import (
    EntryKind,
    NewAssessment,
    NewCoverageEntry,
    NewEntry,
    NewFlagEvent,
    NewReport,
    NewReview,
    NewVerification,
)
from geo.records.model.errors import UnknownRowError
from geo.records.validation.entry_checks import report_wards
from geo.reference.cities import cities
from geo.situation import load_registers

KINDS: dict[type[Any], EntryKind] = {
    NewAssessment: "assessment",
    NewReview: "review",
    NewReport: "report",
    NewVerification: "verification",
    NewCoverageEntry: "coverage_entry",
    NewFlagEvent: "flag_event",
}


@dataclass(frozen=True, slots=True)
class Concerned:
    """The wards that a write is about; `all_needed`: whether an account must answer for every one, or for any."""

    wards: frozenset[str]
    all_needed: bool

    def within(self, own: frozenset[str]) -> bool:
        """Whether an account with these wards may write it."""
        if not self.wards:
            return False
        return self.wards <= own if self.all_needed else bool(self.wards & own)


def require_own(service: Service, identity: Identity, entry: NewEntry, corrects: int | None = None) -> None:
    """Refuse a write of a ward account about another ward.

    Raises
    ------
    ForbiddenError
        The entry, or the row that it corrects, is about a ward that is not the account's own.
    UnknownRowError
        There is no row to correct.
    """
    if identity.role != Role.WARD:
        return
    kind, record = KINDS[type(entry)], asdict(entry)
    if isinstance(entry, NewReport):
        record["ward_code"] = report_wards([entry], service.store.registers)[0]
    _require(service, identity, kind, record)
    if corrects is not None:
        require_own_row(service, identity, kind, corrects)


def require_own_row(service: Service, identity: Identity, kind: EntryKind, row_id: int) -> None:
    """Refuse a ward account the row of another ward; errors as `require_own`."""
    if identity.role == Role.WARD:
        _require(service, identity, kind, _row(service, kind, row_id))


def site_wards(_: Service, site_id: str) -> frozenset[str]:
    """The wards that answer for a site: crossed for more than a sliver, or declared; none for an unknown site."""
    for city in cities():
        ground = load_registers(city.slug)
        for agreement in reconcile(ground.sites, ground.crossings):
            if agreement.site_id == site_id:
                return frozenset((*agreement.confirmed, *agreement.undeclared, *agreement.declared))
    return frozenset()


def flag_named(service: Service, flag_id: str) -> Flag | None:
    """The flag of today with this id, or with this id of its events; None if no city has one."""
    for city in cities():
        for flag in service.situation(city=city.slug).flags or ():
            if flag_id in (flag.flag_id, flag.event_id):
                return flag
    return None


def _require(service: Service, identity: Identity, kind: EntryKind, record: Mapping[str, Any]) -> None:
    if not _CONCERNED[kind](service, record).within(frozenset(identity.wards)):
        what = f"this is about another ward than {', '.join(identity.wards)}"
        raise ForbiddenError(Problem(what, kind.replace("_", " "), "leave it to that ward, or to the city"))


def _assessment(service: Service, record: Mapping[str, Any]) -> Concerned:
    return Concerned(site_wards(service, record["site_id"]), all_needed=False)


def _review(_: Service, record: Mapping[str, Any]) -> Concerned:
    return Concerned(frozenset(record["wards"]), all_needed=True)


def _one_ward(_: Service, record: Mapping[str, Any]) -> Concerned:
    code = record["ward_code"]
    return Concerned(frozenset((code,)) if isinstance(code, str) else frozenset(), all_needed=True)


def _verification(service: Service, record: Mapping[str, Any]) -> Concerned:
    return _one_ward(service, _row(service, "report", record["report_id"]))


def _flag(service: Service, record: Mapping[str, Any]) -> Concerned:
    flag = flag_named(service, record["flag_id"])
    return Concerned(frozenset(code for code, _ in flag.wards) if flag else frozenset(), all_needed=False)


def _row(service: Service, kind: EntryKind, row_id: int) -> Mapping[str, Any]:
    found = service.store.history(kind, id=row_id)
    if found.empty:
        raise UnknownRowError(kind, str(row_id))
    return cast("Mapping[str, Any]", found.iloc[0].to_dict())


_CONCERNED: dict[EntryKind, Callable[[Service, Mapping[str, Any]], Concerned]] = {
    "assessment": _assessment,
    "review": _review,
    "report": _one_ward,
    "verification": _verification,
    "coverage_entry": _one_ward,
    "phase_change": lambda _, __: Concerned(frozenset(), all_needed=True),
    "flag_event": _flag,
}
