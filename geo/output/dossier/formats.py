"""A site in every format, an atlas, minutes: bytes for who writes files and for who answers requests."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.documents.site_document import document_of, page_url
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import SiteView, View, view
from geo.output.shared.formats import MEDIA_TYPES as ALL_MEDIA_TYPES
from geo.output.shared.formats import named, names

if TYPE_CHECKING:
    from geo.output.dossier.pictures import MapPicture
    from geo.situation import Situation

FORMATS = names("dossier")
"""What a dossier is made as."""
MEDIA_TYPES = {name: ALL_MEDIA_TYPES[name] for name in FORMATS}


class SiteFiles:
    """A site being set: its document and its map are made once, whatever the number of formats."""

    def __init__(self, site: SiteView) -> None:
        self.site = site
        self.edition = site.view.edition

    @cached_property
    def document(self) -> Document:
        return document_of(self.site)

    @cached_property
    def map(self) -> MapPicture:
        from geo.output.dossier.pictures import site_picture

        return site_picture(self.site)

    @cached_property
    def code(self) -> Mapping[str, bytes]:
        """The QR code, where the site's page has an address."""
        url = page_url(self.site)
        return {"qr": qr_png(url)} if url else {}

    @property
    def pictures(self) -> Mapping[str, bytes]:
        """The pictures as PNG, for what takes no vectors."""
        return {"map": self.map.png, **self.code}

    def pdf(self) -> bytes:
        from geo.output.dossier.writers.pdf import pdf

        return pdf(self.document, {"map": self.map.svg, **self.code}, self.edition)

    def docx(self) -> bytes:
        from geo.output.dossier.writers.docx import docx

        return docx(self.document, self.pictures, self.edition)

    def odt(self) -> bytes:
        from geo.output.dossier.writers.odt import odt

        return odt(self.document, self.pictures, self.edition)

    def png(self) -> bytes:
        return self.map.png

    def html(self) -> bytes:
        from geo.output.dossier.writers.html import html

        return html(self.document, self.pictures, self.edition)

    def gpkg(self) -> bytes:
        from geo.output.dossier.data_files.gpkg import gpkg

        return gpkg(self.site)

    def kml(self) -> bytes:
        from geo.output.dossier.data_files.kml import kml

        return kml(self.site)

    def xlsx(self) -> bytes:
        from geo.output.dossier.data_files.xlsx import xlsx

        return xlsx(self.site)


def dossier(situation: Situation, site_id: str, formats: Iterable[str], edition: Edition) -> dict[str, bytes]:
    """The dossier of a site in these `formats` (of `FORMATS`), each as bytes. Same situation, same bytes.

    Raises
    ------
    InputError
        A format is not known, or a template or catalogue is broken.
    UnknownSiteError
        The situation holds no such site.
    """
    return site_files(view(situation, edition), site_id, formats)


def site_files(seen: View, site_id: str, formats: Iterable[str]) -> dict[str, bytes]:
    """As `dossier`, from a view that is there already."""
    maker = SiteFiles(seen.site(site_id))
    return {name: named("dossier", name).made(maker) for name in checked(formats)}


def checked(formats: Iterable[str]) -> tuple[str, ...]:
    """The formats, each once; `InputError` names all that are not known."""
    wanted = tuple(dict.fromkeys(formats))
    wrong = [
        Problem("output.unknown-format", "formats", name=name, known=FORMATS) for name in wanted if name not in FORMATS
    ]
    if wrong:
        raise InputError(wrong)
    return wanted


def atlas(situation: Situation, edition: Edition) -> bytes:
    """The atlas of a situation as PDF, on A4 or on A3 across as the edition says."""
    from geo.output.dossier.writers.pdf import pdf

    document, maps = _atlas(situation, edition)
    return pdf(document, {name: made.svg for name, made in maps}, edition)


def atlas_docx(situation: Situation, edition: Edition) -> bytes:
    """The atlas as DOCX, on A4."""
    from geo.output.dossier.writers.docx import docx

    document, maps = _atlas(situation, replace(edition, paper="a4"))
    return docx(document, {name: made.png for name, made in maps}, edition)


def atlas_odt(situation: Situation, edition: Edition) -> bytes:
    """The atlas as ODT, on A4."""
    from geo.output.dossier.writers.odt import odt

    document, maps = _atlas(situation, replace(edition, paper="a4"))
    return odt(document, {name: made.png for name, made in maps}, edition)


def _atlas(situation: Situation, edition: Edition) -> tuple[Document, Iterator[tuple[str, MapPicture]]]:
    """The atlas and its maps by name, each laid out as it is asked for: a whole city's are too many to hold."""
    from geo.output.dossier.documents.atlas_document import atlas_of

    seen = view(situation, edition)
    return atlas_of(seen), _maps(seen)


def _maps(seen: View) -> Iterator[tuple[str, MapPicture]]:
    from geo.output.dossier.pictures import OVERVIEW_SHEET, WIDE_SHEET, overview_picture, site_picture

    yield "overview", overview_picture(seen, WIDE_SHEET if seen.edition.paper == "a3" else OVERVIEW_SHEET)
    for site in seen.sites:
        yield f"map-{site.id}", site_picture(site)


def minutes(situation: Situation, code: str, edition: Edition) -> bytes:
    """The minutes of a ward's review as DOCX; `UnknownWardError` if there is no such ward."""
    from geo.output.dossier.documents.minutes_document import minutes_document
    from geo.output.dossier.writers.docx import docx

    return docx(minutes_document(situation, code, edition), {}, edition)


def minutes_odt(situation: Situation, code: str, edition: Edition) -> bytes:
    """The same as ODT."""
    from geo.output.dossier.documents.minutes_document import minutes_document
    from geo.output.dossier.writers.odt import odt

    return odt(minutes_document(situation, code, edition), {}, edition)


def minutes_pdf(situation: Situation, code: str, edition: Edition) -> bytes:
    """The same as PDF, to be printed and filled by hand."""
    from geo.output.dossier.documents.minutes_document import minutes_document
    from geo.output.dossier.writers.pdf import pdf

    return pdf(minutes_document(situation, code, edition), {}, edition)


def qr_png(url: str) -> bytes:
    """A QR code of an address as PNG, medium error correction, with its quiet zone."""
    import segno

    buffer = io.BytesIO()
    segno.make(url, error="m", micro=False).save(buffer, kind="png", scale=8, border=4)
    return buffer.getvalue()
