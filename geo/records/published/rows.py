"""The rows that a published draft brought into force: what of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, Problem
from geo.i18n.language import current
from geo.i18n.message import Message, shown
from geo.records.drafting.withdrawals import OF_SITES
from geo.records.kinds.registers.withdrawal import WITHDRAWN, NewWithdrawal
from geo.records.kinds.registry import kind, kind_of
from geo.records.kinds.spec import NewEntry
from geo.records.ledger.names_of_persons import without_texts
from geo.records.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from datetime import date, datetime

    from geo.records.store import Store
    from geo.reference.cities import City


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row that was published and holds: the `kind` of record, its number, what it is about, and what it says."""

    kind: str
    row: int
    subject: str
    entry: NewEntry

    @property
    def about(self) -> str:
        """The subject as somebody reads it: a ward by its name."""
        return _ward_names([self.subject])[0] if self.kind == "phase_change" else self.subject

    @property
    def said(self) -> str:
        """What it is, in a few words: the kind, and its name, event, level, wards or phase."""
        return shown([kind(self.kind).shown, *self._terms()], current())

    def _terms(self) -> Iterator[Any]:
        known = vocabulary()
        for name in ("name", "event", "level", "phase", "wards", "title"):
            value = getattr(self.entry, name, None)
            if not value:
                continue
            if name == "event":
                yield Message(f"records.event.{value}")
            elif name == "wards":
                yield from _ward_names(value)
            else:
                yield known.groups.get(name, {}).get(value, value)


def rows_named(store: Store, city: City, names: Sequence[str]) -> list[PublishedRow]:
    """The rows of names such as `site_event:3`.

    Raises
    ------
    InputError
        One of them is no such name, or no row of this city that holds.
    """
    known = {f"{one.kind}:{one.row}": one for one in rows_in_force(store, city)}
    asked = [name.strip().replace("-", "_") for name in names]
    missing = [name for name in asked if name not in known]
    if missing:
        raise InputError(
            [Problem("records.no-published-row", "row", row=name[:60], city=city.slug) for name in missing]
        )
    return [known[name] for name in dict.fromkeys(asked)]


def publication_moment(store: Store, draft_row: int) -> datetime | None:
    """When a draft (`draft_row`: its row) came into force: all that it wrote bears this moment, and nothing else does;
    None where it was not published."""
    moments = dict(store.rows("publication", ("draft_id", "recorded_at")))
    roots = dict(store.rows("register_draft", ("id", "root_id")))
    return moments.get(roots.get(draft_row) or draft_row)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A row of a published draft that was taken back since: what it was about, from which `day` on, by which document
    and office, why, and when that was published."""

    kind: str
    row: int
    subject: str
    day: date
    document: str
    office: str
    reason: str
    recorded_at: datetime

    @property
    def about(self) -> Message | str:
        """The kind of record and its subject."""
        return f"{shown(kind(self.kind).shown, current())} {self.subject}"


def taken_back_of(store: Store, draft_row: int) -> list[TakenBack]:
    """The rows that a draft brought into force and that were taken back since, in the order in which they were."""
    moment = publication_moment(store, draft_row)
    names = ("kind", "row", "subject", "day", "document", "office", "note", "recorded_at")
    rows = [TakenBack(*row) for row in store.rows("withdrawal", names)] if moment is not None else []
    own = {name: _rows_at(store, name, moment) for name in {row.kind for row in rows}.intersection(WITHDRAWN)}
    return [row for row in rows if row.row in own.get(row.kind, ())]


def _rows_at(store: Store, name: str, moment: datetime | None) -> frozenset[int]:
    frame = store.history(name)
    return frozenset(frame.loc[frame["recorded_at"] == moment, "id"].tolist())


def published_rows(store: Store, draft_row: int) -> list[PublishedRow]:
    """The rows that a draft (`draft_row`: its row) brought into force, without those that were taken back since."""
    moment = publication_moment(store, draft_row)
    if moment is None:
        return []
    return [one for name in WITHDRAWN for one in _rows(store, name, recorded_at=moment)]


def rows_in_force(store: Store, city: City, subject: str = "") -> list[PublishedRow]:
    """All rows of registers of a city that hold, or those about a subject: a site, a ward, the number of a plan."""
    found = [one for name in WITHDRAWN for one in _rows(store, name)]
    return [one for one in found if subject in ("", one.subject) and _is_of(one, city)]


def withdrawal_of(one: PublishedRow, day: date, document: str, office: str, reason: str, names: bool) -> NewWithdrawal:
    """What takes a row back; `names`: because a text of it names a person."""
    said: dict[str, Any] = {"day": day, "document": document, "office": office, "note": reason}
    return NewWithdrawal(kind=one.kind, row=one.row, subject=one.subject, names_person=names, **said)


def nameless(store: Store, draft_row: int, entries: Sequence[NewEntry]) -> tuple[NewEntry, ...]:
    """The entries of a published draft without the texts of those that were taken back because they name a person."""
    named = {(kind_, row) for kind_, row, yes in store.rows("withdrawal", ("kind", "row", "names_person")) if yes}
    named = {one for one in named if one[0] in WITHDRAWN}
    if not named:
        return tuple(entries)
    moment = publication_moment(store, draft_row)
    hidden: set[int] = set()
    for name in {name for name, _ in named}:
        rows = sorted(_rows_at(store, name, moment))
        places = [place for place, entry in enumerate(entries) if kind_of(entry).name == name]
        hidden |= {place for place, row in zip(places, rows, strict=False) if (name, row) in named}
    return tuple(
        without_texts(entry, kind_of(entry)) if place in hidden else entry for place, entry in enumerate(entries)
    )


def _ward_names(codes: Sequence[str]) -> list[str]:
    from geo.reference.wards import load_wards

    wards = load_wards()
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    return [names.get(code, code) for code in codes]


def _rows(store: Store, name: str, **where: Any) -> list[PublishedRow]:
    spec = kind(name)
    columns = [column.name for column in spec.columns]
    found = []
    for number, moment, *values in store.rows(name, ("id", "recorded_at", *columns)):
        if where and moment != where["recorded_at"]:
            continue
        entry = spec.entry(**dict(zip(columns, values, strict=True)))
        found.append(PublishedRow(name, number, str(getattr(entry, spec.subject)), entry))
    return found


def _is_of(one: PublishedRow, city: City) -> bool:
    if one.kind in OF_SITES:
        return one.subject.startswith(f"{city.site_prefix}-")
    if one.kind == "phase_change":
        from geo.reference.wards import load_wards

        return one.subject in set(load_wards(city=city)["code"])
    return bool(getattr(one.entry, "city", "") == city.slug)
