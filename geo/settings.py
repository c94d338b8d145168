"""Every `DIABAN_*` variable, declared once: its type, its default, its limits. Nothing else reads the environment.

What each is for stands in the catalogues (`settings.about.<name>`), from which `docs/settings.md` is made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.i18n.language import DEFAULT, LANGS, Lang

_PACKAGE = Path(__file__).resolve().parent
PREFIX = "DIABAN_"
_OF_TESTS = ("DIABAN_TEST_", "DIABAN_BENCH_", "DIABAN_SHARED")
"""What tests and benchmarks read; no command and no service does."""


class Secret:
    """A text that is not shown when what holds it is printed or written to a log."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """The text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def _of(
    group: str,
    default: Any = None,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
    internal: bool = False,
) -> Any:
    """A variable: its group in the documentation, its limits, and whether the service sets it for its own workers."""
    limits = {"group": group, "least": least, "most": most, "choices": choices, "internal": internal}
    return field(default=default, metadata=limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The table; each field is read from `DIABAN_<NAME>`. Sizes are bytes, limits are requests a minute."""

    data_dir: Path | None = _of("data")
    cities_dir: Path | None = _of("data")
    cache_dir: Path | None = _of("data")
    city: str = _of("data", "hanoi")

    database_url: Secret | None = _of("records")
    database_file: Path | None = _of("records")
    account: str = _of("records", "local")
    office: str = _of("records", "")
    publish_by_two: bool = _of("records", False)
    syslog: str = _of("records", "")

    lang: str = _of("commands", "", choices=LANGS)

    issuer: str = _of("documents", "")
    sign_passphrase: Secret = _of("documents", Secret(""))
    file_names: str = _of("documents", "{what}_{day}_{edition}")
    csv_bom: bool = _of("documents", True)
    public_url: str = _of("documents", "")
    templates: Path | None = _of("documents")
    fonts: Path | None = _of("documents")
    tiles_url: str = _of("documents", "")
    tiles_file: Path | None = _of("documents")
    tiles_attribution: str = _of("documents", "")

    host: str = _of("service", "127.0.0.1")
    port: int = _of("service", 8000, least=0, most=65535)
    workers: int = _of("service", 1, least=1, most=64)
    secret: Secret = _of("service", Secret("change-me"))
    session_hours: float = _of("service", 8.0, least=0.01, most=24)
    idle_minutes: float = _of("service", 60.0, least=1, most=1440)
    oidc_issuer: str = _of("service", "")
    oidc_client_id: str = _of("service", "")
    oidc_client_secret: Secret = _of("service", Secret(""))
    oidc_roles: str = _of("service", "")
    oidc_roles_claim: str = _of("service", "roles")
    oidc_wards_claim: str = _of("service", "wards")
    oidc_cities_claim: str = _of("service", "cities")
    oidc_office_claim: str = _of("service", "office")
    oidc_name_claim: str = _of("service", "preferred_username")
    anonymous_reads: bool = _of("service", True)
    cors_origins: str = _of("service", "")
    log_requests: bool = _of("service", True)
    background_minutes: float = _of("service", 10.0, least=0, most=1440)
    notices: Path | None = _of("service")
    smtp_host: str = _of("service", "")
    smtp_port: int = _of("service", 25, least=1, most=65535)
    smtp_security: str = _of("service", "none", choices=("none", "starttls", "tls"))
    smtp_user: str = _of("service", "")
    smtp_password: Secret = _of("service", Secret(""))
    smtp_from: str = _of("service", "diaban@localhost")
    tiles_wards: Path | None = _of("service")
    max_body_bytes: int = _of("service", 12_000_000, least=1_000)
    max_route_bytes: int = _of("service", 1_000_000, least=1_000)
    max_route_vertices: int = _of("service", 50_000, least=2)
    max_route_steps: int = _of("service", 400_000, least=1_000)
    reader_seconds: float = _of("service", 20.0, least=1, most=600)
    body_seconds: float = _of("service", 20.0, least=0.1, most=600)
    least_free_bytes: int = _of("service", 64_000_000, least=0)
    cache_bytes: int = _of("service", 128_000_000, least=0)
    logins_per_minute: int = _of("service", 20, least=1)
    routes_per_minute: int = _of("service", 240, least=1)
    work_seconds: float = _of("service", 60.0, least=1, most=3600)
    local_folder: Path | None = _of("service", internal=True)
    metrics_folder: Path | None = _of("service", internal=True)


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of the table."""

    name: str
    kind: str
    default: Any
    group: str
    least: float | None
    most: float | None
    choices: tuple[str, ...]
    internal: bool
    variable: str = field(init=False)
    """Its name in the environment."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "variable", PREFIX + self.name.upper())

    def read(self) -> Any:
        """Its value, the default where it is not set or empty; `InputError` where it can't be used."""
        # Most are not set, and some are asked for with every request: a look costs less than what is not found.
        text = os.environ[self.variable].strip() if self.variable in os.environ else ""
        if not text:
            return self.default
        try:
            value = _PARSERS[self.kind](text)
        except ValueError:
            raise InputError(Problem(f"settings.not-{_NAMES[self.kind]}", self.variable, value=text)) from None
        if self.choices and value not in self.choices:
            raise InputError(Problem("settings.not-a-choice", self.variable, value=text, choices=self.choices))
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            code = "settings.too-small" if self.most is None else "settings.out-of-range"
            raise InputError(Problem(code, self.variable, value=value, least=self.least, most=self.most))
        return value


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on", "y", "t"):
        return True
    if text.lower() in ("0", "false", "no", "off", "n", "f"):
        return False
    raise ValueError(text)


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": _flag,
    "Path | None": Path,
    "Secret": Secret,
    "Secret | None": Secret,
}
_NAMES = {"int": "whole", "float": "number", "bool": "flag"}


