"""The dossier of a site (*hồ sơ điểm*) as a document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.output.decree.offices import Office
from geo.output.decree.types import REPORT
from geo.output.dossier.documents.blocks import (
    Block,
    Document,
    Fill,
    Link,
    Paragraph,
    Picture,
    Section,
    Signature,
    Signatures,
)
from geo.output.dossier.documents.displacement_section import displacement_section
from geo.output.dossier.documents.frame import (
    Matter,
    Part,
    closing_of,
    framed,
    office_of,
    plan_ground,
    plan_of,
    ward_office_of,
)
from geo.output.dossier.documents.record_sections import (
    coverage_section,
    history_section,
    left_out_section,
    reports_section,
)
from geo.output.dossier.documents.site_sections import (
    chainage_section,
    check_section,
    map_section,
    site_section,
    wards_section,
)
from geo.output.dossier.documents.sources import map_source_lines, source_lines
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.shared.cells import text_of

if TYPE_CHECKING:
    from geo.situation import Situation


def site_document(situation: Situation, site_id: str, edition: Edition) -> Document:
    """The dossier of the site with this id.

    Raises
    ------
    UnknownSiteError
        The situation holds no such site.
    InputError, DataFileMissingError
        A catalogue of the office can't be read.
    """
    return document_of(view(situation, edition).site(site_id))


def document_of(site: SiteView) -> Document:
    """The dossier of a site of a view: a report (báo cáo) with the map, the chainages and the records as appendices."""
    seen, w = site.view, site.view.words
    office = office_of(seen.edition, seen.city)
    matter = Matter(
        kind="dossier",
        type=REPORT,
        subject=w.text("subject_dossier", number=site.number, name=site.name),
        addressed=office.addressed,
        grounds=(*plan_ground(w, plan_of(seen)), *_handover_ground(site)),
        extra={"site_id": site.id, "number": site.number, "name": site.name},
    )
    return framed(seen, office, matter, body_sections(site), closing_of(w, office), _parts(site))


def body_sections(site: SiteView) -> tuple[Section, ...]:
    """The report itself: what the site is, who answers for it, how it stands, and what the review concludes."""
    left_out = left_out_section(site.view)
    return (
        site_section(site),
        wards_section(site),
        check_section(site),
        history_section(site),
        coverage_section(site),
        *((left_out,) if left_out else ()),
        conclusion_section(site.view),
    )


def _parts(site: SiteView) -> tuple[Part, ...]:
    """The appendices: map, chainages, reports and flags (internal editions), sources, the wards' confirmations."""
    w = site.view.words
    pieces, internal = chainage_section(site), site.view.edition.audience == "internal"
    moved = [section for section in (displacement_section(site),) if section is not None]
    return (
        Part("map", w.text("section_map"), (map_section(site),)),
        *((Part("chainage", w.text("section_chainage"), (pieces,)),) if pieces else ()),
        *(
            (Part("reports", w.text("section_reports"), (replace(reports_section(site), heading=""), *moved)),)
            if internal
            else ()
        ),
        Part("sources", w.text("section_sources"), (sources_section(site),)),
        *((Part("signatures", w.text("section_signatures"), (_confirmations(site),)),) if site.answering else ()),
    )


def _handover_ground(site: SiteView) -> tuple[str, ...]:
    """The document by which the site is listed, unless it is the plan itself."""
    plan = plan_of(site.view).document
    document = text_of(site.row.document)
    known_already = not document or document.startswith(plan)
    return () if known_already else (site.view.words.text("ground_document", document=document),)


def conclusion_section(seen: View) -> Section:
    """What the review completes by hand."""
    w = seen.words
    lines = (("fill_state", 3), ("fill_conclusion", 3), ("fill_tasks", 3), ("fill_next", 1))
    return Section("conclusion", w.text("section_conclusion"), tuple(Fill(w.text(key), count) for key, count in lines))


def sources_section(site: SiteView) -> Section:
    """Where route, boundaries and streets come from, how exact they are, and the way to the site's page."""
    lines = (*source_lines(site), *map_source_lines(site))
    return Section("sources", "", (*(Paragraph(line, "note") for line in lines), *_qr(site)))


def page_url(site: SiteView) -> str:
    """The address of the site's page, '' where the service has no public address."""
    base = site.view.edition.public_url
    return f"{base}/sites/{site.id}" if base else ""


def _qr(site: SiteView) -> tuple[Block, ...]:
    w, url = site.view.words, page_url(site)
    if not url:
        return (Paragraph(w.text("qr_missing"), "missing"),)
    return Picture("qr", w.text("qr_alt", url=url), width=0.18), Link(w.text("qr_caption"), url)


def _confirmations(site: SiteView) -> Section:
    """Where each ward that answers for a stretch confirms it; a committee signs as a body."""
    seen = site.view
    w = seen.words
    offices = [ward_office_of(seen, row.ward_code) for row in site.answering]
    places = tuple(Signature(_ward_lines(office), w.text("sign_note")) for office in offices)
    return Section("signatures", "", (Paragraph(w.text("confirm_intro")), Signatures(places)))


def _ward_lines(office: Office) -> tuple[str, ...]:
    """Authority, ward and post: the committee is named once."""
    committee, *ward = office.name.split("\n")
    first, *post = office.signing
    return (first, *ward, *post) if first.endswith(committee) else (committee, *ward, first, *post)
