"""Files that are sent: any format by its content, its system and layer by parameters, what was taken in `notes`."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from csv import DictReader
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from api_house import House
from fastapi.testclient import TestClient

sys.path.append(str(Path(__file__).parents[1] / "importing"))

from geometry_samples import EN, KML_LINE, XY, collection, csv, feature, kml, line, named_crs, placemark

from geo.importing.geometries import read_sites

PATH = "/api/v1/crossings"


@pytest.fixture(scope="module")
def client(house: House) -> TestClient:
    """A client without an account."""
    return house.client


def answer(client: TestClient, content: bytes, **query: str) -> Any:
    found = client.post(PATH, content=content, params=query)
    assert found.status_code == 200, found.text
    return found.json()


def metres(document: Any) -> float:
    [item] = document["items"]
    return float(next(row["length_m"] for row in item["crossings"] if row["ward_code"] == "00331"))


def test_the_system_is_that_of_the_body_or_of_the_parameter(client: TestClient) -> None:
    declared = collection(feature(line(EN)), crs=named_crs("EPSG:5897"))
    assert metres(answer(client, declared)) == pytest.approx(729.7, abs=0.6)
    assert metres(answer(client, collection(feature(line(EN))), crs="EPSG:5897")) == pytest.approx(729.7, abs=0.6)
    refused = client.post(PATH, content=collection(feature(line(EN))), headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    [problem] = refused.json()["problems"]
    assert problem["code"] == "importing.metres-not-degrees"
    assert "crs=EPSG:5897" in problem["remedy"]


def test_the_layer_is_that_with_lines_or_that_of_the_parameter(client: TestClient) -> None:
    folders = "".join(f"<Folder><name>{name}</name>{placemark(name, KML_LINE)}</Folder>" for name in ("A", "B"))
    first, second = answer(client, kml(folders)), answer(client, kml(folders), layer="B")
    assert metres(first) == metres(second) == pytest.approx(729.7, abs=0.1)
    assert "B (1)" in first["notes"][0]
    assert not second["notes"]
    assert answer(client, kml(folders), f="geojson")["notes"] == first["notes"]


def test_a_table_says_what_was_taken_for_granted(client: TestClient) -> None:
    found = answer(client, csv("lon,lat", *(f"{x},{y}" for x, y in XY)))
    assert metres(found) == pytest.approx(729.7, abs=0.1)
    assert any("crs=EPSG:4756" in note for note in found["notes"])


def test_a_csv_answer_has_every_millimetre_and_its_notes_in_a_header(client: TestClient) -> None:
    sent = {"content": b"105.70 21.00\n105.95 21.03\n", "headers": {"content-type": "text/plain"}}
    shown = client.post("/api/v1/crossings", **sent).json()
    answer = client.post("/api/v1/crossings?f=csv", **sent)
    assert json.loads(answer.headers["diaban-notes"]) == shown["notes"] != []
    rows = list(DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    stretches = [row["intervals_m"] for row in shown["items"][0]["crossings"]]
    read = [[[float(end) for end in part.split("-")] for part in row["intervals_m"].split(";")] for row in rows]
    assert read == stretches
    assert max(end for row in read for _, end in row) > 20_000


def test_a_form_is_refused_with_what_to_send(client: TestClient) -> None:
    refused = client.post(PATH, files={"file": ("a.csv", csv("lon,lat", *(f"{x},{y}" for x, y in XY)))})
    assert refused.status_code == 422
    [problem] = refused.json()["problems"]
    assert problem["code"] == "service.form-not-file"
    assert "--data-binary" in problem["remedy"]


def test_an_address_that_takes_a_record_says_where_files_go(house: House) -> None:
    client, city = house.client, house.as_("city")
    for path, page in (("reports", "/upload"), ("coverage/entries", "/coverage/import"), ("reviews", "")):
        refused = client.post(f"/api/v1/{path}", files={"file": ("tin.csv", b"a,b")}, headers=city)
        [problem] = refused.json()["problems"]
        assert (refused.status_code, problem["where"]) == (422, "body")
        assert "multipart/form-data" in problem["what"]
        assert "application/json" in problem["remedy"]
        assert page in problem["remedy"]


def test_an_archive_may_not_unpack_to_anything(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 60_000_000)
    assert client.post(PATH, content=packed.getvalue()).status_code == 413


@pytest.mark.parametrize("name", ["sites", "crossings"])
def test_items_of_a_collection_are_read_as_routes(client: TestClient, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.geojson"
    path.write_bytes(client.get(f"/ogc/collections/{name}/items", params={"limit": 1000}).content)
    listed = json.loads(client.get("/ogc/collections/sites/items", params={"limit": 1000}).content)["features"]
    read = read_sites(path).frame.set_index("site_id")
    assert sorted(read.index) == sorted(item["properties"]["site_id"] for item in listed)
    whole = gpd.GeoDataFrame.from_features(listed, crs=4326).set_index("site_id").to_crs(5897).length
    assert read.to_crs(5897).length.to_dict() == pytest.approx(whole.to_dict(), abs=0.05)


def test_a_route_of_another_zone_lies_in_no_ward_and_the_zone_that_fits_is_in_the_notes(client: TestClient) -> None:
    found = answer(client, collection(feature(line(EN)), crs=named_crs("EPSG:9209")))
    [item] = found["items"]
    assert item["outside_m"] == item["length_m"] > 0
    assert any("crs=EPSG:5897" in note for note in found["notes"])
