"""The page of a ward: what its officer needs on one page: my stretches, my flags, my duties, my deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from api.resources.feature_collections import Row, collection
from api.resources.tasks import ward_tasks
from api.resources.visibility import published, report_counts, review_rows, visible
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.home import open_alerts
from api.web.sites.sparks import spark_of
from api.web.sites.view_models import (
    ReportLine,
    StretchLine,
    flag_lines,
    observed_lines,
    report_lines,
    site_lines,
    stretch_lines,
)
from geo.errors import UnknownWardError
from geo.output.reports.wording import own_text
from geo.output.shared.theme import theme
from geo.reference.names import suggest
from geo.reference.programme.terms import NOT_COVERED
from geo.reference.programmes import Deadline, Programme, Target
from geo.reference.sites import site_number
from geo.reference.tolerances import SLIVER_M, SLIVER_M2
from geo.situation import Situation
from geo.situation.agreed import agreed_of, said_of_agreed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.analysis.coverage.attainment import Attainment
    from geo.output.tasks import Task

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Duty:
    """One target that the ward answers for: its number, its words, what is aimed at, what was entered for `period`."""

    number: str
    label: str
    asked: str
    entered: str
    state: str
    state_label: str
    period: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """A report that the ward owes: the period, the last day in time, and how many days are left."""

    period: str
    last_day: str
    days_left: int
    printed: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that is to be done: in words, where, and how late it is or by when it is due."""

    text: str
    href: str
    late: str = ""
    due: str = ""


@router.get("/wards/{code}")
def ward(context: PageContextNeed, code: Annotated[str, PathParameter(max_length=20)]) -> Response:
    """A ward on a day."""
    situation = context.situation()
    row = _row(situation, code)
    programme = situation.programme
    flags = flag_lines(context, situation, ward=code)
    counts = report_counts(context.service, situation, context.identity)
    attained = _attained(context, situation, code)
    phased = any(other["phase"] != "none" for other in collection("wards", situation).rows)
    sees = context.identity.viewer.sees_ward(code)
    duties, due = _duties(context, situation, programme, row, attained), _due(context, programme)
    reviews, reports = _reviews(context, situation, code), report_lines(context, situation, ward=code) if sees else None
    todo = _todo(context, situation, code, duties, reports) if reports is not None else []
    stretches = stretch_lines(context, situation, ward=code)
    return context.cached_page(
        "ward.html",
        situation=situation,
        ward=row,
        is_own=code in context.identity.wards,
        phase_label=context.words.pick(theme().areas[row["phase"]].label) if phased else "",
        stretches=stretches,
        agreed=list(_agreed(context, situation, code, stretches)),
        has_sites=bool(site_lines(context, situation)),
        flags=flags,
        alerts=open_alerts(flags),
        todo=todo,
        sees=sees,
        duties=duties,
        duties_of=str(attained.period) if sees and attained is not None else "",
        duties_known=None if attained is None or sees else attained.day,
        due=due,
        programme=programme,
        reviews=reviews,
        observed=observed_lines(context, situation, code),
        reports=reports,
        count=counts.of_ward(code),
        trend=spark_of(context, situation, ward=code),
        map_url=context.url(f"/maps/ward/{code}"),
    )


def _agreed(
    context: PageContext, situation: Situation, code: str, stretches: Sequence[StretchLine]
) -> Iterator[tuple[str, str, str]]:
    """Id, number and sentence of what is agreed for sites that cross the ward or that it answers for."""
    crossed = {line.site_id for line in stretches}
    for site in situation.sites["site_id"]:
        if site in crossed or any(code in each.wards for each in agreed_of(situation, site)):
            yield from (
                (site, site_number(site), said.text(context.words.lang)) for said in said_of_agreed(situation, site)
            )


def _row(situation: Situation, code: str) -> Row:
    rows = {row["code"]: row for row in collection("wards", situation).rows}
    if code not in rows:
        raise UnknownWardError(code, suggest(code, rows))
    return rows[code]


def _attained(context: PageContext, situation: Situation, code: str) -> Attainment | None:
    """The state of the programme as the visitor may see it: of the own ward as entered, of others as published."""
    if context.identity.viewer.sees_ward(code):
        return situation.coverage
    return published(context.service).latest_coverage(situation)


def _is_more_than_a_sliver(stretch: Row) -> bool:
    is_hairline = 0 < stretch["area_m2"] < SLIVER_M2 and stretch["share"] < 0.5
    return stretch["length_m"] >= SLIVER_M or (stretch["length_m"] == 0 and not is_hairline)


def _duties(
    context: PageContext, situation: Situation, programme: Programme, row: Row, attainment: Attainment | None
) -> list[Duty]:
    crossed = any(
        stretch["ward_code"] == row["code"] and _is_more_than_a_sliver(stretch)
        for stretch in collection("crossings", situation).rows
    )
    mine = [target for target in programme.targets if target.level == "ward" and _answers(target, row, crossed)]
    entered = _entered(attainment, row["code"])
    period = own_text(context.words, attainment.period, "label") if attainment else ""
    return [
        _duty(context, target, entered.get(target.id), period, published_yet=attainment is not None) for target in mine
    ]


