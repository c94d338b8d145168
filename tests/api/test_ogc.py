"""OGC API Features: what the norm asks, read by GDAL and OWSLib from a running server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from api_house import House
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features

from geo.reference.crs import to_metric
from geo.reference.wards import load_wards

ROWS = {"wards": 166, "sites": 12}
VN2000 = "http://www.opengis.net/def/crs/EPSG/0/5897"


@pytest.fixture
def client(house: House) -> TestClient:
    """A client that nobody signed in."""
    return house.client


def _get(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(f"/ogc{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_definition_is_valid_openapi_3_0(client: TestClient) -> None:
    document = _get(client, "/api")
    assert document["openapi"].startswith("3.0.")
    validate(document)


def test_every_link_of_every_document_works(client: TestClient) -> None:
    waiting, seen = ["http://testserver/ogc"], set[str]()
    while waiting:
        url = waiting.pop()
        if url in seen or "/items" in url:
            continue
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code == 200, url
        if "json" in answer.headers["content-type"]:
            document = answer.json()
            waiting += [
                link["href"] for part in (document, *document.get("collections", ())) for link in part.get("links", ())
            ]
    assert len(seen) > 12


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/collections", "/collections/wards", "/collections/wards/items", "/api"]
)
def test_html_by_accept(client: TestClient, path: str) -> None:
    answer = client.get(f"/ogc{path}", headers={"Accept": "text/html"}, params={"f": "html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in answer.text


def test_pages_hold_every_item_once_and_lead_there_and_back(client: TestClient) -> None:
    seen: list[str] = []
    url = "http://testserver/ogc/collections/wards/items?limit=60&province_code=01"
    last = ""
    while url:
        page = client.get(url).json()
        seen += [feature["id"] for feature in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert page["numberMatched"] == 126
        assert not last or client.get(links["prev"]).json()["features"][0]["id"] in seen
        last, url = url, links.get("next", "")
    assert len(seen) == len(set(seen)) == 126


def test_filters_box_and_time(client: TestClient) -> None:
    def count(**params: Any) -> int:
        return int(_get(client, "/collections/wards/items", limit=1, **params)["numberMatched"])

    assert count(code="00004") == 1
    assert count(province_code="46") == 40
    assert count(bbox="105.83,21.03,105.84,21.04") < 10
    assert count(datetime="2025-06-30") == 0
    assert count(datetime="2026-01-01/..") == 166
    assert count(datetime="2025-07-01T00:00:00Z") == 166
    metric = "579000,2320000,589000,2330000"
    assert 0 < count(bbox=metric, **{"bbox-crs": VN2000}) < 60


def test_the_items_are_those_of_the_day_asked_for(client: TestClient, house: House) -> None:
    body = {"site_id": "HN-I-3", "level": "complex", "day": "2026-06-05", "document": "14/BC"}
    assert house.client.post("/api/v1/assessments", json=body, headers=house.as_("city")).status_code == 201
    path = "/collections/sites/items"
    now = _get(client, path, site_id="HN-I-3", datetime="2026-06-05")["features"][0]["properties"]["level"]
    before = _get(client, path, site_id="HN-I-3", datetime="2026-06-04")["features"][0]["properties"]["level"]
    assert (now, before != "complex") == ("complex", True)


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "limit=0",
        "limit=x",
        "bbox=1,2,3",
        "bbox=1,2,3,x",
        "datetime=yesterday",
        "crs=EPSG:3857",
        "f=xml",
        "limit=1&limit=2",
    ],
)
def test_what_is_wrong_gets_400(client: TestClient, query: str) -> None:
    assert client.get(f"/ogc/collections/wards/items?{query}").status_code == 400


def test_what_is_not_there_gets_404(client: TestClient) -> None:
    assert client.get("/ogc/collections/roads").status_code == 404
    assert client.get("/ogc/collections/wards/items/99999").status_code == 404


def test_coordinate_systems(client: TestClient) -> None:
    answer = client.get("/ogc/collections/wards/items/00004", params={"crs": VN2000})
    assert answer.headers["content-crs"] == f"<{VN2000}>"
    got = shapely.from_geojson(answer.text)
    wards = load_wards()
    expected = to_metric(wards[wards["code"] == "00004"].geometry.to_numpy(), "01")[0]
    assert shapely.hausdorff_distance(shapely.get_geometry(got, 0), expected) < 0.02
    swapped = client.get(
        "/ogc/collections/wards/items/00004", params={"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    )
    west, south, *_ = shapely.bounds(shapely.from_geojson(swapped.text))
    assert (20 < west < 22, 105 < south < 107) == (True, True)


@pytest.mark.parametrize("name", ["wards", "sites", "crossings"])
def test_gdal_reads_every_collection(address: str, name: str) -> None:
    frame = pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer=name)
    if name in ROWS:
        assert len(frame) == ROWS[name]
    assert frame.geometry.notna().all()
    assert frame.crs.to_string() in ("OGC:CRS84", "EPSG:4326")
    assert {"code", "phase"} <= set(frame.columns) or {"site_id"} <= set(frame.columns)


def test_gdal_pages_filters_and_projects(address: str) -> None:
    paged = pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer="wards", PAGE_SIZE=50)
    assert len(paged) == 166
    box = pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer="wards", bbox=(105.83, 21.03, 105.84, 21.04))
    assert 0 < len(box) < 10
    metric = pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer="wards", CRS="EPSG:5897")
    assert metric.crs.to_epsg() == 5897
    hanoi = metric[metric["province_code"] == "01"]
    assert hanoi.geometry.area.sum() / 1e6 == pytest.approx(3360, rel=0.01)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's programs are not installed")
def test_ogrinfo_lists_the_layers(address: str, tmp_path: Path) -> None:
    reported = subprocess.run(
        ["ogrinfo", f"OAPIF:{address}/ogc"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert all(name in reported.stdout for name in ("wards", "sites", "crossings"))


def test_owslib_reads_every_collection(address: str) -> None:
    service = Features(f"{address}/ogc")
    assert set(service.feature_collections()) == {"wards", "sites", "crossings"}
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in service.conformance()["conformsTo"]
    for name in service.feature_collections():
        assert service.collection(name)["storageCrs"].endswith("CRS84")
        assert service.collection_items(name, limit=5)["numberReturned"] == 5
    assert service.collection_item("wards", "00004")["properties"]["name"] == "Ba Đình"
    assert service.collection_items("wards", bbox=[105.83, 21.03, 105.84, 21.04])["numberMatched"] < 10
