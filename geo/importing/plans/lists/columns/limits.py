"""Where the stretch of a site begins and ends, in columns of their own (*Từ*, *Đến*)."""

from __future__ import annotations

import re

from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.lists.headings import Heading

_WORD = re.compile(r"[^\W\d_]{2,}")


def named(heading: Heading, row: GridRow) -> str:
    """The name of the site of a row, with its limits behind it as plans write them."""
    name = " ".join(heading.text(row, "name").split())
    ends = limits(heading, row)
    return f"{name} (đoạn từ {ends[0]} đến {ends[1]})" if name and ends else name


def limits(heading: Heading, row: GridRow) -> tuple[str, str] | None:
    """The two limits that a row gives; None where one is missing, or is no place but a day or a figure."""
    start, finish = (" ".join(heading.text(row, role).split()) for role in ("start", "finish"))
    return (start, finish) if _WORD.search(start) and _WORD.search(finish) else None
