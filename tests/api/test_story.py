"""What the README shows: wards of a site, a new status, the day before; and answers that follow the data at once."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from api_house import HOAI_DUC, House


def _level(house: House, site: str, day: str) -> str:
    rows = house.client.get(f"/api/v1/situation?day={day}").json()["sites"]
    return next(row["level"] for row in rows if row["site_id"] == site)


def test_which_wards_ql32_overlaps(house: House) -> None:
    site = house.client.get("/api/v1/sites?q=QL32").json()["items"][0]
    rows = house.client.get(f"/api/v1/sites/{site['site_id']}/crossings").json()["items"]
    assert {"09832", "09817", "09784"} <= {row["ward_code"] for row in rows}
    assert sum(row["length_m"] for row in rows) == pytest.approx(site["length_m"], abs=0.01)


def test_a_status_shows_from_its_day_on_and_the_day_before_stays(house: House) -> None:
    body = {"site_id": "HN-I-6", "level": "inactive", "day": "2026-07-10", "document": "12/BC-UBND"}
    before = house.client.get("/api/v1/situation?day=2026-07-10")
    receipt = house.client.post("/api/v1/assessments", json=body, headers=house.as_("city")).json()
    assert _level(house, "HN-I-6", "2026-07-10") == "inactive"
    assert _level(house, "HN-I-6", "2026-07-09") != "inactive"
    known = house.client.get("/api/v1/situation", params={"day": "2026-07-10", "known_at": "2026-08-09T00:00:00Z"})
    assert next(r["level"] for r in known.json()["sites"] if r["site_id"] == "HN-I-6") != "inactive"
    history = house.client.get("/api/v1/sites/HN-I-6/history").json()["items"]
    assert history[-1]["id"] == receipt["id"]
    changed = house.client.get("/api/v1/situation?day=2026-07-10", headers={"If-None-Match": before.headers["etag"]})
    assert changed.status_code == 200


def test_an_answer_is_the_same_bytes_and_304_until_the_data_change(house: House) -> None:
    first = house.client.get("/api/v1/wards?f=geojson")
    again = house.client.get("/api/v1/wards?f=geojson")
    assert first.content == again.content
    assert first.headers["cache-control"] == "public, no-cache"
    kept = house.client.get("/api/v1/wards?f=geojson", headers={"If-None-Match": first.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    own = house.client.get("/api/v1/wards", headers=house.as_("city"))
    assert own.headers["cache-control"] == "private, no-cache"


def test_gzip_where_the_client_takes_it(house: House) -> None:
    with house.client.stream("GET", "/api/v1/wards?f=geojson", headers={"Accept-Encoding": "gzip"}) as zipped:
        raw = b"".join(zipped.iter_raw())
    plain = house.client.get("/api/v1/wards?f=geojson", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/geo+json", "application/geo+json"),
        ("text/csv, application/json;q=0.5", "text/csv; charset=utf-8"),
        ("*/*", "application/json"),
        ("application/json;q=0.2, application/geo+json;q=0.9", "application/geo+json"),
    ],
)
def test_forms_by_accept(house: House, accept: str, media: str) -> None:
    assert house.client.get("/api/v1/sites", headers={"Accept": accept}).headers["content-type"] == media


def test_a_form_that_there_is_not(house: House) -> None:
    assert house.client.get("/api/v1/sites", headers={"Accept": "image/png"}).status_code == 406


def test_pages_of_a_list_hold_every_row_once(house: House) -> None:
    url: str | None = "/api/v1/wards?limit=50"
    codes: list[str] = []
    while url is not None:
        page = house.client.get(url).json()
        codes += [row["code"] for row in page["items"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(codes) == len(set(codes)) == 126


def test_filters(house: House) -> None:
    def total(url: str) -> int:
        return int(house.client.get(f"/api/v1/{url}").json()["total"])

    assert total("wards?phase=pilot") == 42
    assert total("wards?city=hue") == 40
    assert total(f"sites?ward={HOAI_DUC}") == 1
    assert total("sites?group=public") == 5
    assert total("wards?bbox=105.83,21.03,105.84,21.04") < 10
    assert total("wards?bbox=0,0,1,1") == 0
    assert total("crossings?site=HN-I-1") >= 4


def test_wards_by_point_and_by_name(house: House) -> None:
    assert house.client.get("/api/v1/wards/at?lon=105.8364&lat=21.0394").json()["code"] == "00004"
    assert house.client.get("/api/v1/wards/at?lon=0&lat=0").status_code == 404
    found = house.client.get("/api/v1/wards/search?q=yen hoa").json()
    assert [row["name"] for row in found["items"]] == ["Yên Hòa"]


def test_csv_has_a_row_for_each_and_no_formula(house: House) -> None:
    text = house.client.get("/api/v1/wards?f=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 126
    assert rows[0]["code"] == "00004"


def test_a_route_of_one_s_own(house: House) -> None:
    route = {"type": "LineString", "coordinates": [[105.79, 21.03], [105.82, 21.04], [105.85, 21.03]]}
    found = house.client.post("/api/v1/crossings", json=route).json()["items"][0]
    assert sum(row["length_m"] for row in found["crossings"]) == pytest.approx(found["length_m"], abs=0.01)
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": "a", "properties": {}, "geometry": route},
            {
                "type": "Feature",
                "id": "b",
                "properties": {},
                "geometry": {"type": "Point", "coordinates": [105.8364, 21.0394]},
            },
        ],
    }
    both = house.client.post("/api/v1/crossings", json=collection).json()["items"]
    assert both[0]["id"] == "a"
    assert both[0]["crossings"] == found["crossings"]
    assert [row["ward_code"] for row in both[1]["crossings"]] == ["00004"]
    shape = house.client.post("/api/v1/crossings?f=geojson", json=route).json()
    assert shape["type"] == "FeatureCollection"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"type":"LineString"}',
        b'{"type":"LineString","coordinates":[[105.8,21.0]]}',
        b'{"type":"LineString","coordinates":[["a","b"],["c","d"]]}',
        b'{"type":"LineString","coordinates":[[NaN,1],[2,3]]}',
        b'{"type":"LineString","coordinates":[[1e999,1],[2,3]]}',
        b'{"type":"Polygon","coordinates":[[[105.8,21],[105.9,21.1],[105.9,21],[105.8,21.1],[105.8,21]]]}',
        b'{"type":"GeometryCollection","geometries":[]}',
        b'{"type":"FeatureCollection","features":[1]}',
        b'{"type":"Feature","geometry":null}',
        b'{"type":"Feature","geometry":{"type":"LineString","coordinates":7}}',
        b'{"type":"MultiPoint","coordinates":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)
def test_a_route_that_is_none_is_refused_with_a_reason(house: House, body: bytes) -> None:
    answer = house.client.post("/api/v1/crossings", content=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]


def test_latitude_before_longitude_is_turned_and_said(house: House) -> None:
    straight, turned = (
        house.client.post("/api/v1/crossings", json={"type": "LineString", "coordinates": line}).json()
        for line in ([[105.8, 21.0], [105.9, 21.1]], [[21.0, 105.8], [21.1, 105.9]])
    )
    assert turned["items"] == straight["items"]
    assert not straight["notes"]
    assert "latitude before longitude" in turned["notes"][0]


def test_a_route_that_is_too_large(house: House) -> None:
    many = {"type": "LineString", "coordinates": [[105.8, 21.0]] * 60_000}
    assert house.client.post("/api/v1/crossings", json=many).status_code == 413
    assert house.client.post("/api/v1/crossings", content=b" " * 1_100_000).status_code == 413
    assert house.client.post("/api/v1/crossings", content=b" " * 13_000_000).status_code == 413


@pytest.mark.parametrize("extra", [{"note": "Gọi 0912 345 678"}, {"name": "x"}, {"note": "anh Nguyễn Văn An ở đây"}])
def test_a_report_about_a_person_is_refused_with_a_reason(house: House, extra: dict[str, str]) -> None:
    body = {"day": "2026-07-01", "kind": "other", "channel": "hotline", "lon": 105.7064, "lat": 21.0612}
    version = house.store.version()
    answer = house.client.post("/api/v1/reports", json=body | extra, headers=house.as_("city"))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["what"]
    assert house.store.version() == version


def test_problems_of_an_entry_are_reported_together(house: House) -> None:
    body = {"site_id": "HN-X-1", "level": "calm", "day": "2030-01-01", "document": ""}
    answer = house.client.post("/api/v1/assessments", json=body, headers=house.as_("city"))
    assert answer.status_code == 422
    assert {"site_id", "level", "day", "document"} <= {entry["where"] for entry in answer.json()["problems"]}


def test_a_level_of_a_day_before_the_wards_of_today_is_refused(house: House) -> None:
    body = {"site_id": "HN-I-1", "level": "low", "day": "2020-01-01", "document": "13/BC"}
    answer = house.client.post("/api/v1/assessments", json=body, headers=house.as_("city"))
    assert answer.status_code == 422
    assert [(one["code"], one["where"]) for one in answer.json()["problems"]] == [("reference.before-units", "day")]


def test_correcting_twice_is_a_conflict(house: House) -> None:
    body = {"site_id": "HN-I-5", "level": "low", "day": "2026-07-11", "document": "13/BC"}
    headers = house.as_("city")
    number = house.client.post("/api/v1/assessments", json=body, headers=headers).json()["id"]
    again = body | {"corrects": number, "level": "active"}
    assert house.client.post("/api/v1/assessments", json=again, headers=headers).status_code == 201
    assert house.client.post("/api/v1/assessments", json=again, headers=headers).status_code == 409


@pytest.mark.parametrize(
    "url", ["wards?day=2099-01-01", "wards?bbox=1,2", "wards?bbox=a,b,c,d", "wards?known_at=2026-01-01T00:00:00"]
)
def test_a_query_that_makes_no_sense(house: House, url: str) -> None:
    answer = house.client.get(f"/api/v1/{url}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
