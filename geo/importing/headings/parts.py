"""A heading in its parts: its name, by which it is known, and remarks beside it, which say how cells are meant."""

from __future__ import annotations

import re

from geo.importing.headings.systems import without_system
from geo.reference.names import plain

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_UNIT_IN_TITLE = re.compile(r"(?i)(?:đơn\s*vị(?:\s*tính)?|don\s*vi(?:\s*tinh)?|đvt|dvt)\s*[:\-–]?\s*(.+?)\s*[)\]]*\s*$")


def heading_key(heading: str) -> str:
    """The comparison key of a heading: `Kinh độ (°)*` and `kinh do`, `Xã/Phường` and `xã, phường` are the same.

    A coordinate system behind the name is none of it: `Kinh độ VN2000`.
    """
    return _name_key(without_system(heading))


def _name_key(heading: str) -> str:
    bare = re.sub(r"[_/]", " ", re.split(r"[(\[{]", heading, maxsplit=1)[0]).replace(",", "").strip(" *:.")
    return " ".join(plain(bare).split())


def remarks(heading: str) -> tuple[str, ...]:
    """What stands in the brackets of a heading.

    >>> remarks("Kết quả (nghìn người)"), remarks("Ngày")
    (('nghìn người',), ())
    """
    return tuple(text.strip() for text in _BRACKETS.findall(heading) if text.strip())


def mapping_key(heading: str) -> str:
    """The key by which it is remembered what a heading means: with its remarks, for another remark is another matter.

    >>> mapping_key("Kết quả (Kế hoạch)"), mapping_key("Kết_quả")
    ('ket qua (ke hoach)', 'ket qua')
    """
    said = "".join(f" ({' '.join(plain(text).split())})" for text in remarks(heading))
    return _name_key(heading) + said


def unit_of_title(text: str) -> str:
    """The unit that a line above a table names for all of it; '' where it names none.

    >>> unit_of_title("(Đơn vị tính: nghìn người)"), unit_of_title("BIỂU TỔNG HỢP")
    ('nghìn người', '')
    """
    found = _UNIT_IN_TITLE.search(text)
    return found[1] if found else ""
