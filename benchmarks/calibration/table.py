"""The table of a calibration: shares with their 95 % intervals, beside what is promised; and its picture."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

from benchmarks.calibration.kinds import Kind
from benchmarks.calibration.look import Outcome
from geo.files import write_atomic

MOST_ALERTS = 0.01


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `years`, with its exact 95 % interval (Clopper and Pearson)."""

    count: int
    years: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.years

    @property
    def interval(self) -> tuple[float, float]:
        """The interval in which the true share lies, with 95 % confidence."""
        found = binomtest(self.count, self.years).proportion_ci(0.95, "exact")
        return float(found.low), float(found.high)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%})"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    `warned`, `alerted`: city-years with any warning or alert (of a displacement only, for sites that were dealt with);
    `found`: those in which the planted was found; `delay`: the median days until it was, None without any.
    """

    kind: Kind
    warned: Share
    alerted: Share
    found: Share
    by_rule: dict[str, int]
    delay: float | None

    @property
    def holds(self) -> bool:
        """Whether what is promised of the kind lies within or on the good side of the interval."""
        if self.kind.most is not None:
            return self.warned.interval[0] <= self.kind.most and self.alerted.interval[0] <= MOST_ALERTS
        return self.kind.least is None or self.found.value >= self.kind.least


def row_of(kind: Kind, outcomes: Sequence[Outcome]) -> Row:
    """The line of the city-years of a kind; at least one."""
    years = len(outcomes)
    ring = kind.name == "dealt with, not displaced"
    raised = [{r: v for r, v in o.raised.items() if not ring or r == "displacement"} for o in outcomes]
    rules = sorted({rule for one in raised for rule in one})
    delays = sorted(o.delay for o in outcomes if o.delay is not None)
    return Row(
        kind,
        Share(sum(bool(one) for one in raised), years),
        Share(sum("alert" in one.values() for one in raised), years),
        Share(sum(o.found is not None for o in outcomes), years),
        {rule: sum(rule in one for one in raised) for rule in rules},
        delays[len(delays) // 2] if delays else None,
    )


def markdown(rows: Iterable[Row]) -> str:
    """Two tables in Markdown: quiet kinds, then planted ones."""
    every = list(rows)
    quiet = [row for row in every if row.kind.most is not None]
    planted = [row for row in every if row.kind.most is None]
    lines = [
        "| quiet city-years | n | with a warning | with an alert | promised | holds |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.kind.name} | {r.warned.years} | {r.warned} | {r.alerted} | at most {r.kind.most:.0%} | {_yes(r)} |"
        for r in quiet
    ]
    lines += ["", "| planted | n | found as a warning | median delay | promised | holds |", "|---|---|---|---|---|---|"]
    for r in planted:
        delay = "–" if r.delay is None else f"{r.delay:.0f} days"
        wanted = "–" if r.kind.least is None else f"at least {r.kind.least:.0%}"
        lines.append(f"| {r.kind.name} | {r.found.years} | {r.found} | {delay} | {wanted} | {_yes(r)} |")
    return "\n".join(lines) + "\n"


def picture(rows: Iterable[Row], path: Path) -> None:
    """Shares with their intervals, quiet kinds left and planted ones right, what is promised as ticks."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    every = list(rows)
    quiet = [(r.kind.name, r.warned, r.kind.most) for r in every if r.kind.most is not None]
    planted = [(r.kind.name, r.found, r.kind.least) for r in every if r.kind.most is None]
    figure, axes = plt.subplots(1, 2, figsize=(12, 6), layout="constrained")
    for axis, part, title in (
        (axes[0], quiet, "Quiet city-years with a warning, %"),
        (axes[1], planted, "Planted activity found as a warning, %"),
    ):
        for place, (_, share, promised) in enumerate(part):
            low, high = share.interval
            axis.plot([100 * low, 100 * high], [place, place], color="#3690c0", linewidth=2)
            axis.plot(100 * share.value, place, "o", color="#023858")
            if promised is not None:
                axis.plot([100 * promised] * 2, [place - 0.4, place + 0.4], color="black", linewidth=1.2)
        axis.set_yticks(range(len(part)), [name for name, *_ in part])
        axis.invert_yaxis()
        axis.set_title(title)
        axis.grid(axis="x", linewidth=0.4)
    axes[1].set_xlim(0, 100)
    axes[0].set_xlim(0, None)
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=110)
    write_atomic(path, image.getvalue())


def _yes(row: Row) -> str:
    return "yes" if row.holds else "no"
