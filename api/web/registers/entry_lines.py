"""What a draft holds, entry by entry: every field with its label; of a site that is known, what changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from api.web.base.page_context import PageContext
from api.web.sites.view_models import ward_label
from geo.errors import Problem
from geo.i18n.language import Lang
from geo.i18n.message import Message, shown
from geo.records.drafting.conflicts import recorded_entry, recorded_sides
from geo.records.drafting.covered_up import covered_up
from geo.records.drafting.same_day import same_day_conflicts
from geo.records.drafting.withdrawals import remaining
from geo.records.kinds.assessment import NewAssessment
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind_of
from geo.records.kinds.spec import NewEntry, label_of
from geo.records.model.register_lookup import route_length
from geo.records.publishing import Draft, conflicts_of
from geo.situation import Situation

_LEFT_OUT = frozenset(("site_id", "ward_code", "subject", "day", "document", "office", "file_digest", "city"))
"""What heads the entry, or stands over the whole draft."""
_WARDS, _METRES = ("wards", "declared_wards"), ("from_m", "to_m", "accuracy_m", "corridor_m")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry: what it is, of which site or ward, and its fields: label, value, the value until then ('' where it is
    the same, or there was none)."""

    kind: str
    subject: str
    fields: tuple[tuple[str, str, str], ...]


