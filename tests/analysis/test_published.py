"""Published examples, computed again: SaTScan's fever in New York, and near repeats of arson in Chicago."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.analysis.clusters import circles, near_repeat, scan_space_time_permutation

FOLDER = Path(__file__).parent / "published"
EARTH_M = 6_371_009.0


def test_fever_in_new_york_as_satscan_finds_it() -> None:
    """A prospective space-time permutation scan, 24 November 2001: circles to 3 km, windows to 7 days, 999 draws."""
    table = pd.read_csv(FOLDER / "nyc_fever.csv", dtype={"zip": str, "days": str})
    cases = table.dropna(subset="days").assign(days=lambda t: t["days"].str.split()).explode("days")
    assert (len(table), len(cases)) == (192, 194)
    lat, lon = np.radians(cases["lat"].to_numpy()), np.radians(cases["lon"].to_numpy())
    metres = np.column_stack([lon * np.cos(np.radians(40.75)), lat]) * EARTH_M
    found = scan_space_time_permutation(
        metres - metres.mean(axis=0),
        cases["days"].astype(int),
        zones=circles(metres - metres.mean(axis=0), [0.001, *range(100, 3001, 100)], spacing_m=0),
        lengths_days=range(1, 8),
        min_cases=2,
        ending_since=24,
    )
    # SaTScan names no cluster whose ratio every draw reaches.
    named = [cluster for cluster in found if cluster.p < 0.995]
    assert len(named) == 3
    assert not [cluster for cluster in named if cluster.p < 0.05]


def test_arson_in_chicago_as_the_near_repeat_calculator_finds_it() -> None:
    """What comes after an arson within 200 m comes within a day, and is many times what chance brings; later nothing.

    The calculator counts city blocks (Manhattan distances), so that counts differ, and what it says does not.
    """
    seen = pd.read_csv(FOLDER / "chicago_arson.csv")
    assert len(seen) == 522
    found = near_repeat(seen[["x_m", "y_m"]], seen["day"], (200.0, 400.0, 600.0), (1, 2, 3), permutations=499)
    assert found.days == 1
    assert found.p[0, 0] == pytest.approx(1 / 500)
    assert found.ratio[0, 0] > 10
    assert (found.p[:, 1:] > 0.2).all()
