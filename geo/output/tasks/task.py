"""The tasks of a day: reviews and reports that are due, alerts that nobody closed, explanations that were asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from geo.i18n.message import Bilingual, Message
from geo.output.shared.theme import rule_label, theme
from geo.output.tasks.reports_due import AHEAD, reports_due
from geo.reference.programmes import Period, Programme
from geo.reference.sites import site_number

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.analysis.flags import Flag
    from geo.situation import Situation
    from geo.visibility import Viewer

TaskKind = Literal["alert", "review", "report", "explanation"]
KINDS: tuple[TaskKind, ...] = ("alert", "review", "report", "explanation")
_STATES = {"raised": "tasks.alert-new", "acknowledged": "tasks.alert-seen"}


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done: `key` names the matter and stays the same from day to day; `what` says it in words.

    `wards` are the codes of those it is with, `office` the name of the office that took it on ('' for none). `due`: the
    last day in time, None where there is none. `path` and `query`: its page on the service. `news` names each thing in
    it of which an office is to know as soon as it is there: every alert, an explanation each time that it is asked for.
    """

    key: str
    kind: TaskKind
    what: Bilingual
    wards: tuple[str, ...]
    office: str
    due: date | None
    path: str
    query: tuple[tuple[str, str], ...] = ()
    news: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Path and query of its page."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")

    def is_overdue(self, day: date) -> bool:
        """Whether its last day is over."""
        return self.due is not None and self.due < day


def tasks_of(
    situation: Situation, viewer: Viewer, entries: DataFrame, explanations: DataFrame, day: date
) -> tuple[Task, ...]:
    """The tasks that concern a viewer, by their last day; those without one come after those that are overdue.

    `situation` as the viewer may see it; `entries` and `explanations` as `Store.coverage` and `Store.explanations`
    give them.
    """
    viewer = viewer.in_city(situation.city)
    codes = [str(code) for code in situation.wards["code"].tolist() if viewer.sees_ward(code)]
    found = [
        *_alerts(situation, viewer),
        *_reviews(situation, viewer, day),
        *_reports(situation, viewer, entries, codes, day),
        *_explanations(explanations, codes, situation),
    ]
    return tuple(sorted(found, key=lambda task: (task.due or day, KINDS.index(task.kind), task.key)))


def _alerts(situation: Situation, viewer: Viewer) -> Iterator[Task]:
    """Open alerts, those of one site that are with one office as one task: they are looked at together."""
    together: dict[tuple[str, str], list[Flag]] = {}
    for flag in situation.flags or ():
        if flag.is_open and flag.is_reported and viewer.sees_any(code for code, _ in flag.wards):
            together.setdefault((flag.site_id or flag.flag_id, flag.handled_by), []).append(flag)
    for flags in together.values():
        gravest = flags[0]  # the gravest stand first in a situation
        days = [flag.until for flag in flags if flag.until]
        wards = tuple(dict.fromkeys(code for flag in flags for code, _ in flag.wards))
        query = (("site", gravest.site_id),) if gravest.site_id else ()
        what = _alert(flags, situation.programme)
        due = min(days, default=None)
        news = tuple(flag.event_id for flag in flags)
        yield Task(gravest.event_id, "alert", what, wards, gravest.handled_by, due, "/flags", query, news)


def _alert(flags: list[Flag], programme: Programme) -> Message:
    """The gravest, and the state of the one that was looked at least."""
    gravest, states = flags[0], {flag.status for flag in flags}
    look = theme()
    level, rule = look.areas[f"flag-{gravest.level}"].label, rule_label(gravest.rule, programme)
    site = f" ({site_number(gravest.site_id)})" if gravest.site_id else ""
    code = next((_STATES[state] for state in _STATES if state in states), "tasks.alert-handled")
    what = Message(code, level=level, rule=rule, site=site)
    # Pages of alerts count each: the task says how many it stands for.
    return what if len(flags) == 1 else Message("tasks.alert-several", what=what, count=len(flags))


def _reviews(situation: Situation, viewer: Viewer, day: date) -> Iterator[Task]:
    """Reviews whose next day has come near, and after which none of the same sites came."""
    if situation.reviews is None:
        return
    reviewed: set[str] = set()
    here = set(situation.wards["code"])
    for row in reversed(situation.reviews.to_dict("records")):
        sites, wards = set(row["sites"]), tuple(row["wards"])
        later = sites <= reviewed
        reviewed |= sites
        due = _day(row["next_day"])
        if later or due is None or due > day + AHEAD or not viewer.sees_any(wards) or not here & set(wards):
            continue
        what = Message("tasks.review", sites=[site_number(site) for site in row["sites"]], document=row["document"])
        yield Task(f"review:{row['id']}", "review", what, wards, "", due, "/reviews")


def _reports(situation: Situation, viewer: Viewer, entries: DataFrame, codes: list[str], day: date) -> Iterator[Task]:
    programme = situation.programme
    for due in reports_due(programme, situation.city, codes, entries, day):
        key = f"report:{due.programme}:{due.period}"
        label = PeriodLabel(due.period)
        if viewer.sees_all:
            what = Message("tasks.reports-missing", period=label, count=len(due.without))
            yield Task(key, "report", what, due.without, "", due.last_day, f"/tasks/reports/{due.period}")
            continue
        for code in due.without:
            what, query = Message("tasks.report", period=label), (("period", str(due.period)), ("ward", code))
            yield Task(f"{key}:{code}", "report", what, (code,), "", due.last_day, "/coverage/entry", query)


def _explanations(explanations: DataFrame, codes: list[str], situation: Situation) -> Iterator[Task]:
    """Explanations whose last step is that they were asked for."""
    last: dict[tuple[str, str, str], dict[Any, Any]] = {}
    asked = Counter[tuple[str, str, str]]()
    for row in explanations.to_dict("records"):
        matter = row["ward_code"], row["programme"], row["period"]
        last[matter] = row
        asked[matter] += row["step"] == "asked"
    names = dict(zip(situation.wards["code"], situation.wards["full_name"], strict=True))
    for (code, programme, period), row in last.items():
        if row["step"] == "asked" and code in codes:
            label = PeriodLabel(Period.parse(period))
            what = Message("tasks.explanation", ward=names[code], period=label, document=row["document"])
            key = f"explanation:{programme}:{period}:{code}"
            path, news = f"/tasks/reports/{period}", (occasion(key, asked[code, programme, period]),)
            yield Task(key, "explanation", what, (code,), "", _day(row["until"]), path, news=news)


def occasion(key: str, number: int) -> str:
    """The name of something that has come up for the `number`-th time.

    >>> occasion("emergence:202603:01E1174N4651:alert", 1), occasion("explanation:a", 2)
    ('emergence:202603:01E1174N4651:alert', 'explanation:a:2')
    """
    return key if number <= 1 else f"{key}:{number}"


@dataclass(frozen=True, slots=True)
class PeriodLabel:
    """A period's name in both languages."""

    period: Period

    @property
    def vi(self) -> str:
        """In Vietnamese."""
        return self.period.label

    @property
    def en(self) -> str:
        """In English."""
        return self.period.label_en


def _day(moment: Any) -> date | None:
    return None if moment is None or moment != moment else moment.date()
