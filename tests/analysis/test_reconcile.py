"""Declared against computed, with the sliver limit."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.analysis.reconcile import Agreement, reconcile


def agreement(declared: list[str], lengths: dict[str, float]) -> Agreement:
    sites = pd.DataFrame({"site_id": ["S"], "declared_wards": [declared]})
    rows = pd.DataFrame({"site_id": "S", "ward_code": list(lengths), "length_m": list(lengths.values())})
    return reconcile(sites, rows)[0]


def test_confirmed_undeclared_absent() -> None:
    found = agreement(["a", "b"], {"a": 300.0, "c": 100.0})
    assert (found.confirmed, found.undeclared, found.absent) == (("a",), ("c",), ("b",))
    assert not found.agrees


def test_a_sliver_neither_confirms_nor_accuses() -> None:
    found = agreement(["a", "b"], {"a": 300.0, "b": 24.9, "c": 24.9})
    assert (found.confirmed, found.undeclared, found.absent, found.slivers) == (("a",), (), ("b",), ("b", "c"))


def test_the_limit_itself_is_no_sliver() -> None:
    assert agreement(["a", "b"], {"a": 300.0, "b": 25.0}).agrees


@pytest.mark.parametrize("lengths", [{"a": 20.0}, {"a": 15.0, "c": 5.0}])
def test_a_short_site_is_held_to_half_of_its_length(lengths: dict[str, float]) -> None:
    assert agreement(["a"], lengths).agrees


def test_a_blank_declaration_gets_its_answer() -> None:
    assert agreement([], {"a": 300.0}).undeclared == ("a",)


def test_points_have_no_slivers() -> None:
    assert agreement(["a"], {"a": 0.0}).agrees


def of_area(declared: list[str], areas: dict[str, float], beside: tuple[str, ...]) -> Agreement:
    sites = pd.DataFrame({"site_id": ["S"], "declared_wards": [declared]})
    rows = {"site_id": "S", "ward_code": list(areas), "length_m": 0.0, "area_m2": list(areas.values())}
    return reconcile(sites, pd.DataFrame(rows | {"border_with": [beside] * len(areas)}))[0]


def test_a_hairline_of_an_area_beside_a_border_is_a_sliver() -> None:
    found = of_area(["a"], {"a": 6_000.0, "b": 28.0}, ("a", "b"))
    assert (found.agrees, found.slivers, found.undeclared) == (True, ("b",), ())
    found = of_area(["a", "b"], {"a": 6_000.0, "b": 28.0}, ("a", "b"))
    assert (found.agrees, found.on_border) == (True, ("b",))
    assert of_area(["a"], {"a": 6_000.0, "b": 625.0}, ("a", "b")).undeclared == ("b",)
    assert of_area(["a"], {"a": 30.0, "b": 28.0}, ("a", "b")).slivers == ("b",), "less than half of a small one"
    assert of_area(["a"], {"a": 28.0}, ("b",)).agrees, "all of a small area"
    assert of_area(["a"], {"a": 6_000.0, "b": 28.0}, ()).undeclared == ("b",), "a part far from any border"


def test_a_site_that_meets_no_ward() -> None:
    assert agreement(["a"], {}).absent == ("a",)