def _answers(target: Target, row: Row, crossed: bool) -> bool:
    """Whether a ward answers for a target, by the target's scope."""
    phase = str(row["phase"])
    answers = {"all": True, "programme": phase != NOT_COVERED, "sites": crossed}
    return answers.get(target.scope, phase == target.scope)


def _entered(attainment: Attainment | None, code: str) -> dict[str, dict[str, Any]]:
    if attainment is None:
        return {}
    table = attainment.rows("ward")
    records: list[dict[Any, Any]] = table[table["code"] == code].to_dict("records")
    return {str(record["target"]): record for record in records}


def _duty(
    context: PageContext, target: Target, record: dict[str, Any] | None, period: str, *, published_yet: bool
) -> Duty:
    w = context.words
    state = "suppressed" if record and record["suppressed"] else str(record["state"]) if record else "missing"
    return Duty(
        number=target.id,
        label=own_text(w, target, "label"),
        asked=_asked(context, target),
        entered=_value(context, target, record),
        state=state,
        state_label=_state_label(context, "reported" if state == "zero" and target.is_yes_or_no else state)
        if published_yet
        else w.text("coverage.not_published"),
        period=period,
    )


def _state_label(context: PageContext, state: str) -> str:
    w = context.words
    return w.text("coverage.suppressed") if state == "suppressed" else w.pick(theme().text(f"state_{state}"))


def _asked(context: PageContext, target: Target) -> str:
    w = context.words
    if target.rule == "none":
        return w.text("duty.none")
    figure = w.number(target.figure, 1)
    if target.measure == "share_of_wards":
        return w.text("duty.share_of_wards", figure=figure)
    if target.measure == "share_of_items":
        return w.text("duty.share_of_items", figure=figure)
    return w.text("duty.city_figure", figure=figure, unit=own_text(w, target, "unit"), kind=w.pick(context.city.kind))


def _value(context: PageContext, target: Target, record: dict[str, Any] | None) -> str:
    w = context.words
    if record is None:
        return ""
    if record["suppressed"]:
        return w.text("coverage.suppressed")
    value, base = record["value"], record["base"]
    if value != value:
        return ""
    if target.is_yes_or_no:
        return w.text("word.yes" if value else "word.no")
    return f"{w.number(value)} / {w.number(base)}" if target.has_base and base == base else w.number(value)


def _due(context: PageContext, programme: Programme) -> list[DueLine]:
    """The next two reports, or the last one where all are over."""
    today = context.day or context.service.today
    ahead = [entry for entry in programme.deadlines if entry.day > today] or [programme.deadlines[-1]]
    return [_due_line(context, entry) for entry in ahead[:2]]


def _due_line(context: PageContext, entry: Deadline) -> DueLine:
    w = context.words
    # The plan prints 'before the day': the day before it is the last one in time.
    left = entry.days_left(context.day or context.service.today) - 1
    return DueLine(own_text(w, entry.period, "label"), w.day(entry.last_day), left, entry.printed)


def _reviews(context: PageContext, situation: Situation, code: str) -> list[Row]:
    """Reviews of the ward that name a next day, the latest first; none for the public."""
    rows = review_rows(visible(context.service, situation, context.identity))
    return [row for row in reversed(rows) if code in row["wards"]]


def _todo(
    context: PageContext, situation: Situation, code: str, duties: list[Duty], reports: list[ReportLine]
) -> list[Todo]:
    """What is to be done in a ward: its tasks, unverified reports, and figures where a report is due."""
    w = context.words
    tasks = ward_tasks(context.service, situation, context.identity, code, context.day)
    found = [_todo_of(context, task) for task in tasks]
    waiting = sum(line.status == w.text("report.status.unverified") for line in reports)
    if waiting:
        href = context.url("/reports", status="unverified", ward=code)
        found.append(Todo(w.text("todo.unverified", n=waiting), href))
    missing = sum(duty.state in ("missing", "incomplete") for duty in duties)
    if missing and any(task.kind == "report" for task in tasks):
        text = w.text("todo.figures", n=missing, period=duties[0].period)
        found.append(Todo(text, context.url("/coverage/entry", ward=code)))
    return found


def _todo_of(context: PageContext, task: Task) -> Todo:
    w, today = context.words, context.day or context.service.today
    href = "#flags" if task.kind == "alert" else context.url(task.path, **dict(task.query))
    if task.due is None:
        return Todo(w.pick(task.what), href)
    if task.is_overdue(today):
        return Todo(w.pick(task.what), href, late=w.text("ward.late", n=(today - task.due).days))
    return Todo(w.pick(task.what), href, due=w.text("ward.due_by", day=w.day(task.due)))
