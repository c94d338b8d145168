"""The support programmes of the cities: what a plan promises for every ward, by when, and in which words.

A programme is a file `data/programmes/<id>.toml`; its keys are those of `geo.reference.programme_schema`. Texts are the
plan's own, misprints included (a note says what was meant); figures are the printed ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.errors import DiabanError, InputError, Problem, UnknownNameError
from geo.files import read_bytes
from geo.reference import programme_schema as schema
from geo.reference.cities import City, every_list, programme_files
from geo.reference.names import fold
from geo.reference.programme.period import Period
from geo.reference.programme.terms import (
    NO_TERMS,
    NO_WORDS,
    NOT_COVERED,
    SHIPPED,
    Office,
    Terms,
    Wording,
    office_of,
    terms_of,
    words_of,
)

__all__ = [
    "Alias",
    "Deadline",
    "Indicator",
    "Period",
    "Phases",
    "Programme",
    "Target",
    "load_programme",
    "load_programmes",
    "programme_of_city",
    "programme_of_tables",
    "read_programme",
]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a report on a period must be in (*thời hạn báo cáo*).

    `day` is the printed date. Both plans print *trước ngày*, 'before the day', so `last_day`, the day before, is the
    last one in time, and on `day` itself a report is late.
    """

    report: str
    period: Period
    day: date
    printed: str
    place: str

    @property
    def last_day(self) -> date:
        """The last day on which the report is in time: the day before the printed one."""
        return self.day - timedelta(days=1)

    def days_left(self, today: date) -> int:
        """Days from `today` to the printed date; 1 on the last day in time, 0 and below when it is late."""
        return (self.day - today).days


