"""One table of what users call: ours, the fastest peer, the limit, and if it is reached; written between markers."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

BEGIN, END = "<!-- benchmark table: begin -->", "<!-- benchmark table: end -->"
HISTORY = Path(__file__).parent / "history.jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """One call of a user.

    `ours`: what it took; `against`: what it is compared with, and what that took; `value`: the ratio, or seconds where
    `unit` is 's'; `limit`: what it has to reach, at least or at most as `side` says; `note`: what else there is to say.
    """

    call: str
    ours: str
    against: str
    value: float
    limit: float
    side: Literal["≥", "≤"]
    unit: str = "×"
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is reached."""
        return self.value >= self.limit if self.side == "≥" else self.value <= self.limit

    def line(self) -> str:
        """The row in Markdown."""
        unit = " s" if self.unit == "s" else " ×"
        reached = f"{self.value:.2f}{unit}" if self.value < 10 else f"{self.value:.1f}{unit}"
        verdict = "holds" if self.holds else "**does not hold**"
        cells = (self.call, self.ours, self.against, reached, f"{self.side} {self.limit:g}{unit}", verdict, self.note)
        return f"| {' | '.join(cells)} |"


def machine() -> str:
    """What it was measured on, and when."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in _text("/proc/cpuinfo").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    day = datetime.now(UTC).date().isoformat()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} processors ({model}), {system}, {day}, load {load}"


def written(rows: list[Row], before: str) -> str:
    """The table in Markdown, with the machine, and its load before and after."""
    head = [
        f"Measured by `python -m benchmarks` on {before} before and {machine().rsplit('load', 1)[1].strip()} after.",
        "",
        "| call | diaban | against | reached | limit | | |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join(head + [row.line() for row in rows])


def put(file: Path, table: str) -> None:
    """Write the table between the markers of a page.

    Raises
    ------
    ValueError
        The page has no markers.
    """
    text = file.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{file}: no markers {BEGIN} … {END}")
    file.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def remember(rows: list[Row], before: str) -> None:
    """Add the rows to the history, a line for each run."""
    line = json.dumps({"machine": before, "rows": [asdict(row) for row in rows]}, ensure_ascii=False)
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _text(file: str) -> str:
    path = Path(file)
    return path.read_text(encoding="utf-8") if path.is_file() else ""
