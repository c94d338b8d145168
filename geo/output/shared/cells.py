"""Cells of a register or of records: whether they say anything, and what."""

from __future__ import annotations

import pandas as pd


def known(value: object) -> bool:
    """Whether a table's cell says anything: neither None, NaN, NA nor an empty text.

    >>> known(float("nan")), known(""), known(0)
    (False, False, True)
    """
    return not (value is None or pd.isna(value) or value == "")  # type: ignore[call-overload]


def text_of(value: object, otherwise: str = "") -> str:
    """What a cell says as text; `otherwise` where it says nothing."""
    return str(value) if known(value) else otherwise
