"""The maps against `GeoDataFrame.explore()` with tiles: size, time to make, requests, time to the first drawing.

    python -m benchmarks.maps [--runs 5] [--chromium /usr/bin/chromium]   (explore() needs `pip install mapclassify`)
    python -m benchmarks.maps --sweep    every overview, site and ward as a file: its size, and what it carries

The overview and explore() get the same wards and sites. Each page is made anew in every run (the shapes for the
screen are cached, as in a running service), written to a file and opened in a new Chromium context of 1400 x 900 px;
all pages take turns in every run, so that a busy machine is as busy for each.
Drawn is the second frame after all shapes stand in the page and every tile of its background is painted, by the page's
own clock, which starts with the navigation. No request leaves the machine: those for other hosts are counted and
refused.

explore() draws nothing then, for it loads its scripts from other hosts. So it is measured a second time with an answer
of this machine for each: Leaflet from its package, empty files for jQuery, Bootstrap, the icons and the rest, which its
shapes do not need, and for every tile a picture of this machine, of the size of a street tile (some 20 kB). No user
sees that time: over a network it takes longer by what those files and tiles take to come. Its bytes are those of the
page and of all that is answered. Ratios are to this second measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.output import maps
from geo.reference.cities import cities, city
from geo.reference.sites import load_sites
from geo.reference.wards import load_wards
from geo.situation import Situation, from_registers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

DAY = date(2026, 6, 17)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_LEAFLET = Path(__file__).parents[1] / "frontend" / "node_modules" / "leaflet" / "dist"
AIM_S, AIM_BYTES = 1.5, 1_000_000
PEER = "explore(), files and tiles answered here"
_TILE_SIDE, _TILE_LEVELS = 256, 40
"""A tile of random levels of grey: as many bytes as one of streets."""

# Waits until as many shapes as there should be stand in the page, then for the frame that shows them.
_WATCH = """
(() => {
  const least = %d;
  const look = () => {
    const tiles = [...document.querySelectorAll(".leaflet-tile")];
    const painted = tiles.length && tiles.every((tile) => tile.classList.contains("leaflet-tile-loaded"));
    const shapes = document.querySelectorAll("path.leaflet-interactive").length >= least;
    if (!shapes || !painted) return requestAnimationFrame(look);
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


@dataclass(slots=True)
class Measured:
    """What was measured: bytes, seconds of each making, milliseconds to each first drawing (none: never), requests.

    `size` is that of the page, `loaded` of what it loads from elsewhere; `foreign` are the addresses.
    """

    name: str
    size: int = 0
    loaded: int = 0
    made_s: list[float] = field(default_factory=list)
    drawn_ms: list[float] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


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
        Page(PEER, lambda: explore(situation), shown, answered=True),
        Page("overview", lambda: maps.render(maps.overview(situation)), shown),
        Page("site HN-I-1", lambda: maps.render(maps.site(situation, "HN-I-1")), 10),
        Page("ward 09832", lambda: maps.render(maps.ward(situation, "09832")), 5),
        Page("risk", lambda: maps.render(maps.risk(situation)), shown),
        Page("coverage", lambda: maps.render(maps.coverage(situation)), len(situation.wards)),
        Page("compare", lambda: maps.render(maps.compare(situation, later)), shown),
    ]


def measure(chosen: list[Page], browser: Browser, folder: Path, runs: int) -> list[Measured]:
    """Make and open every page `runs` times, in turn, after a making that is not counted."""
    found = {page.name: Measured(page.name) for page in chosen}
    for page in chosen:
        page.make()
    for _ in range(runs):
        for page in chosen:
            _once(page, found[page.name], browser, folder / "page.html")
    return list(found.values())


def _once(page: Page, measured: Measured, browser: Browser, file: Path) -> None:
    begin = time.perf_counter()
    html = page.make()
    measured.made_s.append(time.perf_counter() - begin)
    measured.size = len(html.encode("utf-8"))
    file.write_text(html, encoding="utf-8")
    measured.foreign, measured.loaded = [], 0
    measured.drawn_ms += _opened(page, browser, file, measured)


def _opened(page: Page, browser: Browser, file: Path, measured: Measured) -> list[float]:
    """Milliseconds to the first drawing in a fresh context; empty where nothing is drawn within ten seconds."""
    from playwright.sync_api import Error

    def answer(route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:")):
            route.continue_()
            return
        measured.foreign.append(url)
        if not page.answered:
            route.abort()
            return
        body, kind = _answer(url)
        measured.loaded += len(body)
        route.fulfill(body=body, content_type=kind)

    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.route("**/*", answer)
    context.add_init_script(_WATCH % page.shapes)
    tab = context.new_page()
    try:
        tab.goto(file.as_uri(), wait_until="commit")
        # By a selector: the policy of our pages lets nobody evaluate text as a script.
        tab.wait_for_selector("html[data-drawn-at]", state="attached", timeout=10_000)
        return [float(tab.get_attribute("html", "data-drawn-at") or "nan")]
    except Error:
        return []
    finally:
        context.close()


def _answer(url: str) -> tuple[bytes, str]:
    """What this machine answers for a file of another host, and its media type."""
    if url.endswith(".png"):
        return _tile(), "image/png"
    return _leaflet(url).encode("utf-8"), "text/css" if url.endswith(".css") else "text/javascript"


@cache
def _tile() -> bytes:
    from PIL import Image

    levels = np.random.default_rng(7).integers(0, _TILE_LEVELS, (_TILE_SIDE // 2, _TILE_SIDE), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(np.repeat(levels, 2, axis=0) + np.uint8(200)).save(file, "PNG")
    return file.getvalue()


def _leaflet(url: str) -> str:
    """Leaflet's own files; nothing for any other."""
    name = url.rsplit("/", 1)[-1]
    return (_LEAFLET / name).read_text("utf-8") if name in ("leaflet.js", "leaflet.css") else ""


def row(measured: Measured, peer: Measured) -> dict[str, Any]:
    """A line of the table; ratios are to the peer."""
    drawn, all_bytes = measured.drawn_ms, measured.size + measured.loaded
    first = statistics.median(drawn) if drawn else None
    hosts = len({url.split("/")[2] for url in measured.foreign})
    return {
        "page": measured.name,
        "kB": round(measured.size / 1000),
        "kB in all": round(all_bytes / 1000),
        "of peer": f"{all_bytes / (peer.size + peer.loaded):.2f}",
        "made, ms": round(statistics.median(measured.made_s) * 1000),
        "drawn, ms": f"{first:,.0f}" if first else "never",
        "of peer's": f"{first / statistics.median(peer.drawn_ms):.2f}" if first and peer.drawn_ms else "",
        "other hosts": f"{len(measured.foreign)} requests, {hosts} hosts" if measured.foreign else "none",
    }


def sweep() -> pd.DataFrame:
    """Every overview, site and ward of both cities as a file that stands alone: bytes, and zooms of the base in it.

    `lacks` are the zooms that found no room, of the overview those from 13 on excepted: it is to have main streets.
    """
    found = []
    for place in cities():
        sites = load_sites()
        own = sites[sites["site_id"].str.startswith(f"{place.site_prefix}-")]
        situation = from_registers(DAY, place.slug, load_wards(city=place), own)
        drawn = [("overview", maps.overview(situation))]
        drawn += [(f"site {site}", maps.site(situation, site)) for site in situation.sites["site_id"]]
        drawn += [(f"ward {code}", maps.ward(situation, code)) for code in situation.wards["code"]]
        found += [_swept(place.slug, name, maps.render(chart)) for name, chart in drawn]
    return pd.DataFrame(found)


def _swept(place: str, name: str, html: str) -> dict[str, Any]:
    base = re.search(r"diaban\.base\(\w+, (.*)\);\n", html)
    tiles = json.loads(base[1])["tiles"] if base else {}
    zooms = {int(key.split("/")[0]) for key in tiles}
    wanted = range(7, 13 if name == "overview" else 15)
    return {"city": place, "map": name, "bytes": len(html.encode("utf-8")), "lacks": sorted({*wanted} - zooms)}


def print_sweep() -> None:
    """The largest maps, and every map that is too large or lacks a zoom."""
    found = sweep()
    failed = found[(found["bytes"] > AIM_BYTES) | (found["lacks"].str.len() > 0)]
    print(found.sort_values("bytes", ascending=False).head(10).to_string(index=False))
    print(
        f"{len(found)} maps; median {found['bytes'].median():,.0f} bytes; too large or lacking streets: {len(failed)}"
    )
    if len(failed):
        raise SystemExit(failed.to_string(index=False))


def main() -> None:
    """Measure, print the table, and say what misses its aim."""
    parser = argparse.ArgumentParser(description="Maps against GeoDataFrame.explore()")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--sweep", action="store_true")
    arguments = parser.parse_args()
    if arguments.sweep:
        print_sweep()
        return
    if arguments.chromium is None:
        raise SystemExit("there is no Chromium here: name one with --chromium")
    from playwright.sync_api import sync_playwright

    situation = from_registers(DAY, "hanoi", load_wards(city=city("hanoi")), load_sites())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        version = browser.version
        found = measure(pages(situation), browser, Path(folder), arguments.runs)
        browser.close()
    where = f"Chromium {version}, {platform.machine()}, {platform.system()}"
    print(f"{where}; median of {arguments.runs} runs; load {os.getloadavg()}")
    peer = next(measured for measured in found if measured.name == PEER)
    print(pd.DataFrame([row(measured, peer) for measured in found]).to_string(index=False))
    own = [measured for measured in found if not measured.name.startswith("explore")]
    late = [m.name for m in own if not m.drawn_ms or statistics.median(m.drawn_ms) > AIM_S * 1000]
    large = [m.name for m in own if m.size > AIM_BYTES]
    print(f"later than {AIM_S} s: {', '.join(late) or 'none'}; larger than 1 MB: {', '.join(large) or 'none'}")


if __name__ == "__main__":
    main()
