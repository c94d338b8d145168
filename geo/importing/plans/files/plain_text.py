"""A plan as plain text."""

from __future__ import annotations

from pathlib import Path

from geo.importing.plans.files.blocks import Block, Line
from geo.importing.tables.encodings import decoded


def text_blocks(data: bytes, path: Path) -> list[Block]:
    """The lines of a text file, in the encodings that `geo.importing.tables` knows; tabs stay."""
    lines = decoded(data, path).splitlines()
    return [Line(line.strip(" \ufeff\u00a0")) for line in lines if line.strip()]
