"""The atlas (*tập bản đồ*) for a review meeting: all sites of a city in one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from geo.output.dossier.documents.blocks import Block, Document, Grid, Paragraph, Picture, Section, cleaned
from geo.output.dossier.documents.record_sections import day_cell, history_section, level_name
from geo.output.dossier.documents.site_document import city_header, city_name, footer
from geo.output.dossier.documents.site_sections import (
    check_section,
    map_section,
    site_section,
    ward_chainage,
    wards_section,
)
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.shared.numerals import known
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
    told = seen.words
    sections = [_overview(seen), _table(seen), _changes(seen)]
    for site in seen.sites:
        sections += _site(site)
    sections.append(_index(seen))
    city = city_name(seen)
    made = Document(
        kind="atlas",
        lang=told.lang,
        header=city_header(seen, "number_atlas"),
        title=told("title_atlas"),
        subject=told("subject_atlas", city=city, day=told.day(seen.situation.day)),
        notice=told(f"notice_{seen.edition.audience}"),
        footer=footer(seen),
        day=seen.situation.day,
        sections=tuple(sections),
        extra={"paper": seen.edition.paper, "contents": told("contents")},
    )
    return cleaned(made)


def _overview(seen: View) -> Section:
    told = seen.words
    alt = told("overview_alt", city=city_name(seen))
    return Section("overview", told("section_overview"), (Picture("overview", alt, told("overview_caption")),))


def _table(seen: View) -> Section:
    told = seen.words
    heading = told("section_table")
    if not seen.sites:
        return Section("table", heading, (Paragraph(told("sites_none"), "missing"),), new_page=True)
    keys = ("head_number", "head_site", "head_level", "head_handed_over", "head_length", "head_wards")
    rows = tuple(_site_row(site) for site in seen.sites)
    grid = Grid(tuple(told(key) for key in keys), rows, (13, 52, 26, 19, 20, 50), "llllrl")
    return Section("table", heading, (grid,), new_page=True)


def _site_row(site: SiteView) -> tuple[str, ...]:
    told, row = site.view.words, site.row
    return (
        site.number,
        site.name,
        level_name(told, row.level),
        str(int(row.handed_over)) if known(row.handed_over) else "–",
        told.metres(site.length_m) if site.dimension == 1 else "–",
        ", ".join(site.view.name(entry.ward_code) for entry in site.answering) or "–",
    )


def _changes(seen: View) -> Section:
    """Changes of level recorded since the last review before the situation's day."""
    told, situation = seen.words, seen.situation
    heading = told("section_changes")
    if situation.assessments is None or situation.reviews is None:
        hides = situation.hides("reviews")
        text = told.message("visibility.reviews-hidden") if hides else told("changes_no_records")
        return Section("changes", heading, (Paragraph(text, "missing"),))
    days = pd.to_datetime(situation.reviews["day"])
    last = days.max() if len(days) else None
    first = told("changes_no_review") if last is None else told("changes_since", day=told.day(last.date()))
    rows = tuple(_changed(seen, last))
    if not rows:
        return Section("changes", heading, (Paragraph(first), Paragraph(told("changes_none"))))
    keys = ("head_number", "head_site", "head_before", "head_after", "head_day", "head_document")
    grid = Grid(tuple(told(key) for key in keys), rows, (13, 50, 28, 28, 24, 40), "llllll")
    return Section("changes", heading, (Paragraph(first), grid))


def _changed(seen: View, last: pd.Timestamp | None) -> Iterator[tuple[str, ...]]:
    told, frame = seen.words, seen.situation.assessments
    if frame is None:
        return
    days = pd.to_datetime(frame["day"])
    for site in seen.sites:
        own = (frame["site_id"] == site.id).to_numpy(dtype=bool)
        new = own if last is None else own & (days > last).to_numpy(dtype=bool)
        old = frame[own & ~new]["level"].tolist()
        before = level_name(told, old[-1]) if old else told("level_unknown")
        for row in frame[new].to_dict("records"):
            after = level_name(told, row["level"])
            if after != before:
                document = str(row["document"]) if known(row["document"]) else "–"
                yield site.number, site.name, before, after, day_cell(told, row["day"]), document
            before = after


def _site(site: SiteView) -> list[Section]:
    """The heading of a site on a new page, and its parts under it."""
    told = site.view.words
    heading = told("atlas_site", number=site.number, name=site.name)
    picture = map_section(site).blocks[0]
    named = Picture(f"map-{site.id}", picture.alt) if isinstance(picture, Picture) else picture
    parts = (site_section(site), wards_section(site), check_section(site), history_section(site))
    first = Section(f"site-{site.id}", heading, (named,), new_page=True)
    return [first, *(Section(part.key, part.heading, part.blocks, level=2) for part in parts)]


def _index(seen: View) -> Section:
    told = seen.words
    rows = tuple(_index_rows(seen))
    if not rows:
        return Section("index", told("section_index"), (Paragraph(told("sites_none"), "missing"),), new_page=True)
    keys = ("head_ward", "head_number", "head_site", "head_stretches", "head_length")
    grid = Grid(tuple(told(key) for key in keys), rows, (38, 13, 50, 55, 22), "llllr")
    blocks: list[Block] = [grid]
    if any(row[0].endswith("*") or row[4].endswith("*") for row in rows):
        blocks.insert(0, Paragraph(told("index_intro"), "note"))
    return Section("index", told("section_index"), tuple(blocks), new_page=True)


def _index_rows(seen: View) -> Iterator[tuple[str, ...]]:
    sites = {site.id: site for site in seen.sites}
    order = sorted(seen.by_ward, key=lambda code: (plain(seen.name(code)).split(maxsplit=1)[-1:], code))
    for code in order:
        for row in seen.by_ward[code]:
            site = sites[row.site_id]
            sliver = bool(site.agreement and code in site.agreement.slivers)
            mark = " *" if sliver else ""
            yield seen.name(code), site.number, site.name, ward_chainage(site, row), site.extent(row) + mark
