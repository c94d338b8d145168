"""Days as pages take them: typed dd/mm/yyyy or ISO, whatever the browser speaks; the language of what is answered."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web_house import Watched

import api.web
from api.core.problems import QueryError
from api.web.base import dates, language
from api.web.base.dates import day_field, parse_day

Visitor = Callable[..., TestClient]
NewWatched = Callable[..., Watched]
NO_DAY = "45/13/2026"


@pytest.mark.parametrize("module", [dates, language])
def test_examples(module):
    assert doctest.testmod(module, extraglobs={"date": date}).failed == 0


@pytest.mark.parametrize("text", ["07/01/2026", "7/1/2026", "7.1.2026", "07-01-2026", "2026-01-07", " 2026-01-07 "])
def test_a_day_is_read_day_first_or_iso(text):
    assert parse_day(text) == date(2026, 1, 7)


@pytest.mark.parametrize("text", ["13/13/2026", "31/02/2026", "2026", "today", "1/7/26", "07/01/2026 x", "٠٧/01/2026"])
def test_what_is_no_day_is_named(text):
    with pytest.raises(QueryError) as caught:
        parse_day(text, "next_day")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where, problem.parameters) == ("web.not-a-day", "next_day", {"text": text})


def test_a_field_must_be_filled():
    assert parse_day(" ") is None
    with pytest.raises(QueryError, match="is missing"):
        day_field(" ")


def test_no_page_uses_the_date_field_of_the_browser():
    for file in Path(str(api.web.__file__)).with_name("templates").glob("*.html"):
        assert 'type="date"' not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pages_show_and_take_days_as_documents_write_them(visitor: Visitor, lang: str) -> None:
    page = visitor().get("/", params={"lang": lang, "day": "01/07/2026"})
    assert page.status_code == 200
    assert re.search(r'name="day" value="01/07/2026"', page.text)
    assert "day=2026-07-01" in page.text


def test_what_goes_wrong_is_said_in_the_language_of_the_page(visitor: Visitor) -> None:
    html = {"Accept": "text/html"}
    page = visitor().get("/", params={"day": NO_DAY}, headers=html)
    assert page.status_code == 400
    assert f"&#39;{NO_DAY}&#39; không phải là ngày" in page.text
    page = visitor().get("/", params={"day": NO_DAY, "lang": "en"}, headers=html)
    assert f"&#39;{NO_DAY}&#39; is not a day" in page.text
    assert "Write dd/mm/yyyy, like 07/01/2026" in page.text


def test_programs_get_english_unless_they_want_vietnamese(visitor: Visitor) -> None:
    for header, lang, words in (
        ({}, "en", "is not known"),
        ({"Accept-Language": "en-GB,vi;q=0.5"}, "en", "is not known"),
        ({"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.8"}, "vi", "không có"),
    ):
        answer = visitor().get("/api/v1/sites/HN-I-99", headers=header)
        assert answer.status_code == 404
        assert answer.headers["content-language"] == lang
        assert "accept-language" in answer.headers["vary"].lower()
        (problem,) = answer.json()["problems"]
        assert words in problem["what"]
        assert problem["code"].startswith("unknown.name")
        assert problem["parameters"]["kind"] == {"code": "unknown.kind.site", "parameters": {}}


@pytest.mark.browser
def test_a_day_is_typed_or_picked(watched: NewWatched) -> None:
    seen = watched(user="hoai-duc")
    page = seen.open("/reports/new?site=HN-I-1")
    day = page.locator("[name=day]")
    assert day.get_attribute("type") == "text"
    assert day.input_value() == "10/08/2026"
    calendar = page.locator(".day input[type=date]")
    assert calendar.get_attribute("title") == "Chọn ngày"
    day.fill("2/7/2026")
    day.press("Alt+ArrowDown")
    assert calendar.input_value() == "2026-07-02"
    page.keyboard.press("Escape")
    calendar.evaluate("input => { input.value = '2026-07-03'; input.dispatchEvent(new Event('change')); }")
    assert day.input_value() == "03/07/2026"
    day.fill("2/7/2026")
    page.select_option("[name=kind]", "surroundings")
    page.select_option("[name=channel]", "ward_check")
    page.click("main form button:not([type=button])")
    page.wait_for_url("**/reports/*saved=1*")
    assert "02/07/2026" in page.inner_text("main")
    assert (seen.complaints, seen.foreign) == ([], [])
