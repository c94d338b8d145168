"""The first half of a site's dossier: what it is, which ward answers for which stretch, what the plan says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.i18n.formats import NO_BREAK, NOTHING
from geo.i18n.translator import Translator
from geo.output.dossier.documents.blocks import Block, Facts, Grid, Paragraph, Picture, Section
from geo.output.dossier.view import SiteView
from geo.output.dossier.wording import heads, level_name, sentence, themed
from geo.output.shared.cells import known, text_of
from geo.output.shared.stretches import Stretch, codes
from geo.reference.crs import to_metric
from geo.reference.tolerances import SHORTEST_SHOWN_M
from geo.situation.agreed import Agreed, agreed_of

NAMED = 8
"""More wards than this are counted where the table of wards names them: nobody reads forty names three times."""


def site_section(site: SiteView) -> Section:
    """What the site is, as the plan and the register have it."""
    w = site.view.words
    return Section("site", w.text("section_site"), (Facts(tuple(_facts(site))),))


def map_section(site: SiteView) -> Section:
    """The map of the site over the full width; the picture is called `map`."""
    w = site.view.words
    alt = w.text("map_alt", number=site.number, name=site.name)
    return Section("map", "", (Picture("map", alt, w.text("map_caption", number=site.number)),))


def wards_section(site: SiteView, chainage: str = "chainage_appended") -> Section:
    """Which ward answers for which stretch; `chainage` says where its pieces are listed (in an appendix, or below)."""
    w = site.view.words
    if not site.within:
        return Section(
            "wards", w.text("section_wards"), (Paragraph(w.text("wards_outside", kind=site.view.kind), "missing"),)
        )
    first = w.text("wards_one", ward=site.view.inside(site.answering[0].ward_code))
    if site.outside is not None:
        first = w.text("wards_partly", outside=site.extent(site.outside))
    elif len(site.answering) > 1:
        first = w.text("wards_many", count=len(site.answering))
    blocks: list[Block] = [Paragraph(first), ward_grid(site)]
    if chainage_section(site) is not None:
        blocks.append(Paragraph(w.text(chainage)))
    if any(row.border_m >= SHORTEST_SHOWN_M for row in site.stretches):
        blocks.append(Paragraph(w.text("border_explained"), "note"))
    return Section("wards", w.text("section_wards"), (*blocks, *_agreed(site)))


def _agreed(site: SiteView) -> tuple[Paragraph, ...]:
    """Agreed responsibility, each with its document: beside the legal cut, not in its place."""
    return tuple(Paragraph(agreed_text(site, each)) for each in agreed_of(site.view.situation, site.id))


def agreed_text(site: SiteView, each: Agreed) -> str:
    """Who agreed to answer for which metres of a site, since when, by which document."""
    w, said = site.view.words, {"wards": site.view.named(each.wards), "document": each.document}
    said["day"] = w.day(each.day)
    if not each.fits:
        return w.text("agreed_unfit", **said)
    end = w.text("agreed_end") if each.to_m is None else w.metres(each.to_m)
    return w.text("agreed", start=w.metres(each.from_m or 0.0), end=end, **said)


def check_section(site: SiteView) -> Section:
    """Declared against computed, each difference explained in words."""
    w, agreement = site.view.words, site.agreement
    heading = w.text("section_check")
    if agreement is None:
        return Section("check", heading, (Paragraph(w.text("check_unknown"), "missing"),))
    blocks: list[Block] = []
    if agreement.declared:
        differences = [*undeclared_texts(site), *_absent(site), *_outside(site)]
        if not differences:
            blocks.append(Paragraph(w.text("check_agrees", declared=site.view.named(agreement.declared))))
        blocks += [Paragraph(text, "item") for text in differences]
        blocks += [Paragraph(w.text("check_propose"))] if differences else []
    elif site.within:
        wards = tuple(row.ward_code for row in site.answering)
        blocks.append(Paragraph(w.text("check_blank", wards=_named(site, wards, "wards_counted"))))
    else:
        blocks.append(Paragraph(w.text("check_blank_nothing", kind=site.view.kind)))
    if agreement.on_border:
        blocks.append(Paragraph(sentence(w.text("check_on_border", wards=site.view.named(agreement.on_border)))))
    touched = tuple(code for code in agreement.slivers if code not in agreement.declared)
    if touched:
        blocks.append(Paragraph(sentence(w.text("check_sliver", wards=site.view.named(touched)))))
    if known(site.row.note):
        blocks.append(Paragraph(w.text("check_note", note=site.row.note), "note"))
    return Section("check", heading, tuple(blocks))


def verdict(site: SiteView, row: Stretch) -> str:
    """The word of the reconciliation for a stretch, '–' without one."""
    return themed(site.view.words, row.verdict) if row.verdict and row.in_ward else NOTHING


def border(site: SiteView, row: Stretch) -> str:
    """How much of a stretch runs along a boundary, and with which wards."""
    w = site.view.words
    if row.border_m < SHORTEST_SHOWN_M:
        return w.text("border_none")
    if not row.border_with:
        return w.written.some_length(row.border_m)
    return w.text("border_entry", length=w.written.some_length(row.border_m), wards=site.view.named(row.border_with))


def ward_grid(site: SiteView) -> Grid:
    """The table of wards: how much of the site, which share, what along a boundary, and what the plan says."""
    w = site.view.words
    rows = [
        (site.view.name(row.ward_code), site.extent(row), site.share(row), border(site, row), verdict(site, row))
        for row in site.stretches
    ]
    many = len(rows) > 1 and site.dimension > 0
    if many:
        rows.append((w.text("total"), site.total, site.total_share, "", ""))
    extent = w.text("head_length") if site.dimension == 1 else w.text("head_extent")
    head = (w.text("head_ward"), extent, w.text("head_share"), w.text("head_border"), w.text("head_check"))
    return Grid(head, tuple(rows), (34, 20, 17, 52, 30), "lrrll", total=many)


def ward_chainage(site: SiteView, row: Stretch) -> str:
    """Where a ward's stretches lie along the route: '0 – 1.234 m; 1.300 – 1.350 m'."""
    w = site.view.words
    parts = [(a, b) for a, b in row.intervals_m if b - a >= SHORTEST_SHOWN_M] or list(row.intervals_m)
    # A stretch is not torn between two lines: the spaces in it don't break.
    return "; ".join(f"{w.number(round(a))}{NO_BREAK}–{NO_BREAK}{w.metres(round(b))}" for a, b in parts) or site.extent(
        row
    )


