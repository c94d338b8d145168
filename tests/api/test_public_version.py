"""A write that the public can't see changes no public answer, and costs the public no computation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from fresh_records import fresh_records, record
from map_nonce import without_nonce

from api.core.public_records import PublicRecords
from api.core.service import Service
from api.core.settings import ApiSettings
from api.main import create_app
from api.ogc.layers import _layers
from geo.records.entries import (
    Actor,
    NewAssessment,
    NewCoverageEntry,
    NewEntry,
    NewFlagEvent,
    NewPhaseChange,
    NewReport,
    NewReview,
    NewVerification,
)
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind_of
from geo.records.model.register_lookup import load_register_lookup
from geo.records.publishing import new_draft, save_draft
from geo.records.store import Store, open_store
from geo.situation import at
from geo.situation.snapshot import _situations

ACTOR = Actor("tests", "Sở Y tế", "cli")
"""Another one each time that a map is sent."""
TODAY = date(2026, 8, 10)
URLS = (
    "/api/v1/situation",
    "/api/v1/wards?f=geojson",
    "/api/v1/wards/09832",
    "/api/v1/sites/HN-I-1",
    "/api/v1/sites/HN-I-1/history",
    "/api/v1/flags",
    "/api/v1/coverage",
    "/ogc/collections/sites/items?f=json",
    "/tiles/11/1625/901",
    "/maps/risk",
    "/",
    "/wards/09832",
    "/sites/HN-I-1",
    "/coverage",
)


class Clock:
    """A clock that goes on by a second with every look at it, from a day on."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 8, 10, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(fresh_records(tmp_path), registers=load_register_lookup(), now=Clock()) as store:
        yield store


def write(*entries: NewEntry) -> Callable[[Store], None]:
    def run(store: Store) -> None:
        for entry in entries:
            store.add(entry, ACTOR)

    return run


REPORT = NewReport(day=TODAY, kind="other", channel="hotline", lon=105.8364, lat=21.0394)
EXPOSED = "exposure:HN-I-1:watch"


def _write(store: Store, entry: NewEntry) -> None:
    if kind_of(entry).by_draft:
        record(store, entry, ACTOR)
    else:
        store.add(entry, ACTOR)


def seen_again(store: Store) -> None:
    """The public knows since the first time that the flag was seen; not what is noted the second time."""
    store.add(NewFlagEvent(flag_id=EXPOSED, event="acknowledged", day=TODAY, note="nhắc lại"), ACTOR)


ASSESSED = NewAssessment(site_id="HN-I-1", level="active", day=TODAY, document="12/BC-UBND", office="Công an thành phố")


def correct_a_note(store: Store) -> None:
    frame = store.assessments()
    own = frame[frame["document"] == ASSESSED.document].iloc[-1]
    store.add(replace(ASSESSED, note="ghi chú nội bộ"), ACTOR, corrects=int(own["id"]))


def remove_the_old(store: Store) -> None:
    store.purge(date(2026, 1, 1), ACTOR)


def draft(store: Store) -> None:
    """A new site, which is in force for nobody before it is published."""
    line = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
    papers = {"day": TODAY, "document": "15/KH-UBND", "office": "Sở Y tế"}
    site = NewSiteVersion(
        site_id="HN-T-1", name="Đường mới", group="public", level="active", geometry=line, **papers
    )  # fmt: skip
    save_draft(store, new_draft(store, "hanoi", "Đợt tháng 8", [site], **papers), ACTOR)


