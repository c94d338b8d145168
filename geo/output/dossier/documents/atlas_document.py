"""The atlas (*tập bản đồ*) for a review meeting: all sites of a city in one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from geo.i18n.formats import NOTHING
from geo.output.dossier.documents.blocks import Block, Document, Grid, Paragraph, Picture, Section
from geo.output.dossier.documents.frame import city_header, city_name, framed
from geo.output.dossier.documents.record_sections import history_section
from geo.output.dossier.documents.site_sections import (
    check_section,
    map_section,
    site_section,
    ward_chainage,
    wards_section,
)
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.dossier.wording import heads, hidden, level_name
from geo.output.shared.cells import known, text_of
from geo.reference.names import plain

if TYPE_CHECKING:
    from geo.situation import Situation


def atlas_document(situation: Situation, edition: Edition) -> Document:
    """The atlas of a situation: overview, list of sites, changes since the last review, a part a site, index of wards.

    Its pictures are `overview` and, for each site, `map-` and the site's id.
    """
    return atlas_of(view(situation, edition))


def atlas_of(seen: View) -> Document:
    """The atlas of a view."""
    w = seen.words
    sections = [_overview(seen), _table(seen), _changes(seen)]
    for site in seen.sites:
        sections += _site(site)
    return framed(
        seen,
        "atlas",
        city_header(seen, "atlas"),
        subject=w.text("subject_atlas", city=city_name(seen), day=w.day(seen.situation.day)),
        sections=(*sections, _index(seen)),
        extra={"paper": seen.edition.paper, "contents": w.text("contents")},
    )


def _overview(seen: View) -> Section:
    w = seen.words
    alt = w.text("overview_alt", city=city_name(seen))
    return Section("overview", w.text("section_overview"), (Picture("overview", alt, w.text("overview_caption")),))


def _table(seen: View) -> Section:
    w = seen.words
    heading = w.text("section_table")
    if not seen.sites:
        return Section("table", heading, (Paragraph(w.text("sites_none"), "missing"),), new_page=True)
    rows = tuple(_site_row(site) for site in seen.sites)
    grid = Grid(
        heads(w, "number", "site", "level", "handed_over", "length", "wards"), rows, (13, 52, 26, 19, 20, 50), "llllrl"
    )
    return Section("table", heading, (grid,), new_page=True)


def _site_row(site: SiteView) -> tuple[str, ...]:
    w, row = site.view.words, site.row
    return (
        site.number,
        site.name,
        level_name(w, row.level),
        str(int(row.handed_over)) if known(row.handed_over) else NOTHING,
        w.written.some_length(site.length_m) if site.dimension == 1 else NOTHING,
        ", ".join(site.view.name(entry.ward_code) for entry in site.answering) or NOTHING,
    )


def _changes(seen: View) -> Section:
    """Changes of level recorded since the last review before the situation's day."""
    w, situation = seen.words, seen.situation
    heading = w.text("section_changes")
    if situation.assessments is None or situation.reviews is None:
        text = hidden(w, "reviews") if situation.hides("reviews") else w.text("changes_no_records")
        return Section("changes", heading, (Paragraph(text, "missing"),))
    days = pd.to_datetime(situation.reviews["day"])
    last = days.max() if len(days) else None
    first = w.text("changes_no_review") if last is None else w.text("changes_since", day=w.day(last.date()))
    rows = tuple(_changed(seen, last))
    if not rows:
        return Section("changes", heading, (Paragraph(first), Paragraph(w.text("changes_none"))))
    grid = Grid(
        heads(w, "number", "site", "before", "after", "day", "document"), rows, (13, 50, 28, 28, 24, 40), "llllll"
    )
    return Section("changes", heading, (Paragraph(first), grid))


def _changed(seen: View, last: pd.Timestamp | None) -> Iterator[tuple[str, ...]]:
    w, frame = seen.words, seen.situation.assessments
    if frame is None:
        return
    days = pd.to_datetime(frame["day"])
    for site in seen.sites:
        own = (frame["site_id"] == site.id).to_numpy(dtype=bool)
        new = own if last is None else own & (days > last).to_numpy(dtype=bool)
        old = frame[own & ~new]["level"].tolist()
        before = level_name(w, old[-1]) if old else w.text("level_unknown")
        for row in frame[new].to_dict("records"):
            after = level_name(w, row["level"])
            if after != before:
                yield site.number, site.name, before, after, w.day(row["day"]), text_of(row["document"], NOTHING)
            before = after


def _site(site: SiteView) -> list[Section]:
    """The heading of a site on a new page, and its parts under it."""
    w = site.view.words
    heading = w.text("atlas_site", number=site.number, name=site.name)
    picture = map_section(site).blocks[0]
    named = Picture(f"map-{site.id}", picture.alt) if isinstance(picture, Picture) else picture
    parts = (site_section(site), wards_section(site), check_section(site), history_section(site))
    first = Section(f"site-{site.id}", heading, (named,), new_page=True)
    return [first, *(Section(part.key, part.heading, part.blocks, level=2) for part in parts)]


def _index(seen: View) -> Section:
    w = seen.words
    rows = tuple(_index_rows(seen))
    if not rows:
        return Section("index", w.text("section_index"), (Paragraph(w.text("sites_none"), "missing"),), new_page=True)
    grid = Grid(heads(w, "ward", "number", "site", "stretches", "length"), rows, (38, 13, 50, 55, 22), "llllr")
    blocks: list[Block] = [grid]
    if any(row[0].endswith("*") or row[4].endswith("*") for row in rows):
        blocks.insert(0, Paragraph(w.text("index_intro"), "note"))
    return Section("index", w.text("section_index"), tuple(blocks), new_page=True)


def _index_rows(seen: View) -> Iterator[tuple[str, ...]]:
    sites = {site.id: site for site in seen.sites}
    order = sorted(seen.by_ward, key=lambda code: (plain(seen.name(code)).split(maxsplit=1)[-1:], code))
    for code in order:
        for row in seen.by_ward[code]:
            site = sites[row.site_id]
            sliver = bool(site.agreement and code in site.agreement.slivers)
            mark = " *" if sliver else ""
            yield seen.name(code), site.number, site.name, ward_chainage(site, row), site.extent(row) + mark
