"""Two wards that put their own figures together, and read all that is public, find no suppressed figure of another."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hold_house import ACTOR, House, StandingClock, served
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.records.entries import NewCoverageEntry, NewReport
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.reference.wards import load_wards

WARDS = load_wards()
HANOI = WARDS[WARDS["province_code"] == "01"].reset_index(drop=True)
PHASES = dict(zip(HANOI["code"], HANOI["phase"], strict=True))
CODES = [code for phase in ("pilot", "expansion", "none") for code in [c for c, p in PHASES.items() if p == phase][:6]]
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
HALVES = {QUARTERS[1]: ("2026-H1", date(2026, 7, 10)), QUARTERS[2]: ("2026-H2", date(2027, 1, 10))}
"""After which quarter the figures of which half-year come in, and when."""
TODAY = date(2027, 2, 10)
DAYS = (date(2026, 5, 10), date(2026, 8, 10), date(2026, 12, 31), TODAY)

Unknown = tuple[str, str, str]
"""A ward, a period or the first day of a quarter, and what is counted: 3.1; of 8 what is met, and what is not."""


@dataclass
class Known:
    """The true figures, and the sums of them that were shown."""

    truth: dict[Unknown, int] = field(default_factory=dict)
    sums: list[tuple[list[Unknown], float]] = field(default_factory=list)
    suppressed: list[list[Unknown]] = field(default_factory=list)

    def learn(self, unknowns: list[Unknown], shown: Any, *, is_suppressed: bool = True) -> None:
        """Take in a figure of an answer: a number, or that it is suppressed."""
        held = [each for each in unknowns if self.truth.get(each)]
        if isinstance(shown, int | float):
            self.sums.append((held, float(shown)))
        elif held and is_suppressed:
            self.suppressed.append(held)

    def given_away(self, insiders: tuple[str, ...]) -> list[str]:
        """Each suppressed figure of others that has one value only, for wards with their own figures, or for nobody."""
        order = {each: place for place, each in enumerate(each for each, count in self.truth.items() if count)}
        own = [([each], float(self.truth[each])) for each in order if each[0] in insiders]
        sums = [entry for entry in (*self.sums, *own) if entry[0]]
        matrix = np.zeros((len(sums), len(order)))
        for row, (held, _) in enumerate(sums):
            matrix[row, [order[each] for each in held]] = 1
        values = [value for _, value in sums]
        assert matrix @ [self.truth[each] for each in order] == pytest.approx(values)
        found = []
        for held in {tuple(held) for held in self.suppressed if any(each[0] not in insiders for each in held)}:
            aim = np.zeros(len(order))
            aim[[order[each] for each in held]] = 1
            low, high = (
                milp(
                    sign * aim, constraints=LinearConstraint(matrix, values, values), bounds=Bounds(1, np.inf),
                    integrality=np.ones(len(order)),
                )
                for sign in (1, -1)
            )  # fmt: skip
            if high.status == 0 and -high.fun == low.fun:
                found.append(f"{held}: {low.fun}")
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Known]]:
    clock, known = StandingClock(), Known()
    path: Path = tmp_path_factory.mktemp("partner") / "records.sqlite"
    with open_store(f"sqlite:///{path}", registers=load_register_lookup(), now=clock) as store:
        house = served(store, clock)
        rng = np.random.default_rng(20)
        for quarter in QUARTERS:
            clock.at(quarter + timedelta(days=70))
            store.add_reports(list(_reports(rng, quarter, known)), ACTOR, source=str(quarter))
            if quarter in HALVES:
                period, day = HALVES[quarter]
                clock.at(day)
                store.add_all(list(_entries(rng, period, day, known)), ACTOR)
        clock.at(TODAY)
        for path_, read in (("coverage", _coverage), ("situation", _reported)):
            read(house, known, f"/api/v1/{path_}")
        yield house, known


def _reports(rng: np.random.Generator, quarter: date, known: Known) -> Iterator[NewReport]:
    points = HANOI.set_index("code").geometry.representative_point()
    for code in CODES:
        known.truth[code, str(quarter), "reports"] = count = int(rng.choice([0, 0, 1, 2, 3, 6, 8]))
        at = {"lon": round(points[code].x, 6), "lat": round(points[code].y, 6)}
        for number in range(count):
            yield NewReport(day=quarter + timedelta(days=4 * number + 2), kind="other", channel="hotline", **at)


def _entries(rng: np.random.Generator, period: str, day: date, known: Known) -> Iterator[NewCoverageEntry]:
    for code in CODES:
        counts = {name: int(rng.choice([0, 1, 2, 3, 5, 7, 9, 30])) for name in ("3.1", "met", "unmet")}
        known.truth |= {(code, period, name): count for name, count in counts.items()}
        figures = {"3.1": counts["3.1"], "8": counts["met"], "8-base": counts["met"] + counts["unmet"]}
        for indicator, value in figures.items():
            yield NewCoverageEntry(
                ward_code=code, programme="hanoi-2026", indicator=indicator, period=period, value=value, day=day,
                document="7/BC", office="UBND",
            )  # fmt: skip


def _coverage(house: House, known: Known, path: str) -> None:
    """All rows of all periods, in JSON and in CSV."""
    for period, halves in (("2026-H1", ["2026-H1"]), ("2026-H2", ["2026-H2"]), ("2026", ["2026-H1", "2026-H2"])):
        for target, value, base in (("3.1", ["3.1"], []), ("8", ["met"], ["met", "unmet"])):
            query = {"period": period, "target": target, "limit": "1000"}
            rows = house.browser().get(path, params=query).json()["items"]
            text = house.browser().get(path, params=query | {"f": "csv"}).content.decode("utf-8-sig")
            table = list(csv.DictReader(io.StringIO(text)))
            assert [_number(row["value"]) for row in table] == [_number(row["value"]) for row in rows]
            for row in rows:
                wards = _wards(row)
                for figure, names in (("value", value), ("base", base)):
                    unknowns = [(code, half, name) for code in wards for half in halves for name in names]
                    known.learn(unknowns, row[figure] if names else None, is_suppressed=row["suppressed"])


def _wards(row: dict[str, Any]) -> list[str]:
    if row["level"] == "ward":
        return [row["code"]]
    return [code for code in CODES if row["level"] == "city" or PHASES[code] == row["phase"]]


def _number(shown: Any) -> float | None:
    try:
        return float(shown)
    except (TypeError, ValueError):
        return None


def _reported(house: House, known: Known, path: str) -> None:
    """The counts of the quarter that is published on each of several days; each ward's own answer says the same."""
    for day in DAYS:
        counts = house.browser().get(path, params={"day": day.isoformat()}).json()["reports"]
        shown = {row["ward_code"]: row["reports"] for row in counts["by_ward"]}
        for code in CODES:
            known.learn([(code, counts["from"], "reports")], shown.get(code, 0))
        known.learn([(code, counts["from"], "reports") for code in CODES], counts["total"])
        for code in CODES[:2]:
            one = house.browser().get(f"/api/v1/wards/{code}", params={"day": day.isoformat()}).json()["reports"]
            assert one["reports"] == shown.get(code, 0)


def _pairs() -> list[tuple[str, ...]]:
    """Wards beside each other, as far as two are; and one of each phase with the next of it, who share its sum."""
    beside = HANOI[HANOI["code"].isin(CODES)].set_index("code").geometry
    neighbours = [pair for pair in combinations(CODES, 2) if beside[pair[0]].distance(beside[pair[1]]) < 1e-4]
    return [*neighbours[:6], *(pair for pair in pairwise(CODES) if _same_phase(*pair))]


def _same_phase(one: str, other: str) -> bool:
    return bool(PHASES[one] == PHASES[other])


@pytest.mark.parametrize("insiders", [(), *_pairs()], ids="-".join)
def test_no_two_wards_find_a_suppressed_figure_of_another(
    office: tuple[House, Known], insiders: tuple[str, ...]
) -> None:
    _, known = office
    assert len(known.suppressed) > 20
    assert any(len(held) > 1 for held, _ in known.sums)
    assert len({held[0][1] for held in known.suppressed}) == 5  # of each half-year and quarter
    assert known.given_away(insiders) == []
