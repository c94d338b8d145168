"""The theme: complete, and distinct without colour."""

from __future__ import annotations

import doctest
import importlib
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.errors import InputError
from geo.output.shared.looks.turns import turns
from geo.output.shared.theme import AreaStyle, LineStyle, lightness, read_theme, theme
from geo.situation import Situation


def _differ_in_grey(a: AreaStyle, b: AreaStyle) -> bool:
    kinds = [style.hatch.kind if style.hatch else "none" for style in (a, b)]
    return kinds[0] != kinds[1] or abs(lightness(a.fill) - lightness(b.fill)) >= 9


@pytest.mark.parametrize(
    "names",
    [
        ("pilot", "expansion", "none"),
        ("flag-none", "flag-watch", "flag-warning", "flag-alert"),
        ("coverage-all", "coverage-some", "coverage-nothing", "coverage-outside"),
        ("changed", "none", "missing"),
        (*(f"figure-{step}" for step in range(1, 6)), "coverage-nothing", "suppressed"),
    ],
)
def test_areas_of_one_map_differ_in_grey(names: tuple[str, ...]) -> None:
    for one, other in combinations(names, 2):
        assert _differ_in_grey(theme().areas[one], theme().areas[other]), (one, other)


def test_programme_phases_differ_in_lightness_and_in_pattern() -> None:
    phases = [theme().areas[name] for name in ("pilot", "expansion", "none")]
    for a, b in combinations(phases, 2):
        assert abs(lightness(a.fill) - lightness(b.fill)) >= 7
        assert (a.hatch and a.hatch.kind) != (b.hatch and b.hatch.kind)
        assert (a.width, a.dash) != (b.width, b.dash)


def test_levels_differ_in_width_and_by_dash_or_lightness() -> None:
    levels: list[LineStyle] = [theme().lines[name] for name in ("complex", "active", "low", "inactive")]
    assert [line.width for line in levels] == sorted((line.width for line in levels), reverse=True)
    for a, b in combinations(levels, 2):
        assert a.width != b.width
        assert a.dash != b.dash or abs(lightness(a.colour) - lightness(b.colour)) >= 20


def test_neighbouring_stretches_differ_in_dash_or_lightness() -> None:
    turns = theme().stretches
    for a, b in zip(turns, [*turns[1:], turns[0]], strict=True):
        assert a.dash != b.dash


def test_risk_grows_darker_step_by_step() -> None:
    steps = [lightness(theme().areas[f"flag-{step}"].fill) for step in ("none", "watch", "warning", "alert")]
    assert all(brighter - darker >= 9 for brighter, darker in pairwise(steps))


def test_lines_stand_out_on_every_ward() -> None:
    grounds = [theme().areas[name].fill for name in ("pilot", "expansion", "none")]
    for name in ("complex", "active", "low", "inactive"):
        line = theme().lines[name]
        assert all(abs(lightness(line.colour) - lightness(ground)) >= 20 for ground in grounds)
        assert line.casing


def test_every_label_has_both_languages() -> None:
    look = theme()
    labels = [*look.texts.values(), *(s.label for s in (*look.areas.values(), *look.lines.values()))]
    assert all(label.vi and label.en for label in labels)


@pytest.mark.parametrize(
    ("old", "new"),
    [('fill = "#8fc1bd"', 'fill = "teal"'), ('kind = "dots"', 'kind = "waves"'), ("[area.none]", "[area.none")],
)
def test_a_wrong_theme_says_where(tmp_path: Path, old: str, new: str) -> None:
    source = Path(read_theme.__code__.co_filename).with_name("theme.toml").read_text(encoding="utf-8")
    assert old in source
    broken = tmp_path / "theme.toml"
    broken.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"theme\.toml"):
        read_theme(broken)


def test_areas_that_touch_differ_in_colour(hanoi: Situation) -> None:
    """All wards of a city, as of an area that covers it; a line takes the colours in turn."""
    shapes = hanoi.wards.geometry.to_numpy()
    made = turns(shapes, len(theme().stretches))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    alike = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b and made[a] == made[b]]
    assert not alike
    along = [shapely.LineString([(x, 0), (x + 1, 0)]) for x in range(9)]
    assert turns(np.array(along), 4) == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert turns(np.array([], dtype=object), 4) == []


def test_examples_of_turns() -> None:
    assert doctest.testmod(importlib.import_module("geo.output.shared.looks.turns")).failed == 0
