"""The numbers before rows and headings: 1, 1.2, I, A, a); and how headings stand within each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

FOOTNOTE_SIGN = r"(?:(?<![mM])[²³]|[*¹⁰⁴-⁹⁺-⁾ⁱⁿᵃ-ᶻʰ-ʸˡ-ˣ†])"
"""A raised sign, or one that stands for a footnote; 'm²' has none."""
Sort = Literal["letter", "roman", "digits"]
_MARKER = re.compile(r"\(?((?:[IVX]{1,6}|[A-Ha-hđ]|\d{1,3})(?:[.\-](?:\d{1,3}|[IVX]{1,5}|[a-h]))*)\s*[.):/]?\s*$")
_LEADING = re.compile(
    r"^\s*(?:(?:danh sách|danh mục|phụ lục|nhóm|loại|mục|phần|biểu)\s+(?:số\s+)?)?"
    r"\(?((?:[IVX]{1,6}|[A-Ha-hđ]|\d{1,3})(?:\.\d{1,3})*)\s*(?:[.):]|\s[-–—])\s*(?=\S)",
    re.I,
)


def marker(text: str) -> str:
    """The number that a cell is, '' where it is none."""
    found = _MARKER.fullmatch(text.strip())
    return found[1] if found else ""


def leading_marker(text: str) -> tuple[str, str]:
    """The number at the beginning of a line, and the rest; '' and the line where it has none."""
    found = _LEADING.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def sort_of(text: str, before: str = "") -> Sort:
    """What sort a number is; a letter is one where the heading before it was the letter before."""
    if text[0].isdigit():
        return "digits"
    if len(text) == 1 and before and len(before) == 1 and ord(text) == ord(before) + 1 and before not in "IVX":
        return "letter"
    return "roman" if re.fullmatch("[IVX]+", text) else "letter"


@dataclass(slots=True)
class Outline:
    """The headings above a row, from the widest: each with its number and its words."""

    stack: list[tuple[Sort | Literal["title"], str, str]] = field(default_factory=list)
    titled: bool = False

    def entitle(self, number: str, text: str) -> None:
        """The title of the list."""
        self.stack[:] = [("title", number, text)]
        self.titled = True

    def enter(self, number: str, text: str) -> None:
        """A heading: it closes those of its own sort and those below them."""
        before = next((number for _, number, _ in reversed(self.stack)), "")
        sort = sort_of(number, before) if number else "letter"
        level = next((at for at, (held, _, _) in enumerate(self.stack) if held == sort), len(self.stack))
        del self.stack[level:]
        self.stack.append((sort, number, text))

    def leave_title(self) -> None:
        """Forget the number of the title: the list has numbered headings of its own."""
        if self.stack and self.titled:
            sort, _, text = self.stack[0]
            self.stack[0] = (sort, "", text)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the headings."""
        return tuple(number for _, number, _ in self.stack if number)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of the headings, the nearest first."""
        return tuple(text for _, _, text in reversed(self.stack))


def full_number(headings: tuple[str, ...], own: str) -> str:
    """A number with those of its headings; one that begins with them stays as it is.

    >>> full_number(("I",), "1"), full_number(("I",), "I.1"), full_number((), "3")
    ('I.1', 'I.1', '3')
    """
    if not own:
        return ""
    before = ".".join(headings)
    last = headings[-1] if headings else ""
    if not before or (own.startswith((f"{before}.", f"{last}.")) and last):
        return own if own.startswith(f"{before}.") or not before else ".".join((*headings[:-1], own))
    return f"{before}.{own}"
