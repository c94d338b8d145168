"""No suppressed count from 1 to 4 can be worked out: an attacker solves the whole system of what was ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.analysis.coverage.attainment import Attainment, attainment
from geo.analysis.coverage.published import public, public_of, relations
from geo.analysis.disclosure.tables import Before, Published, Relations, suppress_public
from geo.reference.programmes import Period, load_programme
from geo.reference.wards import load_wards

PERIODS = ("H1", "H2", "year")
PHASES = ("pilot", "expansion", "none")
LINKED = Relations({"b": "a"}, frozenset({"a", "a-base", "b"}))
"""A whole with a total that it is out of, and a part of it; all three add up over the halves."""

Leaf = tuple[str, tuple[int, int, int], tuple[int, int, int]]
"""A ward: its phase; then for each half the part, the rest of the whole, and what the total has beyond the whole."""


def tables(leaves: list[Leaf], late: list[int]) -> list[pd.DataFrame]:
    """The tables of both halves and the year; `late` is what the year has of each ward's part beyond its halves."""
    halves = [np.array([leaf[1 + half] for leaf in leaves], dtype=float) for half in (0, 1)]
    year = halves[0] + halves[1]
    year[:, 0] += late
    phases = np.array([leaf[0] for leaf in leaves])
    return [_table(counts, phases) for counts in (*halves, year)]


def _table(counts: np.ndarray, phases: np.ndarray) -> pd.DataFrame:
    """Rows of targets `a` (whole, out of a total) and `b` (its part)."""
    part, rest, gap = counts.T
    value = {"a": part + rest, "b": part}
    base = {"a": part + rest + gap, "b": np.full(len(part), np.nan)}
    frames = [
        pd.DataFrame(_rows(name, value[name], base[name], phases)).assign(
            target=name, measure="share_of_items" if name == "a" else "count", share=np.nan
        )
        for name in ("a", "b")
    ]
    return pd.concat(frames, ignore_index=True)


def _rows(name: str, value: np.ndarray, base: np.ndarray, phases: np.ndarray) -> Iterator[dict[str, object]]:
    own = phases == ""
    total = np.nansum if name == "b" else np.sum
    for place in np.flatnonzero(~own):
        yield {
            "level": "ward",
            "code": str(place),
            "phase": phases[place],
            "value": value[place],
            "base": base[place],
        }
    for phase in PHASES:
        inside = phases == phase
        if inside.any():
            shown = np.nan if name == "b" else base[inside].sum()
            yield {"level": "phase", "code": phase, "phase": phase, "value": value[inside].sum(), "base": shown}
    if own.any():
        yield {"level": "own", "code": "", "phase": "", "value": value[own].sum(), "base": total(base[own]) or np.nan}
    yield {
        "level": "city",
        "code": "",
        "phase": "",
        "value": value.sum(),
        "base": np.nan if name == "b" else base.sum(),
    }


def published(leaves: list[Leaf], late: list[int]) -> list[Published]:
    """What the public is shown, period after period."""
    done: list[Published] = []
    for table in tables(leaves, late):
        shown = suppress_public(table, LINKED, Before(tuple(done)))
        done.append(Published(table, shown))
    return done


