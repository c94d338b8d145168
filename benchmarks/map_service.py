"""The maps as the service gives them: first drawings on a warm server, and what a worker holds of the base.

    python -m benchmarks.map_service [--runs 5] [--chromium /usr/bin/chromium]

`diaban serve` with one worker. Drawn is when the shapes stand in the page, every tile of the base is painted and the
names are written, by the page's own clock, each time in a fresh Chromium context without a cache: once as it is, and
once as a phone (390 x 844 px) on 1.6 Mbit/s with 150 ms to the server and back, by the browser's own emulation. What
else runs on the machine only makes it later: the aim is compared with the best of the runs, the median stands beside.

The worker's memory (RSS and PSS, /proc) is read after its pages were warmed, and again after every tile of the bases of
all cities was requested as browsers do it: by its range in the file.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.load_server import serving
from benchmarks.maps import FLAGS
from geo.reference.base import Base, base_of
from geo.reference.cities import cities

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("/maps/overview", "/maps/site/HN-I-1", "/maps/site/HN-II-3", "/maps/ward/00145", "/maps/overview?city=hue")
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
AIM_DESK_S, AIM_PHONE_S, AIM_MB = 1.5, 2.5, 30.0

_WATCH = """
(() => {
  const look = () => {
    const names = document.querySelector("canvas.base-names[data-named]");
    const tiles = [...document.querySelectorAll(".leaflet-base-pane .leaflet-tile")];
    const painted = tiles.length && tiles.every((tile) => tile.classList.contains("leaflet-tile-loaded"));
    if (!names || !painted) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.documentElement.dataset.drawnAt = performance.now();
    }));
  };
  requestAnimationFrame(look);
})();
"""


def first_drawing(browser: Browser, url: str, *, phone: bool) -> float:
    """Seconds from the navigation to the first whole drawing, in a fresh context."""
    context = browser.new_context(viewport=PHONE if phone else DESK)  # type: ignore[arg-type]
    try:
        tab = context.new_page()
        context.add_init_script(_WATCH)
        if phone:
            session = context.new_cdp_session(tab)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW)
        tab.goto(url, wait_until="commit")
        # By a selector: the policy of the pages lets nobody evaluate text as a script.
        tab.wait_for_selector("html[data-drawn-at]", state="attached", timeout=60_000)
        return float(tab.get_attribute("html", "data-drawn-at") or "nan") / 1000
    finally:
        context.close()


def memory(pid: int) -> tuple[float, float]:
    """Megabytes of a process and its children: RSS, PSS."""
    found = [0.0, 0.0]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    for place, name in enumerate(("Rss:", "Pss:")):
        found[place] = sum(int(line.split()[1]) for line in lines if line.startswith(name)) / 1000
    for child in children:
        found = [one + two for one, two in zip(found, memory(int(child)), strict=True)]
    return found[0], found[1]


def read(port: int, path: str) -> None:
    """Read a page as a browser does, without what belongs to it."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    if answer.status != 200 or not answer.read():
        raise RuntimeError(f"{path}: {answer.status}")
    connection.close()


def request_all(base: Base, port: int) -> int:
    """Request the head of a base's file, then all that follows it in parts of a tile's usual size; how many parts."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    size, part = base.path.stat().st_size, 16_384
    starts = range(0, size, part)
    for start in starts:
        end = min(size, start + part) - 1
        connection.request(
            "GET", f"/base/{base.city}.pmtiles?v={base.stamp}", headers={"Range": f"bytes={start}-{end}"}
        )
        answer = connection.getresponse()
        if answer.status != 206 or len(answer.read()) != end - start + 1:
            raise RuntimeError(f"{base.path}: {answer.status} for bytes {start}-{end}")
    connection.close()
    return len(starts)


def drawings(browser: Browser, port: int, runs: int) -> list[str]:
    """Print the first drawings of all pages; the names of those that miss their aim."""
    late = []
    for path in PAGES:
        url = f"http://127.0.0.1:{port}{path}"
        first_drawing(browser, url, phone=False)
        desk = [first_drawing(browser, url, phone=False) for _ in range(runs)]
        slow = [first_drawing(browser, url, phone=True) for _ in range(runs)]
        print(f"{path:26} warm server {_said(desk)}   phone on 1.6 Mbit/s {_said(slow)}", flush=True)
        late += [path] if min(desk) > AIM_DESK_S or min(slow) > AIM_PHONE_S else []
    return late


def _said(seconds: list[float]) -> str:
    return f"{min(seconds):.2f} s (median {statistics.median(seconds):.2f})"


def main() -> None:
    """Measure, print, and say what misses its aim."""
    parser = argparse.ArgumentParser(description="The maps as the service gives them")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    arguments = parser.parse_args()
    if arguments.chromium is None:
        raise SystemExit("there is no Chromium here: name one with --chromium")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        with serving(f"sqlite:///{folder / 'records.sqlite'}", folder, 1) as (port, watched):
            for path in (*PAGES, *PAGES):
                read(port, path)
            before = memory(watched.pid)
            bases = [base for place in cities() if (base := base_of(place)) is not None]
            parts = sum(request_all(base, port) for base in bases)
            after = memory(watched.pid)
            late = drawings(browser, port, arguments.runs)
        browser.close()
    more = after[0] - before[0]
    print(f"one worker: RSS {before[0]:.1f} MB, after {parts} ranges of all bases {after[0]:.1f} MB ({more:+.1f})")
    print(f"            PSS {before[1]:.1f} MB → {after[1]:.1f} MB; load {os.getloadavg()}")
    print(
        f"later than aimed: {', '.join(late) or 'none'}; more than {AIM_MB:.0f} MB: {'yes' if more > AIM_MB else 'no'}"
    )


if __name__ == "__main__":
    main()
