"""A file of the programme's figures: shown before anything is written, then written whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response, UploadFile

from api.core.problems import QueryError, TooLargeError
from api.web.base.page_context import PageContext, PageContextNeed, ward_names
from api.web.base.problem_texts import problem_text
from api.web.coverage.access import chosen_period, periods
from api.web.coverage.entry_form import _require_own
from api.web.coverage.overview import label
from geo.errors import DataFileMissingError, InputError, Problem
from geo.importing.coverage import read_entries
from geo.importing.coverage_commit import Compared, Replaced, add_coverage, compare_coverage, coverage_entries
from geo.output.shared.formats import MEDIA_TYPES
from geo.records.entries import NewCoverageEntry
from geo.records.validation.privacy import screen
from geo.reference.programmes import Period
from geo.visibility import Role
from geo.visibility.published import programme_of

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=60)]
Field = Annotated[str, Form(max_length=1200)]
Several = Annotated[list[str], Form(max_length=200)]
CITY = "city"
MAX_BYTES = 4_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would write: new figures, changed ones (the first of both), those recorded already, and the file."""

    name: str
    new: int
    changed: int
    same: int
    wards: int
    periods: str
    rows: tuple[tuple[str, ...], ...]
    changes: tuple[tuple[str, ...], ...]
    content: str


@router.get("/coverage/template.xlsx")
def template(context: PageContextNeed, period: Text = "") -> Response:
    """The workbook to fill: a ward account's own wards, or all; every column explained."""
    from geo.output.reports import template_xlsx

    situation = context.situation()
    wanted, programme = chosen_period(context, situation, period), programme_of(situation)
    wards = situation.wards
    if context.identity.role == Role.WARD:
        wards = wards[wards["code"].isin(context.identity.wards)]
    name = f'attachment; filename="{programme.id}-{wanted}-nhap.xlsx"'
    data = template_xlsx(programme, wards, wanted)
    return Response(data, media_type=MEDIA_TYPES["xlsx"], headers={"Content-Disposition": name})


@router.get("/coverage/import")
def choose(context: PageContextNeed, period: Text = "", written: Text = "", same: Text = "") -> Response:
    """The form for a file."""
    told = (written, same) if written.isdigit() and same.isdigit() else None
    return _import(context, period, written=told)


@router.post("/coverage/import")
def dry_run(context: PageContextNeed, file: UploadFile) -> Response:
    """What the file would write, or everything that is wrong with it; nothing is written."""
    data, name = file.file.read(MAX_BYTES + 1), Path(file.filename or "").name[:120]
    try:
        entries = _read(context, name, data)
        found = compare_coverage(context.service.store, entries)
    except (InputError, DataFileMissingError) as error:
        return _import(context, name=name, problems=error.problems)
    return _import(context, name=name, preview=_preview(context, name, data, entries, found))


@router.post("/coverage/import/commit")
def write(
    context: PageContextNeed, name: Annotated[str, Form()] = "", content: Annotated[str, Form()] = ""
) -> Response:
    """Write all that is new in the file that was shown, or nothing."""
    try:
        data = urlsafe_b64decode(content.encode("ascii"))
        entries = _read(context, Path(name).name[:120], data)
        source = f"sha256:{hashlib.sha256(data).hexdigest()[:32]}"
        receipt = add_coverage(context.service.store, entries, context.identity.actor, source=source)
    except (Base64Error, UnicodeEncodeError):
        raise QueryError(Problem("web.upload-damaged", "content")) from None
    except (InputError, DataFileMissingError) as error:
        return _import(context, name=name, problems=error.problems)
    return context.see("/coverage/import", written=str(receipt.count), same=str(receipt.same))


def _read(context: PageContext, name: str, data: bytes) -> tuple[NewCoverageEntry, ...]:
    """The entries of an uploaded file; those of a ward account must all be of its own wards."""
    if len(data) > MAX_BYTES:
        raise TooLargeError(Problem("web.upload-too-large", name, megabytes=MAX_BYTES / 1_000_000))
    if not name:
        raise InputError(Problem("web.no-file", "file"))
    with tempfile.TemporaryDirectory(prefix="diaban-") as folder:
        path = Path(folder) / f"file{Path(name).suffix.lower()[:6]}"
        path.write_bytes(data)
        programme, register = programme_of(context.situation()), context.service.register(context.city.slug)
        try:
            entries = coverage_entries(read_entries(path, programme, register, screen=screen))
        except InputError as error:
            # The file has another name on this side.
            raise InputError([p.at(p.where.replace(path.name, name)) for p in error.problems]) from error
    _require_own(context, entries, name)
    return entries


def _preview(
    context: PageContext, name: str, data: bytes, entries: Sequence[NewCoverageEntry], found: Compared
) -> Preview:
    return Preview(
        name=name,
        new=len(found.new),
        changed=len(found.replaced),
        same=found.same,
        wards=len({entry.ward_code for entry in entries if entry.ward_code}),
        periods=", ".join(label(context, Period.parse(text)) for text in sorted({entry.period for entry in entries})),
        rows=tuple(_row(context, entry) for entry in found.new[:_SHOWN]),
        changes=tuple(_change(context, change) for change in found.replaced[:_SHOWN]),
        content=urlsafe_b64encode(data).decode("ascii"),
    )


def _row(context: PageContext, entry: NewCoverageEntry) -> tuple[str, ...]:
    """Place, entry id, period, value, document."""
    names = dict(ward_names([entry.ward_code] if entry.ward_code else []))
    place = names.get(entry.ward_code or "", context.words.text("coverage.city_level"))
    period = label(context, Period.parse(entry.period))
    return place, entry.indicator, period, context.words.number(entry.value), entry.document


def _change(context: PageContext, change: Replaced) -> tuple[str, ...]:
    """As `_row`, with what is recorded now, and a word where that goes on to count."""
    w = context.words
    old = f"{w.number(change.value)} ({w.day(change.day)}, {change.document})"
    return *_row(context, change.entry), old, "" if change.counts else w.text("coverage.later_counts")


def _import(
    context: PageContext,
    period: str = "",
    *,
    name: str = "",
    problems: Iterable[Problem] = (),
    preview: Preview | None = None,
    written: tuple[str, str] | None = None,
) -> Response:
    situation = context.situation()
    shown = [problem_text(problem, context.words.lang) for problem in problems]
    wanted = chosen_period(context, situation, period)
    return context.page(
        "coverage_import.html",
        status=422 if shown else 200,
        programme=programme_of(situation),
        period=wanted,
        period_label=label(context, wanted),
        periods=[(str(each), label(context, each)) for each in periods(context, situation)],
        name=name,
        problems=shown[:200],
        more=max(0, len(shown) - 200),
        preview=preview,
        written=written,
        max_mb=MAX_BYTES // 1_000_000,
    )
