"""Files of reports by the interface: read first, written once, and corrected where a row says otherwise."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from api_house import House

PATH = "/api/v1/reports/files"
HEAD = ["Ngày", "Loại tin", "Nguồn tin", "Kinh độ", "Vĩ độ", "Đã xác minh"]


def sheet(*rows: list[str], head: list[str] = HEAD) -> dict[str, Any]:
    made = io.StringIO()
    csv.writer(made).writerows([head, *rows])
    return {"file": ("tin.csv", made.getvalue().encode("utf-8-sig"))}


def row(day: str, verified: str, lon: str = "105.81111") -> list[str]:
    return [day, "other", "letter", lon, "21.01111", verified]


def recorded(house: House) -> dict[str, str]:
    """Day → state of the reports at the place of these files."""
    query = {"bbox": "105.8111,21.0111,105.8112,21.0112", "day": "2026-06-20"}
    found = house.client.get("/api/v1/reports", params=query, headers=house.as_("city")).json()["items"]
    return {item["day"]: item["status"] for item in found}


def test_a_file_is_read_recorded_once_and_corrected_where_its_rows_say_otherwise(house: House) -> None:
    client, city = house.client, house.as_("city")
    first = sheet(row("2026-06-01", "không"), row("2026-06-02", "không"))
    read = client.post(f"{PATH}/reading", files=first, headers=city)
    assert read.status_code == 200, read.text
    assert (read.json()["new"], read.json()["known"], read.json()["changes"]) == (2, 0, [])
    assert not recorded(house)
    made = client.post(PATH, files=first, headers=city)
    assert (made.status_code, made.json()["recorded"], made.json()["corrected"]) == (201, 2, 0)

    later = sheet(row("2026-06-01", "có"), row("2026-06-02", "không"), row("2026-06-03", "có"))
    read = client.post(f"{PATH}/reading", files=later, headers=city).json()
    assert (read["new"], read["known"]) == (1, 2)
    [change] = read["changes"]
    assert (change["row"], change["verified"]) == (2, True)
    left = client.post(PATH, files=sheet(row("2026-06-01", "có")), headers=city).json()
    assert (left["recorded"], left["corrected"]) == (0, 0)
    done = client.post(f"{PATH}?accept_changes=true", files=later, headers=city).json()
    assert (done["recorded"], done["corrected"]) == (1, 1)
    assert recorded(house) == {"2026-06-01": "verified", "2026-06-02": "unverified", "2026-06-03": "verified"}


def test_headings_are_named_by_a_parameter_and_remembered(house: House) -> None:
    client, city = house.client, house.as_("city")
    head = ["Ngày", "Loại tin", "Nguồn tin", "Cột E", "Cột N", "Đã xác minh"]
    refused = client.post(f"{PATH}/reading", files=sheet(row("2026-06-01", "có"), head=head), headers=city)
    assert refused.status_code == 422
    assert {problem["code"] for problem in refused.json()["problems"]} == {"importing.unknown-column"}
    said = {"map": ["Cột E=lon", "Cột N=lat"]}
    made = client.post(PATH, params=said, files=sheet(row("2026-06-11", "có"), head=head), headers=city)
    assert made.status_code == 201, made.text
    again = client.post(f"{PATH}/reading", files=sheet(row("2026-06-12", "có"), head=head), headers=city)
    assert again.json()["new"] == 1
    wrong = client.post(f"{PATH}/reading", params={"map": "Cột E"}, files=sheet(head=head), headers=city)
    assert (wrong.status_code, wrong.json()["problems"][0]["where"]) == (422, "map")


@pytest.mark.parametrize("path", [PATH, f"{PATH}/reading"])
def test_a_ward_brings_reports_of_its_own_and_the_public_none(house: House, path: str) -> None:
    elsewhere = sheet(row("2026-06-01", "có", lon="105.7000"))
    assert house.client.post(path, files=elsewhere, headers=house.as_("hoai-duc")).status_code == 403
    assert house.client.post(path, files=elsewhere).status_code in (401, 403)
    assert house.client.post(path, data={"x": "1"}, headers=house.as_("city")).json()["problems"][0]["code"] == (
        "service.no-upload"
    )
