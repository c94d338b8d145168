"""A ward called `<script>` and a note with `</script>`: nothing of them runs, in no page, map, dossier or file."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from hold_house import TODAY, House, StandingClock, served

from geo.output.dossier import Edition, dossier
from geo.output.maps import compare, coverage, overview, render, risk, site, ward
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.settings import data_dir
from geo.situation import Situation, from_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RUN = "window.ran=1"
TAG = f"<script>{RUN}</script>"
WARD = f"Phường {TAG}<img src=x onerror={RUN}>"
SITE = f'Đường "><svg onload={RUN}> {{{{ 4711 * 3 }}}} ${{{RUN}}}'
NOTE = f'</script>{TAG}<!-- ]]> \\u003cscript\\u003e #read("/etc/hostname") $x$ *b* @label'
CODE, SITE_ID = "09832", "HN-I-1"


def poisoned(text: str) -> str:
    """A register with a ward, a site and a note that would like to run."""
    document = json.loads(text)
    for feature in document["features"]:
        own = feature["properties"]
        if own.get("code") == CODE:
            own |= {"name": WARD.removeprefix("Phường "), "full_name": WARD, "merged_from": [NOTE]}
        if own.get("site_id") == SITE_ID:
            own |= {"name": SITE, "note": NOTE, "from": TAG, "to": TAG, "declared_text": NOTE}
    return json.dumps(document, ensure_ascii=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set with that ward and site."""
    folder = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(data_dir(), folder)
    for name in ("wards.geojson", "sites.geojson"):
        (folder / name).write_text(poisoned((folder / name).read_text("utf-8")), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def picture(data: Path) -> Situation:
    return from_registers(TODAY, "hanoi", load_wards(data / "wards.geojson"), load_sites(data / "sites.geojson"))


MAPS: dict[str, Callable[[Situation], Any]] = {
    "overview": overview,
    "risk": risk,
    "coverage": coverage,
    "compare": lambda situation: compare(replace(situation, day=date(2026, 1, 8)), situation),
    "site": lambda situation: site(situation, SITE_ID),
    "ward": lambda situation: ward(situation, CODE),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", MAPS)
def test_no_map_runs_it(browser: Browser, picture: Situation, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.html"
    file.write_text(render(MAPS[name](picture)), encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("[data-drawn]")
    # The cards are opened too: what a card shows is made when it is asked for.
    if page.locator("#search").count():
        page.fill("#search", "script")
        page.keyboard.press("Enter")
    for mark in page.locator("path.leaflet-interactive").all()[:12]:
        mark.dispatch_event("click")
    assert _nothing_ran(page)
    context.close()


def _nothing_ran(page: Any) -> bool:
    return bool(page.evaluate("window.ran === undefined && !document.querySelector('[onerror], [onload]')"))


@pytest.fixture(scope="module")
def house(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service over that data set."""
    with pytest.MonkeyPatch.context() as patch:
        # What the records take over of a data set is screened: a word like a name in a network would be refused there.
        folder = tmp_path_factory.mktemp("screened") / "data"
        shutil.copytree(data, folder)
        sites = (folder / "sites.geojson").read_text("utf-8")
        (folder / "sites.geojson").write_text(sites.replace(" @label", ""), encoding="utf-8")
        patch.setenv("DIABAN_DATA_DIR", str(folder))
        clock = StandingClock()
        url = f"sqlite:///{tmp_path_factory.mktemp('escape')}/records.sqlite"
        with open_store(url, registers=load_register_lookup(), now=clock) as store:
            yield served(store, clock)


PAGES = (
    "/", f"/?site={SITE_ID}", f"/sites/{SITE_ID}", f"/wards/{CODE}", "/about", "/reviews", "/coverage", "/upload",
    "/admin/users", "/admin/offices", f"/maps/site/{SITE_ID}", f"/maps/ward/{CODE}", "/maps/overview", "/ogc/collections/wards/items?f=html&limit=200",
    f"/ogc/collections/sites/items/{SITE_ID}?f=html", f"/dossiers/{SITE_ID}.html", f"/sites/{TAG}", f"/?city={TAG}",
    f"/?before={TAG}", f"/login?next=/{TAG}",
)  # fmt: skip


@pytest.mark.browser
def test_no_page_runs_it(browser: Browser, house: House) -> None:
    # Without any policy of content: it is the pages themselves that must hold.
    context = browser.new_context(offline=True)
    page = context.new_page()
    with house.browser(Accept="text/html", **house.token("admin")) as client:
        for path in PAGES:
            answer = client.get(path)
            assert answer.status_code < 500, path
            assert TAG not in answer.text, path
            page.set_content(answer.text, wait_until="domcontentloaded")
            assert _nothing_ran(page), path
            assert "14133" not in answer.text, path
    # And what would run is found out.
    other = context.new_page()
    other.set_content(f"<p>{TAG}</p>", wait_until="domcontentloaded")
    assert not _nothing_ran(other)
    context.close()


@pytest.fixture(scope="module")
def files(picture: Situation) -> dict[str, bytes]:
    return dossier(picture, SITE_ID, ["pdf", "docx", "html", "kml", "xlsx", "gpkg"], Edition())


def test_files_hold_it_as_text(files: dict[str, bytes], tmp_path: Path) -> None:
    texts = ElementTree.fromstring(files["kml"]).itertext()
    assert any(TAG in text for text in texts)
    # Google Earth shows a description as HTML.
    for element in ElementTree.fromstring(files["kml"]).iter("{http://www.opengis.net/kml/2.2}description"):
        assert "<script" not in (element.text or "")
    for kind in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[kind])) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
                    assert b"<script" not in archive.read(name)
    assert TAG not in files["html"].decode()
    assert "window.ran" in files["html"].decode()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext on this machine")
def test_the_paper_holds_it_as_text(files: dict[str, bytes]) -> None:
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=files["pdf"], capture_output=True, check=True)
    reported = " ".join(done.stdout.decode().split())
    assert "<script>" in reported
    assert Path("/etc/hostname").read_text().strip() not in reported
    assert b"/JavaScript" not in files["pdf"]
    assert b"/JS" not in files["pdf"]
