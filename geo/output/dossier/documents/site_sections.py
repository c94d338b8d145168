"""The first half of a site's dossier: what it is, which ward answers for which stretch, what the plan says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.output.dossier.documents.blocks import Block, Facts, Grid, Paragraph, Picture, Section
from geo.output.dossier.view import SiteView
from geo.output.shared.numerals import known
from geo.output.shared.stretches import Stretch, codes
from geo.output.shared.theme import theme
from geo.reference.crs import to_metric

_SHORTEST_ROW_M = 0.5
"""Stretches shorter than this, where a route only touches a boundary, have no row in the table of chainages."""


def site_section(site: SiteView) -> Section:
    """What the site is, as the plan and the register have it."""
    told = site.view.words
    return Section("site", told("section_site"), (Facts(tuple(_facts(site))),))


def map_section(site: SiteView) -> Section:
    """The map of the site over the full width; the picture is called `map`."""
    told = site.view.words
    alt = told("map_alt", number=site.number, name=site.name)
    return Section("map", told("section_map"), (Picture("map", alt, told("map_caption", number=site.number)),))


def wards_section(site: SiteView) -> Section:
    """Which ward answers for which stretch: by ward, then by chainage."""
    told = site.view.words
    if not site.stretches:
        return Section("wards", told("section_wards"), (Paragraph(told("wards_outside"), "missing"),))
    first = told("wards_one", ward=site.view.inside(site.answering[0].ward_code))
    if len(site.answering) > 1:
        first = told("wards_many", count=len(site.answering))
    blocks: list[Block] = [Paragraph(first), ward_grid(site)]
    if site.dimension == 1 and len(site.stretches) > 1:
        blocks += _chainages(site)
    if any(row.border_m >= _SHORTEST_ROW_M for row in site.stretches):
        blocks.append(Paragraph(told("border_explained"), "note"))
    return Section("wards", told("section_wards"), tuple(blocks))


def check_section(site: SiteView) -> Section:
    """Declared against computed, each difference explained in words."""
    told, agreement = site.view.words, site.agreement
    heading = told("section_check")
    if agreement is None:
        return Section("check", heading, (Paragraph(told("check_unknown"), "missing"),))
    blocks: list[Block] = []
    if agreement.declared:
        differences = [*_undeclared(site), *_absent(site)]
        if not differences:
            blocks.append(Paragraph(told("check_agrees", declared=site.view.named(agreement.declared))))
        blocks += [Paragraph(text, "item") for text in differences]
        blocks += [Paragraph(told("check_propose"))] if differences else []
    elif site.stretches:
        wards = site.view.named(tuple(row.ward_code for row in site.answering))
        blocks.append(Paragraph(told("check_blank", wards=wards)))
    else:
        blocks.append(Paragraph(told("check_blank_nothing")))
    touched = tuple(code for code in agreement.slivers if code not in agreement.declared)
    if touched:
        blocks.append(Paragraph(told.sentence("check_sliver", wards=site.view.named(touched))))
    if known(site.row.note):
        blocks.append(Paragraph(told("check_note", note=site.row.note), "note"))
    return Section("check", heading, tuple(blocks))


def verdict(site: SiteView, row: Stretch) -> str:
    """The word of the reconciliation for a stretch, '–' without one."""
    return site.view.words.themed(row.verdict) if row.verdict else "–"


def border(site: SiteView, row: Stretch) -> str:
    """How much of a stretch runs along a boundary, and with which wards."""
    told = site.view.words
    if row.border_m < _SHORTEST_ROW_M:
        return told("border_none")
    if not row.border_with:
        return told.metres(row.border_m)
    return told("border_entry", length=told.metres(row.border_m), wards=site.view.named(row.border_with))


def ward_grid(site: SiteView) -> Grid:
    """The table of wards: how much of the site, which share, what along a boundary, and what the plan says."""
    told = site.view.words
    rows = [
        (site.view.name(row.ward_code), site.extent(row), site.share(row), border(site, row), verdict(site, row))
        for row in site.stretches
    ]
    many = len(rows) > 1 and site.dimension > 0
    if many:
        share = sum(row.share for row in site.stretches)
        rows.append((told("total"), _whole(site), told.percent(share), "", ""))
    extent = told("head_length") if site.dimension == 1 else told("head_extent")
    head = (told("head_ward"), extent, told("head_share"), told("head_border"), told("head_check"))
    return Grid(head, tuple(rows), (34, 20, 17, 52, 30), "lrrll", total=many)


def ward_chainage(site: SiteView, row: Stretch) -> str:
    """Where a ward's stretches lie along the route: '0 – 1.234 m; 1.300 – 1.350 m'."""
    told = site.view.words
    parts = [(a, b) for a, b in row.intervals_m if b - a >= _SHORTEST_ROW_M] or list(row.intervals_m)
    # A stretch is not torn between two lines: the spaces in it don't break.
    return "; ".join(f"{told.number(a)}\u00a0–\u00a0{told.number(b)}\u00a0m" for a, b in parts) or site.extent(row)


