"""What was understood of a plan, each row with how sure it is; nothing of it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from geo.i18n.language import Lang, current
from geo.i18n.message import Message

Certainty = Literal["sure", "look", "none"]
"""`sure`; `look`: somebody has to look at it; `none`: not understood."""
Standing = Literal["listed", "new", "returned", "cleared", "other"]
"""What the plan itself says of a site: listed, or also that it is new, came back, or leaves the list; `other`: it
stands in a list that is not the plan's own (of another year, for comparison)."""
PHASES = ("pilot", "expansion")


@dataclass(frozen=True, slots=True)
class PlanSite:
    """A site as a plan lists it.

    `number`: with the numbers of its headings (`I.1`). `group`: `establishment`, `public` or ''. `level`: `complex`,
    `active`, `low`, `inactive`, or '' where it is not clear. `wards`: codes; `suggested`: codes of names that are near.
    `reasons` say why it is not sure; `printed` is the row.
    """

    number: str
    name: str
    place: str
    wards: tuple[str, ...]
    level: str
    handed_over: int | None
    certainty: Certainty
    group: str = ""
    standing: Standing = "listed"
    note: str = ""
    suggested: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()
    printed: str = ""

    def document(self, lang: Lang) -> dict[str, Any]:
        """The site as JSON holds it."""
        return {
            "number": self.number,
            "name": self.name,
            "place": self.place,
            "wards": list(self.wards),
            "level": self.level or None,
            "handed_over": self.handed_over,
            "certainty": self.certainty,
            "group": self.group or None,
            "standing": self.standing,
            "note": self.note,
            "suggested_wards": list(self.suggested),
            "reasons": [reason.text(lang) for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class PlanWard:
    """A ward as a plan lists it under a phase; `ward` is '' where the name is not understood."""

    phase: str
    number: str
    printed: str
    ward: str
    certainty: Certainty
    suggested: tuple[str, ...] = ()
    reasons: tuple[Message, ...] = ()

    def document(self, lang: Lang) -> dict[str, Any]:
        """The ward as JSON holds it."""
        return {
            "phase": self.phase,
            "number": self.number,
            "printed": self.printed,
            "ward": self.ward or None,
            "certainty": self.certainty,
            "suggested_wards": list(self.suggested),
            "reasons": [reason.text(lang) for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A figure of an indicator: its value, `%` or the words behind it, and whether it is a least one, or one that must
    not be passed (`at_most`)."""

    figure: float
    unit: str
    rule: str = "reach"

    def document(self) -> dict[str, Any]:
        """The figure as JSON holds it."""
        return {"target": _plain(self.figure), "unit": self.unit, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    """An indicator: printed text, bodies, the figures of its text, and its sub-items."""

    number: str
    text: str
    figures: tuple[PlanFigure, ...] = ()
    lead: str = ""
    support: str = ""
    period: str = ""
    items: tuple[PlanIndicator, ...] = ()

    def document(self) -> dict[str, Any]:
        """The indicator as JSON holds it; `target` and `unit` are those of its first figure."""
        first = self.figures[0] if self.figures else None
        return {
            "number": self.number,
            "text": self.text,
            "target": None if first is None else _plain(first.figure),
            "unit": None if first is None else first.unit,
            "targets": [figure.document() for figure in self.figures],
            "lead": self.lead,
            "support": self.support,
            "period": self.period or None,
            "items": [item.document() for item in self.items],
        }


@dataclass(frozen=True, slots=True)
class Named:
    """A province of the country, or a city of the data set that is none, which a plan names."""

    code: str
    slug: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a plan says of itself; '' and None where it does not. `city` is a slug, `years` first and last; `named`: the
    provinces that it may be of by its own words."""

    number: str = ""
    day: date | None = None
    issuer: str = ""
    city: str = ""
    title: str = ""
    years: tuple[int, int] | None = None
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan as it was read.

    `cleared` are the sites that it takes off the list, `others` those of lists of other years, which change nothing.
    `not_understood`: lines of its lists that mean nothing to the
    reader; `remarks`: what else a reader of the result has to know.
    """

    file: str
    digest: str
    head: Letterhead
    sites: tuple[PlanSite, ...]
    cleared: tuple[PlanSite, ...]
    wards: tuple[PlanWard, ...]
    indicators: tuple[PlanIndicator, ...]
    deadlines: tuple[date, ...]
    not_understood: tuple[str, ...]
    remarks: tuple[Message, ...] = ()
    others: tuple[PlanSite, ...] = ()

    def phase(self, name: str) -> tuple[str, ...]:
        """The codes of the wards of a phase that are sure, in the plan's order."""
        codes = (entry.ward for entry in self.wards if entry.phase == name and entry.certainty == "sure")
        return tuple(dict.fromkeys(codes))

    @property
    def missing(self) -> tuple[str, ...]:
        """The lists that the plan has not: `sites`, those of phases, `indicators`. What is in force of them goes on."""
        has = {"sites": self.sites or self.cleared, "indicators": self.indicators}
        has |= {name: tuple(ward for ward in self.wards if ward.phase == name) for name in PHASES}
        return tuple(name for name in ("sites", *PHASES, "indicators") if not has[name])

    @property
    def said_of_missing(self) -> tuple[Message, ...]:
        """The same in words."""
        return tuple(
            Message("importing.plan-list-missing", what=Message(f"importing.plan-lacks-{n}")) for n in self.missing
        )

    def document(self, lang: Lang | None = None) -> dict[str, Any]:
        """The reading as JSON holds it."""
        language, head = lang or current(), self.head
        return {
            "number": head.number or None,
            "day": head.day.isoformat() if head.day else None,
            "issuer": head.issuer or None,
            "city": head.city or None,
            "title": head.title or None,
            "years": list(head.years) if head.years else None,
            "sites": [site.document(language) for site in self.sites],
            "cleared": [site.document(language) for site in self.cleared],
            "other_lists": [site.document(language) for site in self.others],
            "phases": {name: list(self.phase(name)) for name in PHASES},
            "phase_rows": [ward.document(language) for ward in self.wards],
            "indicators": [indicator.document() for indicator in self.indicators],
            "deadlines": [day.isoformat() for day in self.deadlines],
            "not_understood": list(self.not_understood),
            "missing_lists": list(self.missing),
            "remarks": [remark.text(language) for remark in (*self.said_of_missing, *self.remarks)],
            "file": {"name": self.file, "digest": self.digest},
        }


def _plain(figure: float) -> int | float:
    return int(figure) if figure == int(figure) else figure


def worst(certainties: Sequence[Certainty]) -> Certainty:
    """The least sure of several."""
    return next((kind for kind in ("none", "look") if kind in certainties), "sure")
