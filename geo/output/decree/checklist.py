"""The checklist of Nghị định 30/2020/NĐ-CP, Annex I: how each element of a document looks and where it stands.

Writers take sizes and styles from here, and the tests measure what was written against the same entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Align = Literal["left", "centre", "right", "both"]
FACE = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: the `size` that is set (points), the range that the decree allows, and its style.

    `capitals`: written in capital letters. `rule`: the rule under it as shares of the line above, (0, 0) for none.
    """

    name: str
    size: float
    least: float
    most: float
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    align: Align = "centre"
    rule: tuple[float, float] = (0.0, 0.0)

    @property
    def rule_part(self) -> float:
        """How long the rule is set, as a share of the line above; 0 for none."""
        return sum(self.rule) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """A4 in millimetres: what is set, and between what the decree lets it be."""

    width: float = 210.0
    height: float = 297.0
    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 15.0
    indent: float = 12.7
    paragraph_gap: float = 6.0
    """Points between paragraphs."""
    line: float = 1.15
    limits: Mapping[str, tuple[float, float]] | None = None


PAGE = Page(
    limits={
        "top": (20, 25),
        "bottom": (20, 25),
        "left": (30, 35),
        "right": (15, 20),
        "indent": (10, 12.7),
        "line": (1.0, 1.5),
    }
)

_THIRD_TO_HALF = (1 / 3, 1 / 2)
ELEMENTS: Mapping[str, Element] = {
    entry.name: entry
    for entry in (
        Element("nation", 12, 12, 13, bold=True, capitals=True),
        Element("motto", 13, 13, 14, bold=True, rule=(1.0, 1.0)),
        Element("parent", 12, 12, 13, capitals=True),
        Element("office", 12, 12, 13, bold=True, capitals=True, rule=_THIRD_TO_HALF),
        Element("number", 13, 13, 13),
        Element("place_date", 13, 13, 14, italic=True),
        Element("title", 14, 13, 14, bold=True, capitals=True),
        Element("subject", 14, 13, 14, bold=True, rule=_THIRD_TO_HALF),
        Element("addressed", 13, 13, 14),
        Element("grounds", 13, 13, 14, italic=True, align="both"),
        Element("heading", 13, 13, 14, bold=True, align="left"),
        Element("body", 13, 13, 14, align="both"),
        Element("authority", 13, 13, 14, bold=True, capitals=True),
        Element("recipients_head", 12, 12, 12, bold=True, italic=True, align="left"),
        Element("recipients", 11, 11, 11, align="left"),
        Element("appendix", 14, 14, 14, bold=True),
        Element("appendix_title", 13, 13, 14, bold=True, capitals=True),
        Element("appendix_reference", 13, 13, 14, italic=True),
        Element("page_number", 13, 13, 14),
        # The decree has no size for tables, notes and captions; these fit the sheet and can be read.
        Element("table", 11, 11, 12, align="left"),
        Element("note", 12, 11, 12, italic=True, align="both"),
        Element("foot", 9, 8, 11),
    )
}


def as_settings() -> dict[str, Any]:
    """The checklist as plain values, for the templates: `elements` by name, and `page`."""
    page = {name: value for name, value in asdict(PAGE).items() if name != "limits"}
    elements = {name: asdict(entry) | {"rule": entry.rule_part} for name, entry in ELEMENTS.items()}
    return {"elements": elements, "page": page}
