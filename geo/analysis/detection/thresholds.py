"""The thresholds of `data/risk.toml` that the statistical rules go by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from geo.analysis.exposure.weights import read_tables
from geo.errors import InputError, Problem
from geo.settings import data_dir

_Rule = TypeVar("_Rule", bound="ReactivationRule | ClusterRule | NearRepeatRule")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivationRule:
    """When a site's reports are more than its own past explains; `data/risk.toml` gives the reasons."""

    window_days: int
    early_window_days: int
    base_days: int
    least_base_days: int
    min_verified: int
    min_reports: int
    watch_p: float
    warning_q: float
    alert_q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRule:
    """When reports crowd in space and time; `data/risk.toml` gives the reasons. Metres and days."""

    radii_m: tuple[float, ...]
    spacing_m: float
    lengths_days: tuple[int, ...]
    min_reports: int
    history_days: int
    look_back_days: int
    alive_days: int
    watch_p: float
    warning_p: float
    alert_p: float
    simulations: int
    refresh_days: int
    refresh_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRepeatRule:
    """The table of distances (metres) and days in which near repeats are looked for."""

    distances_m: tuple[float, ...]
    days: tuple[int, ...]
    alpha: float
    permutations: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All statistical rules."""

    reactivation: ReactivationRule
    clusters: ClusterRule
    near_repeat: NearRepeatRule


def load_thresholds(path: Path | None = None) -> Thresholds:
    """The thresholds of a TOML file, `risk.toml` of the data set if none is given; other sections are left alone.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML, or a section or figure is missing, unknown or not a number; all of them are named.
    """
    file = path or data_dir() / "risk.toml"
    content = read_tables(file)
    kinds = {"reactivation": ReactivationRule, "clusters": ClusterRule, "near_repeat": NearRepeatRule}
    problems = [p for name, kind in kinds.items() for p in _problems(content.get(name), kind, f"{file} [{name}]")]
    if problems:
        raise InputError(problems)
    return Thresholds(
        _rule(ReactivationRule, content["reactivation"]),
        _rule(ClusterRule, content["clusters"]),
        _rule(NearRepeatRule, content["near_repeat"]),
    )


def _rule(kind: type[_Rule], section: dict[str, Any]) -> _Rule:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in section.items()}
    return kind(**values)


def _problems(section: object, kind: type[Any], where: str) -> list[Problem]:
    if not isinstance(section, dict):
        return [Problem("analysis.table-missing", where)]
    wanted = {field.name for field in fields(kind)}
    missing = [Problem("analysis.figure-missing", where, key=key) for key in sorted(wanted - section.keys())]
    unknown = [Problem("analysis.figure-unknown", where, key=key) for key in sorted(section.keys() - wanted)]
    wrong = [
        Problem("analysis.figures-wrong", where, key=key, value=repr(value))
        for key, value in section.items()
        if key in wanted and not _is_number(value)
    ]
    return missing + unknown + wrong


def _is_number(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_number(item) and not isinstance(item, list) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