@dataclass
class Attacker:
    """Knows every figure that was ever shown, how figures add up, which counts are zero, and that none is below it.

    Unknowns: for each ward the part, the rest and the gap of each half, and the part that came late to the year.
    """

    leaves: list[Leaf]
    late: list[int]
    equations: list[np.ndarray] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.truth = np.array([[*leaf[1], *leaf[2], more] for leaf, more in zip(self.leaves, self.late, strict=True)])

    def row(self, place: np.ndarray, period: int, counts: tuple[int, ...]) -> np.ndarray:
        """The sum of some counts (part 0, rest 1, gap 2) of some wards in a period, as a row of the system."""
        found = np.zeros(self.truth.shape)
        for half in (0, 1) if period == 2 else (period,):
            for count in counts:
                found[place, 3 * half + count] = 1
        if period == 2 and 0 in counts:
            found[place, 6] = 1
        return found.ravel()

    def learn(self, shown: pd.DataFrame, period: int) -> None:
        """Take in a table."""
        for entry in shown.to_dict("records"):
            place = self.place(entry)
            whole = {"a": (0, 1), "b": (0,)}[entry["target"]]
            for figure, counts in ((entry["value"], whole), (entry["base"], (0, 1, 2))):
                if figure == figure:
                    self.equations.append(self.row(place, period, counts))
                    self.sums.append(figure)

    def learn_own(self, places: tuple[int, ...]) -> None:
        """Take in every figure of some wards, as their own accounts see them."""
        for place, number in product(places, range(self.truth.shape[1])):
            found = np.zeros(self.truth.shape)
            found[place, number] = 1
            self.equations.append(found.ravel())
            self.sums.append(float(self.truth[place, number]))

    def of_others(self, places: tuple[int, ...]) -> np.ndarray:
        """The true counts without those of some wards."""
        found = self.truth.copy()
        found[list(places)] = 0
        return found.ravel()

    def place(self, entry: dict[str, object]) -> np.ndarray:
        """The wards that a row of a table is about."""
        phases = np.array([leaf[0] for leaf in self.leaves])
        if entry["level"] == "ward":
            return np.array([int(str(entry["code"]))])
        if entry["level"] == "city":
            return np.arange(len(phases))
        return np.flatnonzero(phases == entry["phase"])

    def range(self, figure: np.ndarray) -> tuple[float, float]:
        """The least and the most that a figure can be."""
        return whole_range(figure, self.truth, self.equations, self.sums)


def whole_range(
    figure: np.ndarray, truth: np.ndarray, equations: list[np.ndarray], sums: list[float]
) -> tuple[float, float]:
    """The least and the most that a figure can be: whole numbers, of which it is known where they are zero."""
    bounds = Bounds(0, np.where(truth.ravel() == 0, 0, np.inf))
    known = LinearConstraint(np.array(equations), sums, sums) if equations else ()
    whole = np.ones(truth.size)
    low, high = (milp(sign * figure, constraints=known, bounds=bounds, integrality=whole) for sign in (1, -1))
    assert low.status == 0
    return low.fun, -high.fun if high.status == 0 else np.inf


COUNTS = ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))
"""What may point at a person: the part, the rest, the gap, the whole, the total less the part, the total."""


def given_away(leaves: list[Leaf], late: list[int], insiders: tuple[int, ...] = ()) -> list[str]:
    """Every count from 1 to 4 of a ward, a phase or the city that what was shown narrows to one value, or below 5.

    `insiders`: the places of wards that read on with their own figures together; what is all theirs is none of others.
    """
    attacker = Attacker(leaves, late)
    attacker.learn_own(insiders)
    reported = published(leaves, late)
    for period, release in enumerate(reported):
        visible = release.shown[["value", "base"]].to_numpy()
        assert not ((visible >= 1) & (visible <= 4)).any()
        attacker.learn(release.shown, period)
    found = []
    for period, release in enumerate(reported):
        for entry in release.table[release.table["target"] == "a"].to_dict("records"):
            for counts in COUNTS:
                figure = attacker.row(attacker.place(entry), period, counts)
                true = float(figure @ attacker.truth.ravel())
                if 1 <= true <= 4 and figure @ attacker.of_others(insiders):
                    low, high = attacker.range(figure)
                    if high < 4.999 or high - low < 0.999:
                        where = f"{PERIODS[period]} {entry['level']} {entry['code']} {counts}"
                        found.append(f"{where}: {true:g} in [{low:g}, {high:g}]")
    return found


count = st.one_of(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6]), st.integers(0, 60))
half_year = st.tuples(count, count, count)
ward = st.tuples(st.sampled_from(PHASES), half_year, half_year)


