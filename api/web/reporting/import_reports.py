"""Reports from a file: read without writing first, shown, then written as shown.

The file goes to the browser and back between the steps, so that nothing lies on the server that was not recorded; each
step reads and checks it anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Response, UploadFile
from fastapi import Path as PathParameter

from api.core.problems import ForbiddenError
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.base.problem_texts import problem_text
from api.web.base.table_uploads import (
    ACCEPTED,
    Heading,
    Sent,
    Several,
    ShownSummary,
    Upload,
    field_choices,
    headings_of,
    received,
    sent_back,
    shown_summary,
)
from api.web.sites.view_models import term
from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import scratch
from geo.importing.report_template import write_report_template
from geo.importing.reports import ReportFile, commit, examine_reports
from geo.importing.reports.columns import READ_COLUMNS
from geo.importing.tables import Limits
from geo.output.shared.formats import MEDIA_TYPES
from geo.records.entries import NewReport
from geo.records.kinds.report import report_wards
from geo.visibility import Role

router = APIRouter(include_in_schema=False)

MAX_BYTES = 8_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_LIMITS = Limits(
    max_bytes=MAX_BYTES, max_unpacked=128 * 1024 * 1024, max_rows=100_000, max_cells=5_000_000, max_strings=200_000
)
_SHOWN = 20
_KIND = "report"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would write: how many reports, by kind and by ward, the first rows; how many are `known` already."""

    name: str
    count: int
    known: int
    first_day: str
    last_day: str
    kinds: tuple[tuple[str, int], ...]
    wards: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of a file: the upload, its summary, what is wrong with it, the headings to ask about."""

    upload: Upload | None = None
    summary: ShownSummary | None = None
    preview: Preview | None = None
    problems: Sequence[Problem] = ()
    headings: tuple[Heading, ...] = ()


@router.get("/upload")
def upload(context: PageContextNeed, written: str = "") -> Response:
    """The form for a file."""
    return _page(context, Shown(), written=written if written.isdigit() else "")


@router.post("/upload")
def dry_run(context: PageContextNeed, file: UploadFile) -> Response:
    """What the file would write, or everything that is wrong with it; nothing is written."""
    try:
        return _show(context, received(file, MAX_BYTES))
    except InputError as error:
        return _page(context, Shown(problems=error.problems))


@router.post("/upload/check")
def check(
    context: PageContextNeed,
    name: Sent = "",
    content: Sent = "",
    heading: Several = [],  # noqa: B006  (FastAPI copies it)
    field: Several = [],  # noqa: B006
) -> Response:
    """The same file again, with what the visitor says of its headings; nothing is written."""
    return _show(context, sent_back(name, content, heading, field, MAX_BYTES))


@router.post("/upload/commit")
def write(
    context: PageContextNeed,
    name: Sent = "",
    content: Sent = "",
    heading: Several = [],  # noqa: B006
    field: Several = [],  # noqa: B006
    again: Sent = "",
) -> Response:
    """Write all new reports of the file that was shown, or none; with `again` those that are there already, too."""
    brought = sent_back(name, content, heading, field, MAX_BYTES)
    try:
        found = _read(context, brought)
        found = found.with_recorded() if again else found
        receipt = commit(context.service.store, found, context.identity.actor)
    except (InputError, DataFileMissingError) as error:
        return _page(context, Shown(brought, problems=error.problems))
    brought.remember(context, _KIND)
    return context.see("/upload", written=receipt.count)


@router.get("/upload/template.{ending}")
def template(ending: Annotated[Literal["xlsx", "csv"], PathParameter()]) -> Response:
    """An empty file with the headings, what goes in each, and the terms to choose from."""
    with scratch() as folder:
        data = write_report_template(folder / f"template.{ending}").read_bytes()
    name = f'attachment; filename="tin-bao.{ending}"'
    return Response(data, media_type=MEDIA_TYPES[ending], headers={"Content-Disposition": name})


def _show(context: PageContext, brought: Upload) -> Response:
    try:
        found = _read(context, brought)
    except (InputError, DataFileMissingError) as error:
        headings = headings_of(error, brought) if isinstance(error, InputError) else ()
        return _page(context, Shown(brought, problems=error.problems, headings=headings))
    summary = shown_summary(context, found.summary)
    preview = None if found.problems else _preview(context, found)
    return _page(context, Shown(brought, summary, preview, found.problems))


def _page(context: PageContext, shown: Shown, *, written: str = "") -> Response:
    problems: Iterable[Problem] = shown.problems[:200]
    return context.page(
        "upload.html",
        status=422 if shown.problems else 200,
        name=shown.upload.name if shown.upload else "",
        upload=shown.upload,
        summary=shown.summary,
        problems=[problem_text(problem, context.words.lang) for problem in problems],
        more=max(0, len(shown.problems) - 200),
        headings=shown.headings,
        fields=field_choices(context, READ_COLUMNS),
        preview=shown.preview,
        written=written,
        max_mb=MAX_BYTES // 1_000_000,
        accepted=ACCEPTED,
        shown=_SHOWN,
    )


def _read(context: PageContext, brought: Upload) -> ReportFile:
    """The reports of an uploaded file; those of a ward account must all lie in its own wards."""
    own = context.identity.wards if context.identity.role == Role.WARD else None
    with brought.as_file() as path:
        found = examine_reports(
            path, context.service.store, limits=_LIMITS, mapped=brought.headings(context, _KIND), wards=own
        )
    _require_own(context, found)
    return found


def _require_own(context: PageContext, found: ReportFile) -> None:
    if context.identity.role != Role.WARD:
        return
    codes = report_wards(found.reports, context.service.store.registers)
    foreign = sum(code not in context.identity.wards for code in codes)
    if foreign:
        own = [name for _, name in ward_names(context.identity.wards)]
        counts = {"count": foreign, "total": len(codes)}
        raise ForbiddenError(Problem("importing.foreign-reports", found.name, **counts, wards=own))


def _preview(context: PageContext, found: ReportFile) -> Preview:
    w, reports = context.words, found.new or found.reports
    codes = report_wards(reports, context.service.store.registers)
    names = dict(ward_names(sorted({code for code in codes if code})))
    days = [report.day for report in reports]
    kinds = Counter(term(context, "kind", report.kind) for report in reports)
    wards = Counter(names.get(code or "", w.text("upload.no_ward")) for code in codes)
    return Preview(
        name=found.name,
        count=len(found.new),
        known=len(found.reports) - len(found.new),
        first_day=w.day(min(days)),
        last_day=w.day(max(days)),
        kinds=tuple(kinds.most_common()),
        wards=tuple(wards.most_common()),
        rows=tuple(_row(context, r, names.get(c or "", "")) for r, c in zip(reports[:_SHOWN], codes, strict=False)),
    )


def _row(context: PageContext, report: NewReport, ward: str) -> tuple[str, str, str, str]:
    w = context.words
    place = f"{report.lon:.5f}, {report.lat:.5f}" if report.lon is not None and report.lat is not None else ""
    if report.site_id is not None:
        chainage = f", {w.metres(report.chainage_m)}" if report.chainage_m is not None else ""
        place = report.site_id + chainage
    return w.day(report.day), term(context, "kind", report.kind), place, ward