def chainage_section(site: SiteView) -> Section | None:
    """The pieces of the route one by one, along the way; None where there is one ward, or no route."""
    if site.dimension != 1 or len(site.stretches) < 2:
        return None
    w, view = site.view.words, site.view
    shown = [piece for piece in site.pieces if piece[1] - piece[0] >= SHORTEST_SHOWN_M]
    rows = tuple(
        (str(number), w.number(round(a)), w.number(round(b)), _metres(w, round(b) - round(a)), view.name(code))
        for number, (a, b, code) in enumerate(shown, 1)
    )
    head = heads(w, "row", "begin", "end", "length", "ward")
    blocks: list[Block] = [
        Paragraph(w.text("chainage_intro")),
        Grid(head, rows, (14, 22, 22, 24, 71), "crrrl"),
    ]
    skipped = tuple(dict.fromkeys(code for a, b, code in site.pieces if b - a < SHORTEST_SHOWN_M))
    if skipped:
        blocks.append(Paragraph(w.text("chainage_skipped", wards=view.named(skipped)), "note"))
    return Section("chainage", "", tuple(blocks))


def _metres(w: Translator, whole: int) -> str:
    """Metres between two rounded ends; a piece that is there is never written as zero."""
    return w.written.length(whole) if whole else w.written.some_length(0.4)


