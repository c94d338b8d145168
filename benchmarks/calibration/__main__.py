"""`python -m benchmarks.calibration`: every kind of city-year, resumable, on two cores.

Each finished city-year is a line of the results file; what is there is not computed again, unless the rules
(`data/risk.toml`) or the code of the analysis changed. Stop it whenever you like, and start it again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import geo.analysis
from benchmarks.calibration.kinds import kinds
from benchmarks.calibration.look import Outcome, outcome_of
from benchmarks.calibration.table import Row, markdown, picture, row_of
from geo.analysis.detection.thresholds import load_thresholds
from geo.settings import data_dir

_BATCH = 16
_SCAN = ("dispersion.py", "lattice.py", "noise.py", "prospective.py", "scan_law.py")
_NOT_USED = ("__main__.py", "table.py", "backtest.py", "street_pieces.py", "thresholds.py")  # figures are in risk.toml
Done = dict[tuple[str, int], Outcome]


def version() -> str:
    """What the results depend on: the rules, the made-up cities and the code of the statistics, as a short digest."""
    analysis, here = Path(next(iter(geo.analysis.__path__))), Path(__file__).parent
    files = [data_dir() / "risk.toml", *(analysis / "clusters" / name for name in _SCAN)]
    for folder in (analysis / "detection", here):
        files += [file for file in sorted(folder.glob("*.py")) if file.name not in _NOT_USED]
    digest = hashlib.blake2b(digest_size=6)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def own_seed(name: str, seed: int) -> int:
    """A seed of a kind's own: with shared ones, one unlucky year would show in every line of the table."""
    return int.from_bytes(hashlib.blake2b(f"{name}:{seed}".encode(), digest_size=6).digest(), "big")


def one_year(name: str, seed: int) -> tuple[str, int, Outcome, float]:
    """One city-year, with the processor time it took."""
    begin = time.process_time()
    outcome = outcome_of(kinds()[name].make(own_seed(name, seed)), load_thresholds())
    return name, seed, outcome, time.process_time() - begin


def read(path: Path, now: str) -> Done:
    """The city-years that were computed with the present rules and code."""
    found: Done = {}
    if not path.is_file():
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:  # the last line of a run that was stopped while writing
            continue
        if row["version"] == now:
            found[row["kind"], row["seed"]] = Outcome(**row["outcome"])
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing, print the table; the exit code is 1 where something promised does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--years", type=int, default=200, help="city-years of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first year")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no further years after so long")
    parser.add_argument("--kind", action="append", choices=list(kinds()), help="only this kind; may be repeated")
    parser.add_argument("--results", type=Path, default=Path("calibration.jsonl"))
    parser.add_argument("--table", type=Path, help="write the tables in Markdown here")
    parser.add_argument("--picture", type=Path, help="write the picture here")
    given = parser.parse_args(arguments)
    names, seeds, now = given.kind or list(kinds()), range(given.seed, given.seed + given.years), version()
    done = read(given.results, now)
    # By year, then by kind: a run that is stopped has measured all kinds alike.
    missing = [(name, seed) for seed in seeds for name in names if (name, seed) not in done]
    until = time.monotonic() + 60 * given.minutes
    with given.results.open("a", encoding="utf-8") as file, ProcessPoolExecutor(given.jobs) as pool:
        for begin in range(0, len(missing), _BATCH * given.jobs):
            if time.monotonic() < until:
                _run(missing[begin : begin + _BATCH * given.jobs], pool, file, now, done)
    rows = [row for name in names if (row := _row(name, seeds, done)) is not None]
    sys.stdout.write(markdown(rows))
    if given.table:
        given.table.write_text(markdown(rows), encoding="utf-8")
    if given.picture:
        picture(rows, given.picture)
    return int(not all(row.holds for row in rows))


def _run(part: Sequence[tuple[str, int]], pool: ProcessPoolExecutor, file: TextIO, now: str, done: Done) -> None:
    """Compute some city-years and write each as a line."""
    for name, seed, outcome, seconds in pool.map(one_year, *zip(*part, strict=True)):
        row = {"version": now, "kind": name, "seed": seed, "seconds": round(seconds, 3), "outcome": asdict(outcome)}
        file.write(json.dumps(row) + "\n")
        file.flush()
        done[name, seed] = outcome


def _row(name: str, seeds: range, done: Done) -> Row | None:
    """The line of a kind, of the years that were computed; None without any."""
    outcomes = [done[name, seed] for seed in seeds if (name, seed) in done]
    return row_of(kinds()[name], outcomes) if outcomes else None


if __name__ == "__main__":
    raise SystemExit(main())
