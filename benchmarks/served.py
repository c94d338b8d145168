"""Answers over HTTP that nobody asked for before, against a bare route that returns the same bytes.

Both are asked over HTTP on this machine, by one client over the same connections, and stand behind the same server with
as many workers. The client shares the processors with them; what the servers alone take is beside the ratio.
"""

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
from benchmarks.serving import processor_seconds, serving
from benchmarks.table import Row

_LIMITS = {"a small box, another each time": 0.4, "the ward at a point, another each time": 0.6}
_BODIES = 50
"""So many answers of each case are those of the bare route: one alone may be a third of what others are."""


def rows(seconds: float = 2.0, runs: int = 3) -> Iterator[Row]:
    """The rows of the table; both servers have two workers, and are asked in turn."""
    measured = {
        case: paths | {"bare": [f"{paths['bare'][0]}-{number}" for number in range(_BODIES)]}
        for case, paths in cases().items()
        if case in _LIMITS
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = {"DIABAN_DATABASE_URL": f"sqlite:///{folder}/records.sqlite", "DIABAN_LOG_REQUESTS": "0"}
        serve = [sys.executable, "-c", "from geo.cli.app import main; main()", "serve", "--workers", WORKERS]
        command = [*serve, "--port", str(PORTS["diaban"])]
        servers = {"diaban": stack.enter_context(serving(command, _address("diaban", "/ready"), own))}
        store_bodies(folder / "bodies", measured)
        flags = ["--host", "127.0.0.1", "--workers", WORKERS, "--no-access-log", "--log-level", "error"]
        bare = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", *flags, "--no-server-header"]
        first = next(iter(measured.values()))["bare"][0]
        environment = {"BENCH_BODIES": str(folder / "bodies")}
        command = [*bare, "--port", str(PORTS["bare"])]
        servers["bare"] = stack.enter_context(serving(command, _address("bare", first), environment))
        for case, paths in measured.items():
            rate: dict[str, list[float]] = {"diaban": [], "bare": []}
            cost: dict[str, list[float]] = {"diaban": [], "bare": []}
            for turn in range(runs + 1):
                for number, (name, found) in enumerate(rate.items()):
                    # Nothing that is asked for was asked before.
                    part = paths[name][turn * len(paths[name]) // (runs + 1) :] if number == 0 else paths[name]
                    before = processor_seconds(servers[name])
                    answered = load(PORTS[name], part, seconds=seconds if turn else 2.0, connections=8)
                    if turn:
                        found.append(answered.per_second)
                        taken = processor_seconds(servers[name]) - before
                        cost[name].append(taken / (answered.per_second * seconds))
            ours, theirs = (statistics.median(found) for found in rate.values())
            against = f"bare route, {theirs:,.0f} a second"
            micro = [statistics.median(found) * 1e6 for found in cost.values()]
            note = f"the server: {micro[0]:.0f} µs of the processor a request, bare {micro[1]:.0f}"
            yield Row(case, f"{ours:,.0f} a second", against, ours / theirs, _LIMITS[case], "≥", note=note)


def _address(name: str, path: str) -> str:
    return f"http://127.0.0.1:{PORTS[name]}{path}"


if __name__ == "__main__":
    os.environ.setdefault("DIABAN_LANG", "en")
    sys.stdout.writelines(f"{row.line()}\n" for row in rows())
