"""Object permissions: a ward account writes about its own wards alone, in new rows and in those that it corrects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, cast

from api.core.problems import ForbiddenError
from api.core.service import Service
from api.security.identity import Identity
from geo.analysis.flags.flag import Flag
from geo.analysis.reconcile import reconcile
from geo.errors import Problem, UnknownNameError
from geo.i18n.message import Message
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
from geo.visibility import Role
from geo.visibility.flags import visible_flag
from geo.visibility.policy import KINDS, WardField
from geo.visibility.rows import answering_wards

_KIND_OF: Mapping[type[Any], EntryKind] = {
    NewAssessment: "assessment",
    NewReview: "review",
    NewReport: "report",
    NewVerification: "verification",
    NewCoverageEntry: "coverage_entry",
    NewFlagEvent: "flag_event",
}


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
    kind, record = _KIND_OF[type(entry)], asdict(entry)
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
        registers = load_registers(city.slug)
        found = answering_wards(reconcile(registers.sites, registers.crossings))
        if site_id in found:
            return found[site_id]
    return frozenset()


def flag_named(service: Service, flag_id: str) -> Flag | None:
    """The flag of today with this id, or with this id of its events; None if no city has one."""
    for city in cities():
        for flag in service.situation(city=city.slug).flags or ():
            if flag_id in (flag.flag_id, flag.event_id):
                return flag
    return None


def known_flag(service: Service, flag_id: str, identity: Identity) -> Flag:
    """The flag of today with this id; errors as for one that does not exist where the identity may not know of it.

    Raises
    ------
    UnknownNameError
        There is none that the identity may know of.
    """
    flag = flag_named(service, flag_id)
    if flag is None or visible_flag(flag, identity.viewer) is None:
        raise UnknownNameError("flag", flag_id[:130], [])
    return flag


def _require(service: Service, identity: Identity, kind: EntryKind, record: Mapping[str, Any]) -> None:
    own, wards = frozenset(identity.wards), concerned(service, kind, record)
    allowed = wards <= own if KINDS[kind].every else bool(wards & own)
    if not (wards and allowed):
        kind_of_record = Message(f"security.kind-{kind.replace('_', '-')}")
        raise ForbiddenError(Problem("security.another-ward", kind_of_record, wards=identity.wards))


def concerned(service: Service, kind: EntryKind, record: Mapping[str, Any]) -> frozenset[str]:
    """The wards that a record is about, by the policy of its kind; none where it is about no ward or an unknown one.

    Raises
    ------
    UnknownRowError
        It names a report that does not exist.
    """
    name = KINDS[kind].concerns
    return _WARDS[name](service, record[name])


def _one(_: Service, code: object) -> frozenset[str]:
    return frozenset((code,)) if isinstance(code, str) else frozenset()


def _of_report(service: Service, report_id: int) -> frozenset[str]:
    return _one(service, _row(service, "report", report_id)["ward_code"])


def _of_flag(service: Service, flag_id: str) -> frozenset[str]:
    flag = flag_named(service, flag_id)
    return frozenset(code for code, _ in flag.wards) if flag else frozenset()


def _row(service: Service, kind: EntryKind, row_id: int) -> Mapping[str, Any]:
    found = service.store.history(kind, id=row_id)
    if found.empty:
        raise UnknownRowError(kind, str(row_id))
    return cast("Mapping[str, Any]", found.iloc[0].to_dict())


_WARDS: Mapping[WardField, Callable[[Service, Any], frozenset[str]]] = {
    "ward_code": _one,
    "wards": lambda _, codes: frozenset(codes),
    "site_id": site_wards,
    "report_id": _of_report,
    "flag_id": _of_flag,
}
