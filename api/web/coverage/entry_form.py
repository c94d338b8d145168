"""Figures of the programme that an office enters: on a form, or from a file that is read without writing first.

A ward account enters its own ward's; the city any ward's, and its own. What is recorded already is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Query, Response

from api.core.problems import ForbiddenError
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.coverage.access import chosen_period, city_level, periods
from api.web.coverage.overview import label
from geo.errors import DiabanError, InputError, Problem, UnknownWardError
from geo.importing.coverage import checked_entries
from geo.importing.coverage.cells import RawEntry
from geo.importing.coverage.days import is_within
from geo.importing.coverage_commit import add_coverage, compare_coverage, coverage_entries
from geo.importing.coverage_parts import unlike_parts
from geo.importing.coverage_wholes import half_problem, missing_halves
from geo.importing.where import number_list
from geo.output.reports.wording import entry_label, own_text
from geo.records.entries import NewCoverageEntry
from geo.records.model.register_lookup import PhaseOn
from geo.records.programmes import programme_for
from geo.records.validation.privacy import screen
from geo.reference.names import plain, suggest
from geo.reference.programmes import Period, Programme, Target
from geo.visibility import Role

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=60)]
Field = Annotated[str, Form(max_length=1200)]
Several = Annotated[list[str], Form(max_length=200)]
CITY = "city"
MAX_BYTES = 4_000_000
"""Encoded for the way back, a file grows by a third; that must stay below what the server takes."""
_SHOWN = 60
_ASKED = ("importing.below-parts", "importing.above-parts", "importing.half-missing")
"""Codes of what is asked about, and recorded once it is confirmed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the form: its entry id, the number of its target, what it is and how it is written.

    `value` stands in it; `beside` is what is recorded for the periods around it, each with the path of the page of its
    row ('' for none); `recorded` the day and document of this one's, `record` the path of its page.
    """

    id: str
    number: str
    label: str
    unit: str
    yes_or_no: bool
    value: str
    recorded: str
    record: str
    beside: tuple[tuple[str, str], ...]


@router.get("/coverage/entry")
def form(context: PageContextNeed, ward: Text = "", period: Text = "", saved: Text = "", early: Text = "") -> Response:
    """The figures of a ward, or of the city, for a period: as recorded, to be completed."""
    situation = context.situation()
    where = ward or (
        context.identity.wards[0] if context.identity.role == Role.WARD and context.identity.wards else CITY
    )
    return _form(
        context, where, _to_enter(chosen_period(context, situation, period), period), Filled(), saved=saved, early=early
    )


def _to_enter(due: Period, named: str) -> Period:
    """The period of the form that opens: of a year that is due its last half, so that no half is written over it."""
    return due if named.strip() or not due.is_year else due.parts[-1]


@router.post("/coverage/entry")
def enter(
    context: PageContextNeed,
    ward: Field = "",
    period: Field = "",
    day: Field = "",
    document: Field = "",
    office: Field = "",
    indicator: Several = [],  # noqa: B006  (FastAPI copies it)
    value: Several = [],  # noqa: B006
    anyway: Field = "",
) -> Response:
    """Record the figures that differ from what is recorded; the form again, with the reasons, where it is refused.

    A period that is less than its parts, and a count without its total, are asked about first; `anyway` is the answer.
    """
    typed = dict(zip(indicator, value, strict=False))
    about = {"day": day, "document": document, "office": office or context.identity.office}
    wanted = chosen_period(context, context.situation(), period)
    programme = programme_for(context.situation().programmes, wanted)
    try:
        entries = _typed_entries(context, programme, ward, wanted, typed, about)
        _require_own(context, entries, ward)
        changed = _changed(context, entries)
        if not anyway:
            _ask_about_figures(context, programme, changed)
        receipt = add_coverage(
            context.service.store, changed, context.identity.actor, source=f"{ward or CITY} {wanted}", way="enter"
        )
    except DiabanError as error:
        asks = any(problem.code in _ASKED for problem in error.problems)
        return _form(context, ward, wanted, refused(context, error, about | typed), asks=asks)
    early = next((entry.day for entry in changed if is_within(entry.period, entry.day)), "")
    return context.see("/coverage/entry", ward=ward, period=wanted, saved=receipt.count or "0", early=early)


def _typed_entries(
    context: PageContext,
    programme: Programme,
    ward: str,
    period: Period,
    typed: Mapping[str, str],
    about: Mapping[str, str],
) -> tuple[NewCoverageEntry, ...]:
    places = {name: name for name in ("day", "document", "office", "period")} | {"ward": "ward", "code": "ward"}
    raw = [
        RawEntry(
            where=name, places=places | {"indicator": name}, code=None if ward in ("", CITY) else ward, ward=None,
            indicator=name, period=str(period), value=figure.strip(), row=0, to_date=False,
            among_wards=False, **about,
        )
        for name, figure in typed.items()
        if figure.strip()
    ]  # fmt: skip
    if not raw:
        raise InputError(Problem("web.no-figure", "value"))
    register = context.service.register(context.city.slug)
    frame = checked_entries(raw, programme, register, screen=screen, phase_on=_phase_on(context))
    return coverage_entries(frame)


def _phase_on(context: PageContext) -> PhaseOn | None:
    known = context.service.store.registers
    return known.phase_on if known else None


def _changed(context: PageContext, entries: Sequence[NewCoverageEntry]) -> list[NewCoverageEntry]:
    """A figure that stands in the form as it is recorded is not said anew, under whatever document."""
    found = compare_coverage(context.service.store, entries)
    return [*found.new, *(each.entry for each in found.replaced if each.entry.value != each.value)]


def _ask_about_figures(context: PageContext, programme: Programme, entries: Sequence[NewCoverageEntry]) -> None:
    recorded = context.service.store.coverage()
    asked = [each.problem for each in unlike_parts(programme, recorded, entries)]
    asked += [half_problem(entry, other) for entry, other in missing_halves(programme, recorded, entries)]
    if asked:
        raise InputError(asked)


def _require_own(
    context: PageContext, entries: Iterable[NewCoverageEntry], where: str, rows: Sequence[int] = ()
) -> None:
    """Refuse figures that are of others; `rows` of a file in which they stand are named."""
    bounds = context.identity.bounds
    if bounds is None:
        return
    wards = [entry.ward_code for entry in entries]
    # The programme is that of the page's city, and so are figures of the whole of it.
    mine = bounds if context.identity.role == Role.WARD else bounds | {None}
    foreign = [number for number, ward in enumerate(wards) if ward not in mine]
    if not foreign:
        return
    named = {"foreign": len(foreign), "total": len(wards), "wards": context.own_names}
    if not rows:
        raise ForbiddenError(Problem("web.figures-of-others", where, **named))
    there = number_list(sorted({rows[number] for number in foreign}))
    raise ForbiddenError(Problem("web.figures-of-others-in-rows", where, **named, rows=there))


def _form(
    context: PageContext,
    ward: str,
    period: Period,
    filled: Filled,
    *,
    saved: str = "",
    early: str = "",
    asks: bool = False,
) -> Response:
    situation = context.situation()
    programme = programme_for(situation.programmes, period)
    names = _places(context)
    if ward not in names:
        raise UnknownWardError(ward, suggest(ward, names))
    return context.page(
        "coverage_entry.html",
        status=422 if filled.problems else 200,
        situation=situation,
        programme=programme,
        places=sorted(names.items(), key=lambda pair: (pair[0] != CITY, plain(pair[1].split(" ", 1)[-1]))),
        ward=ward,
        ward_name=names[ward],
        period=period,
        period_label=label(context, period),
        periods=[(str(each), label(context, each)) for each in periods(context, situation)],
        beside=[label(context, each) for each in _beside(period)],
        now=_beside(period).index(period),
        asks=asks,
        cells=_cells(context, programme, ward, period, filled),
        form=filled,
        saved=saved if saved.isdigit() else "",
        early=_day_within(period, early),
    )


def _day_within(period: Period, day: str) -> date | None:
    """The day of figures that were said before their period ended, as the address has it."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    return found if is_within(str(period), found) else None


