"""The file of a plan as blocks: the reader is chosen by what the file is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.importing.plans.files.blocks import Block
from geo.importing.plans.files.docx import docx_blocks
from geo.importing.plans.files.flattened import unflattened
from geo.importing.plans.files.html import html_blocks
from geo.importing.plans.files.pdf import pdf_blocks
from geo.importing.plans.files.plain_text import text_blocks
from geo.importing.plans.files.struck import without_struck
from geo.importing.plans.files.xlsx import xlsx_blocks
from geo.importing.tables.model import refused

Reader = Callable[[bytes, Path], list[Block]]
_READERS: dict[str, Reader] = {
    ".docx": docx_blocks,
    ".pdf": pdf_blocks,
    ".html": html_blocks,
    ".htm": html_blocks,
    ".txt": text_blocks,
    ".xlsx": xlsx_blocks,
}
ENDINGS = tuple(_READERS)
"""The endings of files that a plan can be read from."""
MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file: its `name`, `digest` (`sha256:…`), and what is in it; `left_out`: what is struck out, hidden or
    deleted in it, which the blocks leave out."""

    name: str
    digest: str
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...] = ()


def open_plan(path: str | Path) -> PlanFile:
    """The blocks of a `.docx`, `.pdf`, `.html`, `.txt` or `.xlsx` file.

    Raises
    ------
    DataFileMissingError
        The file is not there or can't be read.
    InputError
        It is too large, of another kind or encoding, damaged, or holds no text.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise refused("importing.too-large", path.name, megabytes=MAX_BYTES // 1_000_000)
    return plan_of_bytes(read_bytes(path), path)


def plan_of_bytes(data: bytes, path: Path) -> PlanFile:
    """The same of bytes that came under a name."""
    kind = path.suffix.lower()
    if kind not in _READERS:
        raise InputError(Problem("importing.other-document", path.name, ending=kind, known=list(ENDINGS)))
    if len(data) > MAX_BYTES:
        raise refused("importing.too-large", path.name, megabytes=MAX_BYTES // 1_000_000)
    shown, left_out = without_struck(_reader(kind, data)(data, path))
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return PlanFile(path.name, digest, tuple(unflattened(shown)), left_out)


def _reader(kind: str, data: bytes) -> Reader:
    """Files bear wrong endings: what a file begins with decides where it is plain."""
    if data.startswith(b"%PDF-"):
        return pdf_blocks
    if kind == ".txt" and data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html")):
        return html_blocks
    return _READERS[kind]
