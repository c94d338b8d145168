"""What frames every paper after Nghị định 30/2020/NĐ-CP: heading, type and matter, addressee, end, appendices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.i18n.translator import Translator, translator
from geo.output.decree.offices import Office, city_office, ward_office
from geo.output.decree.types import DocumentType, number_line
from geo.output.dossier.documents.blocks import (
    Appendix,
    Closing,
    Document,
    Header,
    Section,
    Signature,
    cleaned,
)
from geo.output.dossier.documents.cautions import cautions
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import View
from geo.reference.cities import City
from geo.reference.cities import city as city_by_slug
from geo.reference.programmes import Programme

_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """An appendix before it has its number: `key`, `title`, `sections`, and whether it lies `across`."""

    key: str
    title: str
    sections: tuple[Section, ...]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What a paper is: its `kind` (which names template and texts), type of document and `subject` (trích yếu)."""

    kind: str
    type: DocumentType
    subject: str
    addressed: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a paper is made from: its words and day, for whom it is (`notice`), its `footer`, and `cautions`."""

    w: Translator
    day: date
    notice: str
    footer: str
    cautions: tuple[str, ...] = ()


def framed(
    seen: View, office: Office, matter: Matter, sections: Iterable[Section], closing: Closing, parts: Iterable[Part]
) -> Document:
    """The document about a situation with heading, notice, end, foot and numbered appendices; its texts are cleaned."""
    w, day = seen.words, seen.situation.day
    notice = w.text(f"notice_{seen.edition.audience}")
    footer = w.text("footer", day=w.day(day), version=seen.situation.data_version)
    return assembled(Basis(w, day, notice, footer, cautions(seen)), office, matter, sections, closing, parts)


def assembled(
    basis: Basis, office: Office, matter: Matter, sections: Iterable[Section], closing: Closing, parts: Iterable[Part]
) -> Document:
    """As `framed`, of anything."""
    w, day = basis.w, basis.day
    made = Document(
        kind=matter.kind,
        lang=w.lang,
        header=header(w, office, matter.type, day.year),
        title=w.text(f"title_{matter.type.letters}"),
        subject=matter.subject,
        notice=basis.notice,
        footer=basis.footer,
        day=day,
        sections=tuple(sections),
        extra=matter.extra,
        addressed=matter.addressed,
        addressed_head=w.text("addressed"),
        grounds=ended(matter.grounds),
        cautions=basis.cautions,
        closing=closing,
        appendices=appendices(w, office, matter.type, day.year, tuple(parts)),
    )
    return cleaned(made)


def header(w: Translator, office: Office, kind: DocumentType, year: int) -> Header:
    """The heading of an office's paper: place and date are filled in when it is signed."""
    return Header(
        parent=office.parent,
        office=office.name,
        number=number_line(kind, office.symbol, label=w.text("number")),
        nation=w.text("nation"),
        motto=w.text("motto"),
        place_date=w.text("place_date", place=office.place, year=str(year)),
    )


def closing_of(w: Translator, office: Office, note: str = "sign_note") -> Closing:
    """The end of a report: the office of the head signs in its form, on the left who gets it."""
    last = w.text("recipients_file", unit=office.unit)
    recipients = tuple(f"- {line};" for line in office.recipients)
    return Closing(Signature(office.signing, w.text(note)), None, w.text("recipients"), (*recipients, f"- {last}"))


def appendices(
    w: Translator, office: Office, kind: DocumentType, year: int, parts: tuple[Part, ...]
) -> tuple[Appendix, ...]:
    """The appendices with their numbers (Roman where there are several) and what they go with."""
    symbol = f"{kind.letters}-{office.symbol}"
    name = w.text(f"goes_{kind.letters}")
    reference = w.text("appendix_reference", type=name, symbol=symbol, year=str(year), office=office.spoken)
    return tuple(
        Appendix(
            key=part.key,
            label=w.text("appendix", number=roman(number)) if len(parts) > 1 else w.text("appendix_alone"),
            title=part.title.upper(),
            reference=reference,
            sections=part.sections,
            across=part.across,
        )
        for number, part in enumerate(parts, 1)
    )


def roman(number: int) -> str:
    """A Roman figure, 1 to 3999.

    >>> roman(4), roman(19), roman(42), roman(148)
    ('IV', 'XIX', 'XLII', 'CXLVIII')
    """
    found, left = "", number
    for value, letters in _ROMAN:
        found, left = found + letters * (left // value), left % value
    return found


def ended(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines that end in ';', the last one in '.'."""
    bare = [line.rstrip(" ;.") for line in lines]
    return tuple(f"{line}{';' if at < len(bare) else '.'}" for at, line in enumerate(bare, 1))


def office_of(edition: Edition, city: City) -> Office:
    """The office that issues the papers of a city."""
    return city_office(city.slug, edition.lang, edition.own_file("offices.toml"))


def ward_office_of(seen: View, code: str) -> Office:
    """The people's committee of a ward."""
    ward = {"code": code, "ward": seen.inside(code), "name": str(seen.ward(code).name)}
    file = seen.edition.own_file("offices.toml")
    return ward_office(ward, city_name(seen), office_of(seen.edition, seen.city), seen.words.lang, file)


def city_name(seen: View) -> str:
    """The city's name in the edition's language."""
    return seen.city.name if seen.words.lang == "vi" else seen.city.name_en


def plan_of(seen: View) -> Programme:
    """The plan that a city's papers rest on."""
    return seen.situation.programme


def plan_ground(w: Translator, plan: Programme) -> tuple[str, ...]:
    """A plan as a line of the grounds; none for one that is still to be filled."""
    if not plan.entered:
        return ()
    title = plan.title if w.lang == "vi" else plan.title_en
    issuer = _issuer(w, plan)
    return (w.text("ground_plan", document=plan.document, issued=w.day(plan.issued), issuer=issuer, title=title),)


def _issuer(w: Translator, plan: Programme) -> str:
    """Who issued a plan: the city's committee in the language of the paper, another as the plan has it."""
    place, own = city_by_slug(plan.city), translator("vi", "dossier")
    if plan.issuer != own.text("city_committee", city=own.pick(place.full_name)):
        return plan.issuer
    return w.text("city_committee", city=w.pick(place.full_name))
