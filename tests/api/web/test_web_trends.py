"""Trends: months, sites and wards against the year before, as pages and as files, each viewer's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from itertools import combinations
from xml.etree import ElementTree

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from web_house import BA_DINH, HOAI_DUC, Watched

from geo.records.store import Store
from geo.situation import at
from geo.situation.trends import by_month, by_site, by_ward, so_far

SignIn = Callable[[str | None], TestClient]


def table(client: TestClient, name: str, **query: str) -> pd.DataFrame:
    answer = client.get(f"/dashboard/{name}.csv", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith('_noi-bo.csv"')
    return pd.read_csv(StringIO(answer.content.decode("utf-8-sig")), dtype={"id": str, "month": str})


def test_months_hold_each_report_once_and_what_is_not_known_is_not_zero(store: Store) -> None:
    situation = at(date(2026, 8, 10), store=store)
    months = by_month(situation)
    assert situation.reports is not None
    assert len(months) == 12
    known = [month for month in months if month.counts is not None]
    assert sum(month.total or 0 for month in known) == len(situation.reports)
    assert months[0].first.isoformat() == "2025-09-01"
    assert all(month.counts is None and month.before is None for month in months if month.first < date(2026, 5, 1))
    assert next(month for month in months if month.first == date(2026, 7, 1)).total is not None


def test_the_year_before_is_the_same_days(store: Store) -> None:
    """Looked at a year later, what was reported by then stands beside this year's; what came after that day does not."""
    later = at(date(2027, 5, 7), store=store)
    total = so_far(later)
    assert total is not None
    assert later.reports is not None
    days = later.reports["day"]
    assert total.now == 0
    assert total.before is None  # nobody reported before May of 2026: the year before is known in part only
    months = by_month(later)
    assert months[-1].before == int(((days >= "2026-05-01") & (days < "2026-06-01")).sum())
    assert {each.key for each in by_ward(later)} == set()


def test_published_figures_on_the_board_say_as_of_which_day(visitor: SignIn) -> None:
    said = "6 tháng đầu năm 2026: số liệu công bố, theo những gì đã nhập đến ngày 30/07/2026"
    assert said in visitor("hoai-duc").get("/dashboard").text
    assert "số liệu công bố" not in visitor("city").get("/dashboard").text


def test_sites_and_wards_have_those_that_their_pages_list(store: Store, visitor: SignIn) -> None:
    situation = at(date(2026, 8, 10), store=store)
    assert [each.key for each in by_site(situation)] == situation.sites["site_id"].tolist()
    found = table(visitor("city"), "places")
    ward = found[(found["kind"] == "ward") & (found["id"] == HOAI_DUC)].iloc[0]
    assert situation.reports is not None
    assert ward["this_year"] == int((situation.reports["ward_code"] == HOAI_DUC).sum())


def test_a_ward_sees_its_own_reports_in_every_file(visitor: SignIn) -> None:
    own, city = visitor("ba-dinh"), visitor("city")
    assert table(own, "months")["total"].sum() < table(city, "months")["total"].sum()
    assert set(table(own, "places").query("kind == 'ward'")["id"]) == {BA_DINH}
    page = own.get("/dashboard").text
    assert "của địa bàn cơ quan bạn" in page
    # No site runs through Ba Đình: of sites elsewhere it is shown nothing, which is not 0.
    assert table(own, "places").query("kind == 'site'").empty
    assert "Khu vực Quốc lộ 32" not in page
    theirs = table(visitor("hoai-duc"), "places").query("kind == 'site'")
    assert theirs["id"].tolist() == ["HN-I-1"]
    assert "Xã Hoài Đức" not in page
    assert visitor(None).get("/dashboard").status_code in (303, 401)


def test_charts_are_whole_svg_without_styles_or_scripts(visitor: SignIn) -> None:
    for city in ("hanoi", "hue"):
        for name in ("months", "coverage"):
            answer = visitor("city").get(f"/dashboard/{name}.svg", params={"city": city})
            assert answer.headers["content-type"] == "image/svg+xml"
            root = ElementTree.fromstring(answer.content)
            assert root.tag.endswith("svg")
            assert root[0].text
            assert b"style" not in answer.content
            assert b"script" not in answer.content
    assert visitor("city").get("/dashboard/places.svg").status_code == 404


def test_no_two_parts_of_a_chart_look_alike_on_grey_paper(visitor: SignIn) -> None:
    for name in ("months", "coverage"):
        root = ElementTree.fromstring(visitor("city").get(f"/dashboard/{name}.svg").content)
        boxes = [box for box in root.iter("{http://www.w3.org/2000/svg}rect") if box.get("width") == "10"]
        fills = [box.get("fill", "") for box in boxes]
        textures = {place(box): box.get("fill") for box in boxes if box.get("fill", "").startswith("url(#")}
        looks = [(grey(box.get("fill", "")), textures.get(place(box))) for box in boxes if box.get("stroke")]
        assert len(looks) >= 4, fills
        for one, other in combinations(looks, 2):
            assert one[1] != other[1] or abs(one[0] - other[0]) > 20, (name, one, other)


@pytest.mark.browser
def test_the_key_of_a_chart_stays_within_it_in_both_languages(watched: Callable[..., Watched]) -> None:
    seen = watched(user="city")
    for lang in ("vi", "en"):
        page = seen.open(f"/dashboard?lang={lang}")
        assert page.evaluate(OVERLAPS) == []


OVERLAPS = """() => [...document.querySelectorAll('main svg[role=img]')].flatMap(svg => {
  const frame = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll(':scope > text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  const rects = [...svg.querySelectorAll(':scope > rect[width="10"]')].map(r => ['box', r.getBoundingClientRect()]);
  const cross = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  const out = texts.filter(([, t]) => t.right > frame.right + 1 || t.left < frame.left - 1 || t.bottom > frame.bottom + 1).map(([name]) => name + ' is cut');
  const all = [...texts, ...rects];
  return out.concat(texts.flatMap(([name, t], i) => all.filter(([other, o], j) => j > i && cross(t, o)).map(([other]) => name + ' x ' + other)));
})"""


def place(box: ElementTree.Element) -> tuple[str | None, str | None]:
    return box.get("x"), box.get("y")


def grey(fill: str) -> float:
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_coverage_of_periods_is_exported_with_the_day_it_was_known(visitor: SignIn) -> None:
    found = table(visitor("city"), "coverage")
    assert {"period", "as_of", "target", "value", "state"} <= set(found.columns)
    assert set(found["period"]) >= {"2026-H1"}


@pytest.mark.parametrize(("span", "last"), [("quarter", "2026-Q3"), ("month", "2026-08")])
def test_the_coverage_of_quarters_and_months_is_drawn_and_exported(visitor: SignIn, span: str, last: str) -> None:
    found = table(visitor("city"), "coverage", span=span)
    assert found["period"].iloc[-1] == last
    assert found["period"].nunique() <= 6
    assert set(found["period"].str.len()) == {7}
    page = visitor("city").get(f"/dashboard?span={span}").text
    assert f"/dashboard/coverage.csv?span={span}" in page
    assert "tháng 8" in page or "quý III" in page
    assert visitor("city").get("/dashboard?span=decade").status_code in (400, 422)


def test_a_small_chart_stands_beside_a_number(visitor: SignIn) -> None:
    for path in (f"/wards/{HOAI_DUC}", "/sites/HN-I-1"):
        assert 'class="spark"' in visitor("hoai-duc").get(path).text, path
        assert 'class="spark"' not in visitor(None).get(path).text, path
