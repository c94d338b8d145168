"""The page of a site: its level takes effect, and another paper's version of the day is shown before it is replaced."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date

from fastapi.testclient import TestClient
from test_web_entry import post
from test_web_registers import fields, selected

from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.publishing import draft_of
from geo.records.store import Store
from geo.situation import at

Visitor = Callable[..., TestClient]


def drafted(answer: object) -> int:
    location = answer.headers["location"]  # type: ignore[attr-defined]
    return int(location.partition("?")[0].rpartition("/")[2])


def published(client: TestClient, number: int) -> None:
    assert post(client, "/registers", f"/registers/drafts/{number}/publish").status_code == 303


def test_a_level_in_the_details_of_a_site_is_in_force(visitor: Visitor, store: Store) -> None:
    client, form = visitor("city"), "/registers/sites/HN-I-2"
    page = client.get(form).text.split(f"{form}/details")[1]
    filled = {name: fields(page, name)[0] for name in ("handed_over", "declared", "start", "finish", "corridor")}
    (was, *_) = selected(page, "level")
    level = "inactive" if was != "inactive" else "active"
    said = {"day": "01/08/2026", "document": "Biên bản 9/BB", **filled}
    number = drafted(post(client, form, f"{form}/details", **said, level=level))
    shown = html.unescape(client.get(f"/registers/drafts/{number}").text)
    assert "Biên bản 9/BB" in shown
    published(client, number)
    levels = at(date(2026, 8, 1), store=store).sites.set_index("site_id")["level"]
    assert levels["HN-I-2"] == level


def test_a_version_of_the_day_is_replaced_by_a_correction_alone(visitor: Visitor, store: Store) -> None:
    client, form = visitor("city"), "/registers/sites/HN-I-3"
    published(client, drafted(post(client, form, f"{form}/rename", day="02/08/2026", document="5/KH", name="Đường A")))
    other = {"day": "02/08/2026", "document": "31/QĐ-SYT", "name": "Đường B"}
    refused = post(client, form, f"{form}/rename", **other)
    text = html.unescape(refused.text)
    assert refused.status_code == 409
    assert all(word in text for word in ("Đường A", "Đường B", "5/KH", 'name="correct"'))
    number = drafted(post(client, form, f"{form}/rename", **other, correct="1"))
    assert isinstance(draft_of(store, number).entries[0], NewWithdrawal)
    published(client, number)
    assert at(date(2026, 8, 2), store=store).sites.set_index("site_id").loc["HN-I-3", "name"] == "Đường B"
