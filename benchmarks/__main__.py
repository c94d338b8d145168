"""One table of what users call, written into README.md and docs/scale.md.

    python -m benchmarks [--shared ../shared] [--only door files waits served] [--write] [--short]

About ten minutes on two quiet processors. `--write` puts the table between the markers of both pages, and adds the run
to `benchmarks/history.jsonl`. `--short` takes seconds, and fails where a ratio fell by a third (`benchmarks.short`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import door, files, served, short, waits
from benchmarks.table import Row, machine, put, remember, written

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "scale.md")


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--routes", type=int, nargs="+", default=[5_000, 100_000])
    parser.add_argument("--in-file", type=int, default=1_000_000, help="routes in the file that is crossed")
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--only", nargs="+", choices=("door", "files", "waits", "served"))
    parser.add_argument("--write", action="store_true", help="into README.md, docs/scale.md and the history")
    parser.add_argument("--short", action="store_true", help="seconds; exit code 1 where a ratio fell by a third")
    parser.add_argument("--remember", action="store_true", help="with --short: add this run to its history")
    options = parser.parse_args()
    if options.short:
        sys.exit(short.judged(remember=options.remember))
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "door": lambda: door.rows(options.shared, options.routes, options.runs),
        "files": lambda: files.rows(options.shared, options.in_file),
        "waits": waits.rows,
        "served": served.rows,
    }
    # As after an installation, modules are compiled once and not at each start, which takes up to half of a command.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    before, rows = machine(), list[Row]()
    for name in options.only or parts:
        for row in parts[name]():
            sys.stdout.write(f"{row.line()}\n")
            sys.stdout.flush()
            rows.append(row)
    table = written(rows, before)
    sys.stdout.write(f"\n{table}\n")
    if options.write:
        for page in PAGES:
            put(page, table)
        remember(rows, before)


if __name__ == "__main__":
    main()
