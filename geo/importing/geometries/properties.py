"""Fields of a file by what they are called in practice, and their values: lists in texts, figures that lost zeros."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import orjson

from geo.reference.names import plain

_APART = re.compile(r"[;|\n]|,(?![^()]*\))")
_COUNTED = re.compile(r"(?as)\((\d{1,4}):(.*)\)")
SITE_FIELDS = ("site_id", "ma_diem", "ma_diem_phuc_tap", "ma_tuyen", "ma_doan", "route_id", "line_id", "id_tuyen")
"""What the id of a site is called."""
CODE_FIELDS = (
    "code", "ward_code", "ma", "ma_xa", "maxa", "ma_phuong", "ma_phuong_xa", "maphuongxa", "ma_px", "ma_dvhc",
)  # fmt: skip
NAME_FIELDS = (
    "name", "ten", "ward_name", "ten_xa", "tenxa", "ten_phuong", "ten_phuong_xa", "ten_px", "ten_dvhc",
)  # fmt: skip
"""What code and name of a ward are called."""
_SHORT = 10
"""Characters that the name of a field has in a Shapefile."""


def field_of(columns: Iterable[Any], names: Sequence[str]) -> str | None:
    """The column that bears one of these names, the first name first; a Shapefile has cut it to ten characters.

    >>> field_of(["OBJECTID", "TEN_XA"], ["name", "ten_xa"])
    'TEN_XA'
    """
    known: dict[str, str] = {}
    for column in columns:
        known.setdefault(_key(str(column)), str(column))
    for name in names:
        key = _key(name)
        found = known.get(key) or (known.get(_key(name[:_SHORT])) if len(name) > _SHORT else None)
        if found is not None:
            return found
    return None


def _key(name: str) -> str:
    return " ".join(plain(name.replace("_", " ").replace("-", " ")).split())


def listed_texts(value: Any) -> list[Any]:
    """A list of whatever stands for one: a list, an array, JSON, texts with semicolons or commas between them.

    GDAL writes a list into a field of text as `(2:00004,00008)`; where commas in its parts hide how many they are, it
    stays one text.

    >>> listed_texts('["00004", "00008"]'), listed_texts("00004;00008"), listed_texts("(2:00004,00008)")
    (['00004', '00008'], ['00004', '00008'], ['00004', '00008'])
    """
    if is_missing(value):
        return []
    if isinstance(value, np.ndarray | list | tuple):
        return list(value.tolist() if isinstance(value, np.ndarray) else value)
    return _parts_of_text(value.strip()) if isinstance(value, str) else [value]


def _parts_of_text(text: str) -> list[Any]:
    if counted := _COUNTED.fullmatch(text):
        parts = [part.strip() for part in _APART.split(counted[2])] if counted[2] else []
        return parts if len(parts) == int(counted[1]) else [text]
    if text.startswith("["):
        try:
            found = orjson.loads(text.replace("'", '"') if '"' not in text else text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return found
    return [part for part in (part.strip().strip("[]'\"") for part in _APART.split(text)) if part]


def code_text(value: Any) -> Any:
    """An official code as its five figures, also where a spreadsheet made a number of it; other values as they are.

    >>> code_text(4), code_text("331.0"), code_text("00004")
    ('00004', '00331', '00004')
    """
    if isinstance(value, bool) or is_missing(value):
        return value
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    if isinstance(value, int | np.integer):
        return f"{int(value):05d}" if 0 <= value < 100_000 else value
    if isinstance(value, str):
        text = value.strip().removesuffix(".0")
        return text.zfill(5) if re.fullmatch(r"(?a)\d{1,5}", text) else text
    return value


def text_of(value: Any) -> str:
    """A value as a text: of figures the shortest; '' for none."""
    if is_missing(value):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def figure(value: Any) -> Any:
    """A number of a text that holds one, also with a decimal comma; other values as they are, none for ''."""
    if is_missing(value):
        return None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, str) and re.fullmatch(r"(?a)\s*-?\d{1,12}(?:[.,]\d{1,12})?\s*", value):
        number = float(value.replace(",", "."))
        return int(number) if number.is_integer() else number
    return None if isinstance(value, str) and not value.strip() else value


def is_missing(value: Any) -> bool:
    """Whether a value says nothing."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and value != value