def _facts(site: SiteView) -> list[tuple[str, str]]:
    w, row = site.view.words, site.row
    facts = [
        (w.text("fact_number"), f"{site.number} ({site.id})"),
        (w.text("fact_name"), site.name),
        (w.text("fact_group"), themed(w, f"group_{row.group}")),
        *((w.text(key), str(value)) for key, value in (("fact_from", row.from_), ("fact_to", row.to)) if known(value)),
        _extent_fact(site),
        (w.text("fact_level"), level_name(w, row.level)),
        (w.text("fact_handed_over"), str(int(row.handed_over)) if known(row.handed_over) else w.text("no_data")),
        (w.text("fact_document"), text_of(row.document, w.text("no_data"))),
        (w.text("fact_declared"), _declared(site)),
    ]
    wards = _named(site, tuple(entry.ward_code for entry in site.answering), "wards_below")
    return [*facts, (w.text("fact_wards"), wards or w.text("wards_none"))]


def _named(site: SiteView, wards: tuple[str, ...], counted: str) -> str:
    """The wards by name; where they are many, how many, in the words of `counted`."""
    many = len(wards) > NAMED
    return site.view.words.text(counted, count=len(wards)) if many else site.view.named(wards)


def _extent_fact(site: SiteView) -> tuple[str, str]:
    w = site.view.words
    if site.dimension != 1:
        key = "fact_area" if site.dimension == 2 else "fact_place"
        return w.text(key), site.total if site.dimension == 2 else w.text("place_point")
    length = w.written.some_length(site.length_m)
    if site.outside is not None:
        outside = w.written.some_length(site.outside.length_m)
        length = w.text("length_outside", length=length, outside=outside, kind=site.view.kind)
    return w.text("fact_length"), length


def _declared(site: SiteView) -> str:
    declared = codes(site.row.declared_wards)
    return site.view.named(declared) or site.view.words.text("declared_blank")


def undeclared_texts(site: SiteView) -> list[str]:
    """What is said of wards that the plan does not name: a sentence each, or one where they are many."""
    w, agreement = site.view.words, site.agreement
    found = [row for row in site.stretches if agreement and row.ward_code in agreement.undeclared]
    if len(found) > NAMED:
        share = w.percent(sum(row.printed_share for row in found))
        words = {"count": len(found), "share": share, "verdict": verdict(site, found[0])}
        return [w.text("check_undeclared_many", extent=site.extent_of(found), **words)]
    return [
        w.text(
            "check_undeclared",
            ward=site.view.name(row.ward_code),
            extent=site.extent(row),
            share=site.share(row),
            border=_border_clause(site, row),
        )
        for row in found
    ]


def _border_clause(site: SiteView, row: Stretch) -> str:
    w = site.view.words
    if row.border_m < SHORTEST_SHOWN_M or not row.border_with:
        return ""
    wards = site.view.named(row.border_with)
    if row.border_m >= row.length_m - SHORTEST_SHOWN_M:
        return w.text("check_border_whole", wards=wards)
    return w.text("check_border_part", length=w.written.some_length(row.border_m), wards=wards)


def _absent(site: SiteView) -> list[str]:
    w, agreement = site.view.words, site.agreement
    by_ward = {row.ward_code: row for row in site.stretches}
    sentences = []
    for code in agreement.absent if agreement else ():
        ward = site.view.name(code)
        if code in by_ward:
            sentences.append(w.text("check_absent_sliver", ward=ward, extent=site.extent(by_ward[code])))
        else:
            sentences.append(w.text("check_absent", ward=ward, distance=_distance(site, code)))
    return sentences


def _outside(site: SiteView) -> list[str]:
    if site.outside is None:
        return []
    return [
        site.view.words.text("check_outside", extent=site.extent(site.outside), where=ward_chainage(site, site.outside))
    ]


def _distance(site: SiteView, code: str) -> str:
    """Metres in the VN-2000 zone from the site to a ward, to ten metres: boundaries are no more exact than that."""
    w, wards = site.view.words, site.view.situation.wards
    shapes: Any = wards.loc[wards["code"].astype(str) == code].geometry.to_numpy()
    if not len(shapes):
        return w.text("unknown")
    pair = np.array([site.row.geometry, shapes[0]], dtype=object)
    there = to_metric(pair, site.view.city.province_code)
    return w.written.some_length(round(float(shapely.distance(there[0], there[1])), -1))
