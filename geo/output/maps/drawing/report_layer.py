"""Reports on maps of a site or a ward, for roles that may see them: by what was verified, and by age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geo.i18n.translator import Translator
from geo.output.maps.drawing.cards import rows
from geo.output.maps.drawing.drawing import Card, Fact, Feature, Layer, LegendEntry, LegendGroup
from geo.output.maps.drawing.wording import themed
from geo.output.shared.cells import known
from geo.output.shared.theme import PointStyle, theme
from geo.records.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from types import SimpleNamespace

    from geo.situation import Situation

_AGES = ((30, "recent", 6.0), (180, "months", 4.6), (10**6, "old", 3.2))
"""Days up to which a report is of an age, the age's name in the theme, and the radius of its disc in CSS pixels."""
_STATES = ("confirmed", "verified", "unverified", "unfounded")


def report_layer(situation: Situation, found: Iterable[SimpleNamespace], words: Translator) -> Layer:
    """The reports `found`, those without a place left out; each with day, kind and status in words."""
    features = tuple(
        Feature(f"report-{rank}", row.geometry, _style(row, situation.day), _card(row, words))
        for rank, row in enumerate(found)
        if row.geometry is not None and not row.geometry.is_empty
    )
    return Layer("reports", themed(words, "reports"), features, pane="lines")


def reports_of(situation: Situation) -> Iterable[SimpleNamespace]:
    """The reports that a situation holds; none where they are hidden or not there."""
    return () if situation.reports is None else rows(situation.reports)


def report_legend(layer: Layer, words: Translator) -> tuple[LegendGroup, ...]:
    """Swatches of what was verified, and of the ages, of the reports of a layer."""
    if not layer.features:
        return ()
    used = [feature.style for feature in layer.features if isinstance(feature.style, PointStyle)]
    states = [theme().points[f"report-{state}"] for state in _STATES]
    counts = [(style, sum(one.name.startswith(style.name) for one in used)) for style in states]
    entries = [LegendEntry(style, words.pick(style.label), count) for style, count in counts if count]
    plain = theme().points["report"]
    ages = [(replace(plain, name=f"report-{age}", radius=size), age, size) for _, age, size in _AGES]
    entries += [
        LegendEntry(style, themed(words, f"age_{age}"))
        for style, age, size in ages
        if any(o.radius == size for o in used)
    ]
    return (LegendGroup(themed(words, "reports"), tuple(entries)),)


def _style(row: Any, day: date) -> PointStyle:
    state = str(getattr(row, "status", "unverified"))
    style = theme().points[f"report-{state if state in _STATES else 'unverified'}"]
    age = day.toordinal() - row.day.toordinal() if isinstance(row.day, date) else 0
    name, size = next((name, size) for days, name, size in _AGES if age <= days)
    return replace(style, name=f"{style.name}-{name}", radius=size)


def _card(row: Any, words: Translator) -> Card:
    status = str(getattr(row, "status", "unverified"))
    label = theme().texts.get(f"status_{status}")
    state = words.pick(label) if label else status
    kind = _kind(row, words)
    facts = [Fact("kind", kind)] if kind else []
    brief = (kind, state) if kind else (state,)
    return Card(f"{themed(words, 'reports')} {words.day(row.day)}", state, brief, (*facts, Fact("status", state)))


def _kind(row: Any, words: Translator) -> str:
    given = getattr(row, "kind", None)
    if not known(given):
        return ""
    term = vocabulary().groups["kind"].get(str(given))
    return words.pick(term) if term else str(given)