@settings(max_examples=30, deadline=None)
@given(st.lists(ward, min_size=1, max_size=7), st.booleans(), st.data())
def test_no_small_count_follows_from_all_that_was_ever_shown(
    leaves: list[Leaf], has_own: bool, data: st.DataObject
) -> None:
    if has_own:
        leaves = [*leaves, ("", data.draw(half_year), data.draw(half_year))]
    late = data.draw(st.lists(st.sampled_from([0, 0, 0, 0, 2, 9]), min_size=len(leaves), max_size=len(leaves)))
    assert given_away(leaves, late) == []
    one = st.integers(0, len(leaves) - 1)
    assert given_away(leaves, late, data.draw(st.tuples(one, one))) == []


def test_two_wards_that_take_their_own_figures_off_find_no_other() -> None:
    """3 and 8 suppressed with one other would do for the public; the wards with 8 and 9 must not find the 3."""
    leaves: list[Leaf] = [("pilot", (number, 0, 0), (20, 20, 20)) for number in (3, 8, 9, 20, 40)]
    assert [given_away(leaves, [0] * 5, pair) for pair in combinations(range(5), 2)] == [[]] * 10


# ---- figures that stand until another is entered

Standing = tuple[str, tuple[int | None, int | None, int | None]]
"""A ward: its phase, and what it entered in three periods; None where it entered nothing."""


def standing_tables(wards: list[Standing], *, carried: bool) -> list[np.ndarray]:
    """Which entry (number of its period) each ward shows in each of three tables; -1 for none.

    Carried: each table holds the latest entries so far. Else: the first half, the second half, and the year of both.
    """
    reported = np.array([[entry is not None for entry in entries] for _, entries in wards])
    latest = np.array([[max((q for q in range(p + 1) if row[q]), default=-1) for p in range(3)] for row in reported])
    if carried:
        return list(latest.T)
    return [np.where(reported[:, 0], 0, -1), np.where(reported[:, 1], 1, -1), latest[:, 1]]


def standing_attack(wards: list[Standing], insiders: tuple[int, ...], *, carried: bool) -> list[str]:
    """As `given_away`, for one count that stands."""
    known = Relations(carried=frozenset({"a"})) if carried else Relations()
    phases = np.array([phase for phase, _ in wards])
    truth = np.array([[entry or 0 for entry in entries] for _, entries in wards], dtype=float)
    done: list[Published] = []
    equations, sums, asked = [], [], []
    others = truth.copy()
    for insider in set(insiders):
        others[insider] = 0
        equations += [np.eye(truth.size)[insider * 3 + period] for period in range(3)]
        sums += truth[insider].tolist()
    for source in standing_tables(wards, carried=carried):
        value = np.where(source >= 0, truth[np.arange(len(wards)), source], np.nan)
        table = pd.DataFrame(_standing_rows(value, phases)).assign(target="a", measure="count", base=np.nan)
        table["share"] = np.nan
        done.append(Published(table, suppress_public(table, known, _before(done, carried=carried))))
        for entry, shown in zip(table.to_dict("records"), done[-1].shown["value"], strict=True):
            inside = np.ones(len(wards), dtype=bool)
            if entry["level"] == "ward":
                inside = np.arange(len(wards)) == int(entry["code"])
            elif entry["level"] == "phase":
                inside = phases == entry["phase"]
            row = np.zeros(truth.shape)
            row[np.arange(len(wards))[inside], source[inside]] = source[inside] >= 0
            if shown == shown:
                assert not 1 <= shown <= 4
                equations.append(row.ravel())
                sums.append(shown)
            elif 1 <= entry["value"] <= 4:
                asked.append(row.ravel())
    found = []
    for figure in asked:
        low, high = whole_range(figure, truth, equations, sums)
        if figure @ others.ravel() and (high < 5 or high == low):
            found.append(f"{figure @ truth.ravel():g} in [{low:g}, {high:g}]")
    return found


def _before(done: list[Published], *, carried: bool) -> Before:
    return Before(previous=done[-1] if done else None) if carried else Before(tuple(done))


