"""What a visitor chooses on the page of a plan: what its rows are, and how its targets are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.web.base.page_context import PageContext
from geo.importing.registers.plan_choices import GROUPS, NEW
from geo.importing.registers.plan_counting import CHOICES
from geo.reference.programmes import Target
from geo.situation import Situation


@dataclass(frozen=True, slots=True)
class Said:
    """The chosen `rows` (`II.3=public`), `counting` (`3=level:ward`) and `places` (`II.3=2`) as commands write them; no
    blank ones."""

    rows: tuple[str, ...] = ()
    counting: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(filter(None, self.rows)))
        object.__setattr__(self, "counting", tuple(filter(None, self.counting)))
        object.__setattr__(self, "places", tuple(filter(None, self.places)))

    @property
    def written(self) -> str:
        """All of it as one field of a form, by which a later choice is noticed."""
        return "\n".join([*sorted(self.rows), "", *sorted(self.counting), "", *sorted(self.places)])


Typed = tuple[Sequence[str], Sequence[str]]
"""Targets, and what was typed for each."""


def said_of(
    rows: Sequence[str], counting: Sequence[str], figures: Typed, units: Typed, places: Sequence[str] = ()
) -> Said:
    """What the fields of the page say; as long as nothing is chosen, what it shows."""
    return Said(tuple(rows), (*counting, *_typed("figure", figures), *_typed("unit", units)), tuple(places))


def _typed(key: str, fields: Typed) -> Iterable[str]:
    pairs = zip(*fields, strict=False)
    return [f"{target}={key}:{value.strip()}" for target, value in pairs if value.strip()]


def shown(chosen: Mapping[str, str], targets: Iterable[TargetRow], places: Mapping[str, int]) -> Said:
    """What the fields of a page say as it is shown."""
    listed = list(targets)
    fields = [field.chosen for target in listed for field in target.fields]
    typed = [f"{target.id}={key}:{getattr(target, key)}" for target in listed for key in ("figure", "unit")]
    rows, at = (tuple(f"{key}={value}" for key, value in each.items()) for each in (chosen, places))
    return Said(rows, (*fields, *typed), at)


def row_choices(context: PageContext, situation: Situation) -> list[tuple[str, str]]:
    """What a row of a plan may be: a new site of a group, a new one of the group that it is listed in, a known site."""
    w = context.words
    groups = [(group, w.text(f"registers.means.{group}")) for group in GROUPS]
    sites = zip(situation.sites["site_id"], situation.sites["name"], strict=True)
    return [*groups, (NEW, w.text("registers.means.new")), *((site, f"{site} {name}") for site, name in sites)]


@dataclass(frozen=True, slots=True)
class CountField:
    """A field of how a target is counted: its name, the choices as a form sends them, and which one holds."""

    key: str
    label: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target: its words, how it is counted in words and as fields, its figure and unit."""

    id: str
    label: str
    counting: str
    fields: tuple[CountField, ...]
    figure: str
    unit: str


def count_fields(context: PageContext, target: Target) -> tuple[CountField, ...]:
    """The fields of a target; its figure and unit are typed."""
    w, said = context.words, {"unit": target.unit, "figure": f"{target.figure:g}"}
    return tuple(
        CountField(
            key,
            w.text(f"counting.key.{key}"),
            tuple((f"{target.id}={key}:{value}", w.text(f"counting.{key}.{value}", **said)) for value in values),
            f"{target.id}={key}:{getattr(target, key)}",
        )
        for key, values in CHOICES.items()
    )
