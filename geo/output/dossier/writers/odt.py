"""Documents as OpenDocument text (ODT): real styles, real tables, pages and appendices with counts of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.edition import Edition
from geo.output.dossier.writers.odt_blocks import Body
from geo.output.dossier.writers.odt_styles import NAMESPACES, styles_xml

_TYPE = "application/vnd.oasis.opendocument.text"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def odt(document: Document, pictures: Mapping[str, bytes], edition: Edition) -> bytes:  # noqa: ARG001
    """The document as ODT; `pictures` are PNGs by name. Same document, same bytes."""
    body = Body(document, pictures)
    content = body.xml()
    parts = {
        "content.xml": content,
        "styles.xml": styles_xml(document.lang, escape(f"{document.notice} · {document.footer}")),
        "meta.xml": _meta(document),
        "META-INF/manifest.xml": _manifest(body.used),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # The type stands first and unpacked: programs know the file by it.
        archive.writestr(zipfile.ZipInfo("mimetype", _FIRST_DAY), _TYPE)
        for name, text in parts.items():
            archive.writestr(_entry(name), text.encode("utf-8"))
        for name in body.used:
            archive.writestr(_entry(f"Pictures/{name}.png"), pictures[name])
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, _FIRST_DAY)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _meta(document: Document) -> str:
    language = "vi-VN" if document.lang == "vi" else "en-GB"
    title = escape(f"{document.title} – {document.subject}")
    moment = f"{document.day.isoformat()}T00:00:00"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta {NAMESPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{title}</dc:title><dc:language>{language}</dc:language><dc:date>{moment}</dc:date>"
        f"<meta:creation-date>{moment}</meta:creation-date></office:meta></office:document-meta>"
    )


def _manifest(pictures: tuple[str, ...]) -> str:
    files = {"/": _TYPE, "content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml"}
    files |= {f"Pictures/{name}.png": "image/png" for name in pictures}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in files.items()
    )
    head = f'<manifest:manifest {NAMESPACES} manifest:version="1.3">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{entries}</manifest:manifest>'
