"""Dossiers, minutes, maps and data of a ward or of a review in one ZIP, with a list of contents and checksums."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import UnknownNameError
from geo.i18n.translator import Translator, translator
from geo.output.decree.file_names import file_name
from geo.output.dossier.documents.minutes_document import minutes_of
from geo.output.dossier.edition import Edition
from geo.output.dossier.formats import site_files
from geo.output.dossier.view import View, view
from geo.output.dossier.writers.docx import docx
from geo.output.dossier.writers.pdf import pdf
from geo.output.shared.stretches import codes as codes_in

if TYPE_CHECKING:
    from geo.situation import Situation

PAPERS, DATA = ("pdf", "docx"), ("gpkg", "kml", "xlsx")
SUMS = "SHA256SUMS"
"""Checksums in the form that `sha256sum --check` reads."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def package_of_ward(
    situation: Situation, code: str, edition: Edition, certificate: tuple[Path, str] | None = None
) -> bytes:
    """The package of a ward: every site that it answers for, its minutes and its map.

    `certificate`: a `.p12` and its passphrase, with which every PDF is signed.

    Raises
    ------
    UnknownWardError
        The situation holds no such ward.
    """
    seen = view(situation, edition)
    seen.ward(code)
    sites = [site.id for site in seen.sites if any(row.ward_code == code for row in site.answering)]
    return _package(seen, sites, [code], certificate)


def package_of_sites(
    situation: Situation,
    site_ids: Sequence[str],
    codes: Sequence[str],
    edition: Edition,
    certificate: tuple[Path, str] | None = None,
) -> bytes:
    """The package of a review: these sites, and the minutes and maps of these wards.

    Raises
    ------
    UnknownSiteError, UnknownWardError
        The situation holds no such site or ward.
    """
    return _package(view(situation, edition), list(site_ids), list(codes), certificate)


def package_of_review(
    situation: Situation, number: int, edition: Edition, certificate: tuple[Path, str] | None = None
) -> bytes:
    """The package of a recorded review: its sites, and the minutes and maps of its wards; those of the city only.

    Raises
    ------
    UnknownNameError
        The situation holds no such review.
    """
    sites, wards = of_review(situation, number)
    return package_of_sites(situation, sites, wards, edition, certificate)


def of_review(situation: Situation, number: int) -> tuple[list[str], list[str]]:
    """The ids of the sites and the codes of the wards of a review, as far as the situation has them.

    Raises
    ------
    UnknownNameError
        The situation holds no such review.
    """
    rows = [] if situation.reviews is None else situation.reviews.to_dict("records")
    row = next((entry for entry in rows if int(entry["id"]) == number), None)
    if row is None:
        raise UnknownNameError("review", str(number), [str(entry["id"]) for entry in rows[-3:]])
    sites, wards = set(situation.sites["site_id"].astype(str)), set(situation.wards["code"].astype(str))
    return [name for name in codes_in(row["sites"]) if name in sites], [
        code for code in codes_in(row["wards"]) if code in wards
    ]


def _package(seen: View, sites: list[str], codes: list[str], certificate: tuple[Path, str] | None) -> bytes:
    files = {name: _sealed(name, data, certificate) for name, data in _files(seen, sites, codes)}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    w = translator(seen.words.lang, "dossier")
    listed = {w.text("package_contents"): _contents(seen, w, files, sums), SUMS: _sums(sums)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({name: text.encode("utf-8") for name, text in listed.items()} | files).items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def _files(seen: View, sites: list[str], codes: list[str]) -> Iterator[tuple[str, bytes]]:
    w = seen.words
    for site_id in sites:
        for kind, data in site_files(seen, site_id, (*PAPERS, *DATA)).items():
            folder = w.text("package_dossiers" if kind in PAPERS else "package_data")
            yield f"{folder}/{_name(seen, site_id, kind)}", data
    for code in codes:
        document, folder = minutes_of(seen, code), w.text("package_minutes")
        yield f"{folder}/{_name(seen, code, 'docx')}", docx(document, {}, seen.edition)
        yield f"{folder}/{_name(seen, code, 'pdf')}", pdf(document, {}, seen.edition)
        yield from _map(seen, code)


def _map(seen: View, code: str) -> Iterator[tuple[str, bytes]]:
    """The map of a ward as a page that opens without a network, and as a PDF."""
    from geo.output.maps import files as map_files
    from geo.output.maps import ward_drawing

    drawing, folder = ward_drawing(seen.situation, code, lang=seen.words.lang), seen.words.text("package_maps")
    yield f"{folder}/{_name(seen, code, 'html')}", map_files.page(drawing, "A4")
    yield f"{folder}/{_name(seen, code, 'pdf')}", map_files.pdf(drawing, "A4")


def _name(seen: View, what: str, ending: str) -> str:
    edition = seen.edition
    return file_name(what, seen.situation.day, edition.audience, ending, edition.lang)


def _sealed(name: str, data: bytes, certificate: tuple[Path, str] | None) -> bytes:
    if certificate is None or not name.endswith(".pdf"):
        return data
    from geo.output.handover.sign import signed

    return signed(data, *certificate)


def _contents(seen: View, w: Translator, files: dict[str, bytes], sums: dict[str, str]) -> str:
    """What is in the package, for people: for whom it is, of which day and data, each file with its size and sum."""
    day = w.text("footer", day=w.day(seen.situation.day), version=seen.situation.data_version)
    head = [w.text("package_title"), w.text(f"notice_{seen.edition.audience}"), day, ""]
    rows = [f"{name}  {w.number(-(-len(data) // 1000))} kB  {sums[name][:16]}…" for name, data in files.items()]
    return "\n".join([*head, *rows, "", w.text("package_check", file=SUMS)]) + "\n"


def _sums(sums: dict[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())
