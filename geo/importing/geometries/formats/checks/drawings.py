"""What a drawing (DXF) holds beside what it shows on the ground: things that GDAL does not know (axes of road design,
rays), the frames of its sheets, layers that are switched off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from geo.i18n.message import Message
from geo.importing.geometries.model import Features

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
_FROZEN = 1
_PAPER_SPACE = "PaperSpace"


def unknown_things(content: bytes) -> tuple[Message, ...]:
    """What kinds of things a drawing holds that are not read, each with its number; none where all are."""
    kinds = Counter(kind for kind in _kinds(content) if kind not in _KNOWN | _FORM)
    if not kinds:
        return ()
    named = [f"{kind} ({count})" for kind, count in kinds.most_common(_MOST)]
    return (Message("importing.unknown-things", count=kinds.total(), kinds=named),)


def on_the_ground(features: Features) -> Features:
    """The things of a drawing that lie in its model space; those of its sheets (*paper space*: frames, title blocks)
    are passed over, as they are millimetres of paper."""
    is_paper = [bool(value) for value in features.columns.get(_PAPER_SPACE, [])]
    if not any(is_paper):
        return features
    rows = [row for row, paper in enumerate(is_paper) if not paper]
    return replace(
        features,
        geometries=features.geometries[np.array(rows, dtype=int)],
        columns={name: [values[row] for row in rows] for name, values in features.columns.items()},
        unreadable={rows.index(row): why for row, why in features.unreadable.items() if not is_paper[row]},
        passed={row + 1: "importing.thing-of-sheet" for row, paper in enumerate(is_paper) if paper},
        rows=[row + 1 for row in rows],
    )


def hidden_layers(content: bytes, used: Collection[str]) -> tuple[Message, ...]:
    """That layers which hold something are switched off or frozen in a drawing: `used` are the names of such layers."""
    known = {name.casefold() for name in used}
    hidden = [name for name in _hidden(content) if name.casefold() in known or not name.isascii()]
    return (Message("importing.hidden-layers", layers=hidden[:_MOST]),) if hidden else ()


def _hidden(content: bytes) -> list[str]:
    """The layers of a drawing in text that its table has frozen, or in a colour below 0, which is off."""
    found, layer = list[str](), dict[str, str]()
    for code, value in chain(_pairs(content), [("0", "")]):
        if code != "0":
            layer.setdefault(code, value)
            continue
        is_off = layer.get("62", "").startswith("-") or _number(layer.get("70", "")) & _FROZEN
        if layer.get("") == "LAYER" and is_off and layer.get("2"):
            found.append(layer["2"])
        layer = {"": value.upper()}
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _pairs(content: bytes) -> Iterator[tuple[str, str]]:
    """The codes and values of a drawing in text; none of a binary one."""
    if content.startswith(_BINARY):
        return
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        lines = content.decode("latin-1").splitlines()
    codes, values = islice(lines, 0, None, 2), islice(lines, 1, None, 2)
    yield from ((code.strip(), value.strip()) for code, value in zip(codes, values, strict=False))


def _kinds(content: bytes) -> Iterator[str]:
    if content.startswith(_BINARY):
        held = content.partition(b"ENTITIES\x00")[2].partition(b"ENDSEC\x00")[0]
        yield from (found[1].decode("ascii") for found in _IN_BINARY.finditer(held))
        return
    section, begins = "", False
    for code, value in _pairs(content):
        name = value.upper()
        if begins and code == "2":
            section = name
        is_start = code == "0"
        begins = is_start and name == "SECTION"
        if is_start and section in _WITH_GEOMETRY:
            yield name