def _standing_rows(value: np.ndarray, phases: np.ndarray) -> Iterator[dict[str, object]]:
    for place, figure in enumerate(value):
        yield {"level": "ward", "code": str(place), "phase": phases[place], "value": figure}
    for phase in (phase for phase in PHASES if (phases == phase).any()):
        inside = value[phases == phase]
        total = np.nan if np.isnan(inside).all() else np.nansum(inside)
        yield {"level": "phase", "code": phase, "phase": phase, "value": total}
    total = np.nan if np.isnan(value).all() else np.nansum(value)
    yield {"level": "city", "code": "", "phase": "", "value": total}


entries = st.tuples(*[st.one_of(st.none(), count)] * 3)


@pytest.mark.parametrize("carried", [True, False])
@settings(max_examples=30, deadline=None)
@given(
    wards=st.lists(st.tuples(st.sampled_from(PHASES), entries), min_size=1, max_size=8),
    pair=st.tuples(*[st.integers(0, 7)] * 2),
)
@example(wards=[("pilot", (20, None, None)), ("pilot", (None, 3, None)), ("pilot", (30, None, None))], pair=(0, 2))
@example(wards=[("pilot", (10, 9, 1)), ("pilot", (20, 9, 1)), ("pilot", (2, None, None))], pair=(0, 1))
def test_no_small_count_follows_where_figures_stand(
    wards: list[Standing], pair: tuple[int, int], carried: bool
) -> None:
    assert standing_attack(wards, (), carried=carried) == []
    assert standing_attack(wards, (pair[0] % len(wards), pair[1] % len(wards)), carried=carried) == []


# ---- what the programme says


def test_the_attack_succeeds_where_each_table_is_protected_alone() -> None:
    """The test can fail: with halves and year each suppressed by itself, the year less a half gives a count away."""
    leaves: list[Leaf] = [
        ("pilot", (3, 0, 0), (20, 0, 0)),
        ("pilot", (30, 0, 0), (20, 0, 0)),
        ("pilot", (40, 0, 0), (20, 0, 0)),
    ]
    attacker = Attacker(leaves, [0, 0, 0])
    for period, table in enumerate(tables(leaves, [0, 0, 0])):
        attacker.learn(suppress_public(table, LINKED), period)
    assert attacker.range(attacker.row(np.array([0]), 0, (0,))) == pytest.approx((3, 3))
    assert given_away(leaves, [0, 0, 0]) == []


def test_the_programmes_say_what_adds_up_and_what_stands() -> None:
    hanoi, hue = relations(load_programme("hanoi")), relations(load_programme("hue"))
    assert hanoi.wholes == {"3.6b": "3.6a", "12b": "12a"}
    assert {"3.1", "8", "8-base", "12a"} <= hanoi.added
    assert "12a-base" not in hanoi.added
    assert hanoi.carried == frozenset()
    assert {"b2", "b3a", "b3b"} <= hue.carried


def test_periods_are_suppressed_beside_each_other() -> None:
    """3 in the first half, suppressed then: the year must not tell it by what is left when the second is taken off."""
    plan, wards = load_programme("hanoi"), load_wards()
    codes = wards.loc[wards["phase"] == "pilot", "code"].tolist()[:5]
    figures = {"2026-H1": (3, 30, 40, 50, 60), "2026-H2": (20, 25, 35, 45, 55)}
    entries_ = pd.DataFrame(
        [
            {"ward_code": code, "indicator": "3.1", "period": period, "value": value, "day": date(2027, 1, 5)}
            for period, values in figures.items()
            for code, value in zip(codes, values, strict=True)
        ]
    )

    def made(period: Period) -> Attainment:
        return attainment(plan, entries_, wards, date(2027, 1, 30), period)

    reported = {text: public_of(plan, Period.parse(text), made) for text in ("2026-H1", "2026-H2", "2026")}
    shown = {
        text: one.rows("ward", target="3.1").set_index("code")["value"].reindex(codes) for text, one in reported.items()
    }
    assert shown["2026-H1"].isna().tolist() == [True, True, True, True, False]
    assert shown["2026-H2"].tolist() == [20, 25, 35, 45, 55]
    assert shown["2026"].isna().tolist() == [True, True, True, True, False]
    assert [one.result("3.1").value for one in reported.values()] == [183, 180, 363]
    assert public(reported["2026"]) is reported["2026"]
