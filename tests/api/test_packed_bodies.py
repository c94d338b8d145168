"""Bodies that are sent compressed: unpacked within the limits, or refused with what to send; never read as they came."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import Any

import pytest
from api_house import House
from fastapi.testclient import TestClient

PATH = "/api/v1/crossings"
ROUTE = json.dumps({"type": "LineString", "coordinates": [[105.79, 21.03], [105.82, 21.04], [105.85, 21.03]]}).encode()


@pytest.fixture(scope="module")
def client(house: House) -> TestClient:
    """A client without an account."""
    return house.client


def deflated(data: bytes) -> bytes:
    """Deflate without a header, as some programs send it."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def sent(client: TestClient, body: bytes, encoding: str, **headers: str) -> Any:
    return client.post(PATH, content=body, headers={"Content-Encoding": encoding, "Accept-Language": "en", **headers})


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(ROUTE, mtime=0), "gzip"),
        (gzip.compress(ROUTE, mtime=0), "x-gzip, identity"),
        (gzip.compress(ROUTE[:40], mtime=0) + gzip.compress(ROUTE[40:], mtime=0), "gzip"),
        (zlib.compress(ROUTE), "deflate"),
        (deflated(ROUTE), "deflate"),
        (ROUTE, "identity"),
    ],
)
def test_a_compressed_body_is_read_as_what_it_holds(client: TestClient, body: bytes, encoding: str) -> None:
    found = sent(client, body, encoding)
    assert found.status_code == 200, found.text
    assert found.json() == client.post(PATH, content=ROUTE).json()


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "aws-chunked,gzip"])
def test_another_compression_is_refused_with_those_that_are_read(client: TestClient, encoding: str) -> None:
    refused = sent(client, ROUTE, encoding)
    assert refused.status_code == 415
    assert refused.headers["accept-encoding"] == "gzip, deflate, identity"
    [problem] = refused.json()["problems"]
    assert problem["code"] == "service.body-encoding"
    assert "gzip" in problem["remedy"]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (ROUTE, "gzip"),
        (gzip.compress(ROUTE, mtime=0)[:-9], "gzip"),
        (zlib.compress(ROUTE)[:-2], "deflate"),
        (gzip.compress(ROUTE, mtime=0) + b"more", "gzip"),
    ],
)
def test_a_damaged_body_is_refused_and_not_read_in_part(client: TestClient, body: bytes, encoding: str) -> None:
    refused = sent(client, body, encoding)
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["code"] == "service.body-damaged"


def test_a_small_body_that_unpacks_to_a_large_one_is_refused_within_the_limit(client: TestClient) -> None:
    bomb = gzip.compress(bytes(300_000_000), 1)
    assert len(bomb) < 2_000_000
    tracemalloc.start()
    refused = sent(client, bomb, "gzip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.status_code == 413
    assert refused.json()["problems"][0]["code"] == "service.body-too-large"
    assert most < 60_000_000


def test_a_record_may_be_sent_compressed(house: House) -> None:
    entry = {"day": "2026-07-01", "kind": "other", "channel": "letter", "lon": 105.8342, "lat": 21.0278}
    body = gzip.compress(json.dumps(entry).encode(), mtime=0)
    headers = {**house.as_("city"), "Content-Encoding": "gzip", "Content-Type": "application/json"}
    plain = house.client.post("/api/v1/reports", json=entry, headers=house.as_("city"))
    found = house.client.post("/api/v1/reports?again=true", content=body, headers=headers)
    assert (plain.status_code, found.status_code) == (201, 201), found.text