def _places(context: PageContext) -> dict[str, str]:
    """Where the visitor may enter figures: ward codes (and the city) with their names."""
    wards = context.situation().wards
    names = dict(zip(wards["code"].tolist(), wards["full_name"].tolist(), strict=True))
    if context.identity.role == Role.WARD:
        return {code: names[code] for code in context.identity.wards if code in names}
    return {CITY: city_level(context)} | names


def _cells(context: PageContext, programme: Programme, ward: str, period: Period, filled: Filled) -> list[Cell]:
    shown = _beside(period)
    beside = [_recorded(context, programme, ward, each) for each in shown]
    recorded = beside[shown.index(period)]
    crossed = set(context.situation().crossings["ward_code"].dropna())
    phases = dict(zip(context.situation().wards["code"], context.situation().wards["phase"], strict=True))
    cells = []
    for target in programme.targets:
        if not _asked(target, ward, phases.get(ward, ""), ward in crossed):
            continue
        for place, name in enumerate(target.entry_ids):
            last = recorded.get(name)
            value = "" if last is None else f"{last.value:.0f}"
            said = "" if last is None else f"{context.words.day(last.day)}, {last.document}"
            others = tuple((_figure(context, target, each.get(name)), _page_of(each.get(name))) for each in beside)
            cells.append(_cell(context, target, place, (filled.value(name, value), said, _page_of(last)), others))
    return cells


