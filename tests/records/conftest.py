"""A store on each database: SQLite in a file, and a private PostgreSQL server where its programs are installed."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo.records.entries import Actor
from geo.records.registers import Registers
from geo.records.store import Store, open_store

ACTOR = Actor("yen-hoa", "UBND phường Yên Hòa", "cli")
START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 09:00 on 10 March 2026 in Việt Nam
_numbers = itertools.count()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **amount: float) -> datetime:
        """Move the clock; the new moment."""
        self.moment += timedelta(**amount)
        return self.moment


def _wards_at(lons: object, lats: object) -> list[str | None]:
    """Two wards beside each other, west and east of 105.8 degrees, between 20.9 and 21.1 north."""
    pairs = zip(lons, lats, strict=True)  # type: ignore[call-overload]
    return [("00004" if lon < 105.8 else "00008") if 20.9 <= lat <= 21.1 else None for lon, lat in pairs]


REGISTERS = Registers(
    site_lengths={"HN-I-1": 9000.0, "HN-I-4": 1450.0, "HN-II-5": 0.0},
    ward_codes=frozenset({"00004", "00008", "09877"}),
    wards_at=_wards_at,
    place_at=lambda site, chainage: (105.7 + (chainage or 0) / 1e5, 21.0) if site != "HN-II-5" else None,
)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 10 March 2026, 09:00 in Việt Nam."""
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgres")
    return new_database()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """An empty store on each database, with a small register and a standing clock."""
    with open_store(url, registers=REGISTERS, now=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes empty databases on a PostgreSQL server of this test run; skipped where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (initdb, pg_ctl)")
    folder = Path(tempfile.mkdtemp(prefix="diaban-pg-", dir="/tmp"))
    as_user = _not_root(folder)
    port = _free_port()
    try:
        _start(binaries, folder, port, as_user)
        yield lambda: _new_database(binaries, folder, port, as_user)
    finally:
        _run([str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"], as_user, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the command that runs it as its own user then."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _start(binaries: Path, folder: Path, port: int, as_user: list[str]) -> None:
    data = str(folder / "data")
    _run([str(binaries / "initdb"), "-D", data, "-U", "diaban", "-A", "trust", "-E", "UTF8", "--no-sync"], as_user)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=32MB"
    log = str(folder / "log")
    _run([str(binaries / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", options, "start"], as_user)


def _new_database(binaries: Path, folder: Path, port: int, as_user: list[str]) -> str:
    name = f"records_{next(_numbers)}"
    _run([str(binaries / "createdb"), "-h", str(folder), "-p", str(port), "-U", "diaban", name], as_user)
    return f"postgresql://diaban@127.0.0.1:{port}/{name}"


def _run(command: list[str], as_user: list[str], *, check: bool = True) -> None:
    subprocess.run([*as_user, *command], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
