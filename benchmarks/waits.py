"""Where people wait: the service from its start on, and commands, in seconds of the clock."""

from __future__ import annotations

import http.cookiejar
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.table import Row

_PORT = 8471
_BASE = f"http://127.0.0.1:{_PORT}"
_MAIN = [sys.executable, "-c", "from geo.cli.app import main; main()"]


def rows(runs: int = 3) -> Iterator[Row]:
    """The rows of the table: medians of runs, each on a server that has just started."""
    found = [_server() for _ in range(runs + 1)][1:]  # the first one compiles what it imports
    middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
    ready = f"ready {middle['ready']:.1f} s after the command"
    limits = {
        "first page": ("the first page after a start", 0.5, ready),
        "after write": ("the first page after a report", 0.25, ""),
        "visible": ("a report, from POST to the map with it", 0.5, ""),
        "pdf": ("PDF of a site, the first one of a process", 0.8, f"another one: {middle['pdf again']:.2f} s"),
    }
    for key, (call, limit, note) in limits.items():
        yield Row(call, f"{middle[key]:.2f} s", "–", middle[key], limit, "≤", unit="s", note=note)
    yield from _commands(runs)


def _commands(runs: int) -> Iterator[Row]:
    """Processor time of commands, where there are records, and of what they can't do without."""
    library = [sys.executable, "-c", "import geopandas"]
    calls = {
        "library": library,
        "crossings": [*_MAIN, "crossings", "HN-I-1"],
        "ward": [*_MAIN, "ward", "Giảng Võ"],
        "place": [*_MAIN, "place", "ngõ 12 Láng Hạ"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    with tempfile.TemporaryDirectory() as folder:
        own = os.environ | {"DIABAN_DATABASE_URL": "", "DIABAN_DATABASE_FILE": f"{folder}/records.sqlite"}
        begin = "from geo.records.open import opened_store\nwith opened_store(): pass"
        subprocess.run([sys.executable, "-c", begin], check=True, env=own)
        for turn in range(runs + 1):
            for name, command in calls.items():
                taken = _processor(command, own)
                if turn:  # the first one reads the files from disk
                    seconds[name].append(taken)
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    against = f"`import geopandas`, {middle['library']:.2f} s"
    ratio = middle["crossings"] / middle["library"]
    yield Row("`diaban crossings HN-I-1`, processor", f"{middle['crossings']:.2f} s", against, ratio, 1.2, "≤")
    for name, call, limit in (("ward", "`diaban ward`, processor", 0.5), ("place", "`diaban place`, processor", 1.2)):
        yield Row(call, f"{middle[name]:.2f} s", "–", middle[name], limit, "≤", unit="s")


def _processor(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of the processor."""
    return _spent(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment))


def _spent(process: subprocess.Popen[bytes]) -> float:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _server() -> dict[str, float]:
    """Seconds of what somebody asks a new server, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"DIABAN_DATABASE_URL": f"sqlite:///{folder}/records.sqlite", "DIABAN_LANG": "en", "DIABAN_CITY": "hanoi"}
        begin = time.perf_counter()
        command = [*_MAIN, "serve", "--port", str(_PORT)]
        with subprocess.Popen(
            command, env=os.environ | own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                return _asked(process, begin)
            finally:
                process.terminate()


def _asked(process: subprocess.Popen[str], begin: float) -> dict[str, float]:
    link = token = ""
    assert process.stdout is not None
    for line in process.stdout:
        link = line.strip() if "/open?key=" in line else link
        if "Bearer" in line:
            token = line.split("Bearer")[1].strip()
            break
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    _until_ready(visitor, process)
    taken = {"ready": time.perf_counter() - begin}

    def seconds(url: str, data: bytes | None = None) -> float:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} if data else {}
        since = time.perf_counter()
        with visitor.open(urllib.request.Request(url, data=data, headers=headers)) as answer:
            answer.read()
        return time.perf_counter() - since

    report = {"day": datetime.now(UTC).date().isoformat(), "kind": "other", "channel": "hotline"}
    place = {"lon": 105.8364, "lat": 21.0394}
    body = json.dumps(report | place).encode()
    taken["first page"] = seconds(link)
    taken["visible"] = seconds(f"{_BASE}/api/v1/reports", body) + seconds(f"{_BASE}/maps/risk")
    seconds(f"{_BASE}/api/v1/reports", json.dumps(report | place | {"lon": 105.84}).encode())
    taken["after write"] = seconds(f"{_BASE}/")
    taken["pdf"] = seconds(f"{_BASE}/dossiers/HN-I-1.pdf")
    taken["pdf again"] = seconds(f"{_BASE}/dossiers/HN-I-2.pdf")
    return taken


def _until_ready(visitor: urllib.request.OpenerDirector, process: subprocess.Popen[str]) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with visitor.open(f"{_BASE}/ready") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(_BASE)
