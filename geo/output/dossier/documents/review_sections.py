"""Reviews of a site: when it was looked at last, what changed since, and whether the next review is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.i18n.formats import NOTHING
from geo.output.dossier.documents.blocks import Block, Grid, Paragraph, Section
from geo.output.dossier.view import SiteView, View
from geo.output.dossier.wording import heads, hidden, level_name
from geo.output.shared.cells import known, text_of
from geo.output.shared.stretches import codes


@dataclass(frozen=True, slots=True)
class Change:
    """A recorded change of level of a site after its last review."""

    before: str
    after: str
    day: date
    document: str


def reviews_of(site: SiteView) -> list[dict[str, Any]]:
    """The reviews that took in the site, by day: it is named, or none is named and all its wards were reviewed."""
    frame = site.view.situation.reviews
    if frame is None:
        return []
    wards = {row.ward_code for row in site.answering}
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    found = [row for row in rows if _takes_in(row, site.id, wards)]
    return sorted(found, key=lambda row: str(row["day"]))


def _takes_in(row: Any, site_id: str, wards: set[str]) -> bool:
    sites = codes(row["sites"])
    return site_id in sites if sites else bool(wards) and wards <= set(codes(row["wards"]))


def last_review(site: SiteView) -> date | None:
    """The day of the site's last review; None where it has none."""
    rows = reviews_of(site)
    return _day(rows[-1]["day"]) if rows else None


def next_review(site: SiteView, row: Any, rows: list[dict[str, Any]]) -> str:
    """The day of the next review that a review set; marked where it is over and no review was held since."""
    w, today = site.view.words, site.view.situation.day
    if not known(row["next_day"]):
        return NOTHING
    due = _day(row["next_day"])
    later = row is not rows[-1]
    if later or due >= today:
        return w.day(due)
    return w.text("overdue", day=w.day(due), days=w.number((today - due).days))


def changes_since_review(site: SiteView) -> Iterator[Change]:
    """The changes of level of the site that were recorded after its last review; all where it has none.

    The level with which the plan lists a site is none, as nothing was before it, unless a review was held before.
    """
    w, frame = site.view.words, site.view.situation.assessments
    if frame is None:
        return
    own = frame[(frame["site_id"] == site.id).to_numpy(dtype=bool)]
    last, before = last_review(site), w.text("level_unknown")
    for row in own.to_dict("records"):
        after, day = level_name(w, row["level"]), _day(row["day"])
        document, is_first = text_of(row["document"], NOTHING), before == w.text("level_unknown") and last is None
        is_listing = is_first and document in text_of(site.row.document)
        if after != before and not is_listing and (last is None or day > last):
            yield Change(before, after, day, document)
        before = after


def changes_section(seen: View) -> Section:
    """Changes of level since the last review of each site."""
    w, situation = seen.words, seen.situation
    heading = w.text("section_changes")
    if situation.assessments is None or situation.reviews is None:
        text = hidden(w, "reviews") if situation.hides("reviews") else w.text("changes_no_records")
        return Section("changes", heading, (Paragraph(text, "missing"),))
    rows = tuple(_changed(seen))
    first = Paragraph(w.text("changes_intro"))
    if not rows:
        return Section("changes", heading, (first, Paragraph(w.text("changes_none"))))
    names = ("number", "site", "reviewed", "before", "after", "day", "document")
    grid = Grid(heads(w, *names), rows, (11, 42, 24, 25, 25, 24, 34), "lllllll")
    return Section("changes", heading, (first, grid))


def _changed(seen: View) -> Iterator[tuple[str, ...]]:
    w = seen.words
    for site in seen.sites:
        last = last_review(site)
        reviewed = w.text("never_reviewed") if last is None else w.day(last)
        for change in changes_since_review(site):
            levels = (change.before, change.after)
            yield site.number, site.name, reviewed, *levels, w.day(change.day), change.document


def due_section(seen: View) -> Section | None:
    """The last and the next review of every site, what is overdue marked; None where reviews are not known."""
    w = seen.words
    if seen.situation.reviews is None:
        return None
    rows = []
    for site in seen.sites:
        held = reviews_of(site)
        reviewed = w.day(held[-1]["day"]) if held else w.text("never_reviewed")
        rows.append((site.number, site.name, reviewed, next_review(site, held[-1], held) if held else NOTHING))
    if not rows:
        return None
    grid = Grid(heads(w, "number", "site", "reviewed", "next"), tuple(rows), (13, 75, 32, 60), "llll")
    blocks: tuple[Block, ...] = (grid,)
    return Section("reviews", w.text("section_reviews"), blocks)


def _day(value: object) -> date:
    return pd.Timestamp(value).date()  # type: ignore[arg-type]
