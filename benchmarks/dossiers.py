"""How long the papers for a review meeting take: all dossiers as PDF and DOCX, and the atlas.

    python benchmarks/dossiers.py [--workers 2]

Measured from a situation that is there already; every run makes everything anew. The aim is under 30 s on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from geo.output.dossier import Edition, atlas, minutes
from geo.output.dossier.batch import write_dossiers
from geo.situation import Situation, at

DAY = date(2026, 6, 17)
AIM_S = 30.0


def main() -> None:
    """Print seconds for each step and for all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, help="processes; as many as are worth it if absent")
    workers = parser.parse_args().workers
    situation = at(DAY)
    with tempfile.TemporaryDirectory() as folder:
        steps: dict[str, Callable[[], int]] = {
            f"{len(situation.sites)} dossiers, PDF and DOCX": lambda: _dossiers(situation, Path(folder), workers),
            "atlas, A4": lambda: len(atlas(situation, Edition())),
            "minutes of a ward": lambda: len(minutes(situation, "00643", Edition())),
        }
        whole = 0.0
        for name, step in steps.items():
            begin, busy = time.perf_counter(), time.process_time()
            size = step()
            took, busy = time.perf_counter() - begin, time.process_time() - busy
            whole += took
            print(f"{name:32} {took:7.2f} s ({busy:.2f} s of this process) {size / 1e6:7.2f} MB")
    print(f"{'together':32} {whole:7.2f} s (aim: under {AIM_S:.0f} s on two cores)")


def _dossiers(situation: Situation, folder: Path, workers: int | None) -> int:
    ids = [str(name) for name in situation.sites["site_id"]]
    done = write_dossiers(situation, ids, ("pdf", "docx"), folder, Edition(), workers)
    return sum(path.stat().st_size for _, paths in done for path in paths)


if __name__ == "__main__":
    main()
