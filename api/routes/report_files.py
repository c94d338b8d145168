"""Files of reports: read without writing anything, and written, all that is new in them or nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile

from api.core.problems import TooLargeError
from api.core.responses import made_json, respond
from api.resources.dependencies import IdentityNeed, RequestContextNeed, ServiceNeed
from api.resources.files.reports import KIND, MAX_BYTES, read_report_file, write_report_file
from api.schemas.submitted_geometries import OF_API
from api.security.identity import Identity
from geo.errors import InputError, Problem
from geo.files import scratch
from geo.importing.columns import read_mapped
from geo.importing.mappings import remember, with_remembered
from geo.importing.reports import ReportFile
from geo.importing.reports.columns import READ_COLUMNS
from geo.importing.tally import Decisions

router = APIRouter(prefix="/api/v1", tags=["records"])


class _Said:
    """What is said of a file: of its headings, its sheet, the coordinate system, and what to write of it."""

    def __init__(
        self,
        map: Annotated[list[str], Query(max_length=100, description="What a heading means: `Heading=field`.")] = [],  # noqa: B006  (FastAPI copies it)
        sheet: Annotated[str, Query(max_length=120, description="The sheet to read.")] = "",
        crs: Annotated[str | None, Query(max_length=2000, description="Coordinate system of the places.")] = None,
        again: Annotated[bool, Query(description="Write what is recorded already too.")] = False,
        repeated: Annotated[bool, Query(description="Write rows that repeat another too.")] = False,
        accept_changes: Annotated[
            bool, Query(description="Correct recorded reports whose row says otherwise whether they are verified.")
        ] = False,
    ) -> None:
        self.mapped = read_mapped(map, READ_COLUMNS, "map")
        self.sheet, self.crs = sheet, crs
        self.decided = Decisions(again, repeated, accept_changes)


_SaidNeed = Annotated[_Said, Depends(_Said)]


@router.post("/reports/files/reading")
def read_file_of_reports(context: RequestContextNeed, file: Annotated[UploadFile, File()], said: _SaidNeed) -> Response:
    """What a file of reports holds, what of it is recorded already, and what it says otherwise; nothing is recorded."""
    found = _read(context.service, context.identity, file, said, context.request)
    return respond(context.request, made_json(_document(found)), private=True)


@router.post("/reports/files", status_code=201)
def record_file_of_reports(
    service: ServiceNeed, identity: IdentityNeed, request: Request, file: Annotated[UploadFile, File()], said: _SaidNeed
) -> dict[str, Any]:
    """Record all reports of a file that are not recorded yet, in one step, or nothing.

    With `accept_changes` a report that is recorded already is corrected where its row says otherwise whether it is
    verified. What is said of headings is remembered for the office.
    """
    found = _read(service, identity, file, said, request)
    receipt = write_report_file(service, identity, found)
    remember(service.store, KIND, identity.actor, said.mapped)
    return _document(found) | {"recorded": receipt.count, "corrected": len(found.corrections)}


def _read(service: ServiceNeed, identity: Identity, file: UploadFile, said: _Said, request: Request) -> ReportFile:
    if not file.filename:
        raise InputError(Problem("service.no-upload", "file", path=request.url.path))
    name = re.sub(r"[^\w. -]", "_", file.filename)[-100:]
    data = file.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLargeError(Problem("importing.too-large", name, megabytes=MAX_BYTES // 1_000_000))
    mapped = with_remembered(service.store, KIND, identity.office, said.mapped)
    with scratch() as folder:
        path = folder / name
        path.write_bytes(data)
        found = read_report_file(service, identity, path, mapped, said.sheet, replace(OF_API, crs=said.crs))
    found.refuse()
    return found.deciding(said.decided)


def _document(found: ReportFile) -> dict[str, Any]:
    """What is to be written of a file, what is left out, and what to look at.

    `changes`: rows whose report is recorded already and which say otherwise whether it is verified, with its number;
    `again`, `repeated` and `accept_changes` decide of what is left out.
    """
    alike, shown = found.alike, found.summary
    changes = [
        {"row": found.rows[place], "report_id": alike.recorded[place], "verified": report.verified}
        for place, (_, report) in alike.changed.items()
    ]
    return {
        "name": found.name,
        "new": len(found.new),
        "known": len(alike.recorded),
        "repeated": len(found.repeated),
        "changes": changes,
        "counts": list(map(str, shown.counts)),
        "passed": list(map(str, shown.passed)),
        "notes": list(map(str, shown.notices)),
    }
