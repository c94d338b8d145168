"""The kinds of abuse of `benchmarks.siege`: each was enough to stop the service once (see docs/security.md)."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import numpy as np

Attack = Callable[[httpx.AsyncClient, int, int], Awaitable[str]]


@dataclass(frozen=True)
class Abuse:
    """One abuser: its kind, and what it sends as its `number`-th request to a port; the status as text."""

    kind: str
    attack: Attack


def abusers(each: int, token: str) -> list[Abuse]:
    """So many of each kind; those who upload have the `token` of a ward."""
    zigzag, sheet, archive = _zigzag(49_000), _claiming_workbook(), _bomb()
    found = []
    for number in range(each):
        net = f"203.0.113.{number + 1}"
        found += [
            Abuse("zigzag", _posts("/api/v1/crossings", zigzag, "application/json", net)),
            Abuse("archive", _posts("/api/v1/crossings", archive, "application/zip", net)),
            Abuse("sign-in", _signs_in(number)),
            Abuse("known_at", _past("known_at=2026-0{month}-1{day}T0{hour}:00:00Z", number)),
            Abuse("past day", _past("day=2026-0{month}-1{day}", number)),
            Abuse("workbook", _uploads(sheet, token, net)),
            Abuse("stalled", _stalls(net)),
        ]
    return found


def _posts(path: str, body: bytes, kind: str, net: str) -> Attack:
    async def attack(client: httpx.AsyncClient, _: int, __: int) -> str:
        headers = {"Content-Type": kind, "X-Forwarded-For": net}
        return str((await client.post(path, content=body, headers=headers)).status_code)

    return attack


def _signs_in(whose: int) -> Attack:
    async def attack(client: httpx.AsyncClient, _: int, number: int) -> str:
        # From another /64 and for another name each time: no count of wrong answers stands in the way.
        headers = {"X-Forwarded-For": f"2001:db8:{whose:x}:{number % 65_536:x}::1"}
        body = {"username": f"office-{whose}-{number}", "password": "wrong wrong wrong"}
        return str((await client.post("/api/v1/session", json=body, headers=headers)).status_code)

    return attack


def _past(query: str, whose: int) -> Attack:
    async def attack(client: httpx.AsyncClient, _: int, number: int) -> str:
        one = number * 7 + whose
        asked = query.format(month=2 + one % 5, day=one // 5 % 10, hour=one // 50 % 10)
        headers = {"X-Forwarded-For": f"198.51.100.{whose + 1}"}
        return str((await client.get(f"/api/v1/situation?{asked}", headers=headers)).status_code)

    return attack


def _uploads(sheet: bytes, token: str, net: str) -> Attack:
    async def attack(client: httpx.AsyncClient, _: int, __: int) -> str:
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": net}
        files = {"file": ("a.xlsx", sheet, "application/octet-stream")}
        return str((await client.post("/upload", files=files, headers=headers)).status_code)

    return attack


def _stalls(net: str) -> Attack:
    async def attack(_: httpx.AsyncClient, port: int, __: int) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            lines = ("POST /api/v1/crossings HTTP/1.1", "Host: a", f"X-Forwarded-For: {net}", "Content-Length: 900000")
            writer.write("\r\n".join((*lines, "", "")).encode() + b'{"type":')
            await writer.drain()
            line = await reader.readline()
            return line.split()[1].decode() if line else "closed"
        finally:
            writer.close()

    return attack


def _zigzag(count: int) -> bytes:
    """A way of so many vertices from one edge of the city to the other and back."""
    number = np.arange(count)
    places = np.column_stack([np.where(number % 2, 105.3, 106.0), 20.7 + 0.6 * number / count])
    return json.dumps({"type": "LineString", "coordinates": places.round(4).tolist()}, separators=(",", ":")).encode()


def _claiming_workbook() -> bytes:
    """A small workbook whose sheet claims 10,000 rows of 16,384 cells."""
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rows = "".join(f'<row r="{n}"><c r="A{n}"/><c r="XFD{n}"/></row>' for n in range(1, 10_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><dimension ref="A1:XFD10000"/><sheetData>{rows}</sheetData></worksheet>'
    return _zipped(parts | {"xl/worksheets/sheet1.xml": sheet.encode()})


def _bomb() -> bytes:
    """An archive that unpacks to five hundred times its size."""
    return _zipped({"doc.kml": b"<kml>" + b" " * 100_000_000 + b"</kml>"})


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()
