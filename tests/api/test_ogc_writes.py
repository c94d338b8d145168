"""OGC API Features: what items hold, and records as items that are created, replaced and taken back (Part 4)."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from api_house import BA_DINH, HOAI_DUC, House

from geo.reference.crs import to_metric

REPORTS = "/ogc/collections/reports/items"
PLACE = [105.7064, 21.0612]
VN2000 = "http://www.opengis.net/def/crs/EPSG/0/5897"


def _feature(place: list[float] | None = PLACE, **properties: Any) -> dict[str, Any]:
    facts = {"day": "2026-07-01", "kind": "other", "channel": "hotline", "note": "bãi đất trống"} | properties
    geometry = None if place is None else {"type": "Point", "coordinates": place}
    return {"type": "Feature", "geometry": geometry, "properties": facts}


def _made(house: House, who: str = "hoai-duc", **properties: Any) -> str:
    answer = house.client.post(f"{REPORTS}?again=true", json=_feature(**properties), headers=house.as_(who))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


# ---- what items hold


@pytest.mark.parametrize("name", ["wards", "sites", "crossings"])
def test_schemas_describe_what_the_items_hold(house: House, name: str) -> None:
    found = house.client.get(f"/ogc/collections/{name}").json()
    links = {link["rel"].rsplit("/", 1)[-1]: link["href"] for link in found["links"]}
    about = house.client.get(links["schema"])
    assert about.headers["content-type"] == "application/schema+json"
    schema, item = about.json(), house.client.get(f"/ogc/collections/{name}/items?limit=1").json()["features"][0]
    assert set(item["properties"]) | {"geometry"} == set(schema["properties"])
    roles = [entry.get("x-ogc-role") for entry in schema["properties"].values()]
    assert (roles.count("id"), roles.count("primary-geometry")) == (1, 1)
    assert schema["properties"]["geometry"]["format"] == f"geometry-{item['geometry']['type'].lower()}"
    queryables = house.client.get(links["queryables"]).json()
    assert queryables["additionalProperties"] is False
    for key in set(queryables["properties"]) - {"geometry"}:
        value = item["properties"][key]
        answer = house.client.get(f"/ogc/collections/{name}/items", params={key: "" if value is None else value})
        assert answer.status_code == 200 and answer.json()["numberMatched"] >= 1, (key, answer.text)
    assert house.client.get(f"/ogc/collections/{name}/schema?f=html").status_code == 200


def test_a_property_is_what_it_is_whether_items_have_it_or_not(house: House) -> None:
    """A column without values is no text, and a collection without items has all its columns."""
    mine = house.as_("admin")

    def types(name: str) -> dict[str, Any]:
        answer = house.client.get(f"/ogc/collections/{name}/schema", headers=mine).json()["properties"]
        return {key: (value["type"], value.get("format", "")) for key, value in answer.items() if key != "geometry"}

    reports, reviews, crossings = types("reports"), types("reviews"), types("crossings")
    assert (reports["chainage_m"], reports["same_as"]) == (("number", ""), ("integer", ""))
    assert (reports["day"], reports["recorded_at"]) == (("string", "date"), ("string", "date-time"))
    assert (reviews["wards"], reviews["next_day"]) == (("array", ""), ("string", "date"))
    assert {"id", "recorded_at"} <= set(reviews)
    assert crossings["on_border"] == ("array", "")
    queryables = house.client.get("/ogc/collections/reports/queryables", headers=mine).json()["properties"]
    assert (queryables["chainage_m"]["type"], queryables["day"]["format"]) == ("number", "date")
    assert (queryables["verified"]["type"], "hotline" in queryables["channel"]["enum"]) == ("boolean", True)
    sites = types("sites")
    assert sites["outside_m"] == sites["outside_share"] == ("number", "")
    validated = {"string": str, "number": (int, float), "integer": int, "array": list, "object": dict, "boolean": bool}
    for name in ("wards", "sites", "crossings", "reports", "reviews", "assessments"):
        known = types(name)
        for item in house.client.get(f"/ogc/collections/{name}/items?limit=500", headers=mine).json()["features"]:
            assert set(item["properties"]) == set(known)
            for key, value in item["properties"].items():
                assert value is None or isinstance(value, validated[known[key][0]]), (name, key, value)


def test_gdal_writes_every_collection_on_without_a_warning(address: str, tmp_path: Path) -> None:
    for name in ("wards", "sites", "crossings"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            info = pyogrio.read_info(f"OAPIF:{address}/ogc", layer=name)
            frame = pyogrio.read_dataframe(f"OAPIF:{address}/ogc", layer=name)
        assert set(frame.geom_type) == {info["geometry_type"]}
        frame[["id", "geometry"]].to_file(tmp_path / f"{name}.gpkg", engine="pyogrio")


# ---- who writes


def test_only_accounts_know_of_the_collections_of_records(house: House) -> None:
    def names(who: str | None) -> set[str]:
        listed = house.client.get("/ogc/collections", headers=house.as_(who)).json()["collections"]
        return {entry["id"] for entry in listed}

    assert names(None) == names("guest") == {"wards", "sites", "crossings"}
    assert {"reports", "assessments", "reviews", "coverage-entries", "verifications"} <= names("hoai-duc")
    for path in ("", "/items", "/items/1", "/schema"):
        assert house.client.get(f"/ogc/collections/reports{path}").status_code == 404
    assert house.client.post(REPORTS, json=_feature()).status_code == 401


def test_options_say_what_an_account_may_do(house: House) -> None:
    def allowed(path: str, who: str | None) -> str:
        return str(house.client.options(f"/ogc/collections/{path}", headers=house.as_(who)).headers.get("allow"))

    assert allowed("wards/items", "admin") == "GET, HEAD, OPTIONS"
    assert allowed("reports/items", "hoai-duc") == "GET, HEAD, OPTIONS, POST"
    assert allowed("reports/items/1", "hoai-duc") == "GET, HEAD, OPTIONS, PUT, DELETE"
    assert allowed("reports/items", None) == "None"
    assert house.client.post("/ogc/collections/wards/items", json={}, headers=house.as_("admin")).status_code == 405


# ---- create, replace, delete


def test_what_is_recorded_already_is_refused_and_named(house: House) -> None:
    """A report some metres off is the same, a figure under another document too; all other records by their fields."""
    facts = {"day": "2026-07-09", "channel": "letter"}
    here, mine = _made(house, **facts), house.as_("hoai-duc")
    near = _feature([PLACE[0] + 0.0001, PLACE[1]], note="chữ khác", **facts)
    answer = house.client.post(REPORTS, json=near, headers=mine)
    assert answer.status_code == 409 and here in answer.json()["problems"][0]["what"], answer.text
    assert answer.json()["problems"][0]["parameters"]["items"] == [here.rsplit("/", 1)[-1]]
    assert house.client.post(f"{REPORTS}?again=true", json=near, headers=mine).status_code == 201
    assert house.client.post(f"{REPORTS}?again=perhaps", json=near, headers=mine).status_code == 400
    assessment = {"site_id": "HN-I-2", "level": "low", "day": "2026-07-09", "document": "77/BC"}
    figure = {"ward_code": HOAI_DUC, "programme": "hanoi-2026", "indicator": "3.1", "period": "2026-H1", "value": 25}
    figure |= {"day": "2026-07-09", "document": "78/BC"}
    for name, sent, other in (
        ("assessments", assessment, {"level": "active"}),
        ("coverage-entries", figure, {"value": 50}),
    ):
        where, feature = f"/ogc/collections/{name}/items", {"type": "Feature", "geometry": None, "properties": sent}
        statuses = [
            house.client.post(where, json=feature | {"properties": sent | more}, headers=house.as_("city")).status_code
            for more in ({}, {}, other, {"document": "79/BC"})
        ]
        assert statuses == [201, 409, 201, 201 if name == "assessments" else 409]


@pytest.mark.parametrize("path", ["/api/v1/coverage/entries", "/ogc/collections/coverage-entries/items"])
def test_a_figure_that_a_file_may_not_hold_is_refused_in_its_words(house: House, path: str) -> None:
    figure = {"ward_code": BA_DINH, "programme": "hanoi-2026", "indicator": "3.1", "period": "2026-Q2", "value": 5}
    figure |= {"day": "2026-07-09", "document": "80/BC", "office": "Sở Y tế"}

    def send(query: str = "", **more: object) -> Any:
        sent: dict[str, Any] = figure | more
        if "ogc" in path:
            sent = {"type": "Feature", "geometry": None, "properties": sent}
        return house.client.post(path + query, json=sent, headers=house.as_("city"))

    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"ward_code": "19813"}, "records.ward-of-another-city"),
        ({"value": 5.5}, "importing.no-count"),
        ({"indicator": "1", "value": 3}, "importing.no-yes-or-no"),
        ({"indicator": "1", "value": 1, "ward_code": None}, "importing.ward-figure"),
        ({"indicator": "9"}, "importing.city-figure"),
        ({"period": "2025-Q2"}, "importing.other-year"),
    ]
    for wrong, code in wrongs:
        answer = send(**wrong)
        assert (answer.status_code, [each["code"] for each in answer.json()["problems"]]) == (422, [code]), answer.text
    own = {"indicator": "3.2", "period": "2026-Q1" if "ogc" in path else "2026-Q2"}
    first = send(**own)
    assert [first.status_code, *(send(query, **own).status_code for query in ("", "?again=true"))] == [201, 409, 201]


def test_a_place_or_ward_that_contradicts_the_geometry_is_refused(house: House) -> None:
    mine, here = house.as_("hoai-duc"), _made(house, day="2026-07-10")
    wrong = _feature(day="2026-07-11", lon=105.8, lat=PLACE[1])
    for answer in (
        house.client.post(REPORTS, json=wrong, headers=mine),
        house.client.put(here, json=wrong, headers=mine),
    ):
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, "service.place-contradicts")
    ward = house.client.post(REPORTS, json=_feature(day="2026-07-11", ward_code=BA_DINH), headers=mine)
    assert (ward.status_code, ward.json()["problems"][0]["code"]) == (422, "service.ward-contradicts")
    assert house.client.put(here, json=_feature(day="2026-07-10") | {"id": "999999"}, headers=mine).status_code == 422
    for place, code in ((None, "records.one-place-needed"), (PLACE[::-1], "records.point-swapped")):
        answer = house.client.put(here, json=_feature(place, day="2026-07-10"), headers=mine)
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, code), "it is about no ward at all"
    for place, more, code in (
        (None, {"ward_code": "613"}, "one-place-needed"),
        (PLACE, {"chainage_m": 5}, "chainage-without-site"),
    ):
        answer = house.client.post(REPORTS, json=_feature(place, day="2026-07-11", **more), headers=house.as_("city"))
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, f"records.{code}")
    right = _feature(day="2026-07-11", lon=PLACE[0], lat=round(PLACE[1], 5), ward_code=HOAI_DUC)
    assert house.client.post(REPORTS, json=right, headers=mine).status_code == 201


def test_what_of_a_new_feature_is_not_used_is_said(house: House) -> None:
    mine = house.as_("hoai-duc")
    sent = _feature(day="2026-07-12", recorded_at="2020-01-01T00:00:00Z") | {"id": "nhà số 5"}
    answer = house.client.post(REPORTS, json=sent, headers=mine)
    assert answer.status_code == 201, answer.text
    unused, computed = answer.json()["notes"]
    assert "nhà số 5" in unused and str(answer.json()["id"]) in unused and "recorded_at" in computed
    placed = _feature(None, day="2026-07-12") | {"place": {"type": "Point", "coordinates": [586000, 2325000]}}
    answer = house.client.post(REPORTS, json=placed, headers=mine)
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, "service.no-point")


def test_an_item_keeps_its_address_through_corrections_and_ends_as_a_withdrawal(house: House) -> None:
    here, mine = _made(house), house.as_("hoai-duc")
    item = house.client.get(here, headers=mine).json()
    assert item["geometry"] == {"type": "Point", "coordinates": PLACE}
    assert item["properties"]["ward_code"] == HOAI_DUC
    # What was read is sent back with one change; what the service finds out itself is passed over.
    item["properties"]["note"] = "bãi đất cạnh kênh"
    assert house.client.put(here, json=item, headers=mine).status_code == 204
    again = house.client.get(here, headers=mine).json()
    assert (again["id"], again["properties"]["note"]) == (item["id"], "bãi đất cạnh kênh")
    assert house.client.put(here, json=item, headers=mine).status_code == 204
    assert house.client.delete(f"{here}?reason=ghi+nh%E1%BA%A7m", headers=mine).status_code == 204
    assert house.client.get(here, headers=mine).status_code == 404
    assert house.client.delete(here, headers=mine).status_code == 404
    rows = house.store.history("report", root_id=int(item["id"]))
    assert (rows["withdrawn"].tolist(), rows["note"].iloc[-1]) == ([False, False, True], "ghi nhầm")


def test_an_item_that_was_changed_meanwhile_is_not_written_over(house: House) -> None:
    here, mine = _made(house), house.as_("hoai-duc")
    read = house.client.get(here, headers=mine)
    seen = mine | {"If-Match": read.headers["etag"]}
    assert house.client.put(here, json=_feature(note="một"), headers=seen).status_code == 204
    assert house.client.put(here, json=_feature(note="hai"), headers=seen).status_code == 412
    assert house.client.delete(here, headers=seen).status_code == 412
    assert house.client.get(here, headers=mine).json()["properties"]["note"] == "một"


def test_metres_of_vn_2000_are_read_by_their_system(house: House) -> None:
    import shapely

    x, y = to_metric([shapely.Point(PLACE)], "01")[0].coords[0]
    head = house.as_("hoai-duc") | {"Content-Crs": f"<{VN2000}>"}
    answer = house.client.post(REPORTS, json=_feature([x, y], day="2026-07-17"), headers=head)
    assert answer.status_code == 201, answer.text
    got = house.client.get(answer.headers["location"], headers=house.as_("hoai-duc")).json()
    assert got["geometry"]["coordinates"] == pytest.approx(PLACE, abs=1e-6)
    assert house.client.post(REPORTS, json=_feature([x, y]), headers=house.as_("city")).status_code == 422
    days = iter(("2026-07-13", "2026-07-14", "2026-07-15", "2026-07-16"))
    for code, place, status in ((5897, [x, y], 201), (4326, PLACE, 201), (5897, PLACE, 422), (3857, PLACE, 400)):
        member = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
        sent = _feature(place, day=next(days)) | {"crs": member}
        answer = house.client.post(REPORTS, json=sent, headers=house.as_("city"))
        assert answer.status_code == status, answer.text
        if status == 201:
            got = house.client.get(answer.headers["location"], headers=house.as_("city")).json()
            assert got["geometry"]["coordinates"] == pytest.approx(PLACE, abs=1e-6)
    in_metres = house.client.get(REPORTS, params={"crs": VN2000}, headers=house.as_("city"))
    assert in_metres.status_code == 200
    sent = _feature([x, y], day="2026-07-18")
    sent["geometry"]["crs"] = {"type": "name", "properties": {"name": "EPSG:5897"}}
    answer = house.client.post(REPORTS, json=sent, headers=house.as_("city"))
    assert answer.status_code == 201, answer.text
    got = house.client.get(answer.headers["location"], headers=house.as_("city")).json()
    assert got["geometry"]["coordinates"] == pytest.approx(PLACE, abs=1e-6)
    other = house.as_("city") | {"Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"}
    answer = house.client.post(REPORTS, json=sent, headers=other)
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, "importing.several-systems")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", "service.not-json"),
        (b"[]", "service.not-one-feature"),
        (
            b'{"type":"Feature","geometry":null,"properties":{"day":"2026-07-01","day":"2026-06-01"}}',
            "importing.repeated-member",
        ),
        (b'{"type":"FeatureCollection","features":[]}', "service.not-one-feature"),
        (b'{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}', "service.no-point"),
    ],
)
def test_what_is_no_report_is_refused(house: House, body: bytes, problem: str) -> None:
    answer = house.client.post(REPORTS, content=body, headers=house.as_("hoai-duc"))
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (422, problem)


def test_fields_are_checked_as_at_the_api(house: House) -> None:
    head = house.as_("hoai-duc")
    for wrong in ({"kind": "rumour"}, {"name": "x"}, {"day": "2031-01-01"}, {"note": "Gọi 0912 345 678"}):
        answer = house.client.post(REPORTS, json=_feature(**wrong), headers=head)
        assert answer.status_code == 422, answer.text
    assert house.client.post(REPORTS, json=_feature(None), headers=house.as_("city")).status_code == 422


def test_a_ward_reads_and_writes_its_own_alone(house: House) -> None:
    here = _made(house)
    other = house.as_("ba-dinh")
    assert house.client.get(here, headers=other).status_code == 404
    assert house.client.put(here, json=_feature(), headers=other).status_code == 404
    assert house.client.delete(here, headers=other).status_code == 404
    assert house.client.post(REPORTS, json=_feature(), headers=other).status_code == 403
    listed = house.client.get(REPORTS, headers=other).json()["features"]
    assert {feature["properties"]["ward_code"] for feature in listed} <= {BA_DINH}


def test_a_record_without_a_place_is_an_item_without_geometry(house: House) -> None:
    facts = {"site_id": "HN-I-1", "level": "low", "day": "2026-07-03", "document": "19/BC"}
    body = {"type": "Feature", "geometry": None, "properties": facts}
    answer = house.client.post("/ogc/collections/assessments/items", json=body, headers=house.as_("city"))
    assert answer.status_code == 201, answer.text
    body["geometry"] = {"type": "Point", "coordinates": PLACE}
    answer = house.client.post("/ogc/collections/assessments/items", json=body, headers=house.as_("city"))
    assert answer.json()["problems"][0]["code"] == "service.no-geometry-here"
