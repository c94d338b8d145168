"""The thresholds of `data/risk.toml` that the statistical rules go by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from geo.analysis.exposure.weights import read_tables
from geo.errors import InputError, Problem
from geo.i18n.message import FileValue
from geo.settings import data_dir

_Rule = TypeVar(
    "_Rule",
    bound="ObservationRule | CollapseRule | ReactivationRule | ClusterRule | DisplacementRule | NearRepeatRule",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRule:
    """From when a place counts as observed where the office recorded nothing; `data/risk.toml` gives the reasons."""

    company: int
    company_days: int
    ward_reports: int
    ward_days: int
    chance: float
    strays: int
    ward_stray_share: float
    ward_places: int
    ward_apart_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapseRule:
    """When reports are of one matter: metres and days, for reports of people and for what inspections find.

    `told_metres`: for a matter of `told_reports` and more.
    """

    metres: float
    metres_a_day: float
    days: int
    told_reports: int
    told_metres: float
    effort_metres: float
    effort_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivationRule:
    """When a site's reports are more than its past and the rest of the city explain; `data/risk.toml` has reasons."""

    windows_days: tuple[int, ...]
    window_weights: tuple[float, ...]
    guard_days: int
    base_days: int
    least_base_days: int
    min_verified: int
    min_reports: int
    watch_p: float
    warning_p: float
    alert_p: float
    simulations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRule:
    """When reports crowd in space and time; `data/risk.toml` gives the reasons. Metres and days."""

    radii_m: tuple[float, ...]
    lengths_days: tuple[int, ...]
    length_weights: tuple[float, ...]
    min_reports: int
    min_verified: int
    history_days: int
    look_back_days: int
    watch_p: float
    warning_p: float
    alert_p: float
    simulations: int
    most_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplacementRule:
    """When reports moved to the ring round a site that was dealt with; `data/risk.toml` gives the reasons."""

    ring_m: float
    lengths_days: tuple[int, ...]
    base_days: int
    min_reports: int
    stands_days: int
    watch_p: float
    warning_p: float


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

    observation: ObservationRule
    collapse: CollapseRule
    reactivation: ReactivationRule
    clusters: ClusterRule
    displacement: DisplacementRule
    near_repeat: NearRepeatRule


_KINDS: dict[str, type[Any]] = {
    "observation": ObservationRule,
    "collapse": CollapseRule,
    "reactivation": ReactivationRule,
    "clusters": ClusterRule,
    "displacement": DisplacementRule,
    "near_repeat": NearRepeatRule,
}


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
    problems = [p for name, kind in _KINDS.items() for p in _problems(content.get(name), kind, f"{file} [{name}]")]
    if problems:
        raise InputError(problems)
    return Thresholds(**{name: _rule(kind, content[name]) for name, kind in _KINDS.items()})


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
        Problem("analysis.figures-wrong", where, key=key, value=FileValue(value))
        for key, value in section.items()
        if key in wanted and not _is_number(value)
    ]
    return missing + unknown + (wrong or _unlike(section, where))


_WEIGHTS = {"window_weights": "windows_days", "length_weights": "lengths_days"}


def _unlike(section: dict[str, Any], where: str) -> list[Problem]:
    """Weights that are not one above 0 for each of what they weigh; none where the section has no weights."""
    pairs = ((key, section[key], of, section.get(of)) for key, of in _WEIGHTS.items() if key in section)
    return [
        Problem("analysis.weights-unlike", where, key=key, value=FileValue(weights), of=of)
        for key, weights, of, weighed in pairs
        if not (isinstance(weights, list) and isinstance(weighed, list) and len(weights) == len(weighed))
        or not all(weights)
    ]


def _is_number(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_number(item) and not isinstance(item, list) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
