"""Text of a PDF that a line is drawn over: it is struck out, as in a document that says so itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.importing.plans.files.struck import struck

_HIGHEST, _LOWEST = 0.3, 0.75
"""Between these shares of a letter's height, from its top, a line strikes it; one that underlines it lies lower."""
_THIN = 2.5
"""Points that a filled box is high at most that is drawn as a line."""
_SHORTEST = 3.0
_MOST = 2_000
"""Lines of a page that are looked at: a map or a pattern has more, and strikes nothing."""
_Floats = npt.NDArray[np.float64]


def without_strikes(page: Any) -> Any:
    """The page without the lines that strike text, which are no rules of a table; the letters under them are enclosed
    as struck out. `page` is one of pdfplumber."""
    chars = [char for char in page.chars if char["text"].strip()]
    drawn = [*page.lines, *(box for box in page.rects if box["height"] <= _THIN)]
    drawn = [one for one in drawn if one["x1"] - one["x0"] >= _SHORTEST]
    marked = [one for one in page.annots if _is_strike(one)]
    if not chars or not (drawn or marked) or len(drawn) > _MOST:
        return page
    crossed = _crossed(drawn, chars)
    covered = _covered(marked, chars)
    for at in np.flatnonzero(crossed.any(axis=0) | covered):
        chars[at]["text"] = struck(chars[at]["text"])
    strikes = {_key(drawn[at]) for at in np.flatnonzero(crossed.any(axis=1))}
    return page.filter(lambda one: one["object_type"] not in ("line", "rect") or _key(one) not in strikes)


def _crossed(drawn: Sequence[Any], chars: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """Which line (first axis) crosses which letter at the middle of its height."""
    if not drawn:
        return np.zeros((0, len(chars)), dtype=bool)
    x0, x1, left, right = (column[:, None] for column in _ends(drawn))
    top, bottom, middle = _boxes(chars)
    share = np.clip((middle - x0) / (x1 - x0), 0.0, 1.0)
    height = left + share * (right - left)
    band = (height > top + _HIGHEST * (bottom - top)) & (height < top + _LOWEST * (bottom - top))
    return np.asarray((middle >= x0) & (middle <= x1) & band, dtype=bool)


def _ends(drawn: Sequence[Any]) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    """The ends of lines from left to right: both x, then both heights from the top of the page."""
    rows = []
    for one in drawn:
        level = (one["top"] + one["bottom"]) / 2
        (a, ya), (b, yb) = ((one["x0"], level), (one["x1"], level)) if one["object_type"] == "rect" else _points(one)
        rows.append((a, b, ya, yb) if a <= b else (b, a, yb, ya))
    found = np.array(rows, dtype=float)
    return found[:, 0], found[:, 1], found[:, 2], found[:, 3]


def _points(line: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    points = line.get("pts") or [(line["x0"], line["top"]), (line["x1"], line["bottom"])]
    return points[0], points[-1]


def _boxes(chars: Sequence[Any]) -> tuple[_Floats, _Floats, _Floats]:
    """Of letters: top, bottom, and the middle between left and right."""
    found = np.array([(one["top"], one["bottom"], (one["x0"] + one["x1"]) / 2) for one in chars], dtype=float)
    return found[:, 0], found[:, 1], found[:, 2]


def _covered(marked: Sequence[Any], chars: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """The letters that a reader of the file marked as struck out."""
    top, bottom, middle = _boxes(chars)
    level, found = (top + bottom) / 2, np.zeros(len(chars), dtype=bool)
    for one in marked:
        found |= (middle >= one["x0"]) & (middle <= one["x1"]) & (level >= one["top"]) & (level <= one["bottom"])
    return found


def _is_strike(annotation: Any) -> bool:
    kind = (annotation.get("data") or {}).get("Subtype")
    return getattr(kind, "name", str(kind or "")).strip("/'") == "StrikeOut"


def _key(one: Any) -> tuple[float, float, float, float]:
    return one["x0"], one["top"], one["x1"], one["bottom"]
