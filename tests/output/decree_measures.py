"""Measures a PDF against the checklist of Nghị định 30/2020/NĐ-CP: sizes, faces, places, rules, gaps, page numbers."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber

from geo.output.decree.checklist import ELEMENTS, PAGE
from geo.output.dossier.documents.blocks import Appendix, Document, Fill, Paragraph

MM = 72 / 25.4
FACES = ("LiberationSerif", "TimesNewRoman")
Char = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A page: its size, the letters on it without spaces, and its horizontal lines (x0, x1, y)."""

    number: int
    width: float
    height: float
    chars: list[Char]
    lines: list[tuple[float, float, float]]


@dataclass(frozen=True)
class Found:
    """Where a text stands: its page and letters."""

    sheet: Sheet
    chars: list[Char]

    @property
    def top(self) -> float:
        return min(char["top"] for char in self.chars)

    @property
    def bottom(self) -> float:
        return max(char["bottom"] for char in self.chars)

    def rows(self) -> list[list[Char]]:
        """The letters line by line, from the top."""
        rows: dict[int, list[Char]] = {}
        for char in self.chars:
            base = round(char["bottom"])
            place = char["sheet"] * 10_000 + base
            rows.setdefault(next((known for known in rows if abs(known - place) <= 2), place), []).append(char)
        return [rows[place] for place in sorted(rows)]

    @property
    def middle(self) -> float:
        last = self.rows()[-1]
        return (min(char["x0"] for char in last) + max(char["x1"] for char in last)) / 2


class Paper:
    """A PDF that is measured against the document that it was made from."""

    def __init__(self, data: bytes, document: Document) -> None:
        self.document = document
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            self.sheets = [sheet(number, page) for number, page in enumerate(pdf.pages)]
        # A text that goes on to another page is found, too: the number on top and the foot are no part of it.
        self._all = [char for page in self.sheets for char in page.chars if not _furniture(char, page)]
        self._text = "".join(char["text"] for char in self._all)
        starts = [char["sheet"] for char in self._all]
        self._sheet_of = {id(char): self.sheets[number] for char, number in zip(self._all, starts, strict=True)}

    def find(self, text: str, after: int = 0) -> Found:
        wanted = squeezed(text)
        at = self._text.find(wanted, after)
        assert at >= 0, text
        chars = self._all[at : at + len(wanted)]
        return Found(self._sheet_of[id(chars[0])], chars)

    def place(self, text: str) -> int:
        return self._text.find(squeezed(text))

    def appendix(self, entry: Appendix) -> dict[str, Found]:
        """The heading of an appendix, by element; not what a list of contents says of it."""
        parts = {"appendix": entry.label, "appendix_title": entry.title, "appendix_reference": entry.reference}
        whole, found, at = self.find("".join(parts.values())), {}, 0
        for name, text in parts.items():
            length = len(squeezed(text))
            found[name] = Found(whole.sheet, whole.chars[at : at + length])
            at += length
        return found


def sheet(number: int, page: Any) -> Sheet:
    chars = [
        {**char, "text": letter, "sheet": number}
        for char in page.chars
        for letter in unicodedata.normalize("NFC", char["text"])
        if not letter.isspace() and letter != "\u200b"
    ]
    marks = [*page.lines, *page.rects, *page.curves]
    lines = [(mark["x0"], mark["x1"], mark["top"]) for mark in marks if mark["height"] < 2]
    return Sheet(number, float(page.width), float(page.height), chars, lines)


def _furniture(char: Char, page: Sheet) -> bool:
    return bool(char["bottom"] < 19 * MM or (char["bottom"] > page.height - 19 * MM and char["size"] < 9.1))


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split())


def texts_of(document: Document) -> dict[str, list[str]]:
    """The texts of a document by the element of the checklist that they are."""
    header, closing = document.header, document.closing
    assert closing is not None
    body = [
        block.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and block.role == "body" and block.text
    ]
    fills = [
        block.label
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Fill) and block.label
    ]
    return {
        "nation": [header.nation],
        "motto": [header.motto],
        "parent": header.parent.split("\n"),
        "office": header.office.split("\n"),
        "number": [header.number],
        "place_date": [header.place_date],
        "title": [document.title],
        "subject": [document.subject],
        "addressed": [f"{document.addressed_head}: {'; '.join(document.addressed)}."] if document.addressed else [],
        "grounds": list(document.grounds),
        "heading": [section.heading for section in document.sections if section.heading and section.level == 1],
        "body": [*body, *fills],
        "authority": [line for place in (closing.left, closing.right) if place for line in place.lines],
        "recipients_head": [closing.recipients_head],
        "recipients": list(closing.recipients),
    }


def faults(data: bytes, document: Document) -> dict[str, list[str]]:
    """What does not comply, by point; {} where all does."""
    paper = Paper(data, document)
    found = {name: list(check(paper)) for name, check in CHECKS.items()}
    return {name: said for name, said in found.items() if said}


