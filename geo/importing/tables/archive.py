"""What a zipped workbook may hold: looked through before any part of it is unpacked whole."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from geo.importing.tables.model import Limits, Span, refused

_MOST_PARTS = 1000
_CHUNK, _OVERLAP = 1 << 20, 64
_LISTED = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:si|xf)[\s/>]")
_MERGED = re.compile(rb"mergeCell\s+ref=\"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})\"")
DAMAGED = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, EOFError,
    ArithmeticError, RuntimeError, OSError, AssertionError,
)  # fmt: skip
"""What readers of workbooks raise where a file is damaged."""

Spans = Mapping[int, list[Span]]


@contextmanager
def readable(path: Path, kind: str) -> Iterator[None]:
    """Refuse a file where its reader stumbles."""
    try:
        yield
    except DAMAGED as error:
        raise refused("importing.unreadable-workbook", path.name, kind=kind) from error


def check_archive(data: bytes, path: Path, limits: Limits, kind: str) -> Mapping[str, Spans]:
    """Refuse what could fill the memory or reach outside; give the merged cells of each part that is a sheet.

    Raises
    ------
    InputError
        It is no archive, unpacks to too much, has too many parts, or a part declares XML entities.
    """
    with readable(path, kind), zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > limits.max_unpacked:
            raise refused("importing.unpacks-too-far", path.name)
        return {entry.filename: _checked(archive, entry, path, limits) for entry in entries}


def _checked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, limits: Limits) -> Spans:
    if entry.file_size > 1_000_000 and entry.file_size > limits.max_ratio * max(entry.compress_size, 1):
        raise refused("importing.packed-too-tightly", path.name)
    spans: dict[int, list[Span]] = defaultdict(list)
    tail, unpacked, strings = b"", 0, 0
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            unpacked += len(chunk)
            seen = tail + chunk
            letters = seen.replace(b"\0", b"") if b"\0" in seen else seen  # UTF-16 looks like ASCII then
            if b"<!DOCTYPE" in letters or b"<!ENTITY" in letters:
                raise refused("importing.xml-entities", path.name)
            if unpacked > limits.max_unpacked:
                raise refused("importing.unpacks-too-far", path.name)
            strings += len(_LISTED.findall(letters)) - len(_LISTED.findall(tail))
            if strings > limits.max_strings:
                raise refused("importing.too-many-strings", path.name, most=limits.max_strings)
            _note_merged(letters, spans)
            tail = chunk[-_OVERLAP:]
    return spans


def _note_merged(xml: bytes, spans: dict[int, list[Span]]) -> None:
    for letters, first, last in _MERGED.findall(xml):
        span = Span(_column(letters), int(last))
        if int(last) > int(first) and span not in spans[int(first)]:
            spans[int(first)].append(span)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
