"""Reports from a file: read without writing first, shown, then written as shown.

The file goes to the browser and back between the two steps, so that nothing lies on the server that was not recorded;
the second step reads and checks it anew.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response, UploadFile
from fastapi import Path as PathParameter

from api.core.problems import ForbiddenError, QueryError, TooLargeError
from api.security.identity import Role
from api.web.base.error_translations import translated
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.sites.view_models import term
from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import scratch
from geo.importing.report_template import write_report_template
from geo.importing.reports import ReportFile, commit, read_reports
from geo.importing.tables import Limits
from geo.records.model.entries import NewReport
from geo.records.validation.entry_checks import report_wards

router = APIRouter(include_in_schema=False)

MAX_BYTES = 8_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_LIMITS = Limits(max_bytes=MAX_BYTES, max_unpacked=128 * 1024 * 1024, max_rows=100_000)
_SHOWN = 20
_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would write: how many reports, by kind and by ward, the first rows, and the file for the way back."""

    name: str
    count: int
    first_day: str
    last_day: str
    kinds: tuple[tuple[str, int], ...]
    wards: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    content: str


@router.get("/upload")
def upload(context: PageContextNeed, written: str = "") -> Response:
    """The form for a file."""
    return _page(context, written=written if written.isdigit() else "")


@router.post("/upload")
def dry_run(context: PageContextNeed, file: UploadFile) -> Response:
    """What the file would write, or everything that is wrong with it; nothing is written."""
    data, name = file.file.read(MAX_BYTES + 1), Path(file.filename or "").name[:120]
    try:
        found = _read(context, name, data)
    except (InputError, DataFileMissingError) as error:
        return _page(context, name=name, problems=error.problems)
    return _page(context, name=name, preview=_preview(context, found, data))


@router.post("/upload/commit")
def write(
    context: PageContextNeed, name: Annotated[str, Form()] = "", content: Annotated[str, Form()] = ""
) -> Response:
    """Write all reports of the file that was shown, or none."""
    try:
        data = urlsafe_b64decode(content.encode("ascii"))
        receipt = commit(context.service.store, _read(context, Path(name).name[:120], data), context.identity.actor)
    except (Base64Error, UnicodeEncodeError):
        raise QueryError(Problem("is damaged", "content", "choose the file again")) from None
    except (InputError, DataFileMissingError) as error:
        return _page(context, name=name, problems=error.problems)
    return context.see("/upload", written=receipt.count)


@router.get("/upload/template.{ending}")
def template(ending: Annotated[Literal["xlsx", "csv"], PathParameter()]) -> Response:
    """An empty file with the headings, what goes in each, and the terms to choose from."""
    with scratch() as folder:
        data = write_report_template(folder / f"template.{ending}").read_bytes()
    name = f'attachment; filename="tin-bao.{ending}"'
    return Response(data, media_type=_TYPES[ending], headers={"Content-Disposition": name})


def _page(
    context: PageContext,
    *,
    name: str = "",
    problems: Iterable[Problem] = (),
    preview: Preview | None = None,
    written: str = "",
) -> Response:
    told = [translated(problem, context.words.lang) for problem in problems]
    return context.page(
        "upload.html",
        status=422 if told else 200,
        name=name,
        problems=told[:200],
        more=max(0, len(told) - 200),
        preview=preview,
        written=written,
        max_mb=MAX_BYTES // 1_000_000,
        shown=_SHOWN,
    )


def _read(context: PageContext, name: str, data: bytes) -> ReportFile:
    """The reports of an uploaded file; those of a ward account must all lie in its own wards."""
    if len(data) > MAX_BYTES:
        raise TooLargeError(Problem("is larger than 8 MB", name, "split it into several files"))
    if not name:
        raise InputError(Problem("is missing", "file", "choose a file"))
    with scratch() as folder:
        path = folder / re.sub(r"[^\w. -]", "_", name)[-100:]
        path.write_bytes(data)
        found = read_reports(path, context.service.store, limits=_LIMITS)
    _require_own(context, found)
    return found


def _require_own(context: PageContext, found: ReportFile) -> None:
    if context.identity.role != Role.WARD:
        return
    codes = report_wards(found.reports, context.service.store.registers)
    foreign = sum(code not in context.identity.wards for code in codes)
    if foreign:
        own = ", ".join(name for _, name in ward_names(context.identity.wards))
        what = f"{foreign} of {len(codes)} reports lie in another ward than {own}"
        raise ForbiddenError(Problem(what, found.name, "leave them to that ward, or to the city"))


def _preview(context: PageContext, found: ReportFile, data: bytes) -> Preview:
    w, reports = context.words, found.reports
    codes = report_wards(reports, context.service.store.registers)
    names = dict(ward_names(sorted({code for code in codes if code})))
    days = [report.day for report in reports]
    kinds = Counter(term(context, "kind", report.kind) for report in reports)
    wards = Counter(names.get(code or "", w.text("upload.no_ward")) for code in codes)
    return Preview(
        name=found.name,
        count=len(reports),
        first_day=w.day(min(days)),
        last_day=w.day(max(days)),
        kinds=tuple(kinds.most_common()),
        wards=tuple(wards.most_common()),
        rows=tuple(_row(context, r, names.get(c or "", "")) for r, c in zip(reports[:_SHOWN], codes, strict=False)),
        content=urlsafe_b64encode(data).decode("ascii"),
    )


def _row(context: PageContext, report: NewReport, ward: str) -> tuple[str, str, str, str]:
    w = context.words
    place = f"{report.lon:.5f}, {report.lat:.5f}" if report.lon is not None and report.lat is not None else ""
    if report.site_id is not None:
        chainage = f", {w.metres(report.chainage_m)}" if report.chainage_m is not None else ""
        place = report.site_id + chainage
    return w.day(report.day), term(context, "kind", report.kind), place, ward
