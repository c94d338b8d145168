"""Drafts over HTTP: recorded, published in one step, refused where somebody was quicker."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from api_house import ACTOR, PASSWORD, House
from fastapi.testclient import TestClient

from api.security.identity import COOKIE
from geo.records.accounts import NewAccount
from geo.records.plan_files import plan_file

LINE = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
SAID = {"day": "2026-08-01", "document": "15/KH-UBND", "office": "Sở Y tế"}


def body(*entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "city": "hanoi",
        "title": "Đợt tháng 8",
        "day": "2026-08-01",
        "document": "15/KH-UBND",
        "entries": list(entries),
    }


def version(site_id: str, name: str) -> dict[str, Any]:
    values = {"site_id": site_id, "name": name, "group": "public", "level": "active", "geometry": LINE}
    return {"kind": "site_version", "entry": {**values, **SAID}}


def level(site_id: str, day: str) -> dict[str, Any]:
    return {"kind": "assessment", "entry": {"site_id": site_id, "level": "low", **SAID, "day": day}}


@pytest.fixture
def own(house: House, request: pytest.FixtureRequest) -> str:
    """A site id that no other test has."""
    return f"HN-T-{abs(hash(request.node.name)) % 10_000}"


def test_a_draft_is_published_and_seen(house: House, own: str) -> None:
    client, city = house.client, house.as_("city")
    sent = client.post("/api/v1/registers/drafts", json=body(version(own, "Đường Láng mới")), headers=city)
    assert sent.status_code == 201, sent.text
    number = sent.json()["id"]
    assert own not in client.get("/api/v1/sites?limit=100").text
    listed = client.get("/api/v1/registers/drafts?city=hanoi", headers=city).json()["drafts"]
    assert number in [draft["draft"] for draft in listed]
    assert client.get("/api/v1/registers/drafts").status_code == 401
    assert (
        client.post(f"/api/v1/registers/drafts/{number}/publication", headers=house.as_("hoai-duc")).status_code == 403
    )
    assert client.post(f"/api/v1/registers/drafts/{number}/publication", headers=city).status_code == 201
    assert own in client.get("/api/v1/sites?limit=100").text
    assert own not in client.get("/api/v1/sites?limit=100&day=2026-07-31").text
    missing = client.get(f"/api/v1/sites/{own}?day=2026-07-31")
    assert (missing.status_code, missing.json()["problems"][0]["code"]) == (404, "unknown.site-since")
    names = client.get("/api/v1/places?city=hanoi", params={"q": "Đường Láng mới"}).json()["items"]
    assert own in [row["code"] for row in names]
    found = client.get(f"/api/v1/sites/{own}/crossings").json()
    assert found["numberMatched" if "numberMatched" in found else "total"] >= 1
    assert client.get(f"/api/v1/registers/drafts/{number}", headers=city).json()["published"]
    again = client.post(f"/api/v1/registers/drafts/{number}/publication", headers=city)
    assert (again.status_code, again.json()["problems"][0]["code"]) == (409, "records.published-before")


def test_the_history_of_a_site_is_its_whole_life_also_when_it_left(house: House, own: str) -> None:
    client, city = house.client, house.as_("city")
    for entry in (version(own, "Đường A"), event(own, "cleared", "2026-08-03")):
        made = client.post("/api/v1/registers/drafts", json=body(entry), headers=city).json()["id"]
        assert client.post(f"/api/v1/registers/drafts/{made}/publication", headers=city).status_code == 201
    found = client.get(f"/api/v1/sites/{own}/history?day=2026-08-09").json()["items"]
    steps = [(row["kind"], row["day"], row.get("about") or row.get("level")) for row in found]
    assert steps == [
        ("version", "2026-08-01", ["Đường A"]),
        ("assessment", "2026-08-01", "active"),
        ("cleared", "2026-08-03", None),
    ]
    before = client.get(f"/api/v1/sites/{own}/history?day=2026-08-02").json()["items"]
    assert [row["kind"] for row in before] == ["version", "assessment"]
    assert client.get("/api/v1/sites/HN-T-none/history").status_code == 404
    for day, said in (("2026-08-02", False), ("2026-08-09", True)):
        page = client.get(f"/sites/{own}?day={day}&lang=en").text
        assert ">level<" in page.split('id="life"')[1]
        assert ("cleared" in page.split('id="life"')[1]) is said
    waiting = client.post("/api/v1/registers/drafts", json=body(level(own, "2026-08-05")), headers=city)
    assert (waiting.status_code, waiting.json()["problems"][0]["code"]) == (422, "records.site-left")
    sent = client.post("/api/v1/assessments", json=level(own, "2026-08-05")["entry"], headers=city)
    assert (sent.status_code, sent.json()["problems"][0]["code"]) == (422, "records.site-left")


def test_a_conflict_is_409_with_both_versions(house: House, own: str) -> None:
    client, city = house.client, house.as_("city")

    def send(name: str) -> int:
        sent = client.post("/api/v1/registers/drafts", json=body(version(own, name)), headers=city)
        return int(sent.json()["id"])

    listed = send("Đường đã có")
    assert client.post(f"/api/v1/registers/drafts/{listed}/publication", headers=city).status_code == 201
    first, second = send("Đường A"), send("Đường B")
    assert client.post(f"/api/v1/registers/drafts/{first}/publication", headers=city).status_code == 201
    answer = client.post(f"/api/v1/registers/drafts/{second}/publication", headers=city)
    assert answer.status_code == 409
    (problem,) = answer.json()["problems"]
    assert problem["parameters"]["in_force"]["name"] == "Đường A"
    assert problem["parameters"]["proposed"]["name"] == "Đường B"
    cleared, renamed = (
        client.post("/api/v1/registers/drafts", json=body(entry), headers=city).json()["id"]
        for entry in (event(own, "cleared"), version(own, "Đường C"))
    )
    assert client.post(f"/api/v1/registers/drafts/{renamed}/publication", headers=city).status_code == 201
    waiting = client.get(f"/api/v1/registers/drafts/{cleared}", headers=city).json()
    assert ("records.finding.outdated", True) in [(one["code"], one["look"]) for one in waiting["findings"]]
    answer = client.post(f"/api/v1/registers/drafts/{cleared}/publication", headers=city)
    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["parameters"]["proposed"]["event"]) == (409, "cleared")
    assert "now Đường C (" in answer.json()["detail"] and "the draft: cleared (" in answer.json()["detail"]


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "report", "entry": {}},
        {"kind": "site_version", "entry": {"x": 1}},
        {"kind": "site_event", "entry": {"site_id": "HN-I-4", "event": "sold", **SAID}},
        {"kind": "site_event", "entry": {"site_id": "HN-I-4", "event": "cleared", "note": "gọi 0912 345 678", **SAID}},
    ],
)
def test_what_cannot_be_published_is_refused(house: House, entry: dict[str, Any]) -> None:
    answer = house.client.post("/api/v1/registers/drafts", json=body(entry), headers=house.as_("city"))
    assert answer.status_code == 422, answer.text


def test_a_plan_is_read(house: House) -> None:
    text = "Số: 15/KH-UBND\nHà Nội, ngày 08 tháng 01 năm 2026\nSTT | Tên điểm | Phường, xã | Mức độ\n1 | Đường Láng | Phường Láng | Ít hoạt động\n2 | Đường Bưởi | Phường Ngọc Hà | Có hoạt động\n"
    files = {"file": ("plan.txt", text.encode(), "text/plain")}
    answer = house.client.post("/api/v1/registers/plans/reading", files=files, headers=house.as_("city"))
    assert answer.status_code == 200, answer.text
    assert [site["wards"] for site in answer.json()["sites"]] == [["00199"], ["00008"]]


def test_the_file_of_a_plan_becomes_a_draft(house: House) -> None:
    """What is not sure and what has no place is named, and the file is there with what came of it."""
    lines = [
        "Số: 16/KH-UBND", "Hà Nội, ngày 08 tháng 01 năm 2026", "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI",
        "STT | Tên điểm | Phường, xã | Mức độ",
        "1 | Khu vực Quốc lộ 32 | Các xã Hoài Đức, Ô Diên, Đan Phượng | Không hoạt động",
        "2 | Nơi không ai biết ở đâu | Phường Láng | Có hoạt động",
    ]  # fmt: skip
    content = "\n".join(lines).encode()
    files = {"file": ("plan.txt", content, "text/plain")}
    path, head = "/api/v1/registers/plans?city=hanoi", house.as_("city")
    assert house.client.post(path, files=files, headers=house.as_("hoai-duc")).status_code == 403
    answer = house.client.post(f"{path}&issuer=UBND", files=files, headers=head)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert "Nơi không ai biết ở đâu" in [row["name"] for row in made["left_out"]]
    draft = house.client.get(f"/api/v1/registers/drafts/{made['id']}", headers=head).json()
    assert len(draft["entries"]) == made["entries"]
    kinds = {entry["kind"] for entry in draft["entries"]}
    assert {"city_plan", "assessment"} <= kinds
    assert not draft["published"]
    digest = next(entry["entry"]["file_digest"] for entry in draft["entries"] if entry["kind"] == "city_plan")
    assert plan_file(house.store, digest).data == content
    nameless = {"file": ("plan.txt", b"STT | T\xc3\xaan", "text/plain")}
    refused = house.client.post("/api/v1/registers/plans", files=nameless, headers=head)
    assert refused.status_code == 422
    assert "number" in {problem["where"] for problem in refused.json()["problems"]}


def test_another_office_of_the_city_neither_replaces_nor_takes_back_a_draft(house: House, own: str) -> None:
    """An administrator may, with a reason: a draft names its document."""
    office = NewAccount(username="police", password=PASSWORD, role="city", office="Công an thành phố", wards=())
    house.store.accounts.add(office, ACTOR)
    other = {"Authorization": f"Bearer {house.store.accounts.add_token('police', 'tests', ACTOR)}"}
    url, city, client = "/api/v1/registers/drafts", house.as_("city"), house.client
    number = client.post(url, json=body(version(own, "Đường A")), headers=city).json()["id"]
    changed = body(version(own, "Đường B")) | {"corrects": number}
    refused = client.post(url, json=changed, headers=other)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:diaban:problem:forbidden")
    page = TestClient(house.app, headers={"Origin": "http://testserver"})
    page.cookies.set(COOKIE, house.store.accounts.open_session("police"))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get("/registers").text)
    assert token is not None
    sent = {"csrf_token": token[1], "reason": "nhầm"}
    assert page.post(f"/registers/drafts/{number}/withdraw", data=sent).status_code == 403
    assert client.get(f"{url}/{number}", headers=city).json()["entries"][0]["entry"]["name"] == "Đường A"
    assert client.post(url, json=changed, headers=house.as_("admin")).status_code == 201


def test_a_geometry_that_would_hold_up_everybody_is_refused(house: House, own: str) -> None:
    """Two drafts: one with too many vertices, one with few that go to and fro across the city."""
    close = [[105.84 + number * 1e-6, 21.01] for number in range(10_001)]
    far = [[105.3 + 0.7 * (number % 2), 20.8 + number * 1e-4] for number in range(30)]
    for places in (close, far):
        entry = version(own, "Đường A")
        entry["entry"]["geometry"] = json.dumps({"type": "LineString", "coordinates": places})
        answer = house.client.post("/api/v1/registers/drafts", json=body(entry), headers=house.as_("city"))
        assert answer.status_code == 422
        assert "10000 and 1000 km" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/api/v1/registers/plans", "/api/v1/registers/plans/reading"])
def test_a_plan_that_came_as_no_named_file_is_asked_for_as_one(house: House, path: str) -> None:
    head, text = house.as_("city"), PLAIN.encode()
    unnamed = b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n' + text + b"\r\n--x--\r\n"
    answers = [
        house.client.post(path, files={"file": (None, text)}, headers=head),
        house.client.post(path, files={"other": ("plan.txt", text)}, headers=head),
        house.client.post(path, content=text, headers=head | {"Content-Type": "text/plain"}),
        house.client.post(path, content=unnamed, headers=head | {"Content-Type": "multipart/form-data; boundary=x"}),
    ]
    assert {answer.status_code for answer in answers} == {422}
    codes = {(problem["where"], problem["code"]) for answer in answers for problem in answer.json()["problems"]}
    assert codes == {("file", "service.no-upload")}


def test_what_a_row_of_a_plan_is_and_how_a_target_is_counted_is_said_in_the_request(house: House) -> None:
    city, url = house.as_("city"), "/api/v1/registers/plans?city=hanoi&issuer=UBND"
    files = {"file": ("plan.txt", PLAIN.encode(), "text/plain")}
    left = house.client.post(url, files=files, headers=city).json()["left_out"]
    assert ["group" in " ".join(row["reasons"]) for row in left if row["row"] == "1"] == [True]
    said = "&row=1=establishment&count=1=level:ward,unit:x%C3%A3, ph%C6%B0%E1%BB%9Dng"
    made = house.client.post(url + said, files=files, headers=city).json()
    entries = house.client.get(f"/api/v1/registers/drafts/{made['id']}", headers=city).json()["entries"]
    (new,) = [each["entry"] for each in entries if each["kind"] == "site_version"]
    (programme,) = [each["entry"] for each in entries if each["kind"] == "programme_version"]
    assert (new["group"], new["site_id"].startswith("HN-I-")) == ("establishment", True)
    (indicator,) = json.loads(programme["content"])["definition"]["indicators"]
    assert (indicator["targets"][0]["level"], indicator["targets"][0]["unit"]) == ("ward", "xã, phường")
    for wrong in ("&row=9=public", "&row=x", "&count=7=level:ward", "&count=1=level:moon", "&count=1=figure:many"):
        assert house.client.post(url + wrong, files=files, headers=city).status_code == 422, wrong


PLAIN = """Số: 24/KH-UBND
Hà Nội, ngày 08 tháng 01 năm 2026
ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI
Danh mục các chỉ tiêu
STT | Chỉ tiêu | Cơ quan chủ trì
1 | Lắp đặt 25 camera tại các xã, phường | Công an Thành phố
Danh sách điểm phức tạp
STT | Tên điểm | Phường, xã | Mức độ
1 | Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở) | Phường Láng | Có hoạt động
"""


def test_a_draft_is_taken_back_as_long_as_it_is_not_in_force(house: House, own: str) -> None:
    client, city, url = house.client, house.as_("city"), "/api/v1/registers/drafts"
    number = client.post(url, json=body(version(own, "Đường A")), headers=city).json()["id"]
    assert client.post(f"{url}/{number}/withdrawal", json={"reason": "nhầm"}).status_code == 401
    assert client.post(f"{url}/{number}/withdrawal", json={"reason": "nhầm"}, headers=city).status_code == 201
    assert client.get(f"{url}/{number}", headers=city).status_code == 404
    number = client.post(url, json=body(version(own, "Đường B")), headers=city).json()["id"]
    assert client.post(f"{url}/{number}/publication", headers=city).status_code == 201
    changed = body(version(own, "Đường C")) | {"corrects": number}
    for answer in (
        client.post(f"{url}/{number}/withdrawal", json={"reason": "nhầm"}, headers=city),
        client.post(url, json=changed, headers=city),
    ):
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "records.published-before")


def test_what_a_draft_brought_into_force_is_changed_by_no_other_door(house: House, own: str) -> None:
    """Neither a correction nor a withdrawal of one record, nor an item of Part 4: a draft takes it back."""
    client, city, url = house.client, house.as_("city"), "/api/v1/registers/drafts"

    def published(*entries: dict[str, Any]) -> None:
        sent = client.post(url, json=body(*entries), headers=city)
        assert sent.status_code == 201, sent.text
        assert client.post(f"{url}/{sent.json()['id']}/publication", headers=city).status_code == 201

    level = {"site_id": own, "level": "low", **SAID}
    published(version(own, "Đường D"), {"kind": "assessment", "entry": level})
    rows = client.get(f"/api/v1/registers/rows?city=hanoi&subject={own}", headers=city).json()["rows"]
    number = next(row["row"] for row in rows if row["kind"] == "assessment")
    change = {name: level[name] for name in ("site_id", "level", "document")} | {"day": "2026-08-02"}
    item = f"/ogc/collections/assessments/items/{number}"
    feature = {"type": "Feature", "geometry": None, "properties": change}
    for answer in (
        client.post(f"/api/v1/assessments/{number}/withdrawal", json={"reason": "nhầm"}, headers=city),
        client.post("/api/v1/assessments", json=change | {"corrects": number}, headers=city),
        client.put(item, json=feature, headers=city),
        client.delete(item, headers=city),
    ):
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "records.by-draft-only"), answer.text
    assert client.get(f"/api/v1/registers/rows?subject={own}", headers=house.as_("hoai-duc")).status_code == 403
    back = [
        {
            "kind": "withdrawal",
            "entry": {"kind": row["kind"], "row": row["row"], "subject": own, "note": "Nhầm", **SAID},
        }
        for row in rows
    ]
    published(*back)
    assert own not in client.get("/api/v1/sites?limit=100").text
    assert client.get(f"/api/v1/registers/rows?city=hanoi&subject={own}", headers=city).json()["rows"] == []


def test_a_site_of_other_days_is_an_item_of_these_days_and_else_said_to_be(house: House, own: str) -> None:
    """By `datetime`, as a list of items is; by `known_at` it is said that it was not known."""
    client, city, url = house.client, house.as_("city"), "/api/v1/registers/drafts"
    second = version(own, "Đường G")
    numbers = [client.post(url, json=body(one), headers=city).json()["id"] for one in (version(own, "Đường E"), second)]
    sent = [client.post(f"{url}/{number}/publication", headers=city) for number in numbers]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json()["notes"] == []
    (note,) = sent[1].json()["notes"]
    assert own in note
    item = f"/ogc/collections/sites/items/{own}"
    assert client.get(item).status_code == 200
    gone = client.post(
        url,
        json=body(event(own, "cleared") | {"entry": event(own, "cleared")["entry"] | {"day": "2026-08-02"}}),
        headers=city,
    )
    assert client.post(f"{url}/{gone.json()['id']}/publication", headers=city).status_code == 201
    left = client.get(item)
    assert (left.status_code, left.json()["problems"][0]["code"]) == (404, "unknown.site-left")
    assert client.get(item, params={"datetime": "2026-08-01"}).status_code == 200
    assert client.get(item, params={"datetime": "2026-07-01"}).status_code == 404
    assert client.get(item, params={"datetime": "x"}).status_code == 400
    before = client.get(f"/api/v1/sites/{own}", params={"day": "2026-08-01", "known_at": "2026-01-15T00:00:00+07:00"})
    assert (before.status_code, before.json()["problems"][0]["code"]) == (404, "unknown.site-not-known")


def event(site_id: str, what: str, day: str = "2026-08-01") -> dict[str, Any]:
    return {"kind": "site_event", "entry": {"site_id": site_id, "event": what, **SAID, "day": day}}


def test_what_cannot_happen_to_a_site_is_refused_with_a_code_of_its_own(house: House) -> None:
    said = body(event("HN-I-4", "returned"), version("HN-II-99", "Đường A") | {"kind": "site_version"})
    said["entries"][1]["entry"]["geometry"] = '{"type":"LineString","coordinates":[[107.585,16.465],[107.59,16.468]]}'
    answer = house.client.post("/api/v1/registers/drafts", json=said, headers=house.as_("city"))
    assert answer.status_code == 422, answer.text
    found = [problem["code"] for problem in answer.json()["problems"]]
    assert found == ["records.event-not-left", "records.route-in-no-ward"]


def test_what_there_is_to_look_at_comes_with_the_draft(house: House) -> None:
    """The same as on its page, when it is recorded and as long as it waits."""
    moved, double = version("HN-I-7", "Đường khác"), version("HN-II-98", "Đường Trần Duy Hưng")
    sent = house.client.post("/api/v1/registers/drafts", json=body(moved, double), headers=house.as_("city"))
    assert sent.status_code == 201, sent.text
    found = sent.json()["findings"]
    looked = {(one["site_id"], one["code"]) for one in found if one["look"]}
    assert looked >= {("HN-I-7", "records.finding.moved"), ("HN-II-98", "records.finding.double")}
    assert any("HN-I-4" in one["text"] for one in found)
    url = f"/api/v1/registers/drafts/{sent.json()['id']}"
    assert house.client.get(url, headers=house.as_("city")).json()["findings"] == found
    again = house.client.post("/api/v1/registers/drafts", json=body(moved), headers=house.as_("city")).json()
    assert "records.finding.also-in-draft" in [one["code"] for one in again["findings"]]


def test_a_day_that_lies_ahead_is_answered_by_what_is_published(house: House, own: str) -> None:
    client, city = house.client, house.as_("city")
    later = body(version(own, "Đường sang năm"))
    later["day"] = later["entries"][0]["entry"]["day"] = "2027-01-15"
    number = client.post("/api/v1/registers/drafts", json=later, headers=city).json()["id"]
    ahead = "/api/v1/sites?limit=100&day=2027-02-01"
    assert own not in client.get(ahead).text
    assert client.post(f"/api/v1/registers/drafts/{number}/publication", headers=city).status_code == 201
    assert own in client.get(ahead).text
    assert own not in client.get("/api/v1/sites?limit=100&day=2027-01-14").text
    assert own not in client.get("/api/v1/sites?limit=100").text
    items = "/ogc/collections/sites/items?limit=100&datetime="
    for span, is_listed in (("2027-02-01", True), ("2026-01-01/2027-02-01", True), ("2027-01-14", False), ("../..", 0)):
        assert (own in client.get(items + span).text) == is_listed, span
    refused = client.get(items + "2026-01-01/2199-02-01")
    assert (refused.status_code, [one["code"] for one in refused.json()["problems"]]) == (400, ["service.no-such-day"])
    page = client.get("/?day=01/02/2027&lang=vi")
    assert (page.status_code, "Đường sang năm" in page.text) == (200, True)
    assert "Ngày 01/02/2027 chưa đến" in page.text
