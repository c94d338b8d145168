"""`diaban clusters`: Knox, wards against their population, neighbourhoods in space and time, of recorded reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.base.commands import Commands
from geo.cli.base.console import table, word, written
from geo.cli.base.options import CITY, CityOption, DayOption, OutputOption, chosen_day, with_options
from geo.cli.common import emit, emit_tables, explained, format_option, opened
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geo.analysis.flags.city import City
    from geo.situation import Situation

app = Commands(no_args_is_help=True)
SimulationsOption = Annotated[int, typer.Option("--simulations", min=19, max=99_999)]
LastOption = Annotated[int, typer.Option("--last", min=1, max=1095)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """What all of these commands have: the day, the city, how much chance is drawn, and how it is written."""

    day: DayOption = None
    city: CityOption = CITY
    simulations: SimulationsOption = 999
    format: Annotated[str | None, format_option("clusters")] = None
    output: OutputOption = None


@app.command("knox")
@with_options(ClusterOptions)
def knox(
    options: ClusterOptions,
    metres: Annotated[float, typer.Option("--metres", min=1, max=50_000)] = 300.0,
    days: Annotated[int, typer.Option("--days", min=0, max=1095)] = 14,
) -> None:
    """Pairs of matters that are near in space and in time, against what chance brings (Knox)."""
    with explained():
        from geo.analysis.clusters import knox as test

        situation, city = _read(options)
        seen = city.known.reports.only(city.known.placed)
        found = test(seen.points_m, seen.days, metres, days, permutations=options.simulations)
        document = {
            "matters": len(seen),
            "pairs": found.pairs,
            "expected": round(found.expected, 3),
            "p_poisson_at_least": _digits(found.p_poisson),
            "p_permutation": _digits(found.p_permutation),
            "permutations": found.permutations,
        }
        text = written()
        figures = {"pairs": found.pairs, "expected": text.fixed(found.expected, 1), "count": len(seen)}
        chances = {"p": text.fixed(found.p_poisson, 4), "drawn": text.fixed(found.p_permutation, 4)}
        line = word("clusters.knox", metres=metres, days=days, day=situation.day, **figures, **chances)
        _write(options, situation, document, [line])


@app.command("wards")
@with_options(ClusterOptions)
def wards(options: ClusterOptions, last: LastOption = 365) -> None:
    """Wards beside each other with more matters than their population explains (Kulldorff's Poisson scan)."""
    with explained():
        import numpy as np

        from geo.analysis.clusters import wards_by_population
        from geo.analysis.flags.places import day_number

        situation, city = _read(options)
        recent = city.known.reports.days > day_number(situation.day) - last
        people = situation.wards["population"].astype(float).to_numpy()
        codes = situation.wards["code"].tolist()
        middles = _middles(situation, city)
        found = wards_by_population(city.known.ward[recent], codes, middles, people, simulations=options.simulations)
        rows = [
            {
                "wards": [codes[row] for row in cluster.members.tolist()],
                "observed": cluster.observed,
                "expected": round(cluster.expected, 2),
                "relative_risk": _digits(cluster.relative_risk),
                "population": int(np.nansum(people[cluster.members])),
                "p": _digits(cluster.p),
                "recurrence_looks": _digits(1 / cluster.p),
            }
            for cluster in found
        ]
        title = word("clusters.wards", days=last, day=situation.day, count=int(recent.sum()))
        _write(options, situation, {"clusters": rows}, _table(title, rows, city))


@app.command("neighbourhoods")
@with_options(ClusterOptions)
def neighbourhoods(options: ClusterOptions) -> None:
    """Wards, alone or with their neighbours, that hold more of the last days' matters than their share explains."""
    with explained():
        from geo.analysis.clusters import neighbourhood_clusters
        from geo.analysis.exposure.facts import adjoining
        from geo.analysis.flags.places import day_number, day_of

        situation, city = _read(options)
        codes, seen = [*situation.wards["code"].tolist(), ""], city.known.reports
        found = neighbourhood_clusters(
            [codes[row] for row in city.known.ward.tolist()],
            seen.points_m,
            seen.days,
            adjoining(situation.wards, codes),
            last_day=int(seen.days[seen.days <= day_number(situation.day)].max()),
            simulations=options.simulations,
        )
        rows = [
            {
                "wards": [cluster.zone.removesuffix("+")],
                "with_neighbours": cluster.zone.endswith("+"),
                "since": day_of(cluster.first_day).isoformat(),
                "until": day_of(cluster.last_day).isoformat(),
                "observed": cluster.observed,
                "expected": round(cluster.expected, 2),
                "p": _digits(cluster.p),
                "recurrence_looks": _digits(1 / cluster.p),
            }
            for cluster in found
        ]
        title = word("clusters.neighbourhoods", day=situation.day, count=len(seen))
        _write(options, situation, {"clusters": rows}, _table(title, rows, city))


def _read(options: ClusterOptions) -> tuple[Situation, City]:
    from geo.analysis.detection.thresholds import load_thresholds
    from geo.analysis.flags.city import city_of_situation
    from geo.output.shared.formats import format_of
    from geo.situation import at

    # An ending that is not written is refused before records are read and chance is drawn.
    format_of("clusters", options.output, options.format)
    with opened() as store:
        situation = at(chosen_day(options.day), city=options.city, store=store)
    city = city_of_situation(situation, load_thresholds())
    if city is None:
        raise InputError(Problem("cli.no-reports"))
    return situation, city


def _middles(situation: Situation, city: City) -> Any:
    import numpy as np
    import shapely

    inside = shapely.point_on_surface(np.asarray(situation.wards.geometry, dtype=object))
    return city.area.metric(shapely.get_coordinates(inside))


def _digits(value: float) -> float:
    return float(f"{value:.3g}")


def _table(title: str, rows: list[dict[str, Any]], city: City) -> list[Any]:
    if not rows:
        return [f"{title}: {word('clusters.none')}"]
    text = written()
    right = ("reports", "expected", "p", "recurrence")
    drawn = table("", "wards", "since", "until", *right, right=right, show_lines=True)
    drawn.title, drawn.title_justify = title, "left"
    for row in rows:
        names = ", ".join(f"{city.wards[code].full_name} ({code})" for code in row["wards"])
        beside = word("clusters.and-neighbours") if row.get("with_neighbours") else ""
        looks = row.get("recurrence_looks")
        drawn.add_row(
            names + beside,
            *(text.day(datetime.fromisoformat(row[end]).date()) if end in row else "" for end in ("since", "until")),
            text.number(row["observed"]),
            text.fixed(row["expected"], 1),
            text.fixed(row["p"], 3),
            "" if looks is None else text.number(round(looks)),
        )
    return [drawn]


def _write(options: ClusterOptions, situation: Situation, document: dict[str, Any], parts: list[Any]) -> None:
    from geo.output.shared.formats import format_of

    output: Path | None = options.output
    if format_of("clusters", output, options.format).name == "json":
        whole = {"day": situation.day.isoformat(), "city": situation.city} | document
        emit(json.dumps(whole, ensure_ascii=False, indent=2), output)
    else:
        emit_tables(parts, output)
