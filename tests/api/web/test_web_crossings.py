"""The page that looks up routes: for everybody, from a file, a text or a drawing, with every export at once."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from base64 import b64decode
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import DESKTOP, PHONE, SignIn
from shapely import union_all
from shapely.geometry import Polygon
from web_house import axe_source

sys.path.append(str(Path(__file__).parents[2] / "importing"))

from geometry_samples import ASKING, FORMATS, LENGTH_M, written

METRES = "EPSG:5897"

if TYPE_CHECKING:
    from conftest import NewWatched
    from httpx import Response

ROUTE = "105.8412, 21.0245\n105.80, 21.03"
KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Tuyến A</name>'
    "<LineString><coordinates>105.8412,21.0245 105.80,21.03</coordinates></LineString></Placemark></Document></kml>"
)


def plain(answer: Response) -> str:
    text = re.sub(r"<[^>]*>", " ", answer.text)
    return " ".join(unescape(text).split())


def test_anybody_looks_up_a_text(visitor: SignIn) -> None:
    answer = visitor(None).post("/crossings?lang=en", data={"text": ROUTE})
    assert answer.status_code == 200
    assert "Phường Giảng Võ" in plain(answer)
    assert "Your route" in plain(answer)
    assert "no-store" in answer.headers["cache-control"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert 'src="data:image/svg+xml;base64,' in answer.text


def test_a_file_goes_before_a_text_and_is_named(visitor: SignIn) -> None:
    files = {"file": ("a.kml", KML.encode(), "application/vnd.google-earth.kml+xml")}
    assert "Tuyến A" in plain(visitor(None).post("/crossings", files=files, data={"text": ""}))


@pytest.mark.parametrize("name", [*FORMATS, *ASKING])
def test_every_format_is_read_by_the_interface_and_the_page(visitor: SignIn, tmp_path: Path, name: str) -> None:
    client, content = visitor(None), written(tmp_path, name).read_bytes()
    crs = {"crs": METRES} if name in ASKING else {}
    sent = client.post("/api/v1/crossings", content=content, params=crs)
    assert sent.status_code == 200, sent.text
    assert sent.json()["items"][0]["length_m"] == pytest.approx(LENGTH_M, abs=0.6)
    page = client.post("/crossings?lang=en", files={"file": (name, content)}, data={"text": "", **crs})
    assert f"{sent.json()['items'][0]['crossings'][0]['length_m']:.0f} m" in plain(page).replace("\xa0", " ")


def test_a_route_in_another_province_is_measured_there_and_a_text_beside_a_file_is_said(visitor: SignIn) -> None:
    line = b'{"type":"LineString","coordinates":[[108.21,16.05],[108.222,16.06]]}'
    answer = visitor(None).post("/crossings", files={"file": ("a.geojson", line)}, data={"text": "105.8, 21.03"})
    for words in ("Phường Hòa Cường", "theo địa giới cả nước", "không đọc văn bản trong ô dán"):
        assert words in unescape(answer.text), words


def test_what_lies_in_no_ward_is_said(visitor: SignIn) -> None:
    answer = visitor(None).post("/crossings?lang=en", data={"text": "107.3, 20.7\n107.4, 20.6"})
    assert "In no ward" in plain(answer)
    assert "lie in no ward of the data" in plain(answer)


@pytest.mark.parametrize(("text", "says"), [("", "no file"), ("xin chào", "the text"), ("POINT (1 1)", "the text")])
def test_what_cannot_be_read_is_explained(visitor: SignIn, text: str, says: str) -> None:
    answer = visitor(None).post("/crossings?lang=en", data={"text": text})
    assert answer.status_code == 422
    assert says in plain(answer)


def test_a_file_is_called_by_its_name_and_its_layers_by_the_field(visitor: SignIn) -> None:
    """What the command line and the API would write plays no part on the page."""
    points = KML.replace("LineString", "Point").replace(" 105.80,21.03", "").replace("Tuyến A", "điểm")
    inner = points[points.index("<Placemark>") : points.index("</Document>")]
    content = KML.replace("</Document>", f"<Folder><name>Khác</name>{inner}</Folder></Document>").encode()
    text = plain(visitor(None).post("/crossings?lang=en", files={"file": ("a.kml", content)}, data={"text": ""}))
    assert "'Khác' in the field Layer" in text
    unknown = collection_in("EPSG:99999")
    refused = plain(visitor(None).post("/crossings?lang=en", files={"file": ("b.geojson", unknown)}, data={"text": ""}))
    assert "b.geojson" in refused
    assert "say the system: EPSG:5897" in refused.lower().replace("epsg", "EPSG")
    for said in (text, refused):
        assert "--" not in said and "body" not in said and "API" not in said
    sent = visitor(None).post("/api/v1/crossings", content=unknown).json()
    assert "crs=EPSG:5897" in sent["problems"][0]["remedy"]


def collection_in(system: str) -> bytes:
    """A line that names a coordinate system."""
    crs = {"type": "name", "properties": {"name": system}}
    line = {"type": "LineString", "coordinates": [[105.8, 21.0], [105.81, 21.0]]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode()


def test_declared_wards_are_compared(visitor: SignIn) -> None:
    line = {"type": "LineString", "coordinates": [[105.8412, 21.0245], [105.80, 21.03]]}
    body = {"type": "Feature", "properties": {"declared_wards": ["00331", "00004"]}, "geometry": line}
    files = {"file": ("a.geojson", json.dumps(body).encode())}
    text = plain(visitor(None).post("/crossings?lang=en", files=files, data={"text": ""}))
    assert "Crossed, not declared" in text
    [item] = visitor(None).post("/api/v1/crossings", json=body).json()["items"]
    assert item["declared"] == ["00331", "00004"]
    assert set(item["agreement"]["absent"]) | set(item["agreement"]["confirmed"]) == {"00331", "00004"}
    assert any(f"{name}" in text for name in ("Declared, not crossed", "Declared and crossed"))
    for form in ("csv", "geojson"):
        answer = visitor(None).post(f"/api/v1/crossings?f={form}", json=body)
        assert "undeclared" in answer.text and "00331" in answer.text


def test_wards_of_an_area_that_touch_differ_in_colour(visitor: SignIn) -> None:
    box = "POLYGON((105.80 21.00, 105.87 21.00, 105.87 21.05, 105.80 21.05, 105.80 21.00))"
    page = visitor(None).post("/crossings?lang=en", data={"text": box}).text
    picture = b64decode(re.search(r"data:image/svg[^,]*,([^\"]*)", page)[1]).decode()  # type: ignore[index]
    drawn = re.findall(r'<path d="([^"]*)" fill="(#[0-9a-f]{6})" fill-opacity', picture)
    assert len(drawn) > 6
    shapes = [union_all([Polygon(places(ring)) for ring in path.split("M") if ring]) for path, _ in drawn]
    pairs = [(a, b) for a in range(len(drawn)) for b in range(a)]
    near = [(a, b) for a, b in pairs if shapes[a].buffer(0.5).intersection(shapes[b].buffer(0.5)).area > 20]
    assert near and all(drawn[a][1] != drawn[b][1] for a, b in near)
    texts = re.findall(r'<text x="([0-9.-]+)" y="([0-9.-]+)"[^>]*>([^<]*)', picture)
    spots = [(float(x), float(y), len(name) * 4.0) for x, y, name in texts]
    assert len(texts) > 15 and any(name == "Ba Đình" for _, _, name in texts)
    assert all(abs(x - a) > w + v or abs(y - b) > 15 for x, y, w in spots for a, b, v in spots if (x, y) != (a, b))


def places(ring: str) -> list[tuple[float, float]]:
    """The points of a ring of a picture."""
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", ring)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_more_than_the_limit_is_refused(visitor: SignIn) -> None:
    text = "\n".join(f"105.{number % 9},21.03" for number in range(50_001))
    answer = visitor(None).post("/crossings?lang=en", data={"text": text})
    assert answer.status_code == 422
    assert "50,000" in plain(answer)


def test_every_export_at_once(visitor: SignIn) -> None:
    client = visitor(None)
    page = client.post("/crossings", data={"text": ROUTE}).text
    carried = dict(re.findall(r'<input type="hidden" name="(name|content|crs|layer)" value="([^"]*)"', page))
    answer = client.post("/crossings/export", data=carried | {"format": "zip"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = {name.rsplit(".", 1)[1] for name in archive.namelist()}
        found = json.loads(archive.read("crossings_2026-08-10_cong-khai.json"))["sites"][0]
    assert names == {"json", "csv", "geojson", "gpkg", "kml", "kmz", "fgb", "parquet", "xlsx"}
    assert sum(row["length_m"] for row in found["crossings"]) == pytest.approx(found["length_m"], abs=0.001)
    one = client.post("/crossings/export", data=carried | {"format": "kml"})
    assert one.headers["content-disposition"] == 'attachment; filename="crossings_2026-08-10_cong-khai.kml"'
    again = client.post("/crossings", files={"file": ("crossings.kml", one.content)}, data={"text": ""})
    assert "Phường Giảng Võ" in plain(again) or "Giảng Võ" in plain(again)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_route_is_drawn_with_pointer_and_keyboard(watched: NewWatched, address: str, size: dict[str, int]) -> None:
    seen = watched(size)
    page = seen.page
    page.goto(f"{address}/crossings?lang=en")
    page.locator("#draw summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#draw .tiles-map[data-drawn]")
    page.locator("#draw .tiles-map").click(position={"x": 120, "y": 120})
    text = page.locator("[name=text]")
    text.fill("POINT (105.8 21.0)")
    page.locator("[data-do=add]").focus()
    page.keyboard.press("Enter")
    assert text.input_value() == "POINT (105.8 21.0)" and "Clear it" in page.inner_text("#draw [role=status]")
    text.fill("20.98, 105.83\n20.99, 105.84")  # what is pasted while the map is open is gone on with
    page.locator("[data-do=add]").focus()
    page.keyboard.press("Enter")
    assert [line[:7] for line in text.input_value().splitlines()[:2]] == ["105.830", "105.840"]
    assert len(text.input_value().splitlines()) == 3
    page.locator("#route button:not([type])").click()
    page.wait_for_selector("#found")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate(axe_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    assert seen.foreign == seen.complaints == []


@pytest.mark.browser
def test_a_file_that_is_dropped_is_chosen(watched: NewWatched, address: str) -> None:
    page = watched(DESKTOP).page
    page.goto(f"{address}/crossings?lang=en")
    made = "(text) => { const held = new DataTransfer(); held.items.add(new File([text], 'a.kml')); return held; }"
    both = made.replace("return held", "held.items.add(new File([text], 'b.kml')); return held")
    page.dispatch_event(".drop", "drop", {"dataTransfer": page.evaluate_handle(both, KML)})
    chosen = page.locator(".drop [type=file]")
    assert chosen.evaluate("one => one.files.length") == 0
    assert "one file" in chosen.evaluate("one => one.validationMessage")
    page.dispatch_event(".drop", "drop", {"dataTransfer": page.evaluate_handle(made, KML)})
    page.locator("form:has(.drop) button:not([data-do])").last.click()
    page.wait_for_selector("#found")
    assert "Tuyến A" in page.inner_text("main")
