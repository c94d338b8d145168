"""Files that may not be taken: registers, tables and programmes, broken in every way that we have met or thought of."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

WARD: dict[str, Any] = {
    "code": "00004",
    "name": "Ba Đình",
    "full_name": "Phường Ba Đình",
    "kind": "phường",
    "province_code": "01",
    "area_km2": 2.97,
    "population": 1000,
    "phase": "pilot",
}
SITE: dict[str, Any] = {
    "site_id": "HN-I-1",
    "name": "Đường Láng",
    "group": "public",
    "level": "low",
    "declared_wards": ["00004"],
}
RING = [[105.8, 21.0], [105.81, 21.0], [105.81, 21.01], [105.8, 21.01], [105.8, 21.0]]
ROUTE = {"type": "LineString", "coordinates": RING[:3]}
REPORTS = "Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Mã điểm,Lý trình,Đã xác minh,Ghi chú\n"
REPORT = ("01/03/2026", "Khác", "Khác", "", "", "HN-I-4", "100", "có", "Chiếu sáng kém")
COVERAGE = "ward,indicator,period,value,day,document,office\n"
ENTRY = ("Ba Đình", "12a", "2026-H1", "5", "01/03/2026", "1/BC-UBND", "UBND phường Ba Đình")
VNI = "Ngaøy,Loaïi tin,Nguoàn tin\n01/03/2026,Khaùc,Khaùc\n".encode("latin-1")
TCVN3 = b"Ng\xb5y,Lo\xb9i tin,Ngu\xe5n tin\n01/03/2026,Kh\xb8c,Kh\xb8c\n"


def collection(properties: Any, geometry: Any, **more: Any) -> bytes:
    """A FeatureCollection of one feature."""
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}, ensure_ascii=False).encode()


def polygon(*ring: Any) -> dict[str, Any]:
    """A GeoJSON polygon of one ring."""
    return {"type": "Polygon", "coordinates": [list(ring)]}


def nested(depth: int) -> bytes:
    """A register with GeometryCollections in each other."""
    inner = '{"type":"GeometryCollection","geometries":[' * depth + json.dumps(ROUTE) + "]}" * depth
    properties = json.dumps(WARD | SITE)
    feature = f'{{"type":"Feature","properties":{properties},"geometry":{inner}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode()


def geometries() -> Iterator[tuple[str, Any]]:
    """Geometries that neither a ward nor a site can have."""
    rest = RING[1:]
    yield from {
        "nan": polygon([math.nan, 21], *rest),
        "infinite": polygon([math.inf, 21], *rest),
        "an integer beyond floats": polygon([10**400, 21], *rest),
        "letters": polygon(["a", "b"], *rest),
        "nothing for a number": polygon([None, None], *rest),
        "ragged": polygon([105.8, 21, 1], *rest),
        "one number a vertex": polygon(*[[105.8]] * 4),
        "two vertices": polygon(*RING[:2]),
        "self-crossing": polygon(RING[0], RING[2], RING[1], RING[3], RING[0]),
        "swapped axes": polygon(*[[lat, lon] for lon, lat in RING]),
        "metres": polygon(*[[lon * 1e5, lat * 1e5] for lon, lat in RING]),
        "off the coast of Africa": polygon([0, 0], [0.1, 0], [0.1, 0.1], [0, 0]),
        "no ring": {"type": "Polygon", "coordinates": []},
        "null": None,
        "a number": 5,
        "a list": [1, 2],
        "no type": {"coordinates": [RING]},
        "a type that is no text": {"type": ["Polygon"], "coordinates": [RING]},
        "unknown type": {"type": "Circle", "coordinates": RING},
        "null parts": {"type": "GeometryCollection", "geometries": None},
        "an empty collection": {"type": "GeometryCollection", "geometries": []},
        "a line of one vertex": {"type": "LineString", "coordinates": [[105.8, 21.0]]},
        "a line without length": {"type": "LineString", "coordinates": [[105.8, 21.0]] * 2},
    }.items()


def registers() -> Iterator[tuple[str, bytes]]:
    """Register files that are no registers at all."""
    sound = collection(WARD | SITE, polygon(*RING))
    for share in (0.0, 0.01, 0.3, 0.99):
        yield f"cut off at {share:.0%}", sound[: int(len(sound) * share)]
    yield "cp1258", sound.decode().encode("cp1258", "replace")
    yield "latin-1", sound.decode().encode("latin-1", "replace")
    yield "vni bytes", sound.replace("Đ".encode(), b"\xd1")
    for name, text in {"null": "null", "a list": "[]", "no features": "{}", "a number": "1", "nan": "NaN"}.items():
        yield name, text.encode()
    yield "features that are none", b'{"type":"FeatureCollection","features":[null,1,"x",[],{}]}'
    yield "200,000 features that are none", b'{"features":[' + b"5," * 200_000 + b"5]}"
    yield "brackets without end", b"[" * 100_000
    for system in (5, "EPSG:4326", {"properties": {"name": "EPSG:999999"}}, {"properties": {"name": "EPSG:5714"}}):
        yield f"crs {system}", collection(WARD | SITE, polygon(*RING), crs=system)
    yield "deep", nested(5000)
    yield "nested", nested(900)


def large_ring(vertices: int) -> bytes:
    """A ward with very many vertices, sound."""
    turn = np.linspace(0, 2 * np.pi, vertices)[:-1]
    ring = np.column_stack([105.8 + 0.01 * np.cos(turn), 21 + 0.01 * np.sin(turn)]).tolist()
    return collection(WARD, polygon(*ring, ring[0]))


def tangle(vertices: int) -> bytes:
    """A ward whose border crosses itself very many times."""
    ring = np.random.default_rng(1).uniform((105.8, 21), (105.81, 21.01), (vertices, 2)).tolist()
    return collection(WARD, polygon(*ring, ring[0]))


def workbook(sheet: str, extra: dict[str, str] | None = None) -> bytes:
    """An XLSX file whose first sheet is this XML."""
    import openpyxl

    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Ngày"])
    book.save(made)
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, sheet if part.filename.endswith("sheet1.xml") else old.read(part))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return changed.getvalue()


def workbooks() -> Iterator[tuple[str, bytes]]:
    """XLSX files that would fill the memory, reach outside, take for ever, or are none."""
    head = '<?xml version="1.0"?>'
    space = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    cell = '<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'
    laughs = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    yield (
        "a billion laughs",
        workbook(f'{head}<!DOCTYPE x [<!ENTITY a "ha">{laughs}]>{space}' + cell.format(row=1, text="&i;")),
    )
    yield (
        "a file of the machine",
        workbook(
            f'{head}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>{space}' + cell.format(row=1, text="&a;")
        ),
    )
    yield "a zip bomb", _bomb(250)
    yield "a row far down", workbook(head + space + cell.format(row=10**11, text="x"))
    yield "no xml", workbook("hello")
    yield "nothing", workbook("")
    yield "a zip of something else", _zip({"notes.txt": "x"})
    yield "70,000 parts", workbook("x", {f"part-{number}": "" for number in range(70_000)})
    whole = workbook(head + space + cell.format(row=1, text="x"))
    for share in (0.0, 0.2, 0.5, 0.9, 0.999):
        yield f"cut off at {share:.1%}", whole[: int(len(whole) * share)]
    yield "an old workbook", b"\xd0\xcf\x11\xe0" + b"x" * 1000


def _bomb(megabytes: int) -> bytes:
    """A workbook whose sheet unpacks to so many megabytes of noughts."""
    made = io.BytesIO(workbook("<a>"))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b"0" * 1_000_000)
    return made.getvalue()


def _zip(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def tables(heading: str) -> Iterator[tuple[str, bytes]]:
    """CSV files that are no tables."""
    yield from {
        "nothing": b"",
        "noughts": b"\0" * 1000,
        "vni": VNI,
        "tcvn3": TCVN3,
        "utf-16 without its mark": heading.encode("utf-16-le"),
        "utf-32": heading.encode("utf-32"),
        "a quote without end": heading.encode() + b'"' + b"x\n" * 200_000,
        "five million columns": heading.encode() + b"," * 5_000_000,
        "a cell of 200,000 letters": heading.encode() + b'"' + b"x" * 200_000 + b'"',
        "only a heading": heading.encode(),
    }.items()


CELLS = (
    "=1+1", "=HYPERLINK(\"http://a.example\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "nan", "inf", "-inf", "1e400", "9" * 5000,
    "0x10", "1_000", "１２３", "½", "²", "١٢", "\x00", "\x1b[31m", "\u202e", "<script>alert(1)</script>", "'; DROP TABLE report",
    "31/02/2026", "0000-00-00", "9999-12-31", "1/1/99999", "Km 9999+999", "a" * 40_000, "a@" * 20_000, "1 " * 20_000,
    "số " * 10_000, "\t", '"', "ông Nguyễn Văn A", "0912 345 678",
)  # fmt: skip
"""Cells that no column may take for a value without a look."""
