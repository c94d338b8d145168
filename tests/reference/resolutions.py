"""Reads the text of a resolution on commune-level units: which former units each item takes, whole or in part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from geo.reference.names import fold

KIND = r"(?:phường|xã|thị trấn)"
_ITEM = re.compile(r"(?:^|\n) *(\d{1,3})\\?\. (?=Sắp xếp)(.*?)(?=\n *\d{1,3}\\?\. |\n\*\*Điều|\Z)", re.S)
_CUE = re.compile(
    r"toàn bộ diện tích tự nhiên(?: và|,) quy mô dân số của|phần còn lại của"
    r"|một phần diện tích tự nhiên(?:(?:,| và) (?:toàn bộ )?quy mô dân số)? của"
)
_HEIR = re.compile(rf"thành {KIND} mới có tên gọi là ({KIND} .+?)(?:\.|$)")
_RUN_ON = re.compile(r"(?:(?<=\w)|\b)(của|và|các|phường|xã)(?=[A-ZĐÁÂĂẤẮÔƠỨ]|các\b|thị trấn)|(?<=[a-zà-ỹ])(?=và[A-ZĐ])")
"""Words that the text prints without the space between them."""
_END = re.compile(r"\bsau khi sắp xếp\b|\bthành (?:phường|xã) mới\b")
_UNIT = re.compile(rf"\b(?:các )?({KIND})\b")


def items(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """(item, extent, full name of a former unit, full name of the heir), as the text has it."""
    text = unicodedata.normalize("NFC", path.read_text("utf-8")).replace("\N{NO-BREAK SPACE}", " ")
    text = text[text.index("Điều 1.") : text.index("Điều 2.")]
    for number, body in _ITEM.findall(text):
        flat = " ".join(body.replace("*", " ").replace("\\", "").split())
        flat = " ".join(_RUN_ON.sub(lambda found: f" {found[1] or ''} ", flat).split())
        heir = _HEIR.search(flat)
        if heir is None:
            continue
        cues = list(_CUE.finditer(flat[: heir.start()]))
        for cue, after in zip(cues, [*(c.start() for c in cues[1:]), heir.start()], strict=True):
            extent = "whole" if cue.group().startswith("toàn bộ") else "part"
            held = flat[cue.end() : after]
            end = _END.search(held)
            for name in _names(held[: end.start()] if end else held):
                yield int(number), extent, name, _full(heir[1])


def _names(text: str) -> Iterator[str]:
    kinds = list(_UNIT.finditer(text))
    ends = [*(kind.start() for kind in kinds[1:]), len(text)]
    for kind, after in zip(kinds, ends, strict=False):
        for name in re.split(r",| và ", text[kind.end() : after]):
            bare = re.sub(r"\s*\([^)]*\)", "", name).strip(" ;.")
            if bare:
                yield _full(f"{kind[1]} {bare}")


def _full(name: str) -> str:
    return fold(name)
