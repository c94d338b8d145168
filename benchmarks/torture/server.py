"""A PostgreSQL server of one's own, that may be stopped at will."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg


class Server:
    """A private server in a temporary folder; `url` names its database."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="diaban-pg-", dir="/tmp"))
        self.as_user = _not_root(self.folder)
        self.port = free_port()
        data = str(self.folder / "data")
        self._run(binaries / "initdb", "-D", data, "-U", "diaban", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    @staticmethod
    def found() -> Path | None:
        """The folder of the newest PostgreSQL's programs; None where there is none."""
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
        on_path = shutil.which("initdb")
        return installed[-1].parent if installed else (Path(on_path).parent if on_path else None)

    @property
    def url(self) -> str:
        return f"postgresql://diaban@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c shared_buffers=32MB"
        self._control("-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is as if it had died."""
        self._control("-m", mode, "-w", "stop")

    def empty(self) -> str:
        """Drop everything in the database; its url."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url

    def settle(self) -> None:
        """Wait until the server has ended what clients that were killed had begun."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'diaban'"
        with psycopg.connect(self.url, autocommit=True) as connection:
            for _ in range(500):
                found = connection.execute(query).fetchone()
                if found is None or found[0] == 0:
                    return
                connection.execute("SELECT pg_sleep(0.02)")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        self._run(self.binaries / "pg_ctl", "-D", str(self.folder / "data"), *arguments)

    def _run(self, program: Path, *arguments: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*self.as_user, str(program), *arguments], check=True, cwd="/", **quiet)  # type: ignore[call-overload]


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the command that runs it as its own user then."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
