"""Notices about tasks: which go to whom, in which words, and the record of who was notified of what."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from geo.i18n.formats import formats
from geo.i18n.message import Message
from geo.output.tasks.notice_log import note_notices, notices
from geo.output.tasks.recipients import Recipient, recipients
from geo.output.tasks.sending import Notice, NotSentError, send
from geo.output.tasks.task import Task, occasion, tasks_of
from geo.reference.cities import city
from geo.situation import at
from geo.visibility import Published, visible

if TYPE_CHECKING:
    from geo.records.model.actor import Actor
    from geo.records.store import Store
    from geo.situation import Situation

_MOST_LINES = 40
_log = logging.getLogger("diaban.notices")


def notify(store: Store, day: date, who: Actor, address: str = "") -> int:
    """Send what is due to each recipient, each thing once; how many notices went out.

    A digest goes out once a day, where there is anything to be done; what is sent at once is each new alert and
    explanation, and each task when its last day is over. `address`: of the service, for the links. What could not be
    sent is tried again at the next call, and recorded once a day.

    Raises
    ------
    InputError, DataFileMissingError, StoreError
        The list of recipients or the records can't be used.
    """
    sent = 0
    known = {(line.subject, line.recipient, line.ok) for line in notices(store)}
    for recipient in recipients():
        done = frozenset(subject for subject, name, ok in known if name == recipient.logged_as and ok)
        own, situation = store.of(recipient.city), at(day, city=recipient.city, store=store)
        due = _due(tasks_of_recipient(own, situation, recipient, day), recipient, done, day, _raised(own, day))
        if not due:
            continue
        failed = f"failed:{day}"
        try:
            send(notice_of(list(due.values()), situation, recipient, address), recipient)
        except NotSentError as error:
            _log.warning("a notice to a %s was not taken: %s", recipient.channel, error)
            if (failed, recipient.logged_as, False) not in known:
                line = (failed, recipient.logged_as, recipient.channel, str(error))
                note_notices(store, who, [line], sent=False)
            continue
        note_notices(store, who, _lines(due, recipient, day))
        sent += 1
    return sent


def tasks_of_recipient(store: Store, situation: Situation, recipient: Recipient, day: date) -> tuple[Task, ...]:
    """The tasks that a recipient may know of, by the records of its list."""
    shown = visible(situation, recipient.viewer, Published(store, day))
    return tasks_of(shown, recipient.viewer, store.coverage(day), store.explanations(day), day)


def notice_of(tasks: list[Task], situation: Situation, recipient: Recipient, address: str) -> Notice:
    """The text of a notice: each task with its day and wards; no place of a report, no note, no person."""
    names = dict(zip(situation.wards["code"], situation.wards["full_name"], strict=True))
    lang, day = recipient.lang, situation.day
    tasks = list({task.key: task for task in tasks}.values())
    late = sum(task.is_overdue(day) for task in tasks)
    subject = Message("tasks.notice-subject", count=len(tasks), late=late, day=day).text(lang)
    place = city(situation.city)
    name = place.name if lang == "vi" else place.name_en
    lines = [Message("tasks.notice-head", name=recipient.name, city=name, day=day).text(lang), ""]
    lines += [_line(task, names, recipient, day) for task in tasks[:_MOST_LINES]]
    if len(tasks) > _MOST_LINES:
        lines.append(Message("tasks.notice-more", count=len(tasks) - _MOST_LINES).text(lang))
    lines += ["", f"{address}/tasks?city={situation.city}"] if address else []
    return Notice(subject, "\n".join(lines) + "\n")


def _raised(store: Store, day: date) -> Counter[str]:
    """How often each alert (event id) was raised up to a day: one that was closed may come up again."""
    events = store.flag_events(day)
    return Counter(events["flag_id"][events["event"] == "raised"].tolist())


def _due(
    tasks: tuple[Task, ...], recipient: Recipient, done: frozenset[str], day: date, raised: Mapping[str, int]
) -> Mapping[str, Task]:
    """Subject → task of what a recipient is to be notified of now; a task may have several."""
    if recipient.when == "digest":
        return {} if f"digest:{day}" in done else {task.key: task for task in tasks}
    found: dict[str, Task] = {}
    for task in tasks:
        if task.is_overdue(day):
            found[f"{task.key}:overdue:{task.due}"] = task
        for name in task.news:
            found[occasion(name, raised.get(name, 1))] = task
    return {subject: task for subject, task in found.items() if subject not in done}


def _lines(due: Mapping[str, Task], recipient: Recipient, day: date) -> list[tuple[str, str, str, str]]:
    """What is recorded of a notice: each task of one at once, the digest of a day as one."""
    who = recipient.logged_as, recipient.channel
    if recipient.when == "digest":
        return [(f"digest:{day}", *who, Message("tasks.digest", count=len(due)).text("vi"))]
    return [(subject, *who, task.what.vi) for subject, task in due.items()]


def _line(task: Task, names: Mapping[str, str], recipient: Recipient, day: date) -> str:
    lang = recipient.lang
    what = task.what.vi if lang == "vi" else task.what.en
    wards = ", ".join(names.get(code, code) for code in task.wards[:3]) + ("…" if len(task.wards) > 3 else "")
    due = formats(lang).day(task.due) if task.due else ""
    code = "tasks.notice-overdue" if task.is_overdue(day) else "tasks.notice-due" if due else "tasks.notice-line"
    text = Message(code, what=what, due=due, who=task.office or wards).text(lang)
    return "- " + " ".join(text.split())  # what somebody recorded makes no lines of its own