def _asked(target: Target, ward: str, phase: str, crossed: bool) -> bool:
    """Whether a ward, or the city beside the wards, enters a target."""
    if ward == CITY:
        return target.level == "city" or not target.is_yes_or_no
    scopes = {"all": True, "programme": phase != "none", "sites": crossed, phase: True}
    return target.level == "ward" and (scopes.get(target.scope, False) or not target.is_yes_or_no)


def _page_of(recorded: _Row | None) -> str:
    """The path of the page of a row; '' where nothing is recorded."""
    return "" if recorded is None else f"/records/coverage-entries/{recorded.id}"


def _cell(
    context: PageContext,
    target: Target,
    place: int,
    stands: tuple[str, str, str],
    beside: tuple[tuple[str, str], ...],
) -> Cell:
    w = context.words
    unit = own_text(w, target, "unit")
    name, label = target.entry_ids[place], entry_label(w, target, place)
    return Cell(name, target.id, label, unit, target.is_yes_or_no, *stands, beside)


def _beside(period: Period) -> list[Period]:
    """The periods of its kind beside a period, and those that hold them; of a year its halves."""
    holders = [Period(period.year)]
    while holders[0] != period and period not in holders[0].parts:
        holders.insert(0, next(part for part in holders[0].parts if part.holds(period)))
    return [*holders[0].parts, *holders]


def _figure(context: PageContext, target: Target, recorded: _Row | None) -> str:
    if recorded is None:
        return context.words.text("figure.none")
    if target.is_yes_or_no:
        return context.words.text("word.yes" if recorded.value else "word.no")
    return context.words.number(recorded.value)


class _Row(NamedTuple):
    """What is recorded of a figure, and the number of its row."""

    indicator: str
    value: float
    day: date
    document: str
    id: int


def _recorded(context: PageContext, programme: Programme, ward: str, period: Period) -> dict[str, _Row]:
    """By entry id what counts now for just this ward and period."""
    rows = context.service.store.coverage()
    mine = rows["ward_code"].isna() if ward == CITY else rows["ward_code"] == ward
    rows = rows[mine & (rows["programme"] == programme.id) & (rows["period"] == str(period))]
    ordered = rows.sort_values(["day", "id"])[list(_Row._fields)]
    return {row[0]: _Row(*row) for row in ordered.itertuples(index=False, name=None)}
