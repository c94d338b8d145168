"""Every way out of the records: addresses of the service, and commands with and without `--public`."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from office import FAR_SITE, SITE, TODAY, WARD_A, WARD_B, Office
from typer.testing import CliRunner

from geo.cli.app import application_for
from geo.output.decree.file_names import file_name
from geo.output.dossier import FORMATS

INTERNAL = frozenset(("flag", "report", "coverage_entry"))
"""Kinds that the public edition of a paper leaves out, also where a record of them is public."""
_OF_PUBLISHED_PERIOD = ("/maps/coverage",)
"""Addresses that show the city the present year, and everybody else the last period that is published."""
OUTSIDE = ("nobody", "guest", "far-city")
"""Those who work on nothing of the city."""
TABLES = ("json", "geojson", "csv")
LISTS = (
    "wards", f"wards/{WARD_A}", f"wards/{WARD_B}", f"wards/{WARD_B}/sites", "sites", f"sites/{SITE}",
    f"sites/{SITE}/crossings", f"sites/{SITE}/history", f"sites/{FAR_SITE}/history", "crossings", "situation", "flags",
    f"flags/exposure:{SITE}", "flags/FLAG", "coverage?limit=1000&period=2026-H2", "coverage?limit=1000", "reports",
    "reviews", "observations", "measures", "explanations", "wards/search?q=thanh liet", "wards/at?lon=105.8072317&lat=20.9671932",
)  # fmt: skip
PAGES = (
    "/", f"/?site={SITE}", "/?map=risk", f"/sites/{SITE}", f"/sites/{FAR_SITE}", f"/wards/{WARD_A}", f"/wards/{WARD_B}",
    "/reviews", "/flags", "/flags?state=closed", "/tasks", "/notices", "/tasks.ics", "/tasks/reports/2026-H1", "/reports", f"/reports?site={SITE}", "/reports/map", "/reports/1", "/reports/4", "/reports/new", "/search?q=thanh liet", "/api/v1/registers/drafts", "/api/v1/registers/drafts/1", "/registers", f"/registers/sites/{SITE}", "/registers/drafts/1", "/registers/drafts/1/map", "/registers/published", "/api/v1/registers/rows",
    *(f"/records/{kind}/{row}" for kind in ("reports", "verifications", "reviews", "assessments") for row in range(1, 7)), "/upload", "/about", "/coverage", "/coverage?period=2026-H2",
    "/coverage?period=2026-H2&target=3.1", f"/coverage/entry?period=2026-H2&ward={WARD_B}",
    "/coverage/import", "/coverage/deadlines.ics", "/dashboard", "/dashboard/months.csv", "/dashboard/places.csv", "/dashboard/coverage.csv", "/tiles", "/tiles.json", "/tiles/10/815/450?f=json", "/tiles/10/815/450",
    *(f"/coverage/report.{ending}?period=2026-H2" for ending in ("docx", "xlsx", "csv")),
    *(f"/ogc/collections/{name}/items?f={form}&limit=500" for name in ("wards", "sites", "crossings") for form in ("json", "html")),
    f"/ogc/collections/wards/items/{WARD_B}", "/ogc/collections/sites?f=json",
)  # fmt: skip
MAPS = (
    "/maps/overview", "/maps/risk", "/maps/coverage", "/maps/coverage/3.1?period=2026-H2", "/maps/coverage/period/2026-H2",
    "/maps/compare?before=2026-06-01",
    f"/maps/site/{SITE}", f"/maps/ward/{WARD_A}", f"/maps/ward/{WARD_B}",
)  # fmt: skip
PAPERS = (
    *(f"/dossiers/{SITE}.{ending}" for ending in FORMATS if ending != "png"),
    "/atlas.docx",
    f"/minutes/{WARD_A}.docx",
    f"/packages/{WARD_A}.zip",
    "/packages/reviews/1.zip",
)
ITEMS = tuple(
    f"/ogc/collections/{name}/items?limit=1000" for name in ("reports", "reviews", "assessments", "coverage-entries")
)
ADDRESSES = (
    *(f"/api/v1/{name}{'&' if '?' in name else '?'}f={form}" for name in LISTS for form in TABLES),
    *PAGES, *MAPS, *PAPERS, *ITEMS,
)  # fmt: skip
"""Every address that shows records, or what follows from them; `FLAG` is a flag that rests on reports."""

DAY = ("--day", TODAY.isoformat())
COMMANDS: dict[str, tuple[str, ...]] = {
    "overview.html": ("map", "overview", *DAY),
    "site.html": ("map", "site", SITE, *DAY),
    "ward-a.html": ("map", "ward", WARD_A, *DAY),
    "ward-b.html": ("map", "ward", WARD_B, *DAY),
    "risk.html": ("map", "risk", *DAY),
    "coverage.html": ("map", "coverage", *DAY),
    "target.html": ("map", "coverage", "--target", "3.1", *DAY),
    "compare.html": ("map", "compare", "2026-06-01", TODAY.isoformat()),
    "risk.json": ("risk", "--format", "json", *DAY),
    "risk.geojson": ("risk", "--format", "geojson", *DAY),
    "risk.txt": ("risk", "--format", "table", *DAY),
    "minutes.docx": ("minutes", "--ward", WARD_A, *DAY),
    **{
        f"{SITE}.{ending}": ("dossier", SITE, "--formats", ending, "--lang", "vi", *DAY)
        for ending in ("html", "xlsx", "kml")
    },
}
"""Commands that write a file of this name."""


@dataclass(frozen=True)
class Output:
    """What one way out gives one viewer: its text, '' where it is closed to them."""

    text: str
    leaves_out: frozenset[str] = frozenset()


def of_service(office: Office, address: str, who: str, *, named: bool = True) -> Output:
    """What a viewer gets at an address; the city of another, which must be `named` to be asked about."""
    path = address.replace("FLAG", office.hidden_flag.flag_id)
    answer = _answered(office.clients[who], path, named=named and who == "far-city")
    assert answer.status_code < 500, (path, answer.text)
    text = readable(answer.content) if answer.status_code == 200 else ""
    if text and path.startswith("/atlas"):
        edition = "cong-khai" if who in OUTSIDE else "noi-bo"
        assert f"_{edition}." in answer.headers["content-disposition"]
    if path.startswith(("/dossiers", "/atlas")) and who in OUTSIDE:
        return Output(text, INTERNAL)
    if path.startswith("/packages") and who in OUTSIDE:
        return Output(text, INTERNAL - {"flag"})  # the map of the ward in it shows the flags of the registers
    return Output(text, frozenset(("coverage_entry",)) if path in _OF_PUBLISHED_PERIOD else frozenset())


def _answered(client: TestClient, path: str, *, named: bool) -> Response:
    """The answer at an address; where another city must be `named` and the address names none, of Hà Nội."""
    headers = {"Accept": "text/html, */*"}
    if named:
        answer = client.get(f"{path}{'&' if '?' in path else '?'}city=hanoi", headers=headers)
        if answer.status_code != 400:
            return answer
    return client.get(path, headers=headers)  # where an address takes no city, it names one already


def of_command(office: Office, name: str, folder: Path, *, public: bool) -> Output:
    """What a command writes."""
    command = (*COMMANDS[name], *(("--public",) if public else ()))
    is_dossier = command[0] == "dossier"
    target = folder if is_dossier else folder / name
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIABAN_DATABASE_URL", office.url)
        result = CliRunner().invoke(application_for(command), [*command, "-o", str(target)])
    assert result.exit_code == 0, result.output
    stem, _, ending = name.rpartition(".")
    audience = "public" if public else "internal"
    file = folder / (file_name(stem, TODAY, audience, ending) if is_dossier else name)
    return Output(readable(file.read_bytes()), INTERNAL if is_dossier and public else frozenset())


@lru_cache(maxsize=16)  # those who may see the same get the same, one after the other
def readable(data: bytes) -> str:
    """Everything in a file that a reader could find, packed or not, without blanks and without what escapes letters."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            packed = (".docx", ".xlsx", ".pdf")
            parts = [
                readable(archive.read(name)) if name.endswith(packed) else archive.read(name).decode("utf-8", "replace")
                for name in archive.namelist()
            ]
        text = re.sub(r"<[^>]*>", " ", "\n".join(parts))
    elif data.startswith(b"%PDF"):
        if shutil.which("pdftotext") is None:
            pytest.skip("there is no pdftotext on this machine")
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
        text = done.stdout.decode("utf-8")
    else:
        text = data.decode("utf-8", "replace")
    for escaped, letter in (("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&")):
        text = text.replace(escaped, letter)
    return "".join(html.unescape(text).split())
