"""Reports from a file: read without writing first, shown, then written as shown (`api.web.base.table_imports`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.resources.files.reports import KIND, MAX_BYTES, read_report_file, write_report_file
from api.web.base.file_names import attached, what_of
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.base.table_imports import Shown, TableImport, import_routes
from api.web.base.table_uploads import Upload
from api.web.sites.view_models import term
from geo.files import scratch
from geo.importing.geometries import Question
from geo.importing.report_template import write_report_template
from geo.importing.reports import ReportFile
from geo.importing.reports.columns import READ_COLUMNS
from geo.importing.tally import Decisions, Summary
from geo.output.shared.formats import MEDIA_TYPES
from geo.records.entries import NewReport
from geo.records.kinds.report import report_wards

router = APIRouter(include_in_schema=False)

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would write: how many reports, by kind and by ward, the first rows.

    `known`: how many are recorded already; `repeated`: how many repeat another row; `changed`: how many of those
    that are recorded say otherwise whether they are verified.
    """

    name: str
    count: int
    known: int
    repeated: int
    changed: int
    first_day: str
    last_day: str
    kinds: tuple[tuple[str, int], ...]
    wards: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, str, str, str], ...]


@router.get("/upload")
def upload(context: PageContextNeed, written: str = "", changed: str = "") -> Response:
    """The form for a file."""
    counts = (count if count.isdigit() else "" for count in (written, changed))
    return _page(context, Shown(), *counts)


@router.get("/upload/template.{ending}")
def template(context: PageContextNeed, ending: Annotated[Literal["xlsx", "csv"], PathParameter()]) -> Response:
    """An empty file with the headings, what goes in each, and the terms to choose from."""
    with scratch() as folder:
        data = write_report_template(folder / f"template.{ending}").read_bytes()
    headers = attached(context, what_of(context, "reports"), ending, context.service.today)
    return Response(data, media_type=MEDIA_TYPES[ending], headers=headers)


def _read(context: PageContext, brought: Upload) -> ReportFile:
    """The reports of an uploaded file; those of a ward account must all lie in its own wards."""
    headings, question = brought.headings(context, KIND), Question.at_page(brought.crs)
    with brought.as_file() as path:
        return read_report_file(context.service, context.identity, path, headings, brought.sheet, question)


def _show(context: PageContext, found: ReportFile) -> tuple[Summary, Preview | None]:
    return found.summary, None if found.problems else _preview(context, found)


def _write(context: PageContext, _: Upload, found: ReportFile, decided: Decisions) -> dict[str, object]:
    """Write all new reports of the file, or none; as decided those that are there already, or repeat another, too."""
    chosen = found.deciding(decided)
    receipt = write_report_file(context.service, context.identity, chosen)
    return {"written": receipt.count, "changed": len(chosen.corrections) or ""}


def _page(context: PageContext, shown: Shown, written: str = "", changed: str = "") -> Response:
    arguments = _IMPORT.arguments(context, shown)
    return context.page("upload.html", **arguments, written=written, changed=changed, shown=_SHOWN)


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
        known=len(found.alike.recorded),
        repeated=len(found.repeated),
        changed=len(found.alike.changed),
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


_IMPORT = TableImport("/upload", KIND, MAX_BYTES, READ_COLUMNS, _read, _show, _write, _page)
router.include_router(import_routes(_IMPORT))
