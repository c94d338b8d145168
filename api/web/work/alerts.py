"""The alerts (*cảnh báo*): all flags with what became of them, and what is done about one: seen, handled, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Query, Response

from api.core.problems import QueryError
from api.resources.visibility import visible
from api.security.object_permissions import known_flag, require_own
from api.web.base.dates import parse_day
from api.web.base.forms import Filled, refused
from api.web.base.page_context import PageContext, PageContextNeed
from api.web.sites.home import ward_choices
from api.web.sites.view_models import FlagLine, flag_lines, flag_status, site_choices, term, ward_label
from geo.errors import InputError, Problem
from geo.output.shared.theme import rule_label, theme
from geo.records.entries import NewFlagEvent
from geo.reference.sites import site_number
from geo.situation.flag_history import FlagRecord, FlagStep, Month, by_month, flag_records

if TYPE_CHECKING:
    from geo.analysis.flags.flag import Flag
    from geo.situation import Situation

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=1200)]
Text = Annotated[str, Query(max_length=40)]
STATES = ("raised", "acknowledged", "handled", "closed")
_PAST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What the page is narrowed to; '' for everything that is open."""

    state: str = ""
    ward: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was recorded of a flag, in words; `record` is the path of the record's own page."""

    day: str
    what: str
    office: str
    note: str
    record: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """A flag that stands, with its history; `overdue` where it is to be handled by a day that is over."""

    flag: FlagLine
    steps: tuple[StepLine, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class PastLine:
    """A flag that no longer stands: which it was, where, and what became of it."""

    rule: str
    level: str
    level_label: str
    site_id: str
    place: str
    wards: tuple[tuple[str, str], ...]
    steps: tuple[StepLine, ...]


@router.get("/flags")
def alerts(context: PageContextNeed, state: Text = "", ward: Text = "", site: Text = "", saved: str = "") -> Response:
    """All flags of the day with state and history, those of reports first; the past ones; how many by month."""
    if state and state not in STATES:
        raise QueryError(Problem("records.not-among", "state", value=state, options=list(STATES)))
    return _page(context, AlertFilters(state, ward, site), Filled(), saved=bool(saved))


@router.post("/flags")
def settle(
    context: PageContextNeed,
    flag_id: Field = "",
    event: Field = "",
    note: Field = "",
    ward: Field = "",
    handled_by: Field = "",
    until: Field = "",
    result: Field = "",
    back: Field = "",
    was: Field = "",
) -> Response:
    """Acknowledge a flag of today, say who handles it until when, or close it with what came of it.

    `was`: how far it was on the page; what somebody else did since is not undone unseen. What was typed and does not
    go with the event is refused, not dropped: the key Enter presses the first button of the form.
    """
    flag = known_flag(context.service, flag_id, context.identity)
    shown = flag.handled_by or context.identity.office, flag.until
    values = {"flag_id": flag.flag_id, "note": note, "handled_by": handled_by, "until": until, "result": result}
    try:
        if was and was != state_of(flag):
            raise InputError(Problem("web.flag-moved-on", state=flag_status(context, flag.status)))
        typed = handled_by.strip() or context.identity.office, parse_day(until, "until")
        is_handled = event == "handled"
        entry = NewFlagEvent(
            flag_id=flag.event_id,
            event=event,
            day=context.service.today,
            note=note,
            handled_by=typed[0] if is_handled or typed[0] not in (shown[0], context.identity.office) else None,
            until=typed[1] if is_handled or typed[1] != shown[1] else None,
            result=result or None,
        )
        require_own(context.service, context.identity, entry)
        context.service.store.add(entry, context.identity.actor)
    except InputError as error:
        return _page(context, AlertFilters(), refused(context, error, values))
    if back == "flags":
        return context.see("/flags", saved=1)
    if ward in {code for code, _ in flag.wards}:
        return context.see(f"/wards/{ward}", saved=1)
    return context.see(f"/sites/{flag.site_id}" if flag.site_id else "/flags", saved=1)


def _page(context: PageContext, filters: AlertFilters, form: Filled, *, saved: bool = False) -> Response:
    situation = context.situation()
    records = own_records(context, situation)
    lines = {line.flag_id: line for line in flag_lines(context, situation)}
    standing = [_line(context, record, lines[record.flag_id]) for record in records if record.flag is not None]
    shown = [line for line, record in zip(standing, records, strict=False) if _fits(record, filters)]
    past = [record for record in records if record.flag is None and _fits(record, filters)]
    own = context.identity.wards
    reported = [record for record in records if record.is_reported]
    return context.page(
        "alerts.html",
        status=422 if form.problems else 200,
        situation=situation,
        filters=filters,
        states=[(name, flag_status(context, name)) for name in STATES],
        wards=[(ward.code, ward.name) for ward in ward_choices(situation) if not own or ward.code in own],
        sites=site_choices(context, situation),
        reported=[line for line in shown if line.flag.is_reported],
        exposed=[line for line in shown if not line.flag.is_reported],
        waiting=sum(record.flag is not None and record.flag.status == "raised" for record in reported),
        open_count=sum(record.flag is not None and record.flag.is_open for record in reported),
        past=[_past_line(context, situation, record) for record in past[:_PAST_SHOWN]],
        months=_bars(by_month(reported, situation.day)),
        form=form,
        saved=saved,
    )


def state_of(flag: Flag | FlagLine) -> str:
    """How far a flag is, as its form sends it along."""
    return f"{flag.status} {flag.handled_by}".strip()


def own_records(context: PageContext, situation: Situation) -> tuple[FlagRecord, ...]:
    """The flags that the visitor may know of, with all that was recorded of them where they concern the visitor."""
    shown = visible(context.service, situation, context.identity)
    viewer = context.identity.viewer
    records = flag_records(shown, context.service.store.flag_events(situation.day))
    # What stands elsewhere, out of the visitor's sight, is not over.
    standing = {flag.flag_id for flag in situation.flags or ()}
    return tuple(
        record
        for record in records
        if record.flag is not None or (record.flag_id not in standing and viewer.sees_any(record.wards))
    )


def _fits(record: FlagRecord, filters: AlertFilters) -> bool:
    state = record.flag.status if record.flag is not None else "closed"
    wanted = state == filters.state if filters.state else state != "closed" or record.flag is None
    return wanted and filters.ward in ("", *record.wards) and filters.site in ("", record.site_id)


def _line(context: PageContext, record: FlagRecord, line: FlagLine) -> AlertLine:
    flag = record.flag
    late = flag is not None and flag.until is not None and flag.until < (context.day or context.service.today)
    own = context.identity.viewer.sees_any(record.wards)
    return AlertLine(line, _steps(context, record.steps) if own else (), late)


def _past_line(context: PageContext, situation: Situation, record: FlagRecord) -> PastLine:
    w, look, names = context.words, theme(), ward_label(situation)
    return PastLine(
        rule=w.pick(rule_label(record.rule, situation.programme)),
        level=record.level,
        level_label=w.pick(look.areas[f"flag-{record.level}"].label) if record.level else "",
        site_id=record.site_id,
        place=site_number(record.site_id) if record.site_id else "",
        wards=tuple((code, names.get(code, code)) for code in sorted(record.wards)),
        steps=_steps(context, record.steps),
    )


def _steps(context: PageContext, steps: tuple[FlagStep, ...]) -> tuple[StepLine, ...]:
    return tuple(_step(context, step) for step in reversed(steps))


def _step(context: PageContext, step: FlagStep) -> StepLine:
    w = context.words
    parts = [term(context, "flag_event", step.event)]
    parts += [w.pick(theme().areas[f"flag-{step.level}"].label)] if step.level and step.event == "raised" else []
    parts += [step.handled_by] if step.handled_by else []
    parts += [w.text("flag.until", day=w.day(step.until))] if step.until else []
    parts += [term(context, "flag_result", step.result)] if step.result else []
    return StepLine(w.day(step.day), " · ".join(parts), step.office, step.note, f"/records/flag-events/{step.number}")


def _bars(months: tuple[Month, ...]) -> list[tuple[Month, date, int, int]]:
    """Each month with its first day and the heights of its two bars, of 60 at most."""
    most = max([1, *(max(month.raised, month.closed) for month in months)])
    return [
        (month, date.fromisoformat(f"{month.name}-01"), 60 * month.raised // most, 60 * month.closed // most)
        for month in months
    ]