def _variable(entry: Any) -> Variable:
    assert entry.default is not MISSING
    return Variable(entry.name, entry.type, entry.default, **entry.metadata)


TABLE: Mapping[str, Variable] = {entry.name: _variable(entry) for entry in fields(Settings)}
"""The variables by their name without prefix, in the order of the documentation."""


def environment() -> dict[str, Any]:
    """All settings of the environment, by name.

    Raises
    ------
    InputError
        Some can't be used; each is named.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, variable in TABLE.items():
        try:
            found[name] = variable.read()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def text(name: str) -> str:
    """One setting that is a text; '' where it is not set."""
    value = TABLE[name].read()
    return value.get_secret_value() if isinstance(value, Secret) else str(value or "")


def path(name: str) -> Path | None:
    """One setting that is a file or a folder; None where it is not set."""
    value: Path | None = TABLE[name].read()
    return value


def flag(name: str) -> bool:
    """One setting that is on or off."""
    return bool(TABLE[name].read())


def put(**values: object) -> None:
    """Set variables for this process and for the workers that it starts; None leaves one as it is."""
    for name, value in values.items():
        if value is not None:
            os.environ[TABLE[name].variable] = str(value)


def hand_on(name: str, value: str) -> None:
    """Set a variable that another program reads in this process."""
    os.environ[name] = value


def is_set(*names: str) -> bool:
    """Whether the environment has one of these variables, which belong to other programs."""
    return any(name in os.environ for name in names)


def unknown() -> tuple[Problem, ...]:
    """The `DIABAN_*` variables that mean nothing, with the nearest that there is: most are slips of the pen."""
    known = {variable.variable for variable in TABLE.values()}
    strange = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    return tuple(_unknown(name, known) for name in strange if not name.startswith(_OF_TESTS))


def _unknown(name: str, known: set[str]) -> Problem:
    from difflib import get_close_matches

    # The beginning that all have would make any two of them alike.
    near = get_close_matches(name.removeprefix(PREFIX), sorted(one.removeprefix(PREFIX) for one in known), n=1)
    return (
        Problem("settings.unknown-near", name, nearest=PREFIX + near[0]) if near else Problem("settings.unknown", name)
    )


# ---- what follows from them


def data_dir() -> Path:
    """The folder of the data set: `DIABAN_DATA_DIR`, else `data/` of a checkout, else the copy in the wheel."""
    chosen = path("data_dir")
    if chosen:
        return chosen
    return _shipped()


@cache
def _shipped() -> Path:
    """The data set that came with the program: where that is does not change while it runs."""
    checkout = _PACKAGE.parent / "data"
    return checkout if (checkout / "cities.toml").is_file() else _PACKAGE / "_data"


def cities_dir() -> Path:
    """Where added cities lie, a folder each: `DIABAN_CITIES_DIR`, else `diaban/cities` in the user's data folder."""
    return path("cities_dir") or _in_user_folder("XDG_DATA_HOME", ".local/share", "diaban/cities")


