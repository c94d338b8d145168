"""One target of a programme ward by ward: shaded by its figure, hatched where nothing was entered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError, Problem
from geo.output.maps.drawing.cards import Links, words
from geo.output.maps.drawing.drawing import Drawing, Feature, Layer, LegendEntry, LegendGroup, Text
from geo.output.maps.drawing.layers import ward_layer
from geo.output.maps.kinds.coverage import coverage_notices, outline_legend, outlines, programme_card, value_text
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.numerals import count, percent
from geo.output.shared.theme import AreaStyle, Label, theme

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment, Result
    from geo.situation import Situation

_STEPS = 5


def target_drawing(situation: Situation, target: str, links: Links | None = None) -> Drawing:
    """The map of the target with the id `target` (`Target.id`); phases of wards are outlined over it.

    Raises
    ------
    InputError
        There are no coverage data, or the programme has no such target, or only the city as a whole enters it.
    """
    told: Attainment | None = situation.coverage
    if told is None:
        raise InputError(Problem("there are no coverage data for this day", "coverage", "enter or import them first"))
    result = told.result(target)
    rows = {str(row.code): row for row in told.rows("ward", target=target).itertuples(index=False)}
    if not rows:
        what = f"target '{target}' is entered by the city, not by wards"
        raise InputError(Problem(what, told.programme.id, "choose a target that wards enter"))
    shades = _shades(result, [_figure(row) for row in rows.values()])
    known_words = words(situation, links)
    wards = ward_layer(known_words, lambda row: _style(rows.get(str(row.code)), shades), label="coverage_by_ward")
    wards = replace(wards, features=tuple(_told(f, rows.get(f.id.removeprefix("wards-"))) for f in wards.features))
    edges = outlines(situation)
    label = Label(result.target.label, result.target.label_en)
    drawn = city_drawing(
        situation,
        key="coverage",
        layers=(wards, edges),
        legend=(_legend(label, shades, wards), outline_legend(edges)),
        notices=coverage_notices(told, hides=situation.hides("coverage")),
        cards=(programme_card(told, known_words),),
    )
    return replace(drawn, subtitle=label)


def _figure(row: Any) -> float:
    """What is shaded: the share where there is one, else the value; NaN where nothing is told."""
    if row.suppressed or row.state not in ("reported", "zero"):
        return float("nan")
    return float(row.value / row.base) if row.base == row.base and row.base else float(row.value)


_Shade = tuple[float, AreaStyle]
"""The largest figure of a shade, and the shade."""


def _shades(result: Result, figures: list[float]) -> list[_Shade]:
    """At most five shades, of about as many wards each; a yes or no has two."""
    look = theme()
    told = np.array([figure for figure in figures if figure == figure])
    if result.target.is_yes_or_no:
        return [(0.0, _named("figure-1", look.text("no"))), (1.0, _named("figure-5", look.text("yes")))]
    if not told.size:
        return []
    limits = np.unique(np.quantile(told, np.linspace(0, 1, _STEPS + 1)[1:], method="higher"))
    low = [float(told.min()), *map(float, limits[:-1])]
    write = percent if result.target.has_base else count
    ranks = np.round(np.linspace(1, _STEPS, limits.size)).astype(int)
    return [
        (float(high), _named(f"figure-{rank}", _range(write(start), write(float(high)), first=place == 0)))
        for place, (rank, start, high) in enumerate(zip(ranks, low, limits, strict=True))
    ]


def _range(low: str, high: str, *, first: bool) -> Label:
    if low == high:
        return Label(high, "")
    return Label(f"{low} – {high}", "") if first else Label(f"trên {low} – {high}", f"over {low} – {high}")


def _named(name: str, label: Label) -> AreaStyle:
    return replace(theme().areas[name], label=label)


def _style(row: Any, shades: list[_Shade]) -> AreaStyle:
    look = theme()
    if row is None or row.state == "outside":
        return look.areas["coverage-outside"]
    figure = _figure(row)
    if figure != figure:
        return look.areas["withheld" if row.suppressed else "coverage-nothing"]
    return next((shade for limit, shade in shades if figure <= limit), shades[-1][1])


def _told(feature: Feature, row: Any) -> Feature:
    if row is None or feature.card is None:
        return feature
    told: Text = theme().text(f"state_{row.state}") if row.state != "reported" else value_text(row)
    return replace(feature, card=replace(feature.card, subtitle=told, brief=(told,), tables=(), notes=()))


def _legend(label: Label, shades: list[_Shade], wards: Layer) -> LegendGroup:
    look = theme()
    styles = [shade for _, shade in reversed(shades)]
    styles += [look.areas[name] for name in ("withheld", "coverage-nothing", "coverage-outside")]
    tally = [(style, sum(feature.style == style for feature in wards.features)) for style in styles]
    return LegendGroup(label, tuple(LegendEntry(style, style.label, number) for style, number in tally if number))
