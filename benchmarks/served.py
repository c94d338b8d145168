"""Answers over HTTP that nobody asked for before, against a bare route that returns the same bytes."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.api import PORTS, WORKERS, cases, store_bodies
from benchmarks.http_load import load
from benchmarks.serving import serving
from benchmarks.table import Row

_LIMITS = {"a small box, another each time": 0.4, "the ward at a point, another each time": 0.6}


def rows(seconds: float = 2.0, runs: int = 3) -> Iterator[Row]:
    """The rows of the table; both servers have two workers, and are asked in turn."""
    measured = {case: paths for case, paths in cases().items() if case in _LIMITS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = {"DIABAN_DATABASE_URL": f"sqlite:///{folder}/records.sqlite", "DIABAN_LOG_REQUESTS": "0"}
        serve = [sys.executable, "-c", "from geo.cli.app import main; main()", "serve", "--workers", WORKERS]
        stack.enter_context(serving([*serve, "--port", str(PORTS["diaban"])], _address("diaban", "/ready"), own))
        store_bodies(folder / "bodies", measured)
        flags = ["--host", "127.0.0.1", "--workers", WORKERS, "--no-access-log", "--log-level", "error"]
        bare = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", *flags, "--no-server-header"]
        first = next(iter(measured.values()))["bare"][0]
        environment = {"BENCH_BODIES": str(folder / "bodies")}
        stack.enter_context(serving([*bare, "--port", str(PORTS["bare"])], _address("bare", first), environment))
        for case, paths in measured.items():
            rate: dict[str, list[float]] = {"diaban": [], "bare": []}
            for turn in range(runs + 1):
                for number, (name, found) in enumerate(rate.items()):
                    # Nothing that is asked for was asked before.
                    part = paths[name][turn * len(paths[name]) // (runs + 1) :] if number == 0 else paths[name]
                    answered = load(PORTS[name], part, seconds=seconds if turn else 0.5, connections=8)
                    if turn:
                        found.append(answered.per_second)
            ours, theirs = (statistics.median(found) for found in rate.values())
            against = f"bare route, {theirs:,.0f} a second"
            yield Row(case, f"{ours:,.0f} a second", against, ours / theirs, _LIMITS[case], "≥")


def _address(name: str, path: str) -> str:
    return f"http://127.0.0.1:{PORTS[name]}{path}"


if __name__ == "__main__":
    os.environ.setdefault("DIABAN_LANG", "en")
    sys.stdout.writelines(f"{row.line()}\n" for row in rows())
