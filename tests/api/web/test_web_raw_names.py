"""No page shows an official what only the program knows: ids, codes of wards, names of fields, UTC."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fresh_records import record
from web_house import ACTOR, BA_DINH, HOAI_DUC, furnished, service

from geo.records.entries import NewCoverageEntry, NewFlagEvent, NewPhaseChange, NewVerification
from geo.records.kinds.registry import kinds
from geo.records.model.vocabulary import vocabulary
from geo.records.store import Store

Visitor = Callable[..., TestClient]
JUNE = date(2026, 6, 10)
SAID = {"day": JUNE, "document": "20/BC-UBND", "office": "UBND phường Ba Đình"}


def _terms() -> str:
    """Ids of the vocabulary and names of kinds, which no Vietnamese text holds."""
    groups = {name: terms for name, terms in vocabulary().groups.items() if name not in ("document", "office")}
    ids = {term for terms in groups.values() for term in terms} | {spec.name for spec in kinds()}
    # Two accounts of the house are called after their roles.
    return "|".join(sorted(ids - {"admin", "city"}, key=len, reverse=True))


RAW = re.compile(
    rf"\b(?:{_terms()})\b"  # the value of a field, a kind, a role
    r"|\b[a-z]+_[a-z_]+\b|\b[a-z_]+:(?:\d|[A-Z]{2,})"  # the name of a field, the id of a flag or a row
    r"|(?<!Mã )(?<![\d.,/])\b0\d{4}\b(?![\d.,])"  # the code of a ward without saying so
    r"|\b(?:UTC|nan|NaN|None|null|True|False)\b|\w-base\b"
)
SHOWN = re.compile(r'(?:title|alt|placeholder|aria-label|data-name)="([^"]*)"|>([^<]+)<')
NO_PAGE = re.compile(r"/maps/|/reports/map|/api/|/docs|/logout|[^?]*\.")
CODE = re.compile(r"<(script|style|code|svg|textarea)\b.*?</\1>", re.DOTALL)


def raw_names(page: str) -> list[str]:
    """What is raw in what a page says, texts of its attributes too."""
    texts = (unescape(a or b) for a, b in SHOWN.findall(CODE.sub("", page)))
    return [f"{found[0]}: {text.strip()}" for text in texts for found in RAW.finditer(text)]


def like(path: str) -> str:
    """The page that an address opens, whichever record, site or ward it is about."""
    return re.sub(r"/(?:\d+|HN-[IV\d-]+|[0-9a-f]{16,})(?=/|$)", "/*", path.split("?", maxsplit=1)[0])


def pages(client: TestClient) -> dict[str, str]:
    """A page of every sort that links lead to from the first one, by address."""
    waiting, seen = deque(["/"]), {"/"}
    found: dict[str, str] = {}
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[path] = answer.text
        for link in map(unescape, re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)):
            if like(link) not in seen and "lang=en" not in link and not NO_PAGE.match(link):
                seen.add(like(link))
                waiting.append(link)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The furnished records with a record of each kind that the house has none of."""
    with furnished(tmp_path) as records:
        note = "Đã xem"
        records.add(NewFlagEvent(flag_id="exposure:HN-I-1:high", event="acknowledged", day=JUNE, note=note), ACTOR)
        record(records, NewPhaseChange(ward_code=HOAI_DUC, phase="expansion", day=JUNE, document="21/QĐ-UBND"), ACTOR)
        records.add(NewVerification(report_id=1, outcome="confirmed", day=JUNE), ACTOR)
        figure = {"programme": "hanoi-2026", "period": "2026-H1", "value": 120.0, **SAID}
        records.add_all(
            [NewCoverageEntry(ward_code=BA_DINH, indicator=name, **figure) for name in ("3.1", "8-base")],  # type: ignore[arg-type]
            ACTOR,
        )
        yield records


@pytest.fixture
def app(store: Store) -> FastAPI:
    """The service on these records."""
    return service(store)


def test_no_page_shows_what_only_the_program_knows(visitor: Visitor) -> None:
    shown = {name: pages(visitor(name)) for name in ("admin", "hoai-duc", None)}
    assert len(shown["admin"]) > 25
    found = {(name, path): raw_names(text) for name, seen in shown.items() for path, text in seen.items()}
    assert {where: raw for where, raw in found.items() if raw} == {}


def test_a_site_is_called_by_the_number_of_the_plan(visitor: Visitor) -> None:
    """Ids are for programs; the pages of registers, where they are given to sites, show them."""
    for name in ("city", None):
        client = visitor(name)
        for path in ("/flags", "/", "/sites/HN-I-1", "/wards/09832", "/tasks", "/reports", "/coverage", "/dashboard"):
            texts = (unescape(a or b) for a, b in SHOWN.findall(CODE.sub("", client.get(path).text)))
            assert [text for text in texts if re.search(r"\bHN-I+-\d", text)] == [], path


def test_what_is_raw_is_seen() -> None:
    for said in ("report:12", "00175", "10:00 UTC", "Kênh: ward_check", "unverified_only", "near_repeat:202603:E1"):
        assert raw_names(f"<p>{said}</p>"), said
        assert raw_names(f'<p title="{said}"></p>'), said
    assert raw_names("<p>Mã 00175, lúc 10:00 ngày 01/12/2026, 09.832 người</p>") == []
