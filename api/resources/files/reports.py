"""Reports from a file, as the page and the interface take them: read for an account, and written as it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from api.core.problems import ForbiddenError
from api.core.service import Service
from api.resources.city_finding import all_wards
from api.security.identity import Identity
from api.security.object_permissions import city_names, own_numbers, require_own_row
from geo.errors import Problem
from geo.importing.geometries import Question
from geo.importing.reports import ReportFile, commit, examine_reports
from geo.importing.tables import Limits
from geo.importing.where import number_list
from geo.records.entries import BatchReceipt
from geo.records.kinds.registry import kind
from geo.records.kinds.report import report_wards
from geo.records.model.errors import UnknownRowError

MAX_BYTES = 8_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
KIND = "report"
_LIMITS = Limits(
    max_bytes=MAX_BYTES, max_unpacked=128 * 1024 * 1024, max_rows=100_000, max_cells=5_000_000, max_strings=200_000
)


def read_report_file(
    service: Service, identity: Identity, path: Path, mapped: Mapping[str, str], sheet: str, question: Question
) -> ReportFile:
    """What a file of reports holds; those of a ward account must all lie in its own wards.

    Raises
    ------
    InputError, PrivacyError
        As `geo.importing.reports.examine_reports`.
    ForbiddenError, UnknownRowError
        Rows lie elsewhere, or name reports that the account may not read.
    """
    found = examine_reports(
        path,
        service.store,
        limits=replace(_LIMITS, seconds=service.settings.reader_seconds),
        mapped=mapped,
        sheet=sheet,
        wards=identity.bounds,
        question=question,
    )
    _require_own(service, identity, found)
    return found


def write_report_file(service: Service, identity: Identity, found: ReportFile) -> BatchReceipt:
    """Write all new reports of a file and what it is decided to correct, or nothing; errors as `commit`."""
    for number, report in found.corrections:
        require_own_row(service, identity, KIND, number, reason=report.note)
    return commit(service.store, found, identity.actor)


def _require_own(service: Service, identity: Identity, found: ReportFile) -> None:
    bounds = identity.bounds
    if bounds is None:
        return
    codes = report_wards(found.reports, service.store.registers)
    foreign = [row for row, code in zip(found.rows, codes, strict=True) if code not in bounds]
    if foreign:
        own = city_names(identity) or [all_wards()[code][1] for code in identity.wards if code in all_wards()]
        counts = {"count": len(foreign), "total": len(codes), "rows": number_list(foreign)}
        raise ForbiddenError(Problem("importing.foreign-reports", found.name, **counts, wards=own))
    linked = {report.same_as for report in found.reports if report.same_as is not None}
    hidden = linked - own_numbers(service, identity, KIND) if linked else set()
    if hidden:
        raise UnknownRowError(kind(KIND).shown, str(min(hidden)))
