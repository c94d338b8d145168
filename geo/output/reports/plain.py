"""An attainment as plain values, for JSON, and as a flat table, for CSV."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.analysis.coverage.attainment import Attainment, Result
from geo.output.reports.new_sites import new_sites_dict
from geo.reference.programmes import Deadline, Indicator, Programme


def attainment_dict(attainment: Attainment) -> dict[str, Any]:
    """The attainment as values that JSON knows: days as ISO text, what nobody reported as None, shares from 0 to 1."""
    return {
        "programme": attainment.programme.id,
        "indicators_of": attainment.programme.indicators_of,
        "city": attainment.programme.city,
        "document": attainment.programme.document,
        "period": str(attainment.period),
        "day": attainment.day.isoformat(),
        "audience": attainment.audience,
        "example": attainment.example,
        "deadline": {**deadline_dict(attainment.deadline), "days_left": attainment.days_left},
        "reporting": {
            "wards": attainment.reporting.wards,
            "reporting": attainment.reporting.reporting,
            "share": attainment.reporting.share,
            "without": list(attainment.reporting.without),
        },
        "results": [_result(entry) for entry in attainment.results],
        "phases": _records(attainment.rows("phase"), ["phase", "target", *_FIGURES]),
        "outside_programme": None if attainment.outside is None else attainment.outside.to_dict("records"),
        "new_sites": new_sites_dict(attainment),
    }


def ward_dicts(attainment: Attainment, target: str) -> list[dict[str, Any]]:
    """A target's figures by ward, in the order of the register; values that JSON knows."""
    return _records(
        attainment.rows("ward", target=target), ["code", "name", "phase", "target", "value", "base", "share", "state"]
    )


def attainment_table(attainment: Attainment) -> pd.DataFrame:
    """The attainment's table with programme, period and day before each row."""
    head = {"programme": attainment.programme.id, "period": str(attainment.period), "day": attainment.day.isoformat()}
    return pd.concat([pd.DataFrame([head] * len(attainment.table)), attainment.table.reset_index(drop=True)], axis=1)


def programme_dict(programme: Programme) -> dict[str, Any]:
    """A programme as values that JSON knows, indicators in printed order."""
    return {
        **{name: getattr(programme, name) for name in ("id", "city", "title", "title_en", "document", "issuer")},
        **{name: getattr(programme, name) for name in ("first_year", "last_year", "report_to", "report_to_en")},
        "issued": programme.issued.isoformat(),
        "deadlines": [deadline_dict(entry) for entry in programme.deadlines],
        "indicators": [_indicator(entry) for entry in programme.indicators],
        "phases": {name: list(programme.official_names(name)) for name in programme.phase_ids[:-1]},
    }


def deadline_dict(deadline: Deadline) -> dict[str, Any]:
    """A reporting date: `day` is the printed one ('before' it), `last_day` the last in time."""
    return {
        "report": deadline.report,
        "period": str(deadline.period),
        "day": deadline.day.isoformat(),
        "last_day": deadline.last_day.isoformat(),
        "printed": deadline.printed,
        "place": deadline.place,
    }


_FIGURES = ("value", "base", "share", "wards", "reporting", "zero", "missing", "suppressed")
_TARGET = ("id", "label", "label_en", "measure", "figure", "rule", "unit", "unit_en", "level", "scope", "note")


def _indicator(indicator: Indicator) -> dict[str, Any]:
    names = ("id", "parent", "text", "text_en", "lead", "support", "period", "place", "note")
    targets = [{name: getattr(target, name) for name in _TARGET} for target in indicator.targets]
    return {**{name: getattr(indicator, name) for name in names}, "targets": targets}


def _result(result: Result) -> dict[str, Any]:
    figures = ("needed", *_FIGURES[:3], "distance", "state", *_FIGURES[3:])
    return {
        "indicator": result.indicator.id,
        "target": result.target.id,
        "label": result.target.label,
        "label_en": result.target.label_en,
        "unit": result.target.unit,
        "level": result.target.level,
        **{name: getattr(result, name) for name in figures},
    }


def _records(rows: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    chosen = rows[columns].astype(object)
    records = chosen.where(chosen.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]