def _sheet_faults(paper: Paper) -> Iterator[str]:
    for page in paper.sheets:
        sides = sorted((page.width / MM, page.height / MM))
        if abs(sides[0] - 210) > 0.5 or abs(sides[1] - 297) > 0.5:
            yield f"page {page.number + 1} is {sides}"


def _margin_faults(paper: Paper) -> Iterator[str]:
    assert PAGE.limits is not None
    first = paper.sheets[0]
    body = [char for char in first.chars if _in_text(char, first)]
    left = min(char["x0"] for page in paper.sheets if page.width < page.height for char in page.chars) / MM
    right = max(char["x1"] for char in body) / MM
    sides = {"left": left, "right": 210 - right, "top": min(char["top"] for char in body) / MM}
    for name, value in sides.items():
        least, _ = PAGE.limits[name]
        if value < least - 0.6:
            yield f"{name}: {value:.1f} mm"
    if not PAGE.limits["left"][0] - 0.6 <= left <= PAGE.limits["left"][1] + 0.6:
        yield f"left: {left:.1f} mm"


def _foot_faults(paper: Paper) -> Iterator[str]:
    """Below the text there is nothing but the line at the foot, which is smaller than any text."""
    for page in paper.sheets:
        low = [char for char in page.chars if char["bottom"] > page.height - 19 * MM and char["size"] > 9.1]
        if low:
            yield f"page {page.number + 1}: '{''.join(char['text'] for char in low)[:20]}' stands in the lower margin"


def _gap_faults(paper: Paper) -> Iterator[str]:
    """Paragraphs that follow each other stand further apart than lines."""
    for section in paper.document.sections:
        for above, below in itertools.pairwise(section.blocks):
            if not all(isinstance(block, Paragraph) and block.role == "body" for block in (above, below)):
                continue
            first, second = paper.find(above.text), paper.find(below.text)  # type: ignore[union-attr]
            if second.rows()[0][0]["sheet"] != first.rows()[-1][0]["sheet"]:
                continue
            step = second.rows()[0][0]["bottom"] - first.rows()[-1][0]["bottom"]
            if step < ELEMENTS["body"].size * 1.15 + PAGE.paragraph_gap - 0.6:
                yield f"paragraphs {step:.1f} pt apart: {second.chars[0]['text']}"


def _in_text(char: Char, page: Sheet) -> bool:
    return char["bottom"] < page.height - 19.5 * MM and char["top"] > 19 * MM


def _face_faults(paper: Paper) -> Iterator[str]:
    wrong = {
        char["fontname"]
        for page in paper.sheets
        for char in page.chars
        if not any(face in char["fontname"] for face in (*FACES, "DejaVu", "OpenSymbol", "Symbol"))
    }
    if wrong:
        yield f"faces: {sorted(wrong)}"


def _style_faults(paper: Paper) -> Iterator[str]:
    for name, texts in texts_of(paper.document).items():
        for text in texts:
            yield from _of_style(name, text, paper.find(text))
    for entry in paper.document.appendices:
        for name, found in paper.appendix(entry).items():
            yield from _of_style(
                name, getattr(entry, name.removeprefix("appendix_") if "_" in name else "label"), found
            )


def _of_style(name: str, text: str, found: Found) -> Iterator[str]:
    element = ELEMENTS[name]
    sizes = {round(char["size"], 1) for char in found.chars}
    if not all(element.least - 0.1 <= size <= element.most + 0.1 for size in sizes):
        yield f"{name}: {sizes} pt, not {element.least} to {element.most}: {text[:40]}"
    for style in ("Bold", "Italic"):
        wanted = getattr(element, style.lower())
        if any((style in char["fontname"]) != wanted for char in found.chars):
            yield f"{name}: {'not ' if wanted else ''}{style}: {text[:40]}"
    if element.capitals and text != text.upper():
        yield f"{name}: not in capitals: {text[:40]}"


def _place_faults(paper: Paper) -> Iterator[str]:
    header, document = paper.document.header, paper.document
    right = [paper.find(text) for text in (header.nation, header.motto, header.place_date)]
    left = [paper.find(text) for text in (*header.parent.split("\n"), *header.office.split("\n"))]
    for side in (right, left):
        middles = [found.middle for found in side]
        if max(middles) - min(middles) > 3:
            yield f"not centred under each other: {middles}"
    if not left[0].middle < right[0].middle:
        yield "the office does not stand left of the nation"
    if right[2].top < max(found.bottom for found in right[:2]):
        yield "place and date do not stand under the motto"
    centre = (PAGE.left + (PAGE.width - PAGE.left - PAGE.right) / 2) * MM
    for text in (document.title, document.subject):
        middle = paper.find(text).middle
        if abs(middle - centre) > 3:
            yield f"not centred on the page ({middle:.0f}, not {centre:.0f}): {text[:40]}"


