"""The report on a programme in each format of a document."""

from __future__ import annotations

from typing import Any

from geo.analysis.coverage.attainment import Attainment
from geo.i18n.language import Lang
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers.docx import docx
from geo.output.dossier.writers.odt import odt
from geo.output.dossier.writers.pdf import pdf
from geo.output.reports.body_report import body_document
from geo.output.reports.document import report_document


def report_docx(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as DOCX; `options` are those of `report_document`, or a `body` whose report it is."""
    return docx(*_set(attainment, lang, options))


def report_pdf(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as PDF."""
    return pdf(*_set(attainment, lang, options))


def report_odt(attainment: Attainment, lang: Lang = "vi", **options: Any) -> bytes:
    """The report as ODT."""
    return odt(*_set(attainment, lang, options))


def _set(attainment: Attainment, lang: Lang, options: dict[str, Any]) -> tuple[Document, dict[str, bytes], Edition]:
    edition = Edition(lang=lang).with_environment()
    body = options.get("body")
    if body is not None:
        return body_document(attainment, body, lang, edition=edition, span=options.get("span")), {}, edition
    asked = {name: value for name, value in options.items() if name != "body"}
    return report_document(attainment, lang, edition=edition, **asked), {}, edition
