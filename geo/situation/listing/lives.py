"""The life of a site across plans: its versions, levels, events and agreements, and when it is on the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geo.errors import Problem
from geo.i18n.message import Message, listed
from geo.records.kinds.registers.site_event import ENDING

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.situation.records import Records

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a site on a day: `version`, `level`, an event, `responsibility`, `responsibility_ended`, or that
    another site was split or merged into it (`from_split`, `from_merged`).

    `about`: its name then, its level, the sites that it became, the site that went into it, or the codes of wards.
    """

    day: date
    what: str
    about: tuple[str, ...]
    document: str
    office: str
    note: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A site that is or was on the list: its name at last, since when and until before when (None: it still is), and
    the event by which it left, with the day and document, where it is off at last."""

    site_id: str
    name: str
    spans: tuple[tuple[date, date | None], ...]
    end: Row | None

    def on(self, day: date) -> bool:
        """Whether it is on the list on a day."""
        return any(since <= day and (until is None or day < until) for since, until in self.spans)

    def off(self, day: date) -> Message | None:
        """Since when it is not on the list on a day, or from which day on it will be; None where it is on it."""
        if self.on(day):
            return None
        left = [until for _, until in self.spans if until is not None and until <= day]
        return Message("unknown.off-since", day=left[-1]) if left else Message("unknown.on-from", day=self.spans[0][0])


def life(records: Records, site_id: str, known_at: datetime | None = None) -> list[Step]:
    """The versions, levels, events and agreements of a site, and the events of those that went into it, oldest first;
    as they were known at a moment."""
    versions, events = records.register_entries(known_at)
    agreed = records.responsibilities(known_at=known_at)
    into = [row for row in events.to_dict("records") if site_id in row["others"]]
    found = [_step(row, f"from_{row['event']}", (row["site_id"],)) for row in into]
    found += [_step(row, "version", (row["name"],)) for row in _own(versions, site_id)]
    found += [_step(row, "level", (row["level"],)) for row in _own(records.assessments(known_at=known_at), site_id)]
    found += [_agreement(row) for row in _own(agreed, site_id)]
    # Of one day they come last: what ends with a site was before.
    found += [_step(row, row["event"], tuple(row["others"])) for row in _own(events, site_id)]
    return sorted(found, key=lambda step: step.day)


def listings(records: Records, prefix: str, known_at: datetime | None = None) -> list[Listing]:
    """Every site whose id begins so, with its days on the list, in the order of their first versions."""
    versions, events = records.register_entries(known_at)
    rows = versions[versions["site_id"].str.startswith(prefix)].to_dict("records")
    by_site: dict[str, list[Row]] = {}
    for row in rows:
        by_site.setdefault(row["site_id"], []).append(row)
    events_of: dict[str, list[Row]] = {}
    for row in events[events["site_id"].isin(list(by_site))].to_dict("records"):
        events_of.setdefault(row["site_id"], []).append(row)
    return [_listing(site, own, events_of.get(site, ())) for site, own in by_site.items()]


def listing_of(records: Records, site_id: str, known_at: datetime | None = None) -> Listing | None:
    """When a site is on the list; None where there never was one of this id."""
    return next((one for one in listings(records, site_id, known_at) if one.site_id == site_id), None)


def not_listed(records: Records, site_id: str, known_at: datetime | None = None) -> Problem | None:
    """Why a site is not on the list of a day though some other day has it, with its life; None for one that never was
    anywhere. With `known_at` as it was known then: of a site that was published later, that it was."""
    found = listing_of(records, site_id, known_at)
    if found is None and known_at is not None and listing_of(records, site_id) is not None:
        return Problem("unknown.site-not-known", site=site_id, at=known_at)
    if found is None:
        return None
    steps = [
        {"day": step.day.isoformat(), "event": step.what, "about": list(step.about), "document": step.document}
        for step in life(records, site_id, known_at)
    ]
    spans = listed([_span(since, until) for since, until in found.spans])
    said: dict[str, Any] = {"site": site_id, "name": found.name, "spans": spans, "life": steps}
    if found.end is None:
        return Problem("unknown.site-since", first=found.spans[0][0], **said)
    what = Message(f"records.event.{found.end['event']}")
    return Problem("unknown.site-left", event=what, on=found.end["day"].date(), document=found.end["document"], **said)


def _span(since: date, until: date | None) -> Message:
    if until is None:
        return Message("unknown.span-open", first=since)
    return Message("unknown.span", first=since, last=until - timedelta(days=1))


def _listing(site: str, versions: Sequence[Row], events: Sequence[Row]) -> Listing:
    spans: list[tuple[date, date | None]] = []
    since: date | None = versions[0]["day"].date()
    end: Row | None = None
    for row in events:
        if row["event"] in ENDING and since is not None:
            spans.append((since, row["day"].date()))
            since, end = None, row
        elif row["event"] == "returned" and since is None:
            since, end = row["day"].date(), None
            if spans and spans[-1][1] == since:  # back on the day on which it left: it was on the list all the time
                since, _ = spans.pop()
    spans += [(since, None)] if since is not None else []
    return Listing(site, versions[-1]["name"], tuple(spans), end)


def _own(frame: DataFrame, site_id: str) -> list[dict[Any, Any]]:
    return frame[frame["site_id"] == site_id].to_dict("records")


def _agreement(row: Row) -> Step:
    return _step(row, "responsibility" if row["wards"] else "responsibility_ended", tuple(row["wards"]))


def _step(row: Row, what: str, about: tuple[str, ...]) -> Step:
    return Step(row["day"].date(), what, about, row["document"], row["office"], row["note"])
