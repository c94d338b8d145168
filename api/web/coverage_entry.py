"""Figures of the programme that an office enters: on a form, or from a file that is read without writing first.

A ward account enters its own ward's; the city any ward's, and its own. What is recorded already is passed over.
"""

from __future__ import annotations

import hashlib
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response, UploadFile

from api.coverage_document import programme_of
from api.errors import ForbiddenError, QueryError, TooLargeError
from api.security.identity import Role
from api.web.coverage import label
from api.web.coverage_told import chosen_period, periods
from api.web.forms import Filled, refused
from api.web.visit import Visit, VisitNeed, ward_names
from geo.analysis.coverage_entries import checked_entries, read_entries
from geo.analysis.coverage_files import RawEntry
from geo.errors import DataFileMissingError, DiabanError, InputError, Problem, UnknownWardError
from geo.records.coverage import Compared, Replaced, add_coverage, compare_coverage, coverage_entries
from geo.records.entries import NewCoverageEntry
from geo.records.privacy import screen
from geo.reference.names import plain, suggest
from geo.reference.programmes import Period, Programme, Target

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=60)]
Field = Annotated[str, Form(max_length=1200)]
Several = Annotated[list[str], Form(max_length=200)]
CITY = "city"
MAX_BYTES = 4_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_SHOWN = 60
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the form: its entry id, what it is and how it is written; `value` stands in it."""

    id: str
    label: str
    unit: str
    yes_or_no: bool
    value: str
    recorded: str


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


# ---- the form


@router.get("/coverage/entry")
def form(visit: VisitNeed, ward: Text = "", period: Text = "", saved: Text = "") -> Response:
    """The figures of a ward, or of the city, for a period: as recorded, to be completed."""
    situation = visit.situation()
    where = ward or (visit.identity.wards[0] if visit.identity.role == Role.WARD and visit.identity.wards else CITY)
    return _form(visit, where, chosen_period(visit, situation, period), Filled(), saved=saved)


@router.post("/coverage/entry")
def enter(
    visit: VisitNeed,
    ward: Field = "",
    period: Field = "",
    day: Field = "",
    document: Field = "",
    office: Field = "",
    indicator: Several = [],  # noqa: B006  (FastAPI copies it)
    value: Several = [],  # noqa: B006
) -> Response:
    """Record the figures that differ from what is recorded; the form again, with the reasons, where it is refused."""
    typed = dict(zip(indicator, value, strict=False))
    about = {"day": day, "document": document, "office": office or visit.identity.office}
    wanted = chosen_period(visit, visit.situation(), period)
    programme = programme_of(visit.situation())
    try:
        entries = _typed_entries(visit, programme, ward, wanted, typed, about)
        _require_own(visit, entries, ward)
        changed = _changed(visit, entries)
        receipt = add_coverage(
            visit.service.store, changed, visit.identity.actor, source=f"{ward or CITY} {wanted}", way="enter"
        )
    except DiabanError as error:
        return _form(visit, ward, wanted, refused(visit, error, about | typed))
    return visit.see("/coverage/entry", ward=ward, period=wanted, saved=receipt.count or "0")


def _typed_entries(
    visit: Visit, programme: Programme, ward: str, period: Period, typed: Mapping[str, str], about: Mapping[str, str]
) -> tuple[NewCoverageEntry, ...]:
    places = {name: name for name in ("day", "document", "office", "period")} | {"ward": "ward", "code": "ward"}
    raw = [
        RawEntry(
            where=name, places=places | {"indicator": name}, code=None if ward in ("", CITY) else ward, ward=None,
            indicator=name, period=str(period), value=figure.strip(), **about,
        )
        for name, figure in typed.items()
        if figure.strip()
    ]  # fmt: skip
    if not raw:
        raise InputError(Problem("holds no figure", "value", "fill at least one cell"))
    frame = checked_entries(raw, programme, visit.service.register(visit.city.slug), screen=screen)
    return coverage_entries(frame)


def _changed(visit: Visit, entries: Sequence[NewCoverageEntry]) -> list[NewCoverageEntry]:
    """A figure that stands in the form as it is recorded is not said anew, under whatever document."""
    found = compare_coverage(visit.service.store, entries)
    return [*found.new, *(each.entry for each in found.replaced if each.entry.value != each.value)]


def _require_own(visit: Visit, entries: Iterable[NewCoverageEntry], where: str) -> None:
    if visit.identity.role != Role.WARD:
        return
    rows = list(entries)
    foreign = sum(entry.ward_code not in visit.identity.wards for entry in rows)
    if foreign:
        own = ", ".join(name for _, name in ward_names(visit.identity.wards))
        what = f"{foreign} of {len(rows)} figures are of another ward than {own}, or of the city"
        raise ForbiddenError(Problem(what, where, "leave them to that ward, or to the city"))


def _form(visit: Visit, ward: str, period: Period, filled: Filled, *, saved: str = "") -> Response:
    situation = visit.situation()
    programme = programme_of(situation)
    names = _places(visit)
    if ward not in names:
        raise UnknownWardError(ward, suggest(ward, names))
    return visit.page(
        "coverage_entry.html",
        status=422 if filled.problems else 200,
        situation=situation,
        programme=programme,
        places=sorted(names.items(), key=lambda pair: (pair[0] != CITY, plain(pair[1].split(" ", 1)[-1]))),
        ward=ward,
        ward_name=names[ward],
        period=period,
        period_label=label(visit, period),
        periods=[(str(each), label(visit, each)) for each in periods(visit, situation)],
        cells=_cells(visit, programme, ward, period, filled),
        form=filled,
        saved=saved if saved.isdigit() else "",
    )


def _places(visit: Visit) -> dict[str, str]:
    """Where the visitor may enter figures: ward codes (and the city) with their names."""
    wards = visit.situation().wards
    names = dict(zip(wards["code"].tolist(), wards["full_name"].tolist(), strict=True))
    if visit.identity.role == Role.WARD:
        return {code: names[code] for code in visit.identity.wards if code in names}
    return {CITY: visit.words.text("coverage.city_level")} | names


def _cells(visit: Visit, programme: Programme, ward: str, period: Period, filled: Filled) -> list[Cell]:
    recorded = _recorded(visit, programme, ward, period)
    crossed = set(visit.situation().crossings["ward_code"])
    phases = dict(zip(visit.situation().wards["code"], visit.situation().wards["phase"], strict=True))
    cells = []
    for target in programme.targets:
        if not _asked(target, ward, phases.get(ward, ""), ward in crossed):
            continue
        for place, name in enumerate(target.entry_ids):
            last = recorded.get(name)
            value = "" if last is None else f"{last[0]:.0f}"
            told = "" if last is None else f"{visit.words.day(last[1])}, {last[2]}"
            cells.append(_cell(visit, target, place, (filled.value(name, value), told)))
    return cells


def _asked(target: Target, ward: str, phase: str, crossed: bool) -> bool:
    """Whether a ward, or the city beside the wards, enters a target."""
    if ward == CITY:
        return target.level == "city" or not target.is_yes_or_no
    scopes = {"all": True, "programme": phase != "none", "sites": crossed, phase: True}
    return target.level == "ward" and (scopes.get(target.scope, False) or not target.is_yes_or_no)


def _cell(visit: Visit, target: Target, place: int, stands: tuple[str, str]) -> Cell:
    vietnamese = visit.words.lang == "vi"
    labels = target.entry_labels if vietnamese else (target.label_en, target.base_label_en)
    unit = target.unit if vietnamese else target.unit_en
    return Cell(target.entry_ids[place], labels[place], unit, target.is_yes_or_no, *stands)


def _recorded(visit: Visit, programme: Programme, ward: str, period: Period) -> dict[str, tuple[float, object, str]]:
    """By entry id what counts now for just this ward and period: value, day, document."""
    rows = visit.service.store.coverage()
    mine = rows["ward_code"].isna() if ward == CITY else rows["ward_code"] == ward
    rows = rows[mine & (rows["programme"] == programme.id) & (rows["period"] == str(period))]
    ordered = rows.sort_values(["day", "id"])[["indicator", "value", "day", "document"]]
    return {name: (value, day, document) for name, value, day, document in ordered.itertuples(index=False, name=None)}


# ---- a file


@router.get("/coverage/template.xlsx")
def template(visit: VisitNeed, period: Text = "") -> Response:
    """The workbook to fill: a ward account's own wards, or all; every column explained."""
    from geo.output.reports import template_xlsx

    situation = visit.situation()
    wanted, programme = chosen_period(visit, situation, period), programme_of(situation)
    wards = situation.wards
    if visit.identity.role == Role.WARD:
        wards = wards[wards["code"].isin(visit.identity.wards)]
    name = f'attachment; filename="{programme.id}-{wanted}-nhap.xlsx"'
    data = template_xlsx(programme, wards, wanted)
    return Response(data, media_type=_XLSX, headers={"Content-Disposition": name})


