"""Every public output of an office full of marked reports: no mark, no point, no small count; and none by comparison.

The strongest proof is comparison: an office with the same public records and no report at all gives the same bytes,
everywhere but where counts are published. So no output, in whichever form it is packed, holds anything of a report.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from hold_house import (
    BA_DINH,
    CLUSTER,
    FIRST,
    HOAI_DUC,
    MARK,
    PLACES,
    TODAY,
    House,
    StandingClock,
    acknowledge,
    record_what_is_not,
    record_what_is_public,
    served,
)
from map_nonce import without_nonce
from pyproj import Transformer

from api.resources.visibility import report_counts
from api.security.identity import nobody
from api.security.permissions import RULES
from geo.output.dossier import FORMATS
from geo.output.maps.kinds import MAP_KINDS
from geo.records.ledger.published_counts import CHECKED, published_quarter
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.visibility import Role
from geo.visibility.report_counts import SUPPRESSED

VALUES: dict[str, tuple[str, ...]] = {
    "code": (HOAI_DUC, BA_DINH, "19753"),
    "site_id": ("HN-I-1", "HN-II-1"),
    "programme_id": ("hanoi-2026", "hue-2026"),
    "collection": ("wards", "sites", "crossings"),
    "item": (HOAI_DUC, "HN-I-1", f"HN-I-1.{HOAI_DUC}"),
    "name": ("start.js", "site.js"),
    "ending": FORMATS,
    "target": ("1", "3.6a"),
    "map_kind": tuple(MAP_KINDS),
    "subject": ("HN-I-1", "HN-II-1", HOAI_DUC, BA_DINH, "1", "3.6a"),
    "z": ("10",),
    "x": ("815",),
    "y": ("450",),
    "city": ("hanoi",),
    "document": ("pdf",),
    "period": ("2026-H1", "2026-H2"),
}
"""What stands in the paths; a route with another parameter fails until it has a value here."""
FORMS = ({}, {"f": "json"}, {"f": "geojson"}, {"f": "csv"}, {"f": "html"})
QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "/": ({}, {"site": "HN-I-1"}, {"map": "risk"}, {"map": "compare", "before": "2026-02-01"}, {"city": "hue"}, {"lang": "en"}),
    "/api/v1/wards/at": tuple({"lon": "105.8364", "lat": "21.0394"} | form for form in FORMS[:4]),
    "/api/v1/wards/search": ({"q": "hoai duc"},),
    "/api/v1/coverage": (*FORMS[:4], {"period": "2026-H1", "level": "ward"}, {"day": "2026-02-10"}),
    "/maps/{map_kind}": (
        {"before": "2026-02-01"}, {"before": "2026-07-01", "day": "2026-07-20"}, {}, {"frame": "1"}, {"city": "hue"}, {"lang": "en"},
    ),
    "/open": ({"key": "wrong"},),
}  # fmt: skip
PUBLISHED_COUNT = re.compile(
    r"(?:\d[\d.,]* tin báo từ|\d[\d.,]* reports? from|Số tin báo từ|Number of reports from) [^.:<]*[.:]"
    r"(?: không công bố[^.<]*\.| not published[^.<]*\.)?"
)
"""The count on the page of a ward, or that it is not published."""


@dataclass(frozen=True)
class Output:
    """One answer to nobody or to a guest."""

    status: int
    kind: str
    body: bytes


Outputs = dict[tuple[str, str], Output]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    """The office with marked reports, and the one that has none."""
    folder = tmp_path_factory.mktemp("walk")
    clocks = StandingClock(), StandingClock()
    registers = load_register_lookup()
    with (
        open_store(f"sqlite:///{folder}/full.sqlite", registers=registers, now=clocks[0]) as full,
        open_store(f"sqlite:///{folder}/bare.sqlite", registers=registers, now=clocks[1]) as bare,
    ):
        found = []
        for store, clock in ((full, clocks[0]), (bare, clocks[1])):
            house = served(store, clock)
            record_what_is_public(store, clock)
            if store is full:
                record_what_is_not(store, clock)
            clock.at(TODAY)
            acknowledge(store, clock, _flags(house)[0].event_id, f"{MARK} cờ" if store is full else "")
            found.append(house)
        yield found[0], found[1]


def _flags(house: House) -> list[Any]:
    flags = house.app.state.service.situation().flags
    return sorted(flags, key=lambda flag: (flag.rule != "exposure", flag.flag_id))


def urls(house: House) -> list[str]:
    """Every public address: each route with its parameters, in every form."""
    flags = tuple(dict.fromkeys(flag.flag_id for flag in _flags(house)))
    assert {flag.split(":")[0] for flag in flags} > {"exposure"}, "no flag of the reports: nothing to hide"
    values = VALUES | {"flag_id": flags}
    found = []
    for (method, path), rule in RULES.items():
        if method != "GET" or rule.role > Role.PUBLIC:
            continue
        names = re.findall(r"{(\w+)}", path)
        for filling in itertools.product(*(values[name] for name in names)):
            address = path.format(**dict(zip(names, filling, strict=True)))
            if address.startswith("/dossiers/HN-II-1.") and not address.endswith(".pdf"):
                continue  # of the site that has no reports one format; of the other every one
            forms = FORMS if path.startswith(("/api/", "/ogc")) else ({},)
            found += [f"{address}?{urlencode(query)}".rstrip("?") for query in QUERIES.get(path, forms)]
    return found


def walked(house: House, addresses: list[str]) -> Outputs:
    """What nobody and a guest get at every address."""
    found: Outputs = {}
    for who, headers in (("nobody", {}), ("guest", house.token("guest"))):
        with house.browser(Accept="text/html, */*", **headers) as client:
            for address in addresses:
                answer = client.get(address)
                assert answer.status_code < 500, (address, answer.text)
                body = without_nonce(answer.content)
                found[who, address] = Output(answer.status_code, answer.headers.get("content-type", ""), body)
    return found


@pytest.fixture(scope="module")
def outputs(houses: tuple[House, House]) -> tuple[Outputs, Outputs]:
    """Every public output of both offices."""
    addresses = urls(houses[0])
    return walked(houses[0], addresses), walked(houses[1], addresses)


def test_every_kind_of_output_is_walked(outputs: tuple[Outputs, Outputs]) -> None:
    kinds = {output.kind.split(";")[0] for output in outputs[0].values() if output.status == 200}
    wanted = {"application/json", "application/geo+json", "text/csv", "text/html", "application/pdf", "image/png"}
    wanted |= {"application/geopackage+sqlite3", "application/vnd.google-earth.kml+xml"}
    assert wanted <= kinds
    assert sum(kind.startswith("application/vnd.openxmlformats") for kind in kinds) == 2
    opened = [key for key, output in outputs[0].items() if output.status == 200]
    assert len(opened) > 250


def test_an_office_without_reports_gives_the_same(outputs: tuple[Outputs, Outputs]) -> None:
    full, bare = outputs
    differing = [key for key in full if _without_counts(key[1], full[key]) != _without_counts(key[1], bare[key])]
    assert differing == []
    counted = [key for key in full if full[key].body != bare[key].body]
    # The counts themselves do differ, or this test would compare nothing.
    assert {re.sub(r"\d{5}", "", address.split("?")[0]) for _, address in counted} == {
        "/api/v1/situation", "/api/v1/wards/", "/wards/"
    }  # fmt: skip


def _without_counts(address: str, output: Output) -> object:
    if "json" in output.kind and address.startswith(("/api/v1/situation", "/api/v1/wards/")):
        document = json.loads(output.body)
        return output.status, {key: value for key, value in document.items() if key != "reports"}
    if address.startswith("/wards/"):
        return output.status, PUBLISHED_COUNT.sub("", output.body.decode())
    return output


def test_no_output_holds_a_mark(outputs: tuple[Outputs, Outputs]) -> None:
    for key, output in distinct(outputs[0]).items():
        for text in readable(output):
            assert MARK not in text, key


def distinct(outputs: Outputs) -> Outputs:
    """Each answer once: nobody and a guest mostly get the same."""
    keys = {output.body: key for key, output in outputs.items()}
    return {key: outputs[key] for key in keys.values()}


def readable(output: Output) -> Iterator[str]:
    """Everything that a reader could find in an answer, packed or not."""
    data = output.body
    yield data.decode("utf-8", "replace")
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    elif data.startswith(b"%PDF") and shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
        yield done.stdout.decode()
    elif data.startswith(b"\x89PNG"):
        from PIL import Image

        yield repr(Image.open(io.BytesIO(data)).info)
    elif data.startswith(b"SQLite"):
        yield from _tables(data)


def _tables(data: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        Path(file.name).write_bytes(data)
        with sqlite3.connect(file.name) as base:
            names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                yield from (repr(row) for row in base.execute(f'SELECT * FROM "{name}"'))


def _near(numbers: np.ndarray[Any, Any], pair: tuple[float, float], reach: float) -> bool:
    """Whether two numbers that follow each other lie within reach of a pair, in either order."""
    first, second = numbers[:-1], numbers[1:]
    return any(bool(np.any((abs(first - a) < reach) & (abs(second - b) < reach))) for a, b in (pair, pair[::-1]))


def test_no_output_holds_the_point_of_a_report(outputs: tuple[Outputs, Outputs]) -> None:
    forms: list[tuple[tuple[float, float], float]] = []
    points = sorted({(lon, lat) for lon, lat, _, _ in PLACES} | {CLUSTER})
    for lon, lat in points:
        forms.append(((lon, lat), 2e-5))
        for epsg in (5897, 9214, 3405, 3857):
            x, y = Transformer.from_crs("EPSG:4326", f"EPSG:{epsg}", always_xy=True).transform(lon, lat)
            forms.append(((x, y), 2.0))
    for key, output in distinct(outputs[0]).items():
        for text in readable(output):
            numbers = np.array(re.findall(r"(?<![\w.])-?\d{2,8}\.\d+", text), dtype=float)
            if numbers.size > 1:
                assert not [pair for pair, reach in forms if _near(numbers, pair, reach)], key


def _days() -> list[date]:
    return [FIRST + timedelta(days=i) for i in range((TODAY - FIRST).days + 1)]


def _some_days() -> list[date]:
    """Before and after a quarter is first published, and today."""
    ends = {published_quarter(day)[1] for day in _days()}
    edges = {last + CHECKED + timedelta(days=i) for last in ends for i in (-1, 0)}
    return [*sorted(day for day in edges if FIRST <= day <= TODAY), TODAY]


def test_no_small_count_on_any_day_nor_by_the_difference_of_days(houses: tuple[House, House]) -> None:
    service, nobody_ = houses[0].app.state.service, nobody(houses[0].app.state.service)
    today = service.situation()
    reported: dict[Any, list[Any]] = {}
    for day in _days():
        counts = report_counts(service, replace(today, day=day), nobody_).document()
        _no_small_count(counts)
        reported.setdefault(counts["from"], []).append(counts)
    # A quarter is published in one way for as long as it is published, and quarters do not overlap.
    assert all(counts == every[0] for every in reported.values() for counts in every)
    spans = sorted((every[0]["from"], every[0]["to"]) for every in reported.values())
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(spans))
    assert sum(bool(every[0]["total"]) for every in reported.values()) >= 2


def test_a_past_day_tells_no_more_than_its_counts(houses: tuple[House, House]) -> None:
    with houses[0].browser() as client, houses[1].browser() as other:
        for day in _some_days():
            document = client.get(f"/api/v1/situation?day={day}").json()
            _no_small_count(document.pop("reports"))
            without = other.get(f"/api/v1/situation?day={day}").json()
            assert {k: v for k, v in without.items() if k != "reports"} == document


def _no_small_count(counts: dict[str, Any]) -> None:
    values = [counts["total"], *(row["reports"] for row in counts["by_ward"])]
    assert all(value in (None, 0, SUPPRESSED) or value >= 5 for value in values)
    hidden = [row for row in counts["by_ward"] if row["reports"] == SUPPRESSED]
    if isinstance(counts["total"], int) and hidden:
        rest = counts["total"] - sum(row["reports"] for row in counts["by_ward"] if row["reports"] != SUPPRESSED)
        assert len(hidden) > 2
        assert rest >= len(hidden) + 4


def test_what_was_known_when_tells_nothing_more(houses: tuple[House, House]) -> None:
    with houses[0].browser() as client, houses[1].browser() as other:
        now = client.get("/api/v1/situation").json()["reports"]
        for day in _some_days():
            query = {"day": TODAY.isoformat(), "known_at": f"{day}T12:00:00Z"}
            document = client.get("/api/v1/situation", params=query).json()
            assert document.pop("reports") == now
            without = other.get("/api/v1/situation", params=query).json()
            assert {k: v for k, v in without.items() if k != "reports"} == document
