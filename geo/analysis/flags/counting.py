"""Which reports count for which rule, and what the office recorded of when places are observed.

`[counts]` of `data/risk.toml` names kinds and channels by rule; `observation.toml` of the data set, where there is one,
says from which day a city, a ward or a site is observed, by which document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.analysis.exposure.weights import read_tables
from geo.errors import InputError, Problem
from geo.reference.programme.in_use import signs
from geo.settings import data_dir

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Bools = npt.NDArray[np.bool_]
RULES = ("reactivation", "emergence", "near_repeat")


@dataclass(frozen=True, slots=True)
class CountRules:
    """Kinds and channels that count, by rule, and the channels of inspections (`effort`)."""

    kinds: Mapping[str, frozenset[str]]
    channels: Mapping[str, frozenset[str]]
    effort: frozenset[str]

    def counted(self, frame: GeoDataFrame, rule: str) -> Bools:
        """Which reports count for a rule (n,); a frame without kinds or channels says nothing against any."""
        found = np.ones(len(frame), dtype=bool)
        for column, terms in (("kind", self.kinds[rule]), ("channel", self.channels[rule])):
            if column in frame:
                found &= frame[column].isin(terms).to_numpy() | frame[column].isna().to_numpy()
        return found

    def inspected(self, frame: GeoDataFrame) -> Bools:
        """Which reports come from inspections (n,)."""
        if "channel" not in frame:
            return np.zeros(len(frame), dtype=bool)
        return np.asarray(frame["channel"].isin(self.effort).to_numpy(), dtype=bool)


def load_count_rules(path: Path | None = None) -> CountRules:
    """The `[counts]` tables of a TOML file, of `risk.toml` of the data set if none is given, and what programmes add.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML, or a table or list is missing or no list of words; all of them are named.
    """
    file = path or data_dir() / "risk.toml"
    table = read_tables(file).get("counts")
    if not isinstance(table, dict):
        raise InputError(Problem("analysis.table-missing", f"{file} [counts]"))
    problems = (
        [] if _is_words(table.get("effort")) else [Problem("analysis.no-words", f"{file} [counts]", key="effort")]
    )
    for rule in RULES:
        lists = table.get(rule)
        if not isinstance(lists, dict):
            problems.append(Problem("analysis.table-missing", f"{file} [counts.{rule}]"))
            continue
        wrong = [key for key in ("kinds", "channels") if not _is_words(lists.get(key))]
        problems += [Problem("analysis.no-words", f"{file} [counts.{rule}]", key=key) for key in wrong]
    if problems:
        raise InputError(problems)
    kinds, channels = (
        {rule: frozenset(table[rule][f"{group}s"]) | signs(group) for rule in RULES} for group in ("kind", "channel")
    )
    return CountRules(kinds, channels, frozenset(table["effort"]))


def recorded_observation(path: Path | None = None) -> dict[str, date]:
    """From when places are observed: by the id of a site or the code of a ward, as `observation.toml` says; maybe
    empty.

    Raises
    ------
    InputError
        The file is not TOML, or an entry lacks `place` (text) or `since` (a day).
    """
    file = path or data_dir() / "observation.toml"
    if not file.is_file():
        return {}
    entries = read_tables(file).get("observed", [])
    wrong = [
        Problem("analysis.observation-entry", f"{file} [[observed]] {number}")
        for number, entry in enumerate(entries, start=1)
        if not (isinstance(entry.get("place"), str) and type(entry.get("since")) is date)
    ]
    if wrong:
        raise InputError(wrong)
    return {entry["place"]: entry["since"] for entry in entries}


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
