"""Coordinates as people paste them; all else is passed on as it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.importing.pasted_route import pasted
from geo.importing.registers.routes import route_of_text

LINE = {"type": "LineString", "coordinates": [[105.8, 21.03], [105.82, 21.04]]}


@pytest.mark.parametrize(
    "text",
    [
        "105.8, 21.03\n105.82, 21.04",
        "105.8 21.03, 105.82 21.04",
        "105.8,21.03;105.82,21.04",
        "(105.8, 21.03) (105.82, 21.04)",
        "[[105.8, 21.03], [105.82, 21.04]]".strip("[]"),
        "105.8\t21.03\n105.82\t21.04\n",
    ],
)
def test_pairs_are_a_line(text: str) -> None:
    data, notes = pasted(text)
    assert json.loads(data) == LINE
    assert notes == ()


def test_latitude_first_is_turned_and_said() -> None:
    data, notes = pasted("21.03, 105.8\n21.04, 105.82")
    assert json.loads(data) == LINE
    assert [note.code for note in notes] == ["importing.latitude-first"]


def test_one_pair_is_a_point() -> None:
    assert json.loads(pasted("21.03, 105.8")[0]) == {"type": "Point", "coordinates": [105.8, 21.03]}


@pytest.mark.parametrize("text", ["LINESTRING (105.8 21.03, 105.82 21.04)", '{"type":"Point"}', "105.8", "a, b", ""])
def test_all_else_is_passed_on(text: str) -> None:
    assert pasted(text) == (text.encode(), ())


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    data, _ = pasted(text)
    assert isinstance(data, bytes)


def test_what_was_turned_is_said_of_a_draft_too() -> None:
    found = route_of_text("21.03, 105.8\n21.04, 105.82")
    assert "importing.latitude-first" in {note.code for note in found.notes}
