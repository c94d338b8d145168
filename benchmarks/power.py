"""Power and false alarms of the statistical flags on synthetic years, as a table and a picture.

    python benchmarks/power.py --years 200 --picture power.png

Two hundred years of each kind take about three quarters of an hour on one core; --jobs spreads the kinds over cores.
"""

from __future__ import annotations

import argparse
import io
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.simulated_years import LEVELS, City, Row, best_possible_power, measured, names_of_kinds, table_text
from geo.files import write_atomic


def picture(rows: list[Row], path: Path) -> None:
    """Bars by level for each kind of year, the promised 5 % and 80 % as lines; dark to light also in grey."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(10, 5), layout="constrained")
    for i, (level, colour) in enumerate(zip(LEVELS, ("#a6bddb", "#3690c0", "#023858"), strict=True)):
        at = [n + (i - 1) * 0.27 for n in range(len(rows))]
        axes.bar(
            at,
            [100 * r.shares[level] for r in rows],
            width=0.27,
            color=colour,
            label=level if level == LEVELS[-1] else f"{level} or higher",
        )
    axes.axhline(80, color="black", linewidth=0.8, linestyle="--")
    axes.axhline(5, color="black", linewidth=0.8, linestyle=":")
    axes.set_xticks(range(len(rows)), [r.name for r in rows], rotation=30, ha="right")
    axes.set_ylabel("share of synthetic years, %")
    axes.set_title(f"Findings in {rows[0].years} synthetic years of each kind (dashed 80 %, dotted 5 %)")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=120)
    write_atomic(path, image.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--picture", type=Path, default=Path("power.png"))
    given = parser.parse_args()
    kinds = names_of_kinds()
    with ProcessPoolExecutor(given.jobs) as pool:
        rows = list(pool.map(measured, kinds, [given.years] * len(kinds), [given.seed] * len(kinds)))
    print(table_text(rows))
    ceiling = best_possible_power(City().site_rate, 4, 60, 0.05)
    print(f"Site x 4: no test of size 5 % sees more than {ceiling:.0%}, even told where and when to look.")
    picture(rows, given.picture)
    print(f"Picture: {given.picture}")


if __name__ == "__main__":
    main()
