"""Kill, fill up, lock out: the figures of docs/reliability.md.

    python -m benchmarks.torture --times 200 [--short] [--only writes] [--json FILE]

Prints two tables in Markdown; exit code 1 where anything was lost, half written or stuck, or a fault was not survived.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.torture import faults, more_scenarios, publishing, scenarios
from benchmarks.torture.killed import Row, Scenario, torture
from benchmarks.torture.server import Server


def main() -> int:
    options = _options()
    binaries = Server.found()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="diaban-torture-") as name:
        folder = Path(name)
        os.environ["DIABAN_DATABASE_FILE"] = str(folder / "kept" / "records.sqlite")
        os.environ["DIABAN_CACHE_DIR"] = str(folder / "cache")
        server = Server(binaries) if binaries else None
        try:
            for number, scenario in enumerate(_scenarios(server, short=options.short)):
                if options.only in scenario.name:
                    rows.append(torture(scenario, folder / str(number), options.times))
                    _progress(rows[-1].name)
            found = faults.all_of(folder / "faults", server, options.only)
        finally:
            if server:
                server.remove()
    _print(rows, found, options.times, server is not None)
    if options.json:
        reported = {"killed": [asdict(row) for row in rows], "faults": [asdict(fault) for fault in found]}
        options.json.write_text(json.dumps(reported, ensure_ascii=False, indent=1))
    bad = any(row.lost or row.half or row.stuck for row in rows) or any(f.state == "FAILED" for f in found)
    return int(bad)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture")
    parser.add_argument("--times", type=int, default=200, help="deaths of each kind of work")
    parser.add_argument("--short", action="store_true", help="only the heart of the records on both databases")
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


_HEART = (scenarios.Writes, scenarios.Migrations, scenarios.Restores)
"""What works otherwise on each of the databases; the rest stands on `Writes`."""
_OTHERS = (
    scenarios.Imports,
    more_scenarios.Upgrades,
    scenarios.Backups,
    more_scenarios.Purges,
    publishing.Publishing,
    more_scenarios.Services,
)


def _scenarios(server: Server | None, *, short: bool) -> list[Scenario]:
    both = (None, server) if server else (None,)
    on_databases = [kind(where) for kind in _HEART for where in both]
    on_databases += [
        kind(where)
        for number, kind in enumerate(_OTHERS)
        for where in (both[number % len(both) :][:1] if short else both)
    ]
    files = (scenarios.Maps(), scenarios.Files(), more_scenarios.Packages(), scenarios.Indexes())
    return [*on_databases, *files]


def _print(rows: list[Row], found: list[faults.Fault], times: int, server: bool) -> None:
    print(
        f"{platform.system()} {platform.release()}, {os.cpu_count()} processors, Python {platform.python_version()}\n"
    )
    if not server:
        print("PostgreSQL is not installed: SQLite only\n")
    print(f"| killed {times} times | killed | acknowledged | lost | half written | needed help | litter at most |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print(
            f"| {row.name} | {row.kills} | {row.acknowledged} | {row.lost} | {row.half} | {row.stuck} | {row.litter} |"
        )
    for row in rows:
        for note in row.notes[:3]:
            print(f"  {row.name}: {note}")
    print("\n| fault | outcome | what diaban said |")
    print("|---|---|---|")
    for fault in found:
        print(f"| {fault.name} | {fault.state}{': ' if fault.found else ''}{fault.found} | {fault.said} |")


def _progress(name: str) -> None:
    print(f"… {name}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