def _rule_faults(paper: Paper) -> Iterator[str]:
    header = paper.document.header
    office = header.office.split("\n")[-1]
    for name, text in (("motto", header.motto), ("office", office), ("subject", paper.document.subject)):
        found = paper.find(text)
        last = found.rows()[-1]
        width = max(char["x1"] for char in last) - min(char["x0"] for char in last)
        under = [line for line in found.sheet.lines if found.bottom - 2 <= line[2] <= found.bottom + 14]
        near = [line for line in under if abs((line[0] + line[1]) / 2 - found.middle) < 4]
        if not near:
            yield f"{name}: no rule"
            continue
        least, most = ELEMENTS[name].rule
        share = (near[0][1] - near[0][0]) / width
        if not least - 0.02 <= share <= most + 0.02:
            yield f"{name}: the rule is {share:.2f} of the line"


def _paragraph_faults(paper: Paper) -> Iterator[str]:
    assert PAGE.limits is not None
    texts = [
        block.text
        for section in paper.document.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and block.role == "body" and block.text
    ]
    for text in texts:
        rows = paper.find(text).rows()
        indent = min(char["x0"] for char in rows[0]) / MM - PAGE.left
        least, most = PAGE.limits["indent"]
        if not least - 0.5 <= indent <= most + 0.5:
            yield f"first line {indent:.1f} mm in: {text[:40]}"
        size = ELEMENTS["body"].size * 1.15
        for above, below in itertools.pairwise(rows):
            step = below[0]["bottom"] - above[0]["bottom"]
            if above[0]["sheet"] == below[0]["sheet"] and not size * 0.97 <= step <= size * 1.53:
                yield f"lines {step:.1f} pt apart: {text[:40]}"


def _number_faults(paper: Paper) -> Iterator[str]:
    begins = [paper.appendix(entry)["appendix"].sheet.number for entry in paper.document.appendices]
    first, count = {0, *begins}, 0
    for page in paper.sheets:
        count = 1 if page.number in first else count + 1
        # Map letters are no page numbers: only what stands over the text.
        above = [char for char in page.chars if char["bottom"] < 19 * MM]
        number = "".join(char["text"] for char in above)
        if number != ("" if count == 1 else str(count)):
            yield f"page {page.number + 1}: '{number}' stands on top, not {count}"
        elif above:
            middle = (above[0]["x0"] + above[-1]["x1"]) / 2
            centre = (page.width + (PAGE.left - PAGE.right) * MM) / 2
            if abs(middle - centre) > 4 or not 12.9 <= above[0]["size"] <= 14.1:
                yield f"page {page.number + 1}: the number is not centred, or {above[0]['size']} pt ({middle:.0f}, not {centre:.0f})"


def _end_faults(paper: Paper) -> Iterator[str]:
    document = paper.document
    closing = document.closing
    assert closing is not None
    right, listed = paper.find(closing.right.lines[0]), paper.find(closing.recipients_head)
    half = (PAGE.left + PAGE.width - PAGE.right) / 2 * MM
    if right.middle < half:
        yield "who signs does not stand on the right"
    if min(char["x0"] for char in listed.chars) > (PAGE.left + 2) * MM:
        yield "the recipients do not stand on the left"
    if closing.left is None and abs(right.top - listed.top) > 6:
        yield "recipients and signature are not level"
    if closing.left is not None and (paper.find(closing.left.lines[0]).middle > half or listed.top < right.bottom):
        yield "the secretary signs left, recipients stand below"
    last = [block.text for section in document.sections for block in section.blocks if isinstance(block, Paragraph)]
    if any(paper.place(text) > paper.place(closing.right.lines[0] + closing.right.lines[-1]) > 0 for text in last):
        yield "a text of the body stands behind the signature"
    if not closing.recipients[-1].startswith(("- Lưu: VT", "- File: VT")):
        yield "the last of the recipients is not the file"


def _appendix_faults(paper: Paper) -> Iterator[str]:
    used = [0]
    for entry in paper.document.appendices:
        parts = paper.appendix(entry)
        found = parts["appendix"]
        if found.sheet.number in used:
            yield f"{entry.label} does not begin on a page of its own"
        used.append(found.sheet.number)
        if not entry.label.startswith(("Phụ lục", "Appendix")) or not entry.reference.startswith(("(Kèm theo", "(To ")):
            yield f"{entry.label}: {entry.reference}"
        if found.sheet.width > found.sheet.height and not entry.across:
            yield f"{entry.label} lies across"
        middles = [
            paper.find(text, paper.place(entry.label + entry.title)).middle for text in (entry.title, entry.reference)
        ]
        centre = (found.sheet.width + (PAGE.left - PAGE.right) * MM) / 2
        if any(abs(middle - centre) > 4 for middle in middles):
            yield f"{entry.label} is not centred"


CHECKS: dict[str, Callable[[Paper], Iterable[str]]] = {
    "paper": _sheet_faults,
    "margins": _margin_faults,
    "foot": _foot_faults,
    "gaps": _gap_faults,
    "face": _face_faults,
    "styles": _style_faults,
    "places": _place_faults,
    "rules": _rule_faults,
    "paragraphs": _paragraph_faults,
    "page_numbers": _number_faults,
    "end": _end_faults,
    "appendices": _appendix_faults,
}
