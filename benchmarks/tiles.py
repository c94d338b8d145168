"""The map of a country's 3,321 wards, from vector tiles, against that of a city's 126: time to the first drawing.

    python -m benchmarks.tiles --shared ../shared [--runs 5] [--chromium /usr/bin/chromium]

One service gives both (`DIABAN_TILES_WARDS` names the country's wards); both are opened once before, so that what is
made once is made. Each page is opened in a fresh Chromium context of 1400 x 900 pixels, in turn. Drawn is the second
frame after all shapes stand in the page (city), or every tile in view is painted (country), by the page's own clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PORT = 8455
_CITY = """
() => document.querySelectorAll("path.leaflet-interactive").length >= 126 && new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))
"""
_COUNTRY = """
() => document.getElementById("tiles").dataset.drawn && new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))
"""


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright

    wards = chosen.shared / "data" / "wards_vietnam_10m.parquet"
    pages = {"city": ("/maps/overview", _CITY), "country": ("/tiles", _COUNTRY)}
    with ExitStack() as stack:
        stack.enter_context(service(wards))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chosen.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        drawn: dict[str, list[float]] = {name: [] for name in pages}
        for run in range(chosen.runs + 1):
            for name, (path, ready) in pages.items():
                taken = first_drawing(browser, f"http://127.0.0.1:{PORT}{path}", ready)
                if run:
                    drawn[name].append(taken)
        browser.close()
    middle = {name: statistics.median(times) for name, times in drawn.items()}
    for name, taken in middle.items():
        sys.stdout.write(f"{name}: first drawing after {taken:.0f} ms (median of {chosen.runs})\n")
    sys.stdout.write(f"country / city: {middle['country'] / middle['city']:.2f}; load {os.getloadavg()}\n")


def first_drawing(browser: Browser, url: str, ready: str) -> float:
    """Milliseconds from the navigation to the first drawing."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(url)
    taken = float(page.wait_for_function(ready, timeout=120_000).json_value())
    context.close()
    return taken


@contextmanager
def service(wards: Path) -> Iterator[None]:
    """The service while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "DIABAN_DATABASE_URL": "",
            "DIABAN_DATABASE_FILE": str(Path(folder) / "records.sqlite"),
            "DIABAN_TILES_WARDS": str(wards),
        }
        command = [sys.executable, "-c", "from geo.cli.app import main; main()", "serve", "--port", str(PORT)]
        with serving(command, f"http://127.0.0.1:{PORT}/ready", environment, subprocess.DEVNULL):
            yield


if __name__ == "__main__":
    main()
