"""What is cached counts as what it is, is dropped when it is written over, and can't be made to grow by asking."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi.testclient import TestClient
from fresh_records import fresh_records

import geo.situation
from api.core.responses import Answer, made
from api.core.service import Service
from api.core.settings import ApiSettings
from api.main import create_app
from api.ogc.layers import _layers
from api.resources import feature_collections as collections
from api.resources.feature_collections import collection
from geo.cache import Cache
from geo.records.entries import Actor, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.situation import at

DAY = date(2026, 3, 1)
ACTOR = Actor("tests", "Sở Y tế", "cli")


def clock() -> datetime:
    return datetime(2026, 3, 2, 3, tzinfo=UTC)


def records(folder: Path) -> Store:
    return open_store(fresh_records(folder), registers=load_register_lookup(), now=clock)


def a_report(store: Store, note: str = "") -> None:
    store.add(NewReport(day=DAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394, note=note), ACTOR)


def test_a_value_that_grew_counts_as_what_it_is() -> None:
    cache: Cache[object, list[int]] = Cache(40, len)
    grows = [0] * 5
    cache.put("grows", grows)
    for name in range(3):
        cache.put(name, [0] * 10)
    grows += [0] * 3
    assert cache.size == 35
    assert cache.find("grows") is grows
    assert cache.size == 38
    grows += [0] * 2
    cache.put("more", [0] * 2)
    assert cache.find("grows") is grows
    assert cache.size <= 40
    grows += [0] * 30
    assert cache.find("grows") is grows
    assert (cache.find("grows"), cache.find(0)) == (None, None)
    cache.clear()
    assert (cache.size, len(cache)) == (0, 0)


def test_an_answer_counts_with_its_gzip_form_and_what_is_packed_has_none() -> None:
    answers: Cache[str, Answer] = Cache(10**6, lambda answer: answer.size)
    text = answers.get("text", lambda: made(b"text " * 5_000, "text/plain"))
    alone = answers.size
    assert alone > 25_000
    packed = len(text.zipped())
    assert answers.find("text") is text
    assert answers.size == alone + packed
    assert text.worth_gzip
    assert not any(made(b"x" * 9_000, kind).worth_gzip for kind in ("application/pdf", "image/png", "application/zip"))


def test_what_was_made_in_another_version_gives_way() -> None:
    cache: Cache[str, str] = Cache(9)
    for key in ("a", "b", "c"):
        cache.get(key, lambda: "old", lambda: 1)
    assert cache.get("a", lambda: "new", lambda: 2) == "new"
    assert (cache.find("a", 1), cache.find("a", 2), len(cache)) == (None, "new", 3)
    # Written over while it was made: whoever waited gets it, nobody later.
    versions = iter((2, 2, 3))
    assert cache.get("b", lambda: "late", lambda: next(versions)) == "late"
    assert (cache.find("b", 2), cache.find("b", 3)) == (None, None)


def test_the_newest_are_stored_up_to_a_size_but_two_however_large() -> None:
    cache: Cache[str, int] = Cache(100, lambda size: size, at_least=2)
    for key, size in (("a", 40), ("b", 40), ("c", 40)):
        cache.put(key, size)
    assert [cache.find(name) for name in "abc"] == [None, 40, 40]
    cache.put("d", 500)
    assert [cache.find(name) for name in "bcd"] == [None, 40, 500]
    cache.put("e", 600)
    assert [cache.find(name) for name in "cde"] == [None, 500, 600]
    none: Cache[str, int] = Cache(0, lambda size: size, at_least=2)
    for key in "abc":
        none.put(key, 500)
    assert [none.find(name) for name in "abc"] == [None, 500, 500]


def test_nothing_of_the_records_before_a_write_stays(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        app = create_app(ApiSettings(log_requests=False), store, clock)
        service: Service = app.state.service
        with TestClient(app) as client:
            pages = ("/api/v1/situation", "/api/v1/sites", "/ogc/collections/wards/items?f=json", "/maps/overview")
            counts, situations = set(), []
            for number in range(4):
                a_report(store, f"Tin {number}")
                for page in pages:
                    assert client.get(page).status_code in (200, 303)
                counts.add((len(service.answers), len(_layers)))
                situations.append(weakref.ref(service.situation()))
            assert len(counts) == 1, counts
        gc.collect()
        assert [situation() is not None for situation in situations] == [False, False, False, True]


def test_a_long_address_is_not_stored(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        app = create_app(ApiSettings(log_requests=False), store, clock)
        service: Service = app.state.service
        client = TestClient(app, headers={"Accept": "application/json"})
        assert client.get("/ogc/collections/wards/items?limit=1&f=json").status_code == 200
        before = len(service.answers)
        for number in range(3):
            assert client.get(f"/ogc/collections/wards/items?limit=1&f=json&x={number}{'y' * 3_000}").is_client_error
            client.get(f"/api/v1/vocabulary?x={number}{'y' * 3_000}")
        assert len(service.answers) == before


def test_the_collections_of_a_situation_go_with_it() -> None:
    situation = replace(at(DAY))
    before = len(collections._collections)
    first = collection("sites", situation)
    assert collection("sites", situation) is first
    assert len(collections._collections) == before + 1
    del situation, first
    gc.collect()
    assert len(collections._collections) == before


def test_situations_of_before_a_write_are_dropped_of_whatever_day(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        days = [date(2026, 2, day) for day in range(1, 11)]
        for day in days:
            at(day, store=store)
        assert sum(key[3] == store.opened_as for key in geo.situation.snapshot._situations._entries) == 10
        a_report(store)
        at(DAY, store=store)
        assert [key[0] for key in geo.situation.snapshot._situations._entries if key[3] == store.opened_as] == [DAY]


def test_a_situation_is_as_large_as_its_reports(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        bare = at(DAY, store=store).size
        reports = [NewReport(day=DAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394)] * 2_000
        store.add_reports(reports, ACTOR, source="tests")
        assert 200 < (at(DAY, store=store).size - bare) / 2_000 < 600
