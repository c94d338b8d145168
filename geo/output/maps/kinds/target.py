"""One target of a programme ward by ward: shaded by its figure, hatched where nothing was entered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError, Problem
from geo.i18n.language import DEFAULT, Lang
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import Links, card_context
from geo.output.maps.drawing.drawing import Drawing, Feature, Layer, LegendEntry, LegendGroup
from geo.output.maps.drawing.layers import ward_layer
from geo.output.maps.drawing.wording import themed
from geo.output.maps.kinds.coverage import coverage_notices, outline_legend, outlines, programme_card, value_text
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.theme import AreaStyle, Label, theme

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment, Result
    from geo.situation import Situation

_STEPS = 5


def target_drawing(situation: Situation, target: str, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """The map of the target with the id `target` (`Target.id`); phases of wards are outlined over it.

    Raises
    ------
    InputError
        There are no coverage data, or the programme has no such target, or only the city as a whole enters it.
    """
    attained: Attainment | None = situation.coverage
    if attained is None:
        raise InputError(Problem("maps.no-coverage", "coverage"))
    result = attained.result(target)
    rows = {str(row.code): row for row in attained.rows("ward", target=target).itertuples(index=False)}
    if not rows:
        raise InputError(Problem("maps.target-of-city", attained.programme.id, target=target))
    context = card_context(situation, links, lang)
    words = context.words
    shades = _shades(result, [_figure(row) for row in rows.values()], words)
    wards = ward_layer(context, lambda row: _style(rows.get(str(row.code)), shades), label="coverage_by_ward")
    features = (_with_figure(f, rows.get(f.id.removeprefix("wards-")), words) for f in wards.features)
    wards = replace(wards, features=tuple(features))
    edges = outlines(situation, words)
    label = result.target.label if lang == "vi" else result.target.label_en
    drawn = city_drawing(
        context,
        key="target",
        layers=(wards, edges),
        legend=(_legend(label, shades, wards, words), outline_legend(edges, words)),
        notices=coverage_notices(attained, words, hides=situation.hides("coverage")),
        cards=(programme_card(attained, context),),
    )
    return replace(drawn, subtitle=label)


def _figure(row: Any) -> float:
    """What is shaded: the share where there is one, else the value; NaN where there is nothing to show."""
    if row.suppressed or row.state not in ("reported", "zero"):
        return float("nan")
    return float(row.value / row.base) if row.base == row.base and row.base else float(row.value)


_Shade = tuple[float, AreaStyle]
"""The largest figure of a shade, and the shade."""


def _shades(result: Result, figures: list[float], words: Translator) -> list[_Shade]:
    """At most five shades, of about as many wards each; a yes or no has two."""
    shown = np.array([figure for figure in figures if figure == figure])
    if result.target.is_yes_or_no:
        return [(0.0, _named("figure-1", themed(words, "no"))), (1.0, _named("figure-5", themed(words, "yes")))]
    if not shown.size:
        return []
    limits = np.unique(np.quantile(shown, np.linspace(0, 1, _STEPS + 1)[1:], method="higher"))
    low = [float(shown.min()), *map(float, limits[:-1])]
    write = words.percent if result.target.has_base else words.number
    ranks = np.round(np.linspace(1, _STEPS, limits.size)).astype(int)
    return [
        (float(high), _named(f"figure-{rank}", _range(write(start), write(float(high)), words, first=place == 0)))
        for place, (rank, start, high) in enumerate(zip(ranks, low, limits, strict=True))
    ]


def _range(low: str, high: str, words: Translator, *, first: bool) -> str:
    if low == high:
        return high
    return words.text("range" if first else "range-over", low=low, high=high)


def _named(name: str, label: str) -> AreaStyle:
    return replace(theme().areas[name], label=Label(label, label))


def _style(row: Any, shades: list[_Shade]) -> AreaStyle:
    look = theme()
    if row is None or row.state == "outside":
        return look.areas["coverage-outside"]
    figure = _figure(row)
    if figure != figure:
        return look.areas["suppressed" if row.suppressed else "coverage-nothing"]
    return next((shade for limit, shade in shades if figure <= limit), shades[-1][1])


def _with_figure(feature: Feature, row: Any, words: Translator) -> Feature:
    if row is None or feature.card is None:
        return feature
    is_written = row.state == "reported" or row.suppressed
    figure = value_text(row, words) if is_written else themed(words, f"state_{row.state}")
    return replace(feature, card=replace(feature.card, subtitle=figure, brief=(figure,), tables=(), notes=()))


def _legend(label: str, shades: list[_Shade], wards: Layer, words: Translator) -> LegendGroup:
    look = theme()
    styles = [shade for _, shade in reversed(shades)]
    styles += [look.areas[name] for name in ("suppressed", "coverage-nothing", "coverage-outside")]
    tally = [(style, sum(feature.style == style for feature in wards.features)) for style in styles]
    return LegendGroup(label, tuple(LegendEntry(style, words.pick(style.label), n) for style, n in tally if n))
