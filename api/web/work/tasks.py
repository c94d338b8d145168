"""Tasks and dates: what is due by when with whom, as a page and for a calendar; wards whose report is late explain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi import Path as PathParameter

from api.resources.tasks import own_tasks
from api.security.object_permissions import require_own
from api.web.base.dates import parse_day
from api.web.base.file_names import attached, what_of
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.home import ward_choices
from api.web.sites.view_models import term, ward_label
from geo.errors import DiabanError, InputError, Problem
from geo.output.reports.wording import own_text
from geo.output.shared.formats import MEDIA_TYPES
from geo.output.tasks import Task, tasks_ics
from geo.output.tasks.reports_due import reports_due
from geo.output.tasks.task import KINDS
from geo.records.entries import NewExplanation
from geo.records.programmes import programme_for
from geo.reference.programmes import Period
from geo.visibility import Role

if TYPE_CHECKING:
    from geo.situation import Situation

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Text = Annotated[str, Query(max_length=40)]
PeriodName = Annotated[str, PathParameter(max_length=10)]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in the list; `wards` are (code, full name) of the first few, `more` how many others there are."""

    kind_label: str
    what: str
    href: str
    due: str
    overdue: bool
    office: str
    wards: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class LateLine:
    """A ward that has not sent its report: how far its explanation is, '' where none was asked for."""

    code: str
    name: str
    state: str
    step: str
    document: str
    until: str
    record: str


@router.get("/tasks")
def tasks(context: PageContextNeed, ward: Text = "", kind: Text = "", overdue: Text = "") -> Response:
    """What is due, the most urgent first; narrowed to a ward, a kind, to what is overdue."""
    situation, today = context.situation(), context.day or context.service.today
    found = own_tasks(context.service, situation, context.identity, context.day)
    chosen = [
        task
        for task in found
        if ward in ("", *task.wards) and kind in ("", task.kind) and (not overdue or task.is_overdue(today))
    ]
    own = context.identity.wards
    return context.page(
        "tasks.html",
        situation=situation,
        lines=task_lines(context, situation, chosen),
        total=len(found),
        late=sum(task.is_overdue(today) for task in found),
        kinds=[(name, context.words.text(f"tasks.kind.{name}")) for name in KINDS],
        wards=[(each.code, each.name) for each in ward_choices(situation) if not own or each.code in own],
        filters={"ward": ward, "kind": kind, "overdue": overdue},
    )


@router.get("/tasks.ics")
def calendar(context: PageContextNeed) -> Response:
    """The tasks that have a last day, for a calendar."""
    situation = context.situation()
    address = context.service.settings.public_url.rstrip("/")
    data = tasks_ics(
        own_tasks(context.service, situation, context.identity, context.day),
        ward_label(situation),
        situation.day,
        context.words.lang,
        address,
    )
    headers = attached(context, what_of(context, "tasks", situation.city), "ics", situation.day)
    return Response(data, media_type=MEDIA_TYPES["ics"], headers=headers)


@router.get("/tasks/reports/{period}")
def late(context: PageContextNeed, period: PeriodName, saved: str = "") -> Response:
    """The wards that have not sent their report on a period, and how far their explanations are."""
    return _late_page(context, Period.parse(period), Filled(), saved=bool(saved))


@router.post("/tasks/reports/{period}")
def explain(
    context: PageContextNeed,
    period: PeriodName,
    wards: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006  (FastAPI copies it)
    step: Field = "",
    document: Field = "",
    until: Field = "",
    note: Field = "",
) -> Response:
    """Ask wards for an explanation, or give one; all chosen wards or none."""
    wanted = Period.parse(period)
    programme = programme_for(context.situation().programmes, wanted)
    values = {"step": step, "document": document, "until": until, "note": note}
    try:
        if not wards:
            raise InputError(Problem("web.none-chosen", "wards"))
        _require_city(context, step)
        last = parse_day(until, "until") if step == "asked" else None
        entries = [
            NewExplanation(
                ward_code=code,
                programme=programme.id,
                period=str(wanted),
                step=step,
                day=context.service.today,
                document=document,
                until=last,
                note=note,
            )
            for code in dict.fromkeys(wards)
        ]
        for entry in entries:
            require_own(context.service, context.identity, entry)
        context.service.store.add_all(entries, context.identity.actor)
    except DiabanError as error:
        return _late_page(context, wanted, refused(context, error, values), chosen=frozenset(wards))
    return context.see(f"/tasks/reports/{wanted}", saved=len(entries))


def _require_city(context: PageContext, step: str) -> None:
    """A ward gives explanations; asking for one and waiving it is for the city."""
    if step != "given" and context.identity.role < Role.CITY:
        raise InputError(Problem("web.city-asks", "step"))


def task_lines(context: PageContext, situation: Situation, tasks: list[Task], few: int = 4) -> list[TaskLine]:
    """Tasks as the list shows them."""
    names, today = ward_label(situation), context.day or context.service.today
    return [
        TaskLine(
            kind_label=context.words.text(f"tasks.kind.{task.kind}"),
            what=context.words.pick(task.what),
            href=context.url(task.path, **dict(task.query)),
            due=context.words.day(task.due) if task.due else "",
            overdue=task.is_overdue(today),
            office=task.office,
            wards=tuple((code, names.get(code, code)) for code in task.wards[:few]),
            more=max(0, len(task.wards) - few),
        )
        for task in tasks
    ]


def _late_page(
    context: PageContext,
    period: Period,
    form: Filled,
    *,
    chosen: frozenset[str] = frozenset(),
    saved: bool = False,
) -> Response:
    situation = context.situation()
    codes = [code for code in ward_label(situation) if context.identity.viewer.sees_ward(code)]
    programme = programme_for(situation.programmes, period)
    entries = context.service.store.coverage(situation.day)
    due = {one.period: one for one in reports_due(programme, situation.city, codes, entries, situation.day)}.get(period)
    return context.page(
        "late_reports.html",
        status=422 if form.problems else 200,
        situation=situation,
        period=str(period),
        label=own_text(context.words, period, "label"),
        due=due,
        is_late=due is not None and due.last_day < situation.day,
        lines=_late_lines(context, situation, programme.id, period, due.without if due else ()),
        asks=context.identity.role >= Role.CITY,
        form=form,
        chosen=chosen,
        saved=saved,
    )


def _late_lines(
    context: PageContext, situation: Situation, programme: str, period: Period, codes: tuple[str, ...]
) -> list[LateLine]:
    frame = context.service.store.explanations(situation.day)
    mine = frame[(frame["programme"] == programme) & (frame["period"] == str(period))]
    last = {row["ward_code"]: row for row in mine.to_dict("records")}
    names, w = ward_label(situation), context.words
    lines = []
    for code in codes:
        row = last.get(code)
        if row is None:
            lines.append(LateLine(code, names[code], "", "", "", "", ""))
            continue
        until: date | None = None if row["until"] != row["until"] else row["until"].date()
        lines.append(
            LateLine(
                code,
                names[code],
                term(context, "explanation_step", row["step"]),
                row["step"],
                row["document"],
                w.day(until) if until else "",
                f"/records/explanations/{row['id']}",
            )
        )
    return lines
