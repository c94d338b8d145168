"""What the text of a plan's file says about persons: its signer, those whom it names, telephones; each with its place.

The file is stored as it was brought and opened to the offices of its city alone; who brings it is shown what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.i18n.message import Message, listed
from geo.importing.plans.files.blocks import Block, Line
from geo.records.validation.privacy import screen

_MOST = 10


def said_of_persons(blocks: Sequence[Block]) -> Iterator[Message]:
    """One message where the file names persons: in how many lines, and the first of them with what they hold, but not
    the names again; lines and rows of tables are counted from 1."""
    found = [
        Message("importing.plan-file-line", line=str(number), reasons=listed(map(Message, codes)))
        for number, texts in enumerate(_texts(blocks), 1)
        if (codes := tuple(dict.fromkeys(code for text in texts for code in screen(text))))
    ]
    if found:
        yield Message("importing.plan-file-private", count=len(found), lines=found[:_MOST])


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    for block in blocks:
        if isinstance(block, Line):
            yield (block.text,)
        else:
            # Cell by cell: what stands in two cells is no one name.
            yield from (tuple(dict.fromkeys(filter(None, row.cells))) for row in block.rows)
