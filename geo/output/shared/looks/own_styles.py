"""How the levels, phases and groups look that programmes add: like those of the data set at the same rank.

A programme may name a colour (`geo.reference.programme.terms`); widths, dashes and hatches follow the order, so that
its map, too, is read in black and white.
"""

from __future__ import annotations

from dataclasses import replace

from geo.output.shared.looks.styles import AreaStyle, Hatch, Label, LineStyle
from geo.reference.programme.in_use import own_terms, ranks
from geo.reference.programme.terms import SHIPPED, Level, Phase

_EDGE = "-edge"
_GROUP = "group_"


class LineStyles(dict[str, LineStyle]):
    """Lines by name; a name that is none is a level, or the edge of a phase, that a programme adds."""

    def __missing__(self, name: str) -> LineStyle:
        if name.endswith(_EDGE):
            phase = _phase(name.removesuffix(_EDGE))
            edge = self[f"{_usual_phase(phase)}{_EDGE}"]
            return replace(edge, name=name, label=_label(phase))
        level = own_terms("level").get(name)
        if not isinstance(level, Level):
            raise KeyError(name)
        rank, count = ranks("level")[name]
        shipped = SHIPPED["level"]
        usual = self[shipped[round(rank * (len(shipped) - 1) / max(count - 1, 1))]]
        return replace(usual, name=name, label=_label(level), colour=level.colour or usual.colour)


class AreaStyles(dict[str, AreaStyle]):
    """Areas by name; a name that is none is a phase that a programme adds."""

    def __missing__(self, name: str) -> AreaStyle:
        phase = _phase(name)
        usual = self[_usual_phase(phase)]
        fill = phase.colour or usual.fill
        hatch = usual.hatch if ranks("phase")[name][0] < len(SHIPPED["phase"]) else Hatch("cross", usual.stroke, 7, 1.0)
        return replace(usual, name=name, label=_label(phase), fill=fill, hatch=hatch)


class Texts(dict[str, Label]):
    """Words by key; `group_` before the id of a group is what it is called."""

    def __missing__(self, key: str) -> Label:
        group = own_terms("group").get(key.removeprefix(_GROUP)) if key.startswith(_GROUP) else None
        if group is None:
            raise KeyError(key)
        return Label(group.vi, group.en)


def _phase(name: str) -> Phase:
    found = own_terms("phase").get(name)
    if not isinstance(found, Phase):
        raise KeyError(name)
    return found


def _usual_phase(phase: Phase) -> str:
    shipped = SHIPPED["phase"]
    return shipped[ranks("phase")[phase.id][0] % len(shipped)]


def _label(term: Level | Phase) -> Label:
    return Label(term.vi, term.en)
