"""The report on a programme in each format of a document."""

from __future__ import annotations

from typing import Any

from geo.analysis.coverage.attainment import Attainment
from geo.i18n.language import Lang
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers.docx import docx
from geo.output.dossier.writers.odt import odt
from geo.output.dossier.writers.pdf import pdf
from geo.output.reports.document import report_document


def report_docx(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as DOCX; `options` are those of `report_document`."""
    edition = Edition(lang=lang).with_environment()
    return docx(report_document(attainment, lang, edition=edition, **options), {}, edition)


def report_pdf(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as PDF."""
    edition = Edition(lang=lang).with_environment()
    return pdf(report_document(attainment, lang, edition=edition, **options), {}, edition)


def report_odt(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as ODT."""
    edition = Edition(lang=lang).with_environment()
    return odt(report_document(attainment, lang, edition=edition, **options), {}, edition)
