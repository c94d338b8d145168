"""`diaban backtest`: how well the rules would have done on the last weeks, predicted from those before."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.common import CityOption, DayOption, OutputOption, chosen_day, emit, explained, out

if TYPE_CHECKING:
    from geo.analysis.detection.backtest import Backtest
    from geo.situation import Situation


class BacktestFormat(StrEnum):
    """How the result is given out."""

    TABLE = "table"
    JSON = "json"


def backtest(
    weeks: Annotated[int, typer.Option("--weeks", min=1, help="Weeks to hold back, the last ones.")] = 12,
    share: Annotated[float, typer.Option("--share", help="Share of the street length to mark each week.")] = 0.05,
    day: DayOption = None,
    city: CityOption = "hanoi",
    streets: Annotated[
        list[Path] | None,
        typer.Option("--streets", help="Street network; without it the sites' own routes are the streets."),
    ] = None,
    format: Annotated[BacktestFormat, typer.Option("--format", help="table or json.")] = BacktestFormat.TABLE,
    output: OutputOption = None,
) -> None:
    """Hit rate, prediction accuracy per street length, and false alarms, on the reports recorded so far."""
    with explained():
        from geo.records.open import opened_store
        from geo.situation import at

        with opened_store() as store:
            situation = at(chosen_day(day), city=city, store=store)
        told = _backtest(situation, weeks, share, streets or [])
        if format is BacktestFormat.JSON:
            emit(json.dumps(_document(situation, told), ensure_ascii=False, indent=2), output)
        elif output is None:
            out().print(_text(situation, told), highlight=False)
        else:
            emit(_text(situation, told), output)


def _backtest(situation: Situation, weeks: int, share: float, streets: list[Path]) -> Backtest:
    import numpy as np

    from geo.analysis.detection.backtest import backtest as tested
    from geo.analysis.detection.street_pieces import nearest_piece, street_pieces
    from geo.analysis.detection.thresholds import load_thresholds
    from geo.analysis.flags.places import day_number, study_area_of, located
    from geo.errors import InputError, Problem

    ground = study_area_of(situation.wards, situation.sites)
    if situation.reports is None or not len(situation.reports):
        raise InputError(Problem("holds no report", "the records", "import reports first: diaban report import"))
    seen = located(situation.reports, situation.day, ground)
    lines = _ways(streets, ground.province) if streets else np.asarray(ground.sites.geometries, dtype=object)
    pieces = street_pieces(lines)
    return tested(
        seen.reports,
        ground.sites,
        nearest_piece(pieces, seen.reports.points_m),
        pieces.length_m,
        held_back_weeks=weeks,
        last_day=day_number(situation.day),
        observed_since=int(seen.reports.days.min()) if len(seen) else day_number(situation.day),
        thresholds=load_thresholds(),
        marked_share=share,
    )


def _ways(streets: list[Path], province: str) -> Any:
    import numpy as np

    from geo.reference.streets.network import load_network

    return np.asarray(load_network(streets, province).ways.geometry, dtype=object)


def _document(situation: Situation, told: Backtest) -> dict[str, Any]:
    from geo.analysis.flags.places import day_of

    accuracy = told.accuracy
    return {
        "day": situation.day.isoformat(),
        "city": situation.city,
        "weeks": accuracy.weeks,
        "reports": accuracy.reports,
        "hits": accuracy.hits,
        "marked_share": round(accuracy.marked_share, 6),
        "hit_rate": _known(accuracy.hit_rate),
        "prediction_accuracy_index": _known(accuracy.pai),
        "false_alarms": told.false_alarms,
        "false_alarms_per_month": round(told.false_alarms_per_month, 3),
        "open_alarms": told.open_alarms,
        "alarms": [
            {
                "day": day_of(alarm.day).isoformat(),
                "rule": alarm.finding.rule,
                "level": alarm.finding.level,
                "site_id": alarm.finding.site,
                "observed": alarm.finding.observed,
                "expected": round(alarm.finding.expected, 3),
                "p": float(f"{alarm.finding.p:.3g}"),
                "followed": alarm.followed,
            }
            for alarm in told.alarms
        ],
    }


def _known(value: float) -> float | None:
    return round(value, 4) if value == value else None


def _text(situation: Situation, told: Backtest) -> str:
    accuracy = told.accuracy
    rate = "no report to predict" if accuracy.hit_rate != accuracy.hit_rate else f"{accuracy.hit_rate:.1%}"
    index = "" if accuracy.pai != accuracy.pai else f", {accuracy.pai:.1f} times what chance would hit"
    followed = sum(alarm.followed for alarm in told.alarms)
    return "\n".join(
        [
            f"the {accuracy.weeks} weeks up to {situation.day:%d/%m/%Y}, each predicted from the days before it",
            f"where: {accuracy.hits} of {accuracy.reports} reports on these streets lay on the marked "
            f"{accuracy.marked_share:.1%} of their length: {rate}{index}",
            f"when:  {len(told.alarms)} warnings and alerts, {followed} followed by a verified report, "
            f"{told.open_alarms} too young to tell, {told.false_alarms} false "
            f"({told.false_alarms_per_month:.2f} a month)",
        ]
    )