def _whole(site: SiteView) -> str:
    told = site.view.words
    if site.dimension == 1:
        return told.metres(sum(row.length_m for row in site.stretches))
    return f"{told.number(sum(row.area_m2 for row in site.stretches) / 10_000, 2)} ha"


def _chainages(site: SiteView) -> list[Block]:
    told, view = site.view.words, site.view
    pieces = sorted((a, b, row.ward_code) for row in site.stretches for a, b in row.intervals_m)
    shown = [piece for piece in pieces if piece[1] - piece[0] >= _SHORTEST_ROW_M]
    rows = tuple(
        (str(number), told.number(a), told.number(b), told.metres(b - a), view.name(code))
        for number, (a, b, code) in enumerate(shown, 1)
    )
    head = tuple(told(key) for key in ("head_row", "head_begin", "head_end", "head_length", "head_ward"))
    blocks: list[Block] = [
        Paragraph(told("chainage_intro")),
        Grid(head, rows, (12, 22, 22, 24, 73), "crrrl"),
    ]
    skipped = tuple(dict.fromkeys(code for a, b, code in pieces if b - a < _SHORTEST_ROW_M))
    if skipped:
        blocks.append(Paragraph(told("chainage_skipped", wards=view.named(skipped)), "note"))
    return blocks


def _facts(site: SiteView) -> list[tuple[str, str]]:
    told, row = site.view.words, site.row
    facts = [
        (told("fact_number"), f"{site.number} ({site.id})"),
        (told("fact_name"), site.name),
        (told("fact_group"), told.themed(f"group_{row.group}")),
        *((told(key), str(value)) for key, value in (("fact_from", row.from_), ("fact_to", row.to)) if known(value)),
        _extent_fact(site),
        (told("fact_level"), told.label(theme().lines[str(row.level)].label)),
        (told("fact_handed_over"), str(int(row.handed_over)) if known(row.handed_over) else told("no_data")),
        (told("fact_document"), str(row.document) if known(row.document) else told("no_data")),
        (told("fact_declared"), _declared(site)),
    ]
    wards = site.view.named(tuple(entry.ward_code for entry in site.answering))
    return [*facts, (told("fact_wards"), wards or told("wards_none"))]


def _extent_fact(site: SiteView) -> tuple[str, str]:
    told = site.view.words
    if site.dimension != 1:
        key = "fact_area" if site.dimension == 2 else "fact_place"
        return told(key), _whole(site) if site.dimension == 2 else told("place_point")
    outside = site.length_m - sum(row.length_m for row in site.stretches)
    length = told.metres(site.length_m)
    if outside >= _SHORTEST_ROW_M:
        length = told("length_outside", length=length, outside=told.metres(outside))
    return told("fact_length"), length


def _declared(site: SiteView) -> str:
    declared = codes(site.row.declared_wards)
    return site.view.named(declared) or site.view.words("declared_blank")


def _undeclared(site: SiteView) -> list[str]:
    told, agreement = site.view.words, site.agreement
    found = [row for row in site.stretches if agreement and row.ward_code in agreement.undeclared]
    return [
        told(
            "check_undeclared",
            ward=site.view.name(row.ward_code),
            extent=site.extent(row),
            share=site.share(row),
            border=_border_clause(site, row),
        )
        for row in found
    ]


def _border_clause(site: SiteView, row: Stretch) -> str:
    told = site.view.words
    if row.border_m < _SHORTEST_ROW_M or not row.border_with:
        return ""
    wards = site.view.named(row.border_with)
    if row.border_m >= row.length_m - _SHORTEST_ROW_M:
        return told("check_border_whole", wards=wards)
    return told("check_border_part", length=told.metres(row.border_m), wards=wards)


def _absent(site: SiteView) -> list[str]:
    told, agreement = site.view.words, site.agreement
    by_ward = {row.ward_code: row for row in site.stretches}
    sentences = []
    for code in agreement.absent if agreement else ():
        ward = site.view.name(code)
        if code in by_ward:
            length = told.metres(by_ward[code].length_m)
            sentences.append(told("check_absent_sliver", ward=ward, length=length))
        else:
            sentences.append(told("check_absent", ward=ward, distance=_distance(site, code)))
    return sentences


def _distance(site: SiteView, code: str) -> str:
    """Metres in the VN-2000 zone from the site to a ward, to ten metres: boundaries are no more exact than that."""
    told, wards = site.view.words, site.view.situation.wards
    shapes: Any = wards.loc[wards["code"].astype(str) == code].geometry.to_numpy()
    if not len(shapes):
        return told("unknown")
    pair = np.array([site.row.geometry, shapes[0]], dtype=object)
    there = to_metric(pair, site.view.city.province_code)
    return told.metres(round(float(shapely.distance(there[0], there[1])), -1))
