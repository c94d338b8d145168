"""OGC API Features: what the norm asks, read by GDAL and OWSLib from a running server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from api_house import HOAI_DUC, House
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features

from geo.reference.crs import to_metric
from geo.reference.wards import load_wards

ROWS = {"wards": 166, "sites": 12}
_WORDS = ("Collections", "Conformance", "Items", "Wards (", "Property", "One item", "this document")
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


@pytest.mark.parametrize(
    ("collection", "name", "text", "said"),
    [
        ("wards", "valid_from", "2026-13-01", "2026-06-01"),
        ("wards", "kind", "zzz", "phường"),
        ("wards", "code", "4", "[0-9]{5}"),
        ("sites", "handed_over", "-3", "0"),
        ("sites", "level", "zzz", "complex"),
        ("crossings", "verdict", "maybe", "confirmed"),
        ("reports", "day", "2026-13-01", "2026-06-01"),
        ("reports", "chainage_m", "abc", "120.5"),
        ("reports", "kind", "zzz", "advertising"),
        ("reports", "verified", "perhaps", "true"),
        ("reports", "same_as", "1.5", "12"),
        ("reviews", "wards", "Hoài Đức", "[0-9]{5}"),
        ("wards", "bbox", "1,2,x,4", "105.79"),
        ("wards", "crs", "EPSG:3857", "5897"),
        ("wards", "datetime", "2026-13-01", "2026-06-01"),
        ("wards", "limit", "-1", "1"),
    ],
)
def test_a_filter_that_no_item_can_meet_gets_400(
    house: House, collection: str, name: str, text: str, said: str
) -> None:
    """With the parameter, what was given, and what is allowed."""
    here = f"/ogc/collections/{collection}/items"
    answer = house.client.get(here, params={name: text}, headers=house.as_("admin"))
    problem = answer.json()["problems"][0]
    assert (answer.status_code, problem["where"]) == (400, name)
    assert text in problem["what"] and said in problem["remedy"], problem


def test_filters_compare_by_the_type_of_the_property(house: House) -> None:
    day = {"day": "2026-07-04", "kind": "other", "channel": "press", "note": ""}
    for facts in ({"site_id": "HN-I-3", "chainage_m": 120.0}, {"lon": 105.7064, "lat": 21.0612, "verified": True}):
        answer = house.client.post("/api/v1/reports", json=day | facts, headers=house.as_("city"))
        assert answer.status_code == 201, answer.text
    review = {"day": "2026-07-04", "wards": [HOAI_DUC], "sites": ["HN-I-3"], "conclusion": "quiet", "document": "1/BC"}
    assert house.client.post("/api/v1/reviews", json=review, headers=house.as_("city")).status_code == 201

    def count(name: str, **params: Any) -> int:
        answer = house.client.get(f"/ogc/collections/{name}/items", params=params, headers=house.as_("admin"))
        assert answer.status_code == 200, answer.text
        return int(answer.json()["numberMatched"])

    same = {"day": "2026-07-04", "channel": "press"}
    assert count("reports", chainage_m="120", **same) == count("reports", chainage_m="1.2e2", **same) == 1
    assert count("reports", verified="true", **same) == count("reports", verified="false", **same) == 1
    assert count("reports", chainage_m="", **same) == 1
    assert count("reviews", wards=HOAI_DUC, day="2026-07-04") == 1
    assert count("reviews", wards="00004", day="2026-07-04") == 0


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


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/collections",
        "/collections/wards/schema",
        "/collections/wards/items",
        "/collections/wards/items/00004",
        "/api",
    ],
)
def test_a_page_speaks_one_language_and_documents_stay(client: TestClient, path: str) -> None:
    """Programs read the same document whoever asks; pages follow the choice of their reader, Vietnamese without one."""

    def page(lang: str = "") -> str:
        headers = {"Accept": "text/html"} | ({"Cookie": f"diaban_lang={lang}"} if lang else {})
        return client.get(f"/ogc{path}", headers=headers, params={"f": "html"}).text

    def document(lang: str) -> bytes:
        return client.get(f"/ogc{path}", headers={"Cookie": f"diaban_lang={lang}"}, params={"f": "json"}).content

    vietnamese, english = page(), page("en")
    assert page("vi") == page() == vietnamese
    assert page("en") == english
    assert '<html lang="vi">' in vietnamese
    assert "Các bộ dữ liệu" in vietnamese
    assert [word for word in _WORDS if word in vietnamese] == []
    assert '<html lang="en">' in english
    assert "Các bộ dữ liệu" not in english
    assert document("vi") == document("en")
