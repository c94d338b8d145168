"""A private PostgreSQL server for a test run, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Empties the database of this test run's own PostgreSQL server; skipped where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (initdb, pg_ctl)")
    folder = Path(tempfile.mkdtemp(prefix="diaban-pg-", dir="/tmp"))
    as_user = _not_root(folder)
    port = _free_port()
    try:
        _start(binaries, folder, port, as_user)
        server = f"postgresql://diaban@127.0.0.1:{port}"
        _run_sql(server, "CREATE DATABASE records")
        yield lambda: _emptied(f"{server}/records")
    finally:
        _run([str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"], as_user, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Callable[[], str]) -> Callable[[], str]:
    """Makes the same database anew with the schema of the records, a copy of one that was migrated once."""
    from geo.records.store import open_store  # takes seconds, and those who collect no tests need none of it

    url = postgres()
    server = url.rpartition("/")[0]
    _run_sql(server, "CREATE DATABASE migrated")
    open_store(f"{server}/migrated").close()

    def copied() -> str:
        _run_sql(server, "DROP DATABASE records WITH (FORCE)", "CREATE DATABASE records TEMPLATE migrated")
        return url

    return copied


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
    _run([str(binaries / "pg_ctl"), "-D", data, "-l", log, "-w", "-t", "600", "-o", options, "start"], as_user)


def _emptied(url: str) -> str:
    # A schema is dropped in milliseconds; a database of its own for each test would take half a second.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


def _run_sql(server: str, *statements: LiteralString) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _run(command: list[str], as_user: list[str], *, check: bool = True) -> None:
    subprocess.run([*as_user, *command], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
