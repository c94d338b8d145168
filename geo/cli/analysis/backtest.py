"""`diaban backtest`: how well the rules would have done on the last weeks, predicted from those before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.console import word, written
from geo.cli.base.options import CITY, CityOption, DayOption, OutputOption, chosen_day
from geo.cli.common import emit, emit_tables, explained, format_option, opened
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geo.analysis.detection.backtest import Backtest
    from geo.situation import Situation


def backtest(
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=156)] = 12,
    share: Annotated[float, typer.Option("--share", min=0.01, max=0.5)] = 0.05,
    day: DayOption = None,
    city: CityOption = CITY,
    streets: Annotated[list[Path] | None, typer.Option("--streets")] = None,
    format: Annotated[str | None, format_option("backtest")] = None,
    output: OutputOption = None,
) -> None:
    """Hit rate, prediction accuracy per street length, and false alarms, on the reports recorded so far."""
    with explained():
        from geo.output.shared.formats import format_of
        from geo.situation import at

        chosen = format_of("backtest", output, format)
        with opened() as store:
            situation = at(chosen_day(day), city=city, store=store)
        tested = _backtest(situation, weeks, share, streets or [])
        if chosen.name == "json":
            emit(json.dumps(_document(situation, tested), ensure_ascii=False, indent=2), output)
        else:
            emit_tables([_text(situation, tested)], output)


def _backtest(situation: Situation, weeks: int, share: float, streets: list[Path]) -> Backtest:
    import numpy as np

    from geo.analysis.detection.backtest import backtest as tested
    from geo.analysis.detection.street_pieces import nearest_piece, street_pieces
    from geo.analysis.detection.thresholds import load_thresholds
    from geo.analysis.flags.city import city_of_situation
    from geo.analysis.flags.places import day_number

    thresholds = load_thresholds()
    city = city_of_situation(situation, thresholds)
    if city is None:
        raise InputError(Problem("cli.no-reports"))
    lines = _ways(streets, city.area.province) if streets else np.asarray(city.area.sites.geometries, dtype=object)
    pieces = street_pieces(lines)
    return tested(
        city.known,
        city.monitored,
        nearest_piece(pieces, city.known.reports.points_m),
        pieces.length_m,
        held_back_weeks=weeks,
        last_day=day_number(situation.day),
        thresholds=thresholds,
        marked_share=share,
    )


def _ways(streets: list[Path], province: str) -> Any:
    from geo.reference.streets.network import load_network

    return load_network(streets, province).ways.lines


def _document(situation: Situation, tested: Backtest) -> dict[str, Any]:
    from geo.analysis.flags.places import day_of

    accuracy = tested.accuracy
    return {
        "day": situation.day.isoformat(),
        "city": situation.city,
        "weeks": accuracy.weeks,
        "reports": accuracy.reports,
        "hits": accuracy.hits,
        "marked_share": round(accuracy.marked_share, 6),
        "hit_rate": _known(accuracy.hit_rate),
        "prediction_accuracy_index": _known(accuracy.pai),
        "false_alarms": tested.false_alarms,
        "false_alarms_per_month": round(tested.false_alarms_per_month, 3),
        "open_alarms": tested.open_alarms,
        "followed_by_chance": round(tested.followed_by_chance, 2),
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
                "followed_by_chance": round(alarm.by_chance, 3),
            }
            for alarm in tested.alarms
        ],
    }


def _known(value: float) -> float | None:
    return round(value, 4) if value == value else None


def _text(situation: Situation, tested: Backtest) -> str:
    accuracy, text = tested.accuracy, written()
    no_rate, no_index = accuracy.hit_rate != accuracy.hit_rate, accuracy.pai != accuracy.pai
    rate = word("backtest.no-rate") if no_rate else text.share(accuracy.hit_rate)
    index = "" if no_index else word("backtest.index", index=text.fixed(accuracy.pai, 1))
    where = {"hits": accuracy.hits, "reports": accuracy.reports, "share": text.share(accuracy.marked_share)}
    alarms = {
        "alarms": len(tested.alarms),
        "followed": sum(alarm.followed for alarm in tested.alarms),
        "open": tested.open_alarms,
        "chance": text.fixed(tested.followed_by_chance, 1),
        "false": tested.false_alarms,
        "monthly": text.fixed(tested.false_alarms_per_month, 2),
    }
    return "\n".join(
        [
            word("backtest.title", weeks=accuracy.weeks, day=situation.day),
            word("backtest.where", **where, rate=rate) + index,
            word("backtest.when", **alarms),
        ]
    )