@router.get("/coverage/import")
def choose(visit: VisitNeed, period: Text = "", written: Text = "", same: Text = "") -> Response:
    """The form for a file."""
    told = (written, same) if written.isdigit() and same.isdigit() else None
    return _import(visit, period, written=told)


@router.post("/coverage/import")
def dry_run(visit: VisitNeed, file: UploadFile) -> Response:
    """What the file would write, or everything that is wrong with it; nothing is written."""
    data, name = file.file.read(MAX_BYTES + 1), Path(file.filename or "").name[:120]
    try:
        entries = _read(visit, name, data)
        found = compare_coverage(visit.service.store, entries)
    except (InputError, DataFileMissingError) as error:
        return _import(visit, name=name, problems=error.problems)
    return _import(visit, name=name, preview=_preview(visit, name, data, entries, found))


@router.post("/coverage/import/commit")
def write(visit: VisitNeed, name: Annotated[str, Form()] = "", content: Annotated[str, Form()] = "") -> Response:
    """Write all that is new in the file that was shown, or nothing."""
    try:
        data = urlsafe_b64decode(content.encode("ascii"))
        entries = _read(visit, Path(name).name[:120], data)
        source = f"sha256:{hashlib.sha256(data).hexdigest()[:32]}"
        receipt = add_coverage(visit.service.store, entries, visit.identity.actor, source=source)
    except (Base64Error, UnicodeEncodeError):
        raise QueryError(Problem("is damaged", "content", "choose the file again")) from None
    except (InputError, DataFileMissingError) as error:
        return _import(visit, name=name, problems=error.problems)
    return visit.see("/coverage/import", written=str(receipt.count), same=str(receipt.same))