HIDDEN: dict[str, Callable[[Store], None]] = {
    "report": write(*[REPORT] * 8),
    "verification": write(REPORT, NewVerification(report_id=1, outcome="confirmed", day=TODAY)),
    "review": write(NewReview(day=TODAY, wards=("09832",), sites=("HN-I-1",), conclusion="watch", document="15/BB-RS")),
    "coverage": write(
        NewCoverageEntry(
            ward_code="09832",
            programme="hanoi-2026",
            indicator="1",
            period="2026-H1",
            value=1,
            day=TODAY,
            document="20/BC",
            office="UBND",
        )
    ),
    "event of a flag that needs reports": write(
        NewFlagEvent(flag_id="emergence:2026-08-01:00004:warning", event="acknowledged", day=TODAY)
    ),
    "a second note beside a public flag": seen_again,
    "a note of an assessment": correct_a_note,
    "retention": remove_the_old,
    "observation": write(NewObservation(place="HN-I-1", day=TODAY, document="12/BC", office="Sở Y tế")),
    "measure": write(NewMeasure(site_id="HN-I-1", day=TODAY, document="12/BC", office="Sở Y tế")),
    "draft": draft,
}
PUBLIC: dict[str, NewEntry] = {
    "level": NewAssessment(site_id="HN-I-1", level="inactive", day=TODAY, document="9/BC", office="UBND"),
    "phase": NewPhaseChange(ward_code="09832", phase="expansion", day=TODAY, document="9/QĐ"),
    "flag": NewFlagEvent(flag_id="exposure:HN-I-1:alert", event="closed", day=TODAY, result="nothing"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_hidden_write_changes_nothing_and_computes_nothing(store: Store, name: str) -> None:
    store.add(NewFlagEvent(flag_id=EXPOSED, event="acknowledged", day=TODAY), ACTOR)
    store.add(ASSESSED, ACTOR)
    app = create_app(ApiSettings(log_requests=False), store, store._now)
    service: Service = app.state.service
    with TestClient(app, headers={"Accept": "application/json"}) as client:
        before = {url: client.get(url) for url in URLS}
        assert {answer.status_code for answer in before.values()} == {200}
        cached = {id(answer) for answer in _answers(service)}
        version, computed = store.version(), (_situations.misses, _layers.misses, service.answers.misses)
        HIDDEN[name](store)
        assert store.version() != version
        for url, first in before.items():
            again = client.get(url)
            assert without_nonce(again.content) == without_nonce(first.content), url
            assert again.headers.get("etag") == first.headers.get("etag"), url
            if "etag" in first.headers:
                assert client.get(url, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        # What was never asked for before is made from situations that are there.
        assert client.get("/api/v1/sites/HN-I-2").status_code == 200
        assert (_situations.misses, _layers.misses, service.answers.misses - 1) == computed
        assert cached < {id(answer) for answer in _answers(service)}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_write_shows_at_once(store: Store, name: str) -> None:
    app = create_app(ApiSettings(log_requests=False), store, store._now)
    with TestClient(app, headers={"Accept": "application/json"}) as client:
        urls = ("/api/v1/wards/09832", "/api/v1/sites/HN-I-1", "/api/v1/flags")
        before = {url: client.get(url).headers["etag"] for url in urls}
        _write(store, PUBLIC[name])
        after = {url: client.get(url).headers["etag"] for url in urls}
        assert after != before
        assert len(_answers(app.state.service)) == len(urls)


def test_the_public_situation_is_that_of_all_records_without_what_is_hidden(store: Store) -> None:
    create_app(ApiSettings(log_requests=False), store, store._now)
    store.add(ASSESSED, ACTOR)
    for run in HIDDEN.values():
        run(store)
    for entry in PUBLIC.values():
        _write(store, entry)
    full, public = at(TODAY, store=store), at(TODAY, store=PublicRecords(store))
    assert [public.wards[name].tolist() for name in ("code", "phase")] == [
        full.wards[name].tolist() for name in ("code", "phase")
    ]
    assert public.sites["level"].tolist() == full.sites["level"].tolist()
    exposed = [(flag.flag_id, flag.status, flag.level, flag.score) for flag in full.flags if flag.rule == "exposure"]
    assert [(flag.flag_id, flag.status, flag.level, flag.score) for flag in public.flags] == exposed
    assert [len(part) for part in (public.reports, public.reviews)] == [0, 0]
    assert list(public.reports.columns) == list(full.reports.columns)
    assert not any(flag.note for flag in public.flags)


def test_a_database_that_was_restored_is_read_anew(store: Store) -> None:
    records = PublicRecords(store)
    first = records.versions.of("7.a")
    store.add(REPORT, ACTOR)
    assert records.versions.of("8.b") == first
    content = records.versions._content
    records.versions._content = lambda: (content(), "restored")
    assert records.versions.of("9.c") == first
    assert records.versions.of("5.d") != first


def _answers(service: Service) -> list[object]:
    return [entry.value for entry in dict(service.answers._entries).values()]
