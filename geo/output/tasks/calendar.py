"""Tasks as a calendar file (RFC 5545), for any calendar program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from geo.i18n.language import Lang
from geo.i18n.message import Message
from geo.output.reports.calendar import compact, escaped, folded
from geo.output.tasks.task import Task

_REMINDER_DAYS = 3


def tasks_ics(
    tasks: Iterable[Task], wards: Mapping[str, str], day: date, lang: Lang = "vi", address: str = ""
) -> bytes:
    """The tasks that have a last day, an all-day event each, in UTF-8; the same tasks of a day give the same bytes.

    `wards`: code → name; `address`: of the service, for the links, '' for none.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//diaban//tasks//{lang.upper()}", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(Message('tasks.calendar').text(lang))}"]
    for task in tasks:
        if task.due is not None:
            lines += _event(task, task.due, wards, day, lang, address)
    return b"".join(folded(line) for line in (*lines, "END:VCALENDAR"))


def _event(task: Task, due: date, wards: Mapping[str, str], day: date, lang: Lang, address: str) -> Iterator[str]:
    what = task.what.vi if lang == "vi" else task.what.en
    who = task.office or ", ".join(wards.get(code, code) for code in task.wards)
    yield "BEGIN:VEVENT"
    yield f"UID:{task.key}@diaban"
    yield f"DTSTAMP:{compact(day)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{compact(due)}"
    yield f"DTEND;VALUE=DATE:{compact(due + timedelta(days=1))}"
    yield f"SUMMARY:{escaped(what)}"
    yield f"DESCRIPTION:{escaped(who)}"
    if address:
        yield f"URL:{address}{task.address}"
    yield "TRANSP:TRANSPARENT"
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{_REMINDER_DAYS}D")
    yield from (f"DESCRIPTION:{escaped(what)}", "END:VALARM", "END:VEVENT")
