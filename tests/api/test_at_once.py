"""What is made at once for somebody who moves a map is what the route makes, for those whom the route would answer."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import shapely
from api_house import CLOCK, House
from fastapi.testclient import TestClient

from api.core.data_version import DataState
from api.core.problems import TooManyError
from api.core.responses import Answer
from api.core.settings import ApiSettings
from api.http.fast_path import FastPath
from api.main import create_app
from api.ogc.item_pages import items_in_box
from api.ogc.layers import layer
from api.security.buckets import SharedBuckets
from api.security.rate_limit import WorkAtOnce, WorkBudget

ITEMS = "/ogc/collections/{}/items?{}"
BOX = "bbox=105.83,21.03,105.86,21.06&f=json"
NOBODY = {"Accept-Encoding": "identity"}
BY_THE_ROUTE = NOBODY | {"Cookie": "theme=dark"}
AT_ONCE = [
    BOX,
    "bbox=105.83,21.03,105.86,21.06&limit=3&f=json",
    "limit=2&bbox=105.83,21.03,105.86,21.06&f=json",
    "bbox=105.8342,21.0371,105.8342,21.0371&f=json",
    "bbox=-10,-10,-9,-9.5&f=json",
    "bbox=181,21,-179,22&f=json",
    "bbox=106.9,21,-999,22&f=json",
]
BY_OTHERS = [
    "bbox=105.83,21.06,105.86,21.03&f=json",
    "bbox=100,20,110,22&f=json",
    "limit=2&bbox=105.83,21.03,105.86,21.06&limit=3&f=json",
    "bbox=105.83,21.03,105.86,21.06&f=json&offset=1",
    "bbox=105.83,21.03,105.86,1e1&f=json",
    "bbox=105.83,21.03,105.86,21.06&f=html",
    "bbox=105.83,21.03,105.86,21.06&f=json&datetime=2026-08-01",
]


def _service(house: House, **more: object) -> House:
    settings = ApiSettings(secret="s" * 40, **more)  # type: ignore[arg-type]
    return House(create_app(settings, house.store, CLOCK), house.store, house.tokens)


@pytest.fixture
def fresh(house: House) -> Iterator[House]:
    fresh = _service(house)
    fresh.client.get(ITEMS.format("wards", "limit=200&f=json"))  # whoever comes first has the layers built
    fresh.client.get(ITEMS.format("crossings", "limit=200&f=json"))
    yield fresh
    fresh.close()


def _made(house: House, path: str, takes: bytes = b"identity") -> Answer | None:
    service, parts = house.app.state.service, urlsplit(path)
    scope = {"path": parts.path, "query_string": parts.query.encode(), "scheme": "http", "server": ("testserver", 80)}
    registers = service.public_records.versions
    data = DataState(service.store.version(), registers.of(service.store.version()), service.today, "")
    return items_in_box(service, scope, {b"host": b"testserver", b"accept-encoding": takes}, data)


def test_it_is_the_answer_of_the_route_to_the_byte(house: House, fresh: House) -> None:
    other = _service(house)
    for name, query in product(("wards", "crossings"), AT_ONCE):
        url = ITEMS.format(name, query)
        by_route = other.client.get(url, headers=BY_THE_ROUTE)
        at_once = fresh.client.get(url, headers=NOBODY)
        assert (at_once.status_code, at_once.content) == (200, by_route.content), url
        assert at_once.headers == by_route.headers, url
        made = _made(fresh, url)
        assert made is not None
        assert made.body == by_route.content, url
        held = fresh.client.get(url, headers=NOBODY | {"If-None-Match": at_once.headers["etag"]})
        assert held.status_code == 304
    other.close()


def test_who_takes_gzip_has_it_at_once_when_its_features_are_compressed(fresh: House) -> None:
    url, within = (ITEMS.format("wards", f"bbox=105.83,21.03,{east},21.06&f=json") for east in ("105.86", "105.85"))
    layer(fresh.app.state.service, "wards").found._packed.clear()
    assert _made(fresh, within, b"gzip, br") is None
    by_route = fresh.client.get(url, headers=NOBODY | {"Accept-Encoding": "gzip"})
    assert by_route.headers["content-encoding"] == "gzip"
    made, plain = (_made(fresh, within, takes) for takes in (b"gzip, br", b"identity"))
    assert made is not None
    assert plain is not None
    assert made.is_zipped
    assert gzip.decompress(made.zipped()) == made.body == plain.body
    assert not plain.is_zipped
    sent = fresh.client.get(within, headers={"Accept-Encoding": "gzip"})
    assert (sent.headers["content-encoding"], sent.content) == ("gzip", plain.body)
    assert int(sent.headers["content-length"]) == len(made.zipped()) < len(plain.body) / 2
    assert sent.headers["etag"] == plain.etag


def test_other_queries_are_left_to_the_route(fresh: House) -> None:
    for query in BY_OTHERS:
        assert _made(fresh, ITEMS.format("wards", query)) is None, query


def test_boxes_by_the_quick_look_are_those_by_the_geometries(house: House) -> None:
    random = np.random.default_rng(5)
    for name in ("wards", "sites", "crossings"):
        found = layer(house.app.state.service, name).found
        for west, south in random.uniform((105.2, 20.5), (106.9, 21.4), (60, 2)).tolist():
            width, height = random.choice([0.0, 0.001, 0.02, 0.5], 2).tolist()
            box = shapely.box(west, south, west + width, south + height)
            expected = shapely.intersects(box, found.geometries)
            assert (found.within(west, south, west + width, south + height) == expected).all(), box


def test_where_it_fails_the_route_answers(fresh: House) -> None:
    fast_path = fresh.app.outermost  # type: ignore[attr-defined]
    path = ITEMS.format("wards", BOX)
    expected = fresh.client.get(path, headers=BY_THE_ROUTE)

    def broken(*_: object) -> Answer:
        raise RecursionError

    with TestClient(fresh.app, client=("203.0.113.7", 1)) as client:
        fast_path._at_once = fast_path._at_once._replace(makers={path.partition("?")[0]: broken})
        answer = client.get(path.replace("105.83", "105.830"), headers=NOBODY)
    assert answer.status_code == 200
    assert answer.json()["features"] == expected.json()["features"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_may_not_read_is_asked_to_sign_in(house: House) -> None:
    closed = _service(house, anonymous_reads=False)
    assert closed.client.get(ITEMS.format("wards", BOX), headers=NOBODY).status_code == 401
    closed.close()


def test_a_network_without_seconds_left_is_refused(fresh: House) -> None:
    fast_path = fresh.app.outermost  # type: ignore[attr-defined]
    assert isinstance(fast_path, FastPath)
    with TestClient(fresh.app, client=("203.0.113.7", 1)) as client:
        assert client.get(ITEMS.format("wards", BOX), headers=NOBODY).status_code == 200
        fast_path._at_once.budget.charge("203.0.113.7", 1000.0)
        other = BOX.replace("105.83", "105.831")
        assert client.get(ITEMS.format("wards", other), headers=NOBODY).status_code == 429


def test_no_network_has_more_work_at_once_than_its_budget_and_what_each_worker_may_owe(
    house: House, tmp_path: Path
) -> None:
    service, moment = house.app.state.service, [0.0]
    # Two workers of a server, over the file that they share; one answer takes half a millisecond.
    workers = [
        WorkAtOnce(WorkBudget(service, SharedBuckets(tmp_path / "budgets")), lambda: moment[0]) for _ in range(2)
    ]
    had, answer, network = [0.0, 0.0], 0.0005, "203.0.113.7"
    for number in range(4 * int(service.settings.work_seconds / answer)):
        moment[0] += answer
        try:
            workers[number % 2].check(network)
        except TooManyError:
            continue
        workers[number % 2].charge(network, answer)
        had[number % 2] += answer
    assert service.settings.work_seconds <= sum(had) <= service.settings.work_seconds + 2 * (0.01 + answer)
    assert min(had) > 0.4 * service.settings.work_seconds
    workers[0].check("203.0.113.8")  # others work on


def test_what_is_asked_for_once_takes_no_place_among_the_cached(fresh: House) -> None:
    answers = fresh.app.state.service.answers
    url, other = (ITEMS.format("wards", BOX.replace("105.86", east)) for east in ("105.8611", "105.8612"))
    cached, hits = len(answers), answers.hits
    first = fresh.client.get(url, headers=NOBODY)
    assert fresh.client.get(other, headers=NOBODY).status_code == 200
    assert (len(answers), answers.hits) == (cached, hits)
    again = [fresh.client.get(url, headers=NOBODY) for _ in range(2)]
    assert len(answers) == cached + 1
    assert answers.hits > hits
    assert [(answer.content, answer.headers) for answer in again] == [(first.content, first.headers)] * 2
