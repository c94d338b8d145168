"""What is kept counts as what it is, is dropped when it is written over, and can't be made to grow by asking."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi.testclient import TestClient

import geo.situation
from api.core.caches import KeyedCache, VersionedCache
from api.core.responses import Answers, made
from api.core.service import Service
from api.core.settings import ApiSettings
from api.main import create_app
from api.resources import feature_collections as collections
from api.resources.feature_collections import collection
from geo.records.entries import Actor, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.situation import at

DAY = date(2026, 3, 1)
ACTOR = Actor("tests", "Sở Y tế", "cli")


def clock() -> datetime:
    return datetime(2026, 3, 2, 3, tzinfo=UTC)


def records(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'records.sqlite'}", registers=load_register_lookup(), now=clock)


def a_report(store: Store, note: str = "") -> None:
    store.add(NewReport(day=DAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394, note=note), ACTOR)


def test_a_value_that_grew_counts_as_what_it_is() -> None:
    kept: KeyedCache[list[int]] = KeyedCache(40, len)
    grows = [0] * 5
    kept.put("grows", grows)
    for name in range(3):
        kept.put(name, [0] * 10)
    grows += [0] * 30
    assert kept.size == 35
    assert kept.find("grows") is grows
    assert kept.size <= 40
    assert kept.find(0) is None
    kept.clear()
    assert (kept.size, len(kept), kept.find("grows")) == (0, 0, None)


def test_an_answer_counts_with_its_gzip_form_and_what_is_packed_has_none() -> None:
    answers = Answers(10**6)
    text = answers.get("text", lambda: made(b"text " * 5_000, "text/plain"))
    alone = answers.size
    assert alone > 25_000
    packed = len(text.zipped)
    assert answers.find("text") is text
    assert answers.size == alone + packed
    assert text.worth_gzip
    assert not any(made(b"x" * 9_000, kind).worth_gzip for kind in ("application/pdf", "image/png", "application/zip"))


def test_what_was_made_in_another_state_is_dropped_at_once() -> None:
    kept: VersionedCache[str] = VersionedCache(9)
    for subject in ("a", "b", "c"):
        kept.get(subject, lambda: 1, lambda: "old")
    assert len(kept) == 3
    assert kept.get("a", lambda: 2, lambda: "new") == "new"
    assert len(kept) == 1
    # Written over while it was made: whoever waited gets it, nobody later.
    states = iter((2, 2, 3))
    assert kept.get("b", lambda: next(states), lambda: "late") == "late"
    assert (kept.find("b", 2), kept.find("b", 3)) == (None, None)


def test_the_newest_are_kept_up_to_a_size_but_two_however_large() -> None:
    kept: VersionedCache[int] = VersionedCache(9, 100, lambda size: size)
    for subject, size in (("a", 40), ("b", 40), ("c", 40)):
        kept.get(subject, lambda: 1, lambda size=size: size)  # type: ignore[misc]
    assert [kept.find(name, 1) for name in "abc"] == [None, 40, 40]
    kept.get("d", lambda: 1, lambda: 500)
    assert [kept.find(name, 1) for name in "bcd"] == [None, 40, 500]


def test_nothing_of_the_records_before_a_write_stays(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        app = create_app(ApiSettings(log_requests=False), store, clock)
        service: Service = app.state.service
        with TestClient(app) as client:
            pages = ("/api/v1/situation", "/api/v1/sites", "/ogc/collections/wards/items?f=json", "/maps/overview")
            counts, pictures = set(), []
            for number in range(4):
                a_report(store, f"Tin {number}")
                for page in pages:
                    assert client.get(page).status_code in (200, 303)
                counts.add((len(service.answers), len(service.pictures), len(service.layers)))
                pictures.append(weakref.ref(service.situation()))
            assert len(counts) == 1, counts
        gc.collect()
        assert [picture() is not None for picture in pictures] == [False, False, False, True]


def test_a_long_address_is_not_kept(tmp_path: Path) -> None:
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
        assert sum(key[3] == store.opened_as for key in geo.situation.snapshot._situations._values) == 10
        a_report(store)
        at(DAY, store=store)
        assert [key[0] for key in geo.situation.snapshot._situations._values if key[3] == store.opened_as] == [DAY]


def test_a_situation_is_as_large_as_its_reports(tmp_path: Path) -> None:
    with records(tmp_path) as store:
        bare = at(DAY, store=store).size
        reports = [NewReport(day=DAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394)] * 2_000
        store.add_reports(reports, ACTOR, source="tests")
        assert 200 < (at(DAY, store=store).size - bare) / 2_000 < 600
