"""What is suppressed for the sake of others is drawn by lot, and every suppressed count could be another one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.analysis.disclosure.tables import suppress_public
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.visibility.report_counts import SUPPRESSED, suppressed_counts

PHASES = ("pilot", "expansion", "none")


def _table(rng: np.random.Generator, wards: int) -> pd.DataFrame:
    """Counts of wards, of their phases and of the city; many of them none, or small."""
    phase = rng.choice(PHASES, wards, p=(0.35, 0.05, 0.6))
    counts = rng.choice([0, 0, 0, 1, 2, 3, 5, 6, 7, 9, 12, 30], wards).astype(float)
    totals = [counts[phase == name].sum() for name in PHASES]
    return pd.DataFrame(
        {
            "level": ["ward"] * wards + ["phase"] * len(PHASES) + ["city"],
            "code": [f"{number:05}" for number in range(wards)] + [*PHASES, ""],
            "phase": [*phase, *PHASES, ""],
            "target": "reports",
            "measure": "count",
            "value": [*counts, *totals, counts.sum()],
            "base": np.nan,
            "share": np.nan,
        }
    )


def _ranges(shown: pd.DataFrame, table: pd.DataFrame, insiders: tuple[int, ...] = ()) -> list[tuple[float, float]]:
    """The least and the most that each suppressed count of a ward can be, by all that is shown; whole numbers from 1.

    `insiders`: the rows of wards that put their own counts together; those are left out.
    """
    wards = shown[shown["level"] == "ward"]
    hidden = wards[wards["suppressed"]]
    rows: list[NDArray[np.float64]] = []
    sums: list[float] = []
    for _, total in shown[(shown["level"] != "ward") & ~shown["suppressed"]].iterrows():
        within = wards if total["level"] == "city" else wards[wards["phase"] == total["phase"]]
        rows.append(hidden.index.isin(within.index).astype(float))
        sums.append(total["value"] - within["value"].sum())
    for insider in insiders:
        rows.append((hidden.index == insider).astype(float))
        sums.append(float(table.loc[insider, "value"]))  # type: ignore[arg-type]
    known = LinearConstraint(np.array(rows), sums, sums) if rows else ()
    bounds = Bounds(1, np.inf)
    found = []
    for place in np.flatnonzero(~hidden.index.isin(insiders)):
        aim = np.zeros(len(hidden))
        aim[place] = 1.0
        least = milp(aim, constraints=known, bounds=bounds, integrality=np.ones(len(hidden)))
        most = milp(-aim, constraints=known, bounds=bounds, integrality=np.ones(len(hidden)))
        assert least.success
        found.append((least.fun, np.inf if most.status == 3 else -most.fun))
    return found


@pytest.mark.parametrize("number", range(12))
def test_every_suppressed_count_has_at_least_two_values_one_of_them_above_the_threshold(number: int) -> None:
    rng = np.random.default_rng(number)
    table = _table(rng, 40 + 8 * number)
    shown = suppress_public(table, seed=bytes([number]) * 32)
    assert shown["suppressed"].any()
    wards = shown.index[shown["suppressed"] & (shown["level"] == "ward")].tolist()
    phase = table["phase"]
    for first in (*rng.choice(wards, 4), table.loc[wards, "value"].idxmax()):
        beside = [row for row in wards if row != first and phase[row] == phase[first]]
        partner = max(beside or wards, key=lambda row: table.loc[row, "value"])
        for least, most in _ranges(shown, table, (first, partner)):
            assert most > least
            assert most >= 5


def test_which_others_are_suppressed_is_drawn_and_stays_drawn() -> None:
    table = _table(np.random.default_rng(7), 126)

    def hidden(seed: bytes) -> tuple[bool, ...]:
        return tuple(suppress_public(table, seed=seed)["suppressed"])

    drawn = {hidden(bytes([number]) * 32) for number in range(12)}
    assert len(drawn) > 3
    assert hidden(b"a" * 32) == hidden(b"a" * 32)
    small = (table["value"] > 0) & (table["value"] < 5) & (table["level"] == "ward")
    assert all(all(np.array(found)[small]) for found in drawn)


def test_the_method_alone_does_not_give_the_lot_away() -> None:
    """One small count among larger ones: with the smallest taken first, the partners were known; now any may be one."""
    counts = {"00001": 3, "00002": 8, "00003": 9, "00004": 20, "00005": 40}
    partners = set()
    for number in range(60):
        found = suppressed_counts(
            date(2026, 1, 1), date(2026, 3, 31), [*counts], counts, seed=number.to_bytes(2, "big") * 16
        )
        hidden = {code for code, shown in found.wards.items() if shown == SUPPRESSED}
        assert "00001" in hidden
        assert len(hidden) == 4
        assert found.total is not None
        partners |= hidden - {"00001"}
    assert len(partners) == 4


def test_the_seed_is_made_once_and_shown_in_no_list(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    with open_store(url, registers=load_register_lookup()) as store:
        before, seed = store.version(), store.disclosure_seed
        assert len(seed) == 32
        assert store.version() == before
        assert seed.hex() not in store.audit(1000).to_csv()
    with open_store(url) as store:
        assert store.disclosure_seed == seed
