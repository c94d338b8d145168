"""What frames every paper: its heading after Nghị định 30/2020/NĐ-CP, its titles, and the line at its foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geo.output.dossier.documents.blocks import Document, Header, Section, cleaned
from geo.output.dossier.view import View


def framed(
    seen: View, kind: str, header: Header, subject: str, sections: Iterable[Section], extra: Mapping[str, str]
) -> Document:
    """The document of a `kind` (`dossier`, `atlas`, `minutes`) with its title, notice and foot, texts cleaned."""
    w, day = seen.words, seen.situation.day
    made = Document(
        kind=kind,
        lang=w.lang,
        header=header,
        title=w.text(f"title_{kind}"),
        subject=subject,
        notice=w.text(f"notice_{seen.edition.audience}"),
        footer=w.text("footer", day=w.day(day), version=seen.situation.data_version),
        day=day,
        sections=tuple(sections),
        extra=extra,
    )
    return cleaned(made)


def city_header(seen: View, kind: str) -> Header:
    """The heading of a paper of the city's office."""
    place = city_name(seen)
    parent = seen.words.text("parent", city_upper=place.upper())
    return _header(seen, kind, parent, seen.words.text("office"), place)


def ward_header(seen: View, kind: str, code: str) -> Header:
    """The heading of a paper of a ward."""
    parent = seen.words.text("ward_parent", city_upper=city_name(seen).upper())
    office = seen.words.text("ward_office", ward_upper=seen.name(code).upper())
    return _header(seen, kind, parent, office, str(seen.ward(code).name))


def city_name(seen: View) -> str:
    """The city's name in the edition's language."""
    return seen.city.name if seen.words.lang == "vi" else seen.city.name_en


def _header(seen: View, kind: str, parent: str, office: str, place: str) -> Header:
    w = seen.words
    return Header(
        parent=parent,
        office=office,
        number=w.text(f"number_{kind}"),
        nation=w.text("nation"),
        motto=w.text("motto"),
        place_date=w.text("place_date", place=place, year=str(seen.situation.day.year)),
    )