def entry_lines(context: PageContext, draft: Draft, before: Situation, after: Situation) -> list[EntryLine]:
    """The entries of a draft, with the names that they stand for."""
    names = ward_label(after)
    sites = {site: name for one in (before, after) for site, name in _named(one)}
    sites |= {entry.site_id: entry.name for entry in draft.entries if isinstance(entry, NewSiteVersion)}
    known = {row["site_id"]: row for row in before.sites.to_dict("records")}
    writer = _Writer(context, draft, names, sites, known)
    return [writer.line(entry) for entry in draft.entries]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A site that somebody changed since a draft was written, or of which another paper says another thing of the same
    day: `text` says it; `rows` have a label, what is in force, and what holds by the draft."""

    site: str
    text: str
    rows: tuple[tuple[str, str, str], ...]
    is_site: bool = True


def conflict_lines(context: PageContext, draft: Draft, situation: Situation) -> list[Conflict]:
    """What somebody else changed since, what is in force and what the draft says side by side."""
    store, lang = context.service.store, context.words.lang
    writer = _Writer(context, draft, ward_label(situation), dict(_named(situation)), {})
    found = [_conflict(writer, problem, lang) for problem in conflicts_of(store, draft)]
    rest = remaining(store.rows, draft.entries)
    found += [] if draft.published else _of_same_day(writer, same_day_conflicts(rest, draft.entries), draft.entries)
    return found + [_covered(writer, problem, lang) for problem in covered_up(rest, draft.entries, draft.row)]


def same_day_lines(context: PageContext, entries: Sequence[NewEntry], situation: Situation) -> list[Conflict]:
    """What another paper says of the sites and days of entries, beside what they say."""
    writer = _Writer(context, None, ward_label(situation), dict(_named(situation)), {})
    found = same_day_conflicts(context.service.store.rows, entries)
    return [replace(line, is_site=False) for line in _of_same_day(writer, found, entries)]


def _of_same_day(writer: _Writer, found: Sequence[Problem], entries: Sequence[NewEntry]) -> list[Conflict]:
    lines, read = [], writer.context.service.store.rows
    for problem in found:
        now = recorded_entry(read, problem.parameters["row"])
        own = next(one for one in entries if type(one) is type(now) and _is_of_day(one, problem))
        rows = tuple(row for row in _side_by_side(writer, [now], [own]) if row[1] != row[2])
        lines.append(Conflict(problem.parameters["site"], problem.in_language(writer.context.words.lang)[0], rows))
    return lines


def _is_of_day(entry: NewEntry, problem: Problem) -> bool:
    is_renaming = getattr(entry, "event", "") == "renamed"
    about = (getattr(entry, "site_id", ""), entry.day)
    return about == (problem.parameters["site"], problem.parameters["day"]) and not is_renaming


def _side_by_side(writer: _Writer, now: Sequence[NewEntry], own: Sequence[NewEntry]) -> Iterator[tuple[str, str, str]]:
    """Each field with what is in force, and what a draft says."""
    left, right = ({label: text for entry in side for label, text in writer.texts(entry)} for side in (now, own))
    return ((label, left.get(label, ""), right.get(label, "")) for label in dict.fromkeys([*left, *right]))


def _covered(writer: _Writer, problem: Problem, lang: Lang) -> Conflict:
    """What was published since in the place of an entry, beside what the draft says."""
    said = problem.parameters
    names = [name for name in said["proposed"] if name in said["in_force"]]
    rows = tuple(
        (
            shown(label_of(name, None), lang),
            writer.text(name, said["in_force"][name]),
            writer.text(name, said["proposed"][name]),
        )
        for name in names
    )
    return Conflict(str(said["subject"]), problem.in_language(lang)[0], rows, is_site=False)


def _conflict(writer: _Writer, problem: Problem, lang: Lang) -> Conflict:
    """The fields in which both sides differ; what the draft does not change is as it was when it was written."""
    draft, site = writer.draft, str(problem.parameters["site"])
    assert draft is not None
    rows = writer.context.service.store.rows
    now, stood = recorded_sides(rows, site, draft.base.get(site), draft.base_events.get(site))
    own = [entry for entry in draft.entries if getattr(entry, "site_id", "") == site]
    pairs = _side_by_side(writer, now, [*stood, *own])
    return Conflict(site, problem.in_language(lang)[0], tuple(row for row in pairs if row[1] != row[2]))


def _named(situation: Situation) -> Iterator[tuple[str, str]]:
    return zip(situation.sites["site_id"], situation.sites["name"], strict=True)


@dataclass(frozen=True, slots=True)
class _Writer:
    context: PageContext
    draft: Draft | None
    wards: Mapping[str, str]
    sites: Mapping[str, str]
    known: Mapping[str, Mapping[Any, Any]]

    def line(self, entry: NewEntry) -> EntryLine:
        spec, lang = kind_of(entry), self.context.words.lang
        subject = self._subject(entry)
        listed = (column.name for column in spec.columns)
        names = (name for name in listed if name not in _LEFT_OUT or self._differs(entry, name))
        fields = (
            (shown(spec.heading(name), lang), *self._values(entry, name, self._before(entry, name))) for name in names
        )
        return EntryLine(shown(spec.shown, lang), subject, tuple(row for row in fields if row[1] or row[2]))

    def texts(self, entry: NewEntry) -> list[tuple[str, str]]:
        """Every field of an entry with its label, but which site it is of."""
        spec, lang = kind_of(entry), self.context.words.lang
        columns = (column.name for column in spec.columns if column.name != "site_id")
        return [(shown(spec.heading(name), lang), self.text(name, getattr(entry, name))) for name in columns]

    def _subject(self, entry: NewEntry) -> str:
        site, ward = getattr(entry, "site_id", ""), getattr(entry, "ward_code", "")
        if site:
            return self._site(site)
        if ward:
            return self.wards.get(ward, ward)
        subject = str(getattr(entry, kind_of(entry).subject, ""))
        return self.wards.get(subject) or self._site(subject)

    def _differs(self, entry: NewEntry, name: str) -> bool:
        """Whether a day, document or office is another than that of the whole draft."""
        is_paper = name in ("day", "document", "office") and self.draft is not None
        return is_paper and getattr(entry, name) != getattr(self.draft, name)

    def _before(self, entry: NewEntry, name: str) -> Mapping[Any, Any] | None:
        """The site as it was until then, with which a field is compared: a version by all of it, an assessment by its
        level."""
        is_compared = isinstance(entry, NewSiteVersion) or (isinstance(entry, NewAssessment) and name == "level")
        return self.known.get(getattr(entry, "site_id", "")) if is_compared else None

    def _values(self, entry: NewEntry, name: str, old: Mapping[Any, Any] | None) -> tuple[str, str]:
        """The value, and the one until then; ('', '') where a site that is known keeps it."""
        now = self.text(name, getattr(entry, name))
        if old is None:
            return now, ""
        column = {"start": "from", "finish": "to"}.get(name, name)
        if name == "geometry":
            return (
                ("", "") if _same_route(getattr(entry, name), old["geometry"]) else (now, self._size(old["geometry"]))
            )
        if name == "level" and isinstance(entry, NewSiteVersion):
            return "", ""  # what is in force of it, an assessment says
        if column not in old:
            return "", ""  # the register in force does not hold it: whether it changes is not known
        was = self.text(name, _plain(old[column]))
        return ("", "") if now == was else (now or "–", was or "–")

    def text(self, name: str, value: Any) -> str:
        if value is None or value in ("", ()):
            return ""
        write = self._written.get(name)
        if write is not None:
            return write(value)
        return str(self.context.words.day(value)) if isinstance(value, date) else str(value)

    @property
    def _written(self) -> Mapping[str, Callable[[Any], str]]:
        """How the fields are written that hold codes, metres, terms or a geometry."""
        w = self.context.words
        named: dict[str, Callable[[Any], str]] = dict.fromkeys(_WARDS, self._ward_names)
        named |= dict.fromkeys(_METRES, w.metres)
        named |= {name: partial(self._term, name) for name in ("level", "group", "phase")}
        named |= {"geometry": lambda value: self._size(_shape(value)), "content": self._programme}
        named |= {"kind": lambda value: Message(f"records.kind.{value}").text(w.lang)}
        named |= {"names_person": lambda value: w.text("registers.yes") if value else ""}
        named |= {"others": lambda value: ", ".join(map(self._site, value))}
        return named | {"event": lambda value: Message(f"records.event.{value}").text(w.lang)}

    def _ward_names(self, codes: Sequence[str]) -> str:
        return ", ".join(self.wards.get(code, code) for code in codes)

    def _term(self, group: str, value: str) -> str:
        return self.context.words.pick(self.context.service.store.vocabulary.find(group, value))

    def _site(self, site: str) -> str:
        return f"{site} {self.sites.get(site, '')}".strip()

    def _size(self, shape: Any) -> str:
        length = route_length(shape)
        return str(self.context.words.metres(length)) if length else self.context.words.text("registers.area_or_point")

    def _programme(self, content: str) -> str:
        """How many indicators, then each with its number and text, and the days of reports."""
        w, found = self.context.words, json.loads(content)
        listed, days = (found.get(key, ()) if isinstance(found, dict) else () for key in ("indicators", "deadlines"))
        texts = [f"{one.get('number', '')}. {one.get('text', '')}".removeprefix(". ") for one in listed]
        due = [w.text("registers.deadlines_of", days=", ".join(str(w.day(day)) for day in days))] if days else []
        return "; ".join([w.text("registers.indicators_of", n=len(listed)), *texts, *due])


def _shape(text: str) -> Any:
    import shapely

    return shapely.from_geojson(text)


def _same_route(text: str, shape: Any) -> bool:
    import shapely

    return bool(shapely.equals(_shape(text), shape))


def _plain(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list | tuple):
        return tuple(value)
    return None if pd.isna(value) else value
