"""The coverage map: how much each ward has entered of what its programme requires of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.i18n.language import DEFAULT, Lang
from geo.i18n.message import Message
from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import CardContext, Links, card_context
from geo.output.maps.drawing.drawing import Card, Drawing, Fact, Feature, Layer, LegendEntry, LegendGroup, Table
from geo.output.maps.drawing.layers import area_legend, ward_layer
from geo.output.maps.drawing.simplified_shapes import display_shapes
from geo.output.maps.drawing.wording import themed
from geo.output.maps.kinds.overview import city_drawing
from geo.output.shared.cells import known
from geo.output.shared.theme import AreaStyle, theme

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment
    from geo.situation import Situation

_STYLES = ("coverage-all", "coverage-some", "coverage-nothing", "coverage-outside", "missing")
_REQUIRED = ("reported", "zero", "incomplete", "missing")


def coverage_drawing(situation: Situation, links: Links | None = None, *, lang: Lang = DEFAULT) -> Drawing:
    """Wards by how much they entered, hatched where nothing was; phases outlined; figures in the pop-ups.

    `situation.coverage` is an `Attainment`; where it is None, the map says that there are no data.
    """
    look, context = theme(), card_context(situation, links, lang)
    attained: Attainment | None = situation.coverage
    states = _states(attained, context.words) if attained is not None else {}

    def style(row: Any) -> AreaStyle:
        if attained is None:
            return look.areas["missing"]
        return look.areas[_summary([cell.state for cell in states.get(str(row.code), [])])]

    wards = ward_layer(context, style, label="coverage_by_ward")
    wards = replace(wards, features=tuple(_with_figures(f, states, context.words) for f in wards.features))
    edges = outlines(situation, context.words)
    entries = area_legend("coverage_by_ward", (look.areas[n] for n in _STYLES), wards, context.words)
    return city_drawing(
        context,
        key="coverage",
        layers=(wards, edges),
        legend=tuple(group for group in (entries, outline_legend(edges, context.words)) if group.entries),
        notices=coverage_notices(attained, context.words, hides=situation.hides("coverage")),
        cards=() if attained is None else (programme_card(attained, context),),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """A ward's figure under a target: the target's label, its state, how the figure and the state are written."""

    label: str
    state: str
    value: str
    said: str


_States = Mapping[str, list[_Cell]]


def _states(attained: Attainment, words: Translator) -> _States:
    """By ward code, a cell for each target that wards enter."""
    targets = {entry.target.id: entry.target for entry in attained.results}
    labels = {id: target.label if words.lang == "vi" else target.label_en for id, target in targets.items()}
    found: dict[str, list[_Cell]] = {}
    for row in attained.rows("ward").itertuples(index=False):
        said = themed(words, "state_suppressed" if row.suppressed else f"state_{row.state}")
        cell = _Cell(labels[str(row.target)], str(row.state), value_text(row, words), said)
        found.setdefault(str(row.code), []).append(cell)
    return found


def value_text(row: Any, words: Translator) -> str:
    """A ward's figure as shown: a count, '12 / 40' for a share, or that it is suppressed."""
    if row.suppressed:
        return themed(words, "state_suppressed")
    if not known(row.value):
        return "–"
    whole = words.number(float(row.value))
    return f"{whole} / {words.number(float(row.base))}" if known(row.base) else whole


def _summary(states: list[str]) -> str:
    required = [state for state in states if state in _REQUIRED]
    done = sum(state in ("reported", "zero") for state in required)
    if not required:
        return "coverage-outside"
    if done == len(required):
        return "coverage-all"
    return "coverage-some" if any(state != "missing" for state in required) else "coverage-nothing"


def _with_figures(feature: Feature, states: _States, words: Translator) -> Feature:
    own = states.get(feature.id.removeprefix("wards-"))
    if own is None or feature.card is None:
        return feature
    required = [cell for cell in own if cell.state in _REQUIRED]
    done = sum(cell.state in ("reported", "zero") for cell in required)
    summary = words.text("entered", done=words.number(done), required=words.number(len(required)))
    rows = tuple((cell.label, cell.value, cell.said) for cell in required)
    tables = (Table(("target", "value", "state"), rows),) if rows else ()
    brief = (words.pick(feature.style.label), summary)
    return replace(feature, card=replace(feature.card, subtitle=summary, brief=brief, tables=tables, notes=()))


def outlines(situation: Situation, words: Translator) -> Layer:
    """The outer edges of the wards of each phase, so that phases are seen over any shade."""
    shapes = display_shapes(situation.wards)
    phases = situation.wards["phase"].to_numpy(dtype=str)
    features = []
    for phase in situation.programme.phase_ids[:-1]:
        chosen = shapes[np.flatnonzero(phases == phase)]
        if chosen.size:
            # The edges of a union are the rings of what the wards make together.
            edge = shapely.boundary(shapely.coverage_union_all(chosen))
            features.append(Feature(f"edge-{phase}", edge, theme().lines[f"{phase}-edge"]))
    return Layer("phases", themed(words, "programme_phase"), tuple(features), pane="lines")


def outline_legend(edges: Layer, words: Translator) -> LegendGroup:
    """The swatches of the outlines."""
    entries = tuple(LegendEntry(feature.style, words.pick(feature.style.label)) for feature in edges.features)
    return LegendGroup(themed(words, "programme_phase"), entries)


def coverage_notices(attained: Attainment | None, words: Translator, *, hides: bool = False) -> tuple[str, ...]:
    """What to say of the data: that there are none, or none published (`hides`); by when they were known, made up."""
    if attained is None:
        unpublished = Message("visibility.coverage-not-published").text(words.lang)
        return (unpublished if hides else themed(words, "no_coverage"),)
    known_by = (words.text("known-by", day=words.day(attained.day)),) if attained.audience != "internal" else ()
    return (*known_by, *((themed(words, "example"),) if attained.example else ()))


def programme_card(attained: Attainment, context: CardContext) -> Card:
    """The programme: its period, when reports are due, how many wards entered anything."""
    words, reporting = context.words, attained.reporting
    programme, period = attained.programme, attained.period
    entered = f"{words.number(reporting.reporting)} / {words.number(reporting.wards)}"
    facts = (
        Fact("period", period.label if words.lang == "vi" else period.label_en),
        Fact("deadline", _deadline(attained, words)),
        Fact("entered", f"{entered} {themed(words, 'wards').lower()}"),
    )
    nothing = words.pick(theme().areas["coverage-nothing"].label)
    few = 0 < len(reporting.without) <= 12
    notes = (f"{nothing}: {context.names_of(reporting.without)}",) if few else ()
    return Card(title=programme.title if words.lang == "vi" else programme.title_en, facts=facts, notes=notes)


def _deadline(attained: Attainment, words: Translator) -> str:
    day, left = words.day(attained.deadline.last_day), attained.days_left - 1
    if left < 0 and attained.audience != "internal":
        return day  # what was reported late is not for everybody to know
    return words.text("deadline" if left >= 0 else "deadline-over", day=day, days=words.number(abs(left)))