def data_dirs() -> tuple[Path, ...]:
    """The folder of the data set, then those of the cities that were added, by name: each is laid out as the first."""
    folder = str(cities_dir())
    if not os.path.isdir(folder):  # noqa: PTH112 - asked for often, and a Path costs more than the call
        return (data_dir(),)
    added = sorted(entry.path for entry in os.scandir(folder) if os.path.isfile(f"{entry.path}/cities.toml"))  # noqa: PTH113
    return (data_dir(), *map(Path, added))


def data_file(*parts: str) -> Path:
    """A file of the data set or of an added city by its place in the folder: the first that is there."""
    folders = data_dirs()
    files = (folder.joinpath(*parts) for folder in folders)
    return next((file for file in files if file.is_file()), folders[0].joinpath(*parts))


def register_files() -> tuple[Path, ...]:
    """The files of wards, sites and programmes of all cities: whoever caches what follows from them watches these."""
    found: list[Path] = []
    for folder in data_dirs():
        own = (*(folder / f"wards.{ending}" for ending in ("geojson", "parquet")), folder / "sites.geojson")
        found += [*own, *sorted((folder / "programmes").glob("*.toml"))]
    return tuple(found)


def wards_file() -> Path:
    """The register of wards of the data set, RFC 7946 GeoJSON."""
    return data_dir() / "wards.geojson"


def sites_file() -> Path:
    """The register of sites of the data set, RFC 7946 GeoJSON."""
    return data_dir() / "sites.geojson"


def cache_dir() -> Path:
    """Where indexes are stored: `DIABAN_CACHE_DIR`, else the user's cache folder (XDG)."""
    return path("cache_dir") or _in_user_folder("XDG_CACHE_HOME", ".cache", "diaban")


def database_file() -> Path:
    """The SQLite file: `DIABAN_DATABASE_FILE`, else `diaban/diaban.sqlite` in the user's data folder (XDG)."""
    return path("database_file") or _in_user_folder("XDG_DATA_HOME", ".local/share", "diaban/diaban.sqlite")


def has_records() -> bool:
    """Whether there is a database to read: one that is named, or the default file."""
    return bool(text("database_url")) or database_file().is_file()


def language() -> Lang:
    """The language of the command line: `DIABAN_LANG`, else English where the locale is, else Vietnamese."""
    chosen = text("lang")
    if chosen:
        return "en" if chosen == "en" else "vi"
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if locale.startswith("en") else DEFAULT


def _in_user_folder(variable: str, otherwise: str, part: str) -> Path:
    return _joined(os.environ.get(variable) or os.path.expanduser(f"~/{otherwise}"), part)  # noqa: PTH111 - as below


@lru_cache(maxsize=8)
def _joined(base: str, part: str) -> Path:
    """Asked for several times with every text that is screened: putting a path together costs more than all else."""
    return Path(base, part)
