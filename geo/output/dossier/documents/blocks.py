"""What a dossier says, before anybody decides how: one `Document`, from which PDF, DOCX and HTML are set.

All texts are plain: every output escapes them in its own way, and none reads them as markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from geo.i18n.language import Lang


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` is `body`, `item` (of a list), `note` (small) or `missing` (something is not there)."""

    text: str
    role: Literal["body", "item", "note", "missing"] = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what is so."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `head`, `rows` of texts, `widths` as parts of the line, `align` a letter (l, c, r) a column.

    `total`: the last row sums up the others.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    align: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture `name`, as wide as `width` parts of the line; `alt` says what it shows to who can't see it."""

    name: str
    alt: str
    caption: str = ""
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Fill:
    """A label and so many dotted `lines` to complete by hand."""

    label: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the `lines` over the signature (authority and post), and what to write under them (`note`)."""

    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, two beside each other."""

    places: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A paragraph of a `text` and an address that can be followed and copied as it is."""

    text: str
    url: str


Block = Paragraph | Facts | Grid | Picture | Fill | Signatures | Link


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a `heading` of `level` 1 or 2; `key` is how templates call it; `new_page` begins one."""

    key: str
    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The heading after Nghị định 30/2020/NĐ-CP: who issues, under which number, the nation, place and date."""

    parent: str
    office: str
    number: str
    nation: str
    motto: str
    place_date: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a document: who signs (`right`), a secretary beside (`left`), who gets a copy (`recipients`)."""

    right: Signature
    left: Signature | None = None
    recipients_head: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix: its `label` (Phụ lục I), `title`, what it goes with (`reference`); `across` lies on its side.

    Its pages are counted on their own.
    """

    key: str
    label: str
    title: str
    reference: str
    sections: tuple[Section, ...]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper: `kind` (`dossier`, `atlas`, `minutes`) names its template, `title` its type, `subject` its matter.

    `addressed`: to whom it goes; `grounds`: on what it rests, a line each. `notice` says for whom this version is,
    `cautions` what a reader has to know first, `footer` from which data it was made; `day` is the situation's.
    `sections` are the body; `closing` stands under it, the `appendices` follow.
    """

    kind: str
    lang: Lang
    header: Header
    title: str
    subject: str
    notice: str
    footer: str
    day: date
    sections: tuple[Section, ...]
    extra: Mapping[str, str]
    addressed: tuple[str, ...] = ()
    addressed_head: str = ""
    grounds: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    closing: Closing | None = None
    appendices: tuple[Appendix, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The document as lists and mappings for a template: every block carries its `kind`."""
        names = ("kind", "lang", "title", "subject", "notice", "footer", "addressed", "addressed_head", "grounds")
        values = {name: getattr(self, name) for name in (*names, "cautions")}
        values |= {"header": asdict(self.header), "day": [self.day.year, self.day.month, self.day.day]}
        values |= {"closing": None if self.closing is None else asdict(self.closing), "extra": dict(self.extra)}
        values["appendices"] = [_appendix(entry) for entry in self.appendices]
        return values | {"sections": [_section(entry) for entry in self.sections]}

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """The sections of the body and of the appendices, in order."""
        return (*self.sections, *(part for entry in self.appendices for part in entry.sections))

    def texts(self) -> tuple[str, ...]:
        """Every text of the document, in order: what a reader of any format must find again."""
        first = [*asdict(self.header).values(), self.title, self.subject, self.notice, *self.cautions]
        first += [self.addressed_head, *self.addressed] if self.addressed else []
        body = [*first, *self.grounds, *(text for entry in self.sections for text in _texts(entry))]
        closing = _closing_texts(self.closing) if self.closing else []
        return tuple(text for text in (*body, *closing, *_appendix_texts(self.appendices)) if text)


def cleaned(document: Document) -> Document:
    """The document with all texts in NFC and without control characters, which XML can't hold (line ends stay)."""
    return cast(Document, _clean(document))


_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])


def _clean(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.translate(_CONTROLS).replace("\r", ""))
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if isinstance(value, Mapping):
        return {key: _clean(entry) for key, entry in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _clean(getattr(value, field.name)) for field in fields(value)})
    return value


def _section(entry: Section) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in ("key", "heading", "level", "new_page")}
    return values | {"blocks": [{"kind": type(block).__name__.lower()} | asdict(block) for block in entry.blocks]}


def _appendix(entry: Appendix) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in ("key", "label", "title", "reference", "across")}
    return values | {"sections": [_section(part) for part in entry.sections]}


def _appendix_texts(appendices: tuple[Appendix, ...]) -> list[str]:
    found = []
    for entry in appendices:
        found += [entry.label, entry.title, entry.reference]
        found += [text for part in entry.sections for text in _texts(part)]
    return found


def _closing_texts(closing: Closing) -> list[str]:
    places = [place for place in (closing.left, closing.right) if place]
    signed = [text for place in places for text in (*place.lines, place.note)]
    return [closing.recipients_head, *closing.recipients, *signed]


def _texts(entry: Section) -> list[str]:
    return [entry.heading, *(text for block in entry.blocks for text in _block_texts(block))]


def _block_texts(block: Block) -> list[str]:
    match block:
        case Facts():
            return [text for row in block.rows for text in row]
        case Grid():
            return [*block.head, *(text for row in block.rows for text in row)]
        case Signatures():
            return [text for place in block.places for text in (*place.lines, place.note)]
        case Paragraph() | Link():
            return [block.text, *([block.url] if isinstance(block, Link) else [])]
        case _:
            return [block.caption if isinstance(block, Picture) else block.label]
