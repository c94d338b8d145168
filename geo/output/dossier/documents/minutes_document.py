"""The minutes of a review and handover (*biên bản rà soát, bàn giao*) in a ward, to be completed at the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.output.dossier.documents.blocks import (
    Block,
    Document,
    Fill,
    Grid,
    Header,
    Paragraph,
    Section,
    Signature,
    Signatures,
    cleaned,
)
from geo.output.dossier.documents.record_sections import level_name
from geo.output.dossier.documents.site_document import city_name, footer
from geo.output.dossier.documents.site_sections import border, ward_chainage
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import View, view

if TYPE_CHECKING:
    from geo.situation import Situation


def minutes_document(situation: Situation, code: str, edition: Edition) -> Document:
    """The minutes of the ward with this code, with every stretch that it answers for.

    Raises
    ------
    UnknownWardError
        The situation holds no such ward.
    """
    seen = view(situation, edition)
    seen.ward(code)
    told, ward = seen.words, seen.inside(code)
    sections = (
        _opening(seen),
        _present(seen, code),
        _sites(seen, code),
        *_findings(seen, code),
        _signatures(seen, code),
    )
    made = Document(
        kind="minutes",
        lang=told.lang,
        header=_header(seen, code),
        title=told("title_minutes"),
        subject=told("subject_minutes", ward=ward),
        notice=told(f"notice_{edition.audience}"),
        footer=footer(seen),
        day=seen.situation.day,
        sections=sections,
        extra={"ward": seen.name(code), "ward_code": code},
    )
    return cleaned(made)


def _header(seen: View, code: str) -> Header:
    told, place = seen.words, city_name(seen)
    year = seen.situation.day.year
    return Header(
        parent=told("ward_parent", city_upper=place.upper()),
        office=told("ward_office", ward_upper=seen.name(code).upper()),
        number=told("number_minutes"),
        nation=told("nation"),
        motto=told("motto"),
        place_date=told("place_date", place=_short(seen, code), year=year),
    )


def _short(seen: View, code: str) -> str:
    return str(seen.ward(code).name)


def _opening(seen: View) -> Section:
    told = seen.words
    opening = Paragraph(told("minutes_time", year=seen.situation.day.year))
    return Section("opening", "", (opening, Fill("", 1)))


def _present(seen: View, code: str) -> Section:
    told = seen.words
    labels = (told("present_city"), told("present_ward", ward=seen.inside(code)), told("present_other"))
    return Section("present", told("section_present"), tuple(Fill(label, 2) for label in labels))


def _sites(seen: View, code: str) -> Section:
    told, ward = seen.words, seen.inside(code)
    heading = told("section_ward_sites", ward=ward)
    sites = {site.id: site for site in seen.sites}
    rows, shared = [], []
    for row in seen.by_ward.get(code, ()):
        site = sites[row.site_id]
        if row not in site.answering:
            continue
        level = level_name(told, site.row.level)
        rows.append(
            (site.number, site.name, level, ward_chainage(site, row), f"{site.extent(row)} ({site.share(row)})", "")
        )
        if row.border_m >= 0.5:
            shared.append(f"{site.number}: {border(site, row)}")
    if not rows:
        return Section("sites", heading, (Paragraph(told("minutes_none", ward=ward), "missing"),))
    keys = ("head_number", "head_site", "head_level", "head_stretches", "head_length", "head_found")
    blocks: list[Block] = [Grid(tuple(told(key) for key in keys), tuple(rows), (12, 40, 22, 34, 24, 36), "llllrl")]
    if shared:
        blocks.append(Paragraph(told("neighbours_intro", list="; ".join(shared))))
    return Section("sites", heading, tuple(blocks))


def _findings(seen: View, code: str) -> tuple[Section, Section]:
    told = seen.words
    labels = (told("fill_findings"), told("fill_opinions", ward=seen.inside(code)), told("fill_opinions_city"))
    findings = Section("findings", told("section_findings"), tuple(Fill(label, 3) for label in labels))
    lines = (Fill(told("fill_handover"), 2), Fill(told("fill_conclusion"), 3), Fill(told("fill_next"), 1))
    closing = Paragraph(told("minutes_closing"))
    return findings, Section("handover", told("section_handover"), (*lines, closing))


def _signatures(seen: View, code: str) -> Section:
    told, note = seen.words, seen.words("sign_note")
    ward = Signature(told("sign_ward_minutes", ward_upper=seen.name(code).upper()), told("sign_minutes_role"), note)
    chair = Signature(told("sign_chair_unit"), told("sign_minutes_role"), note)
    return Section("signatures", told("section_signatures"), (Signatures((ward, chair)),))