@dataclass(frozen=True, slots=True)
class Target:
    """One figure that an indicator promises (*chỉ tiêu*), and how it is entered and added up.

    `measure`: `share_of_wards` and `number_of_wards` (a ward enters 1 for yes, 0 for no), `count`, `share_of_items` (a
    count out of a second one), `done` (the city enters 1 or 0). `figure` is the printed one, shares in per cent.
    `rule`: `reach` (the figure alone is printed), `at_least`, `none`. `scope`: the wards that answer. `combine` and
    `base_combine`: how half-years make a year. `rounding`: of the number of wards that a share asks for. `among`: how
    many there are, where the plan says so. `part_of`: the target of whose items these are a part.
    `lists`: `new_sites` where the answer is a list of the places that came into the register.
    """

    id: str
    label: str
    label_en: str
    measure: str
    figure: float
    rule: str
    unit: str
    unit_en: str
    level: str
    combine: str
    scope: str = "all"
    base_label: str = ""
    base_label_en: str = ""
    base_combine: str = ""
    part_of: str = ""
    rounding: str = "up"
    among: int | None = None
    lists: str = ""
    note: str = ""

    @property
    def is_yes_or_no(self) -> bool:
        """Whether an entry is 1 for yes or 0 for no, and not a count."""
        return self.measure in ("share_of_wards", "number_of_wards", "done")

    @property
    def has_base(self) -> bool:
        """Whether a second count, the total, is entered beside the first."""
        return self.measure == "share_of_items"

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """What entries call this target in their column `indicator`: its id and, for a share of items, `<id>-base`."""
        return (self.id, self.id + schema.BASE_SUFFIX) if self.has_base else (self.id,)

    @property
    def entry_labels(self) -> tuple[str, ...]:
        """The Vietnamese heading of each of `entry_ids`."""
        return (self.label, self.base_label) if self.has_base else (self.label,)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a plan's list: its printed text, the bodies in charge, where it stands, and its targets.

    `lead` (*cơ quan chủ trì*) and `support` (*cơ quan phối hợp*) are empty where the plan names none. `period` is
    `yearly` (each year anew) or `whole` (reached by the programme's last year). A heading has sub-items, not targets.
    """

    id: str
    text: str
    text_en: str
    place: str
    period: str
    targets: tuple[Target, ...] = ()
    parent: str = ""
    lead: str = ""
    support: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Phases:
    """The wards of the programme by phase as printed, in printed order (number 1 first), and where the lists stand."""

    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    source: str = ""

    def __bool__(self) -> bool:
        """Whether the plan names any ward."""
        return any(names for _, names in self.lists)

    def printed(self, phase: str) -> tuple[str, ...]:
        """The wards of a phase; () for one that the plan does not list."""
        return dict(self.lists).get(phase, ())


@dataclass(frozen=True, slots=True)
class Alias:
    """A printed ward name that no ward bears, the official name that was meant, and where it is printed."""

    printed: str
    official: str
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """A city's plan: its document, years, indicators in printed order, reporting dates, and wards by phase.

    `entered`: False for one that is still to be filled.
    `indicators_of`: the document whose indicators these are, where the plan itself names none.
    """

    id: str
    city: str
    title: str
    title_en: str
    document: str
    issued: date
    issuer: str
    first_year: int
    last_year: int
    report_to: str
    report_to_en: str
    indicators: tuple[Indicator, ...]
    deadlines: tuple[Deadline, ...]
    phases: Phases
    aliases: tuple[Alias, ...]
    indicators_of: str = ""
    entered: bool = True
    terms: Terms = NO_TERMS
    words: Wording = NO_WORDS
    office: Office = ()

    @property
    def level_ids(self) -> tuple[str, ...]:
        """How its places are graded, the gravest first."""
        return self._ids("level")

    @property
    def group_ids(self) -> tuple[str, ...]:
        """The parts of its list."""
        return self._ids("group")

    @property
    def phase_ids(self) -> tuple[str, ...]:
        """The phases that wards may be in, `none` last."""
        return (*self._ids("phase"), NOT_COVERED)

    def _ids(self, group: str) -> tuple[str, ...]:
        return self.terms.ids(group) or SHIPPED[group]

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, in printed order."""
        return tuple(target for indicator in self.indicators for target in indicator.targets)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods that the plan has reports on, and that are published: each year, its halves where due."""
        halves = any(entry.report == "half-year" for entry in self.deadlines)
        years = [Period(year) for year in range(self.first_year, self.last_year + 1)]
        return tuple(period for year in years for period in (*(year.parts if halves else ()), year))

    @property
    def entry_periods(self) -> tuple[Period, ...]:
        """The periods that figures may be entered for: those, their quarters and months; in order."""
        spans = [(number, months) for months in (12, 6, 3, 1) for number in range(1, 12 // months + 1)]
        years = range(self.first_year, self.last_year + 1)
        return tuple(sorted(Period.numbered(year, *span) for year in years for span in spans))

    def indicator(self, id: str) -> Indicator:
        """The indicator with this id, or the one that holds the target with this id.

        Raises
        ------
        UnknownNameError
            The programme has no such indicator.
        """
        for entry in self.indicators:
            if id == entry.id or any(id == target.id for target in entry.targets):
                return entry
        raise UnknownNameError("indicator", id, _near(id, [entry.id for entry in self.indicators]), self.document)

    def deadline(self, period: Period) -> Deadline:
        """When the report that holds `period` is due: that of its year, or of the first half.

        Raises
        ------
        InputError
            The programme does not run in that year.
        """
        for entry in self.deadlines:  # by day, so that the report on the half comes before that on the year
            if entry.period.holds(period):
                return entry
        years = {"first": self.first_year, "last": self.last_year}
        raise InputError(Problem("reference.programme-not-running", "period", id=self.id, year=period.year, **years))

    def next_deadline(self, day: date) -> Deadline:
        """The first report that is not late on `day`, of a period that has begun; the last such one when all are late,
        and the first of all before the programme begins."""
        begun = [entry for entry in self.deadlines if entry.period.first_day <= day] or [self.deadlines[0]]
        return next((entry for entry in begun if entry.day > day), begun[-1])

    def official_names(self, phase: str) -> tuple[str, ...]:
        """The wards of `phase` (`pilot`, `expansion`) in printed order, misprints put right by the aliases."""
        known = {fold(alias.printed): alias.official for alias in self.aliases}
        return tuple(known.get(fold(name), name) for name in self.phases.printed(phase))


def load_programme(id: str) -> Programme:
    """The programme with this id (`hanoi-2026`), or the one of the city with this slug (`hanoi`).

    Raises
    ------
    UnknownNameError
        There is no such programme; the suggestions are those that there are.
    InputError
        Its file breaks the schema; every problem is listed, with its key and remedy.
    """
    chosen = next((city.programme for city in every_list() if id == city.slug), id)
    files = {path.stem: path for path in _files()}
    if chosen not in files:
        raise UnknownNameError("programme", id, sorted(files), str(settings.data_dir() / "programmes"))
    return _of_file(files[chosen])


def programme_of_city(city: City) -> Programme:
    """The programme of a city's file, a blank one for a city without any; errors as `load_programme`."""
    if city.programme:
        return load_programme(city.programme)
    return _blank(city)


@lru_cache(maxsize=64)
def _blank(city: City) -> Programme:
    from geo.reference.country.blank_programme import blank_text

    return programme_of_tables(tomllib.loads(blank_text(city)))


def load_programmes(*, added: bool = True) -> tuple[Programme, ...]:
    """All programmes of the data set, and those of `added` cities, by id; of the list in view alone.

    Raises
    ------
    InputError
        A file breaks the schema; the problems of all files are listed.
    """
    loaded: list[Programme] = []
    problems: list[Problem] = []
    for path in programme_files(added=added):
        try:
            loaded.append(_of_file(path))
        except DiabanError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(sorted(loaded, key=lambda programme: programme.id))


def read_programme(path: Path) -> Programme:
    """The programme in one TOML file.

    Raises
    ------
    DataFileMissingError
        There is no such file.
    InputError
        It is not TOML or breaks the schema; every problem is listed.
    """
    try:
        data = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(Problem("reference.not-toml", path.name, reason=str(error))) from error
    found = schema.problems(data, path.name)
    if not found and data["id"] != path.stem:
        found = [Problem("reference.id-not-file-name", f"{path.name}: id", id=data["id"], name=path.stem)]
    if found:
        raise InputError(found)
    return programme_of_tables(data)


def _of_file(path: Path) -> Programme:
    found = path.stat()
    return _cached(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _cached(path: Path, *_stamp: int) -> Programme:
    return read_programme(path)


def _files() -> list[Path]:
    return [file for file in settings.register_files() if file.suffix == ".toml"]


def _near(id: str, known: list[str]) -> list[str]:
    return [other for other in known if other.startswith(id[:1])][:5] or known[:5]


def programme_of_tables(data: Mapping[str, Any]) -> Programme:
    """The programme of tables as its file has them, which `programme_schema.problems` finds nothing wrong with."""
    years = range(data["first_year"], data["last_year"] + 1)
    deadlines = [_deadline(table, year) for year in years for table in data["deadlines"]]
    phases = dict(data.get("phases", {}))
    source = phases.pop("source", "")
    plain = {key: value for key, value in data.items() if not isinstance(value, list | dict)}
    return Programme(
        **plain,
        indicators=tuple(_indicator(table) for table in data["indicators"]),
        deadlines=tuple(sorted(deadlines, key=lambda entry: entry.day)),
        phases=Phases(tuple((name, tuple(names)) for name, names in phases.items()), source),
        aliases=tuple(Alias(**table) for table in data.get("aliases", ())),
        terms=terms_of(data.get("terms", {})),
        words=words_of(data.get("words", {})),
        office=office_of(data.get("office", {})),
    )


def _indicator(table: Mapping[str, Any]) -> Indicator:
    targets = tuple(Target(**target) for target in table.get("targets", ()))
    return Indicator(**{**table, "targets": targets})


def _deadline(table: Mapping[str, Any], year: int) -> Deadline:
    period = Period.numbered(year, 1, 6) if table["report"] == "half-year" else Period(year)
    day = date(year, table["month"], table["day"])
    return Deadline(table["report"], period, day, table["printed"], table["place"])
