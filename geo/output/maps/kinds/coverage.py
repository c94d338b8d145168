"""The coverage map: how much each ward has entered of what its programme asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.output.maps.drawing.cards import Links, Words, words
from geo.output.maps.drawing.drawing import Card, Drawing, Fact, Feature, Layer, LegendEntry, LegendGroup, Table, Text
from geo.output.maps.drawing.layers import area_legend, ward_layer
from geo.output.maps.kinds.flag_layers import message_label
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.numerals import count, day_text, known
from geo.output.shared.theme import AreaStyle, Label, theme

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment
    from geo.situation import Situation

_STYLES = ("coverage-all", "coverage-some", "coverage-nothing", "coverage-outside")
_ASKED = ("reported", "zero", "incomplete", "missing")


def coverage_drawing(situation: Situation, links: Links | None = None) -> Drawing:
    """Wards by how much they entered, hatched where nothing was; phases outlined; figures in the pop-ups.

    `situation.coverage` is an `Attainment`; where it is None, the map says that there are no data.
    """
    look, known_words = theme(), words(situation, links)
    told: Attainment | None = situation.coverage
    states = _states(told) if told is not None else {}

    def style(row: Any) -> AreaStyle:
        if told is None:
            return look.areas["missing"]
        return look.areas[_summary([state for _, state, _ in states.get(str(row.code), [])])]

    wards = ward_layer(known_words, style, label="coverage_by_ward")
    wards = Layer(wards.key, wards.label, tuple(_with_figures(f, states) for f in wards.features))
    edges = outlines(situation)
    entries = area_legend("coverage_by_ward", (look.areas[n] for n in (*_STYLES, "missing")), wards)
    return city_drawing(
        situation,
        key="coverage",
        layers=(wards, edges),
        legend=tuple(g for g in (entries, outline_legend(edges)) if g.entries),
        notices=coverage_notices(told, hides=situation.hides("coverage")),
        cards=() if told is None else (programme_card(told, known_words),),
    )


_States = Mapping[str, list[tuple[str, str, Text]]]


def _states(told: Attainment) -> _States:
    """By ward code: (label of the target, state, value as shown) of each target that wards enter."""
    labels = {entry.target.id: entry.target.label for entry in told.results}
    found: dict[str, list[tuple[str, str, Text]]] = {}
    for row in told.rows("ward").itertuples(index=False):
        found.setdefault(str(row.code), []).append((labels[str(row.target)], str(row.state), value_text(row)))
    return found


def value_text(row: Any) -> Text:
    """A ward's figure as shown: a count, '12 / 40' for a share, or that it is withheld."""
    look = theme()
    if row.suppressed:
        return look.text("state_withheld")
    if not known(row.value):
        return "–"
    whole = count(float(row.value))
    return f"{whole} / {count(float(row.base))}" if known(row.base) else whole


def _summary(states: list[str]) -> str:
    asked = [state for state in states if state in _ASKED]
    done = sum(state in ("reported", "zero") for state in asked)
    if not asked:
        return "coverage-outside"
    if done == len(asked):
        return "coverage-all"
    return "coverage-some" if any(state != "missing" for state in asked) else "coverage-nothing"


def _with_figures(feature: Feature, states: _States) -> Feature:
    told = states.get(feature.id.removeprefix("wards-"))
    if told is None or feature.card is None:
        return feature
    look = theme()
    asked = [entry for entry in told if entry[1] in _ASKED]
    done = sum(state in ("reported", "zero") for _, state, _ in asked)
    summary = Label(
        f"{look.text('entered').vi}: {done}/{len(asked)}", f"{look.text('entered').en}: {done}/{len(asked)}"
    )
    lines = tuple((label, value, look.text(f"state_{state}")) for label, state, value in asked)
    old = feature.card
    tables = (Table(("target", "value", "state"), lines),) if lines else ()
    card = Card(old.title, summary, (feature.style.label, summary), old.facts, tables, links=old.links)
    return Feature(feature.id, feature.geometry, feature.style, card, feature.mark, feature.aliases)


def outlines(situation: Situation) -> Layer:
    """The outer edges of the wards of each phase, so that pilot and expansion are seen over any shade."""
    import shapely

    from geo.output.maps.drawing.simplified_shapes import display_shapes

    look = theme()
    shapes = display_shapes(situation.wards)
    phases = situation.wards["phase"].to_numpy(dtype=str)
    features = []
    for phase in ("pilot", "expansion"):
        chosen = shapes[np.flatnonzero(phases == phase)]
        if chosen.size:
            # The edges of a union are the rings of what the wards make together.
            edge = shapely.boundary(shapely.coverage_union_all(chosen))
            features.append(Feature(f"edge-{phase}", edge, look.lines[f"{phase}-edge"]))
    return Layer("phases", look.text("programme_phase"), tuple(features), pane="lines")


def outline_legend(edges: Layer) -> LegendGroup:
    """The swatches of the outlines."""
    entries = tuple(LegendEntry(feature.style, feature.style.label) for feature in edges.features)
    return LegendGroup(theme().text("programme_phase"), entries)


def coverage_notices(told: Attainment | None, *, hides: bool = False) -> tuple[Label, ...]:
    """What to say of the data: that there are none, or none published (`hides`), or that they are made up."""
    if told is None:
        return (message_label("visibility.coverage-not-published") if hides else theme().text("no_coverage"),)
    return (theme().text("example"),) if told.example else ()


def programme_card(told: Attainment, known_words: Words) -> Card:
    """The programme: its period, when reports are due, how many wards entered anything."""
    look = theme()
    reporting = told.reporting
    facts = (
        Fact("period", str(told.period)),
        Fact("deadline", _deadline(told)),
        Fact("entered", f"{reporting.reporting} / {reporting.wards} {look.text('wards').vi.lower()}"),
    )
    without = [known_words.ward_names.get(code, code) for code in reporting.without]
    notes = (f"{look.areas['coverage-nothing'].label.vi}: {', '.join(without)}",) if 0 < len(without) <= 12 else ()
    return Card(title=told.programme.title, facts=facts, notes=notes)


def _deadline(told: Attainment) -> Label:
    day, left = day_text(told.deadline.last_day), told.days_left - 1
    if left < 0:
        return Label(f"hết ngày {day} (đã quá {-left} ngày)", f"by {day} ({-left} days ago)")
    return Label(f"hết ngày {day} (còn {left} ngày)", f"by {day} ({left} days left)")
