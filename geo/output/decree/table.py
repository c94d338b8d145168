"""The checklist as a table, point × document: what the decree asks, how it is set, which document has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.output.decree.checklist import ELEMENTS, PAGE, Element

DOCUMENTS = ("report on a site", "atlas", "minutes", "programme report")
_ALL, _REPORTS, _MINUTES = (0, 1, 2, 3), (0, 1, 3), (2,)


@dataclass(frozen=True, slots=True)
class Point:
    """A point: what the decree asks, how it is set, and the documents (by number) in which it is measured."""

    name: str
    asked: str
    set_as: str
    documents: tuple[int, ...] = _ALL


_NAMES = {
    "nation": "quốc hiệu",
    "motto": "tiêu ngữ",
    "parent": "superior office",
    "office": "issuing office",
    "number": "number and symbol",
    "place_date": "place and date",
    "title": "type of document",
    "subject": "trích yếu",
    "addressed": "kính gửi",
    "grounds": "căn cứ",
    "heading": "headings of parts",
    "body": "body",
    "authority": "authority and post of who signs",
    "recipients_head": "nơi nhận",
    "recipients": "list of recipients",
    "appendix": "Phụ lục",
    "appendix_title": "title of an appendix",
    "appendix_reference": "(Kèm theo …)",
    "page_number": "page number",
}
_ONLY_REPORTS = ("addressed", "grounds", "appendix", "appendix_title", "appendix_reference")


def points() -> tuple[Point, ...]:
    """All points in the order of a page."""
    return (*_of_pages(), *_of_elements(), *_of_structure())


def table_rows() -> list[str]:
    """The table as lines of Markdown: ✓ where a document is measured to comply, – where it has no such part."""
    head = f"| point | the decree | set as | {' | '.join(DOCUMENTS)} |"
    rows = [
        f"| {point.name} | {point.asked} | {point.set_as} | "
        + " | ".join("✓" if number in point.documents else "–" for number in range(len(DOCUMENTS)))
        + " |"
        for point in points()
    ]
    return [head, "|---|---|---" + "|:-:" * len(DOCUMENTS) + "|", *rows]


def _of_pages() -> Iterator[Point]:
    assert PAGE.limits is not None
    yield Point("paper", "A4; across where tables need it", f"{PAGE.width:.0f} × {PAGE.height:.0f} mm")
    for side in ("top", "bottom", "left", "right"):
        least, most = PAGE.limits[side]
        yield Point(f"{side} margin", f"{least:g} to {most:g} mm", f"{getattr(PAGE, side):g} mm")
    yield Point("face", "Times New Roman, black", "Times New Roman, or Liberation Serif of the same widths")


def _of_elements() -> Iterator[Point]:
    for name, said in _NAMES.items():
        element = ELEMENTS[name]
        yield Point(said, _asked(element), _set_as(element), _REPORTS if name in _ONLY_REPORTS else _ALL)


def _asked(element: Element) -> str:
    sizes = f"{element.least:g}" if element.least == element.most else f"{element.least:g} to {element.most:g}"
    slope = "italic" if element.italic else "upright"
    parts = [f"{sizes} pt", slope, *(["bold"] if element.bold else []), *(["capitals"] if element.capitals else [])]
    rule = element.rule
    if rule[1]:
        parts.append("a rule as long as the words" if rule[0] == rule[1] else "a rule of a third to a half of the line")
    return ", ".join(parts)


def _set_as(element: Element) -> str:
    rule = f", rule {element.rule_part:.0%} of the line" if element.rule_part else ""
    return f"{element.size:g} pt{rule}"


def _of_structure() -> Iterator[Point]:
    assert PAGE.limits is not None
    indent, line = PAGE.limits["indent"], PAGE.limits["line"]
    yield Point(
        "first line of a paragraph", f"{indent[0] / 10:g} or {indent[1] / 10:g} cm in", f"{PAGE.indent / 10:g} cm"
    )
    yield Point("between paragraphs", "at least 6 pt", f"{PAGE.paragraph_gap:g} pt")
    yield Point("between lines", f"single to {line[1]:g}", f"{PAGE.line:g} (PDF: the same distance in points)")
    yield Point("page numbers", "centred on top, from 1, not on page 1", "so; appendices on their own count")
    yield Point("type", "one of 29 types", "báo cáo, biên bản: *hồ sơ* and *tập bản đồ* are none")
    yield Point("who signs", "the office of the head, in its form (TM., KT., TL., TUQ., Q.)", "`data/offices.toml`")
    yield Point("place of the signature", "right, under the text; recipients left, level with it", "so", _REPORTS)
    yield Point(
        "sample 1.9",
        "start, place, present, chair, secretary, course, end; secretary left, chair right",
        "so",
        _MINUTES,
    )
    yield Point("last recipient", "Lưu: VT, and the unit that drafted", "`unit` in `data/offices.toml`")
    yield Point("appendices", "Phụ lục with Roman numbers, title, (Kèm theo …), own page numbers", "so", _REPORTS)
