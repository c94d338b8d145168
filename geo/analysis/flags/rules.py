"""The `[flags]` table of `data/risk.toml`: what the statistical thresholds leave to the flags themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from geo.analysis.exposure.weights import figure_problems, read_tables
from geo.errors import InputError
from geo.settings import data_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRules:
    """When a closed flag comes up again (reports since then), when near repeats are spoken of, what one episode is.

    `over_days`: a flag that nobody closed is over after so many days without a report in its place.
    """

    again_verified: int
    again_reports: int
    near_repeat_places: int
    episode_gap_days: int
    over_days: int


def load_flag_rules(path: Path | None = None) -> FlagRules:
    """The `[flags]` table of a TOML file, of `risk.toml` of the data set if none is given.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML, or a figure is missing, unknown or not a number from 0 up; all of them are named.
    """
    file = path or data_dir() / "risk.toml"
    table = read_tables(file).get("flags")
    problems = figure_problems(table, tuple(field.name for field in fields(FlagRules)), f"{file} [flags]")
    if problems or not isinstance(table, dict):
        raise InputError(problems)
    return FlagRules(**{key: int(value) for key, value in table.items()})
