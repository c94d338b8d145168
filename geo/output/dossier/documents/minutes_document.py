"""The minutes of a review and handover (*biên bản rà soát, bàn giao*) in a ward, to be completed at the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.output.decree.offices import Office
from geo.output.decree.types import MINUTES
from geo.output.dossier.documents.blocks import (
    Block,
    Closing,
    Document,
    Fill,
    Grid,
    Paragraph,
    Section,
    Signature,
)
from geo.output.dossier.documents.frame import Matter, closing_of, framed, ward_office_of
from geo.output.dossier.documents.site_sections import agreed_text, border, ward_chainage
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import View, view
from geo.output.dossier.wording import heads, level_name
from geo.reference.tolerances import SHORTEST_SHOWN_M
from geo.situation.agreed import agreed_of

if TYPE_CHECKING:
    from geo.situation import Situation


def minutes_document(situation: Situation, code: str, edition: Edition) -> Document:
    """The minutes of the ward with this code, with every stretch that it answers for.

    Raises
    ------
    UnknownWardError
        The situation holds no such ward.
    """
    return minutes_of(view(situation, edition), code)


def minutes_of(seen: View, code: str) -> Document:
    """The minutes of a ward of a view, after sample 1.9 of the decree."""
    w, office = seen.words, ward_office_of(seen, code)
    matter = Matter(
        kind="minutes",
        type=MINUTES,
        subject=w.text("subject_minutes", ward=seen.inside(code)),
        extra={"ward": seen.name(code), "ward_code": code},
    )
    sections = (_opening(seen, code), _sites(seen, code), *_findings(seen, code))
    return framed(seen, office, matter, sections, _closing(seen, office), ())


def _opening(seen: View, code: str) -> Section:
    """When, where, who was present, who took the chair, who wrote the minutes."""
    w = seen.words
    labels = (w.text("present_city"), w.text("present_ward", ward=seen.inside(code)), w.text("present_other"))
    present = (Fill(label, 2) for label in labels)
    one = (Fill(w.text(f"minutes_{name}"), 1) for name in ("chair", "secretary"))
    start = Paragraph(w.text("minutes_time", year=str(seen.situation.day.year)))
    where = (Fill(w.text("minutes_place"), 1), Paragraph(w.text("minutes_present")))
    return Section("opening", "", (start, *where, *present, *one))


def _sites(seen: View, code: str) -> Section:
    w, ward = seen.words, seen.inside(code)
    heading = w.text("section_ward_sites", ward=ward)
    sites = {site.id: site for site in seen.sites}
    rows, shared = [], []
    for row in seen.by_ward.get(code, ()):
        site = sites[row.site_id]
        if row not in site.answering:
            continue
        level = level_name(w, site.row.level)
        rows.append(
            (site.number, site.name, level, ward_chainage(site, row), f"{site.extent(row)} ({site.share(row)})", "")
        )
        if row.border_m >= SHORTEST_SHOWN_M:
            shared.append(f"{site.number}: {border(site, row)}")
    agreed = _agreed(seen, code, {row[0] for row in rows})
    if not rows:
        return Section("sites", heading, (Paragraph(w.text("minutes_none", ward=ward), "missing"), *agreed))
    blocks: list[Block] = [
        Grid(
            heads(w, "number", "site", "level", "stretches", "length", "found"),
            tuple(rows),
            (12, 40, 22, 34, 24, 36),
            "llllrl",
        )
    ]
    if shared:
        blocks.append(Paragraph(w.text("neighbours_intro", list="; ".join(shared))))
    return Section("sites", heading, (*blocks, *agreed))


def _agreed(seen: View, code: str, listed: set[str]) -> tuple[Paragraph, ...]:
    """What is agreed for the sites that are listed (their numbers), and for others what this ward agreed to."""
    found = ((site, each) for site in seen.sites for each in agreed_of(seen.situation, site.id))
    own = ((site, each) for site, each in found if site.number in listed or code in each.wards)
    return tuple(Paragraph(f"{site.number}: {agreed_text(site, each)}", "item") for site, each in own)


def _findings(seen: View, code: str) -> tuple[Section, Section]:
    w = seen.words
    labels = (w.text("fill_findings"), w.text("fill_opinions", ward=seen.inside(code)), w.text("fill_opinions_city"))
    findings = Section("findings", w.text("section_findings"), tuple(Fill(label, 3) for label in labels))
    lines = (Fill(w.text("fill_handover"), 2), Fill(w.text("fill_conclusion"), 3), Fill(w.text("fill_next"), 1))
    closing = Paragraph(w.text("minutes_closing", year=str(seen.situation.day.year)))
    return findings, Section("handover", w.text("section_handover"), (*lines, closing))


def _closing(seen: View, office: Office) -> Closing:
    """The secretary signs left, the chair right; who gets a copy stands below."""
    w = seen.words
    chair = Signature((w.text("minutes_sign_chair"),), w.text("sign_chair_note"))
    secretary = Signature((w.text("minutes_sign_secretary"),), w.text("sign_plain"))
    below = closing_of(w, office)
    return Closing(chair, secretary, below.recipients_head, below.recipients)
