"""Whether what a draft says happens to a site can happen: it has to be on the list, or to have left it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.i18n.message import Message
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.site_event import ENDING, NewSiteEvent
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.validation.entry_checks import Fault, fault

Read = Callable[[str, Sequence[str]], list[tuple[Any, ...]]]
"""Columns of a kind as `Store.rows` gives them: by day, then by order of entry."""

_DAY = timedelta(days=1)
_OF_LISTED = NewSiteVersion | NewAssessment | NewResponsibility
"""What holds only while its site is on the list."""


@dataclass(frozen=True, slots=True)
class _Step:
    """An event of a site; `own` where the draft has it."""

    day: date
    event: str
    own: bool


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is recorded of a day and holds only while a site is on the list: the site must not leave before `needed`."""

    day: date
    needed: date
    what: Message


@dataclass(frozen=True, slots=True)
class Life:
    """The days of a site's versions, the first one first, its events as they follow each other, and what is recorded
    that rests on its being on the list."""

    versions: tuple[date, ...]
    steps: tuple[_Step, ...]
    rests: tuple[_Rest, ...] = ()

    def versions_by(self, day: date) -> tuple[date, ...]:
        """The days of the versions up to a day."""
        return tuple(one for one in self.versions if one <= day)

    def is_listed(self, day: date) -> bool:
        """Whether the site is on the list at the end of a day."""
        if not self.versions or day < self.versions[0]:
            return False
        return self.ended(day) is None

    def ended(self, day: date) -> _Step | None:
        """The event by which the site has left the list at the end of a day; None where it is on it."""
        first = self.versions[0] if self.versions else day
        return _after([step for step in self.steps if first <= step.day <= day])


def _after(steps: Sequence[_Step]) -> _Step | None:
    """The event that took a site off the list and was not followed by its return."""
    end: _Step | None = None
    for step in steps:
        end = step if step.event in ENDING else None if step.event == "returned" else end
    return end


def life_faults(read: Read, entries: Sequence[NewEntry]) -> list[Fault]:
    """What cannot happen to the sites of these entries as they stand, each with what is recorded against it.

    A site can be renamed, cleared, split or merged while it is on the list, and return after it left; nothing can
    happen to it before its first version; what it becomes is on the list on that day; a site that left is changed when
    it returns; nor does it leave before what is recorded of a later day and rests on it. What was recorded wrongly
    before is no fault of these entries.
    """
    lives = _lives(read, entries)
    found = [each for site, life in lives.items() for each in (*_events(site, life), *_cut_off(site, life))]
    found += [each for entry in entries for each in _others(entry, lives)]
    opened = _opened(read)
    return [*found, *(each for entry in entries for each in _gone(entry, lives, opened))]


def off_list_faults(read: Read, entry: NewEntry) -> list[Fault]:
    """Why a level that is recorded without a draft would show nowhere: its site is off the list on its day."""
    return life_faults(read, [entry]) if isinstance(entry, NewAssessment) else []


def misfits(read: Read, entries: Sequence[NewEntry], sites: Collection[str]) -> set[tuple[str, date, Message]]:
    """What does not fit the life of these sites as they stand with the entries: the site, the day, and what it is.

    Events that cannot follow what stands before them or come before the first version, sites that went into one that
    is off the list, agreements before the first version; everything of a site that has no version.
    """
    lives = _lives(read, entries, sites)
    found: set[tuple[str, date, Message]] = set()
    for site, life in lives.items():
        first = life.versions[0] if life.versions else date.max
        found |= {(site, step.day, _named(step)) for step, _ in _unfit(life.steps)}
        found |= {(site, step.day, _named(step)) for step in life.steps if step.day < first}
        into = (rest for rest in life.rests if rest.needed > rest.day)
        found |= {(site, rest.day, rest.what) for rest in into if not life.is_listed(rest.day)}
    agreed = read("responsibility", ("site_id", "day"))
    early = ((site, day) for site, day in agreed if site in sites and not lives[site].versions_by(day))
    return found | {(site, day, Message("records.rest.agreement")) for site, day in early}


def _lives(read: Read, entries: Sequence[NewEntry], sites: Collection[str] = ()) -> dict[str, Life]:
    """Every site that the entries are about, and these, with what is recorded of it and what they say of it."""
    versions, steps = _recorded(read)
    rests = _rests(read)
    named: set[str] = set(sites)
    for entry in entries:
        if isinstance(entry, NewSiteVersion):
            versions.setdefault(entry.site_id, []).append(entry.day)
        elif isinstance(entry, NewSiteEvent):
            steps.setdefault(entry.site_id, []).append(_Step(entry.day, entry.event, own=True))
            named |= {entry.site_id, *entry.others}
        if isinstance(entry, _OF_LISTED):
            named.add(entry.site_id)
    return {
        site: Life(tuple(sorted(versions.get(site, ()))), _in_order(steps.get(site, ())), tuple(rests.get(site, ())))
        for site in sorted(named)
    }


