"""The inbox and the pages of records: what waits comes first, several are verified at once, what is wrong is mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from fastapi.testclient import TestClient
from test_web_browser import PHONE, serious
from test_web_entry import post
from web_house import ACTOR, BA_DINH, HOAI_DUC, PASSWORD, Watched

from geo.analysis.detection.thresholds import load_thresholds
from geo.analysis.flags.city import city_of_situation
from geo.output.dossier.documents.record_sections import site_reports
from geo.output.dossier.edition import Edition
from geo.output.dossier.view import view
from geo.output.maps.kinds.site import site_drawing
from geo.records.accounts import NewAccount
from geo.records.entries import Actor, NewReport, NewReview
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.store import Store
from geo.situation import Situation, at
from geo.situation.site_reports import of_site

Visitor = Callable[..., TestClient]
NewWatched = Callable[..., Watched]
DESKTOP = {"width": 1366, "height": 768}
PLACE = {"lon": 105.7064123, "lat": 21.0612345}


@pytest.fixture
def clerk(store: Store) -> str:
    """An account of a ward that no other test uses."""
    name = f"tin-{len(store.accounts.all())}"
    store.accounts.add(
        NewAccount(username=name, password=PASSWORD, role="ward", office="UBND xã Hoài Đức", wards=(HOAI_DUC,)), ACTOR
    )
    return name


OFFICE = Actor("city", "Cơ quan city", "web")
"""Who recorded what the account `city` corrects."""


def recorded(store: Store, day: date, **more: object) -> int:
    """A report in Xã Hoài Đức; its number."""
    facts = {"kind": "advertising", "channel": "letter"} | PLACE | more
    return store.add(NewReport(day=day, **facts), OFFICE).id  # type: ignore[arg-type]


def numbers(page: str) -> list[int]:
    """The reports of a list, in its order."""
    return [int(number) for number in re.findall(r'name="ids" value="([0-9]+)"', page)]


def test_what_is_not_verified_comes_first_and_filters_stand_in_the_address(visitor: Visitor, store: Store) -> None:
    done = recorded(store, date(2026, 8, 7), verified=True)
    waiting = [recorded(store, date(2026, 7, day)) for day in (1, 2)]
    client = visitor("city")
    page = client.get("/reports?kind=advertising&channel=letter&since=1/7/2026&until=2026-08-07").text
    listed = [number for number in numbers(page) if number in (done, *waiting)]
    assert listed == [waiting[1], waiting[0], done]
    only = numbers(client.get("/reports?status=verified&kind=advertising").text)
    assert done in only
    assert not set(waiting) & set(only)
    assert not numbers(client.get(f"/reports?ward={BA_DINH}&kind=advertising").text)
    assert 'value="01/07/2026"' in page


def test_a_ward_sees_its_own_and_the_public_is_led_to_sign_in(visitor: Visitor, clerk: str, store: Store) -> None:
    every = set(numbers(visitor("city").get("/reports").text))
    own = set(numbers(visitor(clerk).get("/reports").text))
    rows = store.reports(date(2020, 1, 1), date(2026, 12, 31))
    assert own == every & set(rows[rows["ward_code"] == HOAI_DUC]["report_id"])
    assert own < every
    assert visitor().get("/reports").headers["location"].startswith("/login")


def test_several_are_verified_at_once_or_none(visitor: Visitor, store: Store) -> None:
    chosen = [recorded(store, date(2026, 7, 10 + n)) for n in range(3)]
    client = visitor("city")
    fields = {"outcome": "unfounded", "day": "2026-08-01", "document": "9/BB-XM"}
    refused = post(client, "/reports", "/reports/verifications", **fields, ids=[*map(str, chosen), "999999999"])  # type: ignore[arg-type]
    assert refused.status_code in (404, 422)
    status = store.reports(date(2026, 7, 10), date(2026, 8, 10)).set_index("report_id")["status"]
    assert set(status[chosen]) == {"unverified"}
    answer = post(client, "/reports", "/reports/verifications", **fields, ids=list(map(str, chosen)))  # type: ignore[arg-type]
    assert answer.status_code == 303
    status = store.reports(date(2026, 7, 10), date(2026, 8, 10)).set_index("report_id")["status"]
    assert set(status[chosen]) == {"unfounded"}
    nothing = post(client, "/reports", "/reports/verifications", **fields)
    assert nothing.status_code == 422
    assert "9/BB-XM" in nothing.text


def test_what_came_since_the_last_look_is_marked(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    recorded(store, date(2026, 8, 2))
    post(client, "/reports", "/reports/seen")
    assert "0 tin mới" in client.get("/reports").text
    fresh = recorded(store, date(2026, 6, 1))
    page = client.get("/reports?new=1").text
    assert "1 tin mới" in page
    assert numbers(page) == [fresh]


def test_a_review_is_corrected_and_withdrawn_where_it_is_seen(visitor: Visitor, store: Store) -> None:
    review = NewReview(day=date(2026, 8, 3), wards=(HOAI_DUC,), sites=("HN-I-1",), conclusion="quiet", document="3/BB")
    number = store.add(review, OFFICE).id
    client = visitor("city")
    place = f"/records/reviews/{number}"
    assert f'href="{place}"' in client.get("/reviews").text
    right = {"day": "03/08/2026", "wards": HOAI_DUC, "sites": "HN-I-1", "conclusion": "watch", "document": "3/BB-RS"}
    wrong = post(client, place, f"{place}/correction", **right | {"day": "soon", "sites": "HN-I-99"})
    assert wrong.status_code == 422
    assert "HN-I-99" in wrong.text
    answer = post(client, place, f"{place}/correction", **right)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    assert "3/BB-RS" in page
    assert "đã được thay" in page
    newer = answer.headers["location"].split("/")[-1].split("?")[0]
    gone = post(client, answer.headers["location"], f"/records/reviews/{newer}/withdrawal", reason="Ghi nhầm biên bản")
    assert gone.status_code == 303
    assert "3/BB-RS" not in client.get("/reviews").text
    page = client.get(place).text
    assert "đã thu hồi" in page
    assert "Ghi nhầm biên bản" in page
    assert "/correction" not in page


def test_a_review_of_a_ward_that_the_site_does_not_meet_says_why(visitor: Visitor, store: Store) -> None:
    client, before = visitor("city"), len(store.reviews())
    fields = {"day": "2026-08-04", "wards": BA_DINH, "sites": "HN-I-1", "conclusion": "quiet", "document": "4/BB"}
    refused = post(client, "/reviews", "/reviews", **fields)
    assert refused.status_code == 422
    assert "Phường Ba Đình không có" in refused.text
    assert len(store.reviews()) == before
    assert post(client, "/reviews", "/reviews", **fields, note="Họp liên tịch tại Ba Đình").status_code == 303


def test_reports_of_a_site_are_those_in_its_corridor_and_those_that_name_it(visitor: Visitor, store: Store) -> None:
    named = recorded(store, date(2026, 6, 2), site_id="HN-I-1", lon=None, lat=None)
    near = recorded(
        store, date(2026, 6, 3), **dict(zip(("lon", "lat"), store.registers.place_at("HN-I-1", 900), strict=True))
    )  # type: ignore[union-attr, misc, arg-type]
    along = recorded(store, date(2026, 6, 5), site_id="HN-I-1", chainage_m=812.3, lon=None, lat=None)
    far = recorded(store, date(2026, 6, 4), lon=105.8364, lat=21.0394)
    client = visitor("city")
    pages = {
        "inbox": set(numbers(client.get("/reports?site=HN-I-1").text)),
        "page": {int(n) for n in re.findall(r"/reports/([0-9]+)", client.get("/sites/HN-I-1").text)},
        "api": {row["report_id"] for row in client.get("/api/v1/reports?site=HN-I-1&limit=1000", headers={"Accept": "application/json"}).json()["items"]},
    }  # fmt: skip
    situation = at(date(2026, 8, 10), store=store)
    chosen = of_site(situation, "HN-I-1", situation.reports)
    pages["definition"] = set(situation.reports[chosen]["report_id"])
    pages["flag"] = counted(situation, "HN-I-1")
    paper = client.get("/dossiers/HN-I-1.html").text
    pages["dossier"] = set(site_reports(view(situation, Edition("vi", "internal")).site("HN-I-1"))["report_id"])
    assert f"ghi nhận {len(pages['dossier'])} tin báo tại địa điểm" in paper
    drawn = site_drawing(situation, "HN-I-1")
    on_map = next(layer for layer in drawn.layers if layer.key == "reports")
    assert len(on_map.features) == int(situation.reports[chosen].geometry.notna().sum())
    for name, found in pages.items():
        assert {named, near, along} <= found, name
        assert far not in found, name
    assert pages["inbox"] == pages["api"] == pages["definition"] == pages["flag"] == pages["dossier"]


def counted(situation: Situation, site: str) -> set[int]:
    """The reports that the rules for flags count at a site."""
    city = city_of_situation(situation, load_thresholds())
    assert city is not None
    assert situation.reports is not None
    members = np.flatnonzero(city.known.held[:, city.area.sites.site_ids.index(site)])
    rows = city.seen.rows[city.reports_of(members.tolist())]
    return set(situation.reports.iloc[rows]["report_id"])


@pytest.mark.parametrize("kind", ["measures", "observations"])
def test_what_is_recorded_of_a_site_is_withdrawn_where_it_is_seen(visitor: Visitor, store: Store, kind: str) -> None:
    about = {"day": date(2026, 5, 2), "document": f"77/{kind}", "office": "Sở Y tế"}
    entry = (
        NewMeasure(site_id="HN-II-3", **about)  # type: ignore[arg-type]
        if kind == "measures"
        else NewObservation(place="HN-II-3", **about)  # type: ignore[arg-type]
    )
    place = f"/records/{kind}/{store.add(entry, OFFICE).id}"
    client = visitor("city")
    page = client.get("/sites/HN-II-3").text
    assert f'href="{place}?' in page or f'href="{place}"' in page
    assert f"77/{kind}" in page
    assert f"77/{kind}" not in visitor(None).get("/sites/HN-II-3").text
    assert post(client, place, f"{place}/withdrawal", reason="Ghi nhầm văn bản").status_code == 303
    assert f"77/{kind}" not in client.get("/sites/HN-II-3").text


def test_what_the_plan_brought_into_force_says_how_it_is_changed(visitor: Visitor, store: Store) -> None:
    number = store.history("assessment").query("recorded_by == 'plan'")["id"].iloc[0]
    for name in ("city", "admin"):
        page = visitor(name).get(f"/records/assessments/{number}").text
        assert "chỉ thay đổi hoặc thu hồi bằng bản nháp" in page, name
        assert "Chỉ cơ quan đã ghi" not in page, name
        assert "/correction" not in page, name


def test_from_when_a_ward_is_observed_stands_on_its_page(visitor: Visitor, store: Store, clerk: str) -> None:
    number = store.add(
        NewObservation(place=HOAI_DUC, day=date(2026, 1, 1), document="78/BC", office="Sở Y tế"), OFFICE
    ).id
    assert f"/records/observations/{number}" in visitor(clerk).get(f"/wards/{HOAI_DUC}").text


def test_a_report_in_numbers_comes_back_as_it_was_typed(visitor: Visitor, store: Store) -> None:
    number = recorded(store, date(2026, 7, 20))
    client, place = visitor("city"), f"/records/reports/{number}"
    page = client.get(place).text
    assert 'value="105,7064123"' in page
    fields = {"day": "21/07/2026", "kind": "other", "channel": "letter", "lon": "105,7064123", "lat": "21,0612345"}
    assert post(client, place, f"{place}/correction", **fields).status_code == 303
    row = store.reports(date(2026, 7, 20), date(2026, 7, 21)).set_index("report_id").loc[number]
    assert (row["kind"], row["lon"], f"{row['day']:%d}") == ("other", 105.7064123, "21")


def test_what_is_another_wards_is_unknown(visitor: Visitor, clerk: str, store: Store) -> None:
    number = recorded(store, date(2026, 7, 22), lon=105.8364, lat=21.0394)
    client, place = visitor(clerk), f"/records/reports/{number}"
    assert client.get(place).status_code == 404
    assert post(client, "/reports", f"{place}/withdrawal", reason="không phải của tôi").status_code == 404
    assert client.get("/records/nothing/1").status_code == 404
    assert len(store.history("report", root_id=number)) == 0


def test_moving_through_a_filter_by_keys_submits_nothing(watched: NewWatched) -> None:
    page = watched().open("/")
    before = page.url
    page.focus("[name=level]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.input_value("[name=level]") != ""
    assert page.url == before
    page.click("form.filters button")
    page.wait_for_url("**level=*")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_inbox_is_accessible_and_fits(watched: NewWatched, size: dict[str, int]) -> None:
    seen = watched(size, user="city")
    page = seen.open("/reports")
    assert serious(seen) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert (seen.complaints, seen.foreign) == ([], [])


def test_several_are_linked_as_one_matter_and_several_taken_back_with_a_reason(visitor: Visitor, store: Store) -> None:
    first, *others = [recorded(store, date(2026, 6, 12 + n), note=f"tin {n}") for n in range(3)]
    site = recorded(store, date(2026, 6, 16), site_id="HN-I-1", chainage_m=900.0, lon=None, lat=None, verified=True)
    client, chosen = visitor("city"), [*map(str, others), str(site)]
    itself = post(client, "/reports", "/reports/links", same_as=str(first), ids=[str(first)])  # type: ignore[arg-type]
    assert itself.status_code == 422
    missing = post(client, "/reports", "/reports/links", same_as="999999", ids=chosen)  # type: ignore[arg-type]
    assert missing.status_code in (404, 422)
    answer = post(
        client, "/reports?kind=advertising", "/reports/links?kind=advertising", same_as=str(first), ids=chosen
    )  # type: ignore[arg-type]
    assert answer.status_code == 303
    assert "kind=advertising" in answer.headers["location"]
    frame = store.reports(date(2026, 6, 12), date(2026, 6, 16)).set_index("report_id")
    assert frame.loc[[*others, site], "same_as"].tolist() == [first] * 3
    assert frame.loc[others, "note"].tolist() == ["tin 1", "tin 2"]
    assert (frame.loc[site, "chainage_m"], frame.loc[site, "status"]) == (900.0, "verified")
    assert len(store.history("report", root_id=others[0])) == 1

    refused = post(client, "/reports", "/reports/withdrawals", reason=" ", ids=chosen)  # type: ignore[arg-type]
    assert refused.status_code == 422
    assert f'value="{others[0]}"' in refused.text
    gone = post(client, "/reports", "/reports/withdrawals", reason="Nhập trùng tệp", ids=chosen)  # type: ignore[arg-type]
    assert gone.status_code == 303
    left = store.reports(date(2026, 6, 12), date(2026, 6, 16))["report_id"].tolist()
    assert first in left
    assert not {*others, site} & set(left)
    ward = visitor("ba-dinh")
    assert post(ward, "/reports", "/reports/withdrawals", reason="của tôi", ids=[str(first)]).status_code == 422  # type: ignore[arg-type]
    assert first in store.reports(date(2026, 6, 12), date(2026, 6, 16))["report_id"].tolist()


def test_views_and_last_looks_belong_to_the_account(visitor: Visitor, store: Store) -> None:
    client, query = visitor("city"), "status=unverified&ward=09832"
    assert post(client, "/reports", f"/reports/views?{query}", name="Chờ xác minh Hoài Đức").status_code == 303
    assert post(client, "/reports", f"/reports/views?{query}", name="").status_code == 422
    again = visitor("city").get("/reports").text  # another browser of the same account
    assert "Chờ xác minh Hoài Đức" in again
    assert "/reports?status=unverified&amp;ward=09832" in again
    assert "Chờ xác minh Hoài Đức" not in visitor("admin").get("/reports").text
    post(client, "/reports", "/reports/seen")
    assert "0 tin mới" in visitor("city").get("/reports").text
    assert post(client, "/reports", "/reports/views", forget="Chờ xác minh Hoài Đức").status_code == 303
    assert "Chờ xác minh Hoài Đức" not in client.get("/reports").text


def test_the_map_beside_the_list_shows_what_the_list_shows(visitor: Visitor, store: Store) -> None:
    recorded(store, date(2026, 6, 20), kind="complaint" if store.vocabulary.holds("kind", "complaint") else "other")
    client = visitor("city")
    page = client.get("/reports?channel=letter&since=2026-06-20&until=2026-06-20").text
    address = re.search(r'iframe src="([^"]+)"', page)
    assert address is not None
    assert "channel=letter" in address[1]
    shown = client.get(address[1].replace("&amp;", "&")).text
    listed = numbers(page)
    assert listed
    assert {int(n) for n in re.findall(r"/reports/([0-9]+)", shown)} == set(listed)
