"""The maps against `GeoDataFrame.explore()`: size, time to make, requests to other hosts, time to the first drawing.

    python -m benchmarks.maps [--runs 5] [--chromium /usr/bin/chromium]

The overview and explore() get the same wards and sites. Each page is made anew in every run (the shapes for the
screen are cached, as in a running service), written to a file and opened in a new Chromium context of 1400 x 900 px.
Drawn is the second frame after all shapes stand in the page, by the page's own clock, which starts with the navigation.
No request leaves the machine: those for other hosts are counted and refused.

explore() draws nothing then, for it loads its scripts from other hosts. So it is measured a second time with an answer
of this machine for each: Leaflet from its package, and empty files for jQuery, Bootstrap, the icons and the
rest, which its shapes do not need; its tiles are refused. No user sees that time: over a network it takes longer by
what those files and the tiles take to come.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.output import maps
from geo.reference.cities import city
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import Situation, from_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

DAY = date(2026, 6, 17)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_LEAFLET = Path(__file__).parents[1] / "frontend" / "node_modules" / "leaflet" / "dist"
AIM_S, AIM_BYTES = 1.5, 1_000_000

# Waits until as many shapes as there should be stand in the page, then for the frame that shows them.
_WATCH = """
(() => {
  const least = %d;
  const look = () => {
    if (document.querySelectorAll("path.leaflet-interactive").length < least) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.documentElement.dataset.drawnAt = performance.now();
    }));
  };
  requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure: how it is made, how many shapes it draws, and whether missing files are answered from here."""

    name: str
    make: Callable[[], str]
    shapes: int
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: bytes, seconds of each making, milliseconds to each first drawing (none: never), hosts."""

    name: str
    size: int
    made_s: tuple[float, ...]
    drawn_ms: tuple[float, ...]
    foreign: int
    hosts: tuple[str, ...]


def explore(situation: Situation) -> str:
    """The page that GeoPandas makes of the same wards and sites: by phase and level, with tooltips and pop-ups."""
    wards, sites = situation.wards.copy(), situation.sites.copy()
    for frame in (wards, sites):
        for column in frame.columns:
            if frame[column].map(lambda value: isinstance(value, list | tuple)).any():
                frame[column] = frame[column].map(
                    lambda value: ", ".join(value) if isinstance(value, list | tuple) else ""
                )
    chart = wards.explore("phase", tooltip=["full_name", "phase"], popup=True, name="wards")
    sites.explore("level", m=chart, tooltip=["site_id", "name"], popup=True, name="sites", style_kwds={"weight": 6})
    text: str = chart.get_root().render()
    return text


def pages(situation: Situation) -> list[Page]:
    """Every page to measure."""
    wards, sites = situation.wards.copy(), situation.sites.copy()
    wards.loc[0, "phase"], sites.loc[0, "level"] = "none", "low"
    later = from_registers(date(2026, 12, 17), "hanoi", wards, sites)
    shown = len(situation.wards) + len(situation.sites)
    return [
        Page("explore(), no network", lambda: explore(situation), shown),
        Page("explore(), its files answered here", lambda: explore(situation), shown, answered=True),
        Page("overview", lambda: maps.render(maps.overview(situation)), shown),
        Page("site HN-I-1", lambda: maps.render(maps.site(situation, "HN-I-1")), 10),
        Page("ward 09832", lambda: maps.render(maps.ward(situation, "09832")), 5),
        Page("risk", lambda: maps.render(maps.risk(situation)), shown),
        Page("coverage", lambda: maps.render(maps.coverage(situation)), len(situation.wards)),
        Page("compare", lambda: maps.render(maps.compare(situation, later)), shown),
    ]


def measure(page: Page, browser: Browser, folder: Path, runs: int) -> Measured:
    """Make and open a page `runs` times, after a making that is not counted."""
    page.make()
    made, drawn = [], []
    foreign: list[str] = []
    file, html = folder / "page.html", ""
    for _ in range(runs):
        begin = time.perf_counter()
        html = page.make()
        made.append(time.perf_counter() - begin)
        file.write_text(html, encoding="utf-8")
        foreign = []
        drawn += _opened(page, browser, file, foreign)
    hosts = tuple(sorted({url.split("/")[2] for url in foreign}))
    return Measured(page.name, len(html.encode("utf-8")), tuple(made), tuple(drawn), len(foreign), hosts)


def _opened(page: Page, browser: Browser, file: Path, foreign: list[str]) -> list[float]:
    """Milliseconds to the first drawing in a fresh context; empty where nothing is drawn within five seconds."""
    from playwright.sync_api import Error

    def answer(route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:")):
            route.continue_()
            return
        foreign.append(url)
        if not page.answered or url.endswith(".png"):
            route.abort()
            return
        route.fulfill(body=_leaflet(url), content_type="text/css" if url.endswith(".css") else "text/javascript")

    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.route("**/*", answer)
    context.add_init_script(_WATCH % page.shapes)
    tab = context.new_page()
    try:
        tab.goto(file.as_uri(), wait_until="commit")
        # By a selector: the policy of our pages lets nobody evaluate text as a script.
        tab.wait_for_selector("html[data-drawn-at]", state="attached", timeout=5000)
        return [float(tab.get_attribute("html", "data-drawn-at") or "nan")]
    except Error:
        return []
    finally:
        context.close()


def _leaflet(url: str) -> str:
    """Leaflet's own files; nothing for any other."""
    name = url.rsplit("/", 1)[-1]
    return (_LEAFLET / name).read_text("utf-8") if name in ("leaflet.js", "leaflet.css") else ""


def row(measured: Measured) -> dict[str, Any]:
    """A line of the table."""
    drawn = measured.drawn_ms
    return {
        "page": measured.name,
        "kB": round(measured.size / 1000),
        "made, ms": round(statistics.median(measured.made_s) * 1000),
        "drawn, ms": f"{statistics.median(drawn):,.0f}" if drawn else "never",
        "slowest": f"{max(drawn):,.0f}" if drawn else "never",
        "other hosts": f"{measured.foreign} requests, {len(measured.hosts)} hosts" if measured.foreign else "none",
    }


def main() -> None:
    """Measure, print the table, and say what misses its aim."""
    parser = argparse.ArgumentParser(description="Maps against GeoDataFrame.explore()")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    arguments = parser.parse_args()
    if arguments.chromium is None:
        raise SystemExit("there is no Chromium here: name one with --chromium")
    from playwright.sync_api import sync_playwright

    situation = from_registers(DAY, "hanoi", load_wards(city=city("hanoi")), load_sites())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        version = browser.version
        found = [measure(page, browser, Path(folder), arguments.runs) for page in pages(situation)]
        browser.close()
    print(f"Chromium {version}, {platform.machine()}, {platform.system()}; median of {arguments.runs} runs")
    print(pd.DataFrame([row(measured) for measured in found]).to_string(index=False))
    own = [measured for measured in found if not measured.name.startswith("explore")]
    late = [m.name for m in own if not m.drawn_ms or statistics.median(m.drawn_ms) > AIM_S * 1000]
    large = [m.name for m in own if m.size > AIM_BYTES]
    print(f"later than {AIM_S} s: {', '.join(late) or 'none'}; larger than 1 MB: {', '.join(large) or 'none'}")


if __name__ == "__main__":
    main()
