"""A file of the programme's figures: shown before anything is written, then written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.web.base.file_names import attached, what_of
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.base.problem_texts import ProblemText, problem_text
from api.web.base.table_imports import Shown, TableImport, import_routes
from api.web.base.table_uploads import Upload
from api.web.coverage.access import chosen_period, city_level, periods
from api.web.coverage.entry_form import _phase_on, _require_own
from api.web.coverage.overview import label
from geo.importing.coverage import CoverageFile, examine_entries
from geo.importing.coverage.cells import COVERAGE_COLUMNS, COVERAGE_LIMITS
from geo.importing.coverage_commit import (
    Compared,
    Replaced,
    add_coverage,
    compare_coverage,
    coverage_entries,
    everything,
    new_and_changed,
)
from geo.importing.coverage_parts import unlike_parts
from geo.importing.tally import Decisions, Summary
from geo.output.shared.formats import MEDIA_TYPES
from geo.records.entries import NewCoverageEntry
from geo.records.programmes import programme_for
from geo.records.validation.privacy import screen
from geo.reference.programmes import Period
from geo.visibility import Role

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=60)]
MAX_BYTES = 4_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_SHOWN = 60
_KIND = "coverage_entry"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would write: new figures, changed ones (the first of both); those that are recorded already.

    `repeated`: how many repeat another figure of the file.
    """

    name: str
    new: int
    changed: int
    same: int
    repeated: int
    wards: int
    periods: str
    rows: tuple[tuple[str, ...], ...]
    changes: tuple[tuple[str, ...], ...]
    below: tuple[ProblemText, ...]


@router.get("/coverage/template.xlsx")
def template(context: PageContextNeed, period: Text = "") -> Response:
    """The workbook to fill: a ward account's own wards, or all; every column explained."""
    from geo.output.reports import template_xlsx

    situation = context.situation()
    wanted = chosen_period(context, situation, period)
    programme = programme_for(situation.programmes, wanted)
    wards = situation.wards
    if context.identity.role == Role.WARD:
        wards = wards[wards["code"].isin(context.identity.wards)]
    headers = attached(context, what_of(context, "figures", situation.city, str(wanted)), "xlsx", situation.day)
    return Response(template_xlsx(programme, wards, wanted), media_type=MEDIA_TYPES["xlsx"], headers=headers)


@router.get("/coverage/import")
def choose(context: PageContextNeed, period: Text = "", written: Text = "", same: Text = "") -> Response:
    """The form for a file."""
    counts = (written, same) if written.isdigit() and same.isdigit() else None
    return _import(context, Shown(), period, written=counts)


def _read(context: PageContext, brought: Upload) -> CoverageFile:
    """The figures of an uploaded file; those of a ward account must all be of its own wards."""
    programmes, register = context.situation().programmes, context.service.register(context.city.slug)
    mapped = brought.headings(context, _KIND)
    with brought.as_file() as path:
        found = examine_entries(
            path,
            programmes[-1],
            register,
            others=programmes[:-1],
            limits=replace(COVERAGE_LIMITS, seconds=context.service.settings.reader_seconds),
            screen=screen,
            mapped=mapped,
            sheet=brought.sheet,
            phase_on=_phase_on(context),
            office=context.identity.office,
        )
    _require_own(context, coverage_entries(found.frame), brought.name, found.rows)
    return found


def _show(context: PageContext, found: CoverageFile) -> tuple[Summary, Preview | None]:
    if found.problems:
        return found.summary(), None
    entries = coverage_entries(found.frame)
    compared = compare_coverage(context.service.store, entries)
    return found.summary(compared), _preview(context, found, entries, compared)


def _write(context: PageContext, brought: Upload, found: CoverageFile, decided: Decisions) -> dict[str, object]:
    """Write all that is new in the file, or nothing; as decided what is there already, or repeats another, too."""
    source = f"sha256:{hashlib.sha256(brought.data).hexdigest()[:32]}"
    choice = everything if decided.again else new_and_changed
    entries = coverage_entries(found.deciding(decided).written)
    receipt = add_coverage(context.service.store, entries, context.identity.actor, source=source, choice=choice)
    return {"written": str(receipt.count), "same": str(receipt.same)}


def _preview(context: PageContext, file: CoverageFile, entries: Sequence[NewCoverageEntry], found: Compared) -> Preview:
    written = new_and_changed(found)
    programmes, recorded = context.situation().programmes, context.service.store.coverage()
    below = [
        each
        for programme in programmes
        for each in unlike_parts(programme, recorded, [e for e in written if e.programme == programme.id])
    ]
    return Preview(
        name=file.name,
        new=len(found.new),
        changed=len(found.replaced),
        same=found.same,
        repeated=len(file.repeated),
        wards=len({entry.ward_code for entry in entries if entry.ward_code}),
        periods=", ".join(label(context, Period.parse(text)) for text in sorted({entry.period for entry in entries})),
        rows=tuple(_row(context, entry) for entry in found.new[:_SHOWN]),
        changes=tuple(_change(context, change) for change in found.replaced[:_SHOWN]),
        below=tuple(problem_text(each.problem, context.words.lang) for each in below[:_SHOWN]),
    )


def _row(context: PageContext, entry: NewCoverageEntry) -> tuple[str, ...]:
    """Place, entry id, period, value, document."""
    names = dict(ward_names([entry.ward_code] if entry.ward_code else []))
    place = names.get(entry.ward_code or "", city_level(context))
    period = label(context, Period.parse(entry.period))
    return place, entry.indicator, period, context.words.number(entry.value), entry.document


def _change(context: PageContext, change: Replaced) -> tuple[str, ...]:
    """As `_row`, with what is recorded now, and a word where that goes on to count."""
    w = context.words
    old = f"{w.number(change.value)} ({w.day(change.day)}, {change.document})"
    return *_row(context, change.entry), old, "" if change.counts else w.text("coverage.later_counts")


def _import(
    context: PageContext, shown: Shown, period: str = "", *, written: tuple[str, str] | None = None
) -> Response:
    situation = context.situation()
    wanted = chosen_period(context, situation, period)
    return context.page(
        "coverage_import.html",
        programme=programme_for(situation.programmes, wanted),
        period=wanted,
        period_label=label(context, wanted),
        periods=[(str(each), label(context, each)) for each in periods(context, situation)],
        written=written,
        **_IMPORT.arguments(context, shown),
    )


_IMPORT = TableImport("/coverage/import", _KIND, MAX_BYTES, COVERAGE_COLUMNS, _read, _show, _write, _import)
router.include_router(import_routes(_IMPORT))
