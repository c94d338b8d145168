"""Two lists of a province in one service: every way out of the one gives the same bytes as if the other were not there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fresh_records import fresh_records
from further_list import FLOOD, WARD, add_flood_list
from further_list import SITE as FLOOD_SITE
from office import ACTOR, PASSWORD, TODAY, Office, StandingClock, opened_office
from ways_out import ADDRESSES

from api.core.settings import ApiSettings
from api.main import create_app
from geo.records.accounts import NewAccount
from geo.records.entries import NewAssessment, NewCoverageEntry, NewReport, NewReview, NewVerification
from geo.records.model.register_lookup import load_register_lookup
from geo.records.open import seed_plan
from geo.records.store import Store, open_store

SAMPLE = [
    *(path for path in ADDRESSES if path.endswith("f=json") or path.startswith(("/?", "/maps/s", "/maps/w", "/tiles"))),
    *("/", "/tasks", "/reports", "/flags", "/reviews", "/registers", "/coverage", "/search?q=thanh liet", "/dashboard"),
    *("/coverage/report.csv?period=2026-H2", "/dossiers/HN-I-7.docx", "/minutes/00664.docx", "/tasks.ics"),
    *("/reports/1", "/reports/map", "/records/reviews/1", "/api/v1/registers/rows", "/ogc/collections/reports/items"),
]
"""Of the ways out one of each kind, in one form."""
HERE = {"lon": 105.8364, "lat": 21.0360}
DOCUMENT = "9/BC"
CLEARED = {
    "kind": "site_event",
    "entry": {
        "site_id": FLOOD_SITE,
        "event": "cleared",
        "day": "2026-07-07",
        "document": DOCUMENT,
        "office": "Sở Xây dựng",
    },
}


def _fill_flood(store: Store) -> None:
    """Some records of every kind that is shown, in the list of flood points, about its places and one ward."""
    own, said = store.of(FLOOD), {"document": DOCUMENT, "office": "Sở Xây dựng"}
    for day in range(1, 9):
        own.add(NewReport(day=date(2026, 8, day), kind="flood_water", channel="flood_call", **HERE), ACTOR)
    own.add(NewVerification(report_id=_first(own), outcome="confirmed", day=date(2026, 8, 9)), ACTOR)
    own.add(
        NewReview(day=date(2026, 6, 1), wards=(WARD,), sites=(FLOOD_SITE,), conclusion="watch", document=DOCUMENT),
        ACTOR,
    )
    own.add(NewAssessment(site_id=FLOOD_SITE, level="flood_deep", day=date(2026, 4, 1), **said), ACTOR)
    entered = {"ward_code": WARD, "programme": "flood-points-2026", "indicator": "1", "period": "2026"}
    own.add(NewCoverageEntry(**entered, value=1, day=date(2026, 7, 1), **said), ACTOR)


def _first(store: Store) -> int:
    return int(store.history("report")["id"].min())


def _fill_main(store: Store) -> None:
    for day in range(1, 9):
        store.add(NewReport(day=date(2026, 8, day), kind="other", channel="hotline", **HERE), ACTOR)
    store.add(
        NewReview(day=date(2026, 6, 1), wards=(WARD,), sites=("HN-I-1",), conclusion="watch", document="1/B"), ACTOR
    )
    said = {"document": "2/BC", "office": "Sở Y tế"}
    store.add(NewAssessment(site_id="HN-I-1", level="active", day=date(2026, 4, 1), **said), ACTOR)


def _seen(client: TestClient, path: str) -> tuple[int, bytes]:
    answer = client.get(path, headers={"Accept": "text/html, */*"})
    return answer.status_code, _without_switch(answer.content)


def _without_switch(page: bytes) -> bytes:
    """A page without the links that lead to other lists, and without what is drawn by chance for each answer."""
    page = re.sub(rb"\s*<li><a href=\"[^\"]*/\?city=[a-z-]+\">[^<]*</a></li>", b"", page)
    return re.sub(rb"nonce[-=]\"?[\w+/=-]+", b"", page)


def _differing(one: Mapping[str, tuple[int, bytes]], other: Mapping[str, tuple[int, bytes]]) -> list[str]:
    return [path for path in one if one[path] != other[path]]


def _of_office(office: Office, who: str) -> dict[str, tuple[int, bytes]]:
    flag = office.hidden_flag.flag_id
    return {path: _seen(office.clients[who], path.replace("FLAG", flag)) for path in SAMPLE}


@pytest.mark.parametrize("who", ["nobody", "own-city"])
def test_the_list_of_the_city_is_as_if_it_were_alone(who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alone").mkdir()
    (tmp_path / "both").mkdir()
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "none"))
    monkeypatch.setattr(secrets, "token_hex", lambda size=32: "5e" * size)
    with opened_office(tmp_path / "alone") as office:
        alone = _of_office(office, who)
    with opened_office(tmp_path / "both") as office:
        monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
        add_flood_list(tmp_path)  # while the service runs, so that the rows of the other list have the same numbers
        seed_plan(office.store)
        _fill_flood(office.store)
        both = _of_office(office, who)
    assert sum(status == 200 for status, _ in alone.values()) > (10 if who == "nobody" else 30)
    assert _differing(alone, both) == []


@contextmanager
def _service(folder: Path, *, with_main: bool) -> Iterator[tuple[FastAPI, dict[str, TestClient]]]:
    """A service of both lists, that of flood points filled; the other one, too, or without a record."""
    folder.mkdir()
    clock = StandingClock()
    clock.at(TODAY)
    with open_store(fresh_records(folder), registers=load_register_lookup(), now=clock) as store:
        app = create_app(ApiSettings(secret="s" * 40, log_requests=False, routes_per_minute=10**6), store, clock)  # type: ignore[arg-type]
        _fill_flood(store)
        if with_main:
            _fill_main(store)
        clients = {}
        for name, role, wards, provinces in (
            ("ward-flood", "ward", (WARD,), (FLOOD,)), ("city-flood", "city", (), (FLOOD,)), ("city-main", "city", (), ("01",)),
        ):  # fmt: skip
            new = NewAccount(
                username=name, password=PASSWORD, role=role, office="Sở Xây dựng", wards=wards, provinces=provinces
            )
            store.accounts.add(new, ACTOR)
            token = store.accounts.add_token(name, "tests", ACTOR)
            clients[name] = TestClient(app, headers={"Authorization": f"Bearer {token}"}, follow_redirects=False)
        clients["nobody"] = TestClient(app, follow_redirects=False)
        yield app, clients


def _of_flood(path: str, *, named: bool) -> str:
    path = path.replace("HN-I-7", FLOOD_SITE).replace("HN-I-1", "HNF-D-2").replace("FLAG", f"exposure:{FLOOD_SITE}")
    path = (
        re.sub(r"006(64|43|40)", WARD, path).replace("2026-H2", "2026").replace("2026-H1", "2026").replace("3.1", "1")
    )
    return f"{path}{'&' if '?' in path else '?'}city={FLOOD}" if named else path


@pytest.mark.parametrize("who", ["nobody", "ward-flood"])
def test_the_further_list_is_as_if_the_other_had_no_records(
    who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    monkeypatch.setattr(secrets, "token_hex", lambda size=32: "5e" * size)
    add_flood_list(tmp_path)
    paths = {_of_flood(path, named=named) for path in SAMPLE for named in {True, who == "nobody"}}
    answers = []
    for with_main in (False, True):
        with _service(tmp_path / str(with_main), with_main=with_main) as (_, clients):
            answers.append({path: _seen(clients[who], path) for path in sorted(paths)})
    alone, both = answers
    assert sum(status == 200 for status, _ in alone.values()) > (10 if who == "nobody" else 30)
    assert _differing(alone, both) == []
    shown = b"".join(body for status, body in both.values() if status == 200)
    assert b"HN-I-" not in shown
    assert b"HN-II-" not in shown


def test_rights_are_those_of_the_list_that_a_request_is_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    add_flood_list(tmp_path)
    with _service(tmp_path / "one", with_main=True) as (_, clients):

        def status(who: str, path: str, **body: object) -> int:
            client = clients[who]
            return (client.post(path, json=body) if body else client.get(path)).status_code

        for who, day, here, there in (
            ("city-flood", "2026-07-07", FLOOD, "hanoi"),
            ("city-main", "2026-07-08", "hanoi", FLOOD),
            ("ward-flood", "2026-07-09", FLOOD, "hanoi"),
        ):
            said = ("other", "hotline") if here == "hanoi" else ("flood_water", "flood_call")
            report = {"day": day, "kind": said[0], "channel": said[1], **HERE, "note": "bên cầu"}
            assert status(who, f"/api/v1/reports?city={here}") == 200, who
            assert status(who, f"/api/v1/reports?city={there}") == 403, who
            assert status(who, f"/reports?city={there}") == 403, who
            assert status(who, f"/api/v1/reports?city={here}", **report) == 201, who
            assert status(who, f"/api/v1/reports?city={there}", **report | {"note": "cổng chợ"}) == 403, who
        point = {"type": "Point", "coordinates": [HERE["lon"], HERE["lat"]]}
        values = {"day": "2026-07-05", "kind": "flood_water", "channel": "flood_call"}
        feature = {"type": "Feature", "geometry": point, "properties": values}
        made = clients["city-flood"].post(f"/ogc/collections/reports/items?city={FLOOD}", json=feature)
        assert made.status_code == 201, made.text
        assert made.headers["location"].endswith(f"?city={FLOOD}")
        assert clients["city-flood"].get(made.headers["location"]).status_code == 200
        draft = {"city": FLOOD, "title": "Đưa ra", "day": "2026-07-07", "document": DOCUMENT, "entries": [CLEARED]}
        refused = clients["city-main"].post("/api/v1/registers/drafts", json=draft)
        assert refused.status_code == 403
        assert "Hanoi · flooding" in refused.json()["detail"], "by the name of the list, which is not that of its city"
        own = clients["city-flood"].get("/api/v1/reports").json()
        assert own["city"] == FLOOD, "what it may see is what it means"
        main = clients["city-main"].get("/api/v1/reports").json()
        assert not {row["report_id"] for row in own["items"]} & {row["report_id"] for row in main["items"]}
        [number, *_] = [row["report_id"] for row in own["items"]]
        assert status("city-main", f"/reports/{number}") == 404
        assert status("city-flood", f"/reports/{number}") == 200
        assert status("city-main", "/sites/HN-I-7") == 200
        page = clients["nobody"].get(f"/sites/{FLOOD_SITE}").text
        assert f"city={FLOOD}" in page, "links go on in the list"
        assert "Hà Nội · ngập úng" in clients["nobody"].get("/").text


def test_rights_in_a_list_that_was_removed_are_refused_by_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    add_flood_list(tmp_path)
    with _service(tmp_path / "one", with_main=True) as (_, clients):
        monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "none"))
        refused = clients["city-flood"].get("/api/v1/reports")
        assert refused.status_code == 403
        assert refused.json()["detail"].startswith(
            f"this is for those who work on Hanoi; the account works on {FLOOD} "
        )
