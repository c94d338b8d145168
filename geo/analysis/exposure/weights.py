"""The weights and thresholds of exposure, from `data/risk.toml`, where each stands with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.i18n.message import FileValue
from geo.reference.programme.in_use import own_levels
from geo.reference.programme.terms import SHIPPED
from geo.settings import data_dir

LEVELS = SHIPPED["level"]
"""Activity levels (*mức độ phức tạp*), as Appendix II orders them; further ones bring their points themselves."""

_SHAPE: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "outside": ("points",),
    "split": ("points", "at_most", "least_m"),
    "border": ("points", "least_m", "full_m"),
    "undeclared": ("points",),
    "neighbours": ("points",),
    "handover": ("months", *LEVELS),
    "thresholds": ("slight", "notable", "high"),
}


@dataclass(frozen=True, slots=True)
class ExposureRules:
    """Points by matter; `data/risk.toml` gives the reasons. Each table maps its keys to figures from 0 up.

    `level`, `handover`: points by activity level (`handover` also `months`); `outside`, `undeclared`, `neighbours`:
    `points`; `split`: `points` for each further ward of `least_m`, `at_most`; `border`: `points`, `least_m`, `full_m`;
    `thresholds`: the least score of `slight`, `notable`, `high`; `active_levels`: which levels count as activity.
    """

    level: Mapping[str, float]
    outside: Mapping[str, float]
    split: Mapping[str, float]
    border: Mapping[str, float]
    undeclared: Mapping[str, float]
    neighbours: Mapping[str, float]
    handover: Mapping[str, float]
    thresholds: Mapping[str, float]
    active_levels: tuple[str, ...]


def load_exposure_rules(path: Path | None = None) -> ExposureRules:
    """The `[exposure]` tables of a TOML file, of `risk.toml` of the data set if none is given, and what levels that
    programmes add are worth.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML, or a table or figure is missing, unknown or not a number from 0 up; all of them are named.
    """
    file = path or data_dir() / "risk.toml"
    section = read_tables(file).get("exposure")
    if not isinstance(section, dict):
        raise InputError(Problem("analysis.table-missing", f"{file} [exposure]"))
    problems = [
        p for name, keys in _SHAPE.items() for p in figure_problems(section.get(name), keys, f"{file} [{name}]")
    ]
    unknown = sorted(section.keys() - _SHAPE.keys() - {"active_levels"})
    problems += [Problem("analysis.figure-unknown", f"{file} [exposure]", key=name) for name in unknown]
    active = section.get("active_levels")
    if not isinstance(active, list) or not set(active) <= set(LEVELS):
        problems.append(
            Problem("analysis.active-levels", f"{file} [exposure]", value=FileValue(active), choices=LEVELS)
        )
    if problems:
        raise InputError(problems)
    tables = {name: {key: float(value) for key, value in section[name].items()} for name in _SHAPE}
    own = own_levels()
    tables["level"] |= {level.id: float(level.points) for level in own}
    tables["handover"] |= {level.id: float(level.handover) for level in own}
    active_of_own = (level.id for level in own if level.active)
    return ExposureRules(**tables, active_levels=(*section["active_levels"], *active_of_own))


def read_tables(file: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML.
    """
    try:
        return tomllib.loads(read_bytes(file).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem("analysis.not-toml", str(file), reason=str(error))) from error


def figure_problems(table: object, keys: tuple[str, ...], where: str) -> list[Problem]:
    """What is wrong with a table that has to hold a figure from 0 up for each key, and nothing else."""
    if not isinstance(table, dict):
        return [Problem("analysis.table-missing", where)]
    missing = [Problem("analysis.figure-missing", where, key=key) for key in keys if key not in table]
    unknown = [Problem("analysis.figure-unknown", where, key=key) for key in table if key not in keys]
    wrong = [
        Problem("analysis.figure-wrong", where, key=key, value=FileValue(value))
        for key, value in table.items()
        if key in keys and not _is_figure(value)
    ]
    return missing + unknown + wrong


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