def _in_order(steps: Sequence[_Step]) -> tuple[_Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.day))  # stable: of one day, those recorded come first


def _recorded(read: Read) -> tuple[dict[str, list[date]], dict[str, list[_Step]]]:
    versions: dict[str, list[date]] = {}
    steps: dict[str, list[_Step]] = {}
    for site, day in read("site_version", ("site_id", "day")):
        versions.setdefault(site, []).append(day)
    for site, day, event in read("site_event", ("site_id", "day", "event")):
        steps.setdefault(site, []).append(_Step(day, event, own=False))
    return versions, steps


def _rests(read: Read) -> dict[str, list[_Rest]]:
    """Site → its versions, and the events of other sites that went into it."""
    found: dict[str, list[_Rest]] = {}
    for site, day in read("site_version", ("site_id", "day")):
        found.setdefault(site, []).append(_Rest(day, day, Message("records.rest.version")))
    for site, day, event, others in read("site_event", ("site_id", "day", "event", "others")):
        for other in others:
            # It receives another site at the end of that day, when a site that leaves on it is off the list.
            rest = _Rest(day, day + _DAY, Message(f"records.rest.{event}", site=site))
            found.setdefault(other, []).append(rest)
    return found


def _cut_off(site: str, life: Life) -> Iterator[Fault]:
    """The events of a draft by which a site leaves before what is recorded of a later day and rests on it."""
    for rest in life.rests:
        end = life.ended(rest.day)
        if end is not None and end.own and end.day < rest.needed:
            yield fault("event", "records.event-cuts-off", **_said(site, end), later=rest.what, on=rest.day)


def _events(site: str, life: Life) -> Iterator[Fault]:
    """The events of a draft that do not fit where they stand, and those recorded that do not fit any more."""
    known = {step for step, _ in _unfit([step for step in life.steps if not step.own])}
    for step, end in _unfit(life.steps):
        if not step.own and step not in known:
            own = next(other for other in reversed(life.steps) if other.own and other.day <= step.day)
            yield fault("event", "records.event-contradicts", **_said(site, own), later=_named(step), on=step.day)
        elif step.own and end is not None:
            yield fault("event", "records.event-after-end", **_said(site, step), end=_named(end), since=end.day)
        elif step.own:
            yield fault("event", "records.event-not-left", **_said(site, step))
    first = life.versions[0] if life.versions else None
    early = [step for step in life.steps if step.own and first is not None and step.day < first]
    for step in early:
        yield fault("day", "records.event-too-early", **_said(site, step), first=first)


def _unfit(steps: Sequence[_Step]) -> Iterator[tuple[_Step, _Step | None]]:
    """The events that cannot follow what stands before them, each with the one by which the site had left."""
    end: _Step | None = None
    for step in steps:
        if (step.event == "returned") == (end is None):
            yield step, end
        end = _after([*([end] if end else []), step])


def _others(entry: NewEntry, lives: dict[str, Life]) -> Iterator[Fault]:
    """What a site becomes has to be on the list."""
    if not isinstance(entry, NewSiteEvent):
        return
    for other in entry.others:
        if other != entry.site_id and lives[other].versions and not lives[other].is_listed(entry.day):
            yield fault("others", "records.other-not-listed", site=other, day=entry.day)


def _opened(read: Read) -> dict[str, date]:
    """Prefix of a city's sites → the day of its first list, which stands for the days before it too."""
    found: dict[str, date] = {}
    for site, day in read("site_version", ("site_id", "day")):
        found.setdefault(_city(site), day)  # by day
    return found


def _city(site: str) -> str:
    return site.partition("-")[0]


def _gone(entry: NewEntry, lives: dict[str, Life], opened: dict[str, date]) -> Iterator[Fault]:
    """A version, a level or an agreement of a site that is not on the list changes nothing that anybody sees.

    A level of a day before a city's first list does: that list stands for it.
    """
    if not isinstance(entry, _OF_LISTED):
        return
    life = lives[entry.site_id]
    end = life.ended(entry.day)
    # A new site may be split or merged at once; what is recorded with its end is no change behind it.
    if end is not None and not (end.own and end.day == entry.day):
        yield fault("site_id", "records.site-left", site=entry.site_id, day=entry.day, end=_named(end), since=end.day)
        return
    first = life.versions[0] if life.versions else entry.day
    is_shown = isinstance(entry, NewAssessment) and first <= opened.get(_city(entry.site_id), first)
    if entry.day < first and not is_shown:
        yield fault("day", "records.site-not-yet", site=entry.site_id, day=entry.day, first=first)


def _said(site: str, step: _Step) -> dict[str, Any]:
    return {"site": site, "event": _named(step), "day": step.day}


def _named(step: _Step) -> Message:
    return Message(f"records.event.{step.event}")