def _read(visit: Visit, name: str, data: bytes) -> tuple[NewCoverageEntry, ...]:
    """The entries of an uploaded file; those of a ward account must all be of its own wards."""
    if len(data) > MAX_BYTES:
        raise TooLargeError(Problem("is larger than 4 MB", name, "split it into several files"))
    if not name:
        raise InputError(Problem("is missing", "file", "choose a file"))
    with tempfile.TemporaryDirectory(prefix="diaban-") as folder:
        path = Path(folder) / f"file{Path(name).suffix.lower()[:6]}"
        path.write_bytes(data)
        programme, register = programme_of(visit.situation()), visit.service.register(visit.city.slug)
        try:
            entries = coverage_entries(read_entries(path, programme, register, screen=screen))
        except InputError as error:
            # The file has another name on this side.
            told = [Problem(p.what, p.where.replace(path.name, name), p.remedy) for p in error.problems]
            raise InputError(told) from error
    _require_own(visit, entries, name)
    return entries


def _preview(visit: Visit, name: str, data: bytes, entries: Sequence[NewCoverageEntry], found: Compared) -> Preview:
    return Preview(
        name=name,
        new=len(found.new),
        changed=len(found.replaced),
        same=found.same,
        wards=len({entry.ward_code for entry in entries if entry.ward_code}),
        periods=", ".join(label(visit, Period.parse(text)) for text in sorted({entry.period for entry in entries})),
        rows=tuple(_row(visit, entry) for entry in found.new[:_SHOWN]),
        changes=tuple(_change(visit, change) for change in found.replaced[:_SHOWN]),
        content=urlsafe_b64encode(data).decode("ascii"),
    )


def _row(visit: Visit, entry: NewCoverageEntry) -> tuple[str, ...]:
    """Place, entry id, period, value, document."""
    names = dict(ward_names([entry.ward_code] if entry.ward_code else []))
    place = names.get(entry.ward_code or "", visit.words.text("coverage.city_level"))
    period = label(visit, Period.parse(entry.period))
    return place, entry.indicator, period, visit.words.number(entry.value), entry.document


def _change(visit: Visit, change: Replaced) -> tuple[str, ...]:
    """As `_row`, with what is recorded now, and a word where that goes on to count."""
    w = visit.words
    old = f"{w.number(change.value)} ({w.day(change.day)}, {change.document})"
    return *_row(visit, change.entry), old, "" if change.counts else w.text("coverage.later_counts")


def _import(
    visit: Visit,
    period: str = "",
    *,
    name: str = "",
    problems: Iterable[Problem] = (),
    preview: Preview | None = None,
    written: tuple[str, str] | None = None,
) -> Response:
    situation = visit.situation()
    told = [visit.words.problem(problem) for problem in problems]
    wanted = chosen_period(visit, situation, period)
    return visit.page(
        "coverage_import.html",
        status=422 if told else 200,
        programme=programme_of(situation),
        period=wanted,
        period_label=label(visit, wanted),
        periods=[(str(each), label(visit, each)) for each in periods(visit, situation)],
        name=name,
        problems=told[:200],
        more=max(0, len(told) - 200),
        preview=preview,
        written=written,
        max_mb=MAX_BYTES // 1_000_000,
    )
