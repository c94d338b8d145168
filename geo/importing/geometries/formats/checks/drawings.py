"""What a drawing (DXF) holds that GDAL does not know, and leaves out without a word: axes of road design, rays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from geo.i18n.message import Message

_BINARY = b"AutoCAD Binary DXF"
_IN_BINARY = re.compile(rb"\x00\x00([A-Z][A-Z0-9_]{2,60}|3D[A-Z]+)\x00")
_WITH_GEOMETRY = ("ENTITIES", "BLOCKS")
_KNOWN = frozenset(
    (
        "POINT", "LINE", "POLYLINE", "LWPOLYLINE", "MLINE", "CIRCLE", "ELLIPSE", "ARC", "SPLINE", "HELIX", "INSERT",
        "TEXT", "MTEXT", "ATTRIB", "ATTDEF", "HATCH", "SOLID", "TRACE", "3DFACE", "DIMENSION", "ARC_DIMENSION",
        "LEADER", "MULTILEADER", "MLEADER", "3DSOLID", "REGION", "BODY", "SURFACE", "EXTRUDEDSURFACE", "LOFTEDSURFACE",
        "REVOLVEDSURFACE", "SWEPTSURFACE", "PLANESURFACE",
    )
)  # fmt: skip
"""Kinds of things of which GDAL makes features."""
_FORM = frozenset(("SECTION", "ENDSEC", "EOF", "BLOCK", "ENDBLK", "VERTEX", "SEQEND", "VIEWPORT"))
"""Words of the form of the file, and windows of a sheet."""
_MOST = 8


def unknown_things(content: bytes) -> tuple[Message, ...]:
    """What kinds of things a drawing holds that are not read, each with its number; none where all are."""
    kinds = Counter(kind for kind in _kinds(content) if kind not in _KNOWN | _FORM)
    if not kinds:
        return ()
    named = [f"{kind} ({count})" for kind, count in kinds.most_common(_MOST)]
    return (Message("importing.unknown-things", count=kinds.total(), kinds=named),)


def _kinds(content: bytes) -> Iterator[str]:
    if content.startswith(_BINARY):
        held = content.partition(b"ENTITIES\x00")[2].partition(b"ENDSEC\x00")[0]
        yield from (found[1].decode("ascii") for found in _IN_BINARY.finditer(held))
        return
    lines = content.decode("latin-1").splitlines()
    section, begins = "", False
    for code, value in zip(islice(lines, 0, None, 2), islice(lines, 1, None, 2), strict=False):
        name = value.strip().upper()
        if begins and code.strip() == "2":
            section = name
        is_start = code.strip() == "0"
        begins = is_start and name == "SECTION"
        if is_start and section in _WITH_GEOMETRY:
            yield name
