"""The atlas (*tập bản đồ*) for a review meeting: all sites of a city in one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.i18n.formats import NOTHING
from geo.i18n.sorting import order_key
from geo.output.decree.types import REPORT
from geo.output.dossier.documents.blocks import Block, Document, Grid, Paragraph, Picture, Section
from geo.output.dossier.documents.frame import (
    Matter,
    Part,
    closing_of,
    framed,
    office_of,
    plan_ground,
    plan_of,
)
from geo.output.dossier.documents.record_sections import history_section, left_out_section, reports_section
from geo.output.dossier.documents.review_sections import changes_section, due_section
from geo.output.dossier.documents.site_sections import (
    chainage_section,
    check_section,
    map_section,
    site_section,
    ward_chainage,
    wards_section,
)
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.dossier.wording import heads, level_name
from geo.output.shared.cells import known

if TYPE_CHECKING:
    from geo.situation import Situation


def atlas_document(situation: Situation, edition: Edition) -> Document:
    """The atlas of a situation: list of sites, changes since the last reviews; overview, sites, index as appendices.

    Its pictures are `overview` and, for each site, `map-` and the site's id.
    """
    return atlas_of(view(situation, edition))


def atlas_of(seen: View) -> Document:
    """The atlas of a view."""
    w, office = seen.words, office_of(seen.edition, seen.city)
    due, left_out = due_section(seen), left_out_section(seen)
    sections = (_table(seen), changes_section(seen), *((due,) if due else ()), *((left_out,) if left_out else ()))
    matter = Matter(
        kind="atlas",
        type=REPORT,
        subject=w.text("subject_atlas", city=w.pick(seen.city.full_name), day=w.day(seen.situation.day)),
        addressed=office.addressed,
        grounds=plan_ground(w, plan_of(seen)),
        extra={"paper": seen.edition.paper, "contents": w.text("contents")},
    )
    return framed(seen, office, matter, sections, closing_of(w, office), _parts(seen))


def _parts(seen: View) -> tuple[Part, ...]:
    """The appendices: overview map, one for each site, index of wards."""
    w = seen.words
    return (
        Part("overview", w.text("section_overview"), (_overview(seen),)),
        *(
            Part(f"site-{site.id}", w.text("atlas_site", number=site.number, name=site.name), _site(site))
            for site in seen.sites
        ),
        Part("index", w.text("section_index"), (_index(seen),)),
    )


def _overview(seen: View) -> Section:
    w = seen.words
    alt = w.text("overview_alt", city=w.pick(seen.city.full_name))
    return Section("overview", "", (Picture("overview", alt, w.text("overview_caption")),))


def _table(seen: View) -> Section:
    w = seen.words
    heading = w.text("section_table")
    if not seen.sites:
        return Section("table", heading, (Paragraph(w.text("sites_none"), "missing"),))
    rows = tuple(_site_row(site) for site in seen.sites)
    grid = Grid(
        heads(w, "number", "site", "level", "handed_over", "length", "wards"), rows, (13, 52, 26, 19, 20, 50), "llllrl"
    )
    return Section("table", heading, (grid,))


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


def _site(site: SiteView) -> tuple[Section, ...]:
    """The map of a site and its parts; reports and flags of internal editions only."""
    picture = map_section(site).blocks[0]
    named = Picture(f"map-{site.id}", picture.alt) if isinstance(picture, Picture) else picture
    internal = (reports_section(site),) if site.view.edition.audience == "internal" else ()
    parts = (site_section(site), wards_section(site, "chainage_below"), chainage_section(site), check_section(site))
    first = Section(f"map-{site.id}", "", (named,))
    listed = [part for part in (*parts, history_section(site), *internal) if part is not None]
    headed = (replace(part, heading=part.heading or site.view.words.text(f"section_{part.key}")) for part in listed)
    return (first, *headed)


def _index(seen: View) -> Section:
    w = seen.words
    rows = tuple(_index_rows(seen))
    if not rows:
        return Section("index", "", (Paragraph(w.text("sites_none"), "missing"),))
    grid = Grid(heads(w, "ward", "number", "site", "stretches", "length"), rows, (38, 13, 50, 55, 22), "llllr")
    blocks: list[Block] = [grid]
    if any(row[0].endswith("*") or row[4].endswith("*") for row in rows):
        blocks.insert(0, Paragraph(w.text("index_intro"), "note"))
    return Section("index", "", tuple(blocks))


def _index_rows(seen: View) -> Iterator[tuple[str, ...]]:
    sites = {site.id: site for site in seen.sites}
    order = sorted(seen.by_ward, key=lambda code: (order_key(str(seen.ward(code).name)), code))
    for code in order:
        for row in seen.by_ward[code]:
            site = sites[row.site_id]
            sliver = bool(site.agreement and code in site.agreement.slivers)
            mark = " *" if sliver else ""
            yield seen.name(code), site.number, site.name, ward_chainage(site, row), site.extent(row) + mark
