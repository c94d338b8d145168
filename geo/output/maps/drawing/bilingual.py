"""A map in two languages: titles, days, notices and legend of one drawing, each followed by those of the other."""

from __future__ import annotations

from dataclasses import replace

from geo.output.maps.drawing.drawing import Drawing, LegendEntry, LegendGroup

_BETWEEN = " · "


def bilingual(first: Drawing, second: Drawing) -> Drawing:
    """`first` with its title, notices and legend also as `second` has them; a text that is one stands once.

    Figures, cards and the words of the page stay those of `first`. Both are the same map in two languages.

    Raises
    ------
    ValueError
        The legends have not the same entries: these are two maps.
    """
    legend = tuple(_group(one, other) for one, other in zip(first.legend, second.legend, strict=True))
    notices = tuple(both(one, other) for one, other in zip(first.notices, second.notices, strict=True))
    title, subtitle = both(first.title, second.title), both(first.subtitle, second.subtitle)
    return replace(first, title=title, subtitle=subtitle, notices=notices, legend=legend)


def both(one: str, other: str) -> str:
    """Two texts in a line, or the one that they are.

    >>> both("Chú giải", "Legend"), both("Yên Hòa", "Yên Hòa")
    ('Chú giải · Legend', 'Yên Hòa')
    """
    return one if one == other else f"{one}{_BETWEEN}{other}"


def _group(one: LegendGroup, other: LegendGroup) -> LegendGroup:
    entries = tuple(_entry(a, b) for a, b in zip(one.entries, other.entries, strict=True))
    return LegendGroup(both(one.heading, other.heading), entries)


def _entry(one: LegendEntry, other: LegendEntry) -> LegendEntry:
    return replace(one, label=both(one.label, other.label))
