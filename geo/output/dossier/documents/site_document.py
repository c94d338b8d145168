"""The dossier of a site (*hồ sơ điểm*) as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.output.dossier.documents.blocks import (
    Block,
    Document,
    Fill,
    Paragraph,
    Picture,
    Section,
    Signature,
    Signatures,
)
from geo.output.dossier.documents.frame import city_header, city_name, framed
from geo.output.dossier.documents.record_sections import coverage_section, history_section, reports_section
from geo.output.dossier.documents.site_sections import check_section, map_section, site_section, wards_section
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.dossier.wording import themed
from geo.output.shared.cells import known, text_of

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
    """The dossier of a site of a view."""
    seen, w = site.view, site.view.words
    return framed(
        seen,
        "dossier",
        city_header(seen, "dossier"),
        subject=w.text("subject_dossier", number=site.number, name=site.name),
        sections=(*information_sections(site), conclusion_section(seen), _signatures(site), sources_section(site)),
        extra={"site_id": site.id, "number": site.number, "name": site.name, "page": w.text("page")},
    )


def information_sections(site: SiteView) -> tuple[Section, ...]:
    """All that the data say of a site, without what is completed and signed by hand."""
    internal = (reports_section(site),) if site.view.edition.audience == "internal" else ()
    return (
        site_section(site),
        wards_section(site),
        map_section(site),
        check_section(site),
        history_section(site),
        *internal,
        coverage_section(site),
    )


def conclusion_section(seen: View) -> Section:
    """What the review completes by hand."""
    w = seen.words
    lines = (("fill_state", 3), ("fill_conclusion", 3), ("fill_tasks", 3), ("fill_next", 1))
    return Section("conclusion", w.text("section_conclusion"), tuple(Fill(w.text(key), count) for key, count in lines))


def sources_section(site: SiteView) -> Section:
    """Where route, boundaries and streets come from, how exact they are, and the way to the site's page."""
    w, row = site.view.words, site.row
    source = text_of(row.geometry_source, w.text("unknown"))
    accuracy = w.text("source_accuracy_unknown")
    if known(row.accuracy_m):
        accuracy = w.text("source_accuracy", accuracy=w.written.some_length(float(row.accuracy_m)))
    lines = [
        w.text("source_route", source=source),
        themed(w, "source_wards") + ".",
        accuracy,
        w.text("source_method"),
        w.text("source_version", day=w.day(site.view.situation.day), version=site.view.situation.data_version),
    ]
    return Section("sources", w.text("section_sources"), (*(Paragraph(line, "note") for line in lines), _qr(site)))


def page_url(site: SiteView) -> str:
    """The address of the site's page, '' where the service has no public address."""
    base = site.view.edition.public_url
    return f"{base}/sites/{site.id}" if base else ""


def _qr(site: SiteView) -> Block:
    w, url = site.view.words, page_url(site)
    if not url:
        return Paragraph(w.text("qr_missing"), "missing")
    return Picture("qr", w.text("qr_alt", url=url), w.text("qr_caption", url=url), width=0.18)


def _signatures(site: SiteView) -> Section:
    seen = site.view
    w = seen.words
    note = w.text("sign_note")
    lead = Signature(w.text("sign_city_unit", city_upper=city_name(seen).upper()), w.text("sign_city_role"), note)
    wards = tuple(
        Signature(w.text("sign_ward_unit", ward_upper=seen.name(row.ward_code).upper()), w.text("sign_ward_role"), note)
        for row in site.answering
    )
    return Section("signatures", w.text("section_signatures"), (Signatures(wards, lead),))
